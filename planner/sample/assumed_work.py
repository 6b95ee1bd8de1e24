"""What is assumed of the work on repair orders: how often each service with a name is done, and with whom."""

from __future__ import annotations

from planner.sample.assumption import JUDGEMENT, KINDS, ORDERS, Assumption

# Service, its share of visits by kind (the order of KINDS), and whence.
_SHARES: tuple[tuple[str, tuple[float, ...], str], ...] = (
    ("air_conditioning", (0.12, 0.06, 0.03, 0, 0, 0.01, 0.02), JUDGEMENT),
    (
        "brake_fluid",
        (0.45, 0.03, 0, 0.02, 0, 0, 0),
        "about every second year, as makers print it; " + JUDGEMENT,
    ),
    ("brakes", (0.15, 0.2, 0.02, 0.06, 0.02, 0, 0), JUDGEMENT),
    ("battery", (0.07, 0.1, 0.05, 0.01, 0.01, 0, 0.05), JUDGEMENT),
    ("cabin_filter", (0.35, 0.02, 0, 0.02, 0, 0, 0.01), JUDGEMENT),
    ("air_filter", (0.3, 0.02, 0, 0.02, 0, 0, 0), JUDGEMENT),
    ("spark_plugs", (0.12, 0.05, 0.01, 0, 0, 0, 0), JUDGEMENT),
    ("coolant", (0.06, 0.06, 0.01, 0, 0, 0.01, 0), JUDGEMENT),
    ("transmission_fluid", (0.05, 0.03, 0.01, 0, 0, 0, 0), JUDGEMENT),
    (
        "wheel_alignment",
        (0.08, 0.06, 0, 0.01, 0.12, 0.06, 0),
        f"on 4% of {ORDERS}, of every kind together; by kind {JUDGEMENT}",
    ),
    ("wipers", (0.2, 0.02, 0, 0.04, 0.02, 0, 0.03), JUDGEMENT),
    ("tyres", (0.05, 0.02, 0, 0.02, 0.5, 0, 0), JUDGEMENT),
    ("inspection", (0.06, 0.01, 0, 0.6, 0.01, 0, 0), JUDGEMENT),
)

ASSUMED_WORK: tuple[Assumption, ...] = (
    # what repair orders name
    *(
        Assumption(
            f"{service}_done",
            shares,
            f"share: {KINDS}",
            f"of visits with {service.replace('_', ' ')}",
            source,
        )
        for service, shares, source in _SHARES
    ),
    Assumption(
        "brake_fluid_turns",
        (0.2, 1.8),
        "factor: odd, even years of owning",
        "how much more often brake fluid is changed at a maintenance",
        JUDGEMENT,
    ),
    Assumption(
        "work_by_amount",
        0.6,
        "probit",
        "readier for each service, for each spread of ln by which the bill is above its median",
        JUDGEMENT,
    ),
    Assumption("work_by_car", 0.5, "probit", "spread between cars, in having more done", JUDGEMENT),
    Assumption("services_missing", 0.06, "share of visits", "whose repair order has no words", JUDGEMENT),
    Assumption("words_in_capitals", 0.4, "share of visits", "whose words are in capital letters", JUDGEMENT),
)
