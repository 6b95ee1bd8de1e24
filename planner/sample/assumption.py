"""One assumption of the synthetic dealership, and the sources that several of them share."""

from __future__ import annotations

from dataclasses import dataclass

from planner.tables import VISIT_KINDS


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that is assumed: its name, its number or numbers, their unit, what it means, and whence."""

    name: str
    value: float | tuple[float, ...]
    unit: str
    meaning: str
    source: str


JUDGEMENT = "our judgement"
DESIGN = "reference design, section 3 (spread between drivers and from year to year)"
JD_POWER = "J.D. Power 2004, share of in-warranty service: 66% in year 1, 55% in year 3, 47% in year 4"
CYCLE = "reference cycle: 12 months or 15,000 km, about 1,250 km a month"
EXPERIAN = "Experian, State of the Automotive Finance Market, Q2 2013"
ORDERS = "165 repair orders of a US dealership, May and June 2020"

KINDS = ", ".join(VISIT_KINDS)  # the order of profiles by kind of visit
