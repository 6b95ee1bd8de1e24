"""How the synthetic dealership's repair orders call what was done; headers and codes are no part of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A service with a name: its share is the assumption `share`; `en` and `ar` are ways to write it."""

    service: str  # as planner/defaults/services.csv calls it
    share: str
    en: tuple[str, ...]
    ar: tuple[str, ...]
    electric: bool = True  # electric cars have it too


# In the order of planner/defaults/services.csv.
WORK = (
    Work(
        "air conditioning",
        "air_conditioning_done",
        ("A/C recharge", "Air conditioning service", "AC serviced", "Aircon regas"),
        ("صيانة التكييف", "شحن فريون", "تعبئة فريون المكيف", "تنظيف المكيف"),
    ),
    Work(
        "brake fluid",
        "brake_fluid_done",
        ("Brake fluid change", "Brake fluid flush", "Brake flush"),
        ("تغيير زيت الفرامل", "تبديل سائل الفرامل", "زيت الباكم"),
    ),
    Work(
        "brakes",
        "brakes_done",
        ("Front brake pads", "Brake pads and rotors", "Rear brake discs", "Brake shoes rear"),
        ("تيل فرامل أمامي", "فحمات خلفية", "أقراص الفرامل"),
    ),
    Work(
        "battery",
        "battery_done",
        ("Battery replaced", "New 12 V battery"),
        ("تغيير البطارية", "بطارية جديدة"),
    ),
    Work(
        "cabin filter",
        "cabin_filter_done",
        ("Cabin filter", "Cabin air filter", "Pollen filter"),
        ("فلتر المكيف", "فلتر الكابينة", "تبديل فلتر مكيف"),
    ),
    Work(
        "air filter",
        "air_filter_done",
        ("Air filter", "Engine air filter"),
        ("فلتر هواء", "تغيير فلتر الهواء"),
        electric=False,
    ),
    Work(
        "spark plugs",
        "spark_plugs_done",
        ("Spark plugs", "Replace spark plugs"),
        ("بواجي", "تغيير البوجيهات", "شمعات الإشعال"),
        electric=False,
    ),
    Work(
        "coolant",
        "coolant_done",
        ("Coolant change", "Coolant flush", "Radiator flush"),
        ("تغيير سائل التبريد", "ماء ردياتير"),
    ),
    Work(
        "transmission fluid",
        "transmission_fluid_done",
        ("Transmission fluid change", "Transmission service", "ATF change"),
        ("زيت القير", "تغيير زيت ناقل الحركة"),
        electric=False,
    ),
    Work(
        "wheel alignment",
        "wheel_alignment_done",
        ("Wheel alignment", "4-wheel alignment", "Front end alignment"),
        ("ضبط الزوايا", "ميزان أذرعة"),
    ),
    Work(
        "wipers",
        "wipers_done",
        ("Wiper blades", "Wiper blade rear", "Wipers"),
        ("مساحات الزجاج", "تغيير المساحات"),
    ),
    Work(
        "tyres",
        "tyres_done",
        ("New tyres", "Winter tires", "Tyre change", "Tire replacement"),
        ("تغيير إطارات", "إطارات جديدة", "تبديل الإطارات"),
    ),
    Work(
        "inspection",
        "inspection_done",
        ("State inspection", "Vehicle inspection", "Safety inspection"),
        ("الفحص الدوري", "فحص دوري"),
    ),
)

# What a visit of each kind is for, where no service with a name says it; the order of VISIT_KINDS.
OIL = {
    "en": ("Oil and filter change", "LOF", "Lube, oil and filter"),
    "ar": ("تغيير الزيت والفلتر", "غيار زيت"),
}
REASONS = {
    "en": (
        ("Scheduled maintenance", "Annual service"),
        ("Diagnose noise", "Suspension repair", "Water pump replaced", "Check engine light on"),
        ("Warranty repair", "Service campaign", "Software update"),
        ("28-point check", "Road test"),
        ("Wheels rotated and balanced", "Pressure sensors reset"),
        ("Bumper repaired and painted", "Dent repair"),
        ("Key programmed", "Accessories fitted", "Car wash"),
    ),
    "ar": (
        ("صيانة دورية", "صيانة سنوية"),
        ("إصلاح التعليق", "تغيير طرمبة المياه", "فحص لمبة المحرك"),
        ("إصلاح على الضمان", "حملة استدعاء", "تحديث البرنامج"),
        ("كشف عام", "تجربة طريق"),
        ("ترصيص العجلات", "ضبط ضغط الهواء"),
        ("دهان الصدام", "سمكرة ودهان"),
        ("برمجة مفتاح", "تركيب إكسسوارات", "غسيل"),
    ),
}

# {} is what was quoted and not done.
NOT_DONE = {
    "en": ("{} - declined", "Recommended: {}", "{} (deferred)", "Next visit: {}"),
    "ar": ("{} - مرفوض", "ينصح: {}", "{} مؤجل"),
}

BETWEEN = {"en": (" | ", "; ", ", ", "|"), "ar": (" | ", "؛ ", "، ", "|")}
# "A, B - declined" says that both were: a list ends before what was not done.
BEFORE_NOT_DONE = {", ": "; ", "، ": "؛ "}
