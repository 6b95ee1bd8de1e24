"""The calendar of every household: gaps, caps, working days, consent, capacity."""

from planner.schedule.place import place

__all__ = ["place"]
