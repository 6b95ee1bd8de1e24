"""Every table of the planner: its columns, their kind, unit, key and meaning. The one place.

The export tables are what a dealership hands in, the store tables are what others may read. What the
kinds are in a frame is in planner.columns.
"""

from __future__ import annotations

from dataclasses import replace

from planner.columns import Table, choice, date, integer, number, text

YES_NO = ("yes", "no")
CHANNELS = ("call", "sms", "email", "messenger", "post")
CONDITIONS = ("new", "used")
GONE = ("sold", "scrapped", "moved")  # nothing is planned any more: the car has left, or its owner
VEHICLE_STATUSES = ("active", *GONE)
VISIT_KINDS = ("maintenance", "repair", "warranty", "inspection", "tyres", "body", "other")
RATE_SOURCES = ("observed", "declared", "model", "fleet", "default")
BASES = ("time", "km")
STATUSES = ("planned", "standby", "merged", "dropped", "cancelled", "done")
LIVE_STATUSES = ("planned", "standby", "done")
REASONS = (
    "ideal",
    "gap",
    "cap",
    "capacity",
    "working-day",
    "repaired",
    "window",
    "pinned",
    "household",
    "consent",
    "do-not-contact",
    "vehicle-gone",
    "complaint",
    "booked",
    "visited",
    "not-due",
)
OUTCOMES = (
    "booked",
    "callback",
    "no_answer",
    "voicemail",
    "busy",
    "wrong_number",
    "not_yet",
    "done_elsewhere",
    "sold_car",
    "moved_away",
    "too_expensive",
    "refused",
    "complaint",
    "do_not_call",
    "interest_second_car",
    "already_booked",
    "already_called",
    "reached",
)
DO_NOT_CALL_ALL = "do_not_call: all"  # how a list offers do_not_call with the scope `all`

KM_PER_MILE = 1.609344  # Source: international yard and pound agreement of 1959
MAX_KM = 3_000_000.0  # above what any road vehicle has driven (Volvo P1800 of I. Gordon: 5.2 m, alone)
# Two drivers in turn for 14 hours at motorway speed; on each of the calendar days that a span touches.
MAX_KM_PER_DAY = 1_500.0
_ID = {"required": True}
_KM = {"low": 0.0, "high": MAX_KM}

CUSTOMERS = Table(
    "customers",
    "one row a customer of the dealership's system",
    ("customer_id",),
    (
        text("customer_id", "the number that the dealership's system gives", **_ID),
        text("name", "as the caller says it", required=True),
        text("phone", "the number to call first"),
        text("phone_2", "a second number"),
        text("email", "e-mail address"),
        text("address", "postal address in one line"),
        text("language", "of calls and messages: en, ar; blank is the dealership's"),
        date("birthday", "day of birth; the year may be any", past=True),
        text("timezone", "IANA name, where it is not the dealership's"),
        text("advisor", "the service advisor who looks after this customer"),
        text("household_id", "people who share a phone; blank is worked out from phones and e-mails"),
        *(
            choice(
                f"consent_{channel}",
                YES_NO,
                f"may be reached by {channel}; blank: the policy of the settings",
            )
            for channel in ("call", "sms", "email", "post", "messenger")
        ),
        choice("do_not_contact", YES_NO, "yes: never, by no channel"),
    ),
)

VEHICLES = Table(
    "vehicles",
    "one row a vehicle",
    ("vehicle_id",),
    (
        text("vehicle_id", "VIN or plate", **_ID),
        text("customer_id", "the owner", refers_to="customers", **_ID),
        text("make", "manufacturer"),
        text("model", "model"),
        integer("model_year", "model year", low=1900, high=2200),
        text("fuel", "petrol, diesel, hybrid, electric, as the intervals name it"),
        date("purchased_on", "the day on which this customer got the car", required=True),
        choice("condition", CONDITIONS, "new or used when bought"),
        number("odometer_at_purchase_km", "km on the odometer at purchase", **_KM),
        number("monthly_km", "average km a month as the customer states it", low=0, high=30_000),
        date("warranty_end_on", "end of the manufacturer's warranty"),
        date("finance_end_on", "end of the finance or lease contract"),
        number("finance_km_limit", "km that the contract allows in all", **_KM),
        choice("status", VEHICLE_STATUSES, "blank is active; moved: its owner lives too far away now"),
    ),
)

ELSEWHERE = "elsewhere/"  # so begins the visit_id of what a customer says he had done elsewhere
VISITS = Table(
    "visits",
    "one row a workshop visit (repair order)",
    ("visit_id",),
    (
        text("visit_id", "repair order number; blank is made from vehicle, day and kind"),
        text("vehicle_id", "the vehicle", refers_to="vehicles", **_ID),
        date("visited_on", "the day on which the car came in", required=True, past=True),
        number("odometer_km", "km on the odometer", **_KM),
        choice("kind", VISIT_KINDS, "only maintenance re-anchors the service; blank is maintenance"),
        number("amount", "what the visit brought, in the dealership's currency"),
        number("margin", "of it, the margin"),
        number("declined_amount", "work that was quoted and declined"),
        text("services", "what was done beside it, as the repair order says; kept are services with a name"),
    ),
)

READINGS = Table(
    "readings",
    "one row an odometer reading outside a visit",
    ("vehicle_id", "read_on", "odometer_km"),
    (
        text("vehicle_id", "the vehicle", refers_to="vehicles", **_ID),
        date("read_on", "the day of the reading", required=True, past=True),
        number("odometer_km", "km on the odometer", required=True, **_KM),
    ),
)

SURVEYS = Table(
    "surveys",
    "one row an answered question (how likely to recommend us)",
    ("customer_id", "asked_on"),
    (
        text("customer_id", "the customer", refers_to="customers", **_ID),
        date("asked_on", "the day of the answer", required=True, past=True),
        number("score", "0 (never) to 10 (certainly)", low=0, high=10),
    ),
)

OFFERS = Table(
    "offers",
    "one row an offer handed to a customer",
    ("offer_id",),
    (
        text("offer_id", "number of the offer or voucher", **_ID),
        text("customer_id", "the customer", refers_to="customers", **_ID),
        date("issued_on", "the day it was issued", required=True, past=True),
        date("redeemed_on", "the day it was redeemed; blank is not yet", past=True),
    ),
)

# In the order in which they can be stored: what is referred to comes first.
EXPORTS = (CUSTOMERS, VEHICLES, VISITS, READINGS, SURVEYS, OFFERS)

STORED_CUSTOMERS = CUSTOMERS.with_columns(
    text("household_given", "the household_id of the export; household_id is the one worked out"),
)

ISSUES = Table(
    "issues",
    "one row a finding about one row of input",
    (),
    (
        text("source", "file, with its sheet, or table"),
        integer("row", "line as a spreadsheet numbers it, the header is row 1; 0 is none"),
        text("column", "the input's own header"),
        text("code", "see planner.errors.IssueCode"),
        text("message", "what is wrong and what to do, in a sentence"),
    ),
)

FORECASTS = Table(
    "forecasts",
    "one row a coming service of a vehicle",
    ("vehicle_id", "service_no"),
    (
        text("vehicle_id", "the vehicle", refers_to="vehicles"),
        integer("service_no", "1 is the first service after purchase; a missed one keeps its number"),
        date("due_on", "what the car needs: months or km, whichever comes first"),
        date(
            "awaited_on", "the day that invitations look to: due_first_on, or when this customer comes sooner"
        ),
        date("expected_on", "when this customer is likely to come; never before the as-of day"),
        date("low_on", "start of the window in which the visit is expected"),
        date("high_on", "last day of that window"),
        choice("basis", BASES, "which of the two limits comes first"),
        number("due_km", "odometer at which the service is due"),
        number("km_per_month", "usage, in km per 30.4375 days"),
        choice("rate_source", RATE_SOURCES, "where the usage comes from"),
        number(
            "return_probability",
            "that the car comes up to 90 days after high_on, as it has not come yet; of its first row only, "
            "empty where too little is known",
            low=0.0,
            high=1.0,
        ),
        text("services", "what is to be done: maintenance, then the others by due day, with commas"),
        date("due_first_on", "due_on, or the due day of another of them that is ahead and earlier"),
        text("records", "changes with what is on record of the car: its days stand until then"),
    ),
)

SERVICE_ITEMS = Table(
    "service_items",
    "one row a time at which a kind of service other than maintenance falls due",
    ("vehicle_id", "service", "due_on"),
    (
        text("vehicle_id", "the vehicle", refers_to="vehicles"),
        text("service", "as the intervals name it"),
        date("due_on", "months or km, whichever comes first, or the day of a fixed calendar"),
        choice("basis", BASES, "which of the two limits comes first"),
        number("due_km", "odometer on that day"),
        integer("service_no", "the maintenance with which it is combined; empty: a visit of its own"),
        date("done_on", "when it was done the last time; empty: never, as far as is known"),
    ),
)

CONTACTS = Table(
    "contacts",
    "one row a candidate contact, placed or not",
    ("contact_id",),
    (
        text("contact_id", "vehicle/touchpoint, with /number where the touchpoint repeats; stable"),
        text("household_id", "who picks up the phone"),
        text("customer_id", "the customer", refers_to="customers"),
        text("vehicle_id", "the vehicle", refers_to="vehicles"),
        text("also_vehicle_ids", "other cars named in the same contact, separated by commas"),
        text("touchpoint", "id in the cycle"),
        integer("service_no", "which service it is about, if any"),
        text("stage", "of the cycle: onboarding, warranty, renewal, after_warranty, lapsed"),
        choice("channel", CHANNELS, "how"),
        date("ideal_on", "the best day"),
        date("earliest_on", "first day of the window"),
        date("latest_on", "last day of the window"),
        date("planned_on", "the day; empty if not placed"),
        integer("min_gap_days", "clearance that the touchpoint asks for"),
        integer("priority", "0 is most urgent"),
        choice("status", STATUSES, "planned, standby and done are live"),
        choice("reason", REASONS, "why this status and this day"),
        text("script", "name of the script"),
        text("advisor", "who calls"),
        date("handed_out_on", "the day on which it went out in a list"),
        integer("attempts", "how often it was tried"),
        choice("outcome", OUTCOMES, "what came of it"),
        date("outcome_at", "when"),
        date("callback_on", "the day that was promised"),
        text("notes", "what the caller wrote"),
    ),
)

SCOPES = ("calls", "all")
CUE_KINDS = ("next_car", "second_car")

ANSWERS = Table(
    "outcomes",
    "one row an attempt of a contact, with what the caller wrote; rows are taken back, but never changed",
    ("contact_id", "attempt"),
    (
        text("contact_id", "the contact"),
        integer("attempt", "1 is the first"),
        text("household_id", "who picked up"),
        text("customer_id", "the customer"),
        text("vehicle_id", "the vehicle"),
        text("also_vehicle_ids", "other cars named in the same contact, separated by commas"),
        text("touchpoint", "id in the cycle"),
        integer("service_no", "which service it was about, if any"),
        choice("outcome", OUTCOMES, "what came of it"),
        date("said_on", "the day of the call"),
        date("for_on", "the day that the outcome names: booked, promised, done elsewhere"),
        number("odometer_km", "km on the odometer, as the customer said"),
        choice("scope", SCOPES, "of do_not_call: calls, or all channels"),
        text("note", "what the caller wrote"),
        text("phone", "the number that was dialled: of wrong_number"),
        text("source", "the file"),
        date("recorded_on", "the as-of day on which it was read"),
    ),
)

WITHDRAWN = Table(
    "withdrawn_outcomes",
    "one row an answer that was taken back; it counts for nothing",
    (),
    (*ANSWERS.columns, date("withdrawn_on", "the as-of day on which it was taken back")),
)

BEFORE = Table(
    "contacts_before",
    "one row a contact that an answer changed, as it was before: what comes back with the answer",
    ("answered", "attempt", "contact_id"),
    (
        text("answered", "the contact of the answer"),
        integer("attempt", "its attempt"),
        *(replace(column, refers_to="") for column in CONTACTS.columns),
    ),
)

RETURNED_ROWS = Table(
    "returned_rows",
    "one row a row of a list that came back to be corrected",
    ("contact_id", "fingerprint"),
    (
        text("contact_id", "the contact"),
        text("fingerprint", "hash of the attempt and of what was filled in"),
        integer("answers", "how many were recorded of the contact when it came back"),
        date("returned_on", "the as-of day"),
    ),
)

CUES = Table(
    "cues",
    "one row a reason to speak of the next or of a second car",
    ("household_id", "kind", "vehicle_id"),
    (
        text("household_id", "who picks up the phone"),
        choice("kind", CUE_KINDS, "a car in place of this one, or one beside it"),
        text("vehicle_id", "the car that the evidence is about"),
        text("customer_id", "the customer"),
        number("score", "0 to 1, what speaks for it"),
        text("evidence", "codes with their values, the weightiest first"),
        date("opened_on", "the first day on which it was seen"),
        date("expected_on", "when the decision is likely"),
        text("contact_id", "the contact of the calendar that carries it; empty where there is none"),
    ),
)

FORGOTTEN = Table(
    "forgotten",
    "one row a fingerprint of somebody who was forgotten",
    ("fingerprint",),
    (
        text("fingerprint", "keyed hash of a customer or vehicle id, or of a phone or e-mail"),
        date("forgotten_on", "the as-of day"),
    ),
)

STORED = (
    STORED_CUSTOMERS,
    *EXPORTS[1:],
    ISSUES,
    FORECASTS,
    SERVICE_ITEMS,
    CONTACTS,
    ANSWERS,
    CUES,
    FORGOTTEN,
    WITHDRAWN,
    BEFORE,
    RETURNED_ROWS,
)
# What people have written or the planner has told about them; looked through when one is forgotten.
FREE_TEXT = ("notes", "note", "message", "evidence", "phone")
