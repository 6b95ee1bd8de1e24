"""Service intervals: which rule holds for which car."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import SettingsError
from planner.files import read_csv
from planner.tables import VISIT_KINDS

MAINTENANCE = "maintenance"
OF_CAR = ("make", "model", "fuel")
COLUMNS = (*OF_CAR, "service", "months", "km", "first_months", "counted_from")

DONE, PURCHASE, SEASON = COUNTED_FROM = ("done", "purchase", "season")

# Where no row of the file fits: a year or 15,000 km, the commonest rule of manufacturers in print.
DEFAULT_MONTHS = 12
DEFAULT_KM = 15_000.0

MONTHS = (1, 240)
KM = (100.0, 1_000_000.0)
LIKE_A_KIND = 0.8  # "tires" is a typing error of the kind "tyres", "brake fluid" is a name of its own


@dataclass(frozen=True, slots=True)
class Rule:
    """The interval of one kind of service, a row for each car that has it; NaN is no limit."""

    car: npt.NDArray[np.int64]  # position of the vehicle, ascending
    months: npt.NDArray[np.float64]
    km: npt.NDArray[np.float64]
    first_months: npt.NDArray[np.float64]  # until the first time
    counted_from: npt.NDArray[np.object_]  # one of COUNTED_FROM


def load_intervals(path: Path) -> pd.DataFrame:
    """The rules of an intervals CSV, the most specific last.

    Columns out: make, model, fuel (lower case, "" fits every car), service, months, km, first_months
    (float64, NaN is no limit; first_months are the months where the file has none), counted_from. A
    blank service is maintenance. Comma or semicolon separate the columns; # begins a comment line.

    counted_from: `done` (or blank), from the last time it was done; `purchase`, a fixed calendar from
    the day of purchase; `season`, 1 April and 15 October. Maintenance needs months, because service
    numbers are counted in them.

    Order: a row that names more of make, model and fuel is more specific; among equals one that
    names the model, then one that names the make.

    Raises SettingsError with file, line and what to do.
    """
    rows = read_csv(path, SettingsError, "service intervals")
    names = _header(path, next(rows, (0, []))[1])
    rules: dict[tuple[str, ...], tuple[float, float, float, str]] = {}
    written: dict[str, str] = {}  # a service is shown as it was first written
    for line, values in rows:
        where = f"{path}: line {line}"
        cells = dict(zip(names, values, strict=False))
        row = {name: value.lower() for name, value in cells.items()}
        service = _service(where, row.get("service") or MAINTENANCE)
        if service not in VISIT_KINDS:
            service = written.setdefault(service, cells["service"])
        key = (*(row.get(name, "") for name in OF_CAR), service)
        if key in rules:
            raise SettingsError(
                f"{where}: a second interval for the same make, model, fuel and service; keep one"
            )
        rules[key] = _interval(where, service, row)
    ordered = sorted(rules, key=_specificity)
    frame = pd.DataFrame([(*key, *rules[key]) for key in ordered], columns=list(COLUMNS))
    numbers = dict.fromkeys(("months", "km", "first_months"), "float64")
    return frame.astype({**dict.fromkeys(COLUMNS, "str"), **numbers})


def intervals_of(
    vehicles: pd.DataFrame, intervals: pd.DataFrame
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Months and km between two maintenances of each vehicle, in the order of the vehicles.

    Reads make, model and fuel of the vehicles, without regard to case; the most specific rule wins. Km
    is NaN where there is no limit by km. Where no rule fits: 12 months or 15,000 km.
    """
    rules = intervals[intervals["service"] == MAINTENANCE]
    which = _fitting(vehicles, {MAINTENANCE: rules})[MAINTENANCE]
    months = np.append(rules["months"].to_numpy(), DEFAULT_MONTHS).astype("int64")
    km = np.append(rules["km"].to_numpy(), DEFAULT_KM)
    return months[which], km[which]  # none is -1, the default at the end


def rules_of(vehicles: pd.DataFrame, intervals: pd.DataFrame) -> dict[str, Rule]:
    """The rule of every other kind of service, by its name; a car that no row fits does not have it."""
    others = intervals[intervals["service"] != MAINTENANCE]
    rules = {str(service): rows for service, rows in others.groupby("service")}
    found = {}
    for service, which in (_fitting(vehicles, rules) if rules else {}).items():
        car = np.flatnonzero(which >= 0)
        chosen = rules[service].iloc[which[car]]
        found[service] = Rule(
            car=car,
            months=chosen["months"].to_numpy(),
            km=chosen["km"].to_numpy(),
            first_months=chosen["first_months"].to_numpy(),
            counted_from=chosen["counted_from"].to_numpy(dtype=object),
        )
    return found


def plain(names: pd.Series) -> pd.Series:
    """Names as they are compared: without case and outer spaces, missing is empty."""
    code, kinds = pd.factorize(names.astype("str").fillna(""))  # a fleet has few different names
    spelt = pd.Series(kinds, dtype="str").str.strip().str.lower()
    return spelt.take(code).set_axis(names.index)


def _fitting(vehicles: pd.DataFrame, rules: dict[str, pd.DataFrame]) -> dict[str, npt.NDArray[np.int64]]:
    """Of each service the position, in its rules, of the last that fits each vehicle; -1 is none."""
    number, spelt = np.zeros(len(vehicles), dtype="int64"), {}
    for name in OF_CAR:
        code, spelt[name] = pd.factorize(plain(vehicles[name]))
        number = number * (len(spelt[name]) + 1) + code
    kind, different = pd.factorize(number)
    kinds = {}
    for name in reversed(OF_CAR):
        different, code = np.divmod(different, len(spelt[name]) + 1)
        kinds[name] = spelt[name].take(code)
    found = {}
    for service, rows in rules.items():
        which = np.full(len(different), -1, dtype="int64")
        for position, rule in enumerate(rows.itertuples(index=False)):
            fits = np.ones(len(different), dtype=bool)
            for name in OF_CAR:
                if wanted := getattr(rule, name):
                    fits &= np.asarray(kinds[name] == wanted, dtype=bool)
            which[fits] = position
        found[service] = which[kind]
    return found


def _specificity(key: tuple[str, ...]) -> tuple[int, bool, bool, tuple[str, ...]]:
    make, model, fuel, _ = key
    return sum(map(bool, (make, model, fuel))), bool(model), bool(make), key


def _header(path: Path, header: list[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    for name in names:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(COLUMNS)}"
            raise SettingsError(f"{path}: unknown column {name!r}; {hint}")
    if "months" not in names:
        raise SettingsError(f"{path}: no column 'months'; the columns are {', '.join(COLUMNS)}")
    return names


def _service(where: str, service: str) -> str:
    """The name of a service, if it can be one: who does it, and when, hangs on its name."""
    near = difflib.get_close_matches(service, VISIT_KINDS, n=1, cutoff=LIKE_A_KIND)
    if near and near[0] != service:
        raise SettingsError(
            f"{where}: service is {service!r}; did you mean {near[0]!r}, the visits that do it?"
        )
    if "," in service:
        raise SettingsError(
            f"{where}: service is {service!r}; a comma separates services, so name it without"
        )
    return service


def _interval(where: str, service: str, row: dict[str, str]) -> tuple[float, float, float, str]:
    """months, km, first_months and counted_from of a row, if they go together."""
    months, first = (_number(where, name, row.get(name, ""), *MONTHS) for name in ("months", "first_months"))
    km = _number(where, "km", row.get("km", ""), *KM)
    counted_from = row.get("counted_from") or DONE
    if counted_from not in COUNTED_FROM:
        near = difflib.get_close_matches(counted_from, COUNTED_FROM, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"take one of {', '.join(COUNTED_FROM)}"
        raise SettingsError(f"{where}: counted_from is {counted_from!r}; {hint}")
    by_time, by_km, at_first = (not math.isnan(number) for number in (months, km, first))
    wrong = ""
    if service == MAINTENANCE:
        if not by_time or months != int(months):
            wrong = "months must be a whole number, as service numbers are counted in months"
        elif at_first or counted_from != DONE:
            wrong = "maintenance is counted from the one before; leave first_months and counted_from blank"
    elif counted_from != DONE and service not in VISIT_KINDS:
        kinds = ", ".join(kind for kind in VISIT_KINDS if kind != MAINTENANCE)
        wrong = (
            f"counted_from {counted_from} needs a service that has visits of its own ({kinds}); "
            f"where no repair order names it, nobody notes when {service!r} was done"
        )
    elif counted_from == SEASON and (by_time or by_km or at_first):
        wrong = "counted_from season has days of its own; leave months, km and first_months blank"
    elif counted_from == PURCHASE and (by_km or not by_time):
        wrong = "counted_from purchase is a calendar in months; give months, and leave km blank"
    elif counted_from == DONE and not (by_time or by_km):
        wrong = "no months and no km; give one of them, or both"
    elif at_first and not by_time:
        wrong = "first_months without months; give both"
    elif any(number % 1 for number in (months, first) if not math.isnan(number)):
        wrong = "months and first_months must be whole numbers"
    if wrong:
        raise SettingsError(f"{where}: {wrong}")
    return months, km, first if at_first else months, counted_from


def _number(where: str, name: str, text: str, low: float, high: float) -> float:
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise SettingsError(f"{where}: {name} is {text!r}; it must be a number from {low:g} to {high:,.0f}")
    return value
