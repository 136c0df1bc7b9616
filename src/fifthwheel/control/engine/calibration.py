"""Calibration of the engine control unit: data in TOML and what the unit knows of its engine, as one array."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.block import Signal
from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.physics.engine import fuel_power_at, gas_efficiency_ratio
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Engine

SPARK_FUELS: Final = ("lng", "cng")
DIESEL_FUELS: Final = ("diesel",)
HIGH_IDLE_RATIO: Final = 1.03
"""Highest speed over the end of the full-load curve."""
ENGINE_SCALARS: Final = (
    ("idle_radps", "idle speed", "怠速"), ("high_radps", "highest speed", "最高转速"), ("inertia_kgm2", "inertia", "转动惯量"),
    ("swept_m3", "displacement", "排量"), ("heating_jpkg", "lower heating value", "低热值"),
    ("efficiency_ratio", "best gas efficiency", "最佳指示效率"), ("best_radps", "speed of the best", "最佳效率转速"),
    ("fall_ratio", "fall beside it", "效率下降系数"), ("derate_altitude_m", "altitude: derating begins", "海拔降扭起点"),
    ("derate_per_metre_ratio", "altitude: derating a metre", "每米海拔降扭"),
)  # fmt: skip


@cache
def tables() -> dict[str, Any]:
    """`calibration.toml` and `signals.toml`."""
    room = files("fifthwheel.control.engine")
    texts = (room.joinpath(name).read_text(encoding="utf-8") for name in ("calibration.toml", "signals.toml"))
    return {kind: rows for text in texts for kind, rows in tomllib.loads(text).items()}


def engine_of(engine: Engine | str) -> Engine:
    """The engine itself, or that of the catalogue; raises `InputError` for a fuel this unit has no structure for."""
    made: Engine = catalogue().build("engines", engine) if isinstance(engine, str) else engine
    if made.fuel.name not in SPARK_FUELS + DIESEL_FUELS:
        accepted = ", ".join(DIESEL_FUELS + SPARK_FUELS)
        raise InputError(f"engine {made.name} burns {made.fuel.name}; the control unit is built for {accepted}")
    rises = all(low < high for low, high in pairwise(made.speed_radps))
    if not rises or len(made.speed_radps) < 2 or made.idle_speed_radps >= made.speed_radps[-1]:
        raise InputError(f"engine {made.name}: speeds {made.speed_radps} rad/s; two or more that rise beyond idle are wanted")
    return made


def is_spark(engine: Engine) -> bool:
    """Whether the engine is ignited by spark at a fixed air ratio, with a throttle."""
    return engine.fuel.name in SPARK_FUELS


def willans_of(engine: Engine) -> tuple[float, float, float]:
    """Willans coefficients of the engine: its own, or fitted by least squares to its fuel map inside the map's points."""
    if engine.fuel_map is None:
        return engine.willans
    speed, torque = np.array(engine.fuel_map.speed_radps), np.array(engine.fuel_map.torque_nm)
    fuel = fuel_power_at(engine, speed, torque)
    gas = speed * (torque + np.interp(speed, engine.speed_radps, engine.drag_torque_nm))
    burns = (fuel > 0.0) & (gas > 0.0)
    one, two = fuel[burns], fuel[burns] * speed[burns]
    least = np.linalg.lstsq(np.column_stack([one, two, two * speed[burns]]), gas[burns], rcond=None)[0]
    a, b, d = (float(value) for value in least)
    best = -b / (2.0 * d) if d < 0.0 else 0.0
    top = a + b * best + d * best * best
    if best <= 0.0 or not 0.0 < top < 1.0:
        return float(gas[burns].sum() / fuel[burns].sum()), 1.0, 0.0
    return top, best, -d * best * best / top


def willans_error_ratio(engine: Engine) -> float:
    """Error of `willans_of` on the engine's map: root of the mean square over the mean fuel; 0 without a map."""
    if engine.fuel_map is None:
        return 0.0
    speed, torque = np.array(engine.fuel_map.speed_radps), np.array(engine.fuel_map.torque_nm)
    fuel = fuel_power_at(engine, speed, torque)
    gas = np.maximum(speed * (torque + np.interp(speed, engine.speed_radps, engine.drag_torque_nm)), 0.0)
    error = gas / gas_efficiency_ratio(speed, willans_of(engine)) - fuel
    return float(np.sqrt(np.mean(error**2)) / np.mean(fuel))


def curve_of(engine: Engine) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Speeds, full load and drag at `N_CURVE` points: the engine's own, its last one held; of more, those that bend most."""
    speed = np.array(engine.speed_radps)[_bends(engine)]
    more = n.N_CURVE - len(speed)
    full = np.interp(speed, engine.speed_radps, engine.full_load_torque_nm)
    drag = np.interp(speed, engine.speed_radps, engine.drag_torque_nm)
    grid = np.concatenate([speed, speed[-1] * (1.0 + 1e-6 * np.arange(1, more + 1))])
    return grid, np.append(full, np.full(more, full[-1])), np.append(drag, np.full(more, drag[-1]))


def _bends(engine: Engine) -> list[int]:
    """Indices of at most `N_CURVE` points of the engine's curve: the ends, then again and again the one missed most."""
    speed, full = np.array(engine.speed_radps), np.array(engine.full_load_torque_nm)
    if len(speed) <= n.N_CURVE:
        return list(range(len(speed)))
    kept = [0, len(speed) - 1]
    while len(kept) < n.N_CURVE:
        missed = np.abs(np.interp(speed, speed[kept], full[kept]) - full)
        missed[kept] = -1.0
        kept = sorted([*kept, int(np.argmax(missed))])
    return kept


def signals(engine: Engine | str) -> tuple[Signal, ...]:
    """Every calibration value for an engine, in the order of `layout`, as a signal with range and start value."""
    made = engine_of(engine)
    out = [_scalar(name, row, is_spark(made)) for name, row in tables()["scalars"].items()]
    known = (
        made.idle_speed_radps, HIGH_IDLE_RATIO * made.speed_radps[-1], made.inertia_kgm2, made.displacement_m3,
        made.fuel.lower_heating_value_jpkg, *willans_of(made), made.derate_altitude_m, made.derate_per_metre_ratio,
    )  # fmt: skip
    out += [
        Signal(name=name, title_en=english, title_zh=chinese, low=0.0, start=value)
        for (name, english, chinese), value in zip(ENGINE_SCALARS, known, strict=True)
    ]
    for i, shares in enumerate(tables()["driver"]["shares"]):
        for j, share in enumerate(shares):
            text = f"driver's map, pedal {i} speed {j}", f"驾驶员需求图 踏板{i} 转速{j}"
            out.append(Signal(name=f"driver_{i}_{j}_ratio", title_en=text[0], title_zh=text[1], low=0.0, high=1.0, start=share))
    columns = (("curve", "radps", "speed", "转速"), ("full_load", "nm", "full load", "外特性"), ("drag", "nm", "drag", "倒拖"))
    for (name, unit, english, chinese), values in zip(columns, curve_of(made), strict=True):
        for i, value in enumerate(values):
            out.append(
                Signal(
                    name=f"{name}_{i}_{unit}", title_en=f"{english} {i}", title_zh=f"{chinese}{i}", low=0.0, start=float(value)
                )
            )
    return tuple(out)


def _scalar(name: str, row: dict[str, Any], spark: bool) -> Signal:
    value = row.get("gas", row["value"]) if spark else row["value"]
    return Signal(name=name, title_en=row["en"], title_zh=row["zh"], low=row["low"], high=row["high"], start=value)


def parameters_of(engine: Engine | str, **changes: float) -> Floats:
    """Calibration array for `step`, shape ``(N_PARAMETER,)``, with single values changed.

    Raises
    ------
    UnknownName : no such engine or value. InputError : a fuel the unit is not built for, or a value outside its range.

    Examples
    --------
    >>> from fifthwheel.control.engine import layout as n
    >>> parameters_of("diesel-13l-2500nm", droop_ratio=0.08)[n.DROOP_RATIO]
    np.float64(0.08)
    """
    table = signals(engine)
    out = np.array([signal.start for signal in table], dtype=np.float64)
    places = {signal.name: index for index, signal in enumerate(table)}
    for name, value in changes.items():
        if name not in places:
            raise UnknownName("calibration value of the engine control unit", name, places)
        signal = table[places[name]]
        if not signal.low <= value <= signal.high:
            raise InputError(f"{name} is {value} {signal.unit}; {signal.low} to {signal.high} {signal.unit} is accepted")
        out[places[name]] = value
    return out


def start(c: Floats, *, running: bool = False) -> Floats:
    """State of the unit at key-on, or with the engine idling, shape ``(N_STATE,)``."""
    x = np.zeros(n.N_STATE)
    x[n.COOLANT], x[n.DERATE], x[n.THROTTLE] = c[n.WARM_K], 1.0, 1.0
    x[n.ROAD_NM] = x[n.CRUISE_NM] = c[n.FULL0 : n.FULL0 + n.N_CURVE].max()
    x[n.ROAD_ERROR_MPS] = x[n.CRUISE_ERROR_MPS] = c[n.ROAD_MOST_MPS]
    if running:
        x[n.RUN], x[n.W], x[n.SEEN] = n.RUNNING, c[n.IDLE_RADPS], 1.0
    return x
