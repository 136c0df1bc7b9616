"""Run an engine over WHTC, WHSC or a user's schedule on its dynamometer, and compare its fuel with the steady map's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.calibration import engine_of
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.simulate.bench.cycle import Cycle, Schedule, denormalise, whtc
from fifthwheel.simulate.bench.rig import Bench, bench, plan_of
from fifthwheel.simulate.bench.validity import Validity, judge
from fifthwheel.units import KWH
from fifthwheel.vehicle.components import Engine

DYNAMOMETER_KGM2 = 3.0
"""Inertia of dynamometer and shaft [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A cycle as it was run: its reference, columns a period, validity, fuel, and the account's residual.

    Attributes
    ----------
    fuel_kg : burnt on the bench. map_fuel_kg, map_reference_fuel_kg : by `physics.engine.fuel_power_at`, steady, over speeds and
        torques measured once a second, and over those of the reference.
    excess_ratio, excess_nm : most by which fuel passed the smoke limit of the plant's air, and torque full load; negative: never.
    """

    cycle: Cycle
    columns: dict[str, NDArray[np.float64]]
    validity: Validity
    fuel_kg: float
    map_fuel_kg: float
    map_reference_fuel_kg: float
    residual_ratio: float
    excess_ratio: float
    excess_nm: float

    @property
    def fuel_kg_per_kwh(self) -> float:
        """Brake-specific fuel of the cycle, kg/kWh of positive work."""
        return self.fuel_kg / (self.validity.work_j / KWH)


def run_cycle(engine: Engine | str, schedule: Schedule | None = None, *, coolant_k: float = 358.15, **unit: float) -> Run:
    """Run `schedule` (WHTC by default), warm: the dynamometer holds the speed, the operator's pedal follows the torque.

    `unit` changes single values of the control unit's calibration.

    Raises
    ------
    UnknownName, InputError : as `bench` and `reference`.
    """
    made = engine_of(engine)
    cycle = denormalise(schedule or whtc(), made)
    rig = bench(made, coolant_k=coolant_k, load_kgm2=DYNAMOMETER_KGM2, unit=unit)
    step_s = float(rig.calibration[n.STEP_S])
    columns = rig.run(plan_for(cycle, step_s))
    seconds = np.rint(cycle.time_s / step_s).astype(int) - 1
    speed, torque = columns["engine_radps"][seconds], columns["flange_nm"][seconds]
    heating = made.fuel.lower_heating_value_jpkg
    crank = columns["crank_nm"][seconds]
    return Run(
        cycle=cycle, columns=columns, validity=judge(cycle, speed, torque, max(made.full_load_torque_nm)),
        fuel_kg=float(columns["burnt_kg"][-1]), map_fuel_kg=_map_fuel_kg(made, speed, crank, heating),
        map_reference_fuel_kg=_map_fuel_kg(made, cycle.speed_radps, cycle.torque_nm, heating),
        residual_ratio=rig.residual_ratio(DYNAMOMETER_KGM2), **_excess(rig),
    )  # fmt: skip


def plan_for(cycle: Cycle, step_s: float) -> NDArray[np.float64]:
    """Bench plan of a cycle: speeds and torques straight between its seconds."""
    seconds_s = float(cycle.time_s[-1])
    time = np.arange(round(seconds_s / step_s)) * step_s
    speed = np.interp(time, cycle.time_s, cycle.speed_radps)
    torque = np.interp(time, cycle.time_s, cycle.torque_nm)
    return plan_of(seconds_s, step_s=step_s, speed_radps=speed, torque_nm=torque, load_kgm2=DYNAMOMETER_KGM2)


def _map_fuel_kg(engine: Engine, speed_radps: NDArray[np.float64], torque_nm: NDArray[np.float64], heating_jpkg: float) -> float:
    return float(fuel_power_at(engine, speed_radps, torque_nm).sum() / heating_jpkg)


def _excess(rig: Bench) -> dict[str, float]:
    return {"excess_ratio": float(rig.worst[0]), "excess_nm": float(rig.worst[1])}
