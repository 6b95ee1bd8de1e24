"""How days are written and which way texts run: what also those need to know who write no workbook."""

from __future__ import annotations

import re

DATE = "dd mmm yyyy"
SHORT_DATE = "d mmm yy"
MONTH, SHORT_MONTH = "mmm yyyy", "mmm yy"
WEEKDAY = "ddd d mmm"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def holds_right_to_left(text: str) -> bool:
    """Is any letter of the text of a script that runs right to left?"""
    return bool(RIGHT_TO_LEFT.search(text))


def reads_right_to_left(text: str) -> bool:
    """Is the first letter of the text of a script that runs right to left?"""
    first = next((letter for letter in text if letter.isalpha()), "")
    return bool(first and RIGHT_TO_LEFT.match(first))
