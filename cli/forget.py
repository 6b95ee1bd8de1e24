"""`planner forget`: erases a person's data."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cli.console import plural, say, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings

WARNING = (
    "This erases customer {customer_id} with the cars, visits, contacts and notes, and cannot be undone. "
    "Go on?"
)


def forget(
    customer_id: Annotated[
        str, typer.Argument(metavar="CUSTOMER_ID", help="As in the customers table.", show_default=False)
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help="Asks nothing; nor does it where nobody could answer.")
    ] = False,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Erases a person's data and keeps a fingerprint, so that the next import brings nobody back."""
    from planner.forget import forget as erase
    from planner.store import Store

    day, chosen = the_day(as_of), the_settings(settings)
    with Store.open(db) as store:
        if not yes and sys.stdin.isatty():
            typer.confirm(WARNING.format(customer_id=customer_id), abort=True, err=True)
        done = erase(store, customer_id, chosen, day)
    rows = ", ".join(f"{count:,} of {name}" for name, count in done.rows.items())
    lines = [f"{customer_id} is forgotten already; the store was written anew"]
    if not done.already:
        lines = [
            f"{customer_id} is forgotten: {plural(sum(done.rows.values()), 'row')} erased ({rows}), "
            f"{plural(done.fingerprints, 'fingerprint')} kept",
            "  'planner plan' makes the calendar of the household anew",
            "  lists, calendars, exports and copies of the store from before are yours to delete",
        ]
    show(
        as_json,
        {
            "customer_id": customer_id,
            "already_forgotten": done.already,
            "erased": done.rows,
            "fingerprints": done.fingerprints,
            "same_person": list(done.same_person),
        },
        lines,
    )
    if done.same_person and not as_json:
        say(f"planner: the same name and phone or e-mail: {', '.join(done.same_person)}; the same person?")
