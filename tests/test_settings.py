"""dealership.toml: what it may say, what it means if it says nothing, and what is refused how."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from planner.errors import SettingsError
from planner.settings import DEFAULTS, Settings, load_settings

TEMPLATE = DEFAULTS / "dealership.toml"


def _write(folder: Path, text: str) -> Path:
    path = folder / "dealership.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _with_all_keys() -> str:
    """The template with the keys that stand behind a #, as they are not set."""
    return re.sub(r"(?m)^# (?=\w+ = )", "", TEMPLATE.read_text(encoding="utf-8"))


# --- The template that `planner init` writes ---


def test_template_loads_to_the_defaults() -> None:
    assert load_settings(TEMPLATE).model_dump() == Settings().model_dump()


def test_template_names_every_key_of_the_model_in_its_order() -> None:
    template = tomllib.loads(_with_all_keys())
    model = Settings().model_dump()
    assert {section: list(keys) for section, keys in template.items()} == {
        section: list(keys) for section, keys in model.items()
    }
    assert list(template) == list(model)


def test_template_explains_every_key() -> None:
    lines = _with_all_keys().splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"\w+ =", line)]
    assert len(keys) == sum(len(section) for section in Settings().model_dump().values())
    assert [lines[number] for number in keys if not lines[number - 1].startswith("# ")] == []


@pytest.mark.parametrize("line", ['country = "US"', 'language = "en"', 'unit = "km"'])
def test_what_init_fills_in_stands_in_the_template_once(line: str) -> None:
    assert TEMPLATE.read_text(encoding="utf-8").splitlines().count(line) == 1


# --- What a file may say ---


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(_write(tmp_path, "")).model_dump() == Settings().model_dump()


def test_values_of_the_file_replace_the_defaults_and_nothing_else(tmp_path: Path) -> None:
    text = """
        [dealership]
        country = " eg "
        [calendar]
        working_days = ["sun", "mon"]
        closed_on = [2026-12-24, "2026-12-31"]
        [contact_rules]
        max_calls = 0
        [capacity.advisors]
        "Mona Adel" = 12
        [consent]
        marketing = []
    """
    settings = load_settings(_write(tmp_path, text))
    assert settings.dealership.country == "EG"
    assert settings.calendar.working_days == ("sun", "mon")
    assert settings.calendar.closed_on == (date(2026, 12, 24), date(2026, 12, 31))
    assert settings.contact_rules.max_calls == 0
    assert settings.capacity.advisors == {"Mona Adel": 12}
    assert settings.consent.marketing == ()
    assert settings.consent.service == Settings().consent.service
    assert settings.contact_rules.max_emails == 3


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "dealership.toml"
    path.write_bytes(b'\xef\xbb\xbf[dealership]\nname = "Nile Motors"\n')
    assert load_settings(path).dealership.name == "Nile Motors"


@pytest.mark.parametrize("hours", ["00:00-24:00", "08:30-17:59"])
def test_hours(tmp_path: Path, hours: str) -> None:
    assert load_settings(_write(tmp_path, f'[calendar]\nhours = "{hours}"')).calendar.hours == hours


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().dealership.name = "Another"  # type: ignore[misc]


# --- What is refused, and how it is said: one line with file, key and what to do ---


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[dealership]\ncuntry = "US"', "unknown key 'dealership.cuntry'; did you mean 'country'?"),
        ("[contact_rule]\n", "unknown key 'contact_rule'; did you mean 'contact_rules'?"),
        ("[service]\nzzz = 1", "unknown key 'service.zzz'; take one of intervals"),
        ("zzz = 1", "unknown key 'zzz'; take one of dealership, forecast, service, calendar"),
        ('base = "elsewhere"', "unknown key 'base'; take one of dealership"),
        (
            '[dealership]\ncountry = "EGY"',
            "dealership.country: no public holidays are known for country 'EGY'",
        ),
        ('[dealership]\ntimezone = "Africa/Kairo"', "did you mean Africa/Cairo"),
        ('[dealership]\nlanguage = "fr"', "dealership.language: input should be 'en' or 'ar' (it is 'fr')"),
        ('[calendar]\nworking_days = ["monday"]', "calendar.working_days.0: input should be 'mon'"),
        ('[calendar]\nhours = "9 to 6"', "calendar.hours: "),
        ('[calendar]\nhours = "09:00-25:00"', "calendar.hours: there is no time 25:00"),
        ('[calendar]\nhours = "09:61-18:00"', "calendar.hours: there is no time 09:61"),
        ('[calendar]\nhours = "18:00-09:00"', "calendar.hours: 18:00-09:00 ends before it begins"),
        ("[calendar]\nclosed_on = [2026-01-01T10:00:00]", "calendar.closed_on.0: "),
        ("[contact_rules]\nmax_calls = -1", "contact_rules.max_calls: "),
        ("[contact_rules]\nmax_calls = 1.5", "contact_rules.max_calls: "),
        ("[contact_rules]\ncap_days = 0", "contact_rules.cap_days: "),
        ("[capacity.advisors]\nMona = -1", "capacity.advisors.Mona: "),
        ('[consent]\nmarketing = ["fax"]', "consent.marketing.0: input should be 'call', 'sms'"),
        ("[forecast]\nprobability = 1", "forecast.probability: "),
        ("[forecast]\nprobability = nan", "forecast.probability: "),
        ("[value]\nacquisition_cost = inf", "value.acquisition_cost: input should be a finite number"),
        ("dealership = 3", "dealership: "),
        ("[dealership", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert message in said
    assert "\n" not in said


def test_a_missing_file_points_to_init(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no such settings file; 'planner init' writes one"):
        load_settings(tmp_path / "none.toml")


def test_a_folder_and_a_file_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)
    path = tmp_path / "dealership.toml"
    path.write_bytes('[dealership]\nname = "Müller"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(path)


# --- Paths ---


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text("id\n")
    settings = load_settings(
        _write(
            tmp_path, '[cycle]\nnew_car = "ours.csv"\n[service]\nintervals = "i.csv"\n[scripts]\nfolder = "s"'
        )
    )
    assert settings.cycle_path("new_car") == tmp_path / "ours.csv"
    assert settings.cycle_path("win_back") == DEFAULTS / "cycles" / "win_back.csv"
    assert settings.intervals_path == tmp_path / "i.csv"
    assert settings.scripts_path == tmp_path / "s"


def test_without_paths_the_built_in_files_are_used() -> None:
    settings = Settings()
    assert settings.intervals_path == DEFAULTS / "intervals.csv"
    assert settings.scripts_path is None
    for which in ("new_car", "older_car", "win_back"):
        assert settings.cycle_path(which).is_file()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "no_such_cycle"])
def test_a_missing_cycle_names_those_that_ship(tmp_path: Path, name: str) -> None:
    settings = load_settings(_write(tmp_path, f'[cycle]\nolder_car = "{name}"'))
    with pytest.raises(
        SettingsError, match=r"^cycle\.older_car: no file .*first_three_years, win_back, yearly"
    ):
        settings.cycle_path("older_car")
