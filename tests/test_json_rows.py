"""Frames as JSON: the text that json.dumps makes of their rows, whatever is in them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.console import show
from cli.frames import rows_as_json

TEXT = st.text('aق"\\/\n\x00\u2028%é😀', max_size=4)
CELLS = {
    "str": st.none() | TEXT,
    "float64": st.floats(width=64) | st.sampled_from([0.0, -0.0, 1.0, 1e16, 1e-7]),
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "datetime64[us]": st.none() | st.dates(),
    "bool": st.booleans(),
    "object": st.none() | st.integers() | TEXT | st.booleans(),
}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    dtypes = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=5))
    rows = draw(st.integers(0, 6))
    columns = [
        pd.Series(draw(st.lists(CELLS[dtype], min_size=rows, max_size=rows)), dtype=dtype) for dtype in dtypes
    ]
    return pd.concat(columns, axis=1).set_axis([f"50%s {n}" for n in range(len(columns))], axis=1)


def by_row(frame: pd.DataFrame) -> str:
    """The plain way: a dict a row; what is without end is null."""
    days = {name: frame[name].dt.strftime("%Y-%m-%d") for name in frame if frame[name].dtype.kind == "M"}
    shown = frame.assign(**days).astype(object)
    known = frame.notna() & ~frame.isin([np.inf, -np.inf])
    rows = shown.where(known, None).to_dict("records")
    return json.dumps(rows, ensure_ascii=False, default=str, allow_nan=False)


@given(frames())
def test_it_is_the_text_of_the_rows_as_dicts(frame: pd.DataFrame) -> None:
    assert rows_as_json(frame) == by_row(frame)


def test_zero_and_minus_zero_are_spelt_as_they_are() -> None:
    assert rows_as_json(pd.DataFrame({"x": [0.0, -0.0, np.nan]})) == '[{"x": 0.0}, {"x": -0.0}, {"x": null}]'


def test_lists_of_rows_stand_behind_the_other_keys(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"name": ['"قمر"', "\u2028"]})
    show(True, {"as_of": "2026-03-02"}, [], {"people": frame, "nobody": frame.iloc[:0]})
    shown = capsys.readouterr().out
    assert shown == json.dumps(json.loads(shown), ensure_ascii=False) + "\n"
    people = [{"name": '"قمر"'}, {"name": "\u2028"}]
    assert json.loads(shown) == {"as_of": "2026-03-02", "people": people, "nobody": []}
