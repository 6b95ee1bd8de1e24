"""Part of a stored table: what to read of it, said without the language of the store.

Who needs a part says so beside the code that uses it; planner.store turns it into SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self, TypeAlias

from planner.columns import Column, Table

Test: TypeAlias = Literal["=", "<", "<=", ">", ">=", "in", "known", "missing", "among", "first of each"]


class Where(NamedTuple):
    """A condition of a row.

    = < <= > >=     of the column and a text, number or day; never true where the column is missing
    in              value: several of them; a missing one is none
    known, missing  no value
    among           value: the name of a table; what the column says stands in that table's column of the
                    same name
    first of each   value: a column; of each of its values the least of this column, ties together, in the
                    rows that fulfil the other conditions; once in a list
    """

    column: str
    test: Test
    value: Any = None


@dataclass(frozen=True)
class Part:
    """Columns, in the order of the table (none: all), and rows: those that fulfil all of one list of `rows`.

    Without any list the rows are all.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Where]] = ()

    @classmethod
    def where(cls, *conditions: Where) -> Self:
        """The rows that fulfil all conditions."""
        return cls(rows=(conditions,))

    def of(self, table: Table) -> tuple[Column, ...]:
        """The columns of the table; raises KeyError for one that it does not have."""
        wanted = {table[name] for name in self.columns or table.names}
        return tuple(column for column in table.columns if column in wanted)


WHOLE = Part()
# Contacts with which something was done: handed out, tried, answered, or promised for a day.
BEGUN: tuple[tuple[Where, ...], ...] = (
    *((Where(name, "known"),) for name in ("handed_out_on", "outcome", "outcome_at", "callback_on")),
    (Where("attempts", ">", 0),),
)
# Of the forecasts the outstanding service of each car.
OUTSTANDING = Part.where(Where("service_no", "first of each", "vehicle_id"))
