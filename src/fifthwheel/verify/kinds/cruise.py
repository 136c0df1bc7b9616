"""Scenarios of cruise control: a predictive plan on a mission, a platoon's savings over its gap, a column that brakes."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.simulate.platoon import Truck, column, platoon
from fifthwheel.simulate.predict import predict
from fifthwheel.simulate.trip import TripRun
from fifthwheel.units import KMH
from fifthwheel.vehicle import catalogue
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals, whole
from fifthwheel.verify.kinds.mission import PARAMETERS, roads

GAPS_M: Final = (10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 100.0, 200.0, 1e4)
COMBINATION: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="combination", title_en="Combination", title_zh="列车", among=tuple(catalogue.names())), *PARAMETERS,
)  # fmt: skip


def over_limit_mps(run: TripRun, road: Profile) -> Floats:
    """Speed beyond the limit at every second, the higher of the limits before and behind; negative within it."""
    place = run.columns["trip_distance_m"] / STEP_M
    last = len(road.limit_mps) - 1
    either = [road.limit_mps[np.minimum(rounded(place).astype(np.int64), last)] for rounded in (np.floor, np.ceil)]
    return np.asarray(run.columns["speed_mps"] - np.maximum(*either))


def drive_predictive(parameters: Parameters, tuning: Tuning) -> Run:
    """The same driver with and without predictive cruise, for the same arrival."""
    del tuning
    made, road = catalogue.combination(str(parameters["combination"])), roads(parameters)[0]
    found = predict(made, road, number(parameters, "payload_kg"))
    beyond = over_limit_mps(found.run, road)
    columns = {name: np.asarray(found.run.columns[name], dtype=np.float64) for name in ("trip_distance_m", "speed_mps")}
    with_time = {"time_s": np.arange(len(beyond), dtype=np.float64), **columns, "over_limit_mps": beyond}
    with_time["alone_mps"] = np.interp(
        columns["trip_distance_m"], found.alone.columns["trip_distance_m"], found.alone.columns["speed_mps"]
    )
    quantities = {
        "saving_ratio": found.saving_ratio,
        "later_ratio": found.time_ratio,
        "over_limit_mps": float(beyond.max()),
        "account_residual_ratio": found.run.ledger.balance_error_ratio,
    }
    return Run(columns=with_time, quantities=quantities)


def drive_platoon(parameters: Parameters, tuning: Tuning) -> Run:
    """What a platoon saves at its gap and at every other one."""
    del tuning
    made, road, gap = catalogue.combination(str(parameters["combination"])), roads(parameters)[0], number(parameters, "gap_m")
    count, load = whole(parameters, "trucks_count"), number(parameters, "payload_kg")
    gaps = sorted({*GAPS_M, gap})
    team = np.array([platoon(made, road, load, (count, one)).team_ratio for one in gaps])
    quantities = {
        "team_ratio": float(team[gaps.index(gap)]),
        "growing_ratio": float(np.diff(team).max()),
        "far_ratio": float(abs(team[-1])),
    }
    return Run(columns={"gap_m": np.array(gaps), "team_ratio": team}, quantities=quantities)


def drive_column(parameters: Parameters, tuning: Tuning) -> Run:
    """The first truck of a column slows down and speeds up again; the others keep their distance by their cruise units."""
    del tuning
    high, low = number(parameters, "speed_mps"), number(parameters, "speed_mps") - number(parameters, "dip_mps")
    count = whole(parameters, "trucks_count")
    lead = lambda time_s: low if 10.0 <= time_s < 25.0 else high  # noqa: E731
    radio = str(parameters["v2v"]) == "on"
    trucks = (Truck(mass_kg=number(parameters, "mass_kg")),) * count
    columns = column(trucks, lead, 70.0, v2v=radio)
    dips = [high - float(columns[f"speed_{rank}_mps"].min()) for rank in range(count)]
    quantities = {
        "least_gap_m": min(float(columns[f"gap_{rank}_m"].min()) for rank in range(1, count)),
        "dip_growth_ratio": max(after / before for before, after in pairwise(dips)),
    }
    return Run(columns=columns, quantities=quantities)


KINDS: Final = (
    Kind(
        name="predictive_cruise", title_en="Predictive cruise on a mission", title_zh="预见性巡航", parameters=COMBINATION,
        quantities=signals((
            ("saving_ratio", "Share of the energy saved", "节能率"),
            ("later_ratio", "Later by that share of the time", "时间增加比例"),
            ("over_limit_mps", "Speed over the limit", "超速"),
            ("account_residual_ratio", "Energy that the account misses", "能量核算残差"),
        )),
        drive=drive_predictive, plots=(("speed_mps", "alone_mps"), ("over_limit_mps",)),
    ),
    Kind(
        name="platoon", title_en="Platoon over its gap", title_zh="编队行驶",
        parameters=(*COMBINATION, *signals((
            ("gap_m", "Gap", "间距", 3.0, 1e4, 20.0), ("trucks_count", "Trucks", "车数", 2, 6, 3),
        ))),
        quantities=signals((
            ("team_ratio", "Energy that the team saves", "编队总节能率"),
            ("growing_ratio", "Most that savings grow with the gap", "随间距增大量"),
            ("far_ratio", "Saved at 10 km", "间距10 km时节能率"),
        )),
        drive=drive_platoon, plots=(("team_ratio",),),
    ),
    Kind(
        name="column", title_en="A column slows down", title_zh="车队减速",
        parameters=(
            Choice(name="v2v", title_en="Radio between the trucks", title_zh="车间通信", among=("on", "off")),
            *signals((
                ("speed_mps", "Speed", "车速", 10.0, 25.0, 80 * KMH), ("dip_mps", "Slower by", "减速量", 1.0, 15.0, 5.0),
                ("mass_kg", "Mass of each", "单车质量", 1e4, 6e4, 4e4), ("trucks_count", "Trucks", "车数", 2, 8, 4),
            )),
        ),
        quantities=signals((
            ("least_gap_m", "Least gap", "最小间距"),
            ("dip_growth_ratio", "Dip of a truck over that of the one ahead", "减速幅度传递比"),
        )),
        drive=drive_column, plots=(("speed_0_mps", "speed_1_mps"), ("gap_1_m",)),
    ),
)  # fmt: skip
