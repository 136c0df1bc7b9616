"""Every term of the account as a function of the unknowns: arrays over the sigma points of their estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.explain.estimate import (
    AUXILIARY,
    DRIVELINE,
    MASS,
    TORQUE,
    Estimate,
    States,
    balance_sd_j,
    given_j,
    height_sd_m,
    needed_j,
    wind_variation_j,
)
from fifthwheel.explain.meter import Store
from fifthwheel.explain.stretches import OVERRUN, SLIP, STAND, Stretches
from fifthwheel.explain.timeline import Mask
from fifthwheel.explain.trace import ALTITUDE_SD_M, Trace
from fifthwheel.physics.brake import retarder_power_w
from fifthwheel.physics.energy import TERMS
from fifthwheel.signals.observations import Floats, Integers
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Use

SHORTEST_BRAKING_S: Final = 3.0
"""Shorter stretches without traction are shifts."""
COASTING_SD_RATIO: Final = 0.03
"""Of the energies in a stretch without traction: sampling of a second, gradients within it."""
RETARDER_SD_RATIO: Final = 0.10
"""How surely heat is given to the retarder and not to the friction brakes, where the vehicle has both."""
SPEED_SD_MPS: Final = 0.8
"""Of a first or last sample that is not standstill: a second of braking."""
EDGE_S: Final = 1.5
"""When standing began and ended is known to about the second that a wire samples."""
ENGINE_BRAKE_SD_RATIO: Final = 0.05
"""Drag torque of the engine, on the wire in steps of 1 % of reference torque."""

Values = dict[str, Floats]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms by name over the sigma points, shape (k,) each, and the standard deviation of what the points do not carry.

    Attributes
    ----------
    values_j : every term but `unexplained`; `noise_j` : independent of the unknowns, by name.
    meter_j, meter_sd_j : sum of the stores.
    weights : of the sigma points.
    recovered_j : taken back by motors, at their shafts.
    """

    values_j: Mapping[str, Floats]
    noise_j: Mapping[str, float]
    meter_j: float
    meter_sd_j: float
    weights: Floats
    recovered_j: float

    def mean_j(self, name: str) -> float:
        """Expected value of a term; what the others leave of the meter for ``unexplained``."""
        if name == "unexplained":
            return self.meter_j - sum(self.mean_j(other) for other in self.values_j)
        return float(self.weights @ self.values_j[name])

    def sd_j(self, name: str) -> float:
        """Standard deviation of a term; in ``unexplained``, what two terms share with opposite sign cancels."""
        if name == "unexplained":
            values = np.sum(list(self.values_j.values()), axis=0)
            noise_j = [self.noise_j.get(other, 0.0) for other in ("climb", "kinetic", "brakes", "balance")]
        else:
            values, noise_j = self.values_j[name], [self.noise_j.get(name, 0.0)]
        spread = values - self.weights @ values
        return float(np.sqrt(self.weights @ spread**2 + np.sum(np.square(noise_j))))


def terms(estimate: Estimate, parts: Stretches, trace: Trace, combination: Combination, stores: Mapping[str, Store]) -> Terms:
    """All terms of the trip that `parts` make up; `stores` by name, each with a value."""
    points, weights = estimate.points()
    need_j = needed_j(points, parts, combination, trace)
    names = ("kinetic", "climb", "rolling_tractor", "rolling_trailer", "aero_still", "aero_wind")
    values: Values = {term.name: np.zeros(len(points)) for term in TERMS if term.name != "unexplained"}
    values |= dict(zip(names, need_j.sum(axis=2), strict=True))
    mass_kg = float(estimate.mean[MASS])
    noise = {
        "aero_wind": wind_variation_j(points[0], parts, combination, trace),
        "balance": balance_sd_j(parts, trace),
        "climb": mass_kg * GRAVITY_MPS2 * ALTITUDE_SD_M * np.sqrt(2.0),
        "kinetic": mass_kg * SPEED_SD_MPS * float(np.hypot(trace.speed_mps[0], trace.speed_mps[-1]) + 0.1),
    }
    braked, braked_noise = _brakes(points, parts, trace, combination, need_j.sum(axis=0))
    values |= braked | {"driveline": _driveline(points, parts, trace, need_j.sum(axis=0))}
    noise |= braked_noise
    source = _fuel(points, parts, stores["fuel"]) if "fuel" in stores else _battery(points, parts, stores["battery"])
    values |= source[0]
    noise |= source[1]
    if "trailer_battery" in stores:
        for name, more in _trailer_battery(points, parts, combination, stores["trailer_battery"]).items():
            values[name] = values[name] + more
        noise["motor"] = float(np.hypot(noise.get("motor", 0.0), stores["trailer_battery"].sd_j))
    electric_j = parts.trailer_j if "fuel" in stores else np.stack([parts.trailer_j, parts.crank_j])
    return Terms(
        values_j=values,
        noise_j=noise,
        meter_j=sum(store.energy_j for store in stores.values()),
        meter_sd_j=float(np.sqrt(sum(store.sd_j**2 for store in stores.values()))),
        weights=weights,
        recovered_j=-float(np.minimum(electric_j, 0.0).sum()),
    )


def _brakes(
    points: States, parts: Stretches, trace: Trace, combination: Combination, need_j: Matrix
) -> tuple[Values, dict[str, float]]:
    """Heat in friction brakes and retarder: what motion gave up in stretches without traction and nothing else took."""
    missing_j = given_j(points, parts, trace) - need_j
    mass_kg = points[0, MASS]
    energy_j = np.abs(mass_kg * parts.kinetic) + np.abs(need_j[0])
    sd_j = np.hypot(mass_kg * GRAVITY_MPS2 * height_sd_m(parts.length_m), COASTING_SD_RATIO * energy_j)
    owner = np.repeat(np.arange(len(parts)), parts.end - parts.start)
    off: Mask = _off(trace.brake, owner, len(parts))
    if combination.drive.retarder is not None:
        off = np.logical_and(off, _off(trace.retarder, owner, len(parts)))
    braked = (parts.kind == OVERRUN) & (parts.seconds >= SHORTEST_BRAKING_S) & ~off
    heat_j = np.where(braked, missing_j, 0.0)
    share = np.where(braked, _retarder_share(mass_kg, missing_j[0], parts, trace, combination), 0.0)
    sum_sd_j = float(np.sqrt(np.sum(sd_j[braked] ** 2)))
    retarded_j = heat_j @ share
    doubt_j = RETARDER_SD_RATIO * float(retarded_j[0])
    split_sd_j = float(np.hypot(doubt_j, sum_sd_j))
    overrun_j = float(np.abs(parts.crank_j[parts.kind == OVERRUN]).sum())
    values = {
        "retarder": retarded_j,
        "brake_friction": heat_j.sum(axis=1) - retarded_j,
        "engine_brake": np.full(len(points), parts.engine_brake_j.sum()),
    }
    return values, {
        "brakes": sum_sd_j,
        "retarder": split_sd_j if retarded_j[0] else 0.0,
        "brake_friction": split_sd_j,
        "engine_brake": ENGINE_BRAKE_SD_RATIO * overrun_j if trace.auxiliary_on_shaft else 0.0,
    }


def _retarder_share(mass_kg: float, missing_j: Floats, parts: Stretches, trace: Trace, combination: Combination) -> Floats:
    """Share of each stretch's brake heat that the retarder took, shape (m,): first what it can, unless its switch stayed off.

    Within a stretch, slowing and falling vary by the second; what else takes part (`missing_j` less these) does not.
    """
    retarder = combination.drive.retarder
    if retarder is None:
        return np.zeros(len(parts))
    speed_mps, inertia_kg = (trace.speed_mps[1:] + trace.speed_mps[:-1]) / 2, mass_kg + combination.rotating_mass_kg
    limits = retarder.peak_torque_nm, retarder.peak_power_w
    most_w = retarder_power_w(speed_mps, combination.drive.axle.ratio, combination.tyre_radius_m, *limits)
    weight_n = mass_kg * GRAVITY_MPS2
    owner = np.repeat(np.arange(len(parts)), parts.end - parts.start)
    rest_w = ((missing_j + weight_n * parts.rise_m + inertia_kg * parts.kinetic) / parts.seconds)[owner]
    brake_w = rest_w - inertia_kg * speed_mps * np.diff(trace.speed_mps) - weight_n * np.diff(trace.altitude_m)
    brake_w = np.maximum(brake_w, 0.0)
    total = np.bincount(owner, brake_w, len(parts))
    taken = np.bincount(owner, np.minimum(brake_w, most_w), len(parts))
    return np.where(_off(trace.retarder, owner, len(parts)), 0.0, taken / np.maximum(total, 1.0))


def _off(switch: Floats, owner: Integers, count: int) -> Mask:
    """Stretches in which a switch was seen, and always off, at least every 20 s."""
    seen = np.bincount(owner, np.isfinite(switch[1:]), count)
    return np.asarray(
        (seen * 20 >= np.bincount(owner, minlength=count)) & (np.bincount(owner, np.nan_to_num(switch[1:]), count) == 0)
    )


def _driveline(points: States, parts: Stretches, trace: Trace, need_j: Matrix) -> Floats:
    """Gearbox and axles by their efficiency; in a slipping clutch, what the shaft gave less what motion needed."""
    lost_j = float((parts.shaft_j - parts.wheel_j + parts.trailer_j - parts.trailer_wheel_j)[parts.kind != SLIP].sum())
    spared_s = float((parts.geared_s - parts.wheel_s)[parts.kind != SLIP].sum()) if trace.auxiliary_on_shaft else 0.0
    slip = parts.kind == SLIP
    slip_s = float(parts.seconds[slip].sum()) if trace.auxiliary_on_shaft else 0.0
    given = points[:, TORQUE] * float((parts.crank_j + parts.trailer_j)[slip].sum()) - points[:, AUXILIARY] * slip_s
    in_gear = (points[:, TORQUE] + points[:, DRIVELINE] - 1) * lost_j - points[:, AUXILIARY] * spared_s
    return np.asarray(in_gear + np.maximum(given - need_j[:, slip].sum(axis=1), 0.0))


def _fuel(points: States, parts: Stretches, store: Store) -> tuple[Values, dict[str, float]]:
    """Engine heat, idling and auxiliaries of a combustion engine."""
    stand = parts.kind == STAND
    share = float(parts.fuel_m3[stand].sum() / max(parts.fuel_m3.sum(), 1e-12))
    moving_s, working_j = float(parts.seconds[~stand].sum()), _standing_work_j(points, parts, parts.crank_j)
    crank_j = points[:, TORQUE] * float(parts.crank_j[~stand].sum())
    values = {
        "engine": (1 - share) * store.energy_j - crank_j - parts.engine_brake_j.sum(),
        "idle": share * store.energy_j - working_j,
        "auxiliary": points[:, AUXILIARY] * moving_s + working_j,
    }
    rounding_j = float(parts.step_j[stand].sum()) / np.sqrt(12.0)
    edges_j = store.energy_j * share * EDGE_S * np.sqrt(np.count_nonzero(stand)) / max(float(parts.seconds[stand].sum()), 1.0)
    engine_brake_sd_j = ENGINE_BRAKE_SD_RATIO * float(parts.engine_brake_j.sum())
    return values, {
        "engine": float(np.hypot((1 - share) * store.sd_j, engine_brake_sd_j)),
        "idle": float(np.sqrt((share * store.sd_j) ** 2 + rounding_j**2 + edges_j**2)),
        "auxiliary": rounding_j,
    }


def _standing_work_j(points: States, parts: Stretches, power_j: Floats) -> Floats:
    """What auxiliaries took while standing: as measured where that is clearly more than driving takes, else the same as there."""
    stand = parts.kind == STAND
    usual_j = points[:, AUXILIARY, None] * parts.running_s[stand]
    working = power_j[stand] > 1.5 * usual_j[0] + 2 * parts.step_j[stand]
    return np.asarray(np.where(working, power_j[stand], usual_j).sum(axis=1))


def _battery(points: States, parts: Stretches, store: Store) -> tuple[Values, dict[str, float]]:
    """Motor losses and auxiliaries of a battery vehicle: its terminals less its shaft."""
    stand = parts.kind == STAND
    standing_j, total_j = float(parts.battery_j[stand].sum()), float(parts.battery_j.sum())
    auxiliary_j = points[:, AUXILIARY] * float(parts.seconds[~stand].sum())
    values = {
        "motor": store.energy_j * (1 - standing_j / total_j if total_j else 1.0)
        - auxiliary_j
        - points[:, TORQUE] * parts.crank_j.sum(),
        "auxiliary": auxiliary_j + standing_j,
    }
    return values, {"motor": store.sd_j}


def _trailer_battery(points: States, parts: Stretches, combination: Combination, store: Store) -> Values:
    """Losses and auxiliaries of a trailer's own drive."""
    auxiliary_j = combination.auxiliary_power_w(Use.RUNNING, trailer=True) * float(parts.running_s.sum())
    return {
        "motor": store.energy_j - auxiliary_j - points[:, TORQUE] * float(parts.trailer_j.sum()),
        "auxiliary": np.full(len(points), auxiliary_j),
    }
