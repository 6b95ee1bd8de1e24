"""What the weekly list says beside the words that all workbooks share."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "sheet.sms": "SMS",
    "sheet.email": "E-mail",
    "sheet.messenger": "Messenger",
    "sheet.post": "Post",
    "column.call_kind": "What",
    "column.call_at": "When",
    "column.offers": "Open offers",
    "column.cues": "Another car",
    "column.segments": "Segments",
    "column.to": "E-mail",
    "column.address_1": "Address 1",
    "column.address_2": "Address 2",
    "column.address_3": "Address 3",
    "column.address_4": "Address 4",
    "note.kind": "Why the row is on this list. The sheet 'How to' says what each word means.",
    "note.call_at": "The time of day to try. Who did not answer at one time may at another.",
    "note.offers": (
        "Offers of the last 12 months not used yet; and one service that comparable customers have and this "
        "one has not had here in 24 months."
    ),
    "note.cues": "What speaks for a talk about another car. Only if the talk goes well.",
    "note.phone": "Click to dial. The number stays as it is on file.",
    "note.script": "Click to open what to say.",
    # Why a row is on the list: label | what it means.
    "kind.callback": "Call back | Promised to the customer, so it comes first. The hour is in the note.",
    "kind.open": (
        "Still open | Handed out in an earlier week, and nobody has reported an outcome. If the call was "
        "made, fill in what came of it; if not, call now."
    ),
    "kind.again": "Try again | Tried before, nobody was reached. Call at another time of day.",
    "kind.planned": "New | Planned for this day.",
    "kind.no_phone": (
        "No phone | There is no number on file. The phone column says how else to reach the customer. "
        "If you find a number, write it as a note."
    ),
    "time.morning": "morning",
    "time.afternoon": "afternoon",
    "time.evening": "evening",
    "time.promised": "as promised",
    "calls.promised_for": "was promised for {day}",
    "calls.open_script": "open",
    "window.any": "any day",
    "window.from": "from {first}",
    "window.until": "until {last}",
    "window.between": "{first} – {last}",
    "calls.last_contact": "{by}, {day}",
    "scripts.attempt": "attempt {number}",
    "calls.offers": "{ids} ({day})",
    "calls.not_had": "Not had in 2 years: {service}",
    "calls.no_phone.email": "no phone; write to {address}",
    "calls.no_phone.post": "no phone; write a letter",
    "calls.no_phone.ask": "no phone; ask for it at the next visit",
    "sheet.pass_on": "Pass on",
    "column.to_do": "To do",
    "column.said_on": "Said on",
    # What colleagues must answer: label | what to do.
    "pass_on.complaint": (
        "Complaint | Somebody who may decide rings back. Offers and the win-back rest as long as it is open."
    ),
    "pass_on.interest_second_car": "Another car | Sales rings back this week: the customer has asked.",
    "pass_on.wrong_number": (
        "Wrong number | Correct it in the dealership's system. The right one is in the note, if it was said."
    ),
    "week.callbacks": "Call backs promised",
    "week.still_open": "Open from earlier weeks",
    "how_to.kinds": "Why a row is on the list",
    "how_to.meaning": "What it means",
}

ARABIC: dict[str, str] = {
    "sheet.sms": "الرسائل القصيرة",
    "sheet.email": "البريد الإلكتروني",
    "sheet.messenger": "تطبيق المراسلة",
    "sheet.post": "البريد",
    "column.call_kind": "النوع",
    "column.call_at": "الوقت",
    "column.offers": "عروض سارية",
    "column.cues": "سيارة أخرى",
    "column.segments": "الأجزاء",
    "column.to": "البريد الإلكتروني",
    "column.address_1": "العنوان 1",
    "column.address_2": "العنوان 2",
    "column.address_3": "العنوان 3",
    "column.address_4": "العنوان 4",
    "note.kind": "سبب وجود الصف في القائمة. معنى كل كلمة في ورقة طريقة العمل.",
    "note.call_at": "وقت الاتصال من اليوم. من لم يرد في وقت قد يرد في وقت آخر.",
    "note.offers": (
        "عروض آخر 12 شهرًا التي لم تُستخدم بعد؛ وخدمة واحدة لدى عملاء مثله ولم يحصل عليها عندنا منذ 24 شهرًا."
    ),
    "note.cues": "ما يدعو إلى الحديث عن سيارة أخرى، إن سارت المكالمة على ما يرام.",
    "note.phone": "اضغط للاتصال. يبقى الرقم كما هو في السجل.",
    "note.script": "اضغط لفتح ما يقال.",
    "kind.callback": "وعد باتصال | وعدنا العميل باتصال، لذلك يأتي أولًا. الساعة في الملاحظة.",
    "kind.open": (
        "ما زال مفتوحًا | سُلّم في أسبوع سابق ولم تُسجّل له نتيجة. إن تم الاتصال فاكتب نتيجته، "
        "وإن لم يتم فاتصل الآن."
    ),
    "kind.again": "محاولة أخرى | جرت محاولة ولم يرد أحد. اتصل في وقت آخر من اليوم.",
    "kind.planned": "جديد | مخطط لهذا اليوم.",
    "kind.no_phone": (
        "بلا هاتف | لا رقم في السجل. عمود الهاتف يبيّن كيف يمكن الوصول إلى العميل. "
        "إن وجدت رقمًا فاكتبه في الملاحظة."
    ),
    "time.morning": "صباحًا",
    "time.afternoon": "بعد الظهر",
    "time.evening": "مساءً",
    "time.promised": "كما وعدنا",
    "calls.promised_for": "كان الوعد ليوم {day}",
    "calls.open_script": "فتح",
    "calls.offers": "{ids} ({day})",
    "calls.not_had": "لم تُطلب منذ سنتين: {service}",
    "calls.no_phone.email": "لا هاتف؛ راسله على {address}",
    "calls.no_phone.post": "لا هاتف؛ أرسل خطابًا",
    "calls.no_phone.ask": "لا هاتف؛ اسأل عن الرقم في الزيارة القادمة",
    "window.any": "أي يوم",
    "window.from": "من {first}",
    "window.until": "حتى {last}",
    "window.between": "{first} – {last}",
    "calls.last_contact": "{by}، {day}",
    "scripts.attempt": "المحاولة {number}",
    "sheet.pass_on": "إلى الزملاء",
    "column.to_do": "المطلوب",
    "column.said_on": "يوم المكالمة",
    "pass_on.complaint": (
        "شكوى | يعاود الاتصال من يملك القرار. تتوقف العروض ورسائل استعادة العملاء ما دامت الشكوى مفتوحة."
    ),
    "pass_on.interest_second_car": "سيارة أخرى | يتصل فريق المبيعات هذا الأسبوع، فالعميل هو من سأل.",
    "pass_on.wrong_number": ("رقم خاطئ | يُصحَّح الرقم في نظام الوكالة. الرقم الصحيح في الملاحظة إن ذُكر."),
    "week.callbacks": "وعود باتصال",
    "week.still_open": "مفتوحة من أسابيع سابقة",
    "how_to.kinds": "لماذا يوجد الصف في القائمة",
    "how_to.meaning": "المعنى",
}
