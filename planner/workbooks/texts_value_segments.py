"""The words of the sheets of retention and segments; a part of `texts_value`."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # Retention.
    "value.curve.note": (
        "Of the cars that could have come for a service, how many came for it and for every one before: each "
        "'Observed' is the one before x 'Came' / 'Cars that could come'. The model is that, smoothed at its "
        "ends; it is called projected where fewer than 30 cars could come so far, and goes on there from the "
        "last services known. Its band held what is true of sample dealerships 92 to 98 times of 100."
    ),
    "value.curve.service_no": "Service number",
    "value.curve.at_risk": "Cars that could come",
    "value.curve.kept": "Came",
    "value.curve.survived": "Observed",
    "value.curve.fitted": "By the model",
    "value.curve.projected": "Projected",
    "value.curve.low": "Band, from",
    "value.curve.high": "Band, to",
    "value.curve.discounted": "Discounted",
    "value.curve.later": "Later services",
    "value.curve.note_of": "Note",
    "value.fits": "How cars differ, and what a new one brings",
    "value.fits.note": (
        "The shifted beta-geometric model (Fader and Hardie 2007) is one law for all services. By it a new "
        "car misses its first with a chance of alpha / (alpha + beta); how many did is in the curve above, "
        "and may differ. Cars alike: no difference between them was found, and only alpha / beta means "
        "something. Services that a new car is expected to come for are those of "
        "the curve, discounted by {discount} from service to service. Below 100 cars or 10 that missed one "
        "nothing is fitted."
    ),
    "value.fits.since": "{by}, of {day}",
    "value.fits.left": "Too few to fit: {groups}.",
    "value.fits.none": "Below 100 cars or 10 that missed a service nothing is fitted.",
    "value.fits.group": "Group",
    "value.fits.cars": "Cars",
    "value.fits.lost": "Missed one",
    "value.fits.alpha": "Alpha",
    "value.fits.beta": "Beta",
    "value.fits.mean_churn": "Miss the first",
    "value.fits.expected_services": "Expected services",
    "value.fits.expected_low": "From",
    "value.fits.expected_high": "To",
    "value.fits.note_of": "Note",
    "value.held": "How segments hold",
    "value.held.note": (
        "Cars that were in time for their next service on {day}, by the segment of their customers that day, "
        "and the share that has come for every service since. A segment of today would explain itself: the "
        "best have come, else they would not be the best. Leaving: already overdue that day. Only services "
        "for which 30 cars or more could come."
    ),
    "value.held.none": "Too few cars could come for a service since: below 30 nothing is shown.",
    "value.held.service": "Service since then",
    "value.held.counts": "Came of those who could",
    "value.cohorts": "Year of purchase by year of ownership",
    "value.cohorts.note": (
        "Of the cars bought in a year, the share that came in each year of ownership; only years that are "
        "over for all of them. The darker, the more came. In italics: too few to tell."
    ),
    "value.cohorts.bought": "Bought in",
    "value.cohorts.year": "Year {year}",
    "value.cohorts.counts": "The numbers behind it: cars that came of cars owned",
    "value.of": "{came} of {cars}",
    # Segments.
    "value.segments.note": (
        "The first rule that fits makes the segment: lost or gone, leaving, new, then by how lately, how "
        "often and "
        "how profitably a customer came. Margin is that of 24 months. Rules: 'How it is worked out'."
    ),
    "value.segments.lost": (
        "Lost or gone, {all}: no visit for 18 months {lost}, all cars sold, scrapped or moved away with "
        "{gone}, "
        "no car on record {no_car}."
    ),
    "value.segments.customers": "Customers",
    "value.segments.share": "Share of customers",
    "value.segments.margin_24m": "Margin, total",
    "value.segments.margin_share": "Share of margin",
    "value.segments.margin_per_customer": "Margin a customer",
    "value.segments.visits_per_customer": "Visits a customer",
    "value.segments.tenure_months": "Months with us (median)",
    "value.segments.leaves_probability": "Likely to miss the service",
    "value.segments.value_expected": "Expected value, total",
    "value.segments.missing_margin": "Missing services a year, total",
    "value.segments.last_visit_on": "Last visit (median)",
    "value.profile": "The ideal customer of each segment, and the gap to it",
    "value.profile.note": (
        "How many of the best fifth of each segment use a service, be it what a visit was for or what its "
        "bill names beside that; slanted where they are fewer than 30. Missing services of each customer: "
        "'To offer', and planner value --json."
    ),
    "value.profile.of": "On the bill as",
    "value.profile.kind": "kind of visit",
    "value.profile.named": "done beside it",
    "value.profile.detail": "What one more user of a service brings",
    "value.profile.detail.note": (
        "One more user brings the share of the best times the margin a year: the median of what it brings "
        "with its users among them. Of a service beside the kind of a visit it is what it adds to a bill, by "
        "least squares, times the visits a year with it; blank where fewer than 30 bills name it."
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
        "Customers who came in 24 months, from the one with the most margin on. The straight line is what it "
        "would be if all brought the same."
    ),
    "value.concentration.customers_share": "Share of customers",
    "value.concentration.margin_share": "Share of margin",
    "value.concentration.even_share": "If all brought the same",
    "value.concentration.customers": "Customers",
    "value.concentration.margin": "Margin",
    "value.concentration.mark": "Note",
    "value.mark.best_fifth": "the best 20%",
    "value.mark.most": "these bring 80%",
}
