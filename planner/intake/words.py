"""The words of dealership exports, in English and Arabic: digits, month names, choices.

Words are compared folded: without case, spaces, punctuation, accents, and without the spellings that
Arabic writers mix freely (أ إ آ ا, ى ي, ة ه, the article ال).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from planner.spelling import tokens
from planner.tables import CONDITIONS, VEHICLE_STATUSES, VISIT_KINDS, YES_NO


def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))


# What exports write where there is nothing. Not used for names: people are called Null.
BLANKS = _listed(
    r",-,--,---,—,.,null,(null),\n,none,n/a,na,nan,nat,nil,#n/a,0000-00-00,00/00/0000,00-00-0000,"
    "0000-00-00 00:00:00,لا يوجد,غير متوفر,غير معروف"
)
KM_WORDS = _listed("km, kms, kilometer, kilometers, kilometre, kilometres, كم, كيلو, كيلومتر")
MILE_WORDS = _listed("mi, mile, miles, mls, ميل, اميال")


def fold(text: str) -> str:
    """The text as headers and choices are compared.

    >>> fold("Licence-Plate No.") == fold("licence plate no")
    True
    """
    return "".join(tokens(text))


def header_unit(title: str) -> str:
    """'km', 'mi' or '' as the header says.

    >>> header_unit("Mileage (miles)"), header_unit("odometer_km"), header_unit("Mileage")
    ('mi', 'km', '')
    """
    words = set(tokens(title))
    return "mi" if words & MILE_WORDS else "km" if words & KM_WORDS else ""


# Beside English and Arabic: what a spreadsheet on a machine in such a language writes into a CSV.
_MORE_LANGUAGES = (
    *("de", "de_AT", "fr", "fr_CA", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu"),
    *("ro", "bg", "hr", "sl", "el", "tr", "ru", "uk"),
)


@cache
def months() -> dict[str, int]:
    """Folded month names -> 1 to 12: English, and Arabic as in Egypt, the Levant and the Maghreb."""
    names = {"sept": 9, "يونيه": 6, "يوليه": 7, "نونبر": 11}
    for locale in ("en", "ar", "ar_SY", "ar_DZ", "ar_MA", "ar_MR"):
        names |= dict(_months_of(locale))
    return names


@cache
def more_months() -> dict[str, int]:
    """The same in languages of Europe, but for names that are two months: listopad is October or November.

    Source: Unicode CLDR, by Babel; Mrz is what Windows writes in German.
    """
    meant: dict[str, set[int]] = {"mrz": {3}}
    for locale in _MORE_LANGUAGES:
        for name, month in _months_of(locale):
            meant.setdefault(name, set()).add(month)
    return {name: min(numbers) for name, numbers in meant.items() if len(numbers) == 1}


def _months_of(locale: str) -> Iterator[tuple[str, int]]:
    from babel import Locale  # late: only files with month names need it

    for forms in Locale.parse(locale).months.values():
        for form in ("wide", "abbreviated"):
            yield from ((fold(name), month) for month, name in forms.get(form, {}).items())


def month_of(words: str) -> int | None:
    """The month that stands between the day and the year of a date, 1 to 12; None if there is none.

    >>> month_of(" of March, "), month_of(". Mrz "), month_of(" de marzo de "), month_of(" weeks ")
    (3, 3, 3, None)
    """
    name = "".join(word for word in tokens(words) if word not in ("of", "de"))
    return months().get(name) or more_months().get(name)


# For every choice the other words for it, separated by commas. The choice itself is understood too.
_WORDS: dict[tuple[str, ...], dict[str, str]] = {
    YES_NO: {
        "yes": (
            "y, 1, true, t, on, x, ok, granted, given, opt in, opted in, allowed, agreed, نعم, ن, اجل, "
            "موافق, صح, صحيح"
        ),
        "no": (
            "n, 0, false, f, off, refused, withdrawn, denied, opt out, opted out, not allowed, لا, غير "
            "موافق, رافض, خطا"
        ),
    },
    CONDITIONS: {
        "new": "n, brand new, new car, new vehicle, 0 km, zero, جديد, جديدة, زيرو",
        "used": (
            "u, pre-owned, preowned, second hand, used car, cpo, certified, certified pre-owned, demo, "
            "ex-demo, مستعمل, مستعملة"
        ),
    },
    VEHICLE_STATUSES: {
        "active": "a, in use, current, owned, open, live, نشط, نشطة, فعال, مستخدمة, حالي",
        "sold": "s, resold, traded, traded in, transferred, disposed, مباع, مباعة, بيعت",
        "scrapped": (
            "scrap, written off, write off, total loss, totalled, totaled, wrecked, stolen, خردة, "
            "مشطوب, مشطوبة, هالك, تالف"
        ),
        "moved": (
            "moved away, relocated, moved out of area, out of area, out of territory, emigrated, انتقل, "
            "انتقلت, انتقل بعيدا, خارج المنطقة"
        ),
    },
    VISIT_KINDS: {
        "maintenance": (
            "service, servicing, periodic service, periodic maintenance, scheduled maintenance, pm, "
            "scheduled service, regular service, full service, minor service, major service, lof, oil, "
            "oil change, oil and filter, lube oil filter, lube, express service, pms, preventive "
            "maintenance, صيانة, صيانة دورية, خدمة, خدمة دورية, تغيير زيت, غيار زيت"
        ),
        "repair": (
            "repairs, mechanical, mechanical repair, general repair, gr, diagnosis, diagnostic, "
            "breakdown, electrical, fix, إصلاح, تصليح, إصلاحات, عطل, أعطال, كهرباء, ميكانيكا"
        ),
        "warranty": (
            "warranty repair, warranty claim, claim, recall, campaign, service campaign, goodwill, "
            "ضمان, كفالة, استدعاء, حملة"
        ),
        "inspection": (
            "check, check up, checkup, inspect, safety inspection, emissions, emissions inspection, "
            "mot, pdi, state inspection, فحص, معاينة, كشف"
        ),
        "tyres": (
            "tyre, tires, tire, wheels, wheel, tyre change, tire rotation, alignment, balancing, wheel "
            "alignment, إطارات, إطار, كاوتش, كفرات, ترصيص, ميزان"
        ),
        "body": (
            "body shop, bodywork, bodyshop, paint, body and paint, bp, collision, accident, dent, "
            "سمكرة, دهان, سمكرة ودهان, حادث, هيكل, بودي"
        ),
        "other": "misc, miscellaneous, accessories, wash, detail, detailing, أخرى, اخرى, غير ذلك",
    },
}

# Text columns of which some words have a usual form; any other text stays as it is.
_USUAL: dict[str, dict[str, str]] = {
    "language": {
        "en": "english, eng, en us, en gb, انجليزي, الإنجليزية",
        "ar": "arabic, ara, ar eg, ar sa, ar ae, عربي, العربية",
    },
    "fuel": {
        "petrol": "gasoline, gas, benzine, benzin, unleaded, بنزين",
        "diesel": "gasoil, derv, ديزل, سولار",
        "hybrid": "hev, plug-in hybrid, phev, petrol hybrid, هجين, هايبرد",
        "electric": "ev, bev, electricity, كهرباء, كهربائي, كهربائية",
    },
}


@cache
def choice_words(choices: tuple[str, ...]) -> dict[str, str]:
    """Folded word -> choice, the choices themselves included."""
    return _folded(_WORDS.get(choices, {}), choices)


@cache
def usual_words(column: str) -> dict[str, str]:
    """Folded word -> the usual form, for text columns that have one."""
    return _folded(_USUAL.get(column, {}), tuple(_USUAL.get(column, {})))


def _folded(words: dict[str, str], choices: tuple[str, ...]) -> dict[str, str]:
    others = {fold(word): choice for choice, synonyms in words.items() for word in _listed(synonyms)}
    return others | {fold(choice): choice for choice in choices}
