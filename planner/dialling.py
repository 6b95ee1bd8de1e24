"""Phones as they are dialled: +<country><number>."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber

SEVERAL = re.compile(r"[/;,|\n]| or | أو ")  # what stands between two numbers in one cell
# Digits and dividers, behind a + where the country stands before them.
PLAIN = re.compile(r"(\+?)[ ().-]*([0-9][0-9 ().-]{3,25})")
DIVIDERS = str.maketrans("", "", " ().-")


@lru_cache(maxsize=1 << 18)  # an import asks for every number twice
def dial(phone: str, country: str) -> str:
    """The number in E.164; '' if it cannot be dialled. Of several in one cell the first that can be counts.

    country: the ISO 3166 code that numbers without a country code belong to. Source of the numbering plans:
    the phonenumbers library (Google's libphonenumber).

    >>> dial("0100 123 4567", "EG"), dial("12; +1 212 555 0100", "EG"), dial("12", "EG")
    ('+201001234567', '+12125550100', '')
    """
    parts = SEVERAL.split(phone)
    for text in (phone, *parts) if len(parts) > 1 else parts:
        if number := _plain(text, country) or _read(text, country):
            return number
    return ""


def _read(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    # Whose country's it is need not be found out of those that are its own, which most are.
    own = phonenumbers.is_valid_number_for_region(number, country)
    if not own and not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plain(text: str, country: str) -> str:
    """The same of a number of this country with nothing before it that is not dialled; else ''.

    Most phones are such, and reading costs the library three times as much as judging.
    """
    found, plan = PLAIN.fullmatch(text), _plan(country)
    if not found or not plan:
        return ""
    digits = found[2].translate(DIVIDERS)
    if found[1]:
        national = digits.removeprefix(plan.code)
        if national == digits or plan.before_national.match(national):
            return ""
    else:
        national = digits
        if plan.before.match(national):
            return ""
    number = PhoneNumber(country_code=int(plan.code), national_number=int(national or "0"))
    valid = len(national) > 3 and phonenumbers.is_valid_number_for_region(number, country)
    return f"+{plan.code}{national}" if valid else ""


@dataclass(frozen=True)
class _Plan:
    """What may stand before a country's numbers: 0 or 1 for another town, 00 for abroad, its own code."""

    code: str
    before_national: re.Pattern[str]
    before: re.Pattern[str]


@lru_cache
def _plan(country: str) -> _Plan | None:
    own = PhoneMetadata.metadata_for_region(country)
    if own is None or own.country_code is None:
        return None
    # Countries that share a code are read by the plan of the main one.
    main = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(own.country_code))
    prefixes = {each.national_prefix_for_parsing for each in (own, main) if each} | {"0"}
    national = [prefix for prefix in prefixes if prefix]
    alone = [*national, str(own.country_code), own.international_prefix or "00"]
    either, any_of = ("|".join(f"(?:{prefix})" for prefix in some) for some in (national, alone))
    return _Plan(str(own.country_code), re.compile(either), re.compile(any_of))
