"""What kinds of outcomes there are."""

from __future__ import annotations

import pandas as pd

NOT_REACHED = ("no_answer", "voicemail", "busy", "wrong_number")
# After these the contact is not over: a later row of it is the next attempt.
OPEN = (*NOT_REACHED, "callback")
# These stop contacts: they hold from the moment they are read, without cells that they do not need and that
# cannot be used; see docs/decisions/0017.
AT_ONCE = ("do_not_call", "complaint")
BOOKED = ("booked", "already_booked")
NAMES_A_DAY_AHEAD = ("booked", "already_booked", "callback")

ABOUT_SERVICE = ("service", "lapsed")  # kinds of touchpoints that speak of a service that is to come


def every_car(answers: pd.DataFrame) -> pd.DataFrame:
    """One row an answer and car that it names; `own` says whether it is the contact's own."""
    own = answers.assign(own=True)
    others = answers[answers["also_vehicle_ids"].notna()]
    others = others.assign(vehicle_id=others["also_vehicle_ids"].str.split(",")).explode("vehicle_id")
    others["vehicle_id"] = others["vehicle_id"].astype("str")
    return pd.concat([own, others.assign(own=False)], ignore_index=True)
