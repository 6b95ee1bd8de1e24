"""What a script may say about a contact: names, days, distances, slots, and why."""

from __future__ import annotations

from datetime import date, time, timedelta

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from planner.columns import typed
from planner.errors import SettingsError
from planner.scripts import PLACEHOLDERS, Scripts, contact_contexts, why_text
from planner.scripts.slots import offered_times
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, VEHICLES, VISITS
from tests.script_samples import AS_OF, DEALERSHIP, SCRIPTS, SETTINGS, contexts, samples


@pytest.fixture
def scripts() -> Scripts:
    return SCRIPTS


def test_the_context_of_a_service_call():
    found = contexts(customer={"advisor": "Tom Becker"}, vehicle={"finance_end_on": "2027-03-11"})
    assert {key: found[key] for key in PLACEHOLDERS} == {
        "name": "Maria Rossi",
        "greeting_name": "Maria Rossi",
        "dealership": "Harbour Motors",
        "dealership_phone": "+1 555 010 0199",
        "advisor": "Tom Becker",
        "caller": "Tom Becker",
        "vehicle": "Toyota Corolla",
        "vehicles": "Toyota Corolla",
        "your_vehicle": "your Toyota Corolla",
        "your_vehicles": "your Toyota Corolla",
        "several": False,
        "service": "second service",
        "about_service": True,
        "due": "about 14 March",
        "due_passed": False,
        "due_km": "about 30,000 km",
        "also_due": "",
        "first_due": "",
        "last_visit": "on 12 March 2025",
        "visited_before": True,
        "recent_visit": "",
        "owned": "two years",
        "in_warranty": True,
        "warranty_end": "",
        "finance_end": "11 March 2027",
        "slots": "Monday 9 March at 10 am or Wednesday 11 March at 3 pm",
        "slot_1": "Monday 9 March at 10 am",
        "slot_2": "Wednesday 11 March at 3 pm",
        "season": "winter",
        "unit": "km",
        "channel": "call",
        "missing_service": "",
        "why": "second service, due about 14 March, by then about 30,000 km",
    }


def test_what_always_has_a_value_has_one_for_the_least_known_customer(scripts):
    bare = samples(scripts, "service_call", "call")[1]
    for name, (always, _) in PLACEHOLDERS.items():
        if always:
            assert bare[name] not in ("", None), name


def test_miles_where_the_dealership_thinks_in_miles():
    settings = Settings.model_validate({"dealership": {**DEALERSHIP, "unit": "mi"}})
    found = contexts(settings=settings)
    assert found["due_km"] == "about 18,500 miles"
    assert found["unit"] == "miles"


@pytest.mark.parametrize(
    ("script", "contact", "why"),
    [
        ("service_call", {}, "second service, due about 14 March, by then about 30,000 km"),
        ("service_call", {"planned_on": "2026-03-20"}, "second service, was due about 14 March"),
        ("overdue", {"planned_on": "2026-03-28"}, "second service, was due about 14 March, not done yet"),
        ("birthday", {"service_no": None}, "birthday: good wishes, nothing else"),
        ("season", {"service_no": None}, "winter check of the Toyota Corolla"),
        ("season", {"planned_on": "2026-04-01"}, "spring check of the Toyota Corolla"),
        ("win_back_call", {}, "last with us on 12 March 2025, second service due about 14 March"),
        ("one_of_our_own", {}, "second service, due about 14 March, by then about 30,000 km"),
        ("one_of_our_own", {"service_no": None}, "Toyota Corolla: keeping in touch"),
    ],
)
def test_why(script, contact, why):
    assert str(contexts({"script": script, **contact})["why"]).startswith(why)


SEVERAL = {"services": "maintenance, inspection, brake fluid", "due_first_on": "2026-03-04"}


@pytest.mark.parametrize(
    ("due", "why"),
    [
        ({"services": "maintenance", "due_first_on": "2026-03-14"}, ""),
        ({"services": None}, ""),  # planned before there were other services
        ({"services": "maintenance, tyres", "due_first_on": "2026-03-14"}, "; also due: tyres"),
        (SEVERAL, "; also due: inspection and brake fluid, at the latest on 4 March"),
        # what has passed is no day to come by
        (SEVERAL | {"due_first_on": "2026-02-22"}, "; also due: inspection and brake fluid"),
        (
            SEVERAL | {"due_first_on": "2026-02-23"},
            "; also due: inspection and brake fluid, at the latest on 23 February",
        ),
    ],
)  # fmt: skip
def test_why_names_what_else_is_due_at_that_visit(due, why):
    said = "second service, due about 14 March, by then about 30,000 km"
    assert contexts(due=due)["why"] == said + why


def test_the_slots_offered_lie_before_the_first_deadline():
    assert contexts(due=SEVERAL)["slots"] == "Wednesday 25 February at 10 am or Friday 27 February at 3 pm"
    later = SEVERAL | {"due_first_on": "2026-03-12"}
    assert contexts(due=later)["slots"] == "Thursday 5 March at 10 am or Monday 9 March at 3 pm"


def test_what_is_overdue_and_what_other_cars_need_is_named_too():
    contacts = pd.DataFrame(
        [
            {"contact_id": "A/1", "customer_id": "C", "vehicle_id": "A", "script": "service_call",
             "service_no": 3, "channel": "call", "planned_on": "2026-02-23", "also_vehicle_ids": "B"},
        ]
    )  # fmt: skip
    owner = pd.DataFrame([{"customer_id": "C", "household_id": "H", "name": "Ann"}])
    fleet = pd.DataFrame(
        [{"vehicle_id": one, "customer_id": "C", "purchased_on": "2022-01-01"} for one in "AB"]
    )
    services = pd.DataFrame(
        [
            ("A", 2, "2025-03-10", "maintenance, brake fluid", "2025-03-10"),
            ("A", 3, "2026-03-10", "maintenance, tyres", "2026-03-10"),
            ("A", 4, "2027-03-10", "maintenance, coolant", "2027-03-10"),
            ("B", 1, "2026-03-20", "maintenance, inspection, tyres", "2026-03-05"),
            ("B", 2, "2027-03-20", "maintenance, coolant", "2027-03-20"),
        ],
        columns=["vehicle_id", "service_no", "due_on", "services", "due_first_on"],
    )
    [found] = contact_contexts(
        typed(contacts, CONTACTS), typed(owner, CUSTOMERS), typed(fleet, VEHICLES),
        typed(services, FORECASTS), typed(pd.DataFrame(), VISITS), SETTINGS, AS_OF,
    )  # fmt: skip
    assert (found["also_due"], found["first_due"]) == ("brake fluid, tyres and inspection", "5 March")


def test_why_after_delivery_and_after_a_visit():
    found = contexts({"script": "care_call", "service_no": None}, vehicle={"purchased_on": "2026-02-16"})
    assert found["why"] == "delivered a week ago: is all well?"
    found = contexts({"script": "after_visit_call", "service_no": None}, visited_on="2026-02-20")
    assert found["why"] == "visited us on 20 February: were you satisfied?"
    # A visit that is still to come has no day, and an old one is not thanked for again.
    found = contexts({"script": "after_visit_call", "service_no": None}, visited_on="2025-03-12")
    assert found["why"] == "after the visit: were you satisfied?"


def test_visits_after_the_as_of_day_are_not_known_yet():
    assert contexts(visited_on="2026-02-24")["last_visit"] == "not yet"


@pytest.mark.parametrize(
    ("planned_on", "due_on", "slots"),
    [
        # a week before the due day, and two working days later
        ("2026-02-23", "2026-03-14", "Monday 9 March at 10 am or Wednesday 11 March at 3 pm"),
        # due in three days: the second working day after the call
        ("2026-02-23", "2026-02-26", "Wednesday 25 February at 10 am or Friday 27 February at 3 pm"),
        # overdue: the same
        ("2026-02-23", "2025-12-01", "Wednesday 25 February at 10 am or Friday 27 February at 3 pm"),
        # called on a Thursday: Friday and Monday pass, Monday is the second working day
        ("2026-02-26", "2026-02-20", "Monday 2 March at 10 am or Wednesday 4 March at 3 pm"),
        # never from before the as-of day, though planned before it
        ("2026-01-05", "2026-01-10", "Wednesday 25 February at 10 am or Friday 27 February at 3 pm"),
        # Memorial Day, 25 May 2026, is passed over
        ("2026-05-04", "2026-06-01", "Tuesday 26 May at 10 am or Thursday 28 May at 3 pm"),
    ],
)
def test_slots_lie_on_working_days_shortly_before_the_due_day(planned_on, due_on, slots):
    assert contexts({"planned_on": planned_on}, due={"due_on": due_on})["slots"] == slots


def test_slots_of_a_call_that_is_not_about_a_service_come_soon():
    found = contexts({"script": "renewal_call", "service_no": None}, due={"due_on": "2026-09-01"})
    assert found["slots"] == "Wednesday 25 February at 10 am or Friday 27 February at 3 pm"


@given(
    planned=st.dates(date(2026, 1, 1), date(2027, 12, 31)), due=st.dates(date(2025, 1, 1), date(2028, 6, 30))
)
@example(planned=date(2026, 1, 1), due=date(2028, 3, 3))  # a slot on 29 February
@hypothesis_settings(max_examples=40, deadline=None)
def test_no_slot_within_two_days_of_the_contact_nor_on_a_weekend(planned, due):
    found = contexts({"planned_on": str(planned)}, due={"due_on": str(due)}, scripts=SCRIPTS)
    for key in ("slot_1", "slot_2"):
        weekday, day, month = str(found[key]).split()[:3]
        assert weekday not in ("Saturday", "Sunday")
        said_on = max(planned, AS_OF)
        near = (max(due, said_on) + timedelta(days=away) for away in range(-400, 401))
        slot = min(
            (one for one in near if f"{one:%A} {one.day} {one:%B}" == f"{weekday} {day} {month}"),
            key=lambda one: abs(one - max(due, said_on)),
        )
        assert (slot - said_on).days >= 2


@pytest.mark.parametrize(
    ("hours", "morning", "afternoon"),
    [
        ("09:00-18:00", time(10), time(15)),
        ("08:00-17:00", time(9), time(14)),
        ("07:30-16:00", time(8, 30), time(13)),
        ("09:00-13:00", time(9, 30), time(11, 30)),
        ("10:00-10:30", time(10, 29), time(10)),
    ],
)
def test_the_hours_offered_lie_within_the_opening_hours(hours, morning, afternoon):
    assert offered_times(hours) == (morning, afternoon)


@pytest.mark.parametrize("hours", ["18:00-09:00", "99:00-99:30", "09:00-09:00"])
def test_impossible_hours_are_told(hours):
    with pytest.raises(SettingsError, match=r"calendar\.hours"):
        offered_times(hours)


def test_like_cars_of_a_household_are_told_apart_and_others_are_not():
    contacts = pd.DataFrame(
        [
            {"contact_id": "1", "customer_id": "A", "vehicle_id": "VIN00000000001111", "script": "season"},
            {"contact_id": "2", "customer_id": "B", "vehicle_id": "HB-222", "script": "season"},
            {"contact_id": "3", "customer_id": "C", "vehicle_id": "HB-333", "script": "season"},
        ]
    )
    customers = pd.DataFrame(
        {"customer_id": ["A", "B", "C"], "household_id": ["H", "H", "X"], "name": ["Ann", "Ben", "Cy"]}
    )
    cars = contacts[["vehicle_id", "customer_id"]].assign(make="Kia", model="Rio", purchased_on="2024-01-01")
    contacts["also_vehicle_ids"] = ["HB-222", None, None]
    found = contact_contexts(
        typed(contacts, CONTACTS), typed(customers, CUSTOMERS), typed(cars, VEHICLES),
        typed(pd.DataFrame(), FORECASTS), typed(pd.DataFrame(), VISITS), SETTINGS, AS_OF,
    )  # fmt: skip
    assert [one["vehicle"] for one in found] == ["Kia Rio (ending 1111)", "Kia Rio (HB-222)", "Kia Rio"]
    assert found[0]["vehicles"] == "Kia Rio (ending 1111) and Kia Rio (HB-222)"


@pytest.mark.parametrize("name", [None, "C1", "  "])
def test_nobody_is_greeted_by_a_number(scripts, name):
    found = contexts({"script": "thanks", "channel": "sms"}, {"name": name})
    assert found["greeting_name"] == ""
    assert scripts.render("thanks", "en", found).startswith("Hello, thank you")


def test_a_line_break_in_a_name_does_not_break_the_subject():
    assert contexts(customer={"name": "Maria\nRossi\t "})["name"] == "Maria Rossi"


def test_a_contact_of_an_unknown_customer_and_vehicle_still_has_words():
    found = contexts({"customer_id": "gone", "vehicle_id": "gone", "service_no": None})
    assert (found["vehicle"], found["service"], found["owned"]) == ("car", "next service", "some time")
    assert (found["name"], found["due"], found["advisor"]) == ("", "", "your service team")


def test_contexts_keep_order_and_why_text_keeps_the_index():
    contacts = pd.DataFrame({"contact_id": list("cab"), "script": ["birthday", "season", "thanks"]})
    frames = [typed(pd.DataFrame(), table) for table in (CUSTOMERS, VEHICLES, FORECASTS, VISITS)]
    contacts = typed(contacts, CONTACTS).set_index(pd.Index([7, 3, 5]))
    found = contact_contexts(contacts, *frames, SETTINGS, AS_OF)
    assert [one["contact_id"] for one in found] == ["c", "a", "b"]
    why = why_text(contacts, *frames, SETTINGS, AS_OF)
    assert why.index.tolist() == [7, 3, 5]
    assert why[3] == "winter check of the car"
    assert contact_contexts(contacts.iloc[:0], *frames, SETTINGS, AS_OF) == []


def test_dates_at_the_end_of_the_calendar_do_not_break_a_list():
    found = contexts(
        due={"due_on": "9999-12-31"},
        vehicle={"purchased_on": "9999-12-31"},
        contact={"planned_on": "9999-12-20"},
    )
    assert found["due"] == "about 31 December"
