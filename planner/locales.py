"""A language in a country: whose month names, whose digits, and which way its lines run."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

# Babel sets the separators of a numbering system but leaves its digits to the caller.
# Source: CLDR, numberingSystems.xml: the zero of each system; its other nine follow it in Unicode.
_ZEROS = {"arab": "\u0660", "arabext": "\u06f0"}
_LATIN = "0123456789"

LEFT_TO_RIGHT_MARK = "\u200e"


@lru_cache(maxsize=64)
def locale_in(locale: str, country: str) -> str:
    """The locale as it is in a country; one that names its own, or that CLDR does not know there, stays.

    >>> locale_in("ar", "EG"), locale_in("en_001", "EG"), locale_in("ar", "US")
    ('ar_EG', 'en_001', 'ar')
    """
    if Locale.parse(locale).territory:
        return locale
    try:
        return str(Locale.parse(f"{locale}_{country}"))
    except (UnknownLocaleError, ValueError):
        return locale


def own_digits(text: str, locale: str) -> str:
    """The text with the digits that the locale writes.

    >>> own_digits("14", "ar_EG"), own_digits("14", "ar_AE")
    ('١٤', '14')
    """
    return text.translate(_digits(locale))


def is_right_to_left(locale: str) -> bool:
    """Do lines of the locale run from right to left?"""
    return bool(Locale.parse(locale).text_direction == "rtl")


@lru_cache(maxsize=64)
def _digits(locale: str) -> dict[int, str]:
    zero = _ZEROS.get(Locale.parse(locale).default_numbering_system)
    return {ord(digit): chr(ord(zero) + int(digit)) for digit in _LATIN} if zero else {}
