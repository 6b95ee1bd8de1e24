"""Too few to tell is counted in households: forty cars or contacts of 29 of them are 29 answers."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.cycle import load_cycles
from planner.settings import Settings
from planner.value.book import read_book
from planner.value.clusters import Clusters
from planner.value.cohorts import cohorts
from planner.value.example import AS_OF, tables_of
from planner.value.success import Success, success

MANY = [f"C{number}" for number in range(40)]
OTHERS = [f"D{number}" for number in range(40)]
BOUGHT = {name: ["2024-10-06"] for name in [*MANY, *OTHERS]}
NOTED = [(29, "too_few"), (30, "")]


def of_households(tables: dict[str, pd.DataFrame], homes: dict[str, int]) -> dict[str, pd.DataFrame]:
    """homes: by first letter of the customer over how many households his kind is spread."""
    people = tables["customers"]
    whose = [f"{name[0]}{int(name[1:]) % homes[name[0]]}" for name in people["customer_id"]]
    return tables | {"customers": people.assign(household_id=pd.array(whose, dtype="str"))}


def brought(homes: dict[str, int], **rows: list[tuple[object, ...]]) -> Success:
    """C had an SMS about the service of 6 October 2025 on 1 September, for D there was no room."""
    sms = [(name, "2025-09-01", "sms", "S1b", "2025-09-07") for name in MANY]
    none = [(name, "2025-09-01", "sms", "S1b", "2025-09-07", "capacity") for name in OTHERS]
    tables = of_households(tables_of(BOUGHT, contacts=[*sms, *none], **rows), homes)
    return success(tables, load_cycles(Settings()).touchpoints, Settings(), AS_OF)


@pytest.mark.parametrize(("homes", "note"), NOTED)
def test_cars_of_a_cohort(homes: int, note: str) -> None:
    tables = of_households(tables_of({name: ["2024-01-10"] for name in MANY}), {"C": homes})
    found = cohorts(read_book(tables, Settings(), AS_OF))
    assert found[["cars", "note"]].to_numpy().tolist() == [[40, note]] * 2


@pytest.mark.parametrize(("homes", "note"), NOTED)
def test_contacts_of_a_touchpoint(homes: int, note: str) -> None:
    found = brought({"C": homes, "D": 40}).success.set_index(["by", "result"])
    row = found.loc[("touchpoint", "visited")]
    assert (row["out_of"], row["note"]) == (40, note)
    assert found.loc[("touchpoint", "contacts"), "note"] == ""


@pytest.mark.parametrize(("homes", "note"), [({"C": 29, "D": 40}, "too_few"), ({"C": 40, "D": 29}, "too_few"),
                                             ({"C": 30, "D": 30}, "")])  # fmt: skip
def test_services_with_and_without_contact(homes: dict[str, int], note: str) -> None:
    row = brought(homes).without_contact.set_index("why").loc["capacity"]
    assert (row["contacted"], row["others"], row["note"]) == (40, 40, note)


def test_who_was_not_asked_is_no_answer() -> None:
    """Four households had a contact, the second of them none that is judged: three."""
    cell, home = pd.factorize(pd.Series(["a"] * 5))[0], pd.factorize(pd.Series([1, 1, 2, 3, 4]))[0]
    clusters = Clusters(cell, home, 1)
    x, y = (clusters.sums(pd.Series(each).to_numpy()) for each in ([1.0, 0, 0, 1, 0], [1.0, 1, 0, 1, 1]))
    spread = clusters.spread_of(x, y)
    assert [each[0] for each in (spread.xx, spread.xy, spread.yy, spread.households)] == [2, 3, 6, 3]
