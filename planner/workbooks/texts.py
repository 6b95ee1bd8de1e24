"""Every word that a workbook says, one table a language; headings, notes, sentences for codes.

A language is added as one more table with the same keys (a test compares them) and, if it is
written from right to left, its name in `RIGHT_TO_LEFT`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.tables import CHANNELS, LIVE_STATUSES, OUTCOMES, REASONS
from planner.workbooks import texts_returned, texts_validation

RIGHT_TO_LEFT = frozenset({"ar"})

ENGLISH: dict[str, str] = {
    # Sheets. `Calls` and the headings of its key and of the four columns to fill in are promises.
    "sheet.calls": "Calls",
    "sheet.scripts": "Scripts",
    "sheet.messages": "Messages",
    "sheet.week": "The week",
    "sheet.how_to": "How to",
    "sheet.summary": "Summary",
    "sheet.plan": "Plan",
    "sheet.load": "Load",
    "sheet.lost": "Likely lost",
    "sheet.contacts": "Contacts",
    "sheet.not_placed": "Not placed",
    # Headings of columns, the same on every sheet.
    "column.contact_id": "Contact ID",
    "column.call_on": "Call on",
    "column.send_on": "Send on",
    "column.planned_on": "Planned on",
    "column.customer": "Customer",
    "column.phone": "Phone",
    "column.phone_2": "Second phone",
    "column.address": "To",
    "column.language": "Language",
    "column.advisor": "Advisor",
    "column.vehicle": "Vehicle",
    "column.vehicle_id": "VIN or plate",
    "column.why": "Why now",
    "column.due_on": "Service due",
    "column.next_due_on": "Next due",
    "column.window": "Likely to come",
    "column.due_km": "By then, {unit}",
    "column.last_visit_on": "Last visit",
    "column.last_service_on": "Last service",
    "column.last_contact": "Last contact",
    "column.attempt": "Attempt",
    "column.note_before": "Note from last time",
    "column.script": "Script",
    "column.priority": "Priority",
    "column.outcome": "Outcome",
    "column.date": "Date",
    "column.odometer": "Odometer",
    "column.note": "Note",
    "column.channel": "Channel",
    "column.subject": "Subject",
    "column.text": "Text",
    "column.touchpoint": "Code",
    "column.also_vehicle_ids": "Also about",
    "column.touchpoint_name": "Contact",
    "column.stage": "Stage",
    "column.status": "Status",
    "column.reason": "Reason",
    "column.ideal_on": "Best day",
    "column.earliest_on": "Not before",
    "column.latest_on": "Not after",
    "column.return_probability": "Comes back",
    "column.back_by_on": "By",
    "column.contact_on": "Next contact",
    "column.week": "Week",
    "column.week_start": "Begins",
    "column.month": "Month",
    "column.day": "Day",
    "column.total": "Total",
    "column.capacity": "Capacity for calls",
    "column.count": "Contacts",
    "column.needs": "What it needs",
    "column.when": "When to choose it",
    # Notes on headings.
    "note.contact_id": "The row is found by this when the list is read back. Please leave it as it is.",
    "note.call_on": "The planned day. A day or two later in the same week does no harm.",
    "note.window": (
        "The days within which the visit is expected; where only the last one is named, they have begun. "
        "A span of more than a year has no last day worth naming."
    ),
    "note.outcome": "Choose from the list. The sheet 'How to' says what each word means and needs.",
    "note.date": "The day that was booked, promised for a call back, or of the service done elsewhere.",
    "note.odometer": "What the customer reads on the odometer, in {unit}. It makes the next due date better.",
    "note.note": "In your own words. It stands in the list when this customer is called again.",
    "note.attempt": "Up to three attempts count as one contact.",
    # The calls sheet.
    "calls.title": "Calls of week {week}",
    "calls.span": "{first} to {last}",
    "calls.none": "No calls this week: nobody falls due from {first} to {last}.",
    "calls.no_phone": "no phone on file",
    "calls.second_phone": "second phone only",
    "calls.bad_outcome": "Please choose one of the outcomes in the list, or leave the cell empty.",
    "calls.bad_date": "This is not a date near this week. Write it like {example}.",
    "calls.bad_odometer": "The odometer is a number, in {unit}, without words.",
    "calls.check": "Please check",
    # The scripts sheet.
    "scripts.none": "No calls this week, so no scripts.",
    "scripts.number": "No. {number}",
    "scripts.back": "Back to the row in the list",
    "scripts.list": "List",
    # The messages sheet.
    "messages.none": "No messages to send this week.",
    "messages.no_address": "nothing on file",
    # The week.
    "week.title": "The week at a glance",
    "week.calls": "Calls",
    "week.messages": "Messages to send",
    "week.again": "Second and third attempts",
    "week.no_phone": "Without a phone number",
    "week.filled_in": "Outcomes filled in so far",
    "week.open": "Still open",
    "week.chart": "Calls by day and advisor",
    "week.nobody": "nobody named",
    # How to.
    "how_to.title": "How to work with this list",
    "how_to.steps": (
        "Begin at the top: the rows stand in the order in which to call. "
        "Filter by your name if others share the list.\n"
        "Click the phone number to dial, and the script to open what to say.\n"
        "After each call choose an outcome in the yellow columns, "
        "and add the date, the odometer or a note where it helps.\n"
        "A cell that turns red misses something: the list below says what each outcome needs.\n"
        "You may sort, filter, delete rows, add columns and save with Excel, LibreOffice or Google Sheets. "
        "Only the contact id must stay in its row.\n"
        "Save, and hand the file back. Rows without an outcome stay in the plan."
    ),
    "how_to.outcomes": "Outcomes",
    "how_to.attempts": (
        "No answer, voicemail and busy lead to the next attempt, after 2 and after 5 working days, "
        "at another time of day. After the third attempt one SMS goes out and the contact rests."
    ),
    # Outcomes: when to choose it | what it needs.
    "outcome.booked": "An appointment for the workshop was made | the date of the appointment",
    "outcome.callback": "The customer asks to be called on another day | the date; the hour as a note",
    "outcome.no_answer": "It rang and nobody answered | ",
    "outcome.voicemail": "A message was left, or nothing but the voicemail answered | ",
    "outcome.busy": "The line was busy, or the customer had no time to talk | ",
    "outcome.wrong_number": "Somebody answered who does not know the customer | a note: the right number",
    "outcome.not_yet": "The car has not driven enough for the service yet | the odometer",
    "outcome.done_elsewhere": "Another workshop has done the service | the date and the odometer",
    "outcome.sold_car": "The customer no longer has this car | ",
    "outcome.too_expensive": "The customer finds the price too high | a note: which price was compared",
    "outcome.refused": "The customer does not want this service, but may be called again | ",
    "outcome.complaint": "The customer is unhappy with us | a note: what happened",
    "outcome.do_not_call": "The customer wants no more calls | 'all' as a note if nothing else either",
    "outcome.interest_second_car": "The customer would talk about another car | a note: which, and when",
    "outcome.already_booked": "The customer has an appointment already | its date, if known",
    "outcome.already_called": "Somebody of ours has called about the same thing | ",
    # The annual plan.
    "annual.title": "Contact plan {year}",
    "annual.as_of": "as planned on {day}",
    "annual.vehicles": "Vehicles in the plan",
    "annual.contacts": "Contacts planned or done",
    "annual.calls": "of these, calls",
    "annual.standby": "Standby, only if a service is overdue",
    "annual.not_placed": "Not placed, with the reason",
    "annual.most_calls": "Most calls in one week",
    "annual.over": "Weeks with more calls than the team can make",
    "annual.by_month": "Contacts by month and channel",
    "annual.by_week": "Contacts by week and channel",
    "annual.calls_by_week": "Calls by week and what the team can make",
    "annual.codes": "What the codes stand for",
    "annual.sheet.plan": "one row a vehicle, one column a week: who hears from us when",
    "annual.sheet.load": "what it means for the team, week by week",
    "annual.lost": "Vehicles likely to be lost",
    "annual.lost.note": (
        "Not lost yet, but more likely to stay away than to come for the service that is due: how likely "
        "they are to come for maintenance by the day named, and the next contact that can still change it."
    ),
    "annual.lost.none": "Nobody is known to be more likely to stay away than to come.",
    "annual.sheet.lost": "who is more likely to stay away than to come, and the next contact with him",
    "annual.sheet.contacts": "every contact with its day, window and reason, to filter and sort",
    "annual.sheet.not_placed": "what was left out, and why",
    "annual.none": "Nothing is planned for {year}.",
    "annual.all_placed": "Every contact of {year} found its place.",
    "annual.legend.standby": "Standby",
    "annual.legend.done": "Done",
    "annual.plan_note": "Numbers are the day on which the week begins.",
    "annual.by_reason": "By reason",
    **texts_validation.ENGLISH,
    **texts_returned.ENGLISH,
    "channel.call": "Call",
    "channel.sms": "SMS",
    "channel.email": "E-mail",
    "channel.messenger": "Messenger",
    "channel.post": "Letter",
    "status.planned": "planned",
    "status.standby": "standby",
    "status.merged": "merged",
    "status.dropped": "dropped",
    "status.cancelled": "cancelled",
    "status.done": "done",
    "stage.onboarding": "onboarding",
    "stage.warranty": "in warranty",
    "stage.renewal": "renewal",
    "stage.after_warranty": "after warranty",
    "stage.lapsed": "lapsed",
    "stage.lost": "lost",
    "stage.gone": "gone",
    "reason.ideal": "on its best day",
    "reason.gap": "kept apart from the household's other contacts",
    "reason.cap": "90 days hold no more contacts of this household",
    "reason.capacity": "the calls of that day are full, or the advisor is away",
    "reason.capacity.placed": "moved so that no day has too many calls",
    "reason.working-day": "on a day on which this channel may be used",
    "reason.repaired": "arranged with the household's other contacts, for room or against a long silence",
    "reason.window": "its window has no free day",
    "reason.window.placed": "the nearest day that its window still allows",
    "reason.pinned": "stays where it is: done, promised or handed out",
    "reason.household": "said in the contact about the household's other car",
    "reason.consent": "the customer has not agreed to this channel",
    "reason.do-not-contact": "the customer wants no contact",
    "reason.vehicle-gone": "the car was sold or scrapped",
    "reason.complaint": "rests while a complaint is open",
    "reason.booked": "the visit is booked already",
    "reason.visited": "the car has been here already",
    "reason.not-due": "no longer due",
    # What lies behind a reason, in planner.schedule.why.
    "why.moved": "moved from {ideal} to {day}: {cause}",
    "why.no_day": "no free day from {first} to {last}: {cause}",
    "why.gap.same": "{ideal} has {other} already; they keep {apart} apart",
    "why.gap.after": "{ideal} is {days} after {other} of {on}; they keep {apart} apart",
    "why.gap.before": "{ideal} is {days} before {other} of {on}; they keep {apart} apart",
    "why.gap.float": "it can wait, and stands in an emptier part of the household's calendar",
    "why.cap": "{span} days around {ideal} hold {what} already: {days}",
    "why.cap.none": "the settings allow no such contact in {span} days",
    "why.cap.call": "{count} calls",
    "why.cap.email": "{count} e-mails",
    "why.cap.post": "{count} letters",
    "why.cap.sms": "{count} short messages",
    "why.cap.all": "{count} contacts",
    "why.capacity": "all calls of {ideal} are taken ({count} a day for the team)",
    "why.absent": "{advisor} is away on {ideal}",
    "why.capacity.advisor": "all calls of {advisor} on {ideal} are taken ({count} a day)",
    "why.closed.quiet": "{day} is a quiet day of the settings",
    "why.closed.holiday": "{day} is {holiday}",
    "why.closed.weekday": "{day} is a {weekday}, closed",
    "why.closed.closed": "{day} is a day on which the dealership is closed",
    "why.window.outside": "it may be made from {first} to {last}",
    "why.window.closed": "no day from {first} to {last} is open to it ({channel})",
    "why.window.over": "its window ended on {last}",
    "why.complaint": "nothing is offered before {again}, for the complaint of {complained}",
    "why.consent.no": "no to {channel}",
    "why.consent.policy": (
        "has not agreed to {purpose} by {channel}; the policy in the settings does not allow it"
    ),
    "why.instead": "by {channel} instead of {own}",
    "why.repaired.ideal": "on its best day: others made room for it",
    "why.pinned.done": "done on {day}",
    "why.pinned.promised": "promised for {day}",
    "why.pinned.tried": "tried {count} times, so it stays",
    "why.pinned.handed_out": "handed out on {day}",
    "why.pinned.kept": "stays on the day that it had in the plan before",
    "why.household": "said in the contact about {car} on {day}",
    "why.car": "car {number}",
    "why.contact": "{name} ({channel})",
    "why.one_day": "1 day",
    "why.days": "{count} days",
    "by.call": "calls",
    "by.sms": "SMS",
    "by.email": "e-mail",
    "by.messenger": "messenger",
    "by.post": "letters",
    "purpose.service": "service",
    "purpose.survey": "questions",
    "purpose.greeting": "greetings",
    "purpose.marketing": "marketing",
    "page": "Page &P of &N",
}

LANGUAGES: dict[str, dict[str, str]] = {"en": ENGLISH}


@dataclass(frozen=True)
class Texts:
    """The words of one language; one that has no table yet speaks English."""

    language: str

    @property
    def words(self) -> dict[str, str]:
        return LANGUAGES.get(self.language, ENGLISH)

    @property
    def right_to_left(self) -> bool:
        return self.language in LANGUAGES and self.language in RIGHT_TO_LEFT

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its {names} filled in."""
        return self.words[key].format(**values) if values else self.words[key]

    def code(self, kind: str, code: str) -> str:
        """The words for a code (`reason`, `gap`); a code that has none speaks for itself."""
        return self.words.get(f"{kind}.{code}", code.replace("_", " "))

    def reason(self, code: str, status: str) -> str:
        """Why a contact stands where it does, or why it has no place; `window` says both."""
        placed = f"reason.{code}.placed"
        if status in LIVE_STATUSES and placed in self.words:
            return self.words[placed]
        return self.code("reason", code)

    def outcome(self, code: str) -> tuple[str, str]:
        """When to choose an outcome, and what it needs (may be empty)."""
        when, _, needs = self.words[f"outcome.{code}"].partition("|")
        return when.strip(), needs.strip()

    def day(self, day: date, pattern: str = "d MMM y") -> str:
        """A day in words: 9 Mar 2026."""
        from babel.dates import format_date

        return format_date(day, pattern, locale=self._locale)

    def language_name(self, code: str) -> str:
        """`ar` is Arabic; what Babel does not know stays as it is."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code, sep="-").get_display_name(self._locale) or code
        except (UnknownLocaleError, ValueError):
            return code

    @property
    def _locale(self) -> str:
        return "en_GB" if self.words is ENGLISH else self.language


def headings(key: str) -> set[str]:
    """What a heading is called in any language: how a column is found in a file that comes back."""
    return {words[f"column.{key}"] for words in LANGUAGES.values()}


# Every code of the tables has words; said here so that a new code cannot be forgotten.
CODES = {"outcome": OUTCOMES, "reason": REASONS, "channel": CHANNELS}
