"""The words of the figures of what customers are worth: names, formulas, definitions, checks of the data.

A part of `texts_value`; the Arabic ones stand in `texts_value_figures_ar`.
"""

from __future__ import annotations

# Each metric: what it is called; what is divided; by what; how it is worked out, in a sentence or two.
_METRICS: dict[str, tuple[str, str, str, str]] = {
    "active_customers": (
        "Active customers", "active customers", "customers who ever bought",
        "A visit or a purchase within the active window of the settings.",
    ),
    "margin_per_customer": (
        "Margin a customer a year", "margin of 12 months", "active customers",
        "All visits of the last 12 months. An active customer who did not come in them counts with 0. Where "
        "a "
        "visit has no margin on record, a share of its amount stands in.",
    ),
    "value_simple_customer": (
        "Simple value, customer", "margin of 12 months x years", "active customers",
        "What a customer brings if he stays for the years of the settings and every year is as the last. A "
        "yardstick: it asks neither who leaves nor when the money comes.",
    ),
    "value_simple_household": (
        "Simple value, household", "margin of 12 months x years", "active households",
        "The same over all cars and people of a household; active is one with an active customer.",
    ),
    "ltv": (
        "Lifetime value (LTV)", "margin a customer a year", "churn a year",
        "What a customer brings over the time that an average one stays: 1 / churn years. It takes churn to "
        "be the same for everybody and always, and discounts nothing; the expected value knows better.",
    ),
    "clv_net": (
        "Net lifetime value", "(margin - contacts) x stay", "1 + discount - stay",
        "What is left of the margins of the years to come: less the cost of contacts, discounted to today, "
        "less what it costs to win a customer. Stay is 1 - churn. Below zero, winning such a customer "
        "does not pay.",
    ),
    "cac": (
        "Cost to win a customer", "cost to win a customer", "",
        "As the settings say; it is not counted from records.",
    ),
    "ltv_to_cac": (
        "LTV to cost of winning", "lifetime value (LTV)", "cost to win a customer",
        "How many times a customer brings back what it cost to win him; 3 is often called healthy.",
    ),
    "contact_cost": (
        "Cost of contacts a customer a year", "cost of contacts of 12 months", "active customers",
        "Contacts that were made, each at what one of its channel costs by the settings.",
    ),
    "expected_services": (
        "Services still to come, a new car", "services expected", "cars",
        "By the retention model: each service in turn with the chance that the car comes for it and for all "
        "before, later ones discounted. The sum of the column 'Discounted' of the sheet Retention.",
    ),
    "value_expected": (
        "Expected value, a customer", "margin still to come", "active customers",
        "What a customer will still bring by the retention model. It knows how many services each car has "
        "come for, and for how long it has been silent. A service counts with the other visits in the wait "
        "for it; what of that wait is over is brought already. Car by car in planner value --json "
        "(expected).",
    ),
    "churn": (
        "Churn a year", "no longer active", "active a year ago",
        "Active is a visit or a purchase in the active window. Whoever sold his car counts as well.",
    ),
    "revenue_churn": (
        "Net revenue churn", "revenue lost less gained", "revenue of the year before",
        "Of those who brought revenue the year before. Below zero: those who stay spend more than went away.",
    ),
    "repeat_rate": (
        "Repeat purchase rate", "customers who came on two days", "customers who came",
        "Within the active window.",
    ),
    "nps": (
        "Net promoter score", "answers of 9 and 10 less those of 0 to 6", "answers",
        "How likely customers are to recommend us; from -100 to +100.",
    ),
    "nps_12m": (
        "Net promoter score, 12 months", "9 and 10 less 0 to 6 in 12 months", "answers in 12 months",
        "By month: over the 12 months up to each.",
    ),
    "redemption": (
        "Offers redeemed", "redeemed in time", "offers issued",
        "Within the days of the settings; an offer counts when they are over.",
    ),
    "retention_13m": (
        "13-month retention", "came again within 13 months", "cars serviced",
        "A service is judged on the day on which its 13 months are over.",
    ),
    "two_visits_12m": (
        "Two visits in 12 months", "cars with visits on two days", "cars owned for a year or more",
        "Of the cars in operation. Some makers count retention so.",
    ),
    "active_uio": (
        "Active cars in operation", "cars seen or bought in the active window", "cars in operation",
        "Cars in operation are those that we sold or serviced and that are not known to be gone; "
        "cars that we never saw are in nobody's records.",
    ),
    "first_service": (
        "First service done here", "came in time", "cars bought",
        "In time is within the service interval of the car and 90 days. A purchase is judged on that day.",
    ),
    "reminder_to_booking": (
        "Contacts that led to a booking", "booked", "contacts about a service that are over",
        "Over: somebody gave a final answer, or 30 days went by without one. Each contact counts once, with "
        "its last answer. Left out: who had booked before, and messages, for which no list is filled in.",
    ),
    "booking_to_show": (
        "Bookings kept", "came", "bookings whose day is over",
        "A visit from the call up to a week after the booked day; a booking without a day has 30 days and "
        "that week.",
    ),
    "call_before_visit": (
        "Services after a call", "with a call 1 to 45 days before", "services done here",
        "Since 45 days after the first answer on record: before that nobody wrote calls down. It does not "
        "say that the customer came because of the call.",
    ),
    "missing_margin": (
        "Visits without a margin", "without a margin", "visits",
        "Here a share of the amount stands in; without an amount too, the average of visits of its kind.",
    ),
    "missing_amount": (
        "Visits without an amount", "without an amount", "visits",
        "Here the margin divided by the same share stands in; without either, the average of its kind.",
    ),
}  # fmt: skip

METRIC_PARTS = ("metric", "counted", "out_of", "explained")


def by_metric(metrics: dict[str, tuple[str, str, str, str]]) -> dict[str, str]:
    """The texts of each metric by their keys: metric.churn, counted.churn, out_of.churn, explained.churn."""
    return {
        f"{part}.{code}": text
        for code, said in metrics.items()
        for part, text in zip(METRIC_PARTS, said, strict=True)
    }


ENGLISH: dict[str, str] = {
    **by_metric(_METRICS),
    # How a figure is worked out: in words, and with its numbers.
    "formula.divided": "{counted} / {out_of}",
    "formula.value_simple": "margin of 12 months x years / {out_of}",
    "formula.clv_net": "(margin - contacts) x stay / (1 + discount - stay) - cost to win; stay = 1 - churn",
    "formula.cac": "as the settings say",
    "formula.nps": "100 x (answers of 9 and 10 - answers of 0 to 6) / answers",
    "formula.active_customers": "counted",
    "formula.expected_services": (
        "service 1 + service 2 / (1 + discount)\n+ service 3 / (1 + discount)² + ...\n"
        "discount = (1 + discount a year) ^ (months between services / 12) - 1"
    ),
    "formula.value_expected": (
        "(margin a service x services to come - brought already in the wait for the next) / {out_of}"
    ),
    "worked.divided": "{counted}: {first} / {out_of}: {second}",
    "worked.value_simple": "margin of 12 months: {first} x years: {years} / {out_of}: {second}",
    "worked.clv_net": (
        "(margin {margin} - contacts {contacts}) x stay {stay} / (1 + discount {discount} - stay {stay}) - "
        "cost to win {cost}"
    ),
    "worked.cac": "value.acquisition_cost of the settings",
    "worked.nps": "100 x {counted}: {first} / {out_of}: {second}",
    "worked.active_customers": "of {out_of}: {second}",
    "worked.expected_services": "sum of 'Discounted', sheet Retention ({second} cars)",
    "worked.value_expected": (
        "(margin a service x services to come: {first} - brought already: {already}) / {out_of}: {second}"
    ),
    "setting.simple_years": "Years of the simple value",
    "setting.discount_rate": "Discount a year",
    "setting.acquisition_cost": "Cost to win a customer",
    "setting.margin_share": "Margin where none is on record, of the amount",
    "setting.active_window_months": "Active window, months",
    "setting.redeem_days": "Time to redeem an offer, days",
    "setting.contact_cost.call": "Cost of a call",
    "setting.contact_cost.sms": "Cost of an SMS",
    "setting.contact_cost.email": "Cost of an email",
    "setting.contact_cost.messenger": "Cost of a messenger message",
    "setting.contact_cost.post": "Cost of a letter",
    "value.input.margin_12m": "Margin of 12 months",
    "value.input.stay": "Stay: 1 - churn",
    "value.input.months_between": "Time between services, months",
    "value.input.services_to_come": "Margin a service x services to come, added up by car",
    "value.input.brought_already": "Brought already in the wait for the next service, by car",
    "value.input.discount_per_service": "Discount from service to service",
    "value.settings": "What the settings say",
    "value.settings.note": (
        "The section [value] of dealership.toml; change it there and run planner value again."
    ),
    "value.definitions.figures": "Each figure, and the numbers that it is worked out from",
    "value.definitions.note": (
        "The numbers below a figure are those in its formula; with them a pocket calculator gives the same. "
        "They are of today, for all customers."
    ),
    "value.definitions.more": "More words",
    "value.formula": "Worked out from",
    "value.number": "Number",
    "value.definitions": (
        "At risk, a year | value a year x likely to miss the service | Ranks the sheet 'To act on'. Value "
        "a year is the "
        "margin so far / years with us (one at least).\n"
        "Likely to miss the service | 1 - chance to come | From the service that is next, up to 90 days "
        "after its window; by the forecast of the car that is most likely to come. Some come later. "
        "Missing where too little is known of the car.\n"
        "From, to | 95% interval | For shares Wilson's score interval (1927), which holds for small numbers "
        "too; for NPS the adjusted Wald one (2016); for money and net revenue churn that of a mean, wider "
        "where a few large amounts decide it; for LTV and net CLV of margin and churn together. Calls, cars "
        "and answers of one household count together.\n"
        "Retention curve | counted, then carried on | Of the cars that could come for a service the "
        "share that "
        "came, times that of the service before, and so on (Kaplan and Meier, 1958). Beyond the last service "
        "for which 30 cars could come, the last three shares go on, and rise as they do where cars differ.\n"
        "How cars differ | shifted beta-geometric model | Each car misses a service with a chance "
        "of its own; "
        "the chances are spread as a beta distribution with the parameters alpha and beta (Fader and Hardie, "
        "How to Project Customer Retention, 2007), fitted by maximum likelihood.\n"
        "How segments hold | counted from an earlier day on | By the segment of a day about four years ago, "
        "from what was known then; only what came after it is counted (Anderson, Cain and Gelber, 1983).\n"
        "Segments | the first rule that fits | Lost or gone: 18 months without a visit, or "
        "no car here any more (sold, scrapped, moved away with), or none on record. Leaving: service overdue "
        "by a month or more. New: less than 12 months with us. Then by fifths of last visit, visits "
        "and margin: best, loyal, promising; the rest needs attention.\n"
        "Natural loss | car sold or scrapped, moved away | Nobody could have kept this customer; he is on no "
        "list.\n"
        "Preventable loss | went elsewhere, complained, too expensive, refused | By what callers were told "
        "since the last visit.\n"
        "Missing services | used by the best, not by this customer | In the last 24 months; ranked by what "
        "they would bring a year: share of the best who use it x their median margin. A service is "
        "what a visit was for, or what its bill names beside that; the latter once it has been named for 24 "
        "months.\n"
        "Margin of a service beside the visit | least squares over the bills of 24 months | A bill has one "
        "margin: what its kind of visit brings on average and what each service on it adds. No figure where "
        "fewer than 30 bills name it. The kind of visit has the rest, so nothing counts twice.\n"
        "Poor data | a check of grade D | The figures that rest on it say so. See 'Data quality'.\n"
        "Net promoter score, 12 months | as the score | By month only: of the answers of the 12 months up "
        "to the "
        "end of each, as one month has too few to tell.\n"
        "Trend | now less last year, with its 95% interval | Rises or falls where the interval leaves out "
        "0. Both "
        "years hold the same households, so their sums are taken together (Newcombe, 1998; Zou and Donner, "
        "2008). Months are not compared: most figures look back over a year, and neighbouring months share "
        "it.\n"
        "Last year | the same, as of a year before | Nothing that happened later counts."
    ),
    # Data quality.
    "value.quality.none": "The data were not graded.",
    "value.quality.note": (
        "What the figures rest on. A: sound. B: good. C: fair, look at the reason. D: poor; figures that "
        "rest "
        "on it say so. Mend what is red in the export, import it again, and the figures follow."
    ),
    "value.quality.plan": "no figure: the plan does, and the grade over all leaves it out",
    "value.quality.all_metrics": "all figures of money and of who comes",
    "value.quality.grade": "Quality of the data: {grade}",
    "value.grade.A": "A, sound",
    "value.grade.B": "B, good",
    "value.grade.C": "C, fair: read the figures with care",
    "value.grade.D": "D, poor: figures that rest on it say so",
    "value.checks.complete": "Complete?",
    "value.checks.fresh": "Up to date?",
    "value.checks.consistent": "Free of contradictions?",
    "value.quality.check": "Check",
    "value.quality.grade_of": "Grade",
    "value.quality.share": "Good",
    "value.quality.count": "Not good",
    "value.quality.total": "Looked at",
    "value.quality.last_on": "Day",
    "value.quality.sentence": "What was found",
    "value.quality.metrics": "Figures that rest on it",
    "value.quality.empty": "There is nothing to look at.",
    "value.quality.complete": "{check}: {share} are on record, {count} of {total} are missing.",
    "value.quality.never": "{check}: none is on record.",
    "value.quality.fresh": "{check}: the last is of {last_on}, {count} days before this report.",
    "value.quality.fresh.0": "{check}: the last is of {last_on}, the day of this report.",
    "value.quality.fresh.1": "{check}: the last is of {last_on}, the day before this report.",
    "value.quality.consistent": "{check}: {count} of {total}.",
    "check.amounts": "Amounts of visits",
    "check.margins": "Margins of visits",
    "check.visit_kinds": "Kinds of visit",
    "check.purchase_dates": "Purchase dates",
    "check.odometers": "Odometers at visits",
    "check.phones": "Phones of customers",
    "check.consents": "Consents to calls",
    "check.visits_fresh": "Visits",
    "check.purchases_fresh": "Purchases",
    "check.readings_fresh": "Odometer readings",
    "check.surveys_fresh": "Answers to surveys",
    "check.offers_fresh": "Offers",
    "check.visit_gaps": "Months with hardly a visit",
    "check.visit_gaps.said": "Months with hardly a visit: {count} of {total}. Was all of it delivered?",
    "check.visit_history": "Visits since the purchase",
    "check.visit_history.said": "Visits are on record since {last_on}. {count} of {total} cars were bought "
    "before; which services they came for until then nobody knows.",
    "check.visit_history.said.0": "Visits are on record since the cars were bought.",
    "check.rows_left_out": "Rows left out by imports",
    "check.unknown_vehicles": "Visits of unknown cars",
    "check.visits_before_purchase": "Visits before the purchase",
    "check.visits_after_sold": "Visits of cars marked as sold",
    "check.visits_twice": "Visits twice on record",
    "check.margin_above_amount": "Margins above the amount",
    "check.negative_amounts": "Bills below 0, more than credit notes",
    "check.cars_gone": "Cars sold, scrapped or moved away with",
    "check.odometer_contradictions": "Odometers that contradict each other",
}
