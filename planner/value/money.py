"""What each visit brought, also where the export does not say."""

from __future__ import annotations

from datetime import date

import pandas as pd

from planner.settings import Settings


def visit_money(visits: pd.DataFrame, settings: Settings, as_of: date) -> pd.DataFrame:
    """VISITS up to as_of with amount and margin filled in, and margin_given, amount_given (were they there?).

    A missing margin is amount x settings.value.margin_share; a missing amount is margin / margin_share. Of
    a visit with neither both are the mean of its kind, else of all visits; where no visit has any they
    stay missing. What `money_given` does not take for money is missing.

    >>> visits = pd.DataFrame({"visited_on": pd.to_datetime(["2026-01-05"] * 3), "kind": "repair",
    ...     "amount": [100.0, 300.0, None], "margin": [None, 105.0, None]})
    >>> visit_money(visits, Settings(), date(2026, 6, 30))["margin"].tolist()
    [35.0, 105.0, 70.0]
    """
    visits = visits[visits["visited_on"] <= pd.Timestamp(as_of)]
    share = settings.value.margin_share
    amount, margin = money_given(visits["amount"]), money_given(visits["margin"])
    full = pd.DataFrame(
        {"amount": amount.fillna(margin / share), "margin": margin.fillna(amount * share)}, index=visits.index
    )
    kind = visits["kind"].fillna("maintenance")
    full = full.fillna(full.groupby(kind).transform("mean")).fillna(full.mean())
    return visits.assign(
        amount=full["amount"], margin=full["margin"], margin_given=margin.notna(), amount_given=amount.notna()
    )


def money_given(column: pd.Series) -> pd.Series:
    """Amounts or margins of all visits as they are on record; all missing where none is other than 0.

    A dealership that brings nothing with any visit is none: its system writes 0 where it knows nothing.

    >>> money_given(pd.Series([0.0, None])).isna().tolist(), money_given(pd.Series([0.0, 5.0])).tolist()
    ([True, True], [0.0, 5.0])
    """
    column = column.astype("float64")
    return column if column.fillna(0.0).ne(0.0).any() else column.mask(column.notna())
