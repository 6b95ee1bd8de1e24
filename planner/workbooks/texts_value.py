"""The words of the workbook of what customers are worth; the Arabic ones stand in `texts_value_ar`."""

from __future__ import annotations

# Each metric: what it is called; what is divided; by what; how it is worked out, in a sentence or two.
_METRICS: dict[str, tuple[str, str, str, str]] = {
    "customers": (
        "Customers", "customers", "",
        "Everybody who has or had a car on record.",
    ),
    "active_customers": (
        "Active customers", "active customers", "",
        "A visit or a purchase within the active window of the settings (value.active_window_months).",
    ),
    "margin_per_customer": (
        "Margin a customer a year", "margin of 12 months", "active customers",
        "Where a visit has no margin on record, its amount times value.margin_share stands in.",
    ),
    "value_simple_customer": (
        "Simple value, customer", "margin a year x years", "customers",
        "Margin of a year times value.simple_years. It knows nothing of who leaves: an upper bound.",
    ),
    "value_simple_household": (
        "Simple value, household", "margin a year x years", "households",
        "The same over all cars of a household.",
    ),
    "ltv": (
        "Lifetime value (LTV)", "margin a customer a year", "churn a year",
        "What a customer brings over the time that an average one stays. It takes churn to be the same for "
        "everybody and always; the expected value below does not.",
    ),
    "clv_net": (
        "Net lifetime value", "discounted margins less costs", "customers",
        "Margins of the years to come, discounted by value.discount_rate, less what contacts cost and what "
        "it costs to win a customer (value.acquisition_cost).",
    ),
    "cac": (
        "Cost to win a customer", "cost of winning", "new customers",
        "value.acquisition_cost of the settings.",
    ),
    "ltv_to_cac": (
        "LTV to cost of winning", "lifetime value", "cost to win a customer",
        "How many times a customer brings back what it cost to win him; 3 is often called healthy.",
    ),
    "contact_cost": (
        "Cost of contacts a customer", "cost of contacts of 12 months", "active customers",
        "Contacts made times what one costs by channel (value.contact_cost).",
    ),
    "expected_services": (
        "Services still to come, a car", "expected services", "cars",
        "Discounted number of services by the retention model; see Retention.",
    ),
    "value_expected": (
        "Expected value, a customer", "expected services x margin", "customers",
        "What a customer will still bring: services still to come by the retention model, times the margin "
        "of one. It knows how many services each car has come for already.",
    ),
    "churn": (
        "Churn a year", "customers no longer active", "active a year ago",
        "Active is a visit or a purchase in the active window. Whoever sold his car counts as lost too.",
    ),
    "revenue_churn": (
        "Net revenue churn", "revenue lost less gained", "revenue the year before",
        "Of those who brought revenue the year before. Below zero: those who stay spend more than went away.",
    ),
    "repeat_rate": (
        "Repeat purchase rate", "customers who came twice", "customers who came",
        "On two days within the active window.",
    ),
    "nps": (
        "Net promoter score", "9 and 10 less 0 to 6", "answers",
        "100 x (answers of 9 and 10 - answers of 0 to 6) / answers; from -100 to +100.",
    ),
    "redemption": (
        "Offers redeemed", "redeemed in time", "offers issued",
        "Within value.redeem_days; younger offers do not count yet.",
    ),
    "retention_13m": (
        "13-month retention", "came again in 13 months", "cars serviced",
        "A service is judged on the day on which its 13 months are over.",
    ),
    "two_visits_12m": (
        "Two visits in 12 months", "cars with two visits", "cars in operation",
        "On two days in the last 12 months, of cars owned for a year or more. Some makers count it so.",
    ),
    "active_uio": (
        "Active cars in operation", "cars that came", "cars in operation",
        "A visit or the purchase in the active window. Cars in operation are those that we sold or serviced "
        "and that are not known to be sold or scrapped; cars that we never saw are in nobody's records.",
    ),
    "first_service": (
        "First service done here", "came in time", "cars bought",
        "Within the interval of the car and 90 days.",
    ),
    "reminder_to_booking": (
        "Contacts that led to a booking", "bookings", "contacts made",
        "Of the contacts about a service whose answers are recorded.",
    ),
    "booking_to_show": (
        "Bookings kept", "came as booked", "bookings",
        "A visit near the booked day.",
    ),
    "call_before_visit": (
        "Visits after a call", "with a call before", "visits",
        "A call in the weeks before the visit. It does not say that the visit came of it.",
    ),
    "missing_margin": (
        "Visits without a margin", "without a margin", "visits",
        "Here the amount times value.margin_share stands in.",
    ),
    "missing_amount": (
        "Visits without an amount", "without an amount", "visits",
        "Here an average stands in, see the sheet Data quality.",
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
    "sheet.headline": "Headline",
    "sheet.to_act_on": "To act on",
    "sheet.by_month": "By month",
    "sheet.by_group": "By group",
    "sheet.retention": "Retention",
    "sheet.segments_value": "Segments",
    "sheet.stage_flow": "Stage flow",
    "sheet.tactics": "Tactics and success",
    "sheet.value_definitions": "How it is worked out",
    "sheet.quality": "Data quality",
    "value.title": "What our customers are worth",
    "value.as_of": "as of {day}",
    "value.money": "money in {currency}",
    "value.money.own": "money in your currency",
    "value.all": "All",
    "value.nothing": "Too few to tell: there is nothing to show here yet.",
    "value.no_figures": "There are no figures yet: too little is on record.",
    "value.few": (
        "Grey figures rest on too few (fewer than 30) to tell; the range is the one within which the true "
        "figure lies 95 times of 100. Change is now less last year, of shares in points. Every figure is the "
        "first number divided by the second, where it says so on the sheet 'How it is worked out'."
    ),
    # What stands on top.
    "value.say.worth": "A customer brings {margin_per_customer} a year, and {ltv} over the time he stays.",
    "value.say.worth.none": "What a customer is worth: too few to tell.",
    "value.say.expected": (
        "Still to come, by what customers like him did: {value_expected} a customer, {expected_services} "
        "services a car."
    ),
    "value.say.back": (
        "{retention_13m} of the cars serviced came again within 13 months; {two_visits_12m} came twice "
        "a year."
    ),
    "value.say.back.none": "How many come back: too few to tell.",
    "value.say.leaving": "{churn} of the customers of a year ago are no longer active.",
    "value.say.leaving.none": "How many leave: too few to tell.",
    "value.say.opinion": "Asked whether they would recommend us, customers score {nps} (from -100 to +100).",
    "value.say.last_year": "Last year: {before}.",
    "value.say.concentration": (
        "The best 20% of the customers bring {margin} of the margin; 80% of it comes from {customers} "
        "of them."
    ),
    "value.say.act": (
        "To act on: {customers} customers are more likely to leave than to come back, with {at_risk} a "
        "year at risk; "
        "{without} of them have no contact planned."
    ),
    "value.say.act.none": (
        "To act on: nobody who is worth much is likely to leave, as far as the records tell."
    ),
    # The table of figures.
    "value.head.figure": "Figure",
    "value.head.now": "Now",
    "value.head.last_year": "Last year",
    "value.head.change": "Change",
    "value.head.counted": "First number",
    "value.head.out_of": "Second number",
    "value.head.low": "From",
    "value.head.high": "To",
    "value.head.note_of": "Note",
    "value.part.worth": "What customers are worth",
    "value.part.coming": "Who comes",
    "value.part.leaving": "Who leaves, and what they say",
    "value.part.contacts": "What contacts bring",
    "value.part.data": "How much is estimated",
    "value.part.other": "More figures",
    "noted.too_few": "too few to tell",
    "noted.no_data": "nothing to count",
    "noted.poor_data": "on poor data",
    # By month and by group.
    "value.by_month.note": (
        "Each figure with the two numbers that it is worked out from. Grey figures rest on too few to tell."
    ),
    "value.by_group.note": (
        "As of today, over the window of the settings. Grey figures rest on too few to tell: a small group "
        "far from the others is mostly chance."
    ),
    "value.more_groups": "The largest are shown; {count} more are in planner value --json.",
    "value.by.advisor": "By advisor",
    "value.by.model": "By model",
    "value.by.stage": "By stage",
    "value.by.cohort": "By year of purchase",
    "value.by.segment": "By segment",
    "value.by.advisor.one": "Advisor",
    "value.by.model.one": "Model",
    "value.by.stage.one": "Stage",
    "value.by.cohort.one": "Bought in",
    "value.by.segment.one": "Segment",
    "advisor.unknown": "nobody named",
    "model.unknown": "not on record",
    "cohort.unknown": "not on record",
    "stage.not_yet": "no customer yet",
    "stage.no_car": "no car",
    "segment.unknown": "not known",
    "segment.best": "Best",
    "segment.loyal": "Loyal",
    "segment.promising": "Promising",
    "segment.new": "New",
    "segment.needs_attention": "Needs attention",
    "segment.leaving": "Leaving",
    "segment.lost": "Lost",
    "visit.maintenance": "maintenance",
    "visit.repair": "repair",
    "visit.warranty": "warranty work",
    "visit.inspection": "inspection",
    "visit.tyres": "tyres",
    "visit.body": "body and paint",
    "visit.other": "other",
    # Charts.
    "value.chart.retention": "Cars that came for every service so far",
    "value.chart.concentration": "Margin by share of the customers",
    "value.chart.flow": "Stages a year ago, and where these customers are today",
    "value.chart.back": "Who comes back",
    "value.chart.leaving": "Who leaves",
    "value.chart.nps": "Net promoter score",
    # Retention.
    "value.curve.note": (
        "Of the cars that could have come for a service, how many came for it and for every one before. "
        "Observed is what happened; the model (shifted beta-geometric, Fader and Hardie 2007) is fitted "
        "to it "
        "and carries it on; the true curve lies within the band 95 times of 100."
    ),
    "value.curve.service_no": "Service number",
    "value.curve.at_risk": "Cars that could come",
    "value.curve.kept": "Came",
    "value.curve.survived": "Observed",
    "value.curve.fitted": "By the model",
    "value.curve.projected": "Projected",
    "value.curve.low": "Band, from",
    "value.curve.high": "Band, to",
    "value.curve.note_of": "Note",
    "value.fits": "The model behind the curve",
    "value.fits.note": (
        "Churn of a new car is alpha / (alpha + beta). Expected services of a new car are discounted."
    ),
    "value.fits.group": "Group",
    "value.fits.cars": "Cars",
    "value.fits.lost": "Lost",
    "value.fits.alpha": "Alpha",
    "value.fits.beta": "Beta",
    "value.fits.mean_churn": "Miss the first",
    "value.fits.low": "From",
    "value.fits.high": "To",
    "value.fits.expected_services": "Expected services",
    "value.fits.expected_low": "From",
    "value.fits.expected_high": "To",
    "value.fits.note_of": "Note",
    "value.cohorts": "Year of purchase by year of ownership",
    "value.cohorts.note": (
        "Of the cars bought in a year, the share that came in each year of ownership; only years that are "
        "over for all of them. The darker, the more came. In italics: too few to tell."
    ),
    "value.cohorts.bought": "Bought in",
    "value.cohorts.year": "Year {year}",
    "value.cohorts.counts": "The numbers behind it: cars that came of cars owned",
    "value.of": "{came} of {cars}",
    # Stage flow.
    "value.flow.note": (
        "Customers by the stage of a year ago (rows) and of today (columns). Who moved to 'overdue' or "
        "'lost' "
        "is leaving; the shaded cells are those who stayed where they were."
    ),
    "value.flow.from": "A year ago",
    # Segments.
    "value.segments.note": (
        "The first rule that fits makes the segment: lost, leaving, new, then by how lately, how often and "
        "how profitably a customer came. Margin is that of 24 months. Rules: 'How it is worked out'."
    ),
    "value.segments.customers": "Customers",
    "value.segments.share": "Share of customers",
    "value.segments.margin_24m": "Margin",
    "value.segments.margin_share": "Share of margin",
    "value.segments.margin_per_customer": "Margin a customer",
    "value.segments.visits_per_customer": "Visits a customer",
    "value.segments.tenure_months": "Months with us (median)",
    "value.segments.leaves_probability": "Likely to leave",
    "value.segments.value_expected": "Expected value",
    "value.segments.missing_margin": "Missing services, a year",
    "value.segments.last_visit_on": "Last visit (median)",
    "value.profile": "The ideal customer of each segment, and the gap to it",
    "value.profile.note": (
        "Which services the best fifth of each segment use, beside everybody in it. One more user brings the "
        "share of the best times the margin a year. Missing services of each customer: 'To act on', and "
        "planner value --json."
    ),
    "value.profile.service": "Service",
    "value.profile.share": "Best: use it",
    "value.profile.users": "Best: users",
    "value.profile.best_customers": "Best customers",
    "value.profile.share_all": "All: use it",
    "value.profile.margin_per_year": "Margin a year",
    "value.profile.expected_margin": "One more brings",
    "value.concentration": "How few bring how much",
    "value.concentration.note": (
        "Customers from the one with the most margin of 24 months on. The straight line is what it would be "
        "if all brought the same."
    ),
    "value.concentration.customers_share": "Share of customers",
    "value.concentration.margin_share": "Share of margin",
    "value.concentration.even_share": "If all brought the same",
    "value.concentration.customers": "Customers",
    "value.concentration.margin": "Margin",
    "value.concentration.mark": "",
    "value.mark.best_fifth": "the best 20%",
    "value.mark.most": "these bring 80%",
    # To act on.
    "value.act.none": "Nobody who brings something is more likely to leave than to come back.",
    "value.act.all": (
        "{all} customers who are more likely to leave than to come back, most money at risk first."
    ),
    "value.act.some": (
        "The first {shown} of {all} customers who are more likely to leave than to come back, most money at "
        "risk first; all of them are in planner value --json."
    ),
    "value.act.note": (
        "At risk, a year = value a year x likely to leave. Value a year = margin so far / years with us "
        "(one at "
        "least). Reasons are what callers were told, else the stage."
    ),
    "value.act.rank": "No.",
    "value.act.customer": "Customer",
    "value.act.phone": "Phone",
    "value.act.why": "Why",
    "value.act.last_visit_on": "Last visit",
    "value.act.at_risk": "At risk, a year",
    "value.act.value": "Value a year",
    "value.act.margin_total": "Margin so far",
    "value.act.tenure_months": "Months with us",
    "value.act.leaves_probability": "Likely to leave",
    "value.act.missing_services": "Services to offer",
    "value.act.next_contact_on": "Next contact",
    "value.act.next_channel": "Channel",
    "value.act.next_contact": "About",
    "value.act.advisor": "Advisor",
    "value.act.segment": "Segment",
    "value.act.customer_id": "Customer number",
    "value.act.not_planned": "none planned",
    "value.act.no_call": "no calls",
    "value.why.elsewhere": "last service was done elsewhere",
    "value.why.complaint": "has complained",
    "value.why.too_expensive": "found it too expensive",
    "value.why.refused": "did not want the service",
    "value.why.lapsed": "service overdue by a month or more",
    "value.why.lost": "no visit for 18 months",
    "value.why.onboarding": "new, and unlikely to come back",
    "value.why.warranty": "due, and unlikely to come back",
    "value.why.renewal": "warranty or finance ends soon",
    "value.why.after_warranty": "out of warranty, unlikely to come back",
    # Tactics and success.
    "value.tactics.note": (
        "What was sent out and what came of it. Ranges are those within which the true figure lies 95 times "
        "of 100; where they overlap, a difference may be chance."
    ),
    "value.tactics": "Tactics",
    "value.tactics.said": "Offers, rewards, surveys and the like: how many went out, what was taken up.",
    "value.tactics.none": "No tactic has run yet. The settings switch them on: [cycle] tactics.",
    "value.success": "Which contacts brought bookings, complaints, opt-outs",
    "value.success.said": (
        "By kind of contact, channel and days before the service, beside customers who had no contact."
    ),
    "value.success.none": "Too few to tell: no answers to contacts are recorded yet.",
    # Definitions.
    "value.formula": "Worked out from",
    "value.divided": "{counted} / {out_of}",
    "value.definitions": (
        "At risk, a year | value a year x likely to leave | Ranks the sheet 'To act on'. Value a year "
        "is the margin "
        "so far / years with us (one at least).\n"
        "Likely to leave | 1 - chance to come back | By the forecast of the car that is most likely to come. "
        "Missing where too little is known of it.\n"
        "Range | Wilson score interval, 95% | For shares (Wilson 1927); it holds for small numbers too. "
        "For the "
        "score the normal one.\n"
        "Retention curve | (alpha + beta) of a beta distribution | Each car misses a service with a "
        "chance of its "
        "own; the chances are beta distributed (Fader and Hardie, How to Project Customer Retention, 2007). "
        "Fitted by maximum likelihood.\n"
        "Segments | the first rule that fits | Lost: 18 months without a visit, or no car. Leaving: service "
        "overdue by a month or more. New: less than 12 months with us. Then by fifths of last visit, "
        "visits and "
        "margin: best, loyal, promising; the rest needs attention.\n"
        "Natural loss | car sold or scrapped | Nobody could have kept this customer; he is on no list.\n"
        "Preventable loss | went elsewhere, complained, too expensive, refused | By what callers were "
        "told since "
        "the last visit.\n"
        "Missing services | used by the best, not by this customer | In the last 24 months; ranked by "
        "what they "
        "would bring a year: share of the best who use it x their median margin.\n"
        "Poor data | a check of grade D | The figures that rest on it say so. See 'Data quality'.\n"
        "Last year | the same, as of a year before | Nothing that happened later counts."
    ),
    # Data quality.
    "value.quality.none": "The data were not graded.",
    "value.quality.note": (
        "What the figures rest on. A: sound. B: good. C: fair, look at the reason. D: poor; figures "
        "that rest "
        "on it say so."
    ),
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
    "value.quality.last_on": "Last on",
    "value.quality.sentence": "What was found",
    "value.quality.metrics": "Figures that rest on it",
    "value.quality.empty": "There is nothing to look at.",
    "value.quality.complete": "{check}: {share} are on record, {count} of {total} are missing.",
    "value.quality.fresh": "{check}: the last is of {last_on}, days ago: {count}.",
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
    "check.rows_left_out": "Rows left out by imports",
    "check.unknown_vehicles": "Visits of unknown cars",
    "check.visits_before_purchase": "Visits before the purchase",
    "check.visits_after_sold": "Visits of cars marked as sold",
    "check.visits_twice": "Visits twice on record",
    "check.margin_above_amount": "Margins above the amount",
    "check.odometer_contradictions": "Odometers that contradict each other",
}
