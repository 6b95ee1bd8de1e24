"""Is every script whole? Each is rendered for each of its channels, with much and with little known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from planner.columns import typed
from planner.errors import SettingsError
from planner.scripts.context import contact_contexts, language_code
from planner.scripts.sms import MAX_SEGMENTS, outside_gsm, sms_segments
from planner.scripts.words import WORDS_FILE, load_words
from planner.tables import (
    CONTACTS,
    CUSTOMERS,
    DO_NOT_CALL_ALL,
    FORECASTS,
    LIVE_STATUSES,
    OUTCOMES,
    VEHICLES,
    VISITS,
)

if TYPE_CHECKING:
    from planner.scripts.render import Scripts

Context = dict[str, object]

WAY_OUT = "blocks/way_out"
# What the list itself sends after three calls that reached nobody: no row of a cycle names it.
NOT_REACHED = (("not_reached", "sms"), ("not_reached", "messenger"))

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


def problems(
    scripts: Scripts, uses: Iterable[tuple[str, str]] = (), marketing: Iterable[tuple[str, str]] = ()
) -> list[str]:
    """Each fault as a sentence, in a stable order, none twice; see Scripts.problems."""
    dealership = scripts.settings.dealership.language
    selling = frozenset(marketing)
    found: dict[str, None] = {}
    if dealership not in scripts.languages:
        found[f"scripts: none in the dealership's language {dealership!r}"] = None
    for language in sorted(scripts.languages, key=lambda one: (one != dealership, one)):
        found |= dict.fromkeys(_missing(scripts, language, [*uses, *NOT_REACHED]))
        try:
            samples = sample_contexts(scripts, language)
        except SettingsError as error:
            found[str(error)] = None
            continue
        found |= dict.fromkeys(_strange_services(scripts, language))
        for script in scripts.names(language):
            found |= dict.fromkeys(_of_script(scripts, script, language, samples, selling))
    return list(found)


def row_problems(scripts: Scripts, tables: Mapping[str, pd.DataFrame], as_of: date) -> list[str]:
    """What is wrong for real customers: the first contact of each touchpoint by each way in each language.

    In: contacts, customers, vehicles, forecasts, visits; only contacts of a live status are looked at.
    Out: one sentence a fault, with the contact that it was found at.
    """
    contacts, dealership = tables["contacts"], scripts.settings.dealership.language
    spoken = tables["customers"].set_index("customer_id")["language"].map(language_code, na_action="ignore")
    language = contacts["customer_id"].map(spoken)
    contacts = contacts.assign(language=language.where(language.isin(scripts.languages), dealership))
    contacts = contacts[contacts["status"].isin(LIVE_STATUSES)]
    first = contacts.drop_duplicates(["touchpoint", "script", "channel", "language"])
    found: dict[str, None] = {}
    try:
        contexts = contact_contexts(
            first,
            tables["customers"],
            tables["vehicles"],
            tables["forecasts"],
            tables["visits"],
            scripts.settings,
            as_of,
            scripts=scripts,
        )
    except SettingsError as error:  # of a [why]; told in full by `problems`
        return [str(error)]
    for context in contexts:
        script, spoken_in, channel = (str(context[key]) for key in ("script", "language", "channel"))
        try:
            text = scripts.render(script, spoken_in, context)
        except SettingsError as error:
            found[f"{context['contact_id']}: {error}"] = None
            continue
        place = f"{context['contact_id']}: script {script!r} ({spoken_in})"
        found |= dict.fromkeys(_of_text(text, place, channel))
    return list(found)


def _strange_services(scripts: Scripts, language: str) -> Iterator[str]:
    """Sentences for services that there are not: nobody would ever hear them."""
    known = {*load_words("en").missing, *scripts.services.codes}
    for service in scripts.words(language).missing:
        if service not in known:
            near = difflib.get_close_matches(service, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the services are {', '.join(sorted(known))}"
            yield f"scripts: {language}/{WORDS_FILE}: missing.{service} is no service; {hint}"


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
        missing=pd.Series({"full-1/sample": "tyres"}),
    )
    contexts[1]["dealership_phone"] = ""
    if language != scripts.settings.dealership.language:
        # How long its name is in another alphabet is for the dealership to see on its own customers.
        for context in contexts:
            context["dealership"] = "Harbour Motors"
    return contexts


def for_script(scripts: Scripts, sample: Context, script: str, channel: str) -> Context:
    """A sample context as that of one script on one channel; raises SettingsError if its why is wrong."""
    context = {**sample, "script": script, "channel": channel}
    return {**context, "why": scripts.why(script, str(sample["language"]), context)}


def _missing(scripts: Scripts, language: str, uses: Iterable[tuple[str, str]]) -> Iterator[str]:
    known = scripts.names(language)
    for script, channel in uses:
        if script not in known:
            if language == scripts.settings.dealership.language:  # elsewhere the dealership's is taken
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


def _of_script(
    scripts: Scripts,
    script: str,
    language: str,
    samples: list[Context],
    selling: frozenset[tuple[str, str]],
) -> Iterator[str]:
    place = f"script {script!r} ({language})"
    try:
        for channel in scripts.channels(script, language):
            for sample in samples:
                context = for_script(scripts, sample, script, channel)
                text = scripts.render(script, language, context)
                yield from _of_text(text, place, channel)
                if channel != "call" and (script, channel) in selling:
                    way_out = scripts.render(WAY_OUT, language, context)
                    if not way_out or way_out not in text:
                        yield f"{place}: no way out for {channel}; it needs {{% include '{WAY_OUT}.md' %}}"
    except SettingsError as error:
        yield str(error)


def _of_text(text: str, place: str, channel: str) -> Iterator[str]:
    if channel == "sms" and (segments := sms_segments(text)) > MAX_SEGMENTS:
        strange = outside_gsm(text)
        why = f" ({strange!r} is outside the small alphabet)" if strange else ""
        yield f"{place}: an SMS of {segments} segments{why}; shorten it to {MAX_SEGMENTS}"
    if channel in ("email", "post") and not text.startswith("# "):
        yield f"{place}: for {channel} the first line must be the subject, '# Subject'"
    for code in re.findall(r"`([^`]*)`", text) if channel == "call" else ():
        if code not in (known := (*OUTCOMES, DO_NOT_CALL_ALL)):
            yield f"{place}: no outcome {code!r}; take of {', '.join(known)}"
