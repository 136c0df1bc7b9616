"""Scenarios of the engine control unit on the engine's bench: idling with a load step, pedal steps at a speed."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.control.engine import block
from fifthwheel.simulate.bench.certify import run_cycle
from fifthwheel.simulate.bench.cycle import whsc, whtc
from fifthwheel.simulate.bench.rig import Bench, bench, plan_of
from fifthwheel.units import RPM
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Engine
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals

ENGINES: Final = ("diesel-13l-2500nm", "diesel-11l-2100nm", "diesel-13l-2300nm-eu")
SCHEDULES: Final = {"WHTC": whtc, "WHSC": whsc}
STEP_S: Final = 8.0
"""When the load or the pedal changes."""
BAND_RADPS: Final = 10 * RPM
PLOTS: Final = (("engine_radps",), ("flange_nm", "demand_nm", "roof_nm"), ("boost_pa",), ("limiter_state", "commander_state"))
PLACE: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="engine", title_en="Engine", title_zh="发动机", among=ENGINES),
    *signals((
        ("coolant_k", "Coolant at the start", "冷却液初始温度", 250.0, 385.0, 363.15),
        ("ambient_pa", "Pressure of the air", "大气压力", 5e4, 1.1e5, 101325.0),
        ("ambient_k", "Temperature of the air", "环境温度", 240.0, 325.0, 298.15),
    )),
)  # fmt: skip


def tunes() -> tuple[Signal, ...]:
    """Calibration of the engine control unit as it comes."""
    return block().parameters


def made_of(parameters: Parameters, tuning: Tuning) -> tuple[Engine, Bench]:
    """The engine of a case, idling on its bench."""
    engine: Engine = catalogue().build("engines", str(parameters["engine"]))
    return engine, bench(engine, coolant_k=number(parameters, "coolant_k"), unit=dict(tuning))


def plan(parameters: Parameters, seconds_s: float, **values: float | Floats) -> Floats:
    """A plan in the air of the case."""
    values |= {"bench_ambient_pa": number(parameters, "ambient_pa"), "ambient_k": number(parameters, "ambient_k")}
    return plan_of(seconds_s, step_s=0.01, **values)


def _limits(made: Bench) -> dict[str, float]:
    """By how much the fuel passed the clean limit, and torque full load, at worst."""
    return {"smoke_excess_ratio": float(made.worst[0]), "torque_excess_nm": float(made.worst[1])}


def drive_idle(parameters: Parameters, tuning: Tuning) -> Run:
    """Idle, then a load step of a share of the most torque; 12 s after."""
    engine, made = made_of(parameters, tuning)
    full = max(engine.full_load_torque_nm)
    time = np.arange(2000) * 0.01
    load = np.where(time >= STEP_S, number(parameters, "load_ratio") * full, 0.0)
    columns = made.run(plan(parameters, 20.0, load_nm=load))
    speed, target = columns["engine_radps"], columns["idle_target_radps"]
    off = np.abs(speed - target)
    before, after = (time > STEP_S - 3.0) & (time < STEP_S), time > 17.0
    late = np.flatnonzero((off > BAND_RADPS) & (time >= STEP_S))
    quantities = {
        "steady_radps": float(off[before | after].max()),
        "dip_radps": float((target - speed)[time >= STEP_S].max()),
        "least_engine_radps": float(speed.min()),
        "settled_s": float(time[late[-1]] - STEP_S + 0.01) if late.size else 0.0,
        **_limits(made),
    }
    return Run(columns=columns, quantities=quantities)


def drive_pedal(parameters: Parameters, tuning: Tuning) -> Run:
    """The dynamometer holds a speed; the pedal goes down at once."""
    _, made = made_of(parameters, tuning)
    time = np.arange(1600) * 0.01
    pedal = np.where(time >= STEP_S, number(parameters, "pedal_ratio"), 0.0)
    columns = made.run(plan(parameters, 16.0, speed_radps=number(parameters, "engine_radps"), pedal_ratio=pedal, gear_count=8.0))
    torque = columns["flange_nm"]
    begin, end = float(torque[time < STEP_S][-1]), float(torque[-50:].mean())
    reached = np.flatnonzero((torque - begin >= 0.9 * (end - begin)) & (time >= STEP_S))
    quantities = {
        "rise_s": float(time[reached[0]] - STEP_S),
        "steady_nm": end,
        "overshoot_nm": float(torque[time >= STEP_S].max() - end),
        **_limits(made),
    }
    return Run(columns=columns, quantities=quantities)


def drive_cycle(parameters: Parameters, tuning: Tuning) -> Run:
    """A certification cycle on the dynamometer, and the regression of measured on reference values."""
    engine: Engine = catalogue().build("engines", str(parameters["engine"]))
    found = run_cycle(engine, SCHEDULES[str(parameters["schedule"])](), coolant_k=number(parameters, "coolant_k"), **tuning)
    every = max(len(found.columns["time_s"]) // 18_000, 1) * 10
    quantities = {
        **{f"{line.quantity}_margin_ratio": line.margin_ratio for line in found.validity.lines},
        "work_margin_ratio": found.validity.work_margin_ratio,
        "fuel_apart_ratio": abs(found.fuel_kg / found.map_fuel_kg - 1.0),
        "account_residual_ratio": found.residual_ratio,
        "smoke_excess_ratio": found.excess_ratio,
        "torque_excess_nm": found.excess_nm,
    }
    return Run(columns={name: column[::every] for name, column in found.columns.items()}, quantities=quantities)


SMOKE: Final = ("smoke_excess_ratio", "Fuel beyond the clean limit", "超烟度限值喷油比例")
TORQUE: Final = ("torque_excess_nm", "Torque beyond full load", "超外特性转矩")

KINDS: Final = (
    Kind(
        name="engine_idle", title_en="Idle and load step", title_zh="怠速与加载",
        parameters=(*PLACE, *signals((("load_ratio", "Load step over the most torque", "加载比例", 0.0, 1.0, 0.3),))),
        quantities=signals((
            ("steady_radps", "Largest deviation from the target when steady", "稳态最大转速偏差"),
            ("dip_radps", "Dip below the target", "最大掉速"), ("least_engine_radps", "Least engine speed", "最低转速"),
            ("settled_s", "Until it stays within 10 rpm", "恢复时间"), SMOKE, TORQUE,
        )),
        drive=drive_idle, tunes=tunes, plots=PLOTS,
    ),
    Kind(
        name="engine_pedal", title_en="Pedal step at constant speed", title_zh="恒速踏板阶跃",
        parameters=(*PLACE, *signals((
            ("engine_radps", "Speed held", "恒定转速", 60.0, 210.0, 1200 * RPM), ("pedal_ratio", "Pedal", "踏板", 0.0, 1.0, 1.0),
        ))),
        quantities=signals((
            ("rise_s", "Until 90 % of the torque", "达到90%转矩时间"), ("steady_nm", "Torque in the end", "稳态转矩"),
            ("overshoot_nm", "Overshoot", "超调"), SMOKE, TORQUE,
        )),
        drive=drive_pedal, tunes=tunes, plots=PLOTS,
    ),
    Kind(
        name="engine_cycle", title_en="Certification cycle", title_zh="认证循环",
        parameters=(
            Choice(name="schedule", title_en="Schedule", title_zh="循环", among=tuple(SCHEDULES)),
            Choice(name="engine", title_en="Engine", title_zh="发动机", among=ENGINES),
            *signals((("coolant_k", "Coolant at the start", "冷却液初始温度", 250.0, 385.0, 358.15),)),
        ),
        quantities=signals((
            ("speed_margin_ratio", "Least margin of the speed's regression", "转速回归最小裕度"),
            ("torque_margin_ratio", "Least margin of the torque's regression", "转矩回归最小裕度"),
            ("power_margin_ratio", "Least margin of the power's regression", "功率回归最小裕度"),
            ("work_margin_ratio", "Margin of the work", "循环功裕度"),
            ("fuel_apart_ratio", "Fuel of the bench apart from the steady map's", "油耗与稳态图差异"),
            ("account_residual_ratio", "Energy that the account misses", "能量核算残差"), SMOKE, TORQUE,
        )),
        drive=drive_cycle, tunes=tunes, plots=(("engine_radps",), ("flange_nm",), ("boost_pa",), ("coolant_k",)),
    ),
)  # fmt: skip
