"""Service intervals: which rule holds for which car."""

from __future__ import annotations

import csv
import difflib
import io
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import SettingsError

MAINTENANCE = "maintenance"
COLUMNS = ("make", "model", "fuel", "service", "months", "km")

# Where no row of the file fits: a year or 15,000 km, the commonest rule of manufacturers in print.
DEFAULT_MONTHS = 12
DEFAULT_KM = 15_000.0

MONTHS = (1, 240)
KM = (100.0, 1_000_000.0)


def load_intervals(path: Path) -> pd.DataFrame:
    """The rules of an intervals CSV, the most specific last.

    Columns out: make, model, fuel (lower case, "" fits every car), service, months (int64),
    km (float64, NaN is no limit by km). A blank service is maintenance. Months are needed in every
    row because service numbers are counted in them. Comma or semicolon separate the columns.

    Order: a row that names more of make, model and fuel is more specific; among equals one that
    names the model, then one that names the make.

    Raises SettingsError with file, line and what to do.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: the service intervals cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(
            f"{path}: the service intervals are not UTF-8 text; save them as CSV UTF-8"
        ) from None
    header, _, _ = text.partition("\n")
    lines = csv.reader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    names = _header(path, next(lines, []))
    rules: dict[tuple[str, ...], tuple[int, float]] = {}
    for values in lines:
        if not any(value.strip() for value in values):
            continue
        where = f"{path}: line {lines.line_num}"
        row = dict(zip(names, (value.strip().lower() for value in values), strict=False))
        key = (
            row.get("make", ""),
            row.get("model", ""),
            row.get("fuel", ""),
            row.get("service") or MAINTENANCE,
        )
        if key in rules:
            raise SettingsError(
                f"{where}: a second interval for the same make, model, fuel and service; keep one"
            )
        months = _number(where, "months", row.get("months", ""), *MONTHS)
        if math.isnan(months) or months != int(months):
            raise SettingsError(
                f"{where}: months must be a whole number, as service numbers are counted in months"
            )
        rules[key] = int(months), _number(where, "km", row.get("km", ""), *KM)
    ordered = sorted(rules, key=_specificity)
    frame = pd.DataFrame([(*key, *rules[key]) for key in ordered], columns=list(COLUMNS))
    return frame.astype({**dict.fromkeys(COLUMNS[:4], "str"), "months": "int64", "km": "float64"})


def intervals_of(
    vehicles: pd.DataFrame, intervals: pd.DataFrame, service: str = MAINTENANCE
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Months and km of each vehicle's service, in the order of the vehicles; the most specific rule wins.

    Reads make, model and fuel of the vehicles, without regard to case. Km is NaN where there is no
    limit by km. Where no rule fits: 12 months or 15,000 km.
    """
    cars = pd.DataFrame({name: plain(vehicles[name]) for name in COLUMNS[:3]})
    kind = cars.groupby(list(COLUMNS[:3]), sort=False).ngroup().to_numpy()
    kinds = cars.drop_duplicates().reset_index(drop=True)
    months = np.full(len(kinds), DEFAULT_MONTHS, dtype="int64")
    km = np.full(len(kinds), DEFAULT_KM)
    for rule in intervals[intervals["service"] == service].itertuples(index=False):
        fits = np.ones(len(kinds), dtype=bool)
        for name in COLUMNS[:3]:
            if wanted := getattr(rule, name):
                fits &= (kinds[name] == wanted).to_numpy(dtype=bool)
        months[fits], km[fits] = rule.months, rule.km
    return months[kind], km[kind]


def plain(names: pd.Series) -> pd.Series:
    """Names as they are compared: without case and outer spaces, missing is empty."""
    code, kinds = pd.factorize(names.astype("str").fillna(""))  # a fleet has few different names
    spelt = pd.Series(kinds, dtype="str").str.strip().str.lower()
    return spelt.take(code).set_axis(names.index)


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
