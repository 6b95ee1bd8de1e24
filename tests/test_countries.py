"""Countries: the mean distance of a car by country, and what holds where nothing else is known."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

import holidays
import pytest
from babel import Locale

from cli.explain import _whence
from cli.main import run as planner
from planner.forecast.countries import SURE, countries, default_from, default_km_per_month, settings_line
from planner.settings import DEFAULTS, Settings, load_settings
from tests.cars import cars, run

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "planner" / "forecast" / "countries.csv"


def of(country: str, set_to: float | None = None) -> Settings:
    forecast = {} if set_to is None else {"default_km_per_month": set_to}
    return Settings.model_validate({"dealership": {"country": country}, "forecast": forecast})


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- The table ---


def test_one_row_a_country_in_the_order_of_codes() -> None:
    codes = [row["country"] for row in rows()]
    assert codes == sorted(codes)
    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert list(countries()) == codes


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["country"])
def test_every_row_can_be_looked_up_and_is_plausible(row: dict[str, str]) -> None:
    assert None not in row, "a comma too many"
    assert all(value and value == value.strip() for value in row.values())
    assert row["country"] in holidays.list_supported_countries(include_aliases=False)
    assert row["country"] in Locale("en").territories
    assert 5_000 <= int(row["km_per_year"]) <= 35_000
    assert 2005 <= int(row["year"]) <= 2025
    assert re.fullmatch(r"https?://[\w.-]+\.[a-z]+/\S+", row["url"])
    assert row["sure"] in SURE


# --- What holds ---


@pytest.mark.parametrize(
    ("settings", "km_per_month", "whence"),
    [
        pytest.param(of("DE"), 1_027, "Germany", id="12,320 / 12 = 1,026.7"),
        pytest.param(of("PL"), 669, "Poland", id="8,029 / 12 = 669.1"),
        pytest.param(of("EG"), 1_250, "any country", id="a country without a figure"),
        pytest.param(of("AE"), 1_250, "any country", id="another one"),
        pytest.param(of("DE", 900), 900, "settings", id="set, with a figure"),
        pytest.param(of("EG", 2_000.5), 2_000.5, "settings", id="set, without a figure"),
        pytest.param(of("DE", 1_250), 1_250, "settings", id="set to what holds for any country"),
    ],
)
def test_the_setting_else_the_country_else_the_general_figure(
    settings: Settings, km_per_month: float, whence: str
) -> None:
    assert default_km_per_month(settings) == km_per_month
    assert default_from(settings) == whence


@pytest.mark.parametrize(
    ("settings", "km_per_month"), [(of("DE"), 1_027), (of("EG"), 1_250), (of("DE", 700), 700)]
)
def test_a_car_of_which_nothing_is_known_drives_that(settings: Settings, km_per_month: float) -> None:
    service = run(cars({"purchased_on": "2024-01-01"}), as_of="2024-02-01", settings=settings).services.iloc[
        0
    ]
    assert (service["km_per_month"], service["rate_source"]) == (km_per_month, "default")


def test_what_the_customer_states_comes_before_the_country() -> None:
    car = cars({"purchased_on": "2024-01-01", "monthly_km": 600})
    service = run(car, as_of="2024-02-01", settings=of("DE")).services.iloc[0]
    assert (service["km_per_month"], service["rate_source"]) == (600, "declared")


def test_explain_says_of_what_a_rate_is_the_default() -> None:
    assert _whence("default", of("DE")) == "default (Germany)"
    assert _whence("default", of("EG")) == "default (any country)"
    assert _whence("default", of("DE", 900)) == "default (settings)"
    assert _whence("fleet", of("DE")) == "fleet"


# --- The line that `planner init` writes ---


@pytest.mark.parametrize(
    ("code", "unit", "line"),
    [
        (
            "DE",
            "km",
            "# default_km_per_month = 1027  # Germany: 12,320 km a year, KBA Verkehr in Kilometern 2023",
        ),
        (
            "GB",
            "mi",
            "# default_km_per_month = 957  # United Kingdom: 11,481 km (7,134 miles) a year, "
            "DfT MOT test data 2017",
        ),
        (
            "EG",
            "mi",
            "# default_km_per_month = 1250  # Egypt: no figure with a source is known; "
            "this is ours for all such countries",
        ),
    ],
)
def test_the_line_names_the_figure_and_its_source(code: str, unit: str, line: str) -> None:
    assert settings_line(code, unit) == line


def test_the_template_shows_the_country_that_it_names() -> None:
    text = (DEFAULTS / "dealership.toml").read_text(encoding="utf-8")
    assert settings_line(Settings().dealership.country, Settings().dealership.unit) in text.splitlines()


@pytest.mark.parametrize("unit", ["km", "mi"])
@pytest.mark.parametrize("code", ["DE", "GB", "KR", "NL", "TR", "US", "EG", "AE"])
def test_what_init_writes_means_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, unit: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert planner(["init", "--country", code, "--unit", unit]) == 0
    path = tmp_path / "dealership.toml"
    text = path.read_text(encoding="utf-8")
    assert text.splitlines().count(settings_line(code, unit)) == 1
    assert len(re.findall(r"default_km_per_month = ", text)) == 1

    as_written = load_settings(path)
    assert as_written.forecast.default_km_per_month is None
    assert (
        as_written.model_dump()
        == Settings.model_validate({"dealership": {"country": code, "unit": unit}}).model_dump()
    )

    own = text.replace("# default_km_per_month", "default_km_per_month")
    assert tomllib.loads(own)["forecast"]["default_km_per_month"] > 0
    path.write_text(own, encoding="utf-8")
    assert default_km_per_month(load_settings(path)) == default_km_per_month(as_written)
