"""Dates, times, distances, ordinals and lists in words, by language.

Babel knows the grammar of dates and numbers; what it does not know ("second", "a year and a half",
"about", the sentence that says why we call) stands in `languages/<code>/words.toml`, beside the
scripts, where a person can edit it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from planner.dates import DAYS_PER_MONTH
from planner.errors import SettingsError
from planner.files import read_toml
from planner.locales import LEFT_TO_RIGHT_MARK, is_right_to_left, locale_in, own_digits

BUILT_IN = Path(__file__).parent / "languages"
WORDS_FILE = "words.toml"

KM_PER_MILE = 1.609344  # Source: International yard and pound agreement, 1959
YEAR_IS_CLEAR_DAYS = 183  # within half a year "14 March" can be only one
_OPEN = ("why", "your_cars", "missing")  # sections that may have keys of one's own
_OPTIONAL = ("missing.air conditioning", "missing.other")  # a language of one's own made before them
_COUNTS = ("zero", "one", "two", "few", "many", "other")  # CLDR's plural categories
_PHRASES = ("phrases", "cues", "missing")  # sections with {places}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language in one country. `locale` is Babel's; `why` holds one template a script."""

    language: str
    locale: str
    patterns: Mapping[str, str]
    phrases: Mapping[str, str]
    services: Sequence[str]
    spans: Mapping[str, Sequence[str]]
    your_cars: Mapping[str, str]
    cues: Mapping[str, str]
    missing: Mapping[str, str]
    why: Mapping[str, str]

    def day(self, day: date, said_on: date) -> str:
        """'14 March'; with the year where it could be another one ('3 May 2025')."""
        near = abs((day - said_on).days) < YEAR_IS_CLEAR_DAYS
        return _date(day, self.patterns["day" if near else "day_with_year"], self.locale)

    def long_day(self, day: date) -> str:
        """'3 May 2025': always with its year."""
        return _date(day, self.patterns["day_with_year"], self.locale)

    def month(self, day: date, said_on: date) -> str:
        """'May'; with the year where it could be another one ('May 2027')."""
        near = abs((day - said_on).days) < YEAR_IS_CLEAR_DAYS
        return _date(day, self.patterns["month" if near else "month_with_year"], self.locale)

    def slot(self, day: date, at: time) -> str:
        """'Tuesday 10 March at 2 pm'."""
        hour = _time(at, self.patterns["time" if at.minute else "hour"], self.locale)
        return self.phrase("slot", day=_date(day, self.patterns["weekday"], self.locale), time=hour)

    def phrase(self, name: str, **values: str) -> str:
        """The phrase with its {places} filled; a value is never read as a phrase itself."""
        return _filled(self.phrases[name], values)

    def cue(self, name: str, **values: str) -> str:
        """The same for the words about another car."""
        return _filled(self.cues[name], values)

    def not_had(self, service: str, name: str) -> str:
        """The sentence that offers a service which the customer has not had; name: as it is called in it.

        Empty where the language has no sentence for it.
        """
        sentence = self.missing.get(service, self.missing.get("other", ""))
        return _filled(sentence, {"service": self.literal(name)})

    def service(self, number: int | None) -> str:
        """'second service'; 'next service' where there is no number or no word for it."""
        if number is None or not 1 <= number <= len(self.services):
            return self.phrases["next_service"]
        return self.services[number - 1]

    def distance(self, km: float, unit: Literal["km", "mi"]) -> str:
        """'30,000 km', '18,500 miles': in the unit, rounded to a step that nobody argues with."""
        name = "length-kilometer" if unit == "km" else "length-mile"
        return _unit(round_distance(km, unit), name, self.patterns[f"{unit}_length"], self.locale)

    def money(self, amount: float, currency: str) -> str:
        """'1,200 EUR': rounded to two figures that count, with the currency as the settings write it."""
        step = 10 ** max(0, len(str(int(amount))) - 2)
        whole = int(amount / step + 0.5) * step
        number = format_decimal(whole, "#,##0", self.locale, numbering_system="default")
        return _plain(f"{own_digits(number, self.locale)} {currency}".strip())

    def span(self, start: date, end: date) -> str:
        """'a few days', 'three weeks', 'five months', 'a year and a half', 'two years', '12 years'."""
        days = (end - start).days
        months = int(days / DAYS_PER_MONTH + 0.5)
        years = int(days / DAYS_PER_MONTH / 12 + 0.5)
        if days < 4:
            return self.phrases["few_days"]
        if days < 46:
            return self.spans["weeks"][max(1, int(days / 7 + 0.5)) - 1]
        if months < 12:
            return self.spans["months"][months - 1]
        if 15 <= months < 21:
            return self.phrases["year_and_a_half"]
        if years <= len(self.spans["years"]):
            return self.spans["years"][years - 1]
        return _unit(years, "duration-year", "long", self.locale)

    def your(self, names: Sequence[str]) -> str:
        """'your Toyota Corolla', 'your Skoda Octavia and Kia Rio': in the form that their number asks for."""
        count = Locale.parse(self.locale).plural_form(len(names))
        form = self.your_cars.get(count, self.your_cars["other"])
        return form.replace("{vehicles}", self.listed(list(dict.fromkeys(names))))

    def literal(self, text: str) -> str:
        """A number plate, a phone number or a name as it stands, also where lines run right to left.

        There '+971 4 555 0199' would be read from its last group on; one mark before it keeps it whole.
        """
        if is_right_to_left(self.locale) and re.match(r"[^\w\s]*\d", text):
            return LEFT_TO_RIGHT_MARK + text
        return text

    def listed(self, items: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        """'a, b and c'; with style 'or': 'a, b or c'."""
        return items[0] if len(items) == 1 else _list(tuple(items), style, self.locale)


def round_distance(km: float, unit: Literal["km", "mi"]) -> int:
    """km in the unit, to the nearest 1,000 (500 below 20,000, 100 below 5,000), never 0."""
    value = km if unit == "km" else km / KM_PER_MILE
    step = 1000 if value >= 20_000 else 500 if value >= 5_000 else 100
    return max(step, int(value / step + 0.5) * step)


def load_words(language: str, own: Path | None = None, country: str = "") -> Words:
    """The words of a language; those of the dealership's own folder go before the built-in ones.

    A locale without a country of its own ("ar") takes the dealership's: month names, digits, separators.

    An own words.toml needs only what it changes; for a language that does not ship it needs all.
    Raises SettingsError naming file and key: no such language, not TOML, a key unknown or missing.
    """
    english = read_toml(BUILT_IN / "en" / WORDS_FILE, SettingsError, "no such file of words")
    found: dict[str, Any] = {}
    for root in (BUILT_IN, own):
        path = root / language / WORDS_FILE if root else None
        if path and path.is_file():
            layer = read_toml(path, SettingsError, "no such file of words")
            _check(layer, english, path)
            found = _over(found, layer)
    missing = [name for name in _keys(english) if name not in (*_keys(found), *_OPTIONAL)]
    if not found or missing:
        said = f"lacks {', '.join(missing[:5])}" if found else "is not there"
        raise SettingsError(
            f"scripts: {language}/{WORDS_FILE} {said}; copy the English one and translate it, "
            "or take a language that ships"
        )
    try:
        Locale.parse(found["locale"])
    except (UnknownLocaleError, ValueError):
        raise SettingsError(f"scripts: {language}/{WORDS_FILE}: no locale {found['locale']!r}") from None
    return Words(
        language=language,
        locale=locale_in(found["locale"], country),
        patterns=found["patterns"],
        phrases=found["phrases"],
        services=found["spans"]["services"],
        spans=found["spans"],
        your_cars=found["your_cars"],
        cues=found["cues"],
        missing=found["missing"],
        why=found["why"],
    )


@lru_cache(maxsize=8192)
def _date(day: date, pattern: str, locale: str) -> str:
    return _plain(own_digits(format_date(day, pattern, locale=locale), locale))


@lru_cache(maxsize=256)
def _time(at: time, pattern: str, locale: str) -> str:
    return _plain(own_digits(format_time(at, pattern, locale=locale), locale))


@lru_cache(maxsize=8192)
def _unit(value: int, name: Any, length: Any, locale: str) -> str:
    text = format_unit(value, name, length=length, locale=locale, numbering_system="default")
    return _plain(own_digits(text, locale))


@lru_cache(maxsize=8192)
def _list(items: tuple[str, ...], style: Any, locale: str) -> str:
    return _plain(format_list(items, style=style, locale=locale))


def _plain(text: str) -> str:
    # CLDR sets no-break spaces before units and pm: in an SMS each would cost the small alphabet.
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _keys(words: Mapping[str, Any]) -> list[str]:
    """'section.key' of every entry; a plain key stands for itself."""
    return [
        f"{section}.{key}" if key else section
        for section, content in words.items()
        for key in (content if isinstance(content, dict) else [""])
    ]


def _check(layer: Mapping[str, Any], english: Mapping[str, Any], path: Path) -> None:
    right = _keys(english)
    for name in _keys(layer):
        section, _, key = name.partition(".")
        value = layer[section][key] if key else layer[section]
        if name not in right and section not in _OPEN:
            near = difflib.get_close_matches(name, right, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"take one of {', '.join(right[:8])} ..."
            raise SettingsError(f"{path}: unknown key {name!r}; {hint}")
        model = english["spans"].get(key) if section == "spans" else ""
        if isinstance(model, list):
            if not (isinstance(value, list) and len(value) >= len(model) and all(map(_is_text, value))):
                raise SettingsError(f"{path}: {name} must be a list of at least {len(model)} texts")
        elif not _is_text(value):
            raise SettingsError(f"{path}: {name} must be a text and not empty")
        elif section == "your_cars" and key not in _COUNTS:
            raise SettingsError(f"{path}: unknown key {name!r}; take of {', '.join(_COUNTS)}")
        elif section == "your_cars" and _places(value) != {"vehicles"}:
            raise SettingsError(f"{path}: {name} must name the cars: {{vehicles}}")
        elif section in _PHRASES and (strange := _places(value) - _allowed(section, key, english)):
            raise SettingsError(f"{path}: {name}: there is no {{{min(strange)}}} here")


def _allowed(section: str, key: str, english: Mapping[str, Any]) -> set[str]:
    return {"service"} if section == "missing" else _places(english[section][key])


def _filled(phrase: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], phrase)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _places(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def _over(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for key, value in high.items():
        merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return merged
