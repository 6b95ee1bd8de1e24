"""Names of scripts and of touchpoints, which come from files that a dealership may change.

A name that is not here is shown as it stands in the file: the dealership has given it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """In one language: scripts by the name of their file, touchpoints by their English name."""

    scripts: Mapping[str, str]
    touchpoints: Mapping[str, str]


_SCRIPTS = {
    "after_visit_call": "بعد الزيارة",
    "after_visit_short": "بعد الزيارة (رسالة)",
    "anniversary": "ذكرى الشراء",
    "birthday": "تهنئة عيد الميلاد",
    "car_value": "قيمة السيارة",
    "care_call": "اطمئنان",
    "change_or_keep": "استبدال أم احتفاظ",
    "intent": "نية الاستبدال",
    "last_letter": "الخطاب الأخير",
    "loyalty": "شكر على الولاء",
    "missed_you": "افتقدناكم",
    "missed_you_short": "افتقدناكم (رسالة)",
    "not_reached": "تعذّر الوصول",
    "odometer": "سؤال العداد",
    "overdue": "صيانة متأخرة",
    "referral": "ترشيح صديق",
    "renewal_call": "تجديد السيارة",
    "season": "فحص الموسم",
    "service_call": "موعد الصيانة",
    "service_info": "دعوة للصيانة",
    "service_short": "تذكير بالصيانة",
    "test_drive": "تجربة قيادة",
    "thanks": "شكر",
    "tips": "معلومات أول صيانة",
    "trade_in_offer": "عرض استبدال",
    "warranty_end": "نهاية الضمان",
    "welcome": "ترحيب",
    "win_back_call": "الاستعادة",
    "yearly_check": "الفحص السنوي",
    # Of the tactics:
    "bundle": "باقة الصيانة",
    "loyalty_reward": "مكافأة الولاء",
    "prepaid": "خطة صيانة مدفوعة",
    "price_promise": "ثبات السعر",
    "refer_a_friend": "ترشيح صديق بهدية",
    "survey": "استبيان",
    "survey_left": "سؤال من غاب عنا",
    "tips_money": "نصائح للتوفير",
    "tips_road": "نصائح للسفر",
}

# Touchpoints of the cycles and tactics that ship, by their names in the English files.
_SERVICES = {"First service": "الصيانة الأولى", "Second service": "الصيانة الثانية",
             "Third service": "الصيانة الثالثة", "Service": "الصيانة"}  # fmt: skip
_STEPS = {"invitation": "دعوة", "reminder": "تذكير", "call": "مكالمة", "overdue": "تأخر"}
_TOUCHPOINTS = {
    **{f"{en}: {step}": f"{ar}: {word}" for en, ar in _SERVICES.items() for step, word in _STEPS.items()},
    **{f"Season {number}": f"فحص الموسم {number}" for number in range(1, 7)},
    **{f"Birthday {number}": f"عيد الميلاد {number}" for number in range(1, 4)},
    "Season": "فحص الموسم",
    "Birthday": "عيد الميلاد",
    "Thank you": "شكر على الشراء",
    "Care call": "مكالمة اطمئنان",
    "First-service facts": "معلومات عن أول صيانة",
    "Welcome letter": "خطاب ترحيب",
    "Odometer question": "سؤال عن قراءة العداد",
    "Six-month check": "متابعة بعد ستة أشهر",
    "After the first visit": "بعد الزيارة الأولى",
    "After the second visit": "بعد الزيارة الثانية",
    "After the visit": "بعد الزيارة",
    "Referral and second driver": "ترشيح صديق وسائق ثانٍ",
    "What your car is worth": "كم تساوي سيارتك",
    "Household test drive": "تجربة قيادة للأسرة",
    "Two years together": "عامان معًا",
    "Odometer: keep or change?": "قراءة العداد: احتفاظ أم استبدال؟",
    "Keep; replace or add: call": "احتفاظ أو استبدال أو سيارة إضافية: مكالمة",
    "Personal trade-in offer": "عرض استبدال شخصي",
    "Warranty-end check": "فحص نهاية الضمان",
    "We have missed you": "افتقدناكم",
    "Win back: call": "استعادة العميل: مكالمة",
    "Win back: message": "استعادة العميل: رسالة",
    "Still here for you": "ما زلنا في خدمتكم",
    "Win back: last letter": "استعادة العميل: الخطاب الأخير",
    "Another year together": "عام آخر معًا",
    "Keep or change?": "احتفاظ أم استبدال؟",
    "Yearly check": "الفحص السنوي",
    "Service bundle": "باقة الصيانة",
    "Loyalty reward": "مكافأة الولاء",
    "Prepaid service plan": "خطة صيانة مدفوعة مقدمًا",
    "Service plan after the warranty": "خطة صيانة لما بعد الضمان",
    "Your price stays": "سعركم ثابت",
    "Refer a friend": "ترشيح صديق بهدية",
    "Yearly survey": "الاستبيان السنوي",
    "Why you stay away": "لماذا غبتم عنا",
    "Tips for the road": "نصائح للسفر",
    "Tips that save money": "نصائح للتوفير",
    "Tips for the road again": "نصائح للسفر مرة أخرى",
}

ARABIC = Names(_SCRIPTS, _TOUCHPOINTS)
