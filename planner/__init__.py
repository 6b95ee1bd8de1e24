"""Contact planner for car dealerships: when each service falls due, and whom to contact when."""

__version__ = "0.1.0"
