"""Where a household has not agreed to a channel: the next one of the cycle, if the settings say so."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.schedule.check import violations
from planner.settings import Settings
from tests.calendars import MONDAY, Row, candidate, candidates, customers, days, fleet, plan

SERVICE = {"instead": ["service"]}
# S1a of the cycle that ships: an e-mail; sms, messenger and post instead of it.
INSTEAD = "sms:service_short;post:service_info"


def invitation(**more: object) -> Row:
    days = {"around": 3, "channel": "email", "script": "service_info", "instead": INSTEAD}
    return candidate("V/S1a", "2024-01-20", **{**days, **more})  # a Saturday


def asked(*rows: Row, said: dict[str, str] | None = None, **sections: dict[str, object]) -> pd.DataFrame:
    people = customers({"customer_id": "C1", **(said or {})})
    return plan(*rows, people=people, settings=Settings.model_validate(sections))


@pytest.mark.parametrize(
    ("no", "channel", "script", "day"),
    [
        ([], "email", "service_info", "20 Jan"),
        (["email"], "sms", "service_short", "20 Jan"),
        (["email", "sms"], "post", "service_info", "19 Jan"),  # letters go out on working days
    ],
)
def test_the_first_channel_that_the_household_allows_is_taken_with_its_script(
    no: list[str], channel: str, script: str, day: str
) -> None:
    placed = asked(
        invitation(), said=dict.fromkeys((f"consent_{name}" for name in no), "no"), consent=SERVICE
    )
    row = placed.loc["V/S1a"]
    assert (row["channel"], row["script"], row["status"]) == (channel, script, "planned")
    assert days(placed) == {"V/S1a": day}


def test_without_the_setting_and_for_other_purposes_it_is_dropped() -> None:
    no = {"consent_email": "no"}
    for row, consent in ((invitation(), {}), (invitation(purpose="marketing"), SERVICE)):
        found = asked(row, said=no, consent=consent).loc["V/S1a"]
        assert (found["channel"], found["status"], found["reason"]) == ("email", "dropped", "consent")
    found = asked(invitation(purpose="marketing"), said=no, consent={"instead": ["marketing"]}).loc["V/S1a"]
    assert found["channel"] == "sms"


def test_where_no_channel_is_allowed_it_is_dropped_as_what_it_was() -> None:
    no = {f"consent_{name}": "no" for name in ("email", "sms", "post")}
    found = asked(invitation(), said=no, consent=SERVICE).loc["V/S1a"]
    assert (found["channel"], found["script"], found["reason"]) == ("email", "service_info", "consent")
    nobody = asked(invitation(), said={"do_not_contact": "yes"}, consent=SERVICE).loc["V/S1a"]
    assert (nobody["channel"], nobody["reason"]) == ("email", "do-not-contact")


def test_the_policy_decides_for_the_other_channel_as_well() -> None:
    silent = {"consent_email": "no", "consent_sms": "", "consent_post": ""}
    found = asked(invitation(), said=silent, consent={**SERVICE, "service": ["post"]}).loc["V/S1a"]
    assert found["channel"] == "post"


def test_it_counts_in_the_caps_of_the_channel_that_it_goes_by() -> None:
    short = candidate("V/A", "2024-01-30", around=0, channel="sms", priority=0)
    rules = {"max_short_messages": 1}
    found = asked(
        short, invitation(), said={"consent_email": "no"}, consent=SERVICE, contact_rules=rules
    ).loc["V/S1a"]
    assert (found["status"], found["reason"]) == ("dropped", "cap")
    assert (
        asked(short, invitation(), consent=SERVICE, contact_rules=rules).loc["V/S1a", "status"] == "planned"
    )


def test_what_one_car_hears_by_sms_and_the_other_too_is_one_contact() -> None:
    second = candidate("W/S2b", "2024-01-21", around=3, channel="sms", script="service_short", instead="")
    placed = asked(invitation(), second, said={"consent_email": "no"}, consent=SERVICE)
    assert sorted(placed["status"]) == ["merged", "planned"]


def test_the_checker_knows_the_channels_of_a_touchpoint_by_itself() -> None:
    people = customers({"customer_id": "C1", "consent_email": "no"})
    allowed = Settings.model_validate({"consent": SERVICE})
    placed = plan(invitation(), people=people, settings=allowed).reset_index(drop=True)
    cars = fleet(candidates([invitation()]))

    def broken(settings: Settings, **changed: object) -> list[str]:
        return violations(placed.assign(**changed), people, cars, settings, MONDAY)["rule"].tolist()

    friday = pd.Timestamp("2024-01-19")
    assert broken(allowed) == []
    assert broken(Settings()) == ["channel"]  # the settings allow it no more
    assert broken(allowed, channel="email") == ["consent"]
    assert broken(allowed, channel="messenger") == []  # the cycle that ships names it
    assert broken(allowed, channel="call", planned_on=friday) == ["channel"]
    assert broken(allowed, channel="call", planned_on=friday, touchpoint="OWN", contact_id="V/OWN") == []
