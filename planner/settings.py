"""dealership.toml as frozen settings. What is not in the file has the default that stands here.

Unknown keys are refused with the nearest right name, so that a typing error never means a silent
default. Paths in the file are relative to the file.
"""

from __future__ import annotations

import difflib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from planner.errors import SettingsError
from planner.files import read_toml
from planner.tables import CHANNELS, OUTCOMES

DEFAULTS = Path(__file__).parent / "defaults"

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Channel = Literal["call", "sms", "email", "messenger", "post"]
Purpose = Literal["service", "survey", "marketing", "greeting"]
WhichCycle = Literal["new_car", "older_car", "win_back"]
CYCLES: tuple[WhichCycle, ...] = ("new_car", "older_car", "win_back")
Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=0)]
MIN_DIGITS = 5  # of a phone


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


def _country(code: str) -> str:
    import holidays  # late: a second of import that most commands do not need

    code = code.strip().upper()
    known = holidays.list_supported_countries(include_aliases=False)
    if code not in known:
        near = difflib.get_close_matches(code, known, n=3, cutoff=0.4)
        raise ValueError(
            f"no public holidays are known for country {code!r}; take one of {', '.join(near) or 'ISO 3166'}"
        )
    return code


def _timezone(name: str) -> str:
    from zoneinfo import available_timezones

    if name and name not in available_timezones():
        near = difflib.get_close_matches(name, available_timezones(), n=3)
        raise ValueError(f"no time zone {name!r}; did you mean {', '.join(near) or 'Region/City'}?")
    return name


def _hours(span: str) -> str:
    opens, closes = span.split("-")
    for clock in (opens, closes):
        if not ("00:00" <= clock <= "24:00" and clock[3:] < "60"):
            raise ValueError(f"there is no time {clock}; hours are like 09:00-18:00")
    if opens >= closes:
        raise ValueError(f"{span} ends before it begins; hours are like 09:00-18:00")
    return span


class Dealership(_Section):
    """Who calls, and in which country, language and units."""

    name: str = "Your dealership"
    phone: str = ""
    country: Annotated[str, AfterValidator(_country)] = "US"
    language: Literal["en", "ar"] = "en"
    timezone: Annotated[str, AfterValidator(_timezone)] = ""
    unit: Literal["km", "mi"] = "km"
    currency: str = ""


class Forecast(_Section):
    """What is assumed where the records are silent.

    default_km_per_month: None is the mean of the country, planner.forecast.countries.
    """

    default_km_per_month: Annotated[float, Field(gt=0, le=30_000)] | None = None
    probability: Share = 0.8


class Service(_Section):
    """Service intervals and names of services, CSVs (docs/intervals.md, docs/services.md; blank: those that
    ship), and what is done in one visit.

    combine_days: services due within so many days of a maintenance are done with it. 45: a customer who
    comes a month late for two services running is as late for what is due every second year.
    """

    intervals: str = ""
    names: str = ""
    combine_days: Annotated[int, Field(ge=0, le=90)] = 45


class Calendar(_Section):
    """Working days and hours. An empty list of working days means those of the country."""

    working_days: tuple[Weekday, ...] = ()
    hours: Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$"), AfterValidator(_hours)] = "09:00-18:00"
    public_holidays: bool = True
    closed_on: tuple[date, ...] = ()


class ContactRules(_Section):
    """How close and how many: the hard rules of every household's calendar."""

    call_gap_days: Count = 20
    cap_days: Annotated[int, Field(ge=1, le=366)] = 90
    max_calls: Count = 2
    max_emails: Count = 3
    max_letters: Count = 2
    max_short_messages: Count = 5
    max_touches: Count = 7
    silence_days: Annotated[int, Field(ge=1)] = 75
    complaint_rest_days: Count = 60
    quiet_days: tuple[date, ...] = ()


def _absence(text: object) -> str:
    """A day or a span of days; raises ValueError with how to write it."""
    how = 'absences are days like "2027-01-04" or spans like "2026-12-20/2026-12-31", in quotes'
    first, _, last = str(text).partition("/")
    try:
        ends = [date.fromisoformat(part.strip()) for part in (first, last or first)]
    except ValueError:
        raise ValueError(f"{str(text)!r} is no day and no span of days; {how}") from None
    if ends[0] > ends[1]:
        raise ValueError(f"{text} ends before it begins; {how}")
    return "/".join(day.isoformat() for day in ends)


Absence = Annotated[str, BeforeValidator(_absence)]


class Capacity(_Section):
    """Calls a working day: 0 is no limit. `advisors` gives single advisors their own limit.

    `absences`: days and spans of days, first and last day in, on which an advisor makes no calls.
    """

    calls_per_day: Count = 0
    advisors: dict[str, Count] = Field(default_factory=dict)
    absences: dict[str, tuple[Absence, ...]] = Field(default_factory=dict)

    def days_off(self, advisor: str) -> list[tuple[date, date]]:
        """The first and the last day of each absence of an advisor."""
        ends = (span.split("/") for span in self.absences.get(advisor, ()))
        return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in ends]


class Consent(_Section):
    """Channels that may be used where an export leaves a customer's consent blank, by purpose.

    instead: the purposes for which a touchpoint may go by another channel that its cycle names, where the
    household has not agreed to its own. Nobody expects to be called because he does not read e-mails, so
    that is for the dealership to decide.
    """

    service: tuple[Channel, ...] = CHANNELS  # type: ignore[assignment]
    survey: tuple[Channel, ...] = CHANNELS  # type: ignore[assignment]
    greeting: tuple[Channel, ...] = CHANNELS  # type: ignore[assignment]
    marketing: tuple[Channel, ...] = CHANNELS  # type: ignore[assignment]
    instead: tuple[Purpose, ...] = ()


def _contact(text: str) -> str:
    if "@" not in text and sum(sign.isdigit() for sign in text) < MIN_DIGITS:
        raise ValueError(f"{text!r} is no phone and no e-mail")
    return text


class Household(_Section):
    """Who is the same household (docs/households.md).

    shared_by_at_most: different names that may share a phone or e-mail. own_contacts: phones and e-mails
    of the dealership beside dealership.phone; they make nobody a household.
    """

    shared_by_at_most: Annotated[int, Field(ge=1)] = 6
    own_contacts: tuple[Annotated[str, AfterValidator(_contact)], ...] = ()


class Cycle(_Section):
    """The cycle files: the name of one that ships, or the path of a CSV of yours.

    tactics: more touchpoints beside them (docs/tactics.md), each a file again.
    """

    new_car: str = "first_three_years"
    older_car: str = "yearly"
    win_back: str = "win_back"
    tactics: tuple[str, ...] = ()


class Cues(_Section):
    """When something speaks for another car, and which contacts carry it (docs/cues.md).

    min_score: from which score a cue opens; one that is open stays down to keep_margin below it.
    own_history_times: from how many times the usual purchases the own history opens one by itself.
    two_drivers_km_per_year: None is 1.6 times the country's mean (planner.cycle.cue_weights).
    """

    min_score: Share = 0.3
    keep_margin: Annotated[float, Field(ge=0, lt=1)] = 0.05
    months_owned: Annotated[int, Field(ge=12, le=240)] = 36
    near_days: Count = 200
    km_over_share: Annotated[float, Field(ge=0)] = 0.1
    evidence_months: Annotated[int, Field(ge=1, le=60)] = 12
    declined_bills: Annotated[float, Field(gt=0)] = 1.5
    repair_bills: Annotated[float, Field(gt=0)] = 3.0
    low_value_share: Share = 0.35
    two_drivers_km_per_year: Annotated[float, Field(gt=0)] | None = None
    rest_months: Count = 12
    own_history_times: Annotated[float, Field(ge=1.5)] = 2.0
    answer_days: Count = 180
    again_days: Count = 180
    within_days: Count = 120
    forward_days: Count = 540
    next_car_scripts: tuple[str, ...] = (
        "renewal_call", "trade_in_offer", "change_or_keep", "car_value", "intent",
    )  # fmt: skip
    second_car_scripts: tuple[str, ...] = (
        "renewal_call", "test_drive", "referral", "change_or_keep", "intent",
    )  # fmt: skip


class Scripts(_Section):
    """A folder whose <language>/<script>.md files replace the built-in ones of the same name."""

    folder: str = ""


class ContactCosts(_Section):
    """What one contact costs, by channel, in the dealership's currency."""

    call: Annotated[float, Field(ge=0)] = 3.0
    sms: Annotated[float, Field(ge=0)] = 0.05
    email: Annotated[float, Field(ge=0)] = 0.01
    messenger: Annotated[float, Field(ge=0)] = 0.05
    post: Annotated[float, Field(ge=0)] = 1.0


class Value(_Section):
    """What the value figures assume, and whether they decide who goes first.

    first_in_calendar: where calls are short and all else is equal, households that brought more margin get
    the better day (docs/segments.md).
    """

    discount_rate: Annotated[float, Field(ge=0, lt=1)] = 0.1
    margin_share: Share = 0.35
    acquisition_cost: Annotated[float, Field(ge=0)] = 300.0
    active_window_months: Annotated[int, Field(ge=1, le=120)] = 18
    rate_window_months: Annotated[int, Field(ge=1, le=120)] = 12
    simple_years: Annotated[float, Field(gt=0, le=50)] = 5.0
    redeem_days: Annotated[int, Field(ge=1, le=730)] = 90
    contact_cost: ContactCosts = ContactCosts()
    first_in_calendar: bool = True


def _statuses(given: dict[str, str]) -> dict[str, str]:
    for status, outcome in given.items():
        if outcome and outcome not in OUTCOMES:
            raise ValueError(
                f"{status} = {outcome!r}: no such outcome; choose of {', '.join(OUTCOMES)}, or blank"
            )
    return {status.strip().upper(): outcome for status, outcome in given.items()}


class Vicidial(_Section):
    """What statuses of VICIdial mean among our outcomes, beside those of docs/other-doors.md.

    A blank outcome: nobody was called, and the row says nothing.
    """

    statuses: Annotated[dict[str, str], AfterValidator(_statuses)] = Field(default_factory=dict)


class Settings(_Section):
    """All settings of one dealership."""

    dealership: Dealership = Dealership()
    forecast: Forecast = Forecast()
    service: Service = Service()
    calendar: Calendar = Calendar()
    contact_rules: ContactRules = ContactRules()
    capacity: Capacity = Capacity()
    consent: Consent = Consent()
    household: Household = Household()
    cycle: Cycle = Cycle()
    cues: Cues = Cues()
    scripts: Scripts = Scripts()
    value: Value = Value()
    vicidial: Vicidial = Vicidial()

    # Where the file stands; not a key of the file.
    base: Path = Field(default=Path("."), exclude=True)

    @cached_property
    def intervals_path(self) -> Path:
        return self._path(self.service.intervals) or DEFAULTS / "intervals.csv"

    @cached_property
    def service_names_path(self) -> Path:
        return self._path(self.service.names) or DEFAULTS / "services.csv"

    @cached_property
    def scripts_path(self) -> Path | None:
        return self._path(self.scripts.folder)

    def cycle_path(self, which: WhichCycle) -> Path:
        """The CSV of one of the three cycles; raises SettingsError if there is none of that name."""
        return self._cycle_file(f"cycle.{which}", getattr(self.cycle, which), DEFAULTS / "cycles")

    @cached_property
    def cycle_paths(self) -> dict[str, Path]:
        """The file of each cycle, then of each tactic, by its name; raises SettingsError if one is missing.

        A tactic goes by the name of its file. A file that two cycles share is there once.
        """
        found: dict[str, Path] = {}
        for which in CYCLES:
            path = self.cycle_path(which)
            if path not in found.values():
                found[which] = path
        for name in self.cycle.tactics:
            path = self._cycle_file("cycle.tactics", name, DEFAULTS / "tactics")
            if path.stem in found:
                raise SettingsError(f"cycle.tactics: {path.stem!r} is there already; name each file once")
            found[path.stem] = path
        return found

    def _cycle_file(self, key: str, name: str, folder: Path) -> Path:
        shipped = {path.stem: path for path in sorted(folder.glob("*.csv"))}
        if name in shipped:
            return shipped[name]
        path = self._path(name)
        if path is None or not path.is_file():
            raise SettingsError(
                f"{key}: no file {str(path or '')!r}; name a CSV, or one that ships: {', '.join(shipped)}"
            )
        return path

    def _path(self, name: str) -> Path | None:
        return self.base / name if name else None


def load_settings(path: Path) -> Settings:
    """The settings of a dealership.toml; raises SettingsError with file, key and what to do."""
    data = read_toml(path, SettingsError, "no such settings file; 'planner init' writes one")
    if "base" in data:  # a field of Settings, but no key of the file
        raise SettingsError(f"{path}: unknown key 'base'; take one of {', '.join(_names(Settings, []))}")
    try:
        return Settings.model_validate({**data, "base": path.parent})
    except ValidationError as error:
        raise SettingsError(f"{path}: {_first_problem(error)}") from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    place = [str(part) for part in problem["loc"]]
    key = ".".join(place)
    if problem["type"] == "extra_forbidden":
        right = _names(Settings, place[:-1])
        near = difflib.get_close_matches(place[-1], right, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"take one of {', '.join(right)}"
        return f"unknown key {key!r}; {hint}"
    message = problem["msg"].removeprefix("Value error, ")
    shown = "" if problem["type"] == "value_error" else f" (it is {problem['input']!r})"
    return f"{key}: {message[:1].lower()}{message[1:]}{shown}"


def _names(model: Any, place: list[str]) -> list[str]:
    for part in place:
        model = model.model_fields[part].annotation
    return [name for name in model.model_fields if name != "base"]
