"""The words of the sheet of sales cues, one table a language."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "sheet.cues": "Sales cues",
    "column.score": "Score",
    "column.about": "About",
    "column.decides_in": "Expected",
    "column.carried_by": "Carried by",
    "column.carried_on": "On",
    "column.opened_on": "Since",
    "annual.cues": "Reasons to speak of another car",
    "annual.cues.note": (
        "Who has a reason to think of another car, the strongest first: what to say, when the decision is "
        "likely, and the contact that carries it. Where there is none, the calendar holds no room for one."
    ),
    "annual.cues.none": "Nothing speaks for another car at present.",
    "annual.sheet.cues": "who may want another car, why now, and which call carries it",
    "kind.next_car": "next car",
    "kind.second_car": "second car",
    "note.score": (
        "0 to 100%: how much speaks for another car within a year. It ranks; as a probability it is not "
        "calibrated."
    ),
}

ARABIC: dict[str, str] = {
    "sheet.cues": "فرص البيع",
    "column.score": "قوة الفرصة",
    "column.about": "بشأن",
    "column.decides_in": "الشهر المتوقع",
    "column.carried_by": "ضمن",
    "column.carried_on": "في",
    "column.opened_on": "منذ",
    "annual.cues": "أسباب للحديث عن سيارة أخرى",
    "annual.cues.note": (
        "من لديه سبب للتفكير في سيارة أخرى، الأقوى أولًا: ما يُقال، ومتى يُرجَّح القرار، "
        "والتواصل الذي يُقال فيه. وحيث لا تواصل فليس في التقويم مكان له."
    ),
    "annual.cues.none": "لا شيء يدعو الآن إلى سيارة أخرى.",
    "annual.sheet.cues": "من قد يريد سيارة أخرى، ولماذا الآن، وفي أي مكالمة",
    "kind.next_car": "السيارة القادمة",
    "kind.second_car": "سيارة ثانية",
    "note.score": ("من 0 إلى 100%: مقدار ما يدعو إلى سيارة أخرى خلال سنة. للترتيب فقط، وليس احتمالًا مُعايَرًا."),
}
