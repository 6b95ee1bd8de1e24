"""The words of the sheet of sales cues."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "sheet.cues": "Sales cues",
    "column.score": "Score",
    "column.kind": "About",
    "column.decides_in": "Expected",
    "column.carried_by": "Carried by",
    "column.carried_on": "On",
    "column.opened_on": "Since",
    "annual.cues": "Reasons to speak of another car",
    "annual.cues.note": (
        "Who has a reason to think of another car, the strongest first: what to say, when the decision is "
        "likely, and the contact that carries it. Where there is none, the calendar holds no room for one."
    ),
    "annual.cues.none": "Nothing speaks for another car at present.",
    "annual.sheet.cues": "who may want another car, why now, and which call carries it",
    "kind.next_car": "next car",
    "kind.second_car": "second car",
    "note.score": (
        "0 to 100%: how much speaks for another car within a year. It ranks; as a probability it is not "
        "calibrated."
    ),
}
