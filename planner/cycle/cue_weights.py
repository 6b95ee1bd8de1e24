"""What each piece of evidence counts for, in log-odds of buying another car here within twelve months.

A household of which nothing else is known starts at BASE; what speaks for a car is added, and the sum
becomes a score between 0 and 1. The two figures of the base come from registrations; no source that we know
gives the weights, so each is an assumption, chosen from what people of the trade say and before any
measurement. docs/cues.md shows what they are worth on invented dealerships.
"""

from __future__ import annotations

import math

# Source: Polk, U.S. Consumers Hold on to New Vehicles Nearly Six Years, 21 February 2012: 71.4 months, so
# 17 of 100 owners part with their car in a year. Assumption: half of them buy from the same dealership.
MONTHS_KEPT = 71.4
SAME_DEALER = 0.5
# Assumption: of households with a car one in 25 adds another in a year.
ADDS_ONE = 0.04


def log_odds(share: float) -> float:
    """ln(share / (1 - share)).

    >>> log_odds(0.5)
    0.0
    """
    return math.log(share / (1 - share))


BASE = {
    "next_car": log_odds(12 / MONTHS_KEPT * SAME_DEALER),
    "second_car": log_odds(ADDS_ONE),
}

WEIGHTS = {
    # Assumption, the strongest of the dated ones: on that day something has to be decided.
    "finance_end": 1.6,
    # Assumption: repairs are paid by the owner from then on, but nothing has to be decided.
    "warranty_end": 0.6,
    # Assumption: full at the months of the settings, nothing a year before. Polk's mean of 71.4 months and
    # the end of most contracts at 36 both lie behind it.
    "months_owned": 0.7,
    # Assumption: the bill for the km over the contract comes on one day, and an exchange can avoid it.
    "km_over": 0.7,
    # Assumption: who declines a repair that he was told to make puts no more money into the car.
    "declined": 0.9,
    # Assumption: who has paid a lot of late compares that with an instalment.
    "repairs": 0.7,
    # Assumption: the next larger repair costs more than the car is worth.
    "worth": 0.4,
    # What a customer said himself: the car is gone, and nothing is known of another.
    "sold_car": 4.0,
    # He asked about another car: the top score, whatever else is known.
    "asked": 10.0,
    # Two people and fewer cars. Source of the idea: U.S. households have 1.9 vehicles to 1.8 drivers, so a
    # household with fewer is unusual (BTS, Highlights of the 2001 National Household Travel Survey).
    # The weight is an assumption.
    "drivers": 1.8,
    # Driven as two cars are together. Source of the idea: 11,100 miles a year where there is one car, 22,000
    # where there are two (2017 National Household Travel Survey). The weight is an assumption.
    "km_year": 1.7,
    # Assumption: the only car of a household, more often joined by a second than a second by a third.
    "single_car": 0.7,
}

# A single car is driven for two from so many times the country's mean. Source: the most-used of two cars
# makes 14,600 miles a year, both of them 22,000, an only one 11,100 (2017 National Household Travel Survey):
# 1.3 and 2.0 times; 1.6 is our judgement, between them.
FOR_TWO = 1.6

# Assumption, of the kind that price guides print: a fifth of its value a year for three years, then a tenth.
FIRST_YEARS = 3
KEPT_IN_FIRST_YEARS, KEPT_LATER = 0.8, 0.9
