"""The week's messages as the tools take them that send them: one table a channel, no mark-up in a text."""

from __future__ import annotations

import re

import pandas as pd

from planner.tables import CHANNELS
from planner.workbooks.markdown import without_bold

ADDRESS_LINES = 4
_ADDRESS = tuple(f"address_{number}" for number in range(1, ADDRESS_LINES + 1))
_SHORT = ("phone", "text")

# What the tool of each channel needs, in its order.
NEEDED: dict[str, tuple[str, ...]] = {
    "sms": (*_SHORT, "segments"),
    "messenger": _SHORT,
    "email": ("to", "subject", "text"),
    "post": ("customer", *_ADDRESS, "subject", "text"),
}


def by_channel(messages: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The messages of each channel that has any, in the order of CHANNELS.

    `messages` as WeeklyList.messages. Each table has its columns and those of NEEDED: `phone` is
    +<country><number>, `to` the e-mail address, `address_1` ... the parts of the postal address; missing
    where nothing is on file that the channel could use.
    """
    if messages.empty:
        return {}
    texts = [_parted(text) for text in messages["text"].fillna("")]
    told = messages.assign(
        subject=pd.Series([subject or None for subject, _ in texts], messages.index, dtype="str"),
        text=pd.Series([text or None for _, text in texts], messages.index, dtype="str"),
        to=messages["address"],
        phone=messages["dial"] if "dial" in messages else messages["address"],
    )
    lines = [address_lines(address) for address in told["address"].fillna("")]
    for number, name in enumerate(_ADDRESS):
        told[name] = pd.Series([line[number] or None for line in lines], told.index, dtype="str")
    tables = {name: told[told["channel"] == name].reset_index(drop=True) for name in CHANNELS}
    return {name: table for name, table in tables.items() if name in NEEDED and len(table)}


def has_address(channel: str, table: pd.DataFrame) -> pd.Series[bool]:
    """Which messages of a channel have somewhere to go?"""
    return table[{"email": "to", "post": "address_1"}.get(channel, "phone")].notna()


def address_lines(address: str) -> list[str]:
    """A postal address in ADDRESS_LINES lines, split where it has commas; what is over stays in the last.

    >>> address_lines("Lange Str. 12, 10115 Berlin")
    ['Lange Str. 12', '10115 Berlin', '', '']
    """
    parts = [part.strip() for part in re.split(r"[,،\n]", address) if part.strip()]
    whole = [*parts[: ADDRESS_LINES - 1], ", ".join(parts[ADDRESS_LINES - 1 :])]
    return (whole + [""] * ADDRESS_LINES)[:ADDRESS_LINES]


def _parted(markdown: str) -> tuple[str, str]:
    """Subject and text: e-mails and letters begin with a Markdown title, which is their subject."""
    first, _, rest = markdown.partition("\n")
    subject, text = (first[2:].strip(), rest.lstrip("\n")) if first.startswith("# ") else ("", markdown)
    return without_bold(subject), without_bold(text)
