"""What the phrases of repair orders say was done, where they speak of other parts than their own."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.named_services import load_named_services
from planner.settings import Settings

SHIPPED = load_named_services(Settings().service_names_path)


@pytest.mark.parametrize(
    ("order", "services"),
    [
        # Behind a full stop a heading opens a list if more follows it, and says nothing of what was done.
        ("Battery, cabin filter. Declined - brake fluid, coolant", "battery,cabin filter"),
        ("Battery, cabin filter. Declined: brake fluid, coolant", "battery,cabin filter"),
        ("Battery, cabin filter. Declined by customer: coolant", "battery,cabin filter"),
        ("Battery, cabin filter. Declined, coolant", "battery,cabin filter"),
        ("Battery, cabin filter. Declined:\nbrake fluid\ncoolant", "battery,cabin filter"),
        ("Battery. Declined - brake fluid | wipers", "battery,wipers"),
        ("Oil change. Declined - battery", None),
        ("Brake pads done. Declined - battery", "brakes"),
        ("Replaced battery. Recommended - brake fluid flush", "battery"),
        ("Battery replaced. Next service - coolant", "battery"),
        ("Battery, brake fluid. Declined. Wipers", "wipers"),
        # A reminder of the next service says nothing of this one.
        ("cabin filter, brake fluid. Next service due", "brake fluid,cabin filter"),
        ("Battery, coolant. Maintenance due", "battery,coolant"),
        ("Battery, coolant. Next service.", "battery,coolant"),
        ("Battery, coolant. Next visit | wipers", "battery,coolant,wipers"),
        ("Battery, coolant - maintenance required", "battery,coolant"),
        ("Battery, coolant, next service due", "battery,coolant"),
        ("cabin filter, brake fluid. Not required", "brake fluid,cabin filter"),
        ("Battery, coolant. Not declined", "battery,coolant"),
        ("Battery replaced, coolant flushed. Next service due", "battery,coolant"),
        ("Brake fluid, coolant - due", None),
        ("Brake fluid, coolant - next visit", None),
        ("Brake fluid, coolant - not needed", None),
        ("Brake fluid, coolant - deferred to next service", None),
        ("Battery, coolant. Recommend next service at 10000", "battery,coolant"),
        ("Battery replaced - due", "battery"),
        ("Battery, coolant replaced - advised", "battery,coolant"),
        ("Battery, declined, recommended", None),
        # What was wanted and was done.
        ("battery needed and was replaced", "battery"),
        ("Needs new battery so replaced battery", "battery"),
        ("Found pads worn needs brake pads replaced same", "brakes"),
        ("Battery needs replaced and was replaced under warranty", "battery"),
        ("customer needs brake pads replaced - completed", "brakes"),
        ("customer needs brake pads replaced, done", "brakes"),
        ("customer needs to have battery replaced. Done.", "battery"),
        ("customer needs brake pads replaced | done", "brakes"),
        ("customer needs brake pads replaced - declined | done", None),
        ("customer needs brake pads replaced, oil changed", None),
        ("Declined to have battery replaced. Done.", None),
        ("Battery not replaced. Done.", None),
        # All that was declined, and why; not what has no name.
        *(
            (f"Brake fluid, coolant - {answer}", None)
            for answer in (
                "both declined",
                "all declined",
                "declined all",
                "declined due to cost",
                "declined by customer due to price",
                "declined (price)",
                "Declined $120",
                "(declined)",
                "not done",
                "not replaced",
                "they were declined",
            )
        ),
        ("Brake fluid, coolant. Declined due to cost.", None),
        ("Brake fluid, coolant - declined car wash", "brake fluid,coolant"),
        ("Battery, coolant - declined (brake fluid)", "battery,coolant"),
        ("Brake fluid, coolant - declined 4 tires", "brake fluid,coolant"),
        ("Brake fluid, coolant - recommended at 30k: car wash", "brake fluid,coolant"),
        ("Brake fluid, coolant - car wash declined", "brake fluid,coolant"),
        *(
            (f"فلتر المكيف، زيت الفرامل - {answer}", None)
            for answer in ("لم يتم", "لم يتم التغيير", "غير مطلوب", "تم الرفض", "مؤجل للزيارة القادمة")
        ),
        ("فلتر المكيف - تم", "cabin filter"),
    ],
)
def test_what_is_said_of_the_words_before_or_behind(order: str, services: str | None) -> None:
    found = SHIPPED.found_in(pd.Series([order], dtype="str")).iloc[0]
    assert (None if pd.isna(found) else found) == services


SAID = st.sampled_from(
    [
        "battery",
        "battery replaced",
        "coolant",
        "car wash",
        "declined",
        "declined:",
        "both declined",
        "next service due",
        "due",
        "advised",
        "not done",
        "needs battery replaced",
        "completed",
        "غير مطلوب",
        "فلتر المكيف",
    ]
)
BETWEEN = st.sampled_from([", ", " - ", ". ", " | ", "\n", " & "])


@given(st.lists(st.tuples(SAID, BETWEEN), min_size=1, max_size=8))
def test_however_they_are_strung_together_no_more_is_found_than_named(said: list[tuple[str, str]]) -> None:
    text = "".join(part + between for part, between in said)
    found = SHIPPED.found_in(pd.Series([text], dtype="str")).iloc[0]
    words = {"battery": "battery", "coolant": "coolant", "cabin filter": "فلتر المكيف"}
    assert pd.isna(found) or all(words[service] in text for service in found.split(","))


@given(st.lists(st.tuples(SAID, BETWEEN), max_size=5))
def test_what_a_line_says_takes_nothing_from_the_line_before(said: list[tuple[str, str]]) -> None:
    line = "".join(part + between for part, between in said)
    found = SHIPPED.found_in(pd.Series(["Wipers | " + line], dtype="str")).iloc[0]
    assert "wipers" in found.split(",")
