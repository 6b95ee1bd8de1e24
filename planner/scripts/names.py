"""Names as one says them: dealer systems write SMITH, JOHN and TOYOTA COROLLA."""

from __future__ import annotations

import re

_COMPANY_TAILS = frozenset(["llc", "ltd", "inc", "limited", "gmbh", "plc", "co", "jr", "sr"])


def spoken_name(name: str) -> str:
    """A customer's name to be said aloud; a name in mixed case is somebody's choice and stays.

    >>> spoken_name("SMITH, JOHN"), spoken_name("anna o'neill-diaz"), spoken_name("Ms van der Berg")
    ('John Smith', "Anna O'Neill-Diaz", 'Ms van der Berg')
    """
    name = name.replace("\u060c", ",")  # the comma of Arabic
    if re.search(r"[^\w\s.,'\u2019&()-]", name):
        return name  # whatever this is, it is printed as it stands
    last, comma, first = name.partition(",")
    if comma and first.strip() and "," not in first and not _is_company_tail(first):
        name = f"{first.strip()} {last.strip()}"
    if not (name.isupper() or name.islower()):
        return name
    return " ".join(_cased(word) for word in name.split())


def vehicle_name(make: str, model: str) -> str:
    """Make and model as one says them, the make once; empty if neither is known.

    >>> vehicle_name("TOYOTA", "COROLLA"), vehicle_name("BMW", "X5"), vehicle_name("Kia", "Kia Rio")
    ('Toyota Corolla', 'BMW X5', 'Kia Rio')
    """
    repeats = make and model.casefold().split()[:1] == make.casefold().split()
    words = model if repeats else f"{make} {model}"
    return " ".join(_model_word(word) for word in words.split())


def is_plate(vehicle_id: str) -> bool:
    """Is the number short enough to be said whole, as a plate is and a VIN is not?"""
    return len(vehicle_id) <= 10


def _cased(word: str) -> str:
    if word.isupper() and len(word) > 1 and not re.search("[AEIOUY]", word) and word.isascii():
        return word  # LLC, LTD, BMW
    return re.sub(r"[^\W\d_]+", _capital, word)


def _capital(part: re.Match[str]) -> str:
    # After an apostrophe only the O' and D' of names begin anew: O'Neill, but Anna's.
    before = part.string[: part.start()]
    if before.endswith(("'", "\u2019")) and len(part[0]) == 1:
        return part[0].lower()
    return part[0].capitalize()


def _model_word(word: str) -> str:
    # Short words (BMW, KIA, RIO), numbers (X5) and words without a vowel stay as written.
    whole = word.isalpha() and word.isupper() and len(word) > 3 and re.search("[AEIOUY]", word)
    return word.capitalize() if whole else word


def _is_company_tail(text: str) -> bool:
    return text.strip().strip(".").casefold() in _COMPANY_TAILS
