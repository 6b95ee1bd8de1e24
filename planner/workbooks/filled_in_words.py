"""The words by which a list that comes back is understood: headings, outcomes, the scope of a refusal.

Words are compared folded (planner.intake.words.fold): without case, spaces, hyphens, underscores.
Lists are separated by commas.
"""

from __future__ import annotations

import difflib
import re
from functools import cache

from planner.intake.synonyms import ODOMETER, listed
from planner.intake.words import KM_WORDS, MILE_WORDS, fold, header_unit
from planner.spelling import tokens
from planner.tables import DO_NOT_CALL_ALL, OUTCOMES
from planner.workbooks.texts import LANGUAGES, headings, outcome_words

CLOSE = 0.75  # difflib's likeness of two words from which one is taken for the other's typing error

# Column -> other headings. What the lists themselves say, in any language, goes before these.
_HEADINGS: dict[str, str] = {
    "contact_id": (
        "contact id, contact no, contact number, contact key, contact, call id, "
        "رقم جهة الاتصال, معرف جهة الاتصال, معرف الاتصال, رقم الاتصال, رقم التواصل, معرف التواصل"
    ),
    "attempt": "attempt, attempt no, attempt number, attempts, try, المحاولة, رقم المحاولة, المحاولات",
    "outcome": (
        "outcome, outcome code, call outcome, result, call result, results, disposition, "
        "النتيجة, نتيجة المكالمة, نتيجة الاتصال, نتائج, الحصيلة"
    ),
    "date": (
        "date, day, appointment, appointment date, date of appointment, booked for, booked on, call back on, "
        "callback date, التاريخ, اليوم, الموعد, تاريخ الموعد, تاريخ الحجز"
    ),
    "odometer": ODOMETER,
    "note": ("note, notes, comment, comments, remark, remarks, ملاحظة, ملاحظات, الملاحظات, تعليق, تعليقات"),
    "customer": "customer, customer name, client, name, العميل, اسم العميل, الزبون, اسم الزبون",
    "vehicle": "vehicle, car, model, السيارة, المركبة, الطراز",
}
CONTEXT = ("due_km", "call_on", "due_on", "last_visit_on")  # what the list prints: its unit, its dates
ROW = tuple(_HEADINGS)  # the columns of which each call is made
FILL_IN = ("outcome", "date", "odometer", "note")

# What people write or a translated list says, beside the code itself.
_OUTCOMES: dict[str, str] = {
    "booked": (
        "book, booking, booked in, appointment, appointment made, appointment booked, scheduled, made "
        "appointment, حجز, محجوز, حجز موعد, تم حجز موعد, موعد"
    ),
    "callback": (
        "call back, call again, call later, call back later, to call back, callback requested, إعادة "
        "الاتصال, اتصال لاحق, اتصل لاحقا, الاتصال لاحقا, يعاود الاتصال به"
    ),
    "no_answer": (
        "noanswer, no reply, no response, not answered, unanswered, did not answer, didn't answer, no "
        "pick up, لا رد, لا يرد, لا يوجد رد, بدون رد, لا إجابة, لم يجب"
    ),
    "voicemail": (
        "voice mail, voice message, answering machine, mailbox, left message, left a message, vm, "
        "البريد الصوتي, رسالة صوتية"
    ),
    "busy": "line busy, engaged, was busy, الخط مشغول, الهاتف مشغول",
    "wrong_number": ("wrong no, wrong phone, bad number, invalid number, رقم خطأ, الرقم خاطئ, رقم غلط"),
    "not_yet": ("not due, not due yet, too early, ليس بعد, لم يحن بعد, لم يحن الوقت, لم يحن موعدها"),
    "done_elsewhere": (
        "done else where, elsewhere, serviced elsewhere, service done elsewhere, other workshop, تمت "
        "في مكان آخر, تمت الصيانة في مكان آخر, في ورشة أخرى, صيانة خارجية, تمت في ورشة أخرى"
    ),
    "sold_car": ("sold, car sold, sold the car, vehicle sold, بيعت السيارة, تم بيع السيارة, السيارة مباعة"),
    "moved_away": (
        "moved, moved house, relocated, moved to another city, left the city, left the country, out of "
        "area, انتقل, انتقل إلى مدينة أخرى, انتقل بعيدا, غادر المدينة, سافر نهائيا"
    ),
    "too_expensive": ("expensive, price too high, too dear, غالي, السعر غالي, مرتفع السعر, مكلف"),
    "refused": "refusal, declined, rejected, not interested, no interest, رفض, مرفوض, غير مهتم",
    "complaint": "complains, complained, unhappy, complaint made, يشتكي, لديه شكوى",
    "do_not_call": (
        "dnc, do not call again, don't call, dont call, no calls, no more calls, never call, عدم "
        "الاتصال, لا تتصل, ممنوع الاتصال, لا يريد الاتصال, عدم الاتصال به"
    ),
    "interest_second_car": (
        "interested in second car, interest in second car, second car, interest second car, "
        "interested second car, مهتم بسيارة ثانية, سيارة ثانية, اهتمام بسيارة ثانية"
    ),
    "already_booked": (
        "booked already, has appointment, has an appointment, محجوز مسبقا, محجوز من قبل, لديه موعد, حجز مسبق"
    ),
    "already_called": (
        "called already, already contacted, تم الاتصال من قبل, تم الاتصال مسبقا, اتصلنا به من قبل"
    ),
    "reached": (
        "talked, spoke, spoken to, spoke to customer, all well, all is well, تم الحديث, تحدثنا, "
        "كل شيء على ما يرام"
    ),
}
_NO_CONTACT = "do not contact, no contact, never contact, عدم التواصل"
_ALL = "all, everything, all channels, every channel, الكل, كل شيء, كل القنوات, جميع القنوات, كلها"
_CALLS = "calls, calls only, only calls, phone, المكالمات, المكالمات فقط, الاتصال فقط, اتصالات"


def known_heading(folded: str) -> bool:
    """Is this (folded) text the heading of any column of a list? For finding the row of headings."""
    return folded in _every_heading()


@cache
def _every_heading() -> frozenset[str]:
    lists = {
        fold(text.replace("{unit}", unit))
        for words in LANGUAGES.values()
        for key, text in words.items()
        if key.startswith("column.")
        for unit in (words["unit.km"], words["unit.mi"], "")
    }
    return frozenset(lists | {name for column in _HEADINGS for name in _synonyms(column)})


@cache
def _synonyms(column: str) -> frozenset[str]:
    return frozenset(map(fold, listed(_HEADINGS.get(column, column))))


@cache
def _own(column: str) -> frozenset[str]:
    return frozenset(fold(name.replace("{unit}", "")) for name in headings(column))


def rank(column: str, title: str) -> int:
    """How well a heading names a column: 0 as a list says it, 1 another word for it, 2 not at all.

    >>> rank("outcome", "OUTCOME "), rank("outcome", "Call result"), rank("outcome", "Priority")
    (0, 1, 2)
    """
    bare = "".join(word for word in tokens(title) if word not in KM_WORDS | MILE_WORDS)
    for place, names in enumerate((_own(column), _synonyms(column))):
        if fold(title) in names or (bare and bare in names):
            return place
    return 2


def said_unit(title: str) -> str:
    """'km', 'mi' or '' as a heading says."""
    return header_unit(title)


@cache
def _outcome_words() -> dict[str, str]:
    """Folded word -> code; DO_NOT_CALL_ALL is one more code."""
    others = {DO_NOT_CALL_ALL: _NO_CONTACT, **_OUTCOMES}
    words = {fold(word): code for code, said in others.items() for word in listed(said)}
    for language in LANGUAGES:
        words |= {fold(word): code for code, word in outcome_words(language).items()}
    return words | {fold(code): code for code in OUTCOMES}


def read_outcome(text: str) -> tuple[str, str]:
    """The code that a text says, and the scope that is written beside do_not_call; '' for none.

    >>> read_outcome("No answer"), read_outcome("Do-not-call (all)"), read_outcome("perhaps")
    (('no_answer', ''), ('do_not_call', 'all'), ('', ''))
    """
    words = tokens(text)
    if code := _outcome_words().get("".join(words)):
        return ("do_not_call", "all") if code == DO_NOT_CALL_ALL else (code, "")
    for at in range(1, len(words)):
        scope = _scopes().get("".join(words[at:]), "")
        if scope and _outcome_words().get("".join(words[:at])) == "do_not_call":
            return "do_not_call", scope
    return "", ""


@cache
def _scopes() -> dict[str, str]:
    return dict.fromkeys(map(fold, listed(_ALL)), "all") | dict.fromkeys(map(fold, listed(_CALLS)), "calls")


def scope_of_note(note: str) -> str:
    """'all' if the note of a do_not_call is 'all', or begins with it as a part of its own; else 'calls'.

    >>> scope_of_note("All, never again"), scope_of_note("all day at work"), scope_of_note("الكل")
    ('all', 'calls', 'all')
    """
    first = re.split(r"[,;:.!()\n،؛–—-]", note.strip(" '\"«»"), maxsplit=1)[0]
    return "all" if _scopes().get(fold(first)) == "all" else "calls"


def nearest_outcome(text: str) -> tuple[str, bool]:
    """The outcome that was probably meant ('' for none), and whether the text says more than that.

    >>> nearest_outcome("bookd"), nearest_outcome("booked Tuesday"), nearest_outcome("blue")
    (('booked', False), ('booked', True), ('', False))
    """
    words, known = tokens(text), _outcome_words()
    for end in range(len(words) - 1, 0, -1):
        if code := known.get("".join(words[:end])):
            return code, True
    near = difflib.get_close_matches("".join(words), known, n=1, cutoff=CLOSE)
    return (known[near[0]], False) if near else ("", False)
