"""`run`: one job over one cycle by the rule set ``vecto-2.2``, with the results that VECTO 2.2 writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, SimulationError
from fifthwheel.physics.energy import Ledger
from fifthwheel.road.cycle import Cycle
from fifthwheel.simulate.trip import trip_totals
from fifthwheel.simulate.vecto22 import coast, forward, gears, power
from fifthwheel.simulate.vecto22.plan import Plan, Way, grades_of, sample, way_of
from fifthwheel.simulate.vecto22.truck import AIR_DENSITY_KGPM3, Truck, load_shares, pack
from fifthwheel.units import KM, KMH, RPM
from fifthwheel.vehicle.vecto.job import Job, Overspeed, ShiftKind

Floats = NDArray[np.float64]

RULES: Final = "vecto-2.2"
SHORT_RATIO, SHORT_M = 0.01, 50.0
"""A run that misses more of its cycle than both says so; the last seconds of a cycle are always cut off."""
LOST_RATIO: Final = 0.1
"""A declared truck that misses more of its cycle cannot follow it."""
_FACTORS: Final = {
    "dist [m]": (power.DISTANCE, 1.0), "v_act [km/h]": (power.V, 1 / KMH), "v_targ [km/h]": (power.TARGET, 1 / KMH),
    "acc [m/s²]": (power.A, 1.0), "grad [%]": (power.GRADE, 100.0), "n [1/min]": (power.SPEED, 1 / RPM),
    "Pe_eng [kW]": (power.PE, 1e-3), "Pe_full [kW]": (power.FULL, 1e-3), "Pe_drag [kW]": (power.DRAG, 1e-3),
    "Pe_clutch [kW]": (power.CLUTCH, 1e-3), "Pa Eng [kW]": (power.PA_ENGINE, 1e-3), "Paux [kW]": (power.AUXILIARY, 1e-3),
    "Gear [-]": (power.GEAR, 1.0), "Ploss GB [kW]": (power.LOSS_BOX, 1e-3), "Ploss Diff [kW]": (power.LOSS_AXLE, 1e-3),
    "Ploss Retarder [kW]": (power.LOSS_RETARDER, 1e-3), "Pa GB [kW]": (power.PA_BOX, 1e-3),
    "Pa Veh [kW]": (power.PA_VEHICLE, 1e-3), "Proll [kW]": (power.ROLL, 1e-3), "Pair [kW]": (power.AIR, 1e-3),
    "Pgrad [kW]": (power.CLIMB, 1e-3), "Pwheel [kW]": (power.WHEEL, 1e-3), "Pbrake [kW]": (power.BRAKE, 1e-3),
    "FC-Map [g/h]": (power.FUEL, 3.6e6),
}  # fmt: skip
"""Headings of a .vmod file: column of the run and factor to the heading's unit."""
_TORQUES: Final = {
    "Tq_eng [Nm]": power.PE, "Tq_clutch [Nm]": power.CLUTCH, "Tq_full [Nm]": power.FULL, "Tq_drag [Nm]": power.DRAG,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of a job over a cycle.

    Attributes
    ----------
    trace : columns of a VECTO .vmod file by their heading, unit included, one row a second, shape (n,).
    ledger : exact account; what the engine takes from the wheels in overrun is `engine_brake`.
    warnings : what was read or met that the rule set does not model, in words.
    """

    job: Job
    payload_kg: float
    trace: Mapping[str, Floats]
    ledger: Ledger
    warnings: tuple[str, ...] = ()

    @property
    def time_s(self) -> float:
        """Duration: one second a row."""
        return float(len(self.trace["time [s]"]))

    @property
    def distance_m(self) -> float:
        """Way driven."""
        return float(self.trace["dist [m]"][-1])

    @property
    def fuel_kg(self) -> float:
        """Fuel burnt, correction factor included."""
        return float(self.trace["FC-WHTCc [g/h]"].sum() / 3.6e6)

    def summary(self) -> dict[str, float]:
        """What a .vsum file says, by its headings: energies in kWh, negative where they leave; means over all seconds."""
        trace, hour = self.trace, 3600.0
        total = {name: float(column.sum()) / hour for name, column in trace.items() if name.endswith("[kW]")}
        engine, wheel = trace["Pe_eng [kW]"], trace["Pwheel [kW]"]
        km, grams = self.distance_m / KM, 1e3 * self.fuel_kg
        fuel = self.job.combination.drive.fuel
        assert fuel is not None
        return {
            "time [s]": self.time_s, "distance [km]": km, "speed [km/h]": self.distance_m / self.time_s / KMH,
            "Ppos [kW]": float(np.maximum(engine, 0.0).mean()), "Pneg [kW]": float(np.minimum(engine, 0.0).mean()),
            "FC-Map [g/h]": float(trace["FC-Map [g/h]"].mean()), "FC-WHTCc [g/h]": float(trace["FC-WHTCc [g/h]"].mean()),
            "FC-Final [g/km]": grams / km, "FC-Final [l/100km]": grams / km / (10 * fuel.density_kgpm3 / 1e3),
            "CO2 [g/km]": fuel.co2_kgpkg * grams / km, "PwheelPos [kW]": float(np.maximum(wheel, 0.0).mean()),
            "Pbrake [kW]": float(trace["Pbrake [kW]"].mean()),
            "EposICE [kWh]": float(np.maximum(engine, 0.0).sum()) / hour,
            "EnegICE [kWh]": float(np.minimum(engine, 0.0).sum()) / hour,
            "Eair [kWh]": -total["Pair [kW]"], "Eroll [kWh]": -total["Proll [kW]"], "Egrad [kWh]": -total["Pgrad [kW]"],
            "Eacc [kWh]": -total["Pa Veh [kW]"] - total["Pa GB [kW]"] - total["Pa Eng [kW]"],
            "Eaux [kWh]": -total["Paux [kW]"], "Ebrake [kWh]": total["Pbrake [kW]"],
            "Etransm [kWh]": -total["Ploss GB [kW]"] - total["Ploss Diff [kW]"],
            "Eretarder [kWh]": -total["Ploss Retarder [kW]"],
            "Mass [kg]": self.job.combination.tare_kg, "Loading [kg]": self.payload_kg,
        }  # fmt: skip

    def totals(self) -> dict[str, float | None]:
        """Totals as `fifthwheel simulate` prints them."""
        return trip_totals(self.job.combination, self.distance_m, self.time_s, self.fuel_kg, 0.0)


def run(job: Job, cycle: Cycle, payload_kg: float) -> Run:
    """Drive a job's combination with a payload over a cycle by the rules of VECTO 2.2.

    Raises
    ------
    InputError : payload out of range, a drive or a cycle that the rule set does not take.
    SimulationError : a truck that cannot follow; names place, grade and gear.
    """
    if not 0.0 <= payload_kg <= job.combination.payload_limit_kg + 1.0:
        limit = job.combination.payload_limit_kg
        raise InputError(f"payload of {payload_kg:.0f} kg; {job.combination.name} carries 0 to {limit:.0f} kg")
    truck = pack(job, payload_kg)
    way = way_of(cycle, (truck.pace, truck.slower))
    plan = planned(truck, way)
    rows, outside = _drive(truck, way, plan, job.combination.name)
    warnings = (*job.warnings, *_warnings(job, outside, len(rows)), *_shortfall(job, way, rows, truck.mass))
    return Run(
        job=job, payload_kg=payload_kg, trace=_trace(rows, job.fuel_factor_ratio), ledger=_ledger(job, truck, rows),
        warnings=warnings,
    )  # fmt: skip


def planned(truck: Truck, way: Way) -> Plan:
    """The speed trace that the driver plans: braking, overspeed, look-ahead coasting."""
    plan = sample(way)
    if len(plan.speed) < 2:
        raise InputError(f"a cycle of {way.place[-1] - way.place[0]:.0f} m takes less than two seconds; it has no step")
    grade = grades_of(way, plan)
    planned_gears = np.zeros(len(plan.speed), dtype=np.int64)
    coast.plan_overspeed(truck, plan, grade, planned_gears)
    coast.plan_coasting(truck, plan, grade, planned_gears, coast.slower_steps(plan.speed))
    return plan


def _drive(truck: Truck, way: Way, plan: Plan, name: str) -> tuple[Floats, int]:
    state = np.zeros(gears.N_STATE)
    state[gears.STANDING] = gears.BEFORE_START if plan.speed[0] > 0.0 else 1.0
    state[gears.LAST_SPEED], state[gears.CHANGED] = truck.idle, -np.inf
    memory = np.append(truck.maps.triangles[:-1], 0)
    rows = np.zeros((2 * len(plan.speed) + 4, power.N_COLUMNS))
    count = forward.drive(truck, way, plan, (state, memory, rows))
    if count < 0:
        driven = rows[-count - 2, power.DISTANCE] if count < -1 else 0.0
        where = _where(way, driven, int(state[gears.ENGAGED]))
        raise SimulationError(f"{name} at {truck.mass / 1e3:.1f} t cannot move: {where}")
    return rows[:count], int(memory[-1])


def _where(way: Way, driven: float, gear: int) -> str:
    index = min(max(int(np.searchsorted(way.place, driven)), 1), len(way.grade) - 1)
    return f"{driven / KM:.3f} km from the start, grade {100 * way.grade[index]:.1f} %, in gear {max(gear, 1)}"


def _shortfall(job: Job, way: Way, rows: Floats, mass_kg: float) -> list[str]:
    """What to say of a truck that drove less than the cycle; a declared one that misses a tenth of it cannot follow."""
    missed = 1.0 - rows[-1, power.DISTANCE] / (way.place[-1] - way.place[0])
    if missed < SHORT_RATIO or way.place[-1] - way.place[0] - rows[-1, power.DISTANCE] < SHORT_M:
        return []
    limited = (rows[:, power.GEAR] > 0.0) & (rows[:, power.PE] > 0.9 * rows[:, power.FULL]) & (rows[:, power.A] < 0.05)
    slow = np.where(limited, rows[:, power.V] / np.maximum(rows[:, power.TARGET], 1.0), np.inf)
    slowest = rows[int(np.argmin(slow))] if np.isfinite(slow).any() else rows[-1]
    where = _where(way, float(slowest[power.DISTANCE]), int(slowest[power.GEAR]))
    what = f"{job.combination.name} at {mass_kg / 1e3:.1f} t drove {100 * (1 - missed):.1f} % of the cycle; slowest at {where}"
    if job.declaration and missed > LOST_RATIO:
        raise SimulationError(f"cannot follow: {what}")
    return [what]


def _warnings(job: Job, outside: int, count: int) -> list[str]:
    found = []
    if outside:
        found.append(f"outside the fuel map in {outside} of {count} s; the value at its nearest edge was used")
    if job.shifting.kind is ShiftKind.AT:
        found.append("automatic gearbox: driven as a stepped one with the shift constants of AT; no torque converter")
    if job.driver.overspeed is Overspeed.ECO_ROLL:
        found.append("eco-roll is not modelled; driven without it and without overspeed")
    return found


def _trace(rows: Floats, factor: float) -> dict[str, Floats]:
    trace: dict[str, Floats] = {"time [s]": np.arange(1.5, len(rows) + 1.0)}
    trace |= {heading: rows[:, column] * scale for heading, (column, scale) in _FACTORS.items()}
    trace |= {heading: rows[:, column] / rows[:, power.SPEED] for heading, column in _TORQUES.items()}
    return trace | {"FC-WHTCc [g/h]": trace["FC-Map [g/h]"] * factor}


def _ledger(job: Job, truck: Truck, rows: Floats) -> Ledger:
    """Book every second; watts over one second are joules."""
    fuel = job.combination.drive.fuel
    assert fuel is not None
    heat = rows[:, power.FUEL] * job.fuel_factor_ratio * fuel.lower_heating_value_jpkg
    crank = np.maximum(rows[:, power.PE], 0.0)
    motored = np.minimum(rows[:, power.PE], 0.0)
    standing = rows[:, power.V] <= 0.0
    still = (job.combination.drag_area_m2 * AIR_DENSITY_KGPM3 / 2 * rows[:, power.V] ** 3).sum()
    own, towed = load_shares(job.combination, truck.mass)
    roll, climb = rows[:, power.ROLL].sum(), rows[:, power.CLIMB]
    losses = rows[:, [power.LOSS_BOX, power.LOSS_AXLE, power.LOSS_RETARDER]].sum()
    terms = {
        "engine": (heat - crank)[~standing].sum(),
        "idle": (heat - crank)[standing].sum(),
        "engine_brake": -motored.sum(),
        "aero_still": still, "aero_wind": rows[:, power.AIR].sum() - still,
        "rolling_tractor": roll * own / (own + towed), "rolling_trailer": roll * towed / (own + towed),
        "climb": climb.sum(), "kinetic": rows[:, [power.PA_VEHICLE, power.PA_ENGINE, power.PA_BOX]].sum(),
        "brake_friction": -rows[:, power.BRAKE].sum(), "driveline": losses, "auxiliary": rows[:, power.AUXILIARY].sum(),
    }  # fmt: skip
    return Ledger(
        meter_j={"fuel": float(heat.sum())},
        terms_j={name: float(value) for name, value in terms.items()},
        gross_climb_j=float(np.maximum(climb, 0.0).sum()),
        gross_descent_j=float(-np.minimum(climb, 0.0).sum()),
    )
