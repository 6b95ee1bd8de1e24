"""Scores that customers give in a call: the answer of a survey, as if its tool had brought it."""

from __future__ import annotations

import re

import pandas as pd

from planner.columns import typed
from planner.outcomes.groups import OPEN
from planner.spelling import ASCII_DIGITS
from planner.tables import SURVEYS

ANSWER_DAYS = 30  # an answer that comes later after a contact that asks for one is not its. Our judgement
# The number at the beginning of a note, alone or "out of 10"; not the beginning of a larger number, of an
# hour, a range or a share ("10:30", "9,000", "3-4", "5%"), and not a count of something ("2 weeks").
_SCORE = re.compile(
    r"\s*(10|[0-9])(?:\s*(?:/|of|out of|من)\s*10)?(?!\s*[/:%-]|[.,]?\s*[0-9]|\s*(?:"
    r"am|pm|km|mi|miles?|h|hours?|minutes?|min|days?|weeks?|months?|years?|times|x|cars?|"
    r"ص|م|كم|ساع\w+|دقيق\w+|دقائق|يوم\w*|أيام|اسبوع\w*|أسبوع\w*|أسابيع|شهر\w*|أشهر|سن\w+|مرات|سيار\w+)\b|\w)",
    re.IGNORECASE,
)


def score(note: str) -> int | None:
    """The score with which a note begins, if it does.

    >>> score("9, kind people"), score("10/10"), score("٨ شكرا"), score("10 000 km"), score("2 weeks late")
    (9, 10, 8, None, None)
    """
    found = _SCORE.match(note.translate(ASCII_DIGITS))
    return int(found[1]) if found else None


def scores(answers: pd.DataFrame, touchpoints: pd.DataFrame) -> pd.DataFrame:
    """The scores that were given in calls that asked for one, as SURVEYS; of one day the last.

    answers: ANSWERS. touchpoints: id, purpose. A call in which nobody was reached, or that was put off, asks
    nothing.
    """
    asked = touchpoints.loc[touchpoints["purpose"] == "survey", "id"]
    said = answers[answers["touchpoint"].isin(asked) & ~answers["outcome"].isin(OPEN)]
    given = said.assign(
        score=pd.array([score(note) for note in said["note"].fillna("")], dtype="Int64"),
        asked_on=said["said_on"],
    )
    given = given.dropna(subset="score").drop_duplicates(list(SURVEYS.key), keep="last")
    return typed(given.reset_index(drop=True), SURVEYS)
