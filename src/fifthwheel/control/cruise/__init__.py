"""Cruise control: the predictive planner, and the unit that follows its plan, keeps its distance and limits speed."""

from fifthwheel.control.cruise.unit import block

__all__ = ["block"]
