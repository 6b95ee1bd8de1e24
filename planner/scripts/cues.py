"""What speaks for another car, in a sentence that the caller can use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import empty
from planner.dates import add_months
from planner.scripts.facts import text
from planner.scripts.names import vehicle_name
from planner.scripts.render import Scripts
from planner.scripts.words import Words
from planner.settings import Settings
from planner.tables import CUES

MOST = 3  # reasons in one sentence; more is a list, not a talk
ENDS = {"finance_end": "finance_ended", "warranty_end": "warranty_ended"}
FIRST = ("months_owned", "single_car")  # they name the car and read best before the others
ANSWERS = ("asked", "sold_car")  # what the customer said himself needs no other reason


def cue_text(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    as_of: date,
    *,
    scripts: Scripts | None = None,
    language: str | None = None,
) -> pd.Series[str]:
    """By contact_id, the sentences of the cues that each contact carries, one a line, the weightiest first.

    tables: vehicles, and where there are any, cues. The language is the caller's: the dealership's if not
    given. Contacts that carry none are not in it. Raises SettingsError if there are no words in the language.
    """
    cues = tables.get("cues", empty(CUES))
    cues = cues[cues["contact_id"].notna()].sort_values(["score", "kind"], ascending=[False, True])
    told = cue_sentences(cues, tables["vehicles"], settings, as_of, scripts=scripts, language=language)
    return told.groupby(cues["contact_id"]).agg("\n".join).astype("str").rename_axis("contact_id")


def cue_sentences(
    cues: pd.DataFrame,
    vehicles: pd.DataFrame,
    settings: Settings,
    as_of: date,
    *,
    scripts: Scripts | None = None,
    language: str | None = None,
) -> pd.Series[str]:
    """One sentence a row of CUES, with their index: up to three reasons, and a question to end on.

    vehicles: for the names of the cars and how long they have been driven; worded as of as_of.
    """
    words = (scripts or Scripts(settings)).words(language or settings.dealership.language)
    cars = vehicles[vehicles["vehicle_id"].isin(cues["vehicle_id"])].drop_duplicates("vehicle_id")
    known = dict(zip(cars["vehicle_id"], cars.to_dict("records"), strict=True))
    told = [
        _sentence(kind, text(evidence), known.get(vehicle_id, {}), words, settings, as_of)
        for kind, evidence, vehicle_id in zip(cues["kind"], cues["evidence"], cues["vehicle_id"], strict=True)
    ]
    return pd.Series(told, index=cues.index, name="cue", dtype="str")


def _sentence(
    kind: str, evidence: str, car: Mapping[Any, Any], words: Words, settings: Settings, as_of: date
) -> str:
    """'You have had the Kia Rio for two years and the warranty ends in May. Would you rather keep it ...?'"""
    pairs = [part.partition("=")[::2] for part in evidence.split(";") if part]
    said = [code for code, _ in pairs if code in ANSWERS]
    ends = dict(pairs).get("finance_end")
    pairs = [pair for pair in pairs if pair[0] in words.cues and pair != ("warranty_end", ends)]
    pairs = pairs[: 1 if said else MOST]
    pairs.sort(key=lambda pair: pair[0] not in FIRST)
    vehicle = vehicle_name(text(car.get("make")), text(car.get("model"))) or words.phrases["car"]
    names, reasons = [], []
    for code, value in pairs:
        name, values = _values(code, value, car, words, settings, as_of)
        names.append(name)
        reasons.append(words.cue(name, vehicle=vehicle, **values))
    joined = words.listed(reasons) if reasons else vehicle
    if reasons and not any("{vehicle}" in words.cues[name] for name in names) and not said:
        joined = words.cue("of_car", vehicle=vehicle, reasons=joined)
    several = [code for code, _ in pairs if code == "own_more"]
    question = words.cues[f"ask_{[*said, *several, kind][0]}"]
    sentence = words.cue("sentence", reasons=joined, question=question)
    return sentence[:1].upper() + sentence[1:]


def _values(
    code: str, value: str, car: Mapping[Any, Any], words: Words, settings: Settings, as_of: date
) -> tuple[str, dict[str, str]]:
    """Which phrase tells a piece of evidence, and what fills its places."""
    if code in ENDS:
        day = date.fromisoformat(value)
        return (code if day >= as_of else ENDS[code]), {"month": words.month(day, as_of)}
    if code == "months_owned":
        return code, {"owned": words.span(pd.Timestamp(car["purchased_on"]).date(), as_of)}
    if code in ("own_replace", "own_second"):
        then = add_months(np.datetime64(as_of), int(float(value))).tolist()
        return code, {"after": words.span(as_of, then)}
    if code in ("km_over", "km_year"):
        return code, {"distance": words.distance(float(value), settings.dealership.unit)}
    if code in ("declined", "repairs"):
        return code, {"amount": words.money(float(value), settings.dealership.currency)}
    return code, {}
