"""The words of the calendar and of the pages of the days, one table a language."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "calendar.name": "Contacts, {dealership}",
    "calendar.event": "{channel}: {customer}",
    "sheet.pages": "Day pages",
    "pages.number": "No.",
    "pages.calls": "{count} to call",
    "pages.attempt": "attempt {number}",
    "tick.booked": "booked",
    "tick.callback": "call back",
    "tick.no_answer": "no answer",
    "tick.voicemail": "voicemail",
    "tick.not_yet": "not yet",
    "tick.done_elsewhere": "elsewhere",
    "tick.sold_car": "car sold",
    "tick.refused": "no",
    "tick.other": "other:",
}

ARABIC: dict[str, str] = {
    "calendar.name": "التواصل، {dealership}",
    "calendar.event": "{channel}: {customer}",
    "sheet.pages": "صفحات الأيام",
    "pages.number": "م",
    "pages.calls": "عدد المكالمات: {count}",
    "pages.attempt": "المحاولة {number}",
    "tick.booked": "تم الحجز",
    "tick.callback": "معاودة الاتصال",
    "tick.no_answer": "لم يرد",
    "tick.voicemail": "بريد صوتي",
    "tick.not_yet": "لم يحن الموعد",
    "tick.done_elsewhere": "لدى غيرنا",
    "tick.sold_car": "بيعت السيارة",
    "tick.refused": "رفض",
    "tick.other": "أخرى:",
}
