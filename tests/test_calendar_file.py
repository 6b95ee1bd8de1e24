"""The plan as iCalendar: what RFC 5545 asks for, read by readers that are none of ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.main import run
from planner.columns import typed
from planner.cycle import load_cycles
from planner.doors.calendar import coming, write_calendar
from planner.scripts import Scripts
from planner.settings import Settings
from planner.store import Store
from planner.tables import ANSWERS
from tests.commands import DAY, refused

TODAY = date.fromisoformat(DAY)
NAMES = ("customers", "vehicles", "visits", "forecasts", "contacts")
ESCAPED = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
CALLED = ("contact_id", "household_id", "customer_id", "vehicle_id", "touchpoint")
Event = dict[str, str]


def tables(path: Path = Path("dealership.db")) -> dict[str, pd.DataFrame]:
    with Store.open(path) as store:
        return {name: store.read(name) for name in NAMES}


def read(path: Path) -> tuple[Event, list[Event]]:
    """The calendar's own properties and those of its events, by the rules of RFC 5545 3.1 and 3.3.11."""
    content = path.read_bytes()
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert not [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line]
    whole = re.sub(b"\r\n[ \t]", b"", content).decode("utf-8").split("\r\n")[:-1]
    assert (whole[0], whole[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    head: Event = {}
    events: list[Event] = []
    inside = head
    for line in whole[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            inside = {}
        elif line == "END:VEVENT":
            events.append(inside)
            inside = head
        else:
            assert name not in inside
            inside[name] = re.sub(r"\\[\\;,nN]", lambda found: ESCAPED[found[0]], value)
    return head, events


@pytest.mark.usefixtures("planned")
class TestCalendar:
    def test_every_planned_contact_to_come_and_no_other(self) -> None:
        assert run(["calendar", "--as-of", DAY]) == 0
        _, events = read(Path("plan.ics"))
        contacts = tables()["contacts"]
        ahead = contacts[(contacts["status"] == "planned") & (contacts["planned_on"] >= DAY)]
        expected = {
            (f"{contact_id}@dealership-contact-planner", f"{day:%Y%m%d}", f"{day + timedelta(days=1):%Y%m%d}")
            for contact_id, day in zip(ahead["contact_id"], ahead["planned_on"], strict=True)
        }
        found = [(e["UID"], e["DTSTART;VALUE=DATE"], e["DTEND;VALUE=DATE"]) for e in events]
        assert len(found) == len(expected) > 500
        assert set(found) == expected

    def test_a_number_that_was_wrong_is_in_it_no_more(self) -> None:
        assert run(["calendar", "--as-of", DAY]) == 0
        _, before = read(Path("plan.ics"))
        stored = tables()
        phones = stored["customers"].dropna(subset="phone").set_index("customer_id")["phone"]
        ahead = stored["contacts"].query("status == 'planned' and channel == 'call'")
        call = ahead[ahead["customer_id"].isin(phones.index)].iloc[0]
        with Store.open(Path("dealership.db")) as store, store.transaction():
            said = {name: call[name] for name in CALLED} | {"phone": phones[call["customer_id"]]}
            said |= {"attempt": 1, "outcome": "wrong_number", "said_on": DAY, "recorded_on": DAY}
            store.append("outcomes", typed(pd.DataFrame([said]), ANSWERS))
        assert run(["calendar", "--as-of", DAY, "--force"]) == 0
        _, after = read(Path("plan.ics"))
        uid = f"{call['contact_id']}@dealership-contact-planner"
        was, now = (next(event for event in events if event["UID"] == uid) for events in (before, after))
        assert was["URL"].startswith("tel:")
        assert now.get("URL") != was["URL"]

    def test_an_event_has_what_the_standard_and_the_caller_need(self) -> None:
        assert run(["calendar", "--as-of", DAY]) == 0
        head, events = read(Path("plan.ics"))
        assert (head["VERSION"], head["METHOD"], head["CALSCALE"]) == ("2.0", "PUBLISH", "GREGORIAN")
        assert head["PRODID"]
        assert head["X-WR-CALNAME"] == "Contacts, Your dealership"
        stored = tables()
        names = stored["customers"].set_index("customer_id")["name"]
        owners = stored["contacts"].set_index("contact_id")["customer_id"].map(names)
        for event in events:
            contact_id = event["UID"].removesuffix("@dealership-contact-planner")
            assert event["DTSTAMP"] == "20260302T000000Z"
            assert event["SEQUENCE"] == str((TODAY - date(2000, 1, 1)).days)
            assert event["STATUS"] == "CONFIRMED"
            assert (event["CLASS"], event["TRANSP"]) == ("PRIVATE", "TRANSPARENT")
            assert event["SUMMARY"].endswith(f": {owners[contact_id]}")
            assert contact_id in event["DESCRIPTION"]
            assert ("URL" in event) <= (event["CATEGORIES"] == "Call")
            assert re.fullmatch(r"tel:\+\d{7,15}", event.get("URL", "tel:+4930123456"))
        calls = [event for event in events if event["CATEGORIES"] == "Call"]
        assert sum("URL" in event for event in calls) > len(calls) / 2

    def test_who_said_no_since_or_has_answered_is_not_in_it(self) -> None:
        stored = tables()
        before = coming(stored, load_cycles(Settings()), Settings(), TODAY).contacts
        one, other = before["contact_id"].iloc[0], before["household_id"].iloc[-1]
        contacts, customers = stored["contacts"], stored["customers"]
        stored["contacts"] = contacts.assign(
            outcome=contacts["outcome"].mask(contacts["contact_id"] == one, "booked")
        )
        no = customers["household_id"] == other
        stored["customers"] = customers.assign(do_not_contact=customers["do_not_contact"].mask(no, "yes"))
        after = coming(stored, load_cycles(Settings()), Settings(), TODAY).contacts
        gone = set(before["contact_id"]) - set(after["contact_id"])
        assert gone == {one, *before.loc[before["household_id"] == other, "contact_id"]}

    def test_too_many_are_cut_at_a_week_and_told(self) -> None:
        stored, cycles = tables(), load_cycles(Settings())
        whole = coming(stored, cycles, Settings(), TODAY).contacts
        cut = coming(stored, cycles, Settings(), TODAY, most=100)
        assert cut.until is not None
        assert 0 < len(cut.contacts) <= 100
        assert len(cut.contacts) + cut.left_out == len(whole)
        assert (cut.until - TODAY).days % 7 == 0
        assert cut.contacts["planned_on"].max() < pd.Timestamp(cut.until)
        week_more = whole["planned_on"] < pd.Timestamp(cut.until + timedelta(weeks=1))
        assert week_more.sum() > 100
        two = coming(stored, cycles, Settings(), TODAY, weeks=2).contacts
        assert len(two) == (whole["planned_on"] < pd.Timestamp(TODAY + timedelta(days=14))).sum() > 0

    def test_the_same_plan_gives_the_same_bytes_and_files_are_kept(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["calendar", "--as-of", DAY, "--advisor", "tomas lind", "--out", "one.ics"]) == 0
        assert run(["calendar", "--as-of", DAY, "--advisor", "Tomas Lind", "--out", "two.ics"]) == 0
        one, two = (Path(name).read_bytes() for name in ("one.ics", "two.ics"))
        assert one.split(b"\r\nBEGIN:VEVENT", 1)[1] == two.split(b"\r\nBEGIN:VEVENT", 1)[1]
        assert all("Advisor: Tomas Lind" in event["DESCRIPTION"] for event in read(Path("one.ics"))[1])
        assert "exists; --force overwrites it" in refused(capsys, "calendar", "--out", "one.ics")
        assert "must end with .ics" in refused(capsys, "calendar", "--out", "plan.txt")
        assert "--advisor Nobody: not known" in refused(capsys, "calendar", "--advisor", "Nobody")

    def test_khal_reads_every_event(self, tmp_path: Path) -> None:
        if shutil.which("khal") is None:
            pytest.skip("khal is not installed; it is the calendar program that this test imports into")
        assert run(["calendar", "--as-of", DAY, "--weeks", "2"]) == 0
        _, events = read(Path("plan.ics"))
        config = tmp_path / "khal.conf"
        config.write_text(
            f"[calendars]\n[[plan]]\npath = {tmp_path}/khal\n[default]\ndefault_calendar = plan\n"
            f"[sqlite]\npath = {tmp_path}/khal.db\n[locale]\nlocal_timezone = UTC\n"
            "default_timezone = UTC\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "timeformat = %H:%M\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        (tmp_path / "khal").mkdir()
        outside = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"LC_ALL": "C.UTF-8"}
        khal = ["khal", "-c", str(config)]
        subprocess.run(
            [*khal, "import", "--batch", "plan.ics"],
            check=True,
            env=outside,
            capture_output=True,
            timeout=240,
        )
        shape = ["--format", "{start-date}|{uid}|{title}", "--day-format", ""]
        listed = subprocess.run(
            [*khal, "list", "--notstarted", *shape, DAY, "15d"],
            check=True, env=outside, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        seen = {tuple(line.split("|", 2)) for line in listed.stdout.splitlines() if line}
        expected = {
            (f"{date.fromisoformat(e['DTSTART;VALUE=DATE'])}", e["UID"], e["SUMMARY"]) for e in events
        }
        assert seen == expected

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=120),
        st.text(alphabet='منى علي;,\\:"\n\r\t=é😀 ab', max_size=300),
    )
    def test_whatever_is_in_it_the_file_is_well_formed_and_says_it(
        self, small: dict[str, pd.DataFrame], tmp_path: Path, name: str, note: str
    ) -> None:
        stored = dict(small)
        stored["customers"] = stored["customers"].assign(name=name)
        one = stored["contacts"].assign(notes=note)
        path = tmp_path / "plan.ics"
        write_calendar(path, one, stored, Scripts(Settings()), Settings(), TODAY, TODAY)
        _, events = read(path)
        assert len(events) == len(one) == 3
        parsed = icalendar.Calendar.from_ical(path.read_bytes())
        for event, other in zip(events, parsed.walk("VEVENT"), strict=True):
            assert str(other["SUMMARY"]) == event["SUMMARY"]
            assert event["SUMMARY"].partition(": ")[2] == name
            assert str(other["DESCRIPTION"]) == event["DESCRIPTION"]
            assert note.replace("\r\n", "\n").replace("\r", "\n").strip() in event["DESCRIPTION"]


@pytest.fixture
def small(planned: Path) -> dict[str, pd.DataFrame]:
    stored = tables(planned / "dealership.db")
    stored["contacts"] = coming(stored, load_cycles(Settings()), Settings(), TODAY).contacts.iloc[:3]
    return stored


def test_arabic_is_folded_between_letters(small: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    chosen = Settings(dealership={"country": "EG", "name": "سيارات النيل"})
    stored = dict(small)
    stored["customers"] = stored["customers"].assign(name="منى علي عبد الرحمن المنشاوي الكبير")
    path = tmp_path / "plan.ics"
    write_calendar(path, stored["contacts"], stored, Scripts(chosen), chosen, TODAY, TODAY)
    head, events = read(path)
    assert head["X-WR-CALNAME"].endswith("سيارات النيل")
    assert all(event["SUMMARY"].endswith(": منى علي عبد الرحمن المنشاوي الكبير") for event in events)
