"""The words about rows that could not be read back: what is wrong with them and what to write."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "sheet.returned": "Came back",
    "column.came_because": "What is missing or wrong",
    "column.from": "Stood in",
    "returned.title": "Rows that came back",
    "returned.intro": (
        "Nothing of these rows was stored, unless the red cell says so. Correct the yellow cells, save, "
        "and hand this file back like a list: planner outcomes {file}"
    ),
    "returned.row": "row {row}",
    "returned.no_id": "The contact ID is missing, so nobody knows which call this is. Copy it from the list.",
    "returned.shifted": "The row has more cells than there are columns. Put each value under its heading.",
    "returned.no_outcome": "There is no outcome. Choose one from the list, or empty the row.",
    "returned.outcome": "'{text}' is no outcome. Choose one from the list.",
    "returned.status": (
        "No outcome is set for the dialer's status {text}. Choose one from the list, "
        "or name the status in the settings, under {section}."
    ),
    "returned.outcome.near": "'{text}' is no outcome. Did you mean {near}?",
    "returned.outcome.more": (
        "'{text}': under Outcome write {near} alone, and the rest under Date, Odometer or Note."
    ),
    "returned.booked.date": "{outcome} needs the day of the appointment under Date, like {example}.",
    "returned.callback.date": "{outcome} needs the day that was promised under Date, like {example}.",
    "returned.done_elsewhere.date": (
        "{outcome} needs the day on which the other workshop did the service under Date, like {example}."
    ),
    "returned.done_elsewhere.odometer": (
        "{outcome} needs what the odometer showed then under Odometer, in {unit}."
    ),
    "returned.not_yet.odometer": ("{outcome} needs what the odometer shows under Odometer, in {unit}."),
    "returned.date": "'{text}' is no date. Write it like {example}.",
    "returned.date.open": ("'{text}' may be {one} or {other}. Write the month as a word, like {example}."),
    "returned.date.far": "{day} is too far away for {outcome}. Is the year right? Write it like {example}.",
    "returned.date.future": "{outcome} speaks of the past, but {day} is still to come. Correct the date.",
    "returned.odometer": "'{text}' is no odometer reading. Write only the number, in {unit}.",
    "returned.odometer.range": "No odometer shows {text}. Write what the customer reads, in {unit}.",
    "returned.nobody.date": (
        "{outcome} has no date. If the customer asked to be called that day, choose {callback}; "
        "if not, empty the date."
    ),
    "returned.nobody.odometer": (
        "{outcome} says that nobody spoke of the car, but an odometer reading stands beside it. "
        "Correct the outcome, or empty the odometer."
    ),
    "returned.copies": (
        "The same call is filled in differently in {places}. Keep the right row, and delete the other."
    ),
    "returned.copy": "The same call stands in {places} too, which came back. Keep one of the rows.",
    "returned.copy.holds": (
        "The same call is {outcome} in {places}; that is recorded and holds. Delete this row."
    ),
    "returned.left_out": (
        "{outcome} is recorded and holds, but something was left out. {reasons} "
        "Correct it here if it matters, or delete the row."
    ),
    "returned.unknown": "No call has the contact ID {contact_id}. Copy it from the list.",
    "returned.never_listed": (
        "This call was in no list; in the plan it is {status}. Correct the contact ID, or empty the row."
    ),
    "returned.recorded": (
        "Recorded already as {recorded}, on {said}. That stands, unless it is taken back: "
        "planner outcomes --withdraw {contact_id}"
    ),
    "returned.recorded.day": (
        "Recorded already as {recorded} for {day}, on {said}. That stands, unless it is taken back: "
        "planner outcomes --withdraw {contact_id}"
    ),
    "returned.served_since": (
        "The car was here for maintenance on {day}. Write the day of the other service under Date."
    ),
    "returned.date.before_call": "{day} was before the call. {outcome} needs a day after it, like {example}.",
    "returned.date.before_purchase": "{day} was before the car was bought, on {other}. Correct the date.",
    "returned.date.before_service": (
        "{day} is not after the car's last maintenance here, on {other}. Correct the date."
    ),
    "returned.odometer.below": (
        "{km} {unit} is below the {known_km} {unit} of {day}. Write what the customer reads."
    ),
    "returned.odometer.fast": (
        "{km} {unit} is more than a car can have driven since {day}, when it had {known_km} {unit}. "
        "Write what the customer reads."
    ),
}

ARABIC: dict[str, str] = {
    "sheet.returned": "صفوف معادة",
    "column.came_because": "الناقص أو الخطأ",
    "column.from": "مكان الصف",
    "returned.title": "صفوف أعيدت للتصحيح",
    "returned.intro": (
        "لم يُحفظ شيء من هذه الصفوف إلا ما تقول الخلية الحمراء إنه سُجّل. صحّح الخلايا الصفراء واحفظ الملف "
        "ثم أعده كما تعيد القائمة: "
        "planner outcomes {file}"
    ),
    "returned.row": "الصف {row}",
    "returned.no_id": "معرّف التواصل مفقود، فلا يُعرف أي مكالمة هذه. انسخه من القائمة.",
    "returned.shifted": "خلايا الصف أكثر من أعمدة الجدول. ضع كل قيمة تحت عنوانها.",
    "returned.no_outcome": "لا توجد نتيجة. اختر نتيجة من القائمة أو أفرغ الصف.",
    "returned.outcome": "«{text}» ليست من النتائج. اختر نتيجة من القائمة.",
    "returned.status": (
        "لا نتيجة محددة لحالة {text} في برنامج الاتصال. اختر نتيجة من القائمة، أو سمّ الحالة في الإعدادات "
        "تحت {section}."
    ),
    "returned.outcome.near": "«{text}» ليست من النتائج. هل تقصد {near}؟",
    "returned.outcome.more": (
        "«{text}»: اكتب تحت النتيجة {near} وحدها، والباقي تحت التاريخ أو قراءة العداد أو الملاحظة."
    ),
    "returned.booked.date": "{outcome}: يلزم تاريخ الموعد. اكتبه تحت التاريخ، مثل {example}.",
    "returned.callback.date": "{outcome}: يلزم اليوم الذي وُعد به العميل. اكتبه تحت التاريخ، مثل {example}.",
    "returned.done_elsewhere.date": (
        "{outcome}: يلزم اليوم الذي أُجريت فيه الصيانة في الورشة الأخرى. اكتبه تحت التاريخ، مثل {example}."
    ),
    "returned.done_elsewhere.odometer": (
        "{outcome}: تلزم قراءة العداد في ذلك اليوم. اكتبها تحت قراءة العداد بوحدة {unit}."
    ),
    "returned.not_yet.odometer": "{outcome}: تلزم قراءة العداد الآن. اكتبها تحت قراءة العداد بوحدة {unit}.",
    "returned.date": "«{text}» ليس تاريخًا. اكتبه مثل {example}.",
    "returned.date.open": "«{text}» قد يكون {one} أو {other}. اكتب الشهر بالاسم، مثل {example}.",
    "returned.date.far": "{day} بعيد جدًا عن {outcome}. هل السنة صحيحة؟ اكتب التاريخ مثل {example}.",
    "returned.date.future": "{outcome} عن شيء حدث، لكن {day} لم يأت بعد. صحّح التاريخ.",
    "returned.odometer": "«{text}» ليست قراءة عداد. اكتب الرقم فقط بوحدة {unit}.",
    "returned.odometer.range": "لا يُظهر أي عداد {text}. اكتب ما يقرؤه العميل بوحدة {unit}.",
    "returned.nobody.date": (
        "{outcome} لا تاريخ لها. إذا طلب العميل الاتصال في ذلك اليوم فاختر {callback}، وإلا فأفرغ التاريخ."
    ),
    "returned.nobody.odometer": (
        "{outcome} تعني أن أحدًا لم يتحدث عن السيارة، لكن بجانبها قراءة عداد. صحّح النتيجة أو أفرغ القراءة."
    ),
    "returned.copies": ("المكالمة نفسها مملوءة بشكل مختلف في {places}. أبقِ الصف الصحيح واحذف الآخر."),
    "returned.copy": "المكالمة نفسها موجودة أيضًا في {places}، وقد أعيدت. أبقِ صفًا واحدًا.",
    "returned.copy.holds": (
        "المكالمة نفسها في {places} نتيجتها {outcome}، وقد سُجّلت وهي سارية. احذف هذا الصف."
    ),
    "returned.left_out": (
        "{outcome}: سُجّلت النتيجة وهي سارية، لكن أُهمل شيء من الصف. {reasons} صحّحه هنا إن كان مهمًا، "
        "أو احذف الصف."
    ),
    "returned.unknown": "لا توجد مكالمة بمعرّف التواصل {contact_id}. انسخه من القائمة.",
    "returned.never_listed": (
        "لم ترد هذه المكالمة في أي قائمة، وحالتها في الخطة: {status}. صحّح معرّف التواصل أو أفرغ الصف."
    ),
    "returned.recorded": (
        "سُجّلت النتيجة من قبل: {recorded}، يوم {said}. وتبقى ما لم تُسحب: "
        "planner outcomes --withdraw {contact_id}"
    ),
    "returned.recorded.day": (
        "سُجّلت النتيجة من قبل: {recorded} ليوم {day}، وذلك يوم {said}. وتبقى ما لم تُسحب: "
        "planner outcomes --withdraw {contact_id}"
    ),
    "returned.served_since": "كانت السيارة هنا للصيانة يوم {day}. اكتب يوم الصيانة الأخرى تحت التاريخ.",
    "returned.date.before_call": "{day} قبل المكالمة. {outcome}: يلزم يوم بعدها، مثل {example}.",
    "returned.date.before_purchase": "{day} قبل شراء السيارة يوم {other}. صحّح التاريخ.",
    "returned.date.before_service": "{day} ليس بعد آخر صيانة للسيارة هنا يوم {other}. صحّح التاريخ.",
    "returned.odometer.below": "{km} {unit} أقل من {known_km} {unit} يوم {day}. اكتب ما يقرؤه العميل.",
    "returned.odometer.fast": (
        "{km} {unit} أكثر مما يمكن أن تقطعه سيارة منذ {day} حين كانت القراءة {known_km} {unit}. "
        "اكتب ما يقرؤه العميل."
    ),
}
