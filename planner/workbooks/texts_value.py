"""The words of the sheets of what customers are worth; those of the figures are in `texts_value_figures`."""

from __future__ import annotations

from planner.workbooks import texts_value_figures, texts_value_segments

ENGLISH: dict[str, str] = {
    **texts_value_figures.ENGLISH,
    **texts_value_segments.ENGLISH,
    "sheet.headline": "Headline",
    "sheet.to_act_on": "To act on",
    "sheet.to_offer": "To offer",
    "sheet.by_month": "By month",
    "sheet.by_group": "By group",
    "sheet.retention": "Retention",
    "sheet.segments_value": "Segments",
    "sheet.stage_flow": "Stage flow",
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
        "Grey: too few (below 30 households) to tell. From, to: the true figure lies between them 95 times "
        "of 100. "
        "Change: now less last year, of shares in percentage points (pp). The sheet 'How it is worked out' "
        "has "
        "every number of the last column in a cell of its own."
    ),
    "value.too_short": (
        "Short records: visits are not on record for as long as the year before looks back. What nobody "
        "wrote down then would look like a change."
    ),
    "value.poor": "Quality of the data: {grade}. See 'Data quality'.",
    "value.points": "pp",
    # What stands on top.
    "value.say.nothing": "Nothing on record by {day}: no visit and no purchase.",
    "value.say.nothing.yet": "Nothing on record yet: no visit and no purchase.",
    "value.say.worth": "A customer brings {margin_per_customer} a year.",
    "value.say.worth.none": "What a customer is worth: too few to tell.",
    "value.say.worth.no_money": "What a customer is worth: visits have no amounts and no margins.",
    "value.say.stay": (
        "Over the time he stays he brings at least {value_expected}, discounted and up to the first service "
        "that "
        "he misses, and at most {ltv}: margin / churn, nothing discounted."
    ),
    "value.say.stay.most": "Over the time he stays: {ltv} at most, margin / churn, nothing discounted.",
    "value.say.stay.least": (
        "Over the time he stays: {value_expected} at least, discounted and up to the first service that he "
        "misses."
    ),
    "value.say.stay.apart": (
        "{sentence} The two go apart: the upper end moves with churn, the lower one with how many services "
        "cars come for."
    ),
    "value.say.back": (
        "{retention_13m} of the cars serviced came again within 13 months; {two_visits_12m} came twice "
        "a year."
    ),
    "value.say.back.retention_13m": "{retention_13m} of the cars serviced came again within 13 months.",
    "value.say.back.two_visits_12m": "{two_visits_12m} of the cars came twice a year.",
    "value.say.back.none": "How many come back: too few to tell.",
    "value.say.leaving": "{churn} of the customers of a year ago are no longer active.",
    "value.say.leaving.none": "How many leave: too few to tell.",
    "value.say.revenue": (
        "Net revenue churn {revenue_churn}: so much less came from the customers of the year before than "
        "then "
        "(below 0%: more)."
    ),
    "value.say.opinion": (
        "Asked whether they would recommend us, customers score {nps}, on a scale from -100 to +100."
    ),
    "value.say.last_year": "{now} (last year {before})",
    "value.say.poor": "{sentence} On poor data.",
    "value.say.concentration": (
        "Of the customers who came in 24 months ({all}) the best 20% bring {margin} of the margin; 80% of it "
        "comes from {customers} of them."
    ),
    "value.say.concentration.none": "How few customers bring how much: too few to tell.",
    "value.say.act": (
        "To act on, customers who are more likely to miss their next service than to come for it: {all}. On "
        "the list: {customers}, with {at_risk} a year at risk. Next contact: a call {calls}, another channel "
        "{others}, none planned {without}.{left_out}"
    ),
    "value.say.act.lost": (
        "To win back, customers who have not come for 18 months or more: {all}. On the list: {customers}; "
        "they "
        "brought {value} a year.{left_out}"
    ),
    "value.say.left_out": " Left out: {reasons}.",
    "value.say.left_out.do_not_contact": "want no contact {count}",
    "value.say.left_out.money_unknown": "no money is on record for {count}",
    "value.say.left_out.brought_nothing": "have brought nothing {count}",
    "value.say.left_out.may_come": "may still come or are little known {count}",
    "value.say.act.none": (
        "To act on: nobody who is worth much is likely to miss the next service, as far as the records tell."
    ),
    "value.say.act.no_plan": (
        "To act on: nobody knows yet who is likely to miss the next service. Without a plan: run planner "
        "plan; else too few have come back so far."
    ),
    "value.say.act.no_visits": "To act on: no visits on record, so nobody can be ranked by worth.",
    "value.say.act.no_cars": (
        "To act on: no customer has a car on record that is neither gone nor lost (18 months without "
        "a visit)."
    ),
    "value.say.act.no_money": (
        "To act on: without amounts or margins nobody can be ranked by worth. Who is likely to miss the "
        "next service stands "
        "in the annual plan, sheet '{lost}'."
    ),
    # The table of figures.
    "value.head.figure": "Figure",
    "value.head.now": "Now",
    "value.head.last_year": "Last year",
    "value.head.last_year.no_contacts": "Last year, without contacts",
    "value.head.change": "Change",
    "value.head.low": "From",
    "value.head.high": "To",
    "value.head.worked": "Worked out from",
    "value.head.note_of": "Note",
    "value.part.worth": "What customers are worth",
    "value.part.coming": "Who comes",
    "value.part.leaving": "Who leaves, and what they say",
    "value.part.contacts": "What contacts bring",
    "value.part.data": "How much is estimated",
    "value.part.other": "More figures",
    "value.trend": "Trend: now against a year before",
    "value.trend.note": (
        "Both are those of the first page. From, to: the change lies between them 95 times of 100; it takes "
        "into "
        "account that the same households stand in both years. Rises, falls: both ends are on one side of "
        "0. Of "
        "20 figures in which nothing changed one is said to change, by chance. Too few to tell: less than 30 "
        "households in one of the years. Short records: visits are not on record for as long as the year "
        "before looks back. Changes of shares are in percentage points."
    ),
    "value.trend.head.trend": "Trend",
    "value.trend.head.numerator": "Counted, now",
    "value.trend.head.denominator": "Out of, now",
    "value.trend.head.last_year_numerator": "Counted, last year",
    "value.trend.head.last_year_denominator": "Out of, last year",
    "trend.rises": "rises",
    "trend.falls": "falls",
    "trend.unclear": "no clear change",
    "trend.too_few": "too few to tell",
    "trend.too_short": "short records",
    "trend.no_data": "no comparison",
    "noted.too_few": "too few to tell",
    "noted.no_data": "nothing to count",
    "noted.too_short": "short records",
    "noted.no_contacts": "no contacts on record to take off",
    "noted.last_year.no_contacts": "last year: no contacts on record to take off",
    "noted.alike": "cars alike",
    "noted.poor_data": "on poor data",
    "noted.overdue": "overdue that day",
    # By month and by group.
    "value.by_month.note": (
        "Each figure with the two numbers that it is worked out from: the first divided by the second. Net "
        "lifetime value is that less the cost to win a customer; the score is 100 times that; active "
        "customers "
        "are counted, out of the second number. Grey: too few to tell."
    ),
    "value.by_group.note": (
        "As of today; each figure is the first of its two numbers divided by the second (net lifetime value: "
        "that less the cost to win a customer; the score: 100 times that; active customers: counted, out of "
        "the second; services still to come: the sum of 'Discounted' as on Retention, beside it the cars). "
        "Grey: "
        "too few to tell. A small "
        "group far from the others is mostly chance. Change: now less last year, of shares in percentage "
        "points; stages and segments are those of each time."
    ),
    "value.more_groups": (
        "The {shown} with most active customers are shown; {count} more are in planner value --json."
    ),
    "value.by.advisor": "By advisor",
    "value.by.model": "By model",
    "value.by.stage": "By stage",
    "value.by.cohort": "By year of purchase",
    "value.by.segment": "By segment",
    "value.by.segment.note": (
        "Each customer counts in the segment in which he was when the counting began. Churn and what rests "
        "on it are left out: a segment is made of who came lately and for how much, and they would only say "
        "it again. Services still to come: as on the sheet Retention, from the day that it names."
    ),
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
    "segment.lost": "Lost or gone",
    "visit.maintenance": "maintenance",
    "visit.repair": "repair",
    "visit.warranty": "warranty work",
    "visit.inspection": "inspection",
    "visit.tyres": "tyres",
    "visit.body": "body and paint",
    "visit.other": "other",
    # Charts.
    "value.chart.retention": "Cars that came for every service so far",
    "value.chart.service_no": "Service number",
    "value.chart.retention.up": "Share of the cars",
    "value.chart.held.up": "Share of the cars",
    "value.chart.back.up": "Share",
    "value.chart.coming.up": "Share",
    "value.chart.contacts.up": "Share",
    "value.chart.offers.up": "Share of the offers",
    "value.chart.leaving.up": "Share a year",
    "value.chart.nps.up": "Score, -100 to +100",
    "value.chart.customers": "Customers",
    "value.chart.concentration": "Margin by share of the customers",
    "value.chart.flow": "Stages a year ago, and where these customers are today",
    "value.chart.losses": "No longer active after a year, by month",
    "value.chart.back": "Who comes back",
    "value.chart.coming": "Active, and coming more than once",
    "value.chart.contacts": "Contacts, bookings and visits",
    "value.chart.offers": "Offers redeemed",
    "value.chart.leaving": "Who leaves",
    "value.chart.held": "Who of each segment still comes",
    "value.chart.nps": "Net promoter score",
    # Stage flow.
    "value.flow.note": (
        "Customers by the stage of a year ago (rows) and of today (columns). Who moved to 'lapsed' or 'lost' "
        "is leaving; the shaded cells are those who stayed where they were."
    ),
    "value.flow.from": "A year ago",
    "value.losses": "Who left, and could it have been prevented",
    "value.losses.note": (
        "Of the customers who were active 12 months before the end of a month, those who were not any more "
        "at its end; a month tells of a whole year, so months do not add up. No longer active / active a "
        "year "
        "before is "
        "the churn of 'By month'. Moved away: as callers were told, or the export says. Preventable is "
        "not known before the first answer, or service elsewhere, on record."
    ),
    "value.losses.why": "Why",
    "value.losses.year": "Year to {month}",
    "value.losses.natural": "Natural",
    "value.losses.preventable": "Preventable",
    "value.losses.not_known": "not known",
    "value.losses.unknown": "Unknown",
    "value.losses.lost": "No longer active",
    "value.losses.active_before": "Active a year before",
    "value.losses.natural.long": "Natural: cars sold or scrapped, moved away",
    "value.losses.preventable.long": "Preventable: went elsewhere, complained, too expensive, refused",
    "value.losses.unknown.long": "Unknown: stopped coming, nobody knows why",
    "value.losses.lost.long": "No longer active in all",
    # To act on.
    "value.act.none": "Nobody who brings something is more likely to miss the next service than to "
    "come for it.",
    "value.act.all": (
        "{all} customers who are more likely to miss their next service than to come for it, most money at "
        "risk first; below them those who have not come for 18 months."
    ),
    "value.act.some": (
        "The first {shown} of {all} customers who are more likely to miss their next service than "
        "to come for "
        "it, most money at risk first, below them those who have not come for 18 months; all of them are in "
        "planner value --json."
    ),
    "value.act.note": (
        "At risk, a year = value a year x likely to miss the service. Value a year = margin so far / years "
        "with us (one "
        "at least: months / 12). Reasons are what callers were told, else the stage. Last visit: of any kind."
    ),
    "value.offer.none": "Nobody lacks a service that the best customers of his segment use.",
    "value.offer.no_money": (
        "Nothing to count: visits have no amounts and no margins, so nobody knows who the best customers are "
        "and what a service would bring."
    ),
    "value.offer.all": "Services that {all} customers lack, those who would bring most first; "
    "{shown} are listed.",
    "value.offer.note": (
        "Brings a year = best: use it x margin a year, both of the customers in 'Best of' (Segments): the "
        "best of his segment, or of all where it has fewer than 30. "
        "It may be done elsewhere: ask. Not in 24 months here, and not due later. Maintenance that a "
        "customer is likely to miss stands on 'To act on', not here."
    ),
    "value.act.service": "Offer first",
    "value.act.expected_margin": "Brings a year",
    "value.act.share": "Best: use it",
    "value.act.margin_per_year": "Margin a year",
    "value.act.best_of": "Best of",
    "value.act.also": "Then",
    "value.act.missing_margin": "Together, a year",
    "value.act.rank": "No.",
    "value.act.customer": "Customer",
    "value.act.phone": "Phone",
    "value.act.why": "Why",
    "value.act.last_service_on": "Last service",
    "value.act.last_visit_on": "Last visit",
    "value.act.at_risk": "At risk, a year",
    "value.act.value": "Value a year",
    "value.act.margin_total": "Margin so far",
    "value.act.tenure_months": "Months with us",
    "value.act.leaves_probability": "Likely to miss the service",
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
    "value.why.overdue": "service overdue, days: {days}",
    "value.why.and": "{why}; {overdue}",
    "value.why.never": "no visit on record",
    "value.why.lost": "no visit of any kind, months: {months}",
    "value.why.onboarding": "new, and unlikely to come for a service",
    "value.why.warranty": "due, and unlikely to come for a service",
    "value.why.renewal": "warranty or finance ends soon",
    "value.why.after_warranty": "out of warranty, unlikely to come for a service",
}
