"""What commands read of the plan is all that they use: the same results as from the whole tables."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from planner.cycle import load_cycles
from planner.doors.calendar import coming, contacts_to_come
from planner.lists import contacts_of_week, weekly_list
from planner.pipeline import stored_tables
from planner.sample import make_sample
from planner.schedule.why import contacts_around, why
from planner.scripts import Scripts
from planner.settings import Settings
from planner.store import Store
from planner.tables import EXPORTS, STORED
from planner.value import needed, value_report
from planner.workbooks.texts import Texts
from tests.desk import Desk, answered, filled

MONDAY = date(2026, 3, 2)
WEEKS = 5
SETTINGS = Settings()
EXPORTED = [table.name for table in EXPORTS]
PLANNED = ("contacts", "forecasts", "cues")
