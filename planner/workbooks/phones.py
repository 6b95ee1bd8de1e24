"""A phone on a sheet: as it is on file, and a click dials it as the world does."""

from __future__ import annotations

import unicodedata

from openpyxl.cell import Cell

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet
from planner.workbooks.style import Look


def phone_cell(
    book: Book, sheet: Sheet, phone: str, dial: str | None, look: Look = style.AS_TEXT, linked: bool = True
) -> Cell:
    """dial: +<country><number> where it is known, else the digits are dialled; linked: can be clicked."""
    number = dial or dialled(phone)
    link = f"tel:{number}" if linked and number else ""
    return book.cell(sheet, phone, style.LINK if link else look, link=link)


def dialled(phone: str) -> str:
    """What a phone dials: digits in ASCII, with the + that may lead them.

    >>> dialled("+44 (0)20 ٧٩٤٦-0958")
    '+4402079460958'
    """
    digits = "".join(str(unicodedata.digit(letter)) for letter in phone if letter.isdigit())
    return f"+{digits}" if digits and phone.strip().startswith("+") else digits
