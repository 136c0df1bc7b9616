"""Cruise control: the predictive planner, and the unit that follows it, keeps its distance and limits speed."""
