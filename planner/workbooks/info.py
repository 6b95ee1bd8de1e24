"""What a workbook says about itself: whose it is, of which day, in which language and unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


class BookInfo(Protocol):
    """What every workbook needs to know: the language of its texts (en), the country whose days, digits
    and names of months they take, the unit (km, mi), and what named services are called, by code.
    """

    @property
    def dealership(self) -> str: ...
    @property
    def as_of(self) -> date: ...
    @property
    def language(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def services(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class ListInfo:
    """A week's list: the ISO week (2026-W11), its first day and its last, which is in; country: paper."""

    dealership: str
    week: str
    first_day: date
    last_day: date
    language: str
    unit: str
    as_of: date
    country: str = ""
    services: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> dict[str, object]:
        """The week as the texts name it: 2026-W11, or number 11 of 2026."""
        year, number, _ = self.first_day.isocalendar()
        return {"week": self.week, "number": number, "year": year}


@dataclass(frozen=True)
class AnnualInfo:
    """An annual plan."""

    dealership: str
    as_of: date
    language: str = "en"
    unit: str = "km"
    country: str = ""
    services: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ValidationInfo:
    """Predicted and actual visits."""

    dealership: str
    as_of: date
    language: str = "en"
    unit: str = "km"
    country: str = ""
    services: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ValueInfo:
    """What customers are worth; money is in `currency` (empty: the dealership's, without a name)."""

    dealership: str
    as_of: date
    language: str = "en"
    unit: str = "km"
    country: str = ""
    currency: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
