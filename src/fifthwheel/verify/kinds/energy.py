"""Scenarios of the energy unit: the split against dynamic programming on the same route, and what safety asks of it."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.simulate import layout, replay
from fifthwheel.simulate.trip import Conditions, Coordination, drive
from fifthwheel.vehicle import catalogue
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals
from fifthwheel.verify.kinds.mission import PARAMETERS, roads

COMBINATIONS: Final = tuple(
    name
    for name in ("diesel-6x4-etrailer-recuperation", "diesel-6x4-etrailer", "diesel-hybrid-4x2-box")
    if name in catalogue.names()
)
HOW: Final = {"ECMS": replay.FEEDBACK, "MPC with preview": replay.AHEAD}
SHARING: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="combination", title_en="Combination", title_zh="列车", among=COMBINATIONS),
    *PARAMETERS,
    *signals((("trailer_soc_ratio", "Charge of the trailer's battery", "挂车电池初始荷电", 0.0, 1.0, 0.24),)),
)  # fmt: skip


def _given(parameters: Parameters, how: Coordination) -> Conditions:
    trailer = catalogue.combination(str(parameters["combination"])).trailer_drive
    charge = number(parameters, "trailer_soc_ratio") if trailer else None
    return Conditions(coordination=how, trailer_soc_ratio=charge)


def drive_yardstick(parameters: Parameters, tuning: Tuning) -> Run:
    """Drive a mission, replay its stages by a strategy, and compare with the least cost of any split that ends as charged."""
    del tuning
    made, road = catalogue.combination(str(parameters["combination"])), roads(parameters)[0]
    given = _given(parameters, Coordination.COOPERATIVE)
    run = drive(made, road, number(parameters, "payload_kg"), given)
    stages = replay.route(run, road, given)
    done = replay.march(stages, HOW[str(parameters["strategy"])])
    least = replay.least_cost_j(stages, (done.soc_ratio, done.trailer_soc_ratio))
    quantities = {"above_least_ratio": done.cost_j / least - 1.0, "cost_j": done.cost_j, "least_j": least}
    columns = {"time_s": np.arange(len(run.columns["speed_mps"]), dtype=np.float64)}
    columns |= {name: np.asarray(run.columns[name], dtype=np.float64) for name in ("speed_mps", "kingpin_force_n")}
    return Run(columns=columns, quantities=quantities)


def drive_cooperation(parameters: Parameters, tuning: Tuning) -> Run:
    """A mission with the drives of tractor and trailer under one control: tension kept, charge held."""
    del tuning
    made, road = catalogue.combination(str(parameters["combination"])), roads(parameters)[0]
    run = drive(made, road, number(parameters, "payload_kg"), _given(parameters, Coordination(str(parameters["coordination"]))))
    last = run.samples[-1]
    columns: dict[str, Floats] = {"time_s": np.arange(len(run.columns["speed_mps"]), dtype=np.float64)}
    columns |= {name: np.asarray(run.columns[name], dtype=np.float64) for name in ("speed_mps", "kingpin_force_n")}
    quantities = {
        "slack_s": float(last[layout.SLACK_S]),
        "tension_margin_n": float(last[layout.TENSION_N]),
        "account_residual_ratio": run.ledger.balance_error_ratio,
        "energy_jpm": sum(run.ledger.meter_j.values()) / run.distance_m,
    }
    return Run(columns=columns, quantities=quantities)


KINDS: Final = (
    Kind(
        name="energy_yardstick", title_en="Split against dynamic programming", title_zh="能量分配与动态规划对比",
        parameters=(Choice(name="strategy", title_en="Strategy", title_zh="策略", among=tuple(HOW)), *SHARING),
        quantities=signals((
            ("above_least_ratio", "Cost above the least", "超出最优比例"), ("cost_j", "Cost as fuel", "等效燃料成本"),
            ("least_j", "Least cost as fuel", "最优等效燃料成本"),
        )),
        drive=drive_yardstick, plots=(("speed_mps",), ("kingpin_force_n",)),
    ),
    Kind(
        name="cooperation", title_en="Drives of tractor and trailer together", title_zh="牵引车与挂车协同驱动",
        parameters=(
            Choice(name="coordination", title_en="Coordination", title_zh="协同方式", among=("cooperative", "preview", "rules")),
            *SHARING,
        ),
        quantities=signals((
            ("slack_s", "Time without tension at the kingpin while the trailer propels", "挂车驱动时牵引销失去拉力时间"),
            ("tension_margin_n", "Least tension beyond the rule's while the trailer propels", "挂车驱动时拉力裕度"),
            ("account_residual_ratio", "Energy that the account misses", "能量核算残差"),
            ("energy_jpm", "Energy from the stores", "单位里程能耗"),
        )),
        drive=drive_cooperation, plots=(("speed_mps",), ("kingpin_force_n",)),
    ),
)  # fmt: skip
