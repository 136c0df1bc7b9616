"""The US federal bridge formula: what consecutive axles may weigh together, by their number and distance."""

from __future__ import annotations

from math import ceil
from typing import Final

STEP_LB: Final = 500.0


def bridge_lb(length_ft: float, axles_count: int, step_lb: float = STEP_LB) -> float:
    """Most mass on `axles_count` consecutive axles, the outer ones `length_ft` apart, in lb.

    ``W = 500 (L N / (N - 1) + 12 N + 36)``, to the nearest `step_lb`; an exact tie goes down, as the published table has it. The
    distance is taken as it is, not rounded to feet. Source: 23 U.S.C. 127(a)(2).

    >>> bridge_lb(9.0, 3), bridge_lb(51.0, 5)
    (42500.0, 80000.0)
    """
    weight = 500.0 * (length_ft * axles_count / (axles_count - 1) + 12.0 * axles_count + 36.0)
    return step_lb * ceil(round(weight / step_lb - 0.5, 6))
