"""Cars with services, and contacts about them of which it is known what came: for the tests of success."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from planner.cycle import load_cycles
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, OFFERS, SURVEYS, VEHICLES, VISITS
from tests.outcome_world import table

LOYAL = Settings.model_validate({"cycle": {"tactics": ["loyalty", "tips", "bundles", "surveys"]}})
TOUCHPOINTS = load_cycles(LOYAL).touchpoints
_ABOUT = TOUCHPOINTS.set_index("id")


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class World:
    """Rows of tables, one car and one customer a letter; `tables` makes frames of them."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            name: [] for name in ("vehicles", "visits", "contacts", "outcomes", "offers", "surveys")
        }
    )
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def car(self, car: str, *visits: str, bought: str = "2022-01-01", **of_customer: Any) -> None:
        owner = {"customer_id": car, "name": car, "household_id": f"H{car}", **of_customer}
        self.customers[car] = owner
        self.rows["vehicles"].append({"vehicle_id": car, "customer_id": car, "purchased_on": bought})
        for on in visits:
            self.rows["visits"].append({"visit_id": car + on, "vehicle_id": car, "visited_on": on})

    def contact(self, car: str, touchpoint: str, due: str, on: str | None, **more: Any) -> dict[str, Any]:
        """A contact about the service that is due on that day; `on`: planned, and handed out before."""
        about = _ABOUT.loc[touchpoint]
        ideal = day(due) + timedelta(days=int(about["offset_days"]))
        made = {
            "contact_id": f"{car}/{touchpoint}/{due[:4]}",
            "household_id": f"H{car}",
            "customer_id": car,
            "vehicle_id": car,
            "touchpoint": touchpoint,
            "service_no": int(due[:4]),
            "channel": about["channel"],
            "ideal_on": ideal,
            "latest_on": day(due) + timedelta(days=int(about["to_days"])),
            "planned_on": on,
            "handed_out_on": on and day(on) - timedelta(days=2),
            "status": "planned" if on else "dropped",
            "script": about["script"],
            "attempts": 0,
            **more,
        }
        self.rows["contacts"].append(made)
        return made

    def answered(self, car: str, touchpoint: str, due: str, on: str, *outcomes: str, **more: Any) -> None:
        """A contact with the outcomes of its attempts, all of one day."""
        made = self.contact(car, touchpoint, due, on, attempts=len(outcomes), outcome=outcomes[-1], **more)
        kept = {name: made[name] for name in made if name in ANSWERS.names and name not in ("outcome",)}
        for attempt, outcome in enumerate(outcomes, 1):
            said = {"attempt": attempt, "outcome": outcome, "said_on": on, "recorded_on": on}
            self.rows["outcomes"].append({**kept, **said})

    def offer(self, car: str, issued: str, redeemed: str | None = None) -> None:
        number = f"O{len(self.rows['offers'])}"
        self.rows["offers"].append(
            {"offer_id": number, "customer_id": car, "issued_on": issued, "redeemed_on": redeemed}
        )

    def score(self, car: str, asked: str, score: int | None) -> None:
        self.rows["surveys"].append({"customer_id": car, "asked_on": asked, "score": score})

    def tables(self) -> dict[str, pd.DataFrame]:
        kinds = {
            "vehicles": VEHICLES,
            "visits": VISITS,
            "contacts": CONTACTS,
            "outcomes": ANSWERS,
            "offers": OFFERS,
            "surveys": SURVEYS,
        }
        made = {name: table(kind, *self.rows[name]) for name, kind in kinds.items()}
        return {**made, "customers": table(CUSTOMERS, *self.customers.values())}
