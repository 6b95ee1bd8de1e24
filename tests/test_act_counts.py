"""Of how many customers how many are on the list to act on: the sentences count all, and leave nobody out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.workbooks.texts import LANGUAGES
from planner.workbooks.value_words import headline
from tests.value_book import ENGLISH, texts_of, written
from tests.value_world import frames, tables

COLUMNS = ["customers", "listed", "do_not_contact", "money_unknown", "brought_nothing", "may_come"]


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    """Every seventh customer wants no contact; of every eleventh the visits brought nothing."""
    stored = tables()
    people, visits = stored["customers"], stored["visits"]
    number = people["customer_id"].str[1:].astype(int)
    nothing = visits["vehicle_id"].str[1:].astype(int).mod(11).eq(0)
    stored["customers"] = people.assign(
        do_not_contact=people["do_not_contact"].mask(number.mod(7).eq(0), "yes")
    )
    stored["visits"] = visits.assign(margin=visits["margin"].mask(nothing, 0.0))
    return frames(stored)


def by_hand(found: dict[str, pd.DataFrame]) -> dict[str, dict[str, int]]:
    listed = set(found["to_act_on"]["customer_id"])
    people = found["customers"]
    refuses = set(people.loc[people["customer_id"].str[1:].astype(int).mod(7).eq(0), "household_id"])
    counts = {part: dict.fromkeys(COLUMNS, 0) for part in ("keep", "win_back")}
    for row in found["customers"].to_dict("records"):
        likely = row["leaves_probability"] >= 0.5
        if row["lost_why"] == "natural" or not (row["stage"] == "lost" or likely):
            continue
        line = counts["win_back" if row["stage"] == "lost" else "keep"]
        line["customers"] += 1
        if row["customer_id"] in listed:
            line["listed"] += 1
        elif row["household_id"] in refuses:
            line["do_not_contact"] += 1
        elif row["margin_total"] <= 0:
            line["brought_nothing"] += 1
        else:
            assert not likely
            line["may_come"] += 1
    return counts


def test_they_add_up(found: dict[str, pd.DataFrame]) -> None:
    counts = found["act_counts"].set_index("part").to_dict("index")
    assert counts == by_hand(found)
    assert all(line["do_not_contact"] and line["brought_nothing"] for line in counts.values())


def test_the_sentence_says_of_how_many_and_why_not_the_others(found: dict[str, pd.DataFrame]) -> None:
    line = found["act_counts"].set_index("part").loc["win_back"]
    said = next(text for text in headline(found, ENGLISH, "EUR") if text.startswith("To win back"))
    assert f"18 months or more: {line['customers']}. On the list: {line['listed']};" in said
    assert f"want no contact {line['do_not_contact']}" in said
    assert f"have brought nothing {line['brought_nothing']}" in said


def test_the_segment_says_whom_it_is_made_of(tmp_path: Path, found: dict[str, pd.DataFrame]) -> None:
    people = found["customers"][found["customers"]["segment"].eq("lost")]
    lost, gone = (int(people["stage"].eq(stage).sum()) for stage in ("lost", "gone"))
    assert lost
    assert gone
    said = f"Lost or gone, {len(people)}: no visit for 18 months {lost}, all cars sold"
    assert any(text.startswith(said) for text in texts_of(written(tmp_path, found)["Segments"]))


def test_a_message_that_is_planned_is_no_call(found: dict[str, pd.DataFrame]) -> None:
    keep = found["to_act_on"].query("stage != 'lost'")
    channels = ["call" if i == 0 else "email" if i < 3 else None for i in range(len(keep))]
    days = [pd.Timestamp("2026-07-10") if channel else pd.NaT for channel in channels]
    planned = keep.assign(next_channel=channels, next_contact_on=days)
    assert len(planned) > 3
    said = next(text for text in headline(found | {"to_act_on": planned}, ENGLISH) if "To act on" in text)
    assert f"a call 1, another channel 2, none planned {len(planned) - 3}." in said


def test_without_any_money_on_record_nobody_is_said_to_have_brought_nothing() -> None:
    stored = tables()
    stored["visits"] = stored["visits"].assign(amount=float("nan"), margin=float("nan"))
    counts = frames(stored)["act_counts"].set_index("part")
    assert counts["customers"].gt(0).all()
    assert counts["money_unknown"].gt(0).all()
    assert counts["brought_nothing"].eq(0).all()
    columns = counts.columns.drop("customers")
    assert counts[columns].sum(axis=1).eq(counts["customers"]).all()
    for language in ("en", "ar"):
        assert "value.say.left_out.money_unknown" in LANGUAGES[language]
