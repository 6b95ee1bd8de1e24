"""The words of the sheet of what contacts brought, one table a language."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "sheet.touchpoints": "Touchpoints",
    "success.note": (
        "Contacts made within the settings' window (value.rate_window_months), and what came of them. "
        "A booking, a complaint and a wish not to be called count for the contact in which they were said; a "
        "visit for the last contact about a service in the {days} days before, if that reached somebody; an "
        "offer for the last offer that was sent before. Nothing counts twice: an early contact that others "
        "follow brings few visits of its own.\n"
        "From and to: within these the true share lies 95 times of 100; where they overlap, a difference may "
        "be chance. Grey is too few to tell (fewer than 30 households). Visits are counted when the {days} "
        "days are over; bookings where an answer is on record, which messages seldom have."
    ),
    "success.none": "Too few to tell: no contact has been made yet, or none is on record.",
    "success.best": (
        "Most often followed by a visit: {name}, {share} of {out_of} (between {low} and {high})."
    ),
    "success.best.none": (
        "Most often followed by a visit: too few to tell. No kind of contact that is old "
        "enough to be judged went to 30 households."
    ),
    "success.booked_most": (
        "What is booked most: {name}. {share} of {out_of} with an answer (between {low} and {high})."
    ),
    "success.worst": (
        "After which most want no more: {name}, {share} of {out_of} contacts (between {low} and {high})."
    ),
    "success.worst.all": "Want no more: {count} of {out_of} contacts (between {low} and {high}).",
    "success.complaints": (
        "After which most complain: {name}, {share} of {out_of} with an answer (between {low} and {high})."
    ),
    "success.complaints.all": "Complaints: {count} of {out_of} with an answer (between {low} and {high}).",
    "success.which": "After which kind of contact most: too few to tell.",
    "success.and": "{sentence} {which}",
    "success.against": (
        "Services with a contact: {share} were done here. Without one: {others}. The difference is {points} "
        "points (between {low} and {high}). It does not prove that contacts made it: who is not contacted "
        "differs in other ways."
    ),
    "success.against.none": "With and without contact: too few to tell.",
    "success.by.touchpoint": "By kind of contact, those most often followed by a visit first",
    "success.by.channel": "By channel",
    "success.by.lead": "By days from the contact to the service's due day",
    "success.by.tactic": "By cycle, and by tactic of the settings",
    "success.by.tactic.note": (
        "Bookings need an answer on record: calls have one, messages hardly ever. Judge tactics, none of "
        "which "
        "is a call, by visits and offers."
    ),
    "success.offers": "Offers, by the kind of contact before them",
    "success.offers.note": (
        "An offer counts for the last contact that may offer something in the 30 days before it was issued: "
        "records do not say which contact it came with. Offers without such a contact count for none."
    ),
    "success.grey": "grey: too few to tell",
    "success.by.tactic.none": "No tactic is switched on. The settings do it: [cycle] tactics.",
    "success.one.touchpoint": "Contact",
    "success.one.channel": "Channel",
    "success.one.lead": "When",
    "success.one.tactic": "Cycle or tactic",
    "success.all": "All contacts",
    "success.contacts": "Made",
    "success.reached": "Reached",
    "success.visited": "Visits",
    "success.booked": "Bookings",
    "success.named": "{name} ({code})",
    "success.answers": "Answers to surveys",
    "success.answers.note": (
        "Of contacts that ask how likely the customer is to recommend us and are {days} days old: how many "
        "answered in these {days} days, and their net promoter score (from -100 to +100)."
    ),
    "success.scored": "Answered",
    "success.nps": "Net promoter score",
    "success.issued": "Offers issued",
    "success.redeemed": "Redeemed in time",
    "success.complained": "Complaints",
    "success.opted_out": "Want no more",
    "success.share": "share",
    "success.score": "score",
    "success.low": "from",
    "success.high": "to",
    "success.count": "number",
    "success.out_of": "out of",
    "success.chart": "Contacts followed by a visit, with the range of the true share",
    "success.chart.up": "Share of contacts",
    "success.versus": "With and without contact",
    "success.versus.note": (
        "Services due in the same months: of those with a contact, and of those of which the plan could say "
        "nothing, how many were done here. Who says no to contacts, or gets no room, is another customer "
        "than who is contacted: the difference is no proof of what contacts do. A fair comparison would "
        "leave out customers by lot."
    ),
    "success.why": "Not contacted because",
    "success.with": "Contacted",
    "success.without": "Not contacted",
    "success.services": "due",
    "success.came": "done",
    "success.difference": "Difference, points",
    "success.why.all": "Whatever the reason",
    "success.why.consent": "the customer has not agreed",
    "success.why.do-not-contact": "the customer wants no contact",
    "success.why.capacity": "all calls were taken",
    "success.why.no_room": "no day was free in the calendar",
    "success.why.before": "due before the first contact on record",
    "lead.before_57": "57 days before, or earlier",
    "lead.before_29": "29 to 56 days before",
    "lead.before_15": "15 to 28 days before",
    "lead.before_1": "1 to 14 days before",
    "lead.after_0": "on the day, up to 14 days after",
    "lead.after_15": "15 days after, or later",
    "cycle.new_car": "First three years",
    "cycle.older_car": "Yearly, older cars",
    "cycle.win_back": "Win back",
    "tactic.bundles": "Service bundles",
    "tactic.loyalty": "Loyalty rewards",
    "tactic.prepaid": "Prepaid service plans",
    "tactic.price_protection": "Price protection",
    "tactic.referral": "Referrals",
    "tactic.surveys": "Surveys",
    "tactic.tips": "Useful tips",
}

ARABIC: dict[str, str] = {
    "sheet.touchpoints": "نتائج التواصل",
    "success.note": (
        "مرات التواصل التي تمت ضمن مدة الإعدادات، وما نتج عنها. الحجز والشكوى وطلب عدم الاتصال تُحسب "
        "للتواصل الذي قيلت فيه، والزيارة لآخر تواصل عن صيانة خلال {days} يومًا قبلها إن وصل إلى أحد، والعرض "
        "لآخر رسالة عروض سبقته. لا شيء يُحسب مرتين: التواصل المبكر الذي يتبعه غيره تقل زياراته.\n"
        "من وإلى: بينهما تقع النسبة الحقيقية 95 مرة من كل 100، وحيث يتداخل النطاقان قد يكون الفرق صدفة. "
        "الرمادي عدده أقل من أن يُحكم عليه (أقل من 30 أسرة). تُحسب الزيارات بعد انقضاء {days} يومًا، والحجوزات "
        "حيث سُجّل رد، وهو نادر في الرسائل."
    ),
    "success.none": "العدد أقل من أن يُحكم عليه: لم يتم تواصل بعد، أو لم يُسجَّل.",
    "success.best": "أكثر ما تبعته زيارة: {name}، {share} من {out_of} (بين {low} و{high}).",
    "success.best.none": (
        "أكثر ما تبعته زيارة: العدد أقل من أن يُحكم عليه. لا نوع من التواصل مضى عليه وقت كافٍ وشمل 30 أسرة."
    ),
    "success.booked_most": "الأكثر حجزًا: {name}. حجز {share} من {out_of} أجابوا (بين {low} و{high}).",
    "success.worst": "أكثر ما يطلب بعده العملاء التوقف: {name}، {share} من {out_of} (بين {low} و{high}).",
    "success.worst.all": "يريدون التوقف: {count} من {out_of} (بين {low} و{high}).",
    "success.complaints": "أكثر ما تليه الشكاوى: {name}، {share} من {out_of} أجابوا (بين {low} و{high}).",
    "success.complaints.all": "الشكاوى: {count} من {out_of} أجابوا (بين {low} و{high}).",
    "success.which": "بعد أي نوع من التواصل أكثر: العدد أقل من أن يُحكم عليه.",
    "success.and": "{sentence} {which}",
    "success.against": (
        "صيانات سبقها تواصل: تمت عندنا {share} منها. ومن دون تواصل: {others}. الفرق {points} نقطة (بين {low} "
        "و{high}). وهذا لا يثبت أن التواصل هو السبب: فمن لا نتواصل معه يختلف في أمور أخرى."
    ),
    "success.against.none": "مع التواصل ومن دونه: العدد أقل من أن يُحكم عليه.",
    "success.by.touchpoint": "حسب نوع التواصل، ما تبعته زيارة أكثر أولًا",
    "success.by.channel": "حسب الوسيلة",
    "success.by.lead": "حسب الأيام من التواصل إلى موعد الصيانة",
    "success.by.tactic": "حسب الدورة، وحسب الحملة المفعّلة في الإعدادات",
    "success.by.tactic.note": (
        "الحجز يحتاج إلى رد مسجل: وهو للمكالمات، ونادر في الرسائل. فاحكم على الحملات، ولا مكالمة فيها، "
        "بالزيارات "
        "والعروض."
    ),
    "success.offers": "العروض، حسب التواصل الذي سبقها",
    "success.offers.note": (
        "يُحسب العرض لآخر تواصل يجوز فيه عرض شيء خلال 30 يومًا قبل صدوره: فالسجلات لا تقول مع أي تواصل جاء. "
        "والعرض بلا تواصل كهذا لا يُحسب لأحد."
    ),
    "success.grey": "الرمادي: قليل",
    "success.by.tactic.none": "لا حملة مفعّلة. تُفعَّل من ملف الإعدادات.",
    "success.one.touchpoint": "التواصل",
    "success.one.channel": "الوسيلة",
    "success.one.lead": "متى",
    "success.one.tactic": "الدورة أو الحملة",
    "success.all": "كل مرات التواصل",
    "success.contacts": "تم",
    "success.reached": "تم الحديث",
    "success.visited": "الزيارات",
    "success.booked": "الحجوزات",
    "success.named": "{name} ({code})",
    "success.answers": "إجابات الاستبيانات",
    "success.answers.note": (
        "مرات التواصل التي تسأل العميل عن التوصية بنا ومضى عليها {days} يومًا: كم أجاب خلالها، وصافي نقاط "
        "الترويج من إجاباتهم (من -100 إلى +100)."
    ),
    "success.scored": "أجابوا",
    "success.nps": "صافي نقاط الترويج",
    "success.issued": "العروض الصادرة",
    "success.redeemed": "استُخدمت في الوقت",
    "success.complained": "الشكاوى",
    "success.opted_out": "يريدون التوقف",
    "success.share": "النسبة",
    "success.score": "النتيجة",
    "success.low": "من",
    "success.high": "إلى",
    "success.count": "العدد",
    "success.out_of": "من أصل",
    "success.chart": "تواصل تبعته زيارة، مع نطاق النسبة الحقيقية",
    "success.chart.up": "نسبة مرات التواصل",
    "success.versus": "مع التواصل ومن دونه",
    "success.versus.note": (
        "صيانات موعدها في الأشهر نفسها: كم تم منها عندنا حيث كان تواصل، وكم حيث لم تسمح الخطة بأي تواصل. من "
        "يرفض التواصل أو لا يجد مكانًا ليس كمن نتواصل معه: فالفرق ليس دليلًا على أثر التواصل. المقارنة العادلة "
        "تستثني عملاء بالقرعة."
    ),
    "success.why": "لم نتواصل لأن",
    "success.with": "مع تواصل",
    "success.without": "دون تواصل",
    "success.services": "مستحقة",
    "success.came": "تمت",
    "success.difference": "الفرق بالنقاط",
    "success.why.all": "أيًّا كان السبب",
    "success.why.consent": "العميل لم يوافق",
    "success.why.do-not-contact": "العميل لا يريد أي تواصل",
    "success.why.capacity": "اكتملت المكالمات",
    "success.why.no_room": "لا يوم متاح في التقويم",
    "success.why.before": "موعدها قبل أول تواصل مسجّل",
    "lead.before_57": "قبله بـ 57 يومًا أو أكثر",
    "lead.before_29": "قبله بـ 29 إلى 56 يومًا",
    "lead.before_15": "قبله بـ 15 إلى 28 يومًا",
    "lead.before_1": "قبله بيوم إلى 14 يومًا",
    "lead.after_0": "في يومه، وحتى 14 يومًا بعده",
    "lead.after_15": "بعده بـ 15 يومًا أو أكثر",
    "cycle.new_car": "السنوات الثلاث الأولى",
    "cycle.older_car": "السنوية، للسيارات الأقدم",
    "cycle.win_back": "الاسترجاع",
    "tactic.bundles": "باقات الصيانة",
    "tactic.loyalty": "مكافآت الولاء",
    "tactic.prepaid": "خطط صيانة مدفوعة مقدمًا",
    "tactic.price_protection": "ثبات السعر",
    "tactic.referral": "ترشيح الأصدقاء",
    "tactic.surveys": "الاستبيانات",
    "tactic.tips": "نصائح مفيدة",
}
