"""The Arabic scripts: grammar that works with names and numbers, and nothing that English does not say."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest

from planner.cycle import load_cycles
from planner.scripts import Scripts, sms_segments, split_subject
from planner.scripts.words import BUILT_IN, load_words
from planner.workbooks.texts import outcome_words
from tests.script_samples import ARABIC, ARABIC_SCRIPTS, COUNTRIES, SHIPPED, contexts, own_folder, samples

USES = [*SHIPPED.uses(), ("not_reached", "sms"), ("not_reached", "messenger")]
SHORT = [use for use in USES if use[1] == "sms"]
EGYPT = load_words("ar", country="EG")
SAID_ON = date(2026, 2, 23)
CODE = r"`([^`]+)`"

# With these the texts must still fit: the dealership is that of ARABIC.
LONG = {
    "greeting_name": "عبدالرحمن المنصوري",
    "caller": "عبدالعزيز الشمري",
    "vehicle": "Mitsubishi Outlander",
    "vehicles": "Mitsubishi Outlander",
    "your_vehicle": "سيارتكم Mitsubishi Outlander",
    "your_vehicles": "سيارتكم Mitsubishi Outlander",
}


def source(name: str, language: str = "ar") -> str:
    return (BUILT_IN / language / name).read_text(encoding="utf-8")


def files(language: str) -> list[str]:
    root = BUILT_IN / language
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def said(text: str) -> str:
    """What of a template is Arabic text: without Jinja's tags and outcome codes."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|`[^`]*`", "", text, flags=re.DOTALL)


def test_a_number_that_would_be_read_from_its_end_is_marked_and_nothing_else_is():
    assert EGYPT.literal("+971 4 555 0199") == "\u200e+971 4 555 0199"
    assert EGYPT.literal("12-34567") == "\u200e12-34567"
    assert EGYPT.literal("Kia Rio 2") == "Kia Rio 2"
    assert EGYPT.literal("أ ب ج 1234") == "أ ب ج 1234"
    assert EGYPT.literal("") == ""
    assert load_words("en").literal("+971 4 555 0199") == "+971 4 555 0199"
    marks = {
        letter for name in files("ar") for letter in source(name) if unicodedata.category(letter) == "Cf"
    }
    assert marks == set()


def test_both_languages_have_the_same_files():
    assert files("ar") == files("en")


@pytest.mark.parametrize("name", [name for name in files("en") if name.endswith(".md")])
def test_both_languages_lead_to_the_same_outcomes_by_the_same_blocks(name):
    english, arabic = source(name, "en"), source(name)
    assert sorted(re.findall(CODE, arabic)) == sorted(re.findall(CODE, english))
    assert set(re.findall(CODE, arabic)) <= set(outcome_words("ar"))
    assert re.findall(r"\{#.*?#\}", arabic) == re.findall(r"\{#.*?#\}", english)
    # every code has its Arabic beside it, one and the same for each
    for code, beside in re.findall(CODE + r"(.?.?)", arabic):
        assert beside == " (", code


def test_an_outcome_is_called_the_same_wherever_it_stands():
    found: dict[str, set[str]] = {}
    for name in files("ar"):
        for code, meaning in re.findall(CODE + r" \(([^)]*)\)", source(name)):
            found.setdefault(code, set()).add(meaning)
    assert found == {code: {word} for code, word in outcome_words("ar").items()}


@pytest.mark.parametrize("name", [name for name in files("ar") if name.endswith(".md")])
def test_arabic_text_has_arabic_marks(name):
    assert not re.search(r"[?,;\"“”%]", said(source(name)))
    latin = re.findall(r"[A-Za-z]+", said(source(name)))
    assert set(latin) <= {"STOP", "calls", "all"}
    assert not re.search(r"[0-9٠-٩]", said(source(name)))  # digits are for the locale to write


@pytest.mark.parametrize("country", COUNTRIES)
def test_nothing_is_wrong_with_the_scripts_of_an_arabic_dealership(country):
    cycles = load_cycles(ARABIC[country])
    assert Scripts(ARABIC[country]).problems(cycles.uses(), cycles.uses("marketing")) == []


@pytest.mark.parametrize(("script", "channel"), USES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_line_is_whole_and_reads_from_the_right(country, script, channel):
    scripts = ARABIC_SCRIPTS[country]
    for context in samples(scripts, script, channel, "ar"):
        text = scripts.render(script, "ar", context)
        assert not re.search(r"\{\{|\{%|\bnan\b|None|NaT|<NA>", text)
        assert not re.search(r" [.،؛:؟!]| {2}[^-]|\.\.|،،|،\.|^[.،؛]|لال", text, re.MULTILINE), text
        body, _, _ = text.partition("مع أطيب التحيات")  # names stand alone below it
        for line in [*body.splitlines(), str(context["why"])]:
            first = next((letter for letter in line if letter.isalpha()), "ا")
            assert unicodedata.bidirectional(first) == "AL", line
        digits = set(re.findall(r"[0-9]", text.replace("+971 4 555 0199", "")))
        assert country == "AE" or not digits, text


@pytest.mark.parametrize(("script", "channel"), SHORT)
@pytest.mark.parametrize("country", COUNTRIES)
def test_an_arabic_sms_with_long_names_fits_two_segments(country, script, channel):
    scripts = ARABIC_SCRIPTS[country]
    words = scripts.words("ar")
    january = words.day(date(2026, 1, 28), SAID_ON)  # the longest month of the Levant
    known = {
        "due": words.phrase("about", value=january),
        "recent_visit": words.phrase("on", day=january),
        "last_visit": words.phrase("on", day=words.long_day(date(2025, 1, 28))),
        "owned": "ثماني سنوات",
    }
    for context in samples(scripts, script, channel, "ar"):
        changed = LONG | {name: value for name, value in known.items() if context[name]}
        if context["several"]:
            changed = {**changed, **{name: context[name] for name in changed if name.endswith("vehicles")}}
        text = scripts.render(script, "ar", {**context, **changed})
        assert "\n" not in text
        assert sms_segments(text) <= 2, f"{len(text)}: {text}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_marketing_message_has_the_way_out(language):
    scripts = ARABIC_SCRIPTS["AE"]
    seen = 0
    for script, channel in SHIPPED.uses("marketing"):
        if channel == "call":
            continue
        for context in samples(scripts, script, channel, language):
            text = scripts.render(script, language, context)
            wanted = {
                "en": {"email": "Unsubscribe: reply with the word STOP", "post": "and we stop."},
                "ar": {"email": "لإلغاء الاشتراك ردّوا بكلمة STOP", "post": "فنتوقف عن إرسالها."},
            }[language].get(channel, "STOP")
            assert wanted in text, (script, channel)
            seen += 1
    assert seen >= 30


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("block", ["gatekeeper", "voicemail"])
def test_whoever_else_picks_up_learns_nothing(block, language):
    used = re.findall(r"\{[{%][^%}]*?(\w+)\s*[}%]\}", source(f"blocks/{block}.md", language))
    assert set(used) <= {"greeting_name", "caller", "dealership_phone", "else", "endif"}
    secret = {
        "en": r"\b(car|vehicle|service|workshop|due|odometer|warranty|booking|dealer\w*)\b",
        "ar": r"سيار|صيانة|ورشة|مركز|موعد|عداد|ضمان|حجز|شركة",
    }
    assert not re.search(secret[language], said(source(f"blocks/{block}.md", language)), re.IGNORECASE)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_message_after_calls_in_vain_says_who_called_and_nothing_of_the_car(language):
    scripts = ARABIC_SCRIPTS["AE"]
    full, bare, _ = samples(scripts, "not_reached", "sms", language)
    text = scripts.render("not_reached", language, full)
    assert "Tom Becker" in text
    assert "+971 4 555 0199" in text
    assert text.rstrip(".").endswith("STOP" if language == "ar" else "STOP to opt out")
    for told in ("vehicle", "service", "dealership", "due", "why"):
        assert str(full[told]) not in text
    assert str(bare["dealership"]) in scripts.render(
        "not_reached", language, bare
    )  # nobody named: who, then?


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    "block", ["objections_always", "objections_sales", "objections_service", "objection_sold"]
)
def test_every_objection_ends_in_an_outcome(block, language):
    lines = [line for line in source(f"blocks/{block}.md", language).splitlines() if line.startswith("- ")]
    assert lines
    for line in lines:
        assert re.search(r"`\w+`", line), line


def test_the_arabic_message_as_the_customer_receives_it():
    settings = ARABIC["EG"]
    found = contexts(
        {"channel": "sms", "script": "service_short"},
        {"name": "عبدالرحمن المنصوري", "language": "ar"},
        settings=settings,
    )
    assert ARABIC_SCRIPTS["EG"].render("service_short", "ar", found) == (
        "مرحبا عبدالرحمن المنصوري، صيانة Toyota Corolla موعدها حوالي ١٤ مارس. للحجز أجيبونا. "
        "شركة الخليج للسيارات. للإيقاف: STOP"
    )


def test_the_arabic_call_as_it_is_said():
    settings = ARABIC["AE"]
    found = contexts(customer={"name": "سارة الهاشمي", "advisor": "خالد عمر"}, settings=settings)
    text = ARABIC_SCRIPTS["AE"].render("service_call", "ar", found)
    assert "«السلام عليكم، معكم خالد عمر. هل أتحدث مع سارة الهاشمي؟»" in text
    assert (
        "«أتصل بكم بخصوص الصيانة الثانية لسيارتكم Toyota Corolla. حسب تقديرنا موعدها حوالي 14 مارس، "
        "والعداد حينها حوالي 30,000 كيلومتر، وأود أن أحجز لكم وقتًا جيدًا قبل أن تمتلئ المواعيد.»"
    ) in text
    assert found["why"] == "الصيانة الثانية، موعدها حوالي 14 مارس، والعداد حينها حوالي 30,000 كيلومتر"
    assert (
        "«يمكنني أن أحجز لكم يوم الاثنين 9 مارس الساعة 10 صباحًا، أو يوم الأربعاء 11 مارس الساعة 3 بعد الظهر."
        in text
    )


def test_two_cars_are_named_in_one_arabic_call():
    scripts = ARABIC_SCRIPTS["AE"]
    text = scripts.render("service_call", "ar", samples(scripts, "service_call", "call", "ar")[2])
    assert "الصيانة القادمة لسيارتيكم Skoda Octavia وKia Rio" in text


def test_a_letter_begins_with_its_subject_and_a_greeting_that_fits_anybody():
    scripts = ARABIC_SCRIPTS["JO"]
    for script, channel in USES:
        if channel in ("email", "post"):
            for context in samples(scripts, script, channel, "ar"):
                subject, body = split_subject(scripts.render(script, "ar", context))
                assert 10 <= len(subject) <= 70
                assert body.startswith("تحية طيبة")


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("المنصوري، عبدالرحمن", "عبدالرحمن المنصوري"),
        ("د. سارة الهاشمي", "د. سارة الهاشمي"),
        ("MARIA ROSSI", "Maria Rossi"),
    ],
)
def test_names_are_said_as_they_are_said(name, greeted):
    assert contexts(customer={"name": name, "language": "ar"})["greeting_name"] == greeted


def test_a_customer_hears_his_own_language_and_the_list_says_why_in_the_dealership_s():
    arabic = contexts(customer={"language": "ar-EG"})
    assert (arabic["language"], arabic["language_missing"]) == ("ar", "")
    english = contexts(customer={"language": "en"}, settings=ARABIC["AE"])
    assert (english["language"], english["service"]) == ("en", "second service")


def test_a_script_that_a_dealership_wrote_in_one_language_only_is_told_to_others_in_that(tmp_path):
    settings = own_folder(tmp_path, {"en/our_own.md": "{# channels: sms #}\nHello {{ dealership }}"})
    own = Scripts(settings)
    found = contexts({"script": "our_own"}, {"language": "ar"}, settings=settings, scripts=own)
    assert (found["language"], found["language_missing"]) == ("en", "ar")
    assert own.problems([("our_own", "sms")]) == []


def test_an_own_folder_replaces_one_arabic_block(tmp_path):
    own = Scripts(own_folder(tmp_path, {"ar/blocks/promise.md": "لا مفاجآت في الفاتورة.\n"}, ARABIC["AE"]))
    call = own.render("service_call", "ar", samples(own, "service_call", "call", "ar")[0])
    letter = own.render("welcome", "ar", samples(own, "welcome", "post", "ar")[0])
    assert "«لا مفاجآت في الفاتورة. " in call
    assert "- لا مفاجآت في الفاتورة.\n" in letter
    assert "تعرفون السعر" not in call + letter
    assert own.problems(USES) == []


def test_a_dealership_s_name_may_be_written_in_each_language(tmp_path):
    files = {"en/words.toml": '[phrases]\ndealership = "Gulf Motors"\n'}
    settings = own_folder(tmp_path, files, ARABIC["AE"])
    found = contexts({"script": "thanks", "channel": "sms"}, {"language": "en"}, settings=settings)
    assert found["dealership"] == "Gulf Motors"
    assert sms_segments(Scripts(settings).render("thanks", "en", found)) <= 2
