"""Services with a name on their way to the customer: the sentence, the list, the sheets, and all of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from cli.main import run
from planner.errors import SettingsError
from planner.named_services import load_named_services
from planner.scripts import Scripts
from planner.scripts.missing import missing_for_calls
from planner.scripts.words import load_words
from planner.settings import Settings
from planner.store import Store
from planner.tables import CONTACTS, FORECASTS, STORED_CUSTOMERS
from planner.value.services import MISSING
from planner.workbooks.texts import Texts
from tests.calls_book import INFO, calls
from tests.calls_book import written as list_written
from tests.list_world import MONDAY, contact, frame, person
from tests.segment_world import NAMED
from tests.test_words import own_language
from tests.value_book import INFO as VALUE_INFO
from tests.value_book import texts_of
from tests.value_book import written as value_written
from tests.value_world import frames, tables

AIR = "air conditioning"
SAID = "you have not had the air conditioning serviced with us in the last two years"

# --- the sentence -------------------------------------------------------------------------------------


def test_the_air_conditioning_has_a_sentence_of_its_own_and_others_share_one() -> None:
    english = load_words("en")
    assert SAID in english.not_had(AIR, "air conditioning service")
    assert "two years: cabin filter." in english.not_had("cabin filter", "cabin filter")
    assert "الماضيتين: فلتر المكيف." in load_words("ar").not_had("cabin filter", "فلتر المكيف")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_service_has_a_sentence_and_no_place_stays_open(language: str) -> None:
    words = load_words(language)
    for service in NAMED:
        sentence = words.not_had(service.service, service.name(language))
        assert "{" not in sentence
        own = service.service in words.missing
        assert own or service.name(language) in sentence


def test_a_name_is_never_read_as_a_phrase() -> None:
    assert "two years: {name}." in load_words("en").not_had("x", "{name}")


def test_a_language_of_ones_own_may_be_older_than_these_sentences(tmp_path: Path) -> None:
    words = own_language(tmp_path, "fr") / "fr" / "words.toml"
    lines = [line for line in words.read_text("utf-8").splitlines() if not line.startswith(f'"{AIR}"')]
    for_all = next(line for line in lines if line.startswith("other =") and "{service}" in line)
    words.write_text("\n".join(lines), "utf-8")
    assert "two years: climatisation." in load_words("fr", tmp_path).not_had(AIR, "climatisation")
    words.write_text("\n".join(line for line in lines if line != for_all), "utf-8")
    assert load_words("fr", tmp_path).not_had(AIR, "climatisation") == ""


def with_words(folder: Path, missing: str) -> Settings:
    (folder / "en").mkdir()
    (folder / "en" / "words.toml").write_text(f"[missing]\n{missing}\n", "utf-8")
    return Settings.model_validate(
        {"dealership": {"name": "Hill", "phone": "1"}, "scripts": {"folder": str(folder)}}
    )


def test_a_service_may_have_a_sentence_of_the_dealership(tmp_path: Path) -> None:
    scripts = Scripts(with_words(tmp_path, "\"brake fluid\" = 'Old {service}?'"))
    assert scripts.words("en").not_had("brake fluid", "brake fluid change") == "Old brake fluid change?"
    assert scripts.problems() == []


def test_a_sentence_for_a_service_that_there_is_not_is_found_by_check(tmp_path: Path) -> None:
    scripts = Scripts(with_words(tmp_path, "\"aircondition\" = 'Hot?'"))
    (said,) = scripts.problems()
    assert said.startswith(
        "scripts: en/words.toml: missing.aircondition is no service; did you mean 'air con"
    )


def test_a_sentence_has_one_place_only(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing.brakes: there is no {vehicle} here"):
        Scripts(with_words(tmp_path, "brakes = 'For {vehicle}'")).words("en")


# --- what a call may offer ----------------------------------------------------------------------------


def offered(services: str, also: str | None = None, due: str = "maintenance") -> dict[str, str]:
    """What the call offers to C1, who lacks the air conditioning and, less urgently, brake fluid.

    services: due at the visit of his car; due: at that of the other one, which the call names if `also`.
    """
    rows = frame(CONTACTS, [contact(1, "2026-03-10", also_vehicle_ids=also)])
    gaps = [("C1", "brake fluid", 2), ("C1", AIR, 1), ("C2", "coolant", 1)]
    table = frame(MISSING, [{"customer_id": c, "service": s, "rank": r} for c, s, r in gaps])
    forecasts = [
        {"vehicle_id": "V1", "service_no": 2, "due_on": "2026-03-20", "services": services},
        {"vehicle_id": "V1", "service_no": 3, "due_on": "2027-03-20", "services": f"{services}, {AIR}"},
        {"vehicle_id": "V2", "service_no": 1, "due_on": "2026-03-20", "services": due},
    ]
    stored = {
        "customers": frame(STORED_CUSTOMERS, [person(1)]),
        "contacts": frame(CONTACTS, []),
        "forecasts": frame(FORECASTS, forecasts),
    }
    settings = Settings.model_validate({"dealership": {"country": "US"}})
    found = missing_for_calls(rows, table, pd.Series(["service"]), stored, settings, MONDAY)
    return {str(key): str(value) for key, value in found.items()}


def test_a_call_does_not_offer_what_the_visit_brings_anyway() -> None:
    assert offered("maintenance, inspection") == {"V1/S2c": AIR}
    assert offered("maintenance, A/C Service") == {"V1/S2c": "brake fluid"}
    assert offered("maintenance, Brake Fluid, A/C") == {}
    assert offered("maintenance", also="V2", due=f"maintenance, {AIR}") == {"V1/S2c": "brake fluid"}
    assert offered("maintenance", due=f"maintenance, {AIR}") == {"V1/S2c": AIR}


# --- the workbooks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "called"), [("en", "air conditioning service"), ("ar", "صيانة التكييف")]
)
def test_the_list_calls_it_by_its_name_in_the_language(tmp_path: Path, language: str, called: str) -> None:
    info = replace(INFO, language=language, services=NAMED.names(language))
    workbook = list_written(tmp_path, calls({"missing_service": AIR}), info)
    assert Texts(language)("calls.not_had", service=called) in texts_of(workbook.worksheets[0])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sheets_of_value_call_it_by_its_name(tmp_path: Path, language: str) -> None:
    """Every second visit names the air conditioning and brings 90 more; inspections keep their word."""
    stored = tables()
    visits = stored["visits"].sort_values("visited_on", ignore_index=True)
    second = visits.index % 2 == 0
    stored["visits"] = visits.assign(
        services=pd.Series("air conditioning,wipers", visits.index, dtype="str").where(second),
        margin=visits["margin"] + 90.0 * second,
    )
    found = frames(stored)
    assert AIR in set(found["to_offer"]["service"]) | {found["to_offer"]["also"].str.cat(sep=",")}
    texts = Texts(language)
    info = replace(VALUE_INFO, language=language, services=NAMED.names(language))
    workbook = value_written(tmp_path, found, info)
    air, wipers = NAMED.name(AIR, language), NAMED.name("wipers", language)
    segments, offer, act = (texts_of(workbook[texts(f"sheet.{each}")])
                            for each in ("segments_value", "to_offer", "to_act_on"))  # fmt: skip
    assert segments.count(wipers) == segments.count(air) >= 3  # the shares, and each segment
    assert any(air in said for said in offer)
    assert any(air in said for said in act)
    assert not any("wipers" in said for said in [*segments, *offer, *act] if language == "ar")
    # Followed from its row: share x margin a year, as the heads say.
    rows = list(workbook[texts("sheet.to_offer")].iter_rows(min_row=4, values_only=True))
    heads = [texts(f"value.act.{name}") for name in ("share", "margin_per_year", "expected_margin")]
    places = [rows[0].index(head) for head in heads]
    for row in rows[1:]:
        share, margin, brings = (row[place] for place in places)
        assert share * margin == pytest.approx(brings)
        assert row[rows[0].index(texts("value.act.best_of"))] in {
            texts("value.all"), *(texts.code("segment", each) for each in found["segments"]["segment"])
        }  # fmt: skip


def test_names_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text("service,name_en,name_ar\ntyres,,\npaint,paint sealing,حماية الطلاء\n", "utf-8")
    named = load_named_services(path)
    texts = Texts("ar", own={f"visit.{code}": name for code, name in named.names("ar").items()})
    assert texts.code("visit", "paint") == "حماية الطلاء"
    assert texts.code("visit", "tyres") == Texts("ar").code("visit", "tyres")  # blank changes no word


# --- all of it ----------------------------------------------------------------------------------------

AS_OF = "2026-06-01"


def export(folder: Path) -> list[str]:
    """100 customers for four years. 30 have the air conditioning done at every service, in words of a repair
    order. Of two whose service is due in July one, Amal, had it recharged ten months ago, the other, Basil,
    never."""
    rows: dict[str, list[dict[str, Any]]] = {"customers": [], "vehicles": [], "visits": []}
    for i in range(100):
        who = {98: "Amal Haddad", 99: "Basil Stone"}.get(i, f"Person {i}")
        language = {98: "ar"}.get(i, "en")
        rows["customers"].append(
            {"customer_id": f"C{i:03}", "name": who, "phone": f"(201) 555-0{i:03}", "language": language,
             "consent_call": "yes"}
        )  # fmt: skip
        rows["vehicles"].append(
            {"vehicle_id": f"V{i:03}", "customer_id": f"C{i:03}", "make": "Kia", "purchased_on": "2022-05-01",
             "monthly_km": 700}
        )  # fmt: skip
        for year in (2023, 2024, 2025, 2026):
            day = date(year, 5, 2 + i % 20) if i < 98 else date(year - 1, 7, 20)
            text = "LOF|A/C RECHARGE" if i < 30 else "LOF"
            money = {"amount": 400, "margin": 160} if i < 30 else {"amount": 250, "margin": 100}
            rows["visits"].append(
                {
                    "vehicle_id": f"V{i:03}",
                    "visited_on": day,
                    "kind": "maintenance",
                    "services": text,
                    **money,
                }
            )
        if i >= 30:
            rows["visits"].append(
                {"vehicle_id": f"V{i:03}", "visited_on": "2025-08-10", "kind": "repair", "amount": 3 * i,
                 "margin": i - 29, "services": "Freon refill; wiper blades" if i == 98 else ""}
            )  # fmt: skip
    for name, lines in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(lines)
    return [f"{name}.csv" for name in rows]


def test_from_the_words_of_repair_orders_to_what_the_caller_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dealership.toml").write_text('[dealership]\nname = "Hill"\ncountry = "US"\n', "utf-8")
    assert run(["import", *export(tmp_path), "--as-of", AS_OF]) == 0
    assert run(["plan", "--as-of", AS_OF, "--years", "1"]) == 0
    with Store.open(tmp_path / "dealership.db") as store:
        contacts = store.read("contacts")
    ours = contacts[contacts["vehicle_id"].isin(["V098", "V099"]) & contacts["script"].eq("service_call")]
    days = ours.set_index("vehicle_id")["planned_on"]
    scripts = {}
    for vehicle in ("V098", "V099"):
        year, week, _ = days[vehicle].isocalendar()
        monday = date.fromisocalendar(year, week, 1).isoformat()
        out = f"{vehicle}.xlsx"
        assert run(["calls", "--week", f"{year}-W{week:02}", "--as-of", monday, "--out", out]) == 0
        workbook = load_workbook(out)
        name = {"V098": "Amal Haddad", "V099": "Basil Stone"}[vehicle]
        listed = list(workbook["Calls"].iter_rows(values_only=True))
        row = next(row for row in listed if name in row)
        column = row[listed[0].index("Open offers")]
        text = "\n".join(texts_of(workbook["Scripts"]))
        scripts[vehicle] = (column, text[text.index(name) :] if name in text else text)
    assert scripts["V099"][0] == "Not had in 2 years: air conditioning service"
    assert SAID in scripts["V099"][1]
    assert scripts["V098"][0] is None
    assert load_words("ar").not_had(AIR, "") not in scripts["V098"][1]
