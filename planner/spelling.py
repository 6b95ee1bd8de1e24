"""Letters as they are compared: without case, accents, and what writers of Arabic mix freely."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

# Arabic-Indic and Persian digits, and the Arabic decimal and thousands marks.
ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬،−", "01234567890123456789.,,-")
_ARABIC_LETTERS = str.maketrans("أإآٱىةؤئکی", "ااااي" + "هويكي")

TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "eng", "د", "م", "ا"])
# Al Harbi is Alharbi, عبد الله is عبدالله.
JOINED = frozenset(["al", "el", "ال", "abd", "abdel", "abdul", "abu", "عبد", "ابو"])


def plain(text: str) -> str:
    """The text without case, accents and Arabic vowel signs, one letter for each of أ إ آ ا, ى ي, ة ه.

    >>> plain("Zoë"), plain("أَحْمَد") == plain("احمد")
    ('zoe', True)
    """
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKD", text.translate(_ARABIC_LETTERS)).casefold()
    return "".join(c for c in text if not unicodedata.combining(c) and c != "ـ")


def tokens(text: str) -> list[str]:
    """The words of a text, folded one by one.

    >>> tokens("Odometer (Miles)"), tokens("رقم الهاتف"), tokens("vehicleId")
    (['odometer', 'miles'], ['رقم', 'هاتف'], ['vehicle', 'id'])
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    text = plain(text).translate(ASCII_DIGITS)
    return [_without_article(word) for word in re.findall(r"[^\W_]+", text)]


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def name_key(name: str) -> str:
    """Equal for the spellings of one name: word order, titles, doubled letters and `plain` do not count.

    >>> name_key("MOHAMMED  Ali"), name_key("Ali, Mr. Mohamed"), name_key("Mona Ali")
    ('ali mohamed', 'ali mohamed', 'ali mona')
    """
    words = re.findall(r"\w+", re.sub("['’`]", "", plain(name)))
    words = [word for word in words if word not in TITLES] or words
    joined: list[str] = []
    held = ""
    for word in words:
        held += word
        if word not in JOINED:
            joined.append(held)
            held = ""
    if held:
        joined.append(held)
    return " ".join(sorted(re.sub(r"([^\W\d])\1+", r"\1", word) for word in joined))


def name_keys(names: pd.Series) -> pd.Series:
    """`name_key` of each name; '' for a missing one. Keeps the index."""
    codes, distinct = pd.factorize(names)
    keys = pd.array([*map(name_key, map(str, distinct)), ""], dtype="str")
    return pd.Series(keys[codes], index=names.index, dtype="str")
