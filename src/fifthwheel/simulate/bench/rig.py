"""An engine on a bench with its control unit: built from a catalogue engine, run through a plan, read as named columns."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.block import Signal
from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.calibration import curve_of, engine_of, is_spark, parameters_of, start, tables, willans_of
from fifthwheel.control.engine.layout import Floats
from fifthwheel.errors import InputError, SimulationError, UnknownName
from fifthwheel.physics.charge import CYCLE_RAD, air_charge_kg, charge_temperature_k, compression_jpkg
from fifthwheel.physics.engine import gas_efficiency_ratio
from fifthwheel.simulate.bench import layout as m
from fifthwheel.simulate.bench.kernel import PLANT_S, together
from fifthwheel.vehicle.components import Engine

HOT_AIR_K = 313.15
HOT_COOLANT_K = 371.15
"""What the radiator is sized for."""
DERIVED = (
    ("inertia_kgm2", "inertia", "转动惯量"), ("swept_m3", "displacement", "排量"),
    ("heating_jpkg", "lower heating value", "低热值"),
    ("efficiency_ratio", "best gas efficiency", "最佳指示效率"), ("best_radps", "speed of the best", "最佳效率转速"),
    ("fall_ratio", "fall beside it", "效率下降系数"), ("turbo_kg", "equivalent mass of the rotor", "涡轮当量质量"),
    ("head_most_jpkg", "most compressor work", "压气机最大功"), ("heat_capacity_jpk", "heat capacity", "热容"),
    ("radiator_wpk", "radiator", "散热器"), ("starter_nm", "starter torque at the crank", "起动机扭矩"),
)  # fmt: skip


@cache
def plant_tables() -> dict[str, Any]:
    """`plant.toml`."""
    return tomllib.loads(files("fifthwheel.simulate.bench").joinpath("plant.toml").read_text(encoding="utf-8"))


def boost_for(fuel_kg: NDArray[np.float64], swept_m3: float, p: Floats) -> NDArray[np.float64]:
    """Manifold pressure (Pa) whose air burns `fuel_kg` a cycle at the air ratio of full load; found by repetition."""
    air = fuel_kg * p[m.STOICHIOMETRIC_RATIO] * p[m.FULL_LAMBDA_RATIO]
    ambient_pa, ambient_k = 101325.0, p[m.COLD_AIR_K]
    pressure = np.full_like(air, ambient_pa)
    for _ in range(60):
        head = compression_jpkg(np.maximum(pressure / ambient_pa, 1.0), ambient_k)
        warm = charge_temperature_k(head, ambient_k, p[m.COMPRESSOR_RATIO], p[m.COOLER_RATIO])
        pressure = ambient_pa * air / air_charge_kg(ambient_pa, warm, swept_m3 * p[m.VOLUMETRIC_RATIO])
    return np.asarray(pressure)


def plant_of(engine: Engine | str, **changes: float) -> Floats:
    """Parameters of the plant, shape ``(N_PARAMETER,)``, with single values changed; what follows from the engine is sized here.

    Raises
    ------
    UnknownName, InputError : as `control.engine.parameters_of`.
    """
    made = engine_of(engine)
    rows = plant_tables()["scalars"]
    p = np.zeros(m.N_PARAMETER)
    for index, (name, row) in enumerate(rows.items()):
        p[index] = changes.get(name, row.get("gas", row["value"]) if is_spark(made) else row["value"])
        if not row["low"] <= p[index] <= row["high"]:
            raise InputError(f"{name} is {p[index]}; {row['low']} to {row['high']} is accepted")
    speed, full, drag = curve_of(made)
    p[m.INERTIA_KGM2], p[m.SWEPT_M3] = made.inertia_kgm2, made.displacement_m3
    p[m.HEATING_JPKG] = made.fuel.lower_heating_value_jpkg
    p[m.EFFICIENCY_RATIO : m.FALL_RATIO + 1] = willans_of(made)
    efficiency = np.asarray(gas_efficiency_ratio(speed, willans_of(made)))
    fuel = (full + drag) * CYCLE_RAD / (efficiency * p[m.HEATING_JPKG])
    boost = boost_for(fuel, made.displacement_m3, p)
    p[m.TURBO_KG] = p[m.TURBO_KGPM3] * made.displacement_m3
    most = compression_jpkg(max(float(boost.max()) / 101325.0, 1.05), p[m.COLD_AIR_K])
    p[m.HEAD_MOST_JPKG] = p[m.HEAD_RATIO] * most
    p[m.HEAT_CAPACITY_JPK] = p[m.HEAT_CAPACITY_JPM3K] * made.displacement_m3
    heat = p[m.WALL_RATIO] * (full + drag) * speed / efficiency + drag * speed
    p[m.RADIATOR_WPK] = p[m.RADIATOR_RATIO] * heat.max() / (HOT_COOLANT_K - HOT_AIR_K)
    p[m.STARTER_NM] = p[m.STARTER_RATIO] * drag[0]
    brake = np.interp(speed, made.speed_radps, made.brake_torque_nm)
    for first, values in ((m.SPEED0, speed), (m.DRAG0, drag), (m.BRAKE0, brake), (m.BOOST0, boost)):
        p[first : first + m.N_CURVE] = values
    for name, value in changes.items():
        _change(p, name, value)
    return p


def _change(p: Floats, name: str, value: float) -> None:
    places = {signal.name: index for index, signal in enumerate(_named(p))}
    if name not in places:
        raise UnknownName("value of the engine on the bench", name, places)
    p[places[name]] = value


def _named(p: Floats) -> tuple[Signal, ...]:
    """Every parameter as a signal whose start is its value in `p`."""
    rows = plant_tables()["scalars"]
    out = [
        Signal(name=name, title_en=row["en"], title_zh=row["zh"], low=row["low"], high=row["high"], start=float(p[index]))
        for index, (name, row) in enumerate(rows.items())
    ]
    for name, english, chinese in DERIVED:
        out.append(Signal(name=name, title_en=english, title_zh=chinese, low=0.0, start=float(p[len(out)])))
    curves = (("curve", "radps", "speed", "转速"), ("drag", "nm", "drag", "倒拖"), ("brake", "nm", "engine brake", "发动机制动"),
              ("boost", "pa", "boost pressure", "增压压力"))  # fmt: skip
    for name, unit, english, chinese in curves:
        for i in range(m.N_CURVE):
            title = f"{english} {i}", f"{chinese}{i}"
            out.append(Signal(name=f"{name}_{i}_{unit}", title_en=title[0], title_zh=title[1], low=0.0, start=float(p[len(out)])))
    return tuple(out)


def plant_signals(engine: Engine | str) -> tuple[Signal, ...]:
    """Every parameter of the plant of an engine as a signal, in the order of `layout`."""
    return _named(plant_of(engine))


def rest(
    p: Floats, *, speed_radps: float = 0.0, coolant_k: float = 298.15, ambient_pa: float = 101325.0, ambient_k: float = 298.15
) -> Floats:
    """State of a plant that stands, or turns at a speed, without boost, shape ``(N_STATE,)``."""
    x = np.zeros(m.N_STATE)
    x[m.W], x[m.COOLANT_K] = speed_radps, coolant_k
    x[m.INTAKE_PA] = x[m.BOOST_PA] = ambient_pa
    x[m.CHARGE_K] = x[m.EXHAUST_K] = ambient_k
    x[m.AIR_KG] = air_charge_kg(ambient_pa, ambient_k, p[m.SWEPT_M3] * p[m.VOLUMETRIC_RATIO])
    return x


@dataclass(slots=True, kw_only=True)
class Bench:
    """Plant and control unit between two runs: arrays that a run changes in place; shapes in `layout`.

    Attributes
    ----------
    plant, parameters : state ``(N_STATE,)`` and parameters ``(N_PARAMETER,)`` of the engine.
    unit, calibration : of the control unit.
    worst : largest excess since the start, every ms, of fuel over the clean limit (share) and of torque over full load (Nm).
    """

    plant: Floats
    parameters: Floats
    unit: Floats
    calibration: Floats
    inputs: Floats = field(default_factory=lambda: np.zeros(n.N_INPUT))
    outputs: Floats = field(default_factory=lambda: np.zeros(n.N_OUTPUT))
    worst: Floats = field(default_factory=lambda: np.full(2, -np.inf))
    _work: Floats = field(default_factory=lambda: np.zeros(m.N_WORK + 1))
    _stored_j: float = 0.0

    def __post_init__(self) -> None:
        steps = self.calibration[n.STEP_S] / PLANT_S
        if abs(steps - round(steps)) > 1e-6:
            raise InputError(f"a period of {self.calibration[n.STEP_S]} s; whole milliseconds are accepted")
        self._work[m.N_WORK] = round(steps)
        self._stored_j = self.stored_j()

    def stored_j(self, load_kgm2: float = 0.0) -> float:
        """Energy in rotor, turbocharger and coolant."""
        x, p = self.plant, self.parameters
        turning = 0.5 * (p[m.INERTIA_KGM2] + load_kgm2) * x[m.W] ** 2
        return float(turning + p[m.TURBO_KG] * x[m.HEAD_JPKG] + p[m.HEAT_CAPACITY_JPK] * x[m.COOLANT_K])

    def run(self, plan: Floats) -> dict[str, NDArray[np.float64]]:
        """Run `plan`, shape ``(n_periods, N_PLAN)``: columns by name, one row a period.

        Raises `InputError` for a plan of another shape, `SimulationError` when the state is no longer finite.
        """
        if plan.ndim != 2 or plan.shape[1] != m.N_PLAN:
            raise InputError(f"plan of shape {plan.shape}; (periods, {m.N_PLAN}) is accepted")
        out = np.zeros((plan.shape[0], m.N_SAMPLE))
        together(
            self.plant, self.parameters, np.zeros(m.N_INPUT), self.unit, self.inputs, self.calibration, self.outputs, self._work,
            np.ascontiguousarray(plan, dtype=np.float64), out, self.worst,
        )  # fmt: skip
        if not np.isfinite(self.plant).all():
            raise SimulationError("the engine on the bench left the finite numbers; look for impossible parameters")
        return dict(zip((*m.COLUMNS, *tables()["outputs"]), out.T, strict=True))

    def residual_ratio(self, load_kgm2: float) -> float:
        """Share of the fuel's energy since the start that the account misses; `load_kgm2` is the inertia behind the flange."""
        x = self.plant
        spent = sum(x[i] for i in (m.LOAD_J, m.AUXILIARY_J, m.RADIATOR_J, m.COOLER_J, m.EXHAUST_J, m.UNBURNT_J))
        gap = x[m.FUEL_J] + x[m.STARTER_J] - spent - (self.stored_j(load_kgm2) - self._stored_j)
        return float(abs(gap) / max(x[m.FUEL_J], 1.0))


def bench(engine: Engine | str = "diesel-13l-2500nm", *, idling: bool = True, coolant_k: float = 363.15, load_kgm2: float = 0.0,
          unit: dict[str, float] | None = None, plant: dict[str, float] | None = None) -> Bench:  # fmt: skip
    """An engine with its unit, idling and warm or standing; single values of calibration (`unit`) and plant may be changed.

    `load_kgm2` is the inertia behind the flange that already turns with an idling engine (for the energy account).
    """
    c, p = parameters_of(engine, **(unit or {})), plant_of(engine, **(plant or {}))
    made = Bench(
        plant=rest(p, speed_radps=c[n.IDLE_RADPS] if idling else 0.0, coolant_k=coolant_k), parameters=p,
        unit=start(c, running=idling), calibration=c,
    )  # fmt: skip
    made._stored_j = made.stored_j(load_kgm2)
    return made


def plan_of(seconds_s: float, *, step_s: float = 0.01, **values: float | NDArray[np.float64]) -> Floats:
    """A plan of constant rows, shape ``(n_periods, N_PLAN)``: standard air, neutral, released pedal, free flange, own sensors.

    Keywords are inputs of the control unit by name, or of the bench: ``speed_radps torque_nm load_nm bench_auxiliary_nm load_kgm2
    mps_per_radps roll_nm air_nms2 bench_ambient_pa ambient_k radiator_ratio``; each a value or an array over the periods.

    Raises
    ------
    UnknownName : a keyword that is neither.
    """
    rows = round(seconds_s / step_s)
    names = [*tables()["inputs"], *EXTRA]
    plan = np.zeros((rows, m.N_PLAN))
    for index, row in enumerate(tables()["inputs"].values()):
        plan[:, index] = row["start"]
    plan[:, [n.VEHICLE_MPS, *range(n.CRANK_RADPS, n.LAMBDA_RATIO + 1)]] = nan
    plan[:, [m.E_SPEED_RADPS, m.E_TORQUE_NM]] = nan
    plan[:, m.E_AMBIENT_PA], plan[:, m.E_AMBIENT_K], plan[:, m.E_RADIATOR_RATIO] = 101325.0, 298.15, 1.0
    for name, value in values.items():
        if name not in names:
            raise UnknownName("column of a bench plan", name, names)
        plan[:, names.index(name)] = value
    if "pedal_ratio" in values and "pedal_2_ratio" not in values:
        plan[:, n.PEDAL_2_RATIO] = 0.5 * plan[:, n.PEDAL_RATIO]
    return plan


EXTRA = (
    "speed_radps", "torque_nm", "load_nm", "bench_auxiliary_nm", "load_kgm2", "mps_per_radps", "roll_nm", "air_nms2",
    "bench_ambient_pa", "ambient_k", "radiator_ratio",
)  # fmt: skip
