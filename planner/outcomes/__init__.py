"""Outcomes: what callers were told, recorded once and laid over what the exports say.

    groups.py     what kinds of outcomes there are
    attempts.py   when somebody who was not reached is tried again
    contradictions.py  what cannot be true of a filled-in row
    record.py     filled-in rows become answers, and contacts change
    corrected.py  rows that came back, and have been corrected since
    withdraw.py   an answer is taken back
    people.py     what was said to being contacted, and numbers that were wrong
    overlay.py    exports and answers together: the tables that everything else reads
    talks.py      calls that were made and that the calendar does not show
    services.py   services that are booked, refused, or were done elsewhere
    complaints.py how long offers rest after a complaint
    surveys.py    scores that were given in a call
    standing.py   which contacts fall away because of that

What each outcome does: docs/outcomes.md. Why they lie over the exports: docs/decisions/0013.
"""

from planner.outcomes.overlay import TOLD_BY, done_elsewhere, losses, told
from planner.outcomes.record import Recorded, record
from planner.outcomes.withdraw import Withdrawn, withdraw

__all__ = ["TOLD_BY", "Recorded", "Withdrawn", "done_elsewhere", "losses", "record", "told", "withdraw"]
