"""The Arabic words of the sheets of what customers are worth; a part of `texts_ar`."""

from __future__ import annotations

from planner.workbooks import texts_value_figures_ar, texts_value_segments_ar

ARABIC: dict[str, str] = {
    **texts_value_figures_ar.ARABIC,
    **texts_value_segments_ar.ARABIC,
    "sheet.headline": "أهم الأرقام",
    "sheet.to_act_on": "يستدعي التصرف",
    "sheet.to_offer": "ما يُعرض على العملاء",
    "sheet.by_month": "حسب الشهر",
    "sheet.by_group": "حسب الفئة",
    "sheet.retention": "الاحتفاظ",
    "sheet.segments_value": "الشرائح",
    "sheet.stage_flow": "الانتقال بين المراحل",
    "sheet.value_definitions": "كيف حُسبت",
    "sheet.quality": "جودة البيانات",
    "value.title": "قيمة عملائنا",
    "value.as_of": "وفق المعلوم في {day}",
    "value.money": "المبالغ بعملة {currency}",
    "value.money.own": "المبالغ بعملة المعرض",
    "value.all": "الكل",
    "value.nothing": "المعلوم أقل من أن يُستنتج منه: لا شيء يُعرض هنا بعد.",
    "value.no_figures": "لا أرقام بعد: المسجل قليل جدًا.",
    "value.few": (
        "بالرمادي: عدد قليل (أقل من 30 أسرة) لا يكفي للاستنتاج. من، إلى: يقع الرقم الحقيقي بينهما 95 مرة "
        "من 100. "
        "الفرق: الآن ناقص ما قبل سنة، وللنسب بالنقاط المئوية. وفي ورقة «كيف حُسبت» كل عدد من عمود الحساب في "
        "خلية "
        "مستقلة."
    ),
    "value.too_short": (
        "السجلات قصيرة: الزيارات غير مسجلة للمدة التي ينظر إليها رقم السنة السابقة. وما لم يُسجَّل حينها "
        "سيبدو تغيّرًا."
    ),
    "value.poor": "جودة البيانات: {grade}. انظر «جودة البيانات».",
    "value.points": "نقطة",
    # What stands on top.
    "value.say.nothing": "لا شيء مسجل حتى {day}: لا زيارة ولا شراء.",
    "value.say.nothing.yet": "لا شيء مسجل بعد: لا زيارة ولا شراء.",
    "value.say.worth": "يأتي العميل في السنة بـ {margin_per_customer}.",
    "value.say.worth.none": "قيمة العميل: المعلوم لا يكفي للاستنتاج.",
    "value.say.worth.no_money": "قيمة العميل: الزيارات بلا مبالغ ولا هوامش.",
    "value.say.stay": (
        "وطوال مدة بقائه يأتي على الأقل بـ {value_expected}، مخصومًا وحتى أول صيانة يفوّتها، وعلى الأكثر بـ "
        "{ltv}: "
        "الهامش ÷ معدل الفقد، بلا خصم زمني."
    ),
    "value.say.stay.most": "وطوال مدة بقائه: على الأكثر {ltv}، الهامش ÷ معدل الفقد، بلا خصم زمني.",
    "value.say.stay.least": "وطوال مدة بقائه: على الأقل {value_expected}، مخصومًا وحتى أول صيانة يفوّتها.",
    "value.say.stay.apart": (
        "{sentence} ويتباعد الرقمان: فالأعلى يتحرك مع معدل الفقد، والأدنى مع عدد الصيانات التي تأتي إليها "
        "السيارات."
    ),
    "value.say.back": (
        "عاد خلال 13 شهرًا من السيارات التي صينت {retention_13m}؛ وجاء مرتين في السنة {two_visits_12m}."
    ),
    "value.say.back.retention_13m": "عاد خلال 13 شهرًا من السيارات التي صينت {retention_13m}.",
    "value.say.back.two_visits_12m": "جاء مرتين في السنة من السيارات {two_visits_12m}.",
    "value.say.back.none": "كم يعود: المعلوم لا يكفي للاستنتاج.",
    "value.say.leaving": "لم يعد نشطًا من عملاء ما قبل سنة {churn}.",
    "value.say.leaving.none": "كم يغادر: المعلوم لا يكفي للاستنتاج.",
    "value.say.revenue": (
        "صافي فقد الإيراد {revenue_churn}: هذا ما نقص عن السنة السابقة مما يأتي به من أتى بإيراد فيها (ودون "
        "0% زاد)."
    ),
    "value.say.opinion": "حين سُئل العملاء هل يوصون بنا كانت النتيجة {nps}، على مقياس من -100 إلى +100.",
    "value.say.last_year": "{now} (وقبل سنة {before})",
    "value.say.poor": "{sentence} على بيانات ضعيفة.",
    "value.say.concentration": (
        "من العملاء الذين جاؤوا في 24 شهرًا ({all}) يأتي أفضل 20% بنسبة {margin} من الهامش؛ و80% منه تأتي من "
        "{customers} منهم."
    ),
    "value.say.concentration.none": "كم من العملاء يأتي بأكثر الهامش: العدد أقل من أن يُحكم عليه.",
    "value.say.act": (
        "يستدعي التصرف: عملاء تفويتهم الصيانة القادمة أرجح من مجيئهم إليها، عددهم {all}. في القائمة منهم: "
        "{customers}، والمعرّض للفقد منهم في السنة {at_risk}. والتواصل القادم: مكالمة {calls}، وسيلة أخرى "
        "{others}، غير مخطط {without}.{left_out}"
    ),
    "value.say.act.lost": (
        "للاسترجاع: عملاء لم يأتوا منذ 18 شهرًا أو أكثر، عددهم {all}. في القائمة منهم: {customers}؛ وكانوا "
        "يأتون في السنة بـ {value}.{left_out}"
    ),
    "value.say.left_out": " خارج القائمة: {reasons}.",
    "value.say.left_out.do_not_contact": "لا يريدون أي تواصل {count}",
    "value.say.left_out.money_unknown": "لا مال مسجل لهم {count}",
    "value.say.left_out.brought_nothing": "لم يأتوا بهامش {count}",
    "value.say.left_out.may_come": "قد يأتون أو لا يُعرف عنهم ما يكفي {count}",
    "value.say.act.none": "يستدعي التصرف: لا أحد ذو قيمة يُرجَّح تفويته الصيانة القادمة بقدر ما تقوله السجلات.",
    "value.say.act.no_plan": (
        "يستدعي التصرف: لا يُعرف بعد من يُرجَّح تفويته الصيانة القادمة. إن لم توجد خطة بعد فنفّذ planner plan؛ "
        "وإلا فمن عادوا حتى الآن أقل من أن يُستنتج منهم."
    ),
    "value.say.act.no_visits": "يستدعي التصرف: لا زيارات مسجلة، فلا يمكن ترتيب أحد حسب قيمته.",
    "value.say.act.no_cars": (
        "يستدعي التصرف: ليس لأي عميل سيارة مسجلة إلا ما غادر أو فُقد (18 شهرًا بلا زيارة)."
    ),
    "value.say.act.no_money": (
        "يستدعي التصرف: بلا مبالغ ولا هوامش لا يمكن ترتيب أحد بقيمته. ومن يُرجَّح تفويته الصيانة مذكور في "
        "الخطة السنوية، ورقة "
        "«{lost}»."
    ),
    # The table of figures.
    "value.head.figure": "الرقم",
    "value.head.now": "الآن",
    "value.head.last_year": "قبل سنة",
    "value.head.last_year.no_contacts": "قبل سنة، دون تواصل",
    "value.head.change": "الفرق",
    "value.head.low": "من",
    "value.head.high": "إلى",
    "value.head.worked": "كيف حُسب",
    "value.head.note_of": "ملاحظة",
    "value.part.worth": "قيمة العملاء",
    "value.part.coming": "من يأتي",
    "value.part.leaving": "من يغادر، وما يقوله العملاء",
    "value.part.contacts": "ما يأتي به التواصل",
    "value.part.data": "ما هو مقدَّر",
    "value.part.other": "أرقام أخرى",
    "value.trend": "الاتجاه: الآن مقارنة بما قبل سنة",
    "value.trend.note": (
        "الرقمان هما رقما الصفحة الأولى. من، إلى: يقع الفرق بينهما 95 مرة من كل 100؛ وقد روعي أن الأسر نفسها "
        "في السنتين. يرتفع، ينخفض: الحدّان كلاهما في جهة واحدة من الصفر. ومن كل 20 رقمًا لم يتغير فيها شيء "
        "يُقال عن واحد إنه تغيّر، بالصدفة. لا يكفي للاستنتاج: أقل من 30 أسرة في إحدى السنتين. السجلات "
        "قصيرة: الزيارات غير مسجلة للمدة كلها التي تنظر إليها السنة السابقة. وفروق النسب بالنقاط المئوية."
    ),
    "value.trend.head.trend": "الاتجاه",
    "value.trend.head.numerator": "المعدود، الآن",
    "value.trend.head.denominator": "من أصل، الآن",
    "value.trend.head.last_year_numerator": "المعدود، قبل سنة",
    "value.trend.head.last_year_denominator": "من أصل، قبل سنة",
    "trend.rises": "يرتفع",
    "trend.falls": "ينخفض",
    "trend.unclear": "لا تغيّر واضحًا",
    "trend.too_few": "لا يكفي للاستنتاج",
    "trend.too_short": "السجلات قصيرة",
    "trend.no_data": "لا شيء للمقارنة",
    "noted.too_few": "لا يكفي للاستنتاج",
    "noted.no_data": "لا شيء يُعد",
    "noted.too_short": "السجلات قصيرة",
    "noted.last_year.no_contacts": "قبل سنة: لا تواصل مسجل لتُطرح تكلفته",
    "noted.no_contacts": "لا تواصل مسجل لتُطرح تكلفته",
    "noted.alike": "متشابهة",
    "noted.poor_data": "على بيانات ضعيفة",
    "noted.overdue": "كانت متأخرة يومئذ",
    # By month and by group.
    "value.by_month.note": (
        "كل رقم مع العددين اللذين حُسب منهما: الأول مقسومًا على الثاني. وصافي القيمة العمرية هو ذلك ناقص "
        "تكلفة "
        "كسب عميل، وصافي نقاط الترويج هو ذلك في 100، والعملاء النشطون يُعدّون من أصل العدد الثاني. "
        "بالرمادي: عدد لا يكفي للاستنتاج."
    ),
    "value.by_group.note": (
        "وفق المعلوم اليوم؛ كل رقم هو أول عدديه مقسومًا على الثاني (صافي القيمة العمرية: ذلك ناقص تكلفة كسب "
        "عميل؛ وصافي نقاط الترويج: ذلك في 100؛ والعملاء النشطون: بالعد من أصل الثاني؛ والصيانات المنتظرة: "
        "مجموع «بعد الخصم» كما في «الاحتفاظ»، وبجانبه السيارات). بالرمادي: عدد لا يكفي للاستنتاج. والفئة "
        "الصغيرة البعيدة عن "
        "غيرها أمرها صدفة في الغالب. والفرق هو الآن ناقص ما كان قبل سنة، وفي النسب بالنقاط المئوية؛ "
        "والمراحل والشرائح كما كانت في كل وقت."
    ),
    "value.more_groups": (
        "المعروض هنا أكثرها عملاءً نشطين وعددها {shown}؛ والباقي (عدده {count}) في planner value --json."
    ),
    "value.by.advisor": "حسب مستشار الخدمة",
    "value.by.model": "حسب الطراز",
    "value.by.stage": "حسب المرحلة",
    "value.by.cohort": "حسب سنة الشراء",
    "value.by.segment": "حسب الشريحة",
    "value.by.segment.note": (
        "كل عميل يُعد في الشريحة التي كان فيها حين بدأ العد. ومعدل الفقد وما ينبني عليه غير معروض: فالشريحة "
        "مبنية على قرب الزيارة وما جاءت به، ولن يفعل سوى تكرارها. والصيانات المتبقية كما في ورقة «الاحتفاظ»، "
        "من اليوم المذكور فيها."
    ),
    "value.by.advisor.one": "مستشار الخدمة",
    "value.by.model.one": "الطراز",
    "value.by.stage.one": "المرحلة",
    "value.by.cohort.one": "سنة الشراء",
    "value.by.segment.one": "الشريحة",
    "advisor.unknown": "بلا مستشار",
    "model.unknown": "غير مسجل",
    "cohort.unknown": "غير مسجلة",
    "stage.not_yet": "لم يكن عميلًا",
    "stage.no_car": "بلا سيارة",
    "segment.unknown": "غير معروفة",
    "segment.best": "الأفضل",
    "segment.loyal": "الوفي",
    "segment.promising": "الواعد",
    "segment.new": "الجديد",
    "segment.needs_attention": "يحتاج إلى اهتمام",
    "segment.leaving": "يغادر",
    "segment.lost": "منقطع أو خرج",
    "visit.maintenance": "صيانة",
    "visit.repair": "إصلاح",
    "visit.warranty": "أعمال الضمان",
    "visit.inspection": "فحص",
    "visit.tyres": "إطارات",
    "visit.body": "هيكل وطلاء",
    "visit.other": "غير ذلك",
    # Charts.
    "value.chart.retention": "سيارات جاءت إلى كل صيانة حتى الآن",
    "value.chart.service_no": "رقم الصيانة",
    "value.chart.retention.up": "نسبة السيارات",
    "value.chart.held.up": "نسبة السيارات",
    "value.chart.back.up": "النسبة",
    "value.chart.coming.up": "النسبة",
    "value.chart.contacts.up": "النسبة",
    "value.chart.offers.up": "نسبة العروض",
    "value.chart.leaving.up": "النسبة في السنة",
    "value.chart.nps.up": "النتيجة، من -100 إلى +100",
    "value.chart.customers": "العملاء",
    "value.chart.concentration": "الهامش حسب نسبة العملاء",
    "value.chart.flow": "مراحل ما قبل سنة، وأين أصحابها اليوم",
    "value.chart.losses": "من لم يعد نشطًا بعد سنة، حسب الشهر",
    "value.chart.back": "من يعود",
    "value.chart.coming": "النشطون، ومن يأتي أكثر من مرة",
    "value.chart.contacts": "الاتصالات والحجوزات والزيارات",
    "value.chart.offers": "العروض المستخدمة",
    "value.chart.leaving": "من يغادر",
    "value.chart.held": "من يواصل المجيء من كل شريحة",
    "value.chart.nps": "صافي نقاط الترويج",
    # Stage flow.
    "value.flow.note": (
        "العملاء حسب مرحلتهم قبل سنة (الصفوف) ومرحلتهم اليوم (الأعمدة). من انتقل إلى «متأخرة» أو «منقطعة» "
        "فهو "
        "يغادر؛ والخلايا المظللة لمن بقي مكانه."
    ),
    "value.flow.from": "قبل سنة",
    "value.losses": "من غادر، وهل كان يمكن منع ذلك",
    "value.losses.note": (
        "من العملاء النشطين قبل 12 شهرًا من نهاية الشهر، من لم يعد نشطًا في نهايته؛ فكل شهر يحكي عن سنة "
        "كاملة، "
        "ولا تُجمع الأشهر. من لم يعد نشطًا ÷ النشطين قبل سنة هو معدل الفقد في «حسب الشهر». ومن انتقل بعيدًا "
        "فكما قيل "
        "في المكالمات أو جاء في ملفات النظام. وما يمكن منعه لا يُعلم قبل أول إجابة أو صيانة خارجية مسجلة."
    ),
    "value.losses.why": "السبب",
    "value.losses.year": "سنة حتى {month}",
    "value.losses.natural": "طبيعي",
    "value.losses.preventable": "يمكن منعه",
    "value.losses.not_known": "غير معلوم",
    "value.losses.unknown": "غير معروف",
    "value.losses.lost": "لم يعودوا نشطين",
    "value.losses.active_before": "النشطون قبل سنة",
    "value.losses.natural.long": "طبيعي: بيعت السيارات أو شُطبت، أو انتقل العميل بعيدًا",
    "value.losses.preventable.long": "يمكن منعه: ذهب إلى غيرنا أو اشتكى أو وجدها غالية أو رفض",
    "value.losses.unknown.long": "غير معروف: انقطع ولا أحد يعرف السبب",
    "value.losses.lost.long": "مجموع من لم يعد نشطًا",
    # To act on.
    "value.act.none": "لا أحد ممن يأتون بشيء تفويته الصيانة القادمة أرجح من مجيئه إليها.",
    "value.act.all": (
        "عملاء تفويتهم الصيانة القادمة أرجح من مجيئهم إليها (عددهم {all})، والأكثر مالًا معرّضًا للفقد "
        "أولًا؛ "
        "ومن لم يأتِ منذ 18 شهرًا في آخر القائمة."
    ),
    "value.act.some": (
        "أول {shown} من عملاء تفويتهم الصيانة القادمة أرجح من مجيئهم إليها (عددهم {all})، والأكثر مالًا "
        "معرّضًا "
        "للفقد أولًا، ومن لم يأتِ منذ 18 شهرًا في آخر القائمة؛ والكل في planner value --json."
    ),
    "value.act.note": (
        "المعرّض للفقد في السنة = القيمة السنوية × احتمال تفويت الصيانة. القيمة السنوية = الهامش حتى الآن ÷ "
        "سنوات التعامل "
        "(الأشهر ÷ 12، وسنة على الأقل). والسبب ما قيل للمتصلين، وإلا فالمرحلة. "
        "وآخر زيارة من أي نوع."
    ),
    "value.offer.none": "لا أحد تنقصه خدمة يستخدمها أفضل عملاء شريحته.",
    "value.offer.no_money": (
        "لا شيء يُحسب: الزيارات بلا مبالغ ولا هوامش، فلا يُعرف من هم أفضل العملاء ولا ما تأتي به الخدمة."
    ),
    "value.offer.all": "خدمات تنقص عملاء عددهم {all}، والأكثر عائدًا أولًا؛ والمذكور منهم {shown}.",
    "value.offer.note": (
        "العائد في السنة = نسبة من يستخدم الخدمة من الأفضل × هامش السنة، وكلاهما من العملاء في خانة «الأفضل "
        "من» (الشرائح): شريحته، أو العملاء كلهم إذا كان أفضل شريحته أقل من 30. وقد "
        "تكون تمت لدى غيرنا، فاسأل. لم تتم هنا منذ 24 شهرًا ولا يتأخر موعدها. والصيانة التي يُرجَّح أن "
        "يفوّتها العميل في «يستدعي التصرف» لا هنا."
    ),
    "value.act.service": "يُعرض أولًا",
    "value.act.expected_margin": "العائد في السنة",
    "value.act.share": "يستخدمها الأفضل",
    "value.act.margin_per_year": "هامش السنة",
    "value.act.best_of": "الأفضل من",
    "value.act.also": "ثم",
    "value.act.missing_margin": "مجموعها في السنة",
    "value.act.rank": "م",
    "value.act.customer": "العميل",
    "value.act.phone": "الهاتف",
    "value.act.why": "السبب",
    "value.act.last_service_on": "آخر صيانة",
    "value.act.last_visit_on": "آخر زيارة",
    "value.act.at_risk": "معرّض للفقد في السنة",
    "value.act.value": "القيمة السنوية",
    "value.act.margin_total": "الهامش حتى الآن",
    "value.act.tenure_months": "أشهر التعامل",
    "value.act.leaves_probability": "احتمال تفويت الصيانة",
    "value.act.missing_services": "خدمات تُعرض عليه",
    "value.act.next_contact_on": "التواصل القادم",
    "value.act.next_channel": "الوسيلة",
    "value.act.next_contact": "موضوعه",
    "value.act.advisor": "مستشار الخدمة",
    "value.act.segment": "الشريحة",
    "value.act.customer_id": "رقم العميل",
    "value.act.not_planned": "غير مخطط",
    "value.act.no_call": "بلا مكالمات",
    "value.why.elsewhere": "تمت آخر صيانة لدى غيرنا",
    "value.why.complaint": "اشتكى",
    "value.why.too_expensive": "وجد السعر مرتفعًا",
    "value.why.refused": "رفض الخدمة",
    "value.why.lapsed": "الصيانة متأخرة شهرًا أو أكثر",
    "value.why.overdue": "الصيانة متأخرة، بالأيام: {days}",
    "value.why.and": "{why}؛ {overdue}",
    "value.why.never": "لا زيارة مسجلة",
    "value.why.lost": "بلا زيارة من أي نوع، بالأشهر: {months}",
    "value.why.onboarding": "جديد، ومجيئه لصيانة غير مرجح",
    "value.why.warranty": "حان موعده، ومجيئه لصيانة غير مرجح",
    "value.why.renewal": "ينتهي الضمان أو التمويل قريبًا",
    "value.why.after_warranty": "خارج الضمان، ومجيئه لصيانة غير مرجح",
}
