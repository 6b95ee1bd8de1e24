"""The schema of the store: the tables of planner.tables in SQLite, and how older stores are brought to it."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from planner import tables
from planner.columns import Kind, Table

SQL_TYPES: dict[Kind, type] = {"text": str, "choice": str, "date": str, "int": int, "number": float}
INDEXES = (
    ("vehicles", "customer_id"),
    ("visits", "vehicle_id"),
    ("contacts", "customer_id"),
    ("contacts", "vehicle_id"),
    ("contacts", "planned_on"),
)


def _create(db: Database) -> None:
    for table in tables.STORED:
        _create_table(db, table)
    for name, column in INDEXES:
        db.table(name).create_index([column])
    # What the last plan was made for: key -> value.
    db.table("facts").create({"name": str, "value": str}, pk="name")


def _create_table(db: Database, table: Table) -> None:
    db.table(table.name).create(
        {column.name: SQL_TYPES[column.kind] for column in table.columns},
        pk=(table.key[0] if len(table.key) == 1 else table.key) or None,
        not_null=set(table.required) | set(table.key),
        foreign_keys=[(c.name, c.refers_to) for c in table.columns if c.refers_to and len(table.key)],
    )


def _add_what_is_missing(db: Database) -> None:
    """Tables and columns that planner.tables has got since the store was made; what is there stays."""
    there = set(db.table_names())
    for table in tables.STORED:
        if table.name not in there:
            _create_table(db, table)
            continue
        stored = db.table(table.name)
        for column in table.columns:
            if column.name not in stored.columns_dict:
                stored.add_column(column.name, SQL_TYPES[column.kind])


def _index_first_contacts(db: Database) -> None:
    """The first planned contact of each customer is found without looking at the others."""
    columns = ("customer_id", "status", "planned_on")
    db.table("contacts").create_index(columns, index_name="idx_contacts_first", if_not_exists=True)
    db.execute("drop index if exists idx_contacts_customer_id")  # begins with the same column


def _index_begun_contacts(db: Database) -> None:
    """Those of planner.parts.BEGUN, those that are done and those whose days are over: few of millions."""
    begun = dict.fromkeys(("handed_out_on", "outcome", "outcome_at", "callback_on"), "is not null")
    for name, test in {**begun, "attempts": "> 0", "status": "= 'done'"}.items():
        db.execute(f"create index if not exists idx_contacts_{name} on contacts({name}) where {name} {test}")
    db.table("contacts").create_index(["latest_on"], if_not_exists=True)


# Once released, a migration is never changed: the next change of the schema is the next line.
MIGRATIONS = (
    ("0001_exports_forecasts_contacts", _create),
    ("0002_services_and_returns", _add_what_is_missing),
    ("0003_records_of_forecasts", _add_what_is_missing),
    ("0004_outcomes_and_cues", _add_what_is_missing),
    ("0005_forgotten", _add_what_is_missing),
    ("0006_answers_taken_back", _add_what_is_missing),
    ("0007_first_contacts", _index_first_contacts),
    ("0008_services_done", _add_what_is_missing),
    ("0009_begun_contacts", _index_begun_contacts),
)
migrations = Migrations("planner")
for _name, _function in MIGRATIONS:
    migrations(name=_name)(_function)
