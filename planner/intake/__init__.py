"""Intake: the files of a dealership to checked tables, and a list of what is wrong with them.

files -> read (text) -> headers or a mapping (our columns) -> check (dates, numbers, references)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from planner import tables
from planner.columns import Table, typed
from planner.errors import InputError
from planner.forgotten import CUSTOMER, NOBODY, VEHICLE, Forgotten, same_id
from planner.intake import headers
from planner.intake.check import Checked, Terms, read_block
from planner.intake.findings import Findings, check_rejects_target, write_rejects
from planner.intake.headers import Block
from planner.intake.keys import check_references, note_before_purchase, one_row_a_key, united
from planner.intake.mapping import Mapping, Rows, load_mapping
from planner.intake.read import Mask, Sheet, read_file, source_name
from planner.intake.shape import Shaper, applies, missing
from planner.intake.values import Order
from planner.intake.words import fold
from planner.named_services import load_named_services
from planner.settings import Settings

__all__ = [
    "FileReport",
    "Intake",
    "Known",
    "Mapping",
    "check_rejects_target",
    "load_mapping",
    "read_exports",
    "write_rejects",
]


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that the store has already, which rows of an import may name; who is left out of it."""

    customers: frozenset[str] = frozenset()
    vehicles: frozenset[str] = frozenset()
    forgotten: Forgotten = NOBODY


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one kind of row in one file or sheet: rows = good + rejected + left out.

    `kind` is '' for a sheet that holds none of our tables. `good` counts a repeated row each time;
    `ignored` are headers that nothing uses.
    """

    name: str
    sheet: str
    kind: str
    rows: int
    good: int
    rejected: int
    left_out: dict[str, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The file and sheet as the issues name them."""
        return source_name(self.name, self.sheet)


@dataclass(frozen=True, slots=True)
class Intake:
    """Good rows by kind (only kinds that were found, in the order of tables.EXPORTS), and the rest."""

    frames: dict[str, pd.DataFrame]
    issues: pd.DataFrame
    rejects: pd.DataFrame
    files: list[FileReport]


def read_exports(
    paths: Sequence[Path],
    settings: Settings,
    as_of: date,
    *,
    known: Known | None = None,
    kind: str | None = None,
    mapping: Mapping | None = None,
    dates: Order | None = None,
) -> Intake:
    """The exports as checked tables, with every problem of every row.

    Frames are typed as planner.columns says, odometers in km, one row a key; of two files with the same
    key the later one counts, as if they were imported one after the other. Rows of those who were
    forgotten are left out before anything is said of them. `kind` names the table of
    all files, `mapping` a foreign layout, `dates` the order of day and month where files leave it open.

    Issue codes: bad-row, missing, bad-date, bad-number, out-of-range, bad-choice, future, duplicate,
    unknown-customer, unknown-vehicle (the row is rejected); bad-phone, before-purchase (it is kept).
    Raises InputError for files that cannot be read or recognised, columns that two headers claim, and
    dates that may be read in two ways.
    """
    order = dates or (mapping.dates if mapping else None)
    sheets = _sheets(paths, mapping)
    blocks, unused = _blocks(sheets, settings, as_of, kind, mapping, order)
    blocks = _without_forgotten(blocks, known or Known())
    findings = Findings(sheets)
    named = load_named_services(settings.service_names_path)
    checked = _check(blocks, Terms(settings, as_of, order, named), findings, known or Known())
    reports = [FileReport(s.path.name, s.name, "", len(s.cells), 0, 0, ignored=s.header) for s in unused]
    return Intake(
        frames={name: frame for name, (frame, _) in checked.items()},
        issues=findings.issues(),
        rejects=findings.rejects(),
        files=_reports([item for _, items in checked.values() for item in items]) + reports,
    )


def _sheets(paths: Sequence[Path], mapping: Mapping | None) -> list[Sheet]:
    named = {
        fold(name)
        for kind in headers.BY_NAME
        for rows in (mapping.blocks(kind) if mapping else ())
        for name in rows.sources()
    }
    encoding, delimiter = (mapping.encoding, mapping.delimiter) if mapping else (None, None)

    def is_header(folded: str) -> bool:
        return folded in named or headers.is_header(folded)

    return [
        sheet
        for path in dict.fromkeys(map(Path, paths))
        for sheet in read_file(path, is_header, encoding=encoding, delimiter=delimiter)
    ]


def _blocks(
    sheets: list[Sheet],
    settings: Settings,
    as_of: date,
    kind: str | None,
    mapping: Mapping | None,
    order: Order | None,
) -> tuple[list[Block], list[Sheet]]:
    """Every sheet as blocks of our tables; and the sheets of workbooks that hold none."""
    unit = settings.dealership.unit
    blocks: list[Block] = []
    unused: list[Sheet] = []
    wanted = [(t, rows) for t in _tables(kind) for rows in (mapping.blocks(t.name) if mapping else ())]
    used: set[int] = set()
    for sheet in sheets:
        mapped = [(i, table, rows) for i, (table, rows) in enumerate(wanted) if applies(rows, sheet)]
        if mapped and mapping:
            shaper = Shaper(sheet, mapping, unit, order, as_of)
            blocks += [shaper.block(rows, table) for _, table, rows in mapped]
            used |= {i for i, _, _ in mapped}
            continue
        table = headers.BY_NAME[kind] if kind else headers.recognise(sheet)
        if table is not None:
            blocks.append(headers.block_by_headers(sheet, table, (mapping and mapping.unit) or unit))
        elif sheet.name and headers.headers_known(sheet) <= 1:
            unused.append(sheet)
        else:
            raise _not_mapped(sheet, wanted, mapping) or headers.unrecognised(sheet)
    if mapping and (idle := [wanted[i] for i in range(len(wanted)) if i not in used]):
        table, rows = idle[0]
        nearest = min(sheets, key=lambda sheet: len(missing(rows, sheet)))
        absent = ", ".join(missing(rows, nearest))
        raise InputError(f"{mapping.path}: [{table.name}] fits no file: {nearest.source} has no {absent}")
    for block in blocks:
        if not set(block.table.required) <= set(block.text):
            raise headers.unrecognised(block.sheet, block.table)
    if not blocks:
        raise headers.unrecognised(unused[0])
    return blocks, unused


def _not_mapped(sheet: Sheet, wanted: list[tuple[Table, Rows]], mapping: Mapping | None) -> InputError | None:
    if not mapping or not wanted:
        return None
    table, rows = min(wanted, key=lambda one: len(missing(one[1], sheet)))
    absent = ", ".join(missing(rows, sheet))
    return InputError(f"{sheet.source}: does not fit {mapping.path}: it has no {absent}, for [{table.name}]")


def _without_forgotten(blocks: list[Block], known: Known) -> list[Block]:
    """The blocks without rows that name a forgotten customer, or a car of one that has no new owner."""
    if not known.forgotten.marks:
        return blocks
    kept = [
        _left_out(block, known.forgotten.ids(CUSTOMER, block.text["customer_id"]))
        if "customer_id" in block.text
        else block
        for block in blocks
    ]
    owned = {
        car for b in kept if b.table is tables.VEHICLES for car in same_id(b.text["vehicle_id"]).dropna()
    } | known.vehicles
    return [
        _left_out(
            block,
            known.forgotten.ids(VEHICLE, block.text["vehicle_id"])
            & ~same_id(block.text["vehicle_id"]).isin(owned).to_numpy(),
        )
        if "vehicle_id" in block.text and block.table is not tables.VEHICLES
        else block
        for block in kept
    ]


def _left_out(block: Block, out: Mask) -> Block:
    if not out.any():
        return block
    text = block.text[~out].reset_index(drop=True)
    return replace(
        block, text=text, at=block.at[~out], left_out={**block.left_out, "forgotten": int(out.sum())}
    )


def _tables(kind: str | None) -> tuple[Table, ...]:
    if kind is None:
        return tables.EXPORTS
    if kind not in headers.BY_NAME:
        raise InputError(f"there is no kind {kind!r}; take one of {', '.join(headers.BY_NAME)}")
    return (headers.BY_NAME[kind],)


def _check(
    blocks: list[Block], terms: Terms, findings: Findings, known: Known
) -> dict[str, tuple[pd.DataFrame, list[Checked]]]:
    """Kind by kind, in the order in which they refer to each other."""
    ids = {"customers": known.customers, "vehicles": known.vehicles}
    refused: dict[str, frozenset[str]] = {"customers": frozenset(), "vehicles": frozenset()}
    result: dict[str, tuple[pd.DataFrame, list[Checked]]] = {}
    purchases = pd.Series(dtype="datetime64[us]")
    for table in tables.EXPORTS:
        items = [read_block(block, terms, findings) for block in blocks if block.table is table]
        if not items:
            continue
        for item in items:
            check_references(item, ids, refused)
        for path in dict.fromkeys(item.block.sheet.path for item in items):
            one_row_a_key([item for item in items if item.block.sheet.path == path], terms)
        frame = pd.concat([item.frame[item.good] for item in items], ignore_index=True)
        if "services" in frame:  # the lines of a repair order may stand in several files
            frame["services"] = united(frame, list(table.key))
        frame = typed(frame.drop_duplicates(list(table.key), keep="last", ignore_index=True), table)
        if table.name in ids:
            key = table.key[0]
            every = frozenset(name for item in items for name in item.frame[key].dropna())
            ids[table.name] |= frozenset(frame[key])
            refused[table.name] = every - ids[table.name]
        if table is tables.VEHICLES:
            frame = _active_if_new(frame, known)
            purchases = frame.set_index("vehicle_id")["purchased_on"]
        if table in (tables.VISITS, tables.READINGS):
            for item in items:
                note_before_purchase(item, purchases)
        result[table.name] = (frame, items)
    return result


def _active_if_new(vehicles: pd.DataFrame, known: Known) -> pd.DataFrame:
    """A blank status is active; a car that the store knows keeps the one it has there (sold, say)."""
    new = vehicles["status"].isna() & ~vehicles["vehicle_id"].isin(known.vehicles)
    return vehicles.assign(status=vehicles["status"].mask(new, "active"))


def _reports(items: list[Checked]) -> list[FileReport]:
    """One report a file, sheet and kind, several blocks of a mapping added up."""
    unused: dict[str, set[str]] = {}
    for item in items:
        source, ignored = item.block.sheet.source, set(item.block.ignored)
        unused[source] = unused.get(source, ignored) & ignored
    reports: dict[tuple[str, str], FileReport] = {}
    for item in items:
        block, rejected = item.block, int(item.rejected.sum())
        key = block.sheet.source, block.table.name
        before = reports.get(key)
        left_out = dict(before.left_out) if before else {}
        for reason, n in block.left_out.items():
            left_out[reason] = max(left_out.get(reason, 0), n)
        good = len(block.at) - rejected + (before.good if before else 0)
        rejected += before.rejected if before else 0
        rows = good + rejected + sum(left_out.values())
        idle = tuple(title for title in block.ignored if title in unused[block.sheet.source])
        name, sheet = block.sheet.path.name, block.sheet.name
        reports[key] = FileReport(name, sheet, block.table.name, rows, good, rejected, left_out, idle)
    return list(reports.values())
