"""Scenarios of whole trips: what a combination needs on a mission, and what another one saves there."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.road.mission import mission, names
from fifthwheel.road.profile import Profile, profile
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import KWH
from fifthwheel.vehicle import catalogue
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals, whole

MIXED: Final = ("coal-taiyuan-shijiazhuang", "regional-weifang-linqu", "city-qingdao")
"""Motorway over hills, county roads and city, out and back: no net climb."""
ROADS: Final = ("mixed", *names())
PLOTS: Final = (("speed_mps",), ("kingpin_force_n",), ("altitude_m",))
PARAMETERS: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="road", title_en="Mission (mixed: several, out and back)", title_zh="任务（mixed：往返混合路况）", among=ROADS),
    *signals((
        ("payload_kg", "Payload", "载质量", 0.0, 36e3, 19.3e3),
        ("seed_count", "Seed of the day's traffic", "交通随机种子", 0, 1e6, 5),
    )),
)  # fmt: skip


def roads(parameters: Parameters) -> list[Profile]:
    """The roads of a case, with the halts of one day."""
    seed, road = whole(parameters, "seed_count"), str(parameters["road"])
    chosen = [name + way for name in MIXED for way in ("", ":back")] if road == "mixed" else [road]
    return [profile(mission(name), np.random.default_rng(seed)) for name in chosen]


def _taken(runs: list[TripRun], store: str) -> float:
    return sum(run.ledger.meter_j.get(store, 0.0) for run in runs)


def drive_mission(parameters: Parameters, tuning: Tuning) -> Run:
    """Drive a mission; the trace is that of its first road."""
    del tuning
    made = catalogue.combination(str(parameters["combination"]))
    runs = [drive(made, road, number(parameters, "payload_kg")) for road in roads(parameters)]
    way = sum(run.distance_m for run in runs)
    used, charged = _taken(runs, "battery"), sum(run.ledger.charged_j.get("battery", 0.0) for run in runs)
    quantities = {
        "account_residual_ratio": max(run.ledger.balance_error_ratio for run in runs),
        "mean_mps": way / sum(run.time_s for run in runs),
        "energy_jpm": sum(sum(run.ledger.meter_j.values()) for run in runs) / way,
        **({"electric_jpm": used / way, "recovered_ratio": charged / (used + charged)} if used else {}),
    }
    return Run(columns=_columns(runs[0]), quantities=quantities)


def _columns(run: TripRun) -> dict[str, Floats]:
    columns = {"time_s": np.arange(len(run.columns["speed_mps"]), dtype=np.float64)}
    return columns | {name: np.asarray(column, dtype=np.float64) for name, column in run.columns.items()}


def drive_saving(parameters: Parameters, tuning: Tuning) -> Run:
    """The same mission with the combination and with the one it is compared with."""
    del tuning
    given = Conditions(trailer_soc_ratio=number(parameters, "trailer_soc_ratio"))
    both = [catalogue.combination(str(parameters[name])) for name in ("compared_with", "combination")]
    ways, load = roads(parameters), number(parameters, "payload_kg")
    base = [drive(both[0], road, load) for road in ways]
    runs = [drive(both[1], road, load, given if both[1].trailer_drive else None) for road in ways]
    saved = 1.0 - sum(run.fuel_kg for run in runs) / sum(run.fuel_kg for run in base)
    taken = _taken(runs, "trailer_battery")
    quantities = {
        "saving_ratio": saved,
        "taken_j": taken,
        "later_ratio": sum(r.time_s for r in runs) / sum(r.time_s for r in base) - 1,
    }
    if taken > KWH:
        quantities["replaced_ratio"] = saved * _taken(base, "fuel") / taken
    return Run(columns=_columns(runs[0]), quantities=quantities)


def _first(name: str) -> tuple[str, ...]:
    """All combinations, one of them as the default."""
    return (name, *(one for one in catalogue.names() if one != name))


KINDS: Final = (
    Kind(
        name="mission", title_en="Mission", title_zh="任务行驶",
        parameters=(
            Choice(name="combination", title_en="Combination", title_zh="列车", among=tuple(catalogue.names())),
            *PARAMETERS,
        ),
        quantities=signals((
            ("account_residual_ratio", "Energy that the account misses", "能量核算残差"), ("mean_mps", "Mean speed", "平均车速"),
            ("energy_jpm", "Energy from the stores", "单位里程能耗"), ("electric_jpm", "Energy of the battery", "单位里程电耗"),
            ("recovered_ratio", "Share recuperated", "回收比例"),
        )),
        drive=drive_mission, plots=PLOTS,
    ),
    Kind(
        name="saving", title_en="Fuel saved on a mission", title_zh="任务节油",
        parameters=(
            Choice(name="combination", title_en="Combination", title_zh="列车",
                   among=_first("diesel-6x4-etrailer-recuperation")),
            Choice(name="compared_with", title_en="Compared with", title_zh="对比列车", among=_first("diesel-6x4-box")),
            *PARAMETERS,
            *signals((("trailer_soc_ratio", "Charge of the trailer's battery", "挂车电池初始荷电", 0.0, 1.0, 0.24),)),
        ),
        quantities=signals((
            ("saving_ratio", "Share of the fuel saved", "节油率"),
            ("taken_j", "Energy taken from the trailer's battery", "挂车电池耗电"),
            ("later_ratio", "Later by that share of the time", "时间增加比例"),
            ("replaced_ratio", "Fuel energy replaced over electric energy taken", "替代燃料与耗电能量比"),
        )),
        drive=drive_saving, plots=PLOTS,
    ),
)  # fmt: skip
