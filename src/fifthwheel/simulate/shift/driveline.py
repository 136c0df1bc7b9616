"""The parameters of the shift plant, and the array the kernel reads them from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import Final

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.simulate.shift.layout import (
    ETA0,
    FULL0,
    N_CURVE,
    N_PARAMETER,
    RATIO0,
    SPEED0,
    Floats,
)
from fifthwheel.units import RPM

FULL_LOAD: Final = (
    (300, 0.40), (560, 0.50), (600, 0.56), (800, 0.78), (1000, 1.0), (1400, 1.0),
    (1600, 0.90), (1800, 0.81), (2000, 0.59), (2100, 0.48), (2250, 0.0), (3000, 0.0),
)  # fmt: skip
"""Full load of a 12.7 l diesel as share of its peak over rpm (catalogue of generic vehicles, 3.1 [C]); governed at 2,250."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driveline:
    """A driveline with one or two clutches; defaults are the heavy design set of the generic catalogue (section 4) [K].

    Attributes
    ----------
    engine_inertia_kgm2, shaft_inertia_kgm2, output_inertia_kgm2 : engine with flywheel; each clutch shaft, at the clutch;
        propeller shaft, axle and driven wheels, at the wheels.
    stiffness_nmprad, damping_nmsprad : between driven wheels and vehicle, tyre included.
    friction_slope_s : relative growth of clutch friction a rad/s of slip (wet: positive, so that it does not judder).
    static_ratio : sticking over slipping friction.
    stroke_gain_nm : clutch torque a unit of stroke above the kiss point; strokes run from 0 to 1.
    friction_ratio : true friction over nominal (wear, oil).
    synchroniser_nm : torque of a synchroniser's cones at the clutch shaft; 0 for plain dogs.
    dog_slip_radps : slip of the clutch shaft at which a sleeve enters.
    clutches_count : 2, or 1 for an automated box whose gears all sit on shaft 0.
    lining_area_m2 : friction area of a clutch; twelve faces of 290 by 230 mm [K].
    """

    ratios: tuple[float, ...] = (7.05, 4.30, 2.65, 1.63, 1.00, 0.74)
    axle_ratio: float = 4.11
    efficiency_ratio: float = 0.93
    mass_kg: float = 40_000.0
    tyre_radius_m: float = 0.5
    rolling_ratio: float = 0.006
    drag_area_m2: float = 6.0
    grade_ratio: float = 0.0
    engine_inertia_kgm2: float = 2.8
    shaft_inertia_kgm2: float = 0.15
    output_inertia_kgm2: float = 25.0
    stiffness_nmprad: float = 150_000.0
    damping_nmsprad: float = 6_000.0
    peak_torque_nm: float = 2_000.0
    engine_friction_nm: float = 180.0
    air_share_ratio: float = 0.45
    air_tau_s: float = 0.6
    rise_tau_s: float = 0.2
    fall_tau_s: float = 0.06
    idle_radps: float = 600 * RPM
    friction_slope_s: float = 0.0005
    static_ratio: float = 1.05
    friction_ratio: float = 1.0
    stroke_gain_nm: float = 5_000.0
    kiss_odd_ratio: float = 0.25
    kiss_even_ratio: float = 0.25
    stroke_tau_s: float = 0.025
    clutch_drag_nm: float = 3.0
    clutch_heat_jpk: float = 9_000.0
    clutch_cooling_wpk: float = 120.0
    ambient_k: float = 353.15
    synchroniser_nm: float = 300.0
    dog_slip_radps: float = 0.05
    fork_s: float = 0.04
    noise_ratio: float = 0.0
    brake_nm: float = 150_000.0
    clutches_count: int = 2
    lining_area_m2: float = 0.29

    def array(self) -> Floats:
        """The parameters in the order of `layout`, shape ``(N_PARAMETER,)``; raises `InputError` for impossible values."""
        if not 1 <= len(self.ratios) <= 12:
            raise InputError(f"{len(self.ratios)} gears; 1 to 12 are accepted")
        if not 0.5 < self.efficiency_ratio <= 1:
            raise InputError(f"efficiency {self.efficiency_ratio} is not between 0.5 and 1")
        if self.mass_kg <= 0 or self.tyre_radius_m <= 0:
            raise InputError(f"mass {self.mass_kg} kg and radius {self.tyre_radius_m} m must be above 0")
        out = np.zeros(N_PARAMETER)
        out[:34] = (
            self.engine_inertia_kgm2, self.shaft_inertia_kgm2, self.output_inertia_kgm2,
            self.mass_kg * self.tyre_radius_m**2, self.stiffness_nmprad, self.damping_nmsprad, self.tyre_radius_m,
            self.mass_kg, self.rolling_ratio, self.drag_area_m2, self.grade_ratio, self.friction_slope_s, self.static_ratio,
            self.stroke_gain_nm, self.kiss_odd_ratio, self.kiss_even_ratio, self.stroke_tau_s, self.clutch_drag_nm,
            self.clutch_heat_jpk, self.clutch_cooling_wpk, self.ambient_k, self.synchroniser_nm, self.fork_s,
            self.air_share_ratio, self.air_tau_s, self.rise_tau_s, self.fall_tau_s, self.idle_radps,
            self.engine_friction_nm, self.friction_ratio, self.noise_ratio, self.brake_nm, self.dog_slip_radps,
            self.clutches_count,
        )  # fmt: skip
        for gear, ratio in enumerate(self.ratios, start=1):
            out[ETA0 + gear] = self.efficiency_ratio
            out[RATIO0 + gear] = ratio * self.axle_ratio
        out[SPEED0 : SPEED0 + N_CURVE] = [n * RPM for n, _ in FULL_LOAD]
        out[FULL0 : FULL0 + N_CURVE] = [share * self.peak_torque_nm for _, share in FULL_LOAD]
        return out


AMT: Final = Driveline(
    ratios=(11.27, 9.14, 7.17, 5.81, 4.62, 3.75, 3.01, 2.44, 1.91, 1.55, 1.23, 1.0), axle_ratio=3.27, efficiency_ratio=0.94,
    tyre_radius_m=0.52, engine_inertia_kgm2=3.5, shaft_inertia_kgm2=0.2, output_inertia_kgm2=32.9, peak_torque_nm=2_300.0,
    engine_friction_nm=190.0, stroke_gain_nm=6_000.0, friction_slope_s=0.0, clutch_drag_nm=0.5, clutch_heat_jpk=14_000.0,
    clutch_cooling_wpk=45.0, ambient_k=333.15, synchroniser_nm=100.0, clutches_count=1, lining_area_m2=0.2,
)  # fmt: skip
"""A twelve-speed automated box: ratios, inertias and radius of control facts 1.4 [S15]; one dry plate of 430 by 240 mm [K]."""

VISCOSITY_LOW_K: Final = 160.0
VISCOSITY_K: Final = 900.0
NOMINAL_K: Final = 353.15
DRAG_POWER: Final = 0.5
LAG_PK: Final = 0.012
LAG_FROM_K: Final = 333.15
FRICTION_PK: Final = 0.001


def at_oil(driveline: Driveline, oil_k: float) -> Driveline:
    """`driveline` with oil of `oil_k` in place of 353 K: drag, friction, lag of clutch and fork actuators.

    Viscosity after Vogel, ``exp(900 / (T - 160))`` relative to 353 K: 11 mm2/s at 80 C, 3000 at -30 C, as automatic
    transmission fluids have [K]. Drag grows with its root, lag by 1.2 % a kelvin below 60 C, friction falls 0.1 % a kelvin [K].
    """
    viscosity = exp(VISCOSITY_K / (oil_k - VISCOSITY_LOW_K) - VISCOSITY_K / (NOMINAL_K - VISCOSITY_LOW_K))
    slower = 1 + LAG_PK * max(LAG_FROM_K - oil_k, 0.0)
    return replace(
        driveline,
        ambient_k=oil_k,
        clutch_drag_nm=driveline.clutch_drag_nm * viscosity**DRAG_POWER,
        stroke_tau_s=driveline.stroke_tau_s * slower,
        fork_s=driveline.fork_s * slower,
        friction_ratio=driveline.friction_ratio * (1 + FRICTION_PK * (NOMINAL_K - oil_k)),
    )
