"""The words of predicted and actual visits; a part of `texts`."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "sheet.validation": "Validation",
    "sheet.visits": "Visits",
    "sheet.not_come": "Did not come true",
    "sheet.definitions": "Definitions",
    "sheet.chart_data": "Chart data",
    "validation.title": "Predicted and actual visits",
    "validation.as_of": "as known on {day}",
    "validation.none": "No visit could be scored: {why}.",
    "validation.no_visits": "there is no maintenance visit in the store",
    "validation.left_out": "of {count} maintenance visits {reasons}",
    "validation.error": (
        "Half of all visits scored ({visits}) came within {median} days of the predicted day; "
        "{within} within 30 days."
    ),
    "validation.tolerance": "Within {days} days of the predicted day: {within}.",
    "validation.bias": "On average customers came {mean} predicted, the middle one of them {median}.",
    "validation.mean.later": "{days} later than",
    "validation.mean.earlier": "{days} earlier than",
    "validation.mean.no_bias": "neither later nor earlier than",
    "validation.middle.later": "{days} later",
    "validation.middle.earlier": "{days} earlier",
    "validation.middle.no_bias": "on the day",
    "validation.windows": (
        "The window that promises 80% held {held_80} of the visits and is {width_80} days wide; "
        "the one that promises 96% held {held_96} and is {width_96} days wide."
    ),
    "validation.contacts": (
        "A contact of the plan would have preceded {preceded} of the visits; one 1 to 45 days before, "
        "{contacted} of them; a call 1 to 45 days before, {called}."
    ),
    "validation.over": (
        "Of the predictions whose time is over ({closed}), {share} came true within 30 days; "
        "customers who never came back are counted."
    ),
    "validation.better": (
        "Nearest of the simple methods: {method}, off by {theirs} days on {visits} visits; "
        "the forecast is off by {ours} on the same."
    ),
    "validation.worse": (
        "One simple method does as well or better: {method}, off by {theirs} days on {visits} visits; "
        "the forecast is off by {ours} on the same."
    ),
    "validation.promised": "What the windows promised, and what they held",
    "validation.scatter": "Days to the next visit",
    "validation.histogram": "Visits by days early (\u2212) or late",
    "validation.calibration": "Promised and held",
    "validation.predicted_days": "predicted",
    "validation.actual_days": "actual",
    "validation.visits": "visits",
    "validation.as_predicted": "as predicted",
    "validation.as_promised": "as promised",
    "validation.earlier_than": "< {days}",
    "validation.later_than": "\u2265 {days}",
    "validation.sampled": "The chart on the left shows {shown} of {visits} visits, evenly chosen.",
    "validation.outside": "Visits beyond the ends of its axes: {outside}.",
    "validation.few": "In grey: fewer than {few} visits, too few to conclude from.",
    "validation.methods": "Beside simple methods, each on the visits for which it has an answer",
    "validation.common": "All on the {visits} visits for which each of them has an answer",
    "validation.by": "By kind of visit",
    "validation.by.stage": "Stage",
    "validation.by.service_no": "Service number",
    "validation.by.rate_source": "Where the usage comes from",
    "validation.by.basis": "What decides the due day",
    "validation.all": "All visits",
    "validation.not_scored": "Visits that could not be scored",
    "validation.limits": "What these figures do not say",
    "validation.limits.text": (
        "They do not say that a customer comes on the predicted day: the window is the promise, "
        "the day is the best single guess.\n"
        "Errors are of visits that came. Who went elsewhere or stayed away has no error: the sheet "
        "'Did not come true' counts them.\n"
        "A contact before the visit is one that the cycle would have placed, had every customer agreed to "
        "its channel and no other contact stood in the way: fewer go out in truth. It does not say that "
        "somebody called, or that a contact brought the customer in.\n"
        "The longer a customer stays away, the more contacts are placed, and the more surely one of them "
        "precedes his visit. That a contact came first is no proof of a good forecast.\n"
        "Customers who were called in the past came when they were called: what is learnt from their visits "
        "is partly the dealership's own habit.\n"
        "Each visit is predicted once, on the day of the visit before. Readings that come in later make the "
        "plan better than what is scored here.\n"
        "The past is no promise: other intervals, prices, customers or opening hours make other visits."
    ),
    "validation.not_come.counts": "Predictions whose time is over",
    "validation.not_come.true": "came true: a visit within 30 days of the predicted day",
    "validation.not_come.early": "came more than 30 days before it",
    "validation.not_come.late": "came more than 30 days after it",
    "validation.not_come.never": "has not come since",
    "validation.not_come.none": "Every prediction whose time is over came true.",
    "validation.not_come.list": "Those that did not come true, by vehicle",
    "validation.returns": "Back by 90 days after the 80% window",
    "validation.returns.bin": "promised {low} to {high}",
    "validation.returns.brier": (
        "Brier score {ours}; {base} if everybody had been promised the share that came. Less is better."
    ),
    "validation.outcome.early": "earlier",
    "validation.outcome.late": "later",
    "validation.outcome.never": "not come",
    "validation.definitions": (
        "Prediction|made on the day of a maintenance visit, from what was known on that day, "
        "for the next maintenance visit of the car.\n"
        "Predicted day|the best single guess of when this customer comes; "
        "the due day is what the car needs.\n"
        "Error|actual day minus predicted day: positive if the customer came later.\n"
        "Median error|half of the visits are off by at most this many days, early or late.\n"
        "Mean error|the average of the days off, early or late. Single visits far off weigh more than in "
        "the median.\n"
        "Bias|the average of the errors with their sign: positive if customers come later than predicted. "
        "Who skips a service comes months late and weighs much in it.\n"
        "Middle one|the median of the errors with their sign: half of the customers came earlier than so "
        "many days after the predicted day, half later.\n"
        "Within n days|share of the visits at most n days before or after the predicted day.\n"
        "Window|two days between which the visit is promised with 50, 80 or 96%; both days are in. Where "
        "enough is known it is the shortest that would have held its share so far; the predicted day need "
        "not be its middle.\n"
        "Held|share of the visits that came within the window. Right is as much as was promised: less is a "
        "promise not kept, more a window wider than it need be.\n"
        "Width|days from the first to the last day of the window; half of the windows are wider.\n"
        "Contact before|share of the visits that a contact of the cycle that asks for a service would have "
        "preceded, by any number of days. Invitations, reminders and calls count from the due day, or from "
        "the predicted one if that is sooner, and go out before the 80% window opens where their limits "
        "allow it. Reminders of overdue services count from the due day: one that lies before the visit has "
        "gone out, as nobody had come. A car that has not come a month after its due day is won back, and an "
        "interval later asked for its next service. Each contact stands on its best day, after the day of "
        "the prediction, or on the nearest day within its limits on which its channel may be used. On the "
        "day of the visit is too late.\n"
        "Contact in time|share of the visits that such a contact precedes by 1 to 45 days.\n"
        "Called in time|share of the visits that such a contact by phone precedes by 1 to 45 days.\n"
        "Called days before|days from the last such call to the visit.\n"
        "Time is over|the 80% window and 30 days after the predicted day have passed, whether somebody came "
        "or not.\n"
        "Came true|of these, a visit within 30 days of the predicted day.\n"
        "Fixed interval|the visit before plus the interval in months.\n"
        "Last two readings|when the car reaches its limit at the rate of its last two readings, but not "
        "later than by months.\n"
        "First to last reading|the same at the rate from its first to its last reading.\n"
        "Own median gap|the visit before plus the median of the car's own gaps between visits.\n"
        "Last five gaps|the same with its last five gaps only.\n"
        "Population gap|the visit before plus the median gap of all cars.\n"
        "Log-mean of gaps|the visit before plus the geometric mean of the car's own gaps and one population "
        "gap."
    ),
    "column.method": "Method",
    "column.visits": "Visits",
    "column.median_error": "Median error, days",
    "column.mean_error": "Mean error, days",
    "column.bias": "Bias, days",
    "column.within": "Within {days} days",
    "column.forecast_same": "Forecast on the same visits",
    "column.promised": "Promised",
    "column.held": "Held",
    "column.difference": "Off by",
    "column.width": "Width, days",
    "column.held_80": "80% window held",
    "column.held_96": "96% window held",
    "column.width_80": "80% width, days",
    "column.preceded": "Contact before",
    "column.contacted": "Contact in time",
    "column.called": "Called in time",
    "column.closed": "Time is over",
    "column.came_true": "Came true",
    "column.predicted_from": "Visit before",
    "column.visited_on": "Came on",
    "column.expected_on": "Predicted",
    "column.error_days": "Error, days",
    "column.low_80": "80% from",
    "column.high_80": "80% to",
    "column.in_80": "In 80%?",
    "column.low_96": "96% from",
    "column.high_96": "96% to",
    "column.in_96": "In 96%?",
    "column.preceded_by_contact": "Contact before?",
    "column.contacted_in_time": "Contact in time?",
    "column.called_days_before": "Called days before",
    "column.service_no": "Service number",
    "column.rate_source": "Usage from",
    "column.basis": "Due by",
    "column.came_back": "Promised to come back",
    "column.what_happened": "What happened",
    "column.predictions": "Predictions",
    "column.share": "Share",
    "column.returned": "Came back",
    "column.term": "Word",
    "column.meaning": "What it means here",
    "method.forecast": "Forecast",
    "method.fixed_interval": "Fixed interval",
    "method.last_two_readings": "Last two readings",
    "method.first_to_last": "First to last reading",
    "method.own_median_gap": "Own median gap",
    "method.last_five_gaps": "Last five gaps",
    "method.population_gap": "Population gap",
    "method.log_mean_gaps": "Log-mean of gaps",
    "rate_source.observed": "its own readings",
    "rate_source.declared": "what the customer says",
    "rate_source.model": "others of its model",
    "rate_source.fleet": "all cars",
    "rate_source.default": "country or settings",
    "basis.time": "months",
    "basis.km": "km",
    "not_scored.first-visit": "first visit on record",
    "not_scored.before-purchase": "before the purchase or at the handover",
    "not_scored.same-day": "second order of the same day",
    "not_scored.no-vehicle": "of a vehicle that is not on record",
    "yes": "yes",
    "no": "no",
}
