"""What a trip says of safety: tension, adhesion used, friction work and the temperatures it makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.brakes.thermal import DISC, Brake, warm
from fifthwheel.simulate import layout
from fifthwheel.simulate.trip import TripRun

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Margins of a trip of a combination whose trailer drives.

    Attributes
    ----------
    slack_s : time while the trailer propels with less kingpin tension than wanted; `spare_tension_n` : the least beyond it.
    push_n, pull_n : most push (negative) and pull at the kingpin, means over a second.
    grip_ratio, trailer_grip_ratio : most adhesion used by the tractor's driven axles and by the trailer's: force over static
        load.
    friction_j : work of the friction brakes. hottest_k, trailer_hottest_k : estimated peak of an axle's discs.
    """

    slack_s: float
    spare_tension_n: float
    push_n: float
    pull_n: float
    grip_ratio: float
    trailer_grip_ratio: float
    friction_j: float
    hottest_k: float
    trailer_hottest_k: float

    @property
    def most_grip_ratio(self) -> float:
        """Adhesion used by the axle that uses most."""
        return max(self.grip_ratio, self.trailer_grip_ratio)


def margins_of(run: TripRun, brake: Brake = DISC, air_k: float = 293.15) -> Margins:
    """Margins of a trip, the brakes cold at its start; every axle of a unit takes the same share of its friction work."""
    state, flow = run.samples[:, : layout.N_STATE], run.samples[:, layout.N_STATE + layout.N_BOOK :]
    book = run.samples[:, layout.N_STATE : layout.N_STATE + layout.N_BOOK]
    trailer_w = np.diff(book[:, layout.TRAILER_FRICTION])
    tractor_w = np.diff(book[:, layout.FRICTION]) - trailer_w
    axles = [sum(len(group.positions_m) for group in unit.axles) for unit in run.combination.units]
    speed = state[1:, layout.V]
    kingpin = flow[1:, layout.KINGPIN]
    return Margins(
        slack_s=float(state[-1, layout.SLACK_S]),
        spare_tension_n=float(state[-1, layout.TENSION_N]),
        push_n=float(kingpin.min()),
        pull_n=float(kingpin.max()),
        grip_ratio=float(state[-1, layout.GRIP]),
        trailer_grip_ratio=float(state[-1, layout.TRAILER_GRIP]),
        friction_j=run.ledger.terms_j["brake_friction"],
        hottest_k=hottest_k(brake, tractor_w / axles[0], speed, air_k),
        trailer_hottest_k=hottest_k(brake, trailer_w / axles[-1], speed, air_k),
    )


def hottest_k(brake: Brake, power_w: Floats, speed_mps: Floats, air_k: float) -> float:
    """Highest temperature of an axle's brakes, cold at first, under a power and speed, one value a second, shape (n,)."""
    kelvin = hottest = air_k
    for power, speed in zip(power_w.tolist(), speed_mps.tolist(), strict=True):
        kelvin = warm(brake, kelvin, max(power, 0.0), (speed, air_k), 1.0).temperature_k
        hottest = max(hottest, kelvin)
    return hottest
