"""The scripts that ship: what the customer gets to hear and to read."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from planner.scripts import PLACEHOLDERS, Scripts, sms_segments, split_subject
from planner.settings import DEFAULTS, Settings
from planner.tables import OUTCOMES
from tests.script_samples import SCRIPTS, SHIPPED, contexts, own_folder, samples


def cycle_rows() -> list[dict[str, str]]:
    """The rows of all cycles and tactics that ship."""
    rows = []
    for path in sorted([*(DEFAULTS / "cycles").glob("*.csv"), *(DEFAULTS / "tactics").glob("*.csv")]):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


USES = sorted(SHIPPED.uses())
CALLS = sorted({script for script, channel in USES if channel == "call"})


@pytest.fixture
def scripts() -> Scripts:
    return SCRIPTS


@pytest.mark.parametrize(("script", "channel"), USES)
def test_every_script_of_the_cycles_renders_on_its_channel_whatever_is_known(scripts, script, channel):
    assert channel in scripts.channels(script, "en")
    for context in samples(scripts, script, channel):
        text = scripts.render(script, "en", context)
        assert "{{" not in text
        assert "{%" not in text
        assert not re.search(r"\bnan\b|\bNone\b|NaT|<NA>", text)
        assert not re.search(r" [.,;:?!]| {2}[^-]|\.\.|^[.,;]|,,", text, re.MULTILINE)


def test_nothing_is_wrong_with_the_scripts_that_ship(scripts):
    assert scripts.problems(USES) == []
    assert Scripts(Settings()).problems(USES) == []


def test_every_script_has_its_own_sentence_of_why(scripts):
    assert set(scripts.names("en")) <= set(scripts.words("en").why)


@pytest.mark.parametrize("script", CALLS)
def test_a_call_guides_from_greeting_to_outcome(scripts, script):
    text = scripts.render(script, "en", samples(scripts, script, "call")[0])
    parts = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert parts[0] == "Greeting"
    assert parts[-2:] == ["Recap", "Outcome"]
    for part in ("One minute?", "Purpose", "Benefit", "If the customer says"):
        assert part in parts
    for code in ("callback", "do_not_call", "already_called", "wrong_number", "voicemail", "complaint"):
        assert f"`{code}`" in text


@pytest.mark.parametrize("script", ["service_call", "win_back_call", "renewal_call"])
def test_a_call_that_asks_for_a_visit_has_two_slots_and_an_outcome_for_every_objection(scripts, script):
    context = samples(scripts, script, "call")[0]
    text = scripts.render(script, "en", context)
    for part in ("Still your car?", "Odometer", "Two times to choose from"):
        assert f"## {part}" in text
    assert str(context["slot_1"]) in text
    assert str(context["slot_2"]) in text
    objections = text.partition("## If the customer says")[2].partition("## Recap")[0]
    said = [line for line in objections.splitlines() if line.startswith("- ")]
    for objection in ("expensive", "sold", "elsewhere", "ot yet", "busy", "call me", "called already"):
        assert any(objection in line and "`" in line for line in said), objection
    for line in said:
        codes = re.findall(r"`(\w+)`", line)
        assert codes, line
        assert set(codes) <= set(OUTCOMES)


def test_whoever_else_picks_up_learns_nothing(scripts, tmp_path):
    secret = r"car|vehicle|corolla|toyota|service|workshop|due|km|odometer|warranty|motors|booking|visit"
    settings = own_folder(
        tmp_path,
        {
            "en/gate.md": "{% include 'blocks/gatekeeper.md' %}",
            "en/machine.md": "{% include 'blocks/voicemail.md' %}",
        },
    )
    own = Scripts(settings)
    for script in ("gate", "machine"):
        for context in samples(own, script, "call"):
            assert not re.search(secret, own.render(script, "en", context), re.IGNORECASE)
    # ... nor does anybody before the customer has said who he is.
    text = scripts.render("service_call", "en", contexts(customer={"advisor": "Tom Becker"}))
    assert not re.search(secret, text.partition("- Yes:")[0].replace("Becker", ""), re.IGNORECASE)


@pytest.mark.parametrize(("script", "channel"), [use for use in USES if use[1] in ("sms", "messenger")])
def test_short_messages_are_short(scripts, script, channel):
    long = samples(scripts, script, channel)
    names = {
        "greeting_name": "Alexandra Papadopoulos",
        "vehicle": "Mercedes-Benz E 220 d",
        "vehicles": "Mercedes-Benz E 220 d",
        "dealership": "Northern Harbour Motors",
    }
    for context in [*long, {**long[0], **names}]:
        text = scripts.render(script, "en", context)
        assert "\n" not in text
        assert not text.startswith("#")
        assert sms_segments(text) <= 2, f"{len(text)}: {text}"


@pytest.mark.parametrize(("script", "channel"), [use for use in USES if use[1] in ("email", "post")])
def test_emails_and_letters_begin_with_their_subject(scripts, script, channel):
    for context in samples(scripts, script, channel):
        subject, body = split_subject(scripts.render(script, "en", context))
        assert 10 <= len(subject) <= 70
        assert subject[0].isupper()
        assert body.startswith("Dear ")
        assert re.search(r"^Dear [^\n]*,\n\n[A-Z]", body)


def test_every_message_has_a_way_out(scripts):
    for row in cycle_rows():
        if row["channel"] == "call":
            continue
        for context in samples(scripts, row["script"], row["channel"]):
            text = scripts.render(row["script"], "en", context)
            assert re.search(r"Reply STOP|Unsubscribe|Tell us.* and we stop", text), row["id"]


def test_a_dealership_without_a_telephone_number_still_says_whole_sentences():
    settings = Settings.model_validate({"dealership": {"name": "Harbour Motors"}})
    bare = Scripts(settings)
    text = bare.render("service_short", "en", contexts({"channel": "sms"}, settings=settings, scripts=bare))
    assert "Just reply or call us. Harbour Motors." in text


def test_the_message_as_the_customer_receives_it(scripts):
    text = scripts.render("service_short", "en", contexts({"channel": "sms", "script": "service_short"}))
    assert text == (
        "Hello Maria Rossi, the second service of your Toyota Corolla is due about 14 March. "
        "Shall we keep Monday 9 March at 10 am or Wednesday 11 March at 3 pm for you? "
        "Just reply or call us on +1 555 010 0199. Harbour Motors. Reply STOP to opt out."
    )


def test_two_cars_are_named_in_one_call(scripts):
    context = samples(scripts, "service_call", "call")[2]
    text = scripts.render("service_call", "en", context)
    assert "Do you still have your Skoda Octavia and Kia Rio?" in text
    assert context["service"] == "next service"  # the seventh of one, the fourth of the other


def test_the_page_names_every_placeholder_and_every_script(scripts):
    page = (Path(__file__).parents[1] / "docs" / "scripts.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (?:always|may be empty) \| (.*) \|$", page, re.MULTILINE))
    assert rows == {name: meaning for name, (_, meaning) in PLACEHOLDERS.items()}
    for name, (always, _) in PLACEHOLDERS.items():
        assert f"| `{name}` | {'always' if always else 'may be empty'} |" in page
    for script in scripts.names("en"):
        assert f"| `{script}` | {', '.join(scripts.channels(script, 'en'))} |" in page
