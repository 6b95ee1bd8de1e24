"""Strict rendering, own folders, languages: what is refused before it comes to a customer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from planner.errors import SettingsError
from planner.scripts import Scripts
from planner.scripts.names import spoken_name
from planner.settings import Settings
from tests.script_samples import SCRIPTS, SETTINGS, contexts, own_folder


@pytest.fixture
def scripts() -> Scripts:
    return SCRIPTS


def test_an_unknown_placeholder_is_an_error_that_names_script_language_and_line(tmp_path):
    settings = own_folder(tmp_path, {"en/hello.md": "Hello {{ name }},\n\nyour {{ vehicel }}"})
    with pytest.raises(SettingsError) as error:
        Scripts(settings).render("hello", "en", contexts(settings=settings))
    assert str(error.value) == "script 'hello' (en): hello.md, line 3: unknown placeholder 'vehicel'"


def test_an_unknown_placeholder_is_an_error_in_a_condition_too(tmp_path):
    settings = own_folder(tmp_path, {"en/hello.md": "{% if vehicel %}yours{% endif %}"})
    with pytest.raises(SettingsError, match="unknown placeholder 'vehicel'"):
        Scripts(settings).render("hello", "en", contexts(settings=settings))


@pytest.mark.parametrize("empty", [None, "", "  \n", float("nan"), np.nan, pd.NaT, pd.NA, [], ()])
def test_an_empty_placeholder_is_an_error_and_not_a_hole(tmp_path, empty):
    settings = own_folder(tmp_path, {"en/hello.md": "Due:\n{% include 'blocks/day.md' %}"})
    (tmp_path / "en/blocks").mkdir()
    (tmp_path / "en/blocks/day.md").write_text("on\n{{ due }}")
    with pytest.raises(SettingsError) as error:
        Scripts(settings).render("hello", "en", {"due": empty})
    assert str(error.value) == (
        "script 'hello' (en): blocks/day.md, line 2: "
        "placeholder 'due' has no value here; put it in {% if due %}"
    )


def test_an_empty_placeholder_may_be_asked_for(tmp_path):
    settings = own_folder(tmp_path, {"en/hello.md": "{% if due %}due {{ due }}{% else %}soon{% endif %}"})
    assert Scripts(settings).render("hello", "en", {"due": np.nan}) == "soon"
    assert Scripts(settings).render("hello", "en", {"due": "today"}) == "due today"


def test_a_value_that_becomes_empty_in_the_template_is_an_error_too(tmp_path):
    settings = own_folder(tmp_path, {"en/hello.md": "a\n{{ name|replace('x', '') }}"})
    with pytest.raises(SettingsError, match=r"hello\.md, line 2: a placeholder without a value"):
        Scripts(settings).render("hello", "en", {"name": "x"})


@pytest.mark.parametrize(
    "trick",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name.__init__.__globals__ }}",
        "{{ name['__class__'] }}",
        "{{ name|attr('__class__') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ self.__init__ }}",
        "{{ cycler.__init__ }}",
        "{{ lipsum() }}",
        "{% for i in range(10) %}{{ i }}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{% include '../../../words.py' %}",
        "{% include '/etc/hostname' %}",
        "{% include 'trick.md' %}",
        "{% if %}",
        "{{ name",
        "{{ name + 1 }}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_can_do_nothing_but_write_and_fails_in_one_line(tmp_path, trick):
    settings = own_folder(tmp_path, {"en/trick.md": trick})
    with pytest.raises(SettingsError) as error:
        Scripts(settings).render("trick", "en", {"name": "Maria Rossi"})
    assert "script 'trick' (en)" in str(error.value)
    assert "\n" not in str(error.value)
    assert "Maria" not in str(error.value)


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "{% include 'x' %}", "=cmd|' /C calc'!A0", "<b>Ann & Co</b>", "# A"]
)
def test_names_are_data_and_are_printed_as_they_stand(scripts, name):
    context = contexts({"channel": "sms", "script": "thanks"}, {"name": name})
    assert scripts.render("thanks", "en", context).startswith(f"Hello {name}, ")


def test_a_line_of_conditions_only_leaves_no_line_and_other_line_ends_stay(tmp_path):
    template = "Hello\n{% if a %}\nA\n{% endif %}\nB{% if a %} and{% endif %}\n\n{% include 'b.md' %}\nD\n"
    settings = own_folder(tmp_path, {"en/t.md": template, "en/b.md": "C"})
    assert Scripts(settings).render("t", "en", {"a": True}) == "Hello\nA\nB and\n\nC\nD"
    assert Scripts(settings).render("t", "en", {"a": ""}) == "Hello\nB\n\nC\nD"


@given(name=st.text(min_size=1, max_size=40))
@hypothesis_settings(max_examples=60, deadline=None)
def test_whatever_a_customer_is_called_the_script_renders(name):
    greeted = spoken_name(" ".join(name.split()))
    context = {"channel": "sms", "greeting_name": greeted, "dealership": "Harbour Motors"}
    text = SCRIPTS.render("birthday", "en", context)
    assert greeted in text
    assert "\n" not in text


def test_an_own_folder_replaces_file_by_file(tmp_path):
    settings = own_folder(
        tmp_path,
        {"en/birthday.md": "Cheers, {{ name }}!", "en/blocks/way_out.md": "Say no and we stop."},
    )
    own = Scripts(settings)
    context = contexts({"channel": "sms"}, settings=settings)
    assert own.render("birthday", "en", context) == "Cheers, Maria Rossi!"
    assert own.render("thanks", "en", context).endswith("Say no and we stop.")  # a block of ours in theirs
    assert set(own.names("en")) == set(Scripts(SETTINGS).names("en"))


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path):
    settings = own_folder(tmp_path, {})
    (tmp_path / "en").mkdir()
    (tmp_path / "en/birthday.md").write_bytes("\ufeffGrüße, {{ name }}!\r\n".encode())
    assert Scripts(settings).render("birthday", "en", {"name": "Ann"}) == "Grüße, Ann!"
    (tmp_path / "en/birthday.md").write_bytes("Grüße".encode("cp1252"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        Scripts(settings).render("birthday", "en", {"name": "Ann"})


def test_a_missing_folder_script_or_language_is_an_error(scripts, tmp_path):
    with pytest.raises(SettingsError, match=r"scripts\.folder: no folder"):
        Scripts(Settings.model_validate({"scripts": {"folder": str(tmp_path / "nowhere")}}))
    with pytest.raises(SettingsError, match=r"script 'sevice_call' \(en\): there is none"):
        scripts.render("sevice_call", "en", {})
    with pytest.raises(SettingsError, match="none in language 'fr'"):
        scripts.render("service_call", "fr", {})
    assert scripts.names("fr") == ()


def test_a_language_of_one_s_own_never_borrows_english_scripts(tmp_path):
    settings = own_folder(tmp_path, {"fr/birthday.md": "Bon anniversaire, {{ name }} !"})
    own = Scripts(settings)
    assert own.languages == tuple(sorted({*Scripts(SETTINGS).languages, "fr"}))
    assert own.render("birthday", "fr", {"name": "Ann"}) == "Bon anniversaire, Ann !"
    with pytest.raises(SettingsError, match="there is none"):
        own.render("thanks", "fr", {"name": "Ann"})


def test_a_customer_s_language_without_scripts_is_told_and_the_dealership_s_taken():
    context = contexts(customer={"language": "fr-CA"})
    assert (context["language"], context["language_missing"]) == ("en", "fr")
    context = contexts(customer={"language": "EN"})
    assert (context["language"], context["language_missing"]) == ("en", "")
    with pytest.raises(SettingsError, match="none in language 'xx'"):
        contexts(language="xx")


def test_problems_are_found_before_a_customer_finds_them(tmp_path):
    settings = own_folder(
        tmp_path,
        {
            "en/birthday.md": "{# channels: sms #}\nDear {{ nmae }}",
            "en/thanks.md": "{# channels: sms #}\n" + "very " * 70,
            "en/tips.md": "{# channels: email #}\nNo subject",
            "en/care_call.md": "{# channels: call #}\nOutcome: `happy`",
            "en/overdue.md": "{# channels: sms, fax #}\nHello",
            "en/intent.md": "{# channels: sms #}\nDue {{ due }}",
        },
    )
    found = Scripts(settings).problems([("renewal_call", "sms"), ("no_such", "call"), ("intent", "sms")])
    assert len(found) == 9  # the Arabic renewal_call is not for sms either
    for place, told in [
        ("renewal_call", "uses it for sms, and it is written for call"),
        ("no_such", "there is none"),
        ("birthday", "line 2: unknown placeholder 'nmae'"),
        ("thanks", "an SMS of 3 segments"),
        ("tips", "the first line must be the subject"),
        ("care_call", "no outcome 'happy'"),
        ("overdue", "no channel 'fax'"),
        ("intent", "placeholder 'due' has no value here"),  # of a car without a forecast
    ]:
        assert any(f"script {place!r} (en)" in one and told in one for one in found), place
