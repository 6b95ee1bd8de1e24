"""Customers: invented people and companies, as a dealership's system holds them.

Phone numbers come from the range that is kept for fiction, e-mail addresses from reserved domains.
Source: 555-0100 to 555-0199 of every area code (North American Numbering Plan); RFC 2606. Where a
sample is so large that these run out, exchanges that the plan never gives: those of short codes (N11).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.sample.assumptions import number, profile
from planner.sample.draw import Days, Flags, Ints, Texts, chosen, generator, iso, only, pick, whole
from planner.sample.households import Households
from planner.sample.words import AREA_CODES, LANGUAGES, NO_EXCHANGES, Words
from planner.tables import CHANNELS

# With the country's code, so that they are numbers whatever country the settings name. Each language has
# as many as ever, or everything drawn after them would be another.
SPELLINGS = {
    "en": (
        *("+1 ({0}) {1}-{2}", "+1 {0}.{1}.{2}", "+1 {0}-{1}-{2}"),
        *("+1{0}{1}{2}", "+1 {0} {1} {2}", "+1-{0}-{1}-{2}"),
    ),
    "ar": ("+1 {0} {1} {2}", "+1-{0}-{1}-{2}", "+1{0}{1}{2}", "+1 ({0}) {1}-{2}"),
}
DOMAINS = ("example.com", "example.org", "example.net")
ROLES = MAIN, SPOUSE, AGAIN = 0, 1, 2  # again: the main person a second time, under another number


@dataclass(frozen=True, slots=True)
class People:
    """The customers as exported, their true household, and the customer in whose name each car is."""

    customers: pd.DataFrame
    household: Ints
    owner: Ints


def make_people(cars: Households, seed: int, language: str) -> People:
    """One customer a household, and more where a spouse buys or a person is entered twice."""
    rng = generator(seed, "people")
    words = LANGUAGES[language]
    household, role, owner = _roles(rng, cars)
    company = cars.company[household]
    main = np.searchsorted(household, household)  # the first customer of each one's household

    first = pick(rng, range(len(words.first)), len(household)).astype("int64")[
        np.where(role == AGAIN, main, np.arange(len(main)))
    ]
    last = pick(rng, range(len(words.last)), len(household)).astype("int64")[main]
    people = pd.DataFrame(
        {"customer_id": np.char.add("C", whole(np.arange(len(main)) + 100_001).astype("U"))}, dtype="str"
    )
    people["name"] = _names(rng, words, first, last, role, company)
    apart = (role == SPOUSE) & chosen(rng, len(role), number("spouse_apart"))
    people["phone"], people["phone_2"], typed_wrong = _phones(rng, role, main, apart, language)
    people["email"] = _emails(rng, words, first, last, role, main)
    people["address"] = _addresses(rng, words, main)
    people["language"] = only(words.other_language, chosen(rng, len(main), number("language_known")))
    people["birthday"] = only(
        iso(_birthdays(rng, cars, household, role, main)),
        ~company & chosen(rng, len(main), number("birthday"))[main],
    )
    people["timezone"] = only(
        pick(rng, words.timezones, len(main)), chosen(rng, len(main), number("other_timezone"))[main]
    )
    people["advisor"] = only(pick(rng, words.advisors, len(main)), chosen(rng, len(main), number("advisor")))[
        main
    ]
    people["household_id"] = _household_ids(rng, household, role, apart)
    people = pd.concat([people, _consents(seed, len(main))], axis=1).astype("str")
    people["mistake"] = only("phone", typed_wrong)
    return People(people, household, owner)


def _roles(rng: np.random.Generator, cars: Households) -> tuple[Ints, Ints, Ints]:
    """Of each customer household and role, sorted by both; of each car its owner."""
    everyone = np.arange(len(cars.company))
    private = np.flatnonzero(~cars.company)
    doubled = private[chosen(rng, len(private), number("duplicates"))]
    in_spouse = cars.second & (rng.random(len(cars.household)) < number("spouse"))
    last_car = np.full(len(everyone), -1)
    last_car[cars.household] = np.arange(len(cars.household))
    held = np.bincount(cars.household, minlength=len(everyone))

    role_of_car = np.where(in_spouse, SPOUSE, MAIN)
    # Entered again when the next car was bought; with a single car, as an enquiry that bought nothing.
    again = last_car[doubled][(held[doubled] > 1) & ~in_spouse[last_car[doubled]]]
    role_of_car[again] = AGAIN
    key = np.unique(
        np.concatenate([everyone * 3, cars.household[in_spouse] * 3 + SPOUSE, doubled * 3 + AGAIN])
    )
    owner = np.searchsorted(key, cars.household * 3 + role_of_car)
    return key // 3, key % 3, owner


def _names(
    rng: np.random.Generator, words: Words, first: Ints, last: Ints, role: Ints, company: Flags
) -> Texts:
    given = np.array([name for name, _ in words.first], dtype=object)[first]
    family = np.array([name for name, _ in words.last], dtype=object)[last]
    trade = pick(rng, words.trades, len(first))
    spelling = rng.integers(3, size=len(first))
    lost = rng.integers(1, 100, len(first))
    return np.array(
        [
            t.format(name=f) if firm else _otherwise(g, f, how, at) if again else f"{g} {f}"
            for g, f, t, firm, again, how, at in zip(
                given, family, trade, company, role == AGAIN, spelling, lost, strict=True
            )
        ],
        dtype=object,
    )


def _otherwise(given: str, family: str, how: int, at: int) -> str:
    """The same person as another clerk writes the name: family first, an initial, or a letter lost."""
    if how == 0:
        return f"{family.upper()}, {given}"
    if how == 1:
        return f"{given[0]}. {family}"
    at = 1 + at % (len(family) - 1)
    return f"{given} {family[:at]}{family[at + 1 :]}"


def _phones(
    rng: np.random.Generator, role: Ints, main: Ints, apart: Flags, language: str
) -> tuple[Texts, Texts, Flags]:
    """Phone, second phone, and whose phone lost a digit. A household shares a number, others never do."""
    count = len(role)
    has = chosen(rng, count, number("phone"))
    has = has | (role != MAIN) | np.isin(np.arange(count), main[role != MAIN])  # or nobody could link them
    own_first = (role == SPOUSE) & (
        apart | (rng.random(count) < number("spouse_number"))
    )  # then the household's stands second
    has_second = chosen(rng, count, number("phone_2")) | (own_first & ~apart)
    numbers = rng.permutation(count + int(has_second.sum()))
    phone = np.where(own_first, numbers[:count], numbers[main])
    second = numbers[count + np.cumsum(has_second) - 1] if has_second.any() else numbers
    second = np.where(own_first & ~apart, numbers[main], second)
    nobody = (
        chosen(rng, count, number("phone_of_nobody"))
        & (role == MAIN)
        & ~np.isin(np.arange(count), main[role != MAIN])
    )
    if nobody.sum() >= 10:
        phone = np.where(nobody, len(numbers), phone)
    spellings = SPELLINGS[language]
    texts = _spelt(rng, spellings, phone)
    wrong = has & (role == MAIN) & ~nobody & chosen(rng, count, number("phone_typed_wrong"))
    texts = np.array([t[:-1] if w else t for t, w in zip(texts, wrong, strict=True)], dtype=object)
    return only(texts, has), only(_spelt(rng, spellings, second), has_second), wrong


def _spelt(rng: np.random.Generator, spellings: tuple[str, ...], numbers: Ints) -> Texts:
    how = pick(rng, spellings, len(numbers))
    return np.array([h.format(*_number(n)) for h, n in zip(how, numbers.tolist(), strict=True)], dtype=object)


def _number(n: int) -> tuple[int, int, str]:
    """The n-th number that rings nobody: area code, exchange, line."""
    for_fiction = 100 * len(AREA_CODES)
    if n < for_fiction:
        block, line = divmod(n, 100)
        return AREA_CODES[block], 555, f"{100 + line:04d}"
    rest, area = divmod(n - for_fiction, len(AREA_CODES))
    exchange, line = divmod(rest, 10_000)
    return AREA_CODES[area], NO_EXCHANGES[exchange], f"{line:04d}"


def _emails(rng: np.random.Generator, words: Words, first: Ints, last: Ints, role: Ints, main: Ints) -> Texts:
    given = np.array([name for _, name in words.first], dtype=object)[first]
    family = np.array([name for _, name in words.last], dtype=object)[last]
    domain = pick(rng, DOMAINS, len(first))
    address = np.array(
        [
            f"{g}.{f}{n}@{d}"
            for g, f, n, d in zip(given, family, range(1, len(first) + 1), domain, strict=True)
        ],
        dtype=object,
    )
    address = np.where(role == AGAIN, np.array([a.title() for a in address[main]], dtype=object), address)
    return only(address, chosen(rng, len(first), number("email")))


def _addresses(rng: np.random.Generator, words: Words, main: Ints) -> Texts:
    street = pick(rng, words.streets, len(main))
    city = pick(rng, words.cities, len(main))
    house = rng.integers(1, 240, len(main))
    comma = "، " if words.other_language == "ar" else ", "
    texts = [s.format(no=n) + comma + c for s, n, c in zip(street, house, city, strict=True)]
    return only(np.array(texts, dtype=object)[main], chosen(rng, len(main), number("address")))


def _birthdays(rng: np.random.Generator, cars: Households, household: Ints, role: Ints, main: Ints) -> Days:
    mean, spread = profile("age")
    age = np.clip(rng.normal(mean, spread, len(main)), 18, 88)
    _, first_car = np.unique(cars.household, return_index=True)
    born = (
        cars.bought_on[first_car][household]
        - np.ceil(age * 365.25).astype("int64")
        - rng.integers(1, 365, len(main))
    )
    birthdays: Days = np.where(role == AGAIN, born[main], born)
    return birthdays


def _household_ids(rng: np.random.Generator, household: Ints, role: Ints, apart: Flags) -> Texts:
    wed = household[(role == SPOUSE) & ~apart]
    given = wed[rng.random(len(wed)) < number("spouse_household_id")]
    return only(np.char.add("H", whole(household + 1).astype("U")), np.isin(household, given))


def _consents(seed: int, count: int) -> pd.DataFrame:
    rng = generator(seed, "consents")
    columns = {}
    for channel, yes, no in zip(CHANNELS, profile("consent_yes"), profile("consent_no"), strict=True):
        columns[f"consent_{channel}"] = pick(rng, ("yes", "no", None), count, (yes, no, 1 - yes - no))
    columns["do_not_contact"] = np.where(
        chosen(rng, count, number("do_not_contact")), "yes", pick(rng, ("no", None), count)
    )
    return pd.DataFrame(columns)
