"""Filled-in lists read back: every call is found by its contact id, whatever was done to the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.outcomes.groups import AT_ONCE
from planner.spelling import ASCII_DIGITS
from planner.workbooks.filled_in_rules import Reader, Said
from planner.workbooks.filled_in_sheets import Row, read_rows
from planner.workbooks.filled_in_values import names_unit
from planner.workbooks.filled_in_words import FILL_IN

if TYPE_CHECKING:
    from planner.outcomes import Recorded
    from planner.settings import Settings

PLACE = {"file": "str", "sheet": "str", "row": "Int64"}
FILLED = {
    "contact_id": "str",
    "attempt": "Int64",
    "outcome": "str",
    "on": "datetime64[us]",
    "odometer_km": "float64",
    "scope": "str",
    "note": "str",
    "listed_on": "datetime64[us]",
    "said_on": "datetime64[us]",
    **PLACE,
}
RETURNED = {
    "contact_id": "str",
    "attempt": "Int64",
    "customer": "str",
    "vehicle": "str",
    "reason": "str",
    "call_on": "str",
    **dict.fromkeys(FILL_IN, "str"),
    **PLACE,
}


@dataclass(frozen=True)
class FilledIn:
    """What lists hold. Missing values are NaN, NaT or <NA>.

    `filled`, one row a call in which something was filled in, and all of it can be read: contact_id,
    attempt (as printed in the list, <NA> if that column is gone), outcome (a code of tables.OUTCOMES),
    on, odometer_km, scope (calls or all, of do_not_call), note, said_on (the day of the call, of a dialer's
    calls), file, sheet, row (as a spreadsheet shows it).
    `returned`, one row a row that cannot be used as it stands: contact_id, attempt, customer, vehicle,
    reason (sentences: what is wrong and what to write), outcome, date, odometer and note as they were
    written, file, sheet, row. `written`: the rows of `filled` in the shape of `returned`; their reason says
    which cells were left out of them, of an outcome that holds at once. `faulty`: the rows of `returned` that
    no other row completes or contradicts, in the shape of `filled`, with what could be read of them.
    `rows_read`: calls in the files, filled in or not.
    """

    filled: pd.DataFrame
    returned: pd.DataFrame
    written: pd.DataFrame
    faulty: pd.DataFrame
    rows_read: int

    def without(self, rows: pd.DataFrame) -> FilledIn:
        """The same without these rows, known by file, sheet and row."""
        gone = pd.MultiIndex.from_frame(_keys(rows))
        filled, returned, written, faulty = (
            frame[~pd.MultiIndex.from_frame(_keys(frame)).isin(gone)].reset_index(drop=True)
            for frame in (self.filled, self.returned, self.written, self.faulty)
        )
        return FilledIn(filled, returned, written, faulty, self.rows_read)


def read_filled_in(
    paths: Sequence[Path], settings: Settings, as_of: date, dialled: Sequence[Row] = ()
) -> FilledIn:
    """The answers in lists that come back (XLSX, XLS, ODS, CSV), of several copies together.

    Copies of one list complete each other, down to single cells; where they contradict each other, all rows
    of that call are returned. A row of which anything is wrong or missing is returned as a whole; but
    do_not_call and complaint hold without cells that they do not need, and do_not_call whatever another copy
    says. `dialled` are rows of a dialer's export: each is a call of its own.
    Raises InputError for a file that is damaged or holds no list.
    """
    reader = Reader(settings, as_of)
    names = Counter(path.name for path in paths)
    rows = [
        row
        for path in dict.fromkeys(paths)
        for row in read_rows(path, path.name if names[path.name] == 1 else str(path))
    ]
    filled: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    returned: list[dict[str, Any]] = []
    faulty: list[dict[str, Any]] = []
    rows += dialled
    listed = _calls(row for row in rows if row.filled and not row.said_on)
    for attempt, copies in [*listed, *((None, [row]) for row in dialled if row.said_on)]:
        judged, back = _judge(copies, reader)
        returned += [_as_written(row, attempt, reader.unit, reason) for row, reason in back]
        if judged is None:
            continue
        said, row = judged
        answer = _answer(row, attempt, said, reader)
        if back and back[0][0] is row:
            faulty.append(answer)
            continue
        filled.append(answer)
        written.append(_as_written(row, attempt, reader.unit, " ".join(said.left_out) or None))
    found = (
        _typed(filled, FILLED),
        _typed(returned, RETURNED),
        _typed(written, RETURNED),
        _typed(faulty, FILLED),
    )
    return FilledIn(*found, rows_read=sum(bool(row.contact_id or row.filled) for row in rows))


def _answer(row: Row, attempt: int | None, said: Said, reader: Reader) -> dict[str, Any]:
    return {
        "contact_id": row.contact_id or None,
        "attempt": attempt,
        "outcome": said.outcome or None,
        "on": said.on,
        "odometer_km": said.odometer_km,
        "scope": reader.scope(said) or None,
        "note": said.note or None,
        "listed_on": reader.listed_on(row),
        "said_on": row.said_on,
        **_place(row),
    }


def came_back(lists: FilledIn, done: Recorded, settings: Settings, as_of: date) -> pd.DataFrame:
    """The rows that somebody must look at, as `FilledIn.returned`, the reasons in the dealership's language.

    Those that could not be read, with all else that is wrong with them, those that were refused when
    recorded, and those that were recorded without a cell; rows are known by file, sheet and row.
    """
    reader = Reader(settings, as_of)
    left = lists.written.merge(_keys(done.taken), on=list(PLACE)).dropna(subset="reason")
    left = pd.concat([left[[*PLACE, "reason"]], _reasons(done.left_out, reader)])
    told = left.groupby(list(PLACE))["reason"].agg(" ".join).reset_index()
    holds = told.merge(lists.filled[[*PLACE, "outcome"]], on=list(PLACE))
    holds["reason"] = [
        reader.refusal("left_out", {"outcome": outcome, "reasons": why})
        for outcome, why in zip(holds["outcome"], holds["reason"], strict=True)
    ]
    keys = list(PLACE)
    unread = pd.concat([lists.returned[[*keys, "reason"]], _reasons(done.faulty, reader)])
    refused = pd.concat([_reasons(done.refused, reader), holds[[*keys, "reason"]]])
    both = [
        rows.drop(columns="reason").merge(_together(reasons), on=keys)[list(RETURNED)]
        for rows, reasons in ((lists.returned, unread), (lists.written, refused))
    ]
    found = pd.concat([frame for frame in both if len(frame)] or [lists.returned], ignore_index=True)
    return found.sort_values(keys, kind="stable", ignore_index=True)


def _together(reasons: pd.DataFrame) -> pd.DataFrame:
    """By file, sheet and row all its reasons, each of them once."""
    every = reasons.groupby(list(PLACE), dropna=False)["reason"]
    return every.agg(lambda said: " ".join(dict.fromkeys(said))).reset_index().astype({"reason": "str"})


def _keys(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(PLACE)].astype(PLACE)


def _reasons(rows: pd.DataFrame, reader: Reader) -> pd.DataFrame:
    """By file, sheet and row the reason in words; rows: as Recorded.refused."""
    said = [reader.refusal(*why) for why in zip(rows["reason"], rows["values"], strict=True)]
    return _keys(rows).assign(reason=pd.Series(said, rows.index, dtype="str"))


def _calls(rows: Iterable[Row]) -> list[tuple[int | None, list[Row]]]:
    """The rows of the same attempt of the same contact; a row without an attempt goes with any."""
    contacts: dict[str, list[tuple[int | None, Row]]] = {}
    calls: list[tuple[int | None, list[Row]]] = []
    for row in rows:
        if row.contact_id:
            contacts.setdefault(row.contact_id, []).append((_attempt(row.attempt), row))
        else:
            calls.append((_attempt(row.attempt), [row]))
    for same in contacts.values():
        attempts = sorted({attempt for attempt, _ in same if attempt is not None})
        if any(attempt is None for attempt, _ in same) and len(attempts) <= 1:
            calls.append((attempts[0] if attempts else None, [row for _, row in same]))
            continue
        for number in {attempt: None for attempt, _ in same}:
            calls.append((number, [row for attempt, row in same if attempt == number]))
    return calls


def _judge(copies: list[Row], reader: Reader) -> tuple[tuple[Said, Row] | None, list[tuple[Row, str]]]:
    """What the copies of one call say together and the row that stands for it; and rows to be returned.

    Where that row is the one that is returned, it says what could be read of it.
    """
    copies = list({tuple(_cell(row, name) for name in FILL_IN): row for row in reversed(copies)}.values())[
        ::-1
    ]
    said = [reader.read(row) for row in copies]
    own = [_cannot_be_read(row, one, reader) for row, one in zip(copies, said, strict=True)]
    together = _union(said)
    if together is not None and not any(own):
        row = _joined(copies, said)
        misses = reader.misses(together)
        return (_but(together, misses), row), [(row, " ".join(misses.values()))] if misses else []
    stops = [at for at, one in enumerate(said) if one.outcome == "do_not_call" and not own[at]]
    if stops:
        return _stopped(copies, said, own, stops, reader)
    key = "returned.copies" if together is None else "returned.copy"
    for row, reasons in zip(copies, own, strict=True):
        places = [f"{o.place}, {reader.texts('returned.row', row=o.number)}" for o in copies if o is not row]
        if places:
            reasons.append(reader.texts(key, places="; ".join(places)))
    alone = len(copies) == 1
    if alone and said[0].outcome:
        misses = reader.misses(said[0])
        own[0] += misses.values()
        said[0] = _but(said[0], misses)
    return (said[0], copies[0]) if alone else None, [
        (row, " ".join(reasons)) for row, reasons in zip(copies, own, strict=True)
    ]


def _but(said: Said, misses: Mapping[str, str]) -> Said:
    """Without the cells of which something has been said: one sentence a cell."""
    on = None if "date" in misses else said.on
    return replace(said, on=on, odometer_km=None if "odometer" in misses else said.odometer_km)


def _stopped(
    copies: list[Row], said: list[Said], own: list[list[str]], stops: list[int], reader: Reader
) -> tuple[tuple[Said, Row], list[tuple[Row, str]]]:
    """Of copies that contradict each other the do_not_call, the widest of them; the others come back."""
    at = next((at for at in stops if reader.scope(said[at]) == "all"), stops[0])
    place = f"{copies[at].place}, {reader.texts('returned.row', row=copies[at].number)}"
    holds = reader.refusal("copy.holds", {"outcome": "do_not_call", "places": place})
    others = [(row, " ".join([*own[k], holds])) for k, row in enumerate(copies) if k != at]
    return (said[at], copies[at]), others


def _cannot_be_read(row: Row, said: Said, reader: Reader) -> list[str]:
    nameless = [reader.texts("returned.no_id")] if not row.contact_id else []
    shifted = [reader.texts("returned.shifted")] if row.shifted and said.outcome not in AT_ONCE else []
    return [*nameless, *shifted, *said.wrong.values()]


def _union(said: list[Said]) -> Said | None:
    """The copies' cells together; None if two of them say different things."""
    cells: dict[str, Any] = {}
    for name in ("outcome", "scope", "on", "odometer_km", "note"):
        values = dict.fromkeys(value for one in said if (value := getattr(one, name)) not in ("", None))
        if len(values) > 1:
            return None
        cells |= dict.fromkeys([name], next(iter(values))) if values else {}
    left_out = dict.fromkeys(why for one in said for why in one.left_out)
    return Said(**cells, left_out=tuple(left_out))


def _joined(copies: list[Row], said: list[Said]) -> Row:
    """The row with the outcome, and in it the cells that only other copies fill in."""
    first = next((row for row, one in zip(copies, said, strict=True) if one.outcome), copies[0])
    cells: dict[str, Any] = {
        name: next(filter(None, (_cell(row, name) for row in (first, *copies))), "") for name in FILL_IN
    }
    return replace(first, **cells)


def _cell(row: Row, name: str) -> str:
    return str(getattr(row, name))


def _attempt(text: str) -> int | None:
    plain = text.translate(ASCII_DIGITS)
    return int(plain) if plain.isdecimal() and 0 < int(plain) < 100 else None


def _place(row: Row) -> dict[str, Any]:
    return {"file": row.file, "sheet": row.sheet, "row": row.number}


def _as_written(row: Row, attempt: int | None, unit: str, reason: str | None = None) -> dict[str, Any]:
    """The row as it was; a reading in another unit than the dealership's says its unit."""
    odometer = row.odometer
    if row.unit not in ("", unit) and odometer and not names_unit(odometer):
        odometer = f"{odometer} {row.unit}"
    cells = {name: _cell(row, name) or None for name in ("contact_id", "customer", "vehicle", *FILL_IN)}
    return {
        **cells,
        "odometer": odometer or None,
        "call_on": row.listed or None,
        "attempt": attempt,
        "reason": reason,
        **_place(row),
    }


def _typed(rows: list[dict[str, Any]], columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
