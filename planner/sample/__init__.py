"""A synthetic dealership, with its assumptions and their sources in `planner.sample.assumptions`.

It behaves like a dealership, so that everything else can be tried, shown and measured without
anybody's data. People are invented; nothing but the seed, the end and the language decides the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from planner.errors import InputError
from planner.sample.cars import make_cars
from planner.sample.dirt import with_dirt
from planner.sample.driving import Driving
from planner.sample.households import make_households
from planner.sample.opinions import make_offers, make_surveys
from planner.sample.people import make_people
from planner.sample.visits import lateness, make_readings, make_visits, propensity, services_generator
from planner.sample.words import LANGUAGES
from planner.tables import EXPORTS

WORKBOOK = "dealership.xlsx"
FILES = (*(f"{table.name}.csv" for table in EXPORTS), WORKBOOK)
EARLIEST, LATEST = date(1990, 1, 1), date(2190, 1, 1)


@dataclass(frozen=True, slots=True)
class Sample:
    """A synthetic dealership as it would be exported, and what is true of it.

    frames       customers, vehicles, visits, readings, surveys, offers: columns of planner.tables, all text,
                 missing is NaN; dirty rows lie between the clean ones
    truth        one row a vehicle: vehicle_id, household (who really owns it), km_per_month (long-term),
                 propensity (chance that a service due in the first year is done here), lateness (of its
                 customer, usually: ln of the wait over what is due), left_on (stopped coming), sold_on
                 (given up), bought_again_on (the household's next purchase after this one); dates may lie
                 after the end, NaT is never
    households   one row a customer: customer_id, household
    planted      one row a thing that is wrong: table, row (as a spreadsheet numbers it), column, code
                 (see planner.errors.IssueCode; NaN where no import can tell), rejected
    done         of each row of visits the services with a name that were done, with commas, as an import
                 finds them in `services`; also where its words are missing; NaN is none
    end          the day of the export; nothing in the tables happened later
    """

    frames: dict[str, pd.DataFrame]
    truth: pd.DataFrame
    households: pd.DataFrame
    planted: pd.DataFrame
    done: pd.Series
    end: date

    def clean(self, table: str) -> pd.DataFrame:
        """The table's rows without those that an import must reject."""
        bad = self.planted[(self.planted["table"] == table) & self.planted["rejected"]]
        return self.frames[table].drop(index=list(bad["row"] - 2)).reset_index(drop=True)


def make_sample(vehicles: int, seed: int, end: date, language: str = "en") -> Sample:
    """A synthetic dealership of so many vehicles, seen on the day `end`; the same for the same arguments.

    Raises InputError for numbers, days or languages that make no dealership.
    """
    if vehicles < 1 or seed < 0:
        raise InputError(
            f"no sample of {vehicles} vehicles with seed {seed}: take 1 vehicle or more and a seed from 0"
        )
    if language not in LANGUAGES:
        raise InputError(f"no sample in language {language!r}: take one of {', '.join(LANGUAGES)}")
    if not EARLIEST <= end <= LATEST:
        raise InputError(f"no sample that ends on {end}: take a day from {EARLIEST} to {LATEST}")

    homes = make_households(vehicles, seed, end)
    people = make_people(homes, seed, language)
    driving = Driving(homes, seed, end)
    cars = make_cars(homes, people, driving, seed, end)
    visits = make_visits(homes, cars, driving, seed, end, language)
    car, visited_on = visits.pop("car").to_numpy(), visits.pop("day").to_numpy().astype("datetime64[D]")
    clean = {
        "customers": people.customers,
        "vehicles": cars.vehicles,
        "visits": visits,
        "readings": make_readings(homes, cars, driving, seed),
        "surveys": make_surveys(homes, people, cars, car, visited_on, seed, end),
        "offers": make_offers(homes, people, cars, seed, end),
    }
    dirty = {table.name: with_dirt(table.name, clean[table.name], seed) for table in EXPORTS}
    truth = pd.DataFrame(
        {
            "vehicle_id": cars.vehicles["vehicle_id"],
            "household": homes.household,
            "km_per_month": driving.km_per_month,
            "propensity": propensity(homes),
            "lateness": lateness(vehicles, services_generator(seed)),
            "left_on": cars.left_on.astype("datetime64[us]"),
            "sold_on": cars.sold_on.astype("datetime64[us]"),
            "bought_again_on": homes.next_on.astype("datetime64[us]"),
        }
    )
    return Sample(
        frames={table.name: dirty[table.name][0][table.names].astype("str") for table in EXPORTS},
        truth=truth,
        households=pd.DataFrame(
            {"customer_id": people.customers["customer_id"], "household": people.household}
        ),
        planted=pd.concat([planted for _, planted in dirty.values()], ignore_index=True),
        done=dirty["visits"][0]["done"].astype("str"),
        end=end,
    )


def write_sample(sample: Sample, folder: Path) -> list[Path]:
    """Writes the sample's tables as CSV (UTF-8) and as one workbook, and says which files.

    Files of these names (`FILES`) are replaced. A table that is too long for a worksheet means that no
    workbook is written. Raises InputError where the folder cannot be written.
    """
    from planner.workbooks.exports import fits, write_exports

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in sample.frames.items():
            written.append(folder / f"{name}.csv")
            frame.to_csv(written[-1], index=False, encoding="utf-8", lineterminator="\n")
        if fits(sample.frames):
            written.append(folder / WORKBOOK)
            write_exports(written[-1], sample.frames, sample.end)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    return written
