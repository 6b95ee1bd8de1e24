"""What each service of the retention curve is worth today: the steps of the services still to come."""

from __future__ import annotations

import pandas as pd

from planner.columns import typed
from planner.value.figures import CURVE


def with_discounted(curve: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """CURVE with `discounted`: the model's share / (1 + discount from service to service) ^ (service_no - 1).

    fits: FITS, of which discount_per_service is taken, by group. The sum over all services, also those beyond
    the curve, is its expected_services. Missing for the purchase, and where nothing was fitted.

    >>> curve = pd.DataFrame({"by": "all", "group": "", "service_no": [0, 1, 2], "fitted": [1, 0.8, None],
    ...     "projected": [None, None, 0.5]})
    >>> fits = pd.DataFrame({"by": ["all"], "group": [""], "discount_per_service": [0.25]})
    >>> with_discounted(curve, fits)["discounted"].tolist()
    [nan, 0.8, 0.4]
    """
    keys = ["by", "group"]
    rate = curve[keys].merge(fits[[*keys, "discount_per_service"]], on=keys, how="left")[
        "discount_per_service"
    ]
    number = curve["service_no"].astype("float64")
    worth = curve["fitted"].fillna(curve["projected"]) / (1 + rate.to_numpy()) ** (number - 1)
    return typed(curve.assign(discounted=worth.where(number > 0)), CURVE)
