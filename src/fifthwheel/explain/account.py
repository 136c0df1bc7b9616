"""The closed energy account of one trip: terms that add up to the meter, each with its 90 % interval.

What a wire measures (fuel, torque times speed, terminal power) is summed; what it does not (air, tyres, climb, brakes) follows
from the laws of `physics` at the estimate of the unknowns. Every term is a function of the state of the unknowns, taken at the
sigma points of their joint estimate, so terms that rest on the same unknown vary together and `unexplained` knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fifthwheel.explain.assumed import assume_torque, torque_known
from fifthwheel.explain.estimate import MASS, UNKNOWNS, Belief, Estimate, fit, observe_auxiliary, prior, rolling_n
from fifthwheel.explain.meter import Z_90, Store, StoreEvent, read
from fifthwheel.explain.stretches import stretches
from fifthwheel.explain.terms import Terms, terms
from fifthwheel.explain.timeline import Wires
from fifthwheel.explain.trace import Trace, trace
from fifthwheel.explain.trips import Trip
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.physics.energy import TERMS, Term
from fifthwheel.signals.observations import Floats, Observations
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Combination

METHODS: Final = {
    "engine": "fuel while driving less crank work (net torque x speed)",
    "aero_still": "air density x drag area x speed cubed / 2, without wind",
    "aero_wind": "rest of the air force with the wind that the force balance suggests; climate where it says nothing",
    "rolling_tractor": "rolling force of the tractor's tyres by load and temperature x way",
    "rolling_trailer": "rolling force of the trailer's tyres by load and temperature x way",
    "climb": "weight x height gained, heights smoothed along the road",
    "kinetic": "mass and rotating mass x change of squared speed / 2",
    "brake_friction": "what motion gave up without traction and nothing else took, less the retarder's share",
    "retarder": "brake heat that the retarder could take while its switch was not off",
    "engine_brake": "crank work below the engine's own drag",
    "driveline": "shaft work x (1 - efficiency of gear and axle), and slip of the clutch",
    "motor": "terminal energy less auxiliaries and shaft work (torque x speed)",
    "fuel_cell": "fuel energy of the fuel cell less its electric energy",
    "battery": "lies behind the terminals, where the meter is",
    "idle": "fuel while standing less what auxiliaries took then",
    "auxiliary": "power seen while standing, else of the catalogue, x time switched on",
    "unexplained": "meter less all other terms",
}
MEASURED: Final = frozenset({"engine", "idle", "engine_brake", "motor"})
CLIMB_STEP_M: Final = 3.0
"""Height differences below this, between turning points, count as noise in gross climb and descent."""
CLIMB_SD_RATIO: Final = 0.12
"""What that rule and the spacing of height reports leave out of rolling terrain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TripAccount:
    """One trip explained.

    Attributes
    ----------
    meter : one `Finding` a store; `account` : one a term of `TERMS`, in order, adding up to the meter.
    beside : gross climb, gross descent, recovered; `estimates` : what the account rests on.
    per_distance : ``per_distance.energy`` in J/m, ``per_distance.fuel`` in kg/m, ``per_distance.electric`` in J/m.
    events : refuelling and charging meanwhile.
    belief : what this trip adds to what is known of the coupling.
    """

    trip_id: str
    distance_m: float
    energy_j: float
    fuel_kg: float | None
    electric_j: float | None
    explained_ratio: float | None
    mass_kg: float
    meter: tuple[Finding, ...]
    account: tuple[Finding, ...]
    beside: tuple[Finding, ...]
    estimates: tuple[Finding, ...]
    per_distance: tuple[Finding, ...]
    events: tuple[StoreEvent, ...]
    belief: Belief


def explain(
    trip: Trip,
    observations: Observations,
    combination: Combination,
    belief: Belief | None = None,
    *,
    mass_kg: float | None = None,
) -> TripAccount | None:
    """Explain where the energy of `trip` went; ``None`` when no wire tells what left any store, or it is too short.

    Parameters
    ----------
    observations : rows of the vehicle and of its trailer around the trip; others are ignored.
    belief : what earlier trips of this coupling taught.
    mass_kg : mass of the combination where it was weighed.
    """
    known, start_us, end_us = belief or Belief(), trip.start_us, trip.end_us
    tractor = Wires.of(observations.of_vehicle(trip.vehicle_id))
    trailer = Wires.of(observations.of_vehicle(trip.trailer_id)) if trip.trailer_id else None
    stores = read(tractor, trailer, combination, start_us, end_us)
    metered = {store.name: store for store in stores if np.isfinite(store.energy_j)}
    needed = "fuel" if combination.drive.engine else "battery"
    if needed not in metered or trip.distance_m < 100.0:
        return None
    driven = trace(tractor, trailer, combination, start_us, end_us)
    before = prior(combination, driven, known, mass_kg)
    if measured := torque_known(driven):
        parts = stretches(driven)
        estimate = fit(parts, driven, combination, *observe_auxiliary(*before, parts, driven))
    else:
        driven, before = assume_torque(driven, combination, before, metered[needed].energy_j)
        parts, estimate = stretches(driven), Estimate.of_prior(*before)
    found = terms(estimate, parts, driven, combination, metered)
    evidence = (f"trip:{trip.trip_id}", f"observations:{trip.vehicle_id}?from_us={start_us}&to_us={end_us}")
    fuel = combination.drive.engine.fuel if combination.drive.engine else None
    fuel_kg = metered["fuel"].energy_j / fuel.lower_heating_value_jpkg if fuel else None
    electric_j = sum(store.energy_j for store in metered.values() if store.name != "fuel") if set(metered) - {"fuel"} else None
    return TripAccount(
        trip_id=trip.trip_id,
        distance_m=trip.distance_m,
        energy_j=found.meter_j,
        fuel_kg=fuel_kg,
        electric_j=electric_j,
        explained_ratio=1 - abs(found.mean_j("unexplained")) / found.meter_j if found.meter_j > 0 else None,
        mass_kg=float(estimate.mean[MASS]),
        meter=tuple(store.finding for store in stores),
        account=tuple(_line(term, found, evidence) for term in TERMS),
        beside=_beside(found, driven, estimate, evidence),
        estimates=_estimates(estimate, combination, known, evidence),
        per_distance=_per_distance(trip, metered, fuel_kg, electric_j, evidence),
        events=tuple(event for store in stores for event in store.events),
        belief=known.updated(estimate) if measured and estimate.stretches_count else known,
    )


def _line(term: Term, found: Terms, evidence: tuple[str, ...]) -> Finding:
    value_j, margin_j = found.mean_j(term.name), Z_90 * found.sd_j(term.name)
    low_j = value_j - margin_j
    return Finding(
        name=f"account.{term.name}",
        value=value_j,
        unit="J",
        low=low_j if term.signed or value_j < 0 else max(low_j, 0.0),
        high=value_j + margin_j,
        origin=Origin.MEASURED if term.name in MEASURED else Origin.ESTIMATED,
        method=METHODS[term.name],
        evidence=evidence,
    )


def _beside(found: Terms, driven: Trace, estimate: Estimate, evidence: tuple[str, ...]) -> tuple[Finding, ...]:
    weight_n = float(estimate.mean[MASS]) * GRAVITY_MPS2
    mass_ratio = float(np.sqrt(estimate.covariance[MASS, MASS])) / float(estimate.mean[MASS])
    up_m, down_m = gross_climb_m(driven.altitude_m)
    method = "weight x height between turning points of the smoothed road"
    return (
        *(
            with_margin(
                f"account.{name}",
                weight_n * height_m,
                "J",
                margin=Z_90 * weight_n * float(np.hypot(mass_ratio, CLIMB_SD_RATIO)) * height_m,
                origin=Origin.ESTIMATED,
                method=method,
                evidence=evidence,
            )
            for name, height_m in (("gross_climb", up_m), ("gross_descent", down_m))
        ),
        with_margin(
            "account.recovered",
            found.recovered_j,
            "J",
            margin=0.03 * found.recovered_j,
            origin=Origin.MEASURED,
            method="work that motors took back, at their shafts",
            evidence=evidence,
        ),
    )


def gross_climb_m(altitude_m: Floats) -> tuple[float, float]:
    """Sum of rises and of falls between turning points that lie more than `CLIMB_STEP_M` apart."""
    heights = altitude_m[:: max(len(altitude_m) // 4000, 1)].tolist()
    anchor, turning, rising, up_m, down_m = heights[0], heights[0], 0, 0.0, 0.0
    for height in [*heights, heights[-1]]:
        if rising >= 0 and height < turning - CLIMB_STEP_M:
            up_m, anchor, turning, rising = up_m + max(turning - anchor, 0.0), turning, height, -1
        elif rising <= 0 and height > turning + CLIMB_STEP_M:
            down_m, anchor, turning, rising = down_m + max(anchor - turning, 0.0), turning, height, 1
        elif (rising > 0 and height > turning) or (rising < 0 and height < turning):
            turning = height
    return up_m + max(turning - anchor, 0.0), down_m + max(anchor - turning, 0.0)


def _estimates(estimate: Estimate, combination: Combination, known: Belief, evidence: tuple[str, ...]) -> tuple[Finding, ...]:
    sd = np.sqrt(np.diag(estimate.covariance))
    found = []
    for index, (name, unit) in enumerate(zip(UNKNOWNS, ("kg", "m²", "", "", "m/s", "m/s", "W", "", "", "K"), strict=True)):
        learnt = sd[index] < 0.8 * estimate.prior_sd[index]
        method = (
            f"force balance over {estimate.stretches_count} stretches under traction"
            if learnt
            else "catalogue or climate; this trip adds little"
        )
        if name in known.values:
            method += f"; {known.trips_count} earlier trips of this coupling"
        origin = Origin.ESTIMATED if learnt or name in known.values else Origin.ASSUMED
        margin = Z_90 * float(sd[index])
        found.append(
            with_margin(
                f"estimate.{name}",
                float(estimate.mean[index]),
                unit,
                margin=margin,
                origin=origin,
                method=method,
                evidence=evidence,
            )
        )
    points, weights = estimate.points()
    ratio = rolling_n(points, combination).sum(axis=0) / (points[:, MASS] * GRAVITY_MPS2)
    value = float(weights @ ratio)
    spread = float(np.sqrt(weights @ (ratio - value) ** 2))
    method = "rolling force of all tyres over weight at the trip's load and temperature"
    return (
        *found,
        with_margin(
            "estimate.rolling_resistance_ratio",
            value,
            "",
            margin=Z_90 * spread,
            origin=Origin.ESTIMATED,
            method=method,
            evidence=evidence,
        ),
    )


def _per_distance(
    trip: Trip, stores: dict[str, Store], fuel_kg: float | None, electric_j: float | None, evidence: tuple[str, ...]
) -> tuple[Finding, ...]:
    energy_j = sum(store.energy_j for store in stores.values())
    margin = Z_90 * float(np.sqrt(sum(store.sd_j**2 for store in stores.values()))) / max(abs(energy_j), 1.0)
    shown = {"energy": (energy_j, "J/m"), "fuel": (fuel_kg, "kg/m"), "electric": (electric_j, "J/m")}
    return tuple(
        with_margin(
            f"per_distance.{name}",
            value / trip.distance_m,
            unit,
            margin=abs(value) / trip.distance_m * margin,
            origin=Origin.MEASURED,
            method="meter over distance",
            evidence=evidence,
        )
        for name, (value, unit) in shown.items()
        if value is not None
    )
