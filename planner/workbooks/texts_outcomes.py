"""What each outcome of a contact means: when to choose it | what it needs."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "outcome.booked": "An appointment for the workshop was made | the date of the appointment",
    "outcome.callback": "The customer asks to be called on another day | the date; the hour as a note",
    "outcome.no_answer": "It rang and nobody answered | ",
    "outcome.voicemail": "A message was left, or nothing but the voicemail answered | ",
    "outcome.busy": "The line was busy, or the customer had no time to talk | ",
    "outcome.wrong_number": "Somebody answered who does not know the customer | a note: the right number",
    "outcome.not_yet": "The car has not driven enough for the service yet | the odometer",
    "outcome.done_elsewhere": "Another workshop has done the service | the date and the odometer",
    "outcome.sold_car": "The customer no longer has this car | ",
    "outcome.moved_away": "The customer lives too far away now, and keeps the car | a note: where to",
    "outcome.too_expensive": "The customer finds the price too high | a note: which price was compared",
    "outcome.refused": "The customer does not want this service, but may be called again | ",
    "outcome.complaint": "The customer is unhappy with us | a note: what happened",
    "outcome.do_not_call": "The customer wants no more calls | ",
    "outcome.do_not_call: all": "The customer wants no calls, messages or letters any more | ",
    "outcome.interest_second_car": "The customer would talk about another car | a note: which, and when",
    "outcome.already_booked": "The customer has an appointment already | its date, if known",
    "outcome.already_called": "Somebody of ours has called about the same thing | ",
    "outcome.reached": (
        "You talked, and there is nothing more to do | a note: the score first, if you asked for one"
    ),
}

ARABIC: dict[str, str] = {
    "outcome.booked": "حُجز موعد في الورشة | تاريخ الموعد",
    "outcome.callback": "طلب العميل الاتصال به في يوم آخر | التاريخ، والساعة في الملاحظة",
    "outcome.no_answer": "رنّ الهاتف ولم يرد أحد | ",
    "outcome.voicemail": "تُركت رسالة صوتية، أو لم يُجب إلا البريد الصوتي | ",
    "outcome.busy": "الخط مشغول، أو لم يكن لدى العميل وقت للحديث | ",
    "outcome.wrong_number": "أجاب شخص لا يعرف العميل | ملاحظة: الرقم الصحيح",
    "outcome.not_yet": "لم تقطع السيارة بعد مسافة الصيانة | قراءة العداد",
    "outcome.done_elsewhere": "تمت الصيانة في ورشة أخرى | التاريخ وقراءة العداد",
    "outcome.sold_car": "لم تعد السيارة لدى العميل | ",
    "outcome.moved_away": "صار العميل يسكن بعيدًا والسيارة معه | ملاحظة: إلى أين",
    "outcome.too_expensive": "يرى العميل السعر مرتفعًا | ملاحظة: السعر الذي يقارن به",
    "outcome.refused": "لا يريد العميل هذه الصيانة، ويمكن الاتصال به مرة أخرى | ",
    "outcome.complaint": "العميل غير راضٍ عنا | ملاحظة: ما الذي حدث",
    "outcome.do_not_call": "لا يريد العميل مكالمات بعد الآن | ",
    "outcome.do_not_call: all": "لا يريد العميل مكالمات ولا رسائل ولا أي تواصل آخر | ",
    "outcome.interest_second_car": "يود العميل الحديث عن سيارة أخرى | ملاحظة: أي سيارة ومتى",
    "outcome.already_booked": "لدى العميل موعد بالفعل | تاريخه إن عُرف",
    "outcome.already_called": "اتصل به أحد زملائنا بالموضوع نفسه | ",
    "outcome.reached": "تحدثنا مع العميل ولا شيء آخر مطلوب | إن سُئل عن تقييم: الرقم في أول الملاحظة",
}
