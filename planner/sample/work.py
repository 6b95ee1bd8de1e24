"""What was done at each visit beside its kind, and how its repair order says so."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from planner.sample.assumptions import number, profile
from planner.sample.draw import Flags, Floats, Ints, Texts, chosen, generator, only, pick
from planner.sample.work_words import BEFORE_NOT_DONE, BETWEEN, NOT_DONE, OIL, REASONS, WORK
from planner.tables import VISIT_KINDS

Done = npt.NDArray[np.bool_]  # visits by WORK


def make_done(
    kind: Ints, car: Ints, dearness: Floats, years_owned: Floats, electric: Flags, seed: int
) -> Done:
    """Which services with a name were done at each visit, so that the dearer bills are those with more.

    P(done) = Phi(a + work_by_amount x dearness + readiness of the car). dearness: ln(amount / median) in
    spreads of its kind, as it was before anything was rounded or left out. `a` is such that the shares
    are those assumed, over all bills and cars. electric: of each car; the others run along the visits.
    """
    rng = generator(seed, "work")
    readiness = number("work_by_car") * rng.normal(size=len(electric))
    shift = number("work_by_amount") * dearness + readiness[car]
    spread = np.sqrt(1 + number("work_by_amount") ** 2 + number("work_by_car") ** 2)
    done = np.zeros((len(kind), len(WORK)), dtype=bool)
    for place, work in enumerate(WORK):
        share = np.array(profile(work.share))[kind]
        if work.service == "brake fluid":
            share = share * _turn(kind, years_owned)
        done[:, place] = _probit(share) * spread + shift + rng.normal(size=len(kind)) >= 0
        if not work.electric:
            done[:, place] &= ~electric[car]
    return done


def _turn(kind: Ints, years_owned: Floats) -> Floats:
    """Every second maintenance of a car that comes once a year."""
    odd, even = profile("brake_fluid_turns")
    year = np.maximum(np.rint(years_owned), 1)
    return np.where(kind == VISIT_KINDS.index("maintenance"), np.where(year % 2 == 0, even, odd), 1.0)


def _probit(share: Floats) -> Floats:
    shares, which = np.unique(np.clip(share, 0, 1), return_inverse=True)
    ends = {0.0: -np.inf, 1.0: np.inf}
    return np.array([ends[p] if p in ends else NormalDist().inv_cdf(p) for p in shares.tolist()])[which]


def codes(done: Done) -> Texts:
    """The services done at each visit, with commas, as an import finds them; none is missing."""
    text = np.full(len(done), "", dtype=object)
    for place, work in enumerate(WORK):
        text = np.where(done[:, place], text + f",{work.service}", text)
    return only([each[1:] for each in text], np.array(done.any(axis=1), dtype=bool))


def in_words(done: Done, kind: Ints, no_oil: Flags, declined: Flags, seed: int, language: str) -> Texts:
    """The words of each repair order: why the car came, what was done, what was declined; some are missing.

    All arguments run along the visits. no_oil: electric cars; declined: more work was quoted than done.
    """
    rng = generator(seed, "work.words")
    count = len(done)
    between = pick(rng, BETWEEN[language], count)
    text = _reasons(rng, kind, no_oil, language)
    said = [pick(rng, getattr(work, language), count) for work in WORK]
    for place, words in enumerate(said):
        text = np.where(done[:, place], text + between + words, text)
    apart = np.array([BEFORE_NOT_DONE.get(each, each) for each in between], dtype=object)
    text = np.where(declined, text + apart + _not_done(rng, done, said, language), text)
    capitals = chosen(rng, count, number("words_in_capitals"))
    text[capitals] = [each.upper() for each in text[capitals]]
    return only(text, ~chosen(rng, count, number("services_missing")))


def _reasons(rng: np.random.Generator, kind: Ints, no_oil: Flags, language: str) -> Texts:
    text = np.full(len(kind), None, dtype=object)
    for place, words in enumerate(REASONS[language]):
        here = kind == place
        text[here] = pick(rng, words, int(here.sum()))
    oil = pick(rng, OIL[language], len(kind))
    takes_oil = (kind == VISIT_KINDS.index("maintenance")) & ~no_oil
    return np.where(takes_oil, oil, text)


def _not_done(rng: np.random.Generator, done: Done, said: list[Texts], language: str) -> Texts:
    """Of each visit a service that was not done, as a line that says so."""
    count = len(done)
    rank = np.where(done, -1.0, rng.random(done.shape))
    which = rank.argmax(axis=1)
    phrases = pick(rng, NOT_DONE[language], count)
    words = np.array(said, dtype=object)[which, np.arange(count)]
    return np.array([phrase.format(word) for phrase, word in zip(phrases, words, strict=True)], dtype=object)
