"""Services with a name: what is found in the words of repair orders, and the file that says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import SettingsError
from planner.named_services import NamedServices, load_named_services
from planner.pipeline import import_exports
from planner.settings import Service, Settings
from planner.store import Store
from tests.intake_files import imported

SHIPPED = load_named_services(Settings().service_names_path)


def found(text: str, known: NamedServices = SHIPPED) -> str | None:
    value = known.found_in(pd.Series([text], dtype="str")).iloc[0]
    return None if pd.isna(value) else value


def own(folder: Path, text: str) -> NamedServices:
    path = folder / "services.csv"
    path.write_text(text, encoding="utf-8")
    return load_named_services(path)


@pytest.mark.parametrize(
    ("order", "services"),
    [
        (
            "LWR BALL JOINT|*TRUCK ALIGNMENT|AIR CONDITIONING|28-PT INSPECTION",
            "air conditioning,wheel alignment",
        ),
        ("Front BRAKE PADS; A/C gas; oil", "air conditioning,brakes"),
        ("cabin air filter", "cabin filter"),  # no air filter
        ("Air filter, cabin air filter", "cabin filter,air filter"),
        ("تغيير زيت + صيانة التكييف", "air conditioning"),
        ("فَحَمَات أمامية", "brakes"),
        ("Customer declined: brake fluid | battery", "battery"),
        ("Brake fluid recommended next visit", None),
        ("ينصح بتغيير البطارية", None),
        ("Backache, rebattery, acid", None),  # parts of words are no words
        ("tyre pressure", None),
        ("2 x new tyres", "tyres"),
        ("Multi-point inspection", None),
        ("Recommended: battery replaced", None),
        ("MOT", "inspection"),
        ("", None),
        # A part that begins with what was not done covers its line, a heading all that follows.
        ("Declined: brake fluid, cabin filter, battery", None),
        ("Declined: brake fluid, cabin filter | battery", "battery"),
        ("battery, declined: brake fluid, cabin filter", "battery"),
        ("DECLINED SERVICES|BRAKE FLUID", None),
        ("Wipers|RECOMMENDATIONS|BRAKE FLUID;battery\ncoolant", "wipers"),
        ("Brake fluid - declined", None),
        # Behind a dash it covers the list before it: the advisor reads out one quote, answered once.
        ("Battery, brake fluid - declined | wipers", "wipers"),
        ("Battery, brake fluid & coolant - customer declined", None),
        ("Battery + brake fluid / wipers - declined", None),
        ("Battery; brake fluid - declined", "battery"),
        ("Battery | brake fluid - declined", "battery"),
        ("Battery\nbrake fluid - declined", "battery"),
        ("Battery. Brake fluid, wipers - declined", "battery"),
        ("Battery. Brake fluid, wipers. Declined.", "battery"),
        ("Battery - brake fluid - declined", "battery"),
        ("Wipers - battery, brake fluid - declined - coolant", "coolant,wipers"),
        ("Brake fluid | battery, brake fluid - declined", "brake fluid"),  # a line of its own stands
        ("Battery replaced, brake fluid, wipers - declined", "battery"),  # what was done was not declined
        ("Battery, brake fluid replaced - declined", None),
        ("Battery, brake fluid - declined, coolant - declined | wipers", "wipers"),
        ("Wipers - battery, brake fluid, declined", "battery,wipers"),
        ("Battery, brake fluid, declined", "battery"),  # behind a comma it speaks of one
        ("Battery, brake fluid (declined)", "battery"),
        ("Brake fluid - declined at this time", None),
        ("Battery, brake fluid - customer declined today", None),
        ("بطارية، زيت الفرامل - مرفوض", None),
        ("Battery - brake fluid", "brake fluid,battery"),
        ("A / C recharge", "air conditioning"),
        # Words for what was not done, and where they say something else.
        ("Decl brake fluid", None),
        ("Needs battery", None),
        ("Brake fluid due", None),
        ("Battery replaced due to age", "battery"),
        ("Coolant as required", "coolant"),
        ("Battery not replaced", None),
        ("No battery", None),
        ("Battery no 12", "battery"),
        ("No leaks, cabin filter", "cabin filter"),
        ("Rec: wipers, battery", None),
        ("Return for battery", None),
        ("نوصي بتغيير البطارية", None),
        ("السيارة تحتاج بطارية", None),
        ("تأجيل زيت الفرامل", None),
        ("لم يتم تغيير البطارية", None),
        ("البطارية غير متوفرة", None),
        ("غير البطارية", "battery"),  # "he changed"
        # Done outweighs.
        ("Advised customer and replaced battery", "battery"),
        ("NEXT OIL CHANGE 12/2026 & WIPER BLADES REPLACED", "wipers"),
        ("Next oil change 15000 km - brake fluid changed", "brake fluid"),
        ("Advised. Battery", None),  # a heading
        ("Oil done / battery", "battery"),
        ("Battery needs to be replaced", None),
        ("Battery not yet replaced", None),
        ("Next visit: battery replaced", None),
        ("Battery replaced (deferred)", None),
        ("Battery replaced - declined", None),
        # To have, get or need something done is to want it done.
        ("Advised to have brake fluid changed", None),
        ("Advised customer to have brake fluid and coolant changed", None),
        ("Suggested having battery replaced", None),
        ("Advised customer to get tires replaced", None),
        ("Advised battery must get replaced", None),
        ("Needs brake pads replaced", None),
        ("Will need wipers replaced next time", None),
        ("Advised customer that we have replaced battery", "battery"),
        ("Advised brake pads have been replaced", "brakes"),
        ("Advised wipers have now been replaced", "wipers"),
        ("Advised customer needs a key and replaced battery", "battery"),
        ("Advised customer to have car washed and replaced battery", "battery"),
        ("AC performance check", "air conditioning"),
        ("Declined wipers, battery replaced", "battery"),
        ("تم رفض تغيير البطارية", None),
        # Words that mean something else.
        ("AC Delco oil filter", None),
        ("ACDelco", None),
        ("AC Delco battery", "battery"),
        ("Headlight alignment", None),
        ("Battery in key fob", None),
        ("Key fob battery | battery", "battery"),
        ("Clean battery terminal", None),
        ("Wiper motor", None),
        ("Coolant temperature sensor", None),
        ("12V AC socket", None),
        ("Brake fluid level", None),
        ("A/C filter", "cabin filter"),
        ("A/C cabin filter", "cabin filter"),
        ("Battery test", None),
        ("Battery test done", None),
        ("C/S A/C inop", None),
        ("Checked battery and replaced battery", "battery"),
        ("MOT test", "inspection"),
        ("Battery OK", None),
        ("تم فحص البطارية", None),
        # Arabic: and, with, for before a word; words of one that are another's.
        ("تغيير زيت الفرامل والبطارية", "brake fluid,battery"),
        ("تغيير للبطارية", "battery"),
        ("فلتر هواء المكيف", "cabin filter"),
        ("فلتر هواء كابينة", "cabin filter"),
        ("شمعات الإضاءة", None),
        ("شمعات", "spark plugs"),
        ("فحمات الموتور", None),
        ("تبديل كفرات", "tyres"),
        ("هوب فرامل", "brakes"),
        ("ماء رديتر", "coolant"),
        # Tyres, however their words stand.
        ("Tyres replaced", "tyres"),
        ("Replace 4 tires", "tyres"),
        ("Front tires replaced", "tyres"),
        ("4 new Michelin tyres", "tyres"),
        ("Mount and balance 4 tires", "tyres"),
        ("Tyre rotation done", None),
        ("Replaced tire pressure sensor", None),
        ("New tyre valve", None),
        ("Tyres checked", None),
        ("Needs new tires", None),
        ("Tyres balanced", None),
        # Plurals.
        ("Cabin filters, air filters, Sparkplugs, Front pads", "brakes,cabin filter,air filter,spark plugs"),
        ("Annual inspection", "inspection"),
    ],
)
def test_words_of_repair_orders(order: str, services: str | None) -> None:
    assert found(order) == services


def test_of_two_words_that_begin_alike_the_longer_counts(tmp_path: Path) -> None:
    known = own(tmp_path, "service,words\nrims,wheel\ngeometry,wheel alignment\n")
    assert found("Wheel alignment", known) == "geometry"
    assert found("wheel, alignment", known) == "rims"


@given(st.data())
def test_every_word_is_found_however_it_is_written(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(SHIPPED.services))
    words = data.draw(st.sampled_from(one.words))
    between = data.draw(st.sampled_from([" ", "-", "/", "  ", "_"]))
    case = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
    before, after = (data.draw(st.sampled_from(["", "oil | ", "1x ", "x "])) for _ in range(2))
    assert one.service in (found(f"{before}{case(between.join(words))} {after}") or "").split(",")


def test_the_names_that_ship_are_in_both_languages() -> None:
    for one in SHIPPED:
        assert one.service in ("tyres", "inspection") or {"en", "ar"} <= set(one.names)
    assert SHIPPED.name("air conditioning", "ar") == "صيانة التكييف"
    assert (
        SHIPPED.name("air conditioning", "fr") == SHIPPED.name("air conditioning", "xx") == "air conditioning"
    )
    assert SHIPPED.name("ceramic coating", "en") == "ceramic coating"
    assert "air conditioning" in SHIPPED.offered
    assert "brakes" not in SHIPPED.offered


def test_a_file_of_ones_own_in_semicolons(tmp_path: Path) -> None:
    known = own(tmp_path, "# ours\nservice;name_fr;offer;words\nPaint Sealing;cire;Yes;ceramic | nano\n;;;\n")
    assert known.codes == known.offered == ("paint sealing",)
    assert known.name("paint sealing", "fr") == "cire"
    assert found("Nano treatment", known) == found("PAINT-SEALING", known) == "paint sealing"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("service,word\n", "unknown column 'word'; did you mean 'words'"),
        ("name_en,words\nx,y\n", "no column 'service'"),
        ("", "no column 'service'"),
        ("service,words\n\nwax,wax\n,polish\n", "line 4: service is ''"),
        ('service,words\n"wax,polish",wax\n', "line 2: service is 'wax,polish'"),
        ("service,words\nrepair,fix\n", "line 2: 'repair' is a kind of visit"),
        ("service,words\nwax,shine,polish\n", "line 2: 'polish' stands under no column"),
        ("service,,words\nwax,shine,polish\n", "line 2: 'shine' stands under no column"),
        ("# ours\nservice,words,Words\n", "line 2: column 'words' stands twice"),
        ("service,offer\nwax,maybe\n", "line 2: offer is 'maybe'; it is yes or no"),
        ("service,words\nwax,shine\nWax,polish\n", "line 3: 'wax' stands twice"),
        ("service,words\nwax,shine\npolish,SHINE\n", "line 3: 'shine' is a word of 'wax' too"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        own(tmp_path, text)
    assert message in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "services.csv"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\n"])
def test_what_excel_adds_is_left_out(tmp_path: Path, first: str) -> None:
    known = own(tmp_path, f"{first}service;offer;;\nwax hard;نعم;;\n")
    assert known.offered == ("wax hard",)
    with pytest.raises(SettingsError, match="line 3: offer is 'x'"):
        own(tmp_path, f"{first}service;offer\nwax;x\n")


@pytest.mark.parametrize(("said", "offered"), [("Y", True), ("نعم", True), ("n", False), ("لا", False)])
def test_offer_in_short_and_in_arabic(tmp_path: Path, said: str, offered: bool) -> None:
    assert bool(own(tmp_path, f"service,offer\nwax,{said}\n").offered) is offered


def test_words_that_mean_something_else_are_the_dealerships_too(tmp_path: Path) -> None:
    known = own(tmp_path, "service,words,not_words\nwax,shine,shoe shine|wax paper\n")
    assert found("shoe shine; wax paper", known) is None
    assert found("shine", known) == "wax"


def test_a_file_without_words_names_nothing(tmp_path: Path) -> None:
    assert found("MOT | battery", own(tmp_path, "service,words\ninspection,\n")) is None


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the names of services cannot be read: No such file"):
        load_named_services(tmp_path / "none.csv")


@pytest.mark.parametrize("header", ["services", "Work performed", "Ops", "وصف الأعمال"])
def test_imported_are_the_names_not_the_words(tmp_path: Path, header: str) -> None:
    rows = "V1,2026-01-05,oil | A/C recharge for Mrs Example\nV2,2026-01-06,oil\nV2,2026-02-06,\n"
    intake = imported(tmp_path, {"visits.csv": f"vehicle_id,visited_on,{header}\n{rows}"})
    assert intake.frames["visits"]["services"].fillna("").tolist() == ["air conditioning", "", ""]


def test_own_words_hold_at_the_next_import(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("service,words\nwax,shine\n", encoding="utf-8")
    settings = Settings(service=Service(names="own.csv"), base=tmp_path)
    export = {"visits.csv": "vehicle_id,visited_on,services\nV1,2026-01-05,Shine and A/C\n"}
    assert imported(tmp_path, export, settings=settings).frames["visits"]["services"].tolist() == ["wax"]
    assert imported(tmp_path, export).frames["visits"]["services"].tolist() == ["air conditioning"]


def test_a_word_that_is_taken_out_is_gone_with_the_next_import_of_its_visit(tmp_path: Path) -> None:
    header, car = "visit_id,vehicle_id,visited_on,services", "V1,2026-01-05"
    first = f"{header}\nR1,{car},AC socket\nR2,{car},AC and battery\nR3,{car},AC\nR4,{car},AC\n"
    again = f"{header}\nR1,{car},AC socket\nR2,{car},AC and battery\nR3,{car},\n"
    without = "visit_id,vehicle_id,visited_on\nR1,V1,2026-01-05\nR2,V1,2026-01-05\n"
    cars = "vehicle_id,customer_id,purchased_on\nV1,C1,2024-01-01\n"
    names = tmp_path / "own.csv"
    settings = Settings(service=Service(names="own.csv"), base=tmp_path)

    def stored(store: Store, **files: str) -> tuple[int, dict[str, str]]:
        paths = [tmp_path / f"{name}.csv" for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        changed = import_exports(store, paths, settings, date(2026, 2, 1)).changed["visits"]
        return changed, store.read("visits").set_index("visit_id")["services"].dropna().to_dict()

    with Store.create(tmp_path / "store.db") as store:
        names.write_text("service,words\nair conditioning,ac\nbattery,battery\n", encoding="utf-8")
        both = "air conditioning,battery"
        found = {"R1": "air conditioning", "R2": both, "R3": "air conditioning", "R4": "air conditioning"}
        people = "customer_id,name\nC1,Nora Field\n"
        assert stored(store, customers=people, vehicles=cars, visits=first) == (4, found)
        assert stored(store, visits=first) == (0, found)
        names.write_text("service,words\nair conditioning,a c service\nbattery,battery\n", encoding="utf-8")
        # A row without the column, without words or that is not there says nothing.
        assert stored(store, visits=without) == (0, found)
        left = {"R2": "battery", "R3": "air conditioning", "R4": "air conditioning"}
        assert stored(store, visits=again) == (2, left)
        assert stored(store, visits=again) == (0, left)


def test_without_the_column_there_is_none(tmp_path: Path) -> None:
    intake = imported(tmp_path, {"visits.csv": "vehicle_id,visited_on\nV1,2026-01-05\n"})
    assert intake.frames["visits"]["services"].isna().all()


def test_a_row_for_each_line_of_a_repair_order_is_one_visit(tmp_path: Path) -> None:
    lines = [
        "RO2,V1,2026-01-05,LOF",  # names none
        "RO2,V1,2026-01-05,BRAKE FLUID",
        "RO2,V1,2026-01-05,A/C and BRAKE FLUID",
    ]
    text = "\n".join(["visit_id,vehicle_id,visited_on,Work", *lines, "RO3,V2,2026-01-06,battery", ""])
    intake = imported(tmp_path, {"visits.csv": text.replace("Work", "Work done")})
    visits = intake.frames["visits"].set_index("visit_id")["services"]
    assert visits.to_dict() == {"RO2": "brake fluid,air conditioning", "RO3": "battery"}
    assert intake.issues.empty


@pytest.mark.parametrize(("first", "second"), [("battery", "oil"), ("oil", "battery"), ("battery", "")])
def test_a_visit_in_two_files_of_one_command_has_the_services_of_both(
    tmp_path: Path, first: str, second: str
) -> None:
    header = "visit_id,vehicle_id,visited_on,services\n"
    files = {
        f"{name}.csv": f"{header}R4,V1,2026-01-05,{said}\nR{name},V1,2026-02-05,A/C\n"
        for name, said in (("a", first), ("b", second))
    }
    visits = imported(tmp_path, files).frames["visits"].set_index("visit_id")["services"]
    assert visits.to_dict() == {"R4": "battery", "Ra": "air conditioning", "Rb": "air conditioning"}


def test_lines_without_a_number_are_one_visit_of_the_day(tmp_path: Path) -> None:
    text = "vehicle_id,visited_on,services\nV1,2026-01-05,battery\nV1,2026-01-05,brake pads\nV1,2026-01-05,\n"
    intake = imported(tmp_path, {"visits.csv": text})
    assert intake.frames["visits"]["services"].tolist() == ["battery,brakes"]
    assert intake.issues.empty


def test_two_columns_of_work_do_not_stop_an_import(tmp_path: Path) -> None:
    text = "vehicle_id,visited_on,Work Description,Op Codes\nV1,2026-01-05,A/C,12AC\n"
    intake = imported(tmp_path, {"visits.csv": text})
    assert intake.frames["visits"]["services"].tolist() == ["air conditioning"]
    assert "Op Codes" in intake.files[0].ignored
