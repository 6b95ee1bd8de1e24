"""An invented dealership and its customers, for the tests of the scripts."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from planner.columns import typed
from planner.cycle import load_cycles
from planner.scripts import Scripts, contact_contexts
from planner.scripts.check import for_script, sample_contexts
from planner.settings import DEFAULTS, Settings
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, VEHICLES, VISITS

AS_OF = date(2026, 2, 23)  # a Monday
DEALERSHIP = {"name": "Harbour Motors", "phone": "+1 555 010 0199", "country": "US"}
SETTINGS = Settings.model_validate({"dealership": DEALERSHIP})
SCRIPTS = Scripts(SETTINGS)
TACTICS = sorted(path.stem for path in (DEFAULTS / "tactics").glob("*.csv"))
# Whatever ships, with every tactic that a manager can switch on.
SHIPPED = load_cycles(Settings.model_validate({"cycle": {"tactics": TACTICS}}))


# An Arabic one in each kind of country: months as in مارس or آذار, digits as in 14 or ١٤.
COUNTRIES = ("AE", "EG", "JO")
ARABIC = {
    country: Settings.model_validate(
        {
            "dealership": {
                "name": "شركة الخليج للسيارات",
                "phone": "+971 4 555 0199",
                "country": country,
                "language": "ar",
            }
        }
    )
    for country in COUNTRIES
}
ARABIC_SCRIPTS = {country: Scripts(settings) for country, settings in ARABIC.items()}


@cache
def _samples(scripts: Scripts, language: str) -> list[dict[str, object]]:
    return sample_contexts(scripts, language)


def samples(scripts: Scripts, script: str, channel: str, language: str = "en") -> list[dict[str, object]]:
    """The contexts of three invented customers: everything known, next to nothing known, two late cars."""
    return [for_script(scripts, sample, script, channel) for sample in _samples(scripts, language)]


def own_folder(tmp_path: Path, files: dict[str, str], like: Settings = SETTINGS) -> Settings:
    """The settings of a dealership that has these files in a folder of its own."""
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return Settings(dealership=like.dealership, scripts={"folder": str(tmp_path)})  # type: ignore[arg-type]


def contexts(
    contact: dict[str, object] | None = None,
    customer: dict[str, object] | None = None,
    vehicle: dict[str, object] | None = None,
    due: dict[str, object] | None = None,
    visited_on: str | None = "2025-03-12",
    settings: Settings = SETTINGS,
    **more: object,
) -> dict[str, object]:
    """The context of one contact: Maria Rossi's Toyota, its second service due on 14 March 2026."""
    one = {
        "contact_id": "V1/S2c",
        "customer_id": "C1",
        "household_id": "H1",
        "vehicle_id": "V1",
        "service_no": 2,
        "channel": "call",
        "script": "service_call",
        "planned_on": "2026-02-23",
        **(contact or {}),
    }
    person = {"customer_id": "C1", "household_id": "H1", "name": "Maria Rossi", **(customer or {})}
    car = {
        "vehicle_id": "V1",
        "customer_id": "C1",
        "make": "Toyota",
        "model": "Corolla",
        "purchased_on": "2024-03-14",
        **(vehicle or {}),
    }
    service = {"vehicle_id": "V1", "service_no": 2, "due_on": "2026-03-14", "due_km": 30_123.0, **(due or {})}
    visits = [{"vehicle_id": "V1", "visited_on": visited_on}] if visited_on else []
    if settings is SETTINGS:
        more.setdefault("scripts", SCRIPTS)
    [found] = contact_contexts(
        typed(pd.DataFrame([one]), CONTACTS),
        typed(pd.DataFrame([person]), CUSTOMERS),
        typed(pd.DataFrame([car]), VEHICLES),
        typed(pd.DataFrame([service]), FORECASTS),
        typed(pd.DataFrame(visits), VISITS),
        settings,
        AS_OF,
        **more,  # type: ignore[arg-type]
    )
    return found
