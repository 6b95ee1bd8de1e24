"""When a service beside maintenance was done: as repair orders name it; before any does, it is assumed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.forecast import Forecast, forecast
from planner.forecast.named import recorded_as
from planner.named_services import load_named_services
from planner.pipeline import import_exports, stored_tables
from planner.sample import make_sample, write_sample
from planner.settings import Service, Settings
from planner.store import Store
from tests.cars import cars, run, visits

NAMES = load_named_services(Settings().service_names_path)
NEW = {"purchased_on": "2024-01-10", "condition": "new", "monthly_km": 500}
OTHER = NEW | {"vehicle_id": "OTHER", "purchased_on": "2020-01-01"}

Seen = tuple[str, str, str]  # day, kind, services; "" is none


def forecast_of(
    folder: Path, rules: str, own: list[Seen], others: list[Seen] = (), as_of: str = "2027-01-01", **service
) -> Forecast:
    """Of a car bought on 10 January 2024 with a maintenance a year; `others` are the those of another."""
    lines = "service,months,km,first_months,counted_from\nmaintenance,12,,,\n" + rules
    (folder / "intervals.csv").write_text(lines, encoding="utf-8")
    chosen = Settings(service=Service(intervals="intervals.csv", **service), base=folder)
    seen = pd.concat([recorded(own, "CAR"), recorded(others, "OTHER")])
    result = run(cars(NEW, OTHER), seen, as_of=as_of, until="2032-01-01", settings=chosen)
    return result


def recorded(seen: list[Seen], vehicle_id: str) -> pd.DataFrame:
    frame = visits(
        *((day, None, kind.removesuffix(" elsewhere")) for day, kind, _ in seen), vehicle_id=vehicle_id
    )
    frame["services"] = pd.Series([said or None for *_, said in seen], dtype="str", index=frame.index)
    there = np.array([kind.endswith(" elsewhere") for _, kind, _ in seen], dtype=bool)
    return frame.assign(
        visit_id=frame["visit_id"].mask(there, "elsewhere/" + frame["visit_id"]).astype("str")
    )


def first_of(result: Forecast, service: str) -> tuple[str, str]:
    """The day on which it was done the last time, and the next due day."""
    row = result.items[(result.items["vehicle_id"] == "CAR") & (result.items["service"] == service)].iloc[0]
    done = "never" if pd.isna(row["done_on"]) else f"{row['done_on']:%Y-%m-%d}"
    return done, f"{row['due_on']:%Y-%m-%d}"


BRAKES = "brake fluid,24,,,\n"
# The brake fluid of a car bought on 10 January 2024 is due on 10 January 2026, with the second maintenance.
YEARLY = [("2025-01-10", "maintenance", "wipers"), ("2026-01-10", "maintenance", "wipers")]
WORDLESS = [(day, kind, "") for day, kind, _ in YEARLY]
CASES: dict[str, tuple[list[Seen], list[Seen], tuple[str, str]]] = {
    "nobody keeps record": (YEARLY, [], ("2026-01-10", "2028-01-10")),
    "on record that it was not done": (
        YEARLY,
        [("2024-06-01", "maintenance", "brake fluid")] * 10,
        ("never", "2026-01-10"),
    ),
    "a slip of another's is no record": (
        YEARLY,
        [("2024-06-01", "maintenance", "brake fluid")] * 9,
        ("2026-01-10", "2028-01-10"),
    ),
    "nor are ten in more than a year": (
        YEARLY,
        [("2024-06-01", "repair", "brake fluid"), *[("2025-06-01", "repair", "brake fluid")] * 9],
        ("2026-01-10", "2028-01-10"),
    ),
    "ten within a year are": (
        YEARLY,
        [("2024-06-02", "repair", "brake fluid"), *[("2025-06-01", "repair", "brake fluid")] * 9],
        ("never", "2026-01-10"),
    ),
    # 10 of 500 are 2%; one of the 500 is the car's own.
    "ten of 500 maintenance visits are": (
        YEARLY,
        [*[("2025-02-01", "maintenance", "wipers")] * 499, *[("2025-06-01", "repair", "brake fluid")] * 10],
        ("never", "2026-01-10"),
    ),
    "ten of 501 are not": (
        YEARLY,
        [*[("2025-02-01", "maintenance", "wipers")] * 500, *[("2025-06-01", "repair", "brake fluid")] * 10],
        ("2026-01-10", "2028-01-10"),
    ),
    "no words say nothing": (
        WORDLESS,
        [("2024-06-01", "maintenance", "brake fluid")] * 10,
        ("2026-01-10", "2028-01-10"),
    ),
    "no words where half of the year's have some": (
        WORDLESS,
        [*[("2024-06-01", "maintenance", "brake fluid")] * 10, ("2026-05-01", "maintenance", "wipers")],
        ("never", "2026-01-10"),
    ),
    "no words where less than half have some": (
        WORDLESS,
        [
            *[("2024-06-01", "maintenance", "brake fluid")] * 10,
            ("2026-05-01", "maintenance", "wipers"),
            ("2026-06-01", "maintenance", ""),
        ],
        ("2026-01-10", "2028-01-10"),
    ),
    "the record begins with that visit of another": (
        YEARLY,
        [("2026-01-10", "repair", "cabin filter,brake fluid")] * 10,
        ("never", "2026-01-10"),
    ),
    "the record begins a day later": (
        YEARLY,
        [("2026-01-11", "maintenance", "brake fluid")] * 10,
        ("2026-01-10", "2028-01-10"),
    ),
    "another service on record": (
        YEARLY,
        [("2024-06-01", "maintenance", "brakes,battery")] * 10,
        ("2026-01-10", "2028-01-10"),
    ),
    "the record begins after today": (
        YEARLY,
        [("2027-01-02", "maintenance", "brake fluid")] * 10,
        ("2026-01-10", "2028-01-10"),
    ),
    "named before it was due": (
        [("2025-05-05", "repair", "brakes,brake fluid"), *YEARLY],
        [],
        # ... so that it was not due with the maintenance of 2026.
        ("2025-05-05", "2027-05-05"),
    ),
    "named twice": (
        [("2026-03-03", "other", "brake fluid"), ("2025-05-05", "repair", "brake fluid")],
        [],
        ("2026-03-03", "2028-03-03"),
    ),
    "named after what was assumed": (
        [*YEARLY, ("2026-11-01", "tyres", "brake fluid")],
        [],
        ("2026-11-01", "2028-11-01"),
    ),
    "named for the delivery": (
        [("2024-01-10", "other", "brake fluid"), *YEARLY],
        [("2024-01-10", "other", "brake fluid")] * 9,
        ("never", "2026-01-10"),
    ),
    "named for an earlier owner": (
        [("2023-12-01", "maintenance", "brake fluid"), *YEARLY],
        [("2023-12-01", "maintenance", "brake fluid")] * 9,
        ("never", "2026-01-10"),
    ),
    # No repair order of ours can name what was done elsewhere.
    "elsewhere": (
        [("2025-01-10", "maintenance", "wipers"), ("2026-01-10", "maintenance elsewhere", "")],
        [("2024-06-01", "maintenance", "brake fluid")] * 10,
        ("2026-01-10", "2028-01-10"),
    ),
    "elsewhere, and not due since it was named": (
        [("2025-05-05", "repair", "brake fluid"), ("2026-01-10", "maintenance elsewhere", "")],
        [],
        ("2025-05-05", "2027-05-05"),
    ),
    "elsewhere, and due again since it was named": (
        [("2024-05-05", "repair", "brake fluid"), ("2026-05-05", "maintenance elsewhere", "")],
        [],
        ("2026-05-05", "2028-05-05"),
    ),
}


@pytest.mark.parametrize(("own", "others", "expected"), CASES.values(), ids=CASES)
def test_brake_fluid(tmp_path: Path, own: list[Seen], others: list[Seen], expected: tuple[str, str]) -> None:
    assert first_of(forecast_of(tmp_path, BRAKES, own, others), "brake fluid") == expected


def test_words_of_days_to_come_do_not_count(tmp_path: Path) -> None:
    """Of 2026 there is one maintenance by March, without words; the one of May names something."""
    others = [*[("2024-06-01", "maintenance", "brake fluid")] * 10, ("2026-05-01", "maintenance", "wipers")]
    result = forecast_of(tmp_path, BRAKES, WORDLESS, others, "2026-03-01")
    assert first_of(result, "brake fluid") == ("2026-01-10", "2028-01-10")
    later = forecast_of(tmp_path, BRAKES, WORDLESS, others, "2026-05-01")
    assert first_of(later, "brake fluid") == ("never", "2026-01-10")


@pytest.mark.parametrize("name", ["Brake Fluid", "Brake fluid change", "تغيير زيت الفرامل"])
def test_the_intervals_may_call_it_otherwise(tmp_path: Path, name: str) -> None:
    own = [("2025-05-05", "repair", "brake fluid")]
    result = forecast_of(tmp_path, f"{name},24,,,\n", own)
    assert first_of(result, name) == ("2025-05-05", "2027-05-05")


def test_of_two_services_with_one_record_it_tells_of_neither(tmp_path: Path) -> None:
    own = [*YEARLY, ("2026-03-03", "repair", "brakes")]
    both = forecast_of(tmp_path, "brake pads,24,,,\nbrake discs,24,,,\n", own)
    for service in ("brake pads", "brake discs"):
        assert first_of(both, service) == ("2026-01-10", "2028-01-10")
    one = forecast_of(tmp_path, "brake pads,24,,,\nwindow seals,24,,,\n", own)
    assert first_of(one, "brake pads") == ("2026-03-03", "2028-03-03")
    assert first_of(one, "window seals") == ("2026-01-10", "2028-01-10")


def test_which_record_tells_of_which_service() -> None:
    found = recorded_as(
        [" Brakes", "brake pads", "brake fluid and coolant", "A/C", "repair", "inspection", "rust"], NAMES
    )
    assert found == {" Brakes": "brakes", "inspection": "inspection", "A/C": "air conditioning"}
    assert recorded_as([], NAMES) == {}


# 10 January 2027 by the law; 1 April and 15 October.
@pytest.mark.parametrize(
    ("rule", "service", "kind", "day", "due"),
    [
        ("inspection,24,,36,\n", "inspection", "maintenance", "2026-12-01", "2028-12-01"),
        ("inspection,24,,36,purchase\n", "inspection", "repair", "2026-12-01", "2029-01-10"),
        ("tyres,,,,season\n", "tyres", "maintenance", "2026-10-20", "2027-04-01"),
    ],
)
def test_what_has_visits_of_its_own_is_done_where_another_names_it_too(
    tmp_path: Path, rule: str, service: str, kind: str, day: str, due: str
) -> None:
    for own in ([(day, kind, f"brakes,{service}")], [(day, service, "")], [(day, service, service)]):
        assert first_of(forecast_of(tmp_path, rule, own), service) == (day, due)
    before = [("2026-05-01", service, ""), (day, kind, service)]
    assert first_of(forecast_of(tmp_path, rule, before), service) == (day, due)
    assert first_of(forecast_of(tmp_path, rule, before[::-1]), service) == (day, due)
    # A record of others says nothing against a visit of its own.
    other = forecast_of(tmp_path, rule, [(day, service, "")], [("2025-05-05", "repair", service)])
    assert first_of(other, service) == (day, due)


@pytest.mark.parametrize(("name", "kind"), [("MOT", "inspection"), ("Winter tyres", "tyres")])
def test_what_is_called_otherwise_is_done_at_visits_of_its_kind_too(
    tmp_path: Path, name: str, kind: str
) -> None:
    rule = f"{name},24,,,\n"
    for own in ([("2025-05-05", kind, "")], [("2025-05-05", "repair", kind)]):
        assert first_of(forecast_of(tmp_path, rule, own), name) == ("2025-05-05", "2027-05-05")
    # Others' visits of that kind are its record: a maintenance that does not name it did not do it.
    other = forecast_of(tmp_path, rule, YEARLY, [("2024-06-01", kind, "")] * 10)
    assert first_of(other, name) == ("never", "2026-01-10")


def test_names_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("service,words\nunderbody,wax; rustproofing\n", encoding="utf-8")
    own = [*YEARLY, ("2026-03-03", "body", "underbody")]
    result = forecast_of(tmp_path, "Rustproofing,24,,,\n" + BRAKES, own, names="services.csv")
    assert first_of(result, "Rustproofing") == ("2026-03-03", "2028-03-03")
    assert first_of(result, "brake fluid") == ("2026-01-10", "2028-01-10")


def test_names_that_no_interval_has_change_nothing(tmp_path: Path) -> None:
    named = [(day, kind, "wipers,air filter,tyres") for day, kind, _ in YEARLY]
    plain, other = (forecast_of(tmp_path, BRAKES, own) for own in (YEARLY, named))
    pd.testing.assert_frame_equal(plain.items, other.items)
    pd.testing.assert_frame_equal(plain.services, other.services)


def test_from_exports_to_the_last_time(tmp_path: Path) -> None:
    """Of the sample's cars, whose repair orders say it in words; against a plain look at what was planted."""
    end = date(2026, 3, 2)
    sample = make_sample(150, 8, end)
    (tmp_path / "intervals.csv").write_text("service,months\nmaintenance,12\nBrake fluid change,24\n")
    chosen = Settings(service=Service(intervals="intervals.csv"), base=tmp_path)
    exports = [path for path in write_sample(sample, tmp_path / "exports") if path.suffix == ".csv"]
    with Store.create(tmp_path / "store.db") as store:
        import_exports(store, exports, chosen, end)
        tables = stored_tables(store, chosen, "vehicles", "visits", "readings")
    result = forecast(
        tables["vehicles"], tables["visits"], tables["readings"], chosen, end, end.replace(year=2029)
    )
    rejected = sample.planted.query("table == 'visits' and rejected")["row"] - 2
    rows = sample.frames["visits"].assign(done=sample.done).drop(index=rejected).dropna(subset="services")
    rows = rows[rows["done"].str.contains("brake fluid", na=False)]
    days = pd.to_datetime(rows["visited_on"])
    bought = tables["vehicles"].set_index("vehicle_id")["purchased_on"]
    later = days > rows["vehicle_id"].map(bought)
    last = days[later].groupby(rows["vehicle_id"]).max()
    found = result.items.drop_duplicates("vehicle_id").set_index("vehicle_id")["done_on"]
    assert len(last) > 50
    assert found.reindex(last.index).tolist() == last.tolist()
    others = found[~found.index.isin(last.index)].dropna()
    # What is assumed is so before ten orders of a year named it, or of a visit whose order has no words.
    ordered = np.sort(days.to_numpy())
    tenth = next(
        day
        for day, first in zip(ordered[9:], ordered[:-9], strict=True)
        if day - first < np.timedelta64(365, "D")
    )
    kept = tables["visits"].set_index(["vehicle_id", "visited_on"])["services"]
    for vehicle, day in others.items():
        assert day < tenth or kept[[(vehicle, day)]].isna().all()
