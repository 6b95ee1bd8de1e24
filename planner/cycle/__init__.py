"""The contact cycle: touchpoints of people's own tables, hung on the days of every vehicle."""

from planner.cycle.candidates import candidates
from planner.cycle.cues import cues
from planner.cycle.stages import vehicle_stages
from planner.cycle.touchpoints import Cycles, load_cycles

__all__ = ["Cycles", "candidates", "cues", "load_cycles", "vehicle_stages"]
