"""How many segments a short message takes.

Source: 3GPP TS 23.038 (the alphabets) and TS 23.040 (concatenation): 160 characters of the small
alphabet in one message, 153 in each of several; 70 and 67 once a single character is outside it.
"""

from __future__ import annotations

MAX_SEGMENTS = 2

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places
_GSM = GSM_7 | GSM_7_EXTENDED


def sms_segments(text: str) -> int:
    """The number of segments in which a network carries the text; an empty text takes none.

    >>> sms_segments("a" * 160), sms_segments("a" * 161), sms_segments("\u0633" * 71)
    (1, 2, 2)
    """
    if not outside_gsm(text):
        lengths, single, each = [2 if letter in GSM_7_EXTENDED else 1 for letter in text], 160, 153
    else:
        # UTF-16: an emoji takes two places.
        lengths, single, each = [len(letter.encode("utf-16-le")) // 2 for letter in text], 70, 67
    if not text:
        return 0
    if sum(lengths) <= single:
        return 1
    segments, used = 1, 0
    for length in lengths:  # a character of two places is not torn between segments
        if used + length > each:
            segments, used = segments + 1, 0
        used += length
    return segments


def outside_gsm(text: str) -> str:
    """The first character that makes a message take the large alphabet; empty if none does.

    >>> outside_gsm("Grüße, Łukasz")
    'Ł'
    """
    return next((letter for letter in text if letter not in _GSM), "")
