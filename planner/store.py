"""The store: one SQLite file, through sqlite-utils.

Every change is one transaction; the schema grows by named migrations. The file is readable by its
owner only, because it holds people's names and numbers.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlite_utils import Database

from planner import tables
from planner.errors import StoreError
from planner.forgotten import Forgotten
from planner.parts import WHOLE, Part
from planner.parts_sql import selected
from planner.rows import columns_of, rows_of
from planner.schema import MIGRATIONS, migrations

BY_NAME = {table.name: table for table in tables.STORED}
BUSY_SECONDS = 10


class Store:
    """An open store. `Store.create` makes or opens one, `Store.open` opens one that is there."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self._db = db

    @classmethod
    def create(cls, path: Path) -> Self:
        """The store at path, made with mode 0600 if it is not there yet."""
        if not path.parent.is_dir():
            raise StoreError(f"{path}: there is no folder {path.parent}; make it first")
        if not path.exists():
            try:
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise StoreError(f"{path}: the store cannot be made: {error.strerror}") from None
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """The store at path, brought to the newest schema; raises StoreError if it is not one of ours."""
        if not path.is_file():
            raise StoreError(f"{path}: no store here; 'planner init' makes one, or name yours with --db")
        try:
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
            db = Database(connection)
            db.execute("PRAGMA foreign_keys = ON")
            names = set(db.table_names())
            if names and migrations.migrations_table not in names:
                raise StoreError(f"{path}: a database, but not a planner's store")
            applied = {migration.name for migration in migrations.applied(db)}
            newer = applied - {name for name, _ in MIGRATIONS}
            if newer:
                raise StoreError(f"{path}: written by a newer planner ({min(newer)}); update this one")
            if migrations.pending(db):
                db.enable_wal()
                migrations.apply(db)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be opened as a store: {error}") from None
        return cls(path, db)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block is stored, or none."""
        try:
            with self._db.atomic():
                yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: nothing was stored: {error}") from None

    def read(self, name: str, part: Part = WHOLE) -> pd.DataFrame:
        """A table or part of it, typed as planner.columns says, in the order of its key."""
        table = BY_NAME[name]
        wanted = replace(table, columns=part.of(table))
        rows, values = selected(table, part)
        # All rows come by the index of the key; a part is found first, and is sorted then.
        order = ", ".join(f"+{column}" if part.rows else column for column in table.key) or "rowid"
        found = self._db.execute(
            f"select {_listed(wanted.names)} from {name} where {rows} order by {order}", values
        )
        return columns_of(found, wanted)

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        return {table.name: self._db.table(table.name).count for table in tables.STORED}

    def ids(self, name: str) -> frozenset[str]:
        """The keys of a table with a single key column."""
        (key,) = BY_NAME[name].key
        return frozenset(row[0] for row in self._db.execute(f"select {key} from {name}"))

    def upsert(self, name: str, frame: pd.DataFrame) -> int:
        """Rows in, by the table's key; returns rows changed.

        A missing value keeps what is stored, an empty text ('') ends it.
        """
        table = BY_NAME[name]
        columns = [column for column in table.names if column in frame.columns]
        others = [column for column in columns if column not in table.key]
        ended = [column for column in others if (frame[column] == "").any()]
        new = {
            c: f"nullif({kept}, '')" if c in ended else kept
            for c in others
            for kept in [f'coalesce(excluded."{c}", "{name}"."{c}")']
        }
        marks = ", ".join("?" * len(columns))
        update = ", ".join(f'"{c}" = {value}' for c, value in new.items())
        differs = " or ".join(f'{value} is not "{name}"."{c}"' for c, value in new.items())
        action = f"do update set {update} where {differs}" if others else "do nothing"
        sql = (
            f"insert into {name} ({', '.join(columns)}) values ({marks}) "
            f"on conflict ({', '.join(table.key)}) {action}"
        )
        before = self._db.conn.total_changes
        self._db.conn.executemany(sql, rows_of(frame[columns], table, np.arange(len(frame))))
        changed = int(self._db.conn.total_changes - before)
        for column in ended:  # of rows that are new
            self._db.execute(f'update {name} set "{column}" = null where "{column}" = \'\'')
        return changed

    def replace(self, name: str, frame: pd.DataFrame) -> None:
        """The table holds exactly these rows."""
        # Of millions of rows, indexes are made faster at the end than row by row.
        indexes = [
            row[0]
            for row in self._db.execute(
                "select sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null",
                [name],
            )
        ]
        for index in self._db.table(name).indexes:
            if index.origin == "c":  # made by us, not by a key
                self._db.execute(f'drop index "{index.name}"')
        self._db.execute(f"delete from {name}")
        key = list(BY_NAME[name].key)
        order = frame[key].reset_index(drop=True).sort_values(key).index
        self._insert(name, frame, order.to_numpy())
        for sql in indexes:
            self._db.execute(sql)

    def append(self, name: str, frame: pd.DataFrame) -> None:
        """New rows; raises sqlite3.IntegrityError (a StoreError in a transaction) if one is there already."""
        self._insert(name, frame, np.arange(len(frame)))

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Whole rows in, by the table's key; unlike `upsert`, what they leave empty is empty afterwards."""
        self.remove(name, frame)
        self._insert(name, frame, np.arange(len(frame)))

    def remove(self, name: str, frame: pd.DataFrame) -> None:
        """The rows with these keys go."""
        table = BY_NAME[name]
        which = " and ".join(f'"{column}" = ?' for column in table.key)
        keys = replace(table, columns=tuple(table[column] for column in table.key))
        values = rows_of(frame[list(table.key)], keys, np.arange(len(frame)))
        self._db.conn.executemany(f"delete from {name} where {which}", values)

    def replace_issues(self, sources: Sequence[str], issues: pd.DataFrame) -> None:
        """The issues of these sources are exactly these; other sources keep theirs."""
        self._db.conn.executemany("delete from issues where source = ?", [(source,) for source in sources])
        self._insert("issues", issues, np.arange(len(issues)))

    def set_households(self, customers: pd.DataFrame) -> None:
        """Stores the resolved household_id of each customer_id."""
        self._db.conn.executemany(
            "update customers set household_id = ? where customer_id = ? and household_id is not ?",
            [(h, c, h) for c, h in zip(customers["customer_id"], customers["household_id"], strict=True)],
        )

    def hand_out(self, contact_ids: Sequence[str], on: date) -> int:
        """Marks contacts as handed out on that day, where they were not yet. Returns how many."""
        before = self._db.conn.total_changes
        self._db.conn.executemany(
            "update contacts set handed_out_on = ? where contact_id = ? and handed_out_on is null",
            [(on.isoformat(), contact_id) for contact_id in contact_ids],
        )
        return int(self._db.conn.total_changes - before)

    def fact(self, name: str) -> str | None:
        """A fact about the store, such as `planned_as_of`; None if it was never set."""
        row = self._db.execute("select value from facts where name = ?", [name]).fetchone()
        return row[0] if row else None

    def set_fact(self, name: str, value: str) -> None:
        self._db.execute("insert or replace into facts (name, value) values (?, ?)", [name, value])

    def forgotten(self, make_key: bool = False) -> Forgotten:
        """The fingerprints of who was forgotten; a store that has no key yet makes one if asked to."""
        key = self.fact("forget_key")
        if key is None and make_key:
            key = secrets.token_hex(32)
            with self.transaction():
                self.set_fact("forget_key", key)
        return Forgotten(bytes.fromhex(key or ""), self.ids("forgotten"))

    def keep_marks(self, marks: Sequence[str], on: date) -> None:
        """Stores fingerprints; one that is there keeps its day."""
        self._db.conn.executemany(
            "insert or ignore into forgotten (fingerprint, forgotten_on) values (?, ?)",
            [(mark, on.isoformat()) for mark in marks],
        )

    def erase(self, customer_id: str, vehicle_ids: Sequence[str]) -> None:
        """Every row of the customer, of these vehicles and of their contacts goes, and every mention by id.

        What is erased is written over in the file; `shred` does the rest.
        """
        self._db.execute("pragma secure_delete = on")
        cars = ", ".join("?" * len(vehicle_ids))
        mine = f"select contact_id from contacts where customer_id = ? or vehicle_id in ({cars})"
        # The id of a contact begins with its car's; the contact itself may be gone since.
        named, answered = (
            f"{column} in ({mine})" + f" or substr({column}, 1, ?) = ?" * len(vehicle_ids)
            for column in ("contact_id", "answered")
        )
        names: list[object] = [
            customer_id,
            *vehicle_ids,
            *(x for car in vehicle_ids for x in (len(car) + 1, f"{car}/")),
        ]
        for table in reversed(tables.STORED):
            wheres: list[str] = []
            values: list[object] = []
            if "contact_id" in table.key and table.name != "contacts":
                wheres, values = [named], list(names)
            elif "contact_id" in table.names and table.name != "contacts":
                self._db.execute(f"update {table.name} set contact_id = null where {named}", names)
            if "answered" in table.names:
                wheres, values = [*wheres, answered], [*values, *names]
            if "customer_id" in table.names:
                wheres, values = [*wheres, "customer_id = ?"], [*values, customer_id]
            if "vehicle_id" in table.names:
                wheres, values = [*wheres, f"vehicle_id in ({cars})"], [*values, *vehicle_ids]
            if wheres:
                self._db.execute(f"delete from {table.name} where {' or '.join(wheres)}", values)
            if "also_vehicle_ids" in table.names:
                self._unname(table.name, frozenset(vehicle_ids))

    def _unname(self, name: str, vehicle_ids: frozenset[str]) -> None:
        """Takes vehicles out of the lists of those that a contact names as well."""
        lists = self._db.execute(
            f"select distinct also_vehicle_ids from {name} where also_vehicle_ids is not null"
        ).fetchall()
        for (listed,) in lists:
            kept = [car for car in listed.split(",") if car not in vehicle_ids]
            if len(kept) < len(listed.split(",")):
                self._db.execute(
                    f"update {name} set also_vehicle_ids = ? where also_vehicle_ids = ?",
                    [",".join(kept) or None, listed],
                )

    def scrub(self, named: re.Pattern[str], household: Sequence[str], also_named: re.Pattern[str]) -> None:
        """Empties every free text that names somebody; an issue that does goes.

        `named` is looked for everywhere, `also_named` in the rows of these customers. Both are patterns of
        casefolded text.
        """
        everywhere, at_home = (
            lambda text, pattern=pattern: bool(pattern.search(str(text).casefold()))
            for pattern in (named, also_named)
        )
        self._db.conn.create_function("names_one", 1, everywhere, deterministic=True)
        self._db.conn.create_function("hints_at_one", 1, at_home, deterministic=True)
        self._db.execute("delete from issues where names_one(message)")
        marks = ", ".join("?" * len(household))
        exports = {table.name for table in tables.EXPORTS}
        for table in tables.STORED:
            for column in table.names:
                if table.name in exports or table.name == "issues" or column not in tables.FREE_TEXT:
                    continue
                home = f"customer_id in ({marks}) and" if "customer_id" in table.names else "false and"
                self._db.execute(
                    f"update {table.name} set {column} = null where {column} is not null "
                    f"and (names_one({column}) or ({home} hints_at_one({column})))",
                    list(household) if "customer_id" in table.names else [],
                )

    def follow_households(self) -> None:
        """What is stored by household takes the households that the customers have now."""
        for table in tables.STORED:
            if table.name == "customers" or not {"household_id", "customer_id"} <= set(table.names):
                continue
            self._db.execute(
                f"update or replace {table.name} set household_id = customers.household_id from customers "
                f"where customers.customer_id = {table.name}.customer_id "
                f"and customers.household_id is not {table.name}.household_id"
            )

    def shred(self) -> None:
        """Writes the file anew, so that what was erased is in none of its gaps, nor in its log."""
        try:
            self._db.execute("pragma secure_delete = on")
            self._db.execute("pragma temp_store = memory")
            self._db.execute("vacuum")
            busy, _, _ = self._db.execute("pragma wal_checkpoint(truncate)").fetchone()
        except sqlite3.Error:
            busy = True
        if busy:
            raise StoreError(
                f"{self.path}: erased, but another program has the store open, and traces may be left in "
                "the file; close it and run this again"
            )

    def _insert(self, name: str, frame: pd.DataFrame, order: npt.NDArray[np.int64]) -> None:
        table = BY_NAME[name]
        # Named: in a store that has grown the columns stand in another order.
        columns = _listed(table.names)
        marks = ", ".join("?" * len(table.columns))
        self._db.conn.executemany(
            f"insert into {name} ({columns}) values ({marks})",
            rows_of(frame.reindex(columns=table.names), table, order),
        )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
