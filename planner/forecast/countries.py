"""Countries: how far a car drives in a year, where nothing nearer to the car is known."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from planner.settings import Settings
from planner.tables import KM_PER_MILE

GENERAL_KM_PER_MONTH = 1_250.0  # 15,000 km a year: our judgement; 17 of the 25 countries listed have less

SURE = ("official", "reported", "estimate")


@dataclass(frozen=True, slots=True)
class Country:
    """The mean of a country's passenger cars, a row of countries.csv.

    sure: `official`, read in a publication of the office that counted; `reported`, a figure of such an
    office as somebody else reports it; `estimate`, a survey or a model.
    """

    code: str  # ISO 3166 alpha-2
    km_per_year: int
    year: int
    counts: str  # which vehicles
    sure: str
    source: str
    url: str

    @property
    def km_per_month(self) -> float:
        """Whole km, so that the figure in dealership.toml is the one that holds."""
        return float(round(self.km_per_year / 12))


@cache
def countries() -> Mapping[str, Country]:
    """The countries of which a figure is known, by code. Source: each row names its own."""
    text = files("planner.forecast").joinpath("countries.csv").read_text(encoding="utf-8")
    return {
        row["country"]: Country(
            code=row["country"],
            km_per_year=int(row["km_per_year"]),
            year=int(row["year"]),
            counts=row["counts"],
            sure=row["sure"],
            source=row["source"],
            url=row["url"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def default_km_per_month(settings: Settings) -> float:
    """Km a month of a car of which nothing is known: the setting, else the country's mean, else 1,250."""
    if settings.forecast.default_km_per_month is not None:
        return settings.forecast.default_km_per_month
    country = _named_country(settings)
    return country.km_per_month if country else GENERAL_KM_PER_MONTH


def _named_country(settings: Settings) -> Country | None:
    """The country that the settings name; the one that they hold where nobody named any says nothing."""
    named = "country" in settings.dealership.model_fields_set
    return countries().get(settings.dealership.country) if named else None


def default_from(settings: Settings) -> str:
    """Whence that figure comes: `settings`, `Germany`, or `any country` where this one has none."""
    if settings.forecast.default_km_per_month is not None:
        return "settings"
    country = _named_country(settings)
    return name_of(country.code) if country else "any country"


def settings_line(code: str, unit: str) -> str:
    """The line of dealership.toml, behind a #, that sets what holds in a country anyway, and says why.

    The key is in km whatever the odometers count; with unit `mi` the year is told in miles too.
    """
    country = countries().get(code)
    if country is None:
        told = f"{name_of(code)}: no figure with a source is known; this is ours for all such countries"
        return f"# default_km_per_month = {GENERAL_KM_PER_MONTH:.0f}  # {told}"
    miles = f" ({country.km_per_year / KM_PER_MILE:,.0f} miles)" if unit == "mi" else ""
    told = f"{name_of(code)}: {country.km_per_year:,} km{miles} a year, {country.source} {country.year}"
    return f"# default_km_per_month = {country.km_per_month:.0f}  # {told}"


def name_of(code: str) -> str:
    """The English name of a country; the code itself where it has none."""
    from babel import Locale  # late: only init and explain need it

    return str(Locale("en").territories.get(code, code))
