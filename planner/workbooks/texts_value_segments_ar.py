"""The Arabic words of the sheets of retention and segments; a part of `texts_value_ar`."""

from __future__ import annotations

ARABIC: dict[str, str] = {
    # Retention.
    "value.curve.note": (
        "من السيارات التي كان يمكن أن تأتي إلى صيانة، كم جاء إليها وإلى كل ما قبلها: كل «فعلي» هو ما قبله × "
        "«جاءت» ÷ «كان يمكن أن تأتي». والنموذج هو ذلك بعد تمهيد طرفيه، ويسمى متوقعًا حيث لم يكن يمكن أن تأتي "
        "حتى الآن 30 سيارة، وهناك يُكمَل من آخر الصيانات المعلومة. ووقعت الحقيقة في العينات ضمن النطاق من "
        "92 إلى 98 مرة من 100."
    ),
    "value.curve.service_no": "رقم الصيانة",
    "value.curve.at_risk": "كان يمكن أن تأتي",
    "value.curve.kept": "جاءت",
    "value.curve.survived": "فعلي",
    "value.curve.fitted": "وفق النموذج",
    "value.curve.projected": "متوقع",
    "value.curve.low": "النطاق، من",
    "value.curve.high": "النطاق، إلى",
    "value.curve.discounted": "بعد الخصم",
    "value.curve.later": "صيانات لاحقة",
    "value.curve.note_of": "ملاحظة",
    "value.fits": "كيف تختلف السيارات، وما تأتي به الجديدة",
    "value.fits.note": (
        "نموذج بيتا الهندسي المزاح (فيدر وهاردي 2007) قانون واحد لكل الصيانات، ووفقه احتمال أن تفوّت السيارة "
        "الجديدة صيانتها الأولى هو ألفا ÷ (ألفا + بيتا)؛ أما من فوّتها فعلًا فعدده في المنحنى أعلاه وقد يختلف. "
        "ومتشابهة: لم يوجد فرق بين السيارات، فلا معنى إلا لألفا ÷ بيتا. "
        "والصيانات المتوقعة لسيارة جديدة هي صيانات المنحنى مخصومة من صيانة إلى "
        "أخرى بنسبة {discount}. ولا يُقدَّر شيء دون 100 سيارة أو 10 فوّتت صيانة."
    ),
    "value.fits.since": "{by}، كما كانت في {day}",
    "value.fits.left": "عددها أقل من أن يُقدَّر: {groups}.",
    "value.fits.none": "لا يُقدَّر شيء دون 100 سيارة أو 10 فوّتت صيانة.",
    "value.fits.group": "الفئة",
    "value.fits.cars": "السيارات",
    "value.fits.lost": "فوّتت صيانة",
    "value.fits.alpha": "ألفا",
    "value.fits.beta": "بيتا",
    "value.fits.mean_churn": "تفوّت الأولى",
    "value.fits.expected_services": "الصيانات المتوقعة",
    "value.fits.expected_low": "من",
    "value.fits.expected_high": "إلى",
    "value.fits.note_of": "ملاحظة",
    "value.held": "كيف تثبت الشرائح",
    "value.held.note": (
        "السيارات التي لم يفت موعد صيانتها التالية في {day}، حسب شريحة عملائها يومئذ، ونسبة ما جاء منها لكل "
        "صيانة منذ ذلك اليوم. وشريحة اليوم تفسر نفسها: فالأفضل جاؤوا، وإلا لما كانوا الأفضل. ومن يغادر كان "
        "متأخرًا يومئذ. ولا يُعرض إلا ما أمكن أن تأتي له 30 سيارة فأكثر."
    ),
    "value.held.none": "السيارات التي أمكن أن تأتي لصيانة منذ ذلك اليوم أقل من 30، فلا شيء يُعرض.",
    "value.held.service": "الصيانة منذ ذلك اليوم",
    "value.held.counts": "من جاء ممن أمكنه",
    "value.cohorts": "سنة الشراء وسنة الملكية",
    "value.cohorts.note": (
        "من السيارات المشتراة في سنة، نسبة ما جاء في كل سنة من سنوات الملكية؛ السنوات المنقضية لها كلها فقط. "
        "كلما زاد اللون عمقًا زاد من جاء. وبالخط المائل: عدد لا يكفي للاستنتاج."
    ),
    "value.cohorts.bought": "سنة الشراء",
    "value.cohorts.year": "السنة {year}",
    "value.cohorts.counts": "الأعداد وراءها: ما جاء من السيارات المملوكة",
    "value.of": "{came} من {cars}",
    # Segments.
    "value.segments.note": (
        "أول قاعدة تنطبق تحدد الشريحة: منقطع أو خرج ثم يغادر ثم جديد، ثم بحسب قرب زيارات العميل وعددها "
        "وربحيتها. "
        "والهامش "
        "هامش 24 شهرًا. القواعد في «كيف حُسبت»."
    ),
    "value.segments.lost": (
        "منقطع أو خرج، {all}: بلا زيارة منذ 18 شهرًا {lost}، وبيعت سياراتهم كلها أو شُطبت أو انتقلوا بها "
        "{gone}، "
        "وبلا سيارة مسجلة {no_car}."
    ),
    "value.segments.customers": "العملاء",
    "value.segments.share": "نسبتهم من العملاء",
    "value.segments.margin_24m": "الهامش، المجموع",
    "value.segments.margin_share": "نسبتهم من الهامش",
    "value.segments.margin_per_customer": "هامش العميل",
    "value.segments.visits_per_customer": "زيارات العميل",
    "value.segments.tenure_months": "أشهر التعامل (الوسيط)",
    "value.segments.leaves_probability": "احتمال تفويت الصيانة",
    "value.segments.value_expected": "القيمة المتوقعة، المجموع",
    "value.segments.missing_margin": "خدمات ناقصة في السنة، المجموع",
    "value.segments.last_visit_on": "آخر زيارة (الوسيط)",
    "value.profile": "العميل المثالي في كل شريحة، والفجوة عنه",
    "value.profile.note": (
        "نسبة من يستخدم كل خدمة من الخُمس الأفضل في كل شريحة، سواء كانت غرض الزيارة أو مما تذكره الفاتورة "
        "معه؛ وبخط مائل حيث هم أقل من 30. والخدمات الناقصة لكل عميل في «ما يُعرض على العملاء» وفي "
        "planner value --json."
    ),
    "value.profile.of": "في الفاتورة",
    "value.profile.kind": "غرض الزيارة",
    "value.profile.named": "تم معه",
    "value.profile.detail": "ما يأتي به مستخدم إضافي لكل خدمة",
    "value.profile.detail.note": (
        "المستخدم الإضافي يأتي بنسبة الأفضل × هامش السنة، وهو وسيط ما تأتي به الخدمة من مستخدميها منهم. "
        "وهامش الخدمة التي تُذكر مع غرض الزيارة هو ما تضيفه إلى الفاتورة بطريقة المربعات الصغرى × عدد "
        "الزيارات التي تمت فيها في السنة؛ ويبقى خاليًا إذا ذكرتها أقل من 30 فاتورة."
    ),
    "value.profile.service": "الخدمة",
    "value.profile.share": "الأفضل: نسبتهم",
    "value.profile.users": "الأفضل: عددهم",
    "value.profile.best_customers": "عدد أفضل العملاء",
    "value.profile.share_all": "الكل: نسبتهم",
    "value.profile.margin_per_year": "هامش السنة",
    "value.profile.expected_margin": "ما يأتي به مستخدم إضافي",
    "value.concentration": "كم يأتي به القليل",
    "value.concentration.note": (
        "العملاء الذين جاؤوا في 24 شهرًا، بدءًا من صاحب أكبر هامش. والخط المستقيم ما كان سيحدث لو تساوى الجميع."
    ),
    "value.concentration.customers_share": "نسبة العملاء",
    "value.concentration.margin_share": "نسبة الهامش",
    "value.concentration.even_share": "لو تساوى الجميع",
    "value.concentration.customers": "العملاء",
    "value.concentration.margin": "الهامش",
    "value.concentration.mark": "ملاحظة",
    "value.mark.best_fifth": "أفضل 20%",
    "value.mark.most": "يأتون بـ 80%",
}
