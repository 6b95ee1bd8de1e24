"""Is every script whole? Each is rendered for each of its channels, with much and with little known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import SettingsError
from planner.scripts.context import contact_contexts
from planner.scripts.sms import MAX_SEGMENTS, sms_segments
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, OUTCOMES, VEHICLES, VISITS, typed

if TYPE_CHECKING:
    from planner.scripts.render import Scripts

Context = dict[str, object]

_AS_OF = date(2026, 2, 23)

# Invented customers: of one everything is known, of one nothing but what the export must have, and one
# has two cars that are late.
_KINDS = ("full", "bare", "late")
_CUSTOMERS = [
    {"customer_id": "full", "name": "Maria Rossi", "household_id": "full", "advisor": "Tom Becker"},
    {"customer_id": "bare", "name": "bare", "household_id": "bare"},
    {"customer_id": "late", "name": "Ann Lee", "household_id": "late"},
]
_VEHICLES = [
    {
        "vehicle_id": "full-1",
        "customer_id": "full",
        "make": "Toyota",
        "model": "Corolla",
        "purchased_on": "2024-03-14",
        "warranty_end_on": "2027-03-14",
        "finance_end_on": "2027-03-14",
    },
    {"vehicle_id": "bare-1", "customer_id": "bare", "purchased_on": "2019-06-01"},
    {
        "vehicle_id": "late-1",
        "customer_id": "late",
        "make": "Skoda",
        "model": "Octavia",
        "purchased_on": "2019-01-08",
    },
    {
        "vehicle_id": "late-2",
        "customer_id": "late",
        "make": "Kia",
        "model": "Rio",
        "purchased_on": "2021-06-30",
    },
]
_VISITS = [
    {"vehicle_id": "full-1", "visited_on": "2026-02-16"},
    {"vehicle_id": "late-1", "visited_on": "2024-11-20"},
]
_FORECASTS = [
    {
        "vehicle_id": "full-1",
        "service_no": 2,
        "due_on": "2026-03-14",
        "due_km": 30_000.0,
        "services": "maintenance, inspection, brake fluid",
        "due_first_on": "2026-03-09",
    },
    {"vehicle_id": "late-1", "service_no": 7, "due_on": "2025-11-20", "due_km": 98_400.0},
    {"vehicle_id": "late-2", "service_no": 4, "due_on": "2025-12-30", "due_km": 60_000.0},
]
_SERVICES = {"full": 2, "late": 7}


def problems(scripts: Scripts, uses: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Each fault as a sentence, in a stable order, none twice; see Scripts.problems."""
    dealership = scripts.settings.dealership.language
    found = dict.fromkeys(_missing(scripts, dealership, uses))
    for language in scripts.languages:
        try:
            samples = sample_contexts(scripts, language)
        except SettingsError as error:
            found[str(error)] = None
            continue
        for script in scripts.names(language):
            found.update(dict.fromkeys(_of_script(scripts, script, language, samples)))
    return list(found)


def sample_contexts(scripts: Scripts, language: str) -> list[Context]:
    """The contexts of the three invented customers, in the order of full, bare, late; no script yet.

    Raises SettingsError as contact_contexts does.
    """
    rows = [
        {
            "contact_id": f"{who}-1/sample",
            "customer_id": who,
            "household_id": who,
            "vehicle_id": f"{who}-1",
            "also_vehicle_ids": "late-2" if who == "late" else None,
            "service_no": _SERVICES.get(who),
        }
        for who in _KINDS
    ]
    contexts = contact_contexts(
        typed(pd.DataFrame(rows), CONTACTS),
        typed(pd.DataFrame(_CUSTOMERS), CUSTOMERS),
        typed(pd.DataFrame(_VEHICLES), VEHICLES),
        typed(pd.DataFrame(_FORECASTS), FORECASTS),
        typed(pd.DataFrame(_VISITS), VISITS),
        scripts.settings,
        _AS_OF,
        scripts=scripts,
        language=language,
    )
    contexts[1]["dealership_phone"] = ""
    return contexts


def for_script(scripts: Scripts, sample: Context, script: str, channel: str) -> Context:
    """A sample context as that of one script on one channel; raises SettingsError if its why is wrong."""
    context = {**sample, "script": script, "channel": channel}
    return {**context, "why": scripts.why(script, str(sample["language"]), context)}


def _missing(scripts: Scripts, language: str, uses: Iterable[tuple[str, str]]) -> Iterator[str]:
    if language not in scripts.languages:
        yield f"scripts: none in the dealership's language {language!r}"
        return
    known = scripts.names(language)
    for script, channel in uses:
        if script not in known:
            yield f"script {script!r} ({language}): the cycle uses it, and there is none"
            continue
        try:
            channels = scripts.channels(script, language)
        except SettingsError:
            continue  # told with the script itself
        if channel not in channels:
            yield (
                f"script {script!r} ({language}): the cycle uses it for {channel}, "
                f"and it is written for {', '.join(channels)}"
            )


def _of_script(scripts: Scripts, script: str, language: str, samples: list[Context]) -> Iterator[str]:
    try:
        for channel in scripts.channels(script, language):
            for sample in samples:
                text = scripts.render(script, language, for_script(scripts, sample, script, channel))
                yield from _of_text(text, f"script {script!r} ({language})", channel)
    except SettingsError as error:
        yield str(error)


def _of_text(text: str, place: str, channel: str) -> Iterator[str]:
    if channel == "sms" and (segments := sms_segments(text)) > MAX_SEGMENTS:
        yield f"{place}: an SMS of {segments} segments; shorten it to {MAX_SEGMENTS}"
    if channel in ("email", "post") and not text.startswith("# "):
        yield f"{place}: for {channel} the first line must be the subject, '# Subject'"
    for code in re.findall(r"`([^`]*)`", text) if channel == "call" else ():
        if code not in OUTCOMES:
            yield f"{place}: no outcome {code!r}; take of {', '.join(OUTCOMES)}"
