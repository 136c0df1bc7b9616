"""Whether a run followed its cycle: regression of measured on reference speed, torque and power, and cycle work, with bounds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.simulate.bench.cycle import Cycle, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Least-squares line of measured over reference values: ``y = slope x + intercept``, with margins to its bounds.

    Attributes
    ----------
    intercept, error : in the unit of `quantity` (rad/s, N m, W); `error` is the standard error of estimate.
    margin_ratio : smallest distance to a bound over that bound's width; negative outside.
    """

    quantity: str
    slope_ratio: float
    intercept: float
    r2_ratio: float
    error: float
    margin_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Lines of speed, torque and power, and work done over work asked for; `version` names the rule set checked against."""

    version: str
    lines: tuple[Line, ...]
    work_j: float
    reference_work_j: float
    work_margin_ratio: float

    @property
    def work_ratio(self) -> float:
        """Work done over work asked for."""
        return self.work_j / self.reference_work_j

    @property
    def margin_ratio(self) -> float:
        """Smallest margin of all; negative when a bound is passed."""
        return min([self.work_margin_ratio, *(line.margin_ratio for line in self.lines)])


@cache
def bounds() -> dict[str, Any]:
    """`bounds.toml`: bounds by cycle."""
    return tomllib.loads(files("fifthwheel.simulate.bench").joinpath("bounds.toml").read_text(encoding="utf-8"))


def fit(reference: Floats, measured: Floats) -> tuple[float, float, float, float]:
    """Slope, intercept, coefficient of determination and standard error of estimate (n - 2 degrees of freedom).

    >>> fit(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
    (2.0, 1.0, 1.0, 0.0)
    """
    if len(reference) < 3 or np.ptp(reference) == 0.0:
        raise InputError(f"{len(reference)} points between {np.min(reference)} and {np.max(reference)}; 3 that differ are wanted")
    x, y = reference - reference.mean(), measured - measured.mean()
    slope = float(x @ y / (x @ x))
    left = y - slope * x
    spread = float(y @ y)
    r2 = 1.0 - float(left @ left) / spread if spread else 0.0
    return slope, float(measured.mean() - slope * reference.mean()), r2, float(np.sqrt(left @ left / (len(x) - 2)))


def judge(cycle: Cycle, speed_radps: Floats, torque_nm: Floats, most_nm: float, *, motored: bool = True) -> Validity:
    """Validity of a run measured once a second.

    Parameters
    ----------
    speed_radps, torque_nm : measured at the seconds of the cycle, shape (n_seconds,).
    most_nm : most torque of the engine; with the cycle's own most power and speed it scales the bounds.
    motored : keep motored points in torque and power; the law lets them be left out [K], so that keeping them is stricter.
    """
    rule = bounds()["whsc" if cycle.name == "WHSC" else "whtc"]
    asked_w, done_w = cycle.speed_radps * cycle.torque_nm, speed_radps * torque_nm
    keep = np.ones(len(cycle.time_s), dtype=bool) if motored else ~cycle.motored
    most_w = float(asked_w.max())
    lines = (
        _line("speed", rule, cycle.speed_radps, speed_radps, float(cycle.speed_radps.max())),
        _line("torque", rule, cycle.torque_nm[keep], torque_nm[keep], most_nm),
        _line("power", rule, asked_w[keep], done_w[keep], most_w),
    )
    work, asked = float(np.maximum(done_w, 0.0).sum()), float(np.maximum(asked_w, 0.0).sum())
    return Validity(
        version=rule["version"],
        lines=lines,
        work_j=work,
        reference_work_j=asked,
        work_margin_ratio=_inside(work / asked - 1.0, rule["work"]),
    )


def _line(quantity: str, rule: dict[str, Any], reference: Floats, measured: Floats, most: float) -> Line:
    bound = rule[quantity]
    slope, intercept, r2, error = fit(reference, measured)
    largest = max(bound["intercept_ratio"] * most, bound["intercept"])
    margins = (
        _inside(slope, bound["slope"]), (r2 - bound["r2"]) / (1.0 - bound["r2"]),
        1.0 - error / (bound["error_ratio"] * most), 1.0 - abs(intercept) / largest,
    )  # fmt: skip
    return Line(quantity=quantity, slope_ratio=slope, intercept=intercept, r2_ratio=r2, error=error, margin_ratio=min(margins))


def _inside(value: float, span: list[float]) -> float:
    """Distance to the nearer end of a span over its width; negative outside."""
    return min(value - span[0], span[1] - value) / (span[1] - span[0])
