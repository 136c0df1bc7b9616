"""What is held against a rule set: a laden combination, and the figures that its rows limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import hypot, inf
from typing import TYPE_CHECKING

from fifthwheel.vehicle.combination import Combination, Drive
from fifthwheel.vehicle.law.layout import Layout, layout_of, trailer_front_m

if TYPE_CHECKING:
    from fifthwheel.vehicle.statics import AxleLoads
    from fifthwheel.vehicle.turning import Swept


def power_w(drive: Drive) -> float:
    """Greatest power of a powertrain at its shaft: of its engine, else of its motors, continuous where that is known."""
    if drive.engine is not None:
        pairs = zip(drive.engine.speed_radps, drive.engine.full_load_torque_nm, strict=True)
        return max(speed * torque for speed, torque in pairs)
    motor = drive.motor
    return 0.0 if motor is None else drive.motors_count * (motor.continuous_power_w or motor.peak_power_w)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A combination as it would drive.

    Attributes
    ----------
    loads : on its axles. swept : how it turns on the 12.5 m circle; ``None``: nobody has worked it out.
    power_w : of engine or motors; ``None``: as the catalogue gives it. slide_m : of the fifth wheel, rearwards.
    day : of use; ``None``: while the edition is in force.
    """

    combination: Combination
    loads: AxleLoads
    swept: Swept | None = None
    power_w: float | None = None
    slide_m: float = 0.0
    day: date | None = None

    @property
    def layout(self) -> Layout:
        """Its axles in one line."""
        raised = frozenset((one.unit, one.group) for one in self.loads.groups if one.lifted)
        return layout_of(self.combination.tractor, self.combination.trailer, raised, self.slide_m)

    @property
    def trailer_front_m(self) -> float:
        """Place of the trailer's front from the tractor's."""
        trailer = self.combination.trailer
        return trailer_front_m(self.combination.tractor, trailer, self.slide_m) if trailer else inf

    @property
    def length_m(self) -> float:
        """Of the whole, whichever unit sticks out in front and at the rear."""
        tractor, trailer = self.combination.tractor, self.combination.trailer
        if trailer is None:
            return tractor.length_m
        front = self.trailer_front_m
        return max(tractor.length_m, front + trailer.length_m) - min(0.0, front)

    @property
    def swing_m(self) -> float:
        """Front swing radius of a trailer with square front corners, about its kingpin."""
        trailer = self.combination.trailer
        return hypot(trailer.coupling_m, trailer.width_m / 2.0) if trailer else 0.0

    @property
    def installed_w(self) -> float:
        """Power of engine or motors."""
        return power_w(self.combination.drive) if self.power_w is None else self.power_w
