"""What customers are worth: figures, their trend, the retention curve.

    figures.py    the frames that travel, and one row of them: numerator, denominator, interval, note
    money.py      margin and amount of each visit, also where the export has none
    owned.py      whose each car and visit is, as row numbers
    book.py       the stored tables as arrays, up to a day; periods.py the months and windows
    timeline.py   the last event up to a day, and how many in a window, for all cars or customers at once
    groups.py     advisor, model, stage, cohort and segment of each vehicle and customer on a day
    clusters.py   intervals that take what is one household's together
    rates.py      shares of customers, cars and visits; contacted.py what came of contacts
    counting.py   figures from what was counted: by group and month
    together.py   how two figures of customers vary together
    trend.py      whether a figure rises or falls, with the interval of the change
    cohorts.py    who of a year's buyers comes in which year of ownership
    worth.py      simple value, lifetime value, net lifetime value, acquisition cost
    renewals.py   which services each car came back for
    lifetable.py  the share that comes for each service, carried on; groups drawn to all
    sbg.py        the shifted-beta-geometric model of that; fits.py both as frames
    discounted.py what each service of the curve is worth today
    brought.py    what a service brings, from those that were
    expected.py   what each car is still expected to bring; year_before.py the same a year before
    lifecycle.py  stages of customers, and who was lost why
    bills.py      what each customer's visits brought; concentration.py how few bring how much
    segments.py   one row a customer; scores.py its segment, services.py what it is missing
    done.py       which services each customer used, and what one adds to a bill
    segments_then.py  the segments of an earlier day
    leaving.py    who was lost why, by month and group
    classes.py    who goes first in the calendar
    made.py       contacts that were made, and what counts for each
    success.py    what contacts brought; without_contact.py customers without any beside them
    quality.py    how good the data are; poor.py the figures that rest on poor ones
    history.py    since when visits are on record; reach.py which of last year's figures look further back
    example.py    the dealerships of the worked examples
    report.py     all of it

Formulas, sources and measured figures: docs/value.md.
"""

from planner.value.report import ValueReport, needed, value_report

__all__ = ["ValueReport", "needed", "value_report"]
