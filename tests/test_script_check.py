"""What `planner check` says of the scripts: on invented customers, and on those of the store."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.columns import typed
from planner.cycle import load_cycles
from planner.scripts import Scripts, sms_segments
from planner.scripts.check import row_problems
from planner.scripts.sms import outside_gsm
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, VEHICLES, VISITS
from tests.script_samples import ARABIC, AS_OF, SCRIPTS, SETTINGS, own_folder


def tables(*contacts: dict[str, object], **languages: str) -> dict[str, pd.DataFrame]:
    """A store of one car a customer; the customers are the keys of `languages`, named in their alphabet."""
    people = [
        {
            "customer_id": who,
            "household_id": who,
            "name": "عبدالرحمن المنصوري" if language == "ar" else "Maria Rossi",
            "language": language or None,
        }
        for who, language in languages.items()
    ]
    cars = [
        {
            "vehicle_id": f"{who}-1",
            "customer_id": who,
            "make": "Kia",
            "model": "Rio",
            "purchased_on": "2024-01-01",
        }
        for who in languages
    ]
    rows = [
        {
            "contact_id": f"{one['customer_id']}-1/{one['touchpoint']}",
            "household_id": one["customer_id"],
            "vehicle_id": f"{one['customer_id']}-1",
            "planned_on": "2026-03-02",
            "status": "planned",
            **one,
        }
        for one in contacts
    ]
    return {
        "contacts": typed(pd.DataFrame(rows), CONTACTS),
        "customers": typed(pd.DataFrame(people), CUSTOMERS),
        "vehicles": typed(pd.DataFrame(cars), VEHICLES),
        "forecasts": typed(pd.DataFrame(), FORECASTS),
        "visits": typed(pd.DataFrame(), VISITS),
    }


def sms(who: str, touchpoint: str, script: str, **more: object) -> dict[str, object]:
    return {"customer_id": who, "touchpoint": touchpoint, "script": script, "channel": "sms", **more}


def test_real_customers_of_each_language_hear_whole_sentences():
    store = tables(sms("A", "W1", "season"), sms("B", "W1", "season"), A="en", B="ar")
    assert row_problems(SCRIPTS, store, AS_OF) == []


def test_a_hole_is_found_at_the_first_contact_that_has_it_in_each_language(tmp_path):
    files = {f"{language}/season.md": "Hello\n{{ due }}" for language in ("en", "ar")}
    own = Scripts(own_folder(tmp_path, files))
    store = tables(
        *(sms(who, "W1", "season") for who in "ABC"), sms("C", "W3", "season"), A="en", B="", C="ar"
    )
    hole = "season.md, line 2: placeholder 'due' has no value here; put it in {% if due %}"
    assert row_problems(own, store, AS_OF) == [
        f"A-1/W1: script 'season' (en): {hole}",  # B speaks the dealership's language too
        f"C-1/W1: script 'season' (ar): {hole}",
        f"C-1/W3: script 'season' (ar): {hole}",
    ]


def test_what_is_not_going_to_be_said_is_not_looked_at(tmp_path):
    own = Scripts(own_folder(tmp_path, {"en/season.md": "{{ due }}"}))
    assert row_problems(own, tables(sms("A", "W1", "season", status="dropped"), A="en"), AS_OF) == []


def test_a_message_that_is_too_long_for_a_real_name_is_told_with_the_letter_that_costs_the_room():
    scripts = Scripts(ARABIC["AE"])
    store = tables(sms("A", "W1", "season"), A="en")
    assert row_problems(scripts, store, AS_OF) == [
        "A-1/W1: script 'season' (en): "
        "an SMS of 4 segments ('ش' is outside the small alphabet); shorten it to 2"
    ]


def test_an_empty_store_has_no_faults():
    assert row_problems(SCRIPTS, tables(), AS_OF) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_marketing_message_without_a_way_out_is_told_and_no_other(tmp_path, language):
    text = "{# channels: sms, messenger, call #}\nHello."
    own = Scripts(own_folder(tmp_path, {f"{language}/intent.md": text, f"{language}/overdue.md": text}))
    cycles = load_cycles(SETTINGS)
    place = f"script 'intent' ({language}): no way out for"
    wanted = "it needs {% include 'blocks/way_out.md' %}"
    assert own.problems(cycles.uses(), cycles.uses("marketing")) == [
        f"{place} sms; {wanted}",
        f"{place} messenger; {wanted}",
    ]


def test_a_way_out_that_says_nothing_is_none(tmp_path):
    own = Scripts(own_folder(tmp_path, {"en/blocks/way_out.md": ""}))
    found = own.problems(marketing=[("referral", "sms")])
    assert found == ["script 'referral' (en): no way out for sms; it needs {% include 'blocks/way_out.md' %}"]


def test_the_message_after_calls_in_vain_must_be_there(tmp_path):
    own = Scripts(own_folder(tmp_path, {"en/not_reached.md": "{# channels: email #}\n# A\n\nB"}))
    place = "script 'not_reached' (en): the cycle uses it for"
    assert own.problems() == [
        f"{place} sms, and it is written for email",
        f"{place} messenger, and it is written for email",
    ]


def test_uses_of_one_purpose_are_some_of_all():
    cycles = load_cycles(Settings())
    assert set(cycles.uses("marketing")) < set(cycles.uses())
    assert ("season", "messenger") in cycles.uses("marketing")  # as `instead`
    assert ("service_call", "call") not in cycles.uses("marketing")


def test_the_letter_that_costs_the_room():
    assert outside_gsm("Grüße, Łukasz Şahin") == "Ł"
    assert outside_gsm("plain €") == ""
    assert [sms_segments("ش" * length) for length in (70, 71, 134, 135)] == [1, 2, 2, 3]
