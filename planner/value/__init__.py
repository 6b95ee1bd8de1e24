"""What customers are worth: figures, their trend, the retention curve.

    figures.py    the frames that travel, and one row of them: numerator, denominator, interval, note
    money.py      margin and amount of each visit, also where the export has none
    groups.py     advisor, model, stage and cohort of each vehicle and customer
    rates.py      which shares there are; each is counted there or in contacted.py
    worth.py      simple value, lifetime value, net lifetime value, acquisition cost
    renewals.py   which services each car came back for
    lifetable.py  the share that comes for each service, carried on; groups drawn to all
    sbg.py        the shifted-beta-geometric model of that
    fits.py       both as frames
    made.py       contacts that were made, and what counts for each
    success.py    what contacts brought; without_contact.py: and customers without any
    timeline.py   the last event up to a day, and how many in a window, for all cars or customers at once
    report.py     all of it

Formulas, sources and measured figures: docs/value.md.
"""

from planner.value.report import ValueReport, value_report

__all__ = ["ValueReport", "value_report"]
