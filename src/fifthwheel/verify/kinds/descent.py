"""Scenarios of the downhill supervisor: long descents, with and without endurance brakes, with a full or a cold battery."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.control.brakes.downhill import Descender, Plan, Recovery, Stretch, plan
from fifthwheel.control.brakes.limits import Charge, charge_power_w
from fifthwheel.control.brakes.thermal import DISC, DRUM, warm
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.components import Battery, Motor
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals

COMBINATIONS: Final = ("diesel-6x4-etrailer", "diesel-6x4-box", "battery-423-box")
BRAKES: Final = {"disc": DISC, "drum": DRUM}
PIECES: Final = 80
"""Parts of the descent, so that the trace shows the way down."""
FRONT_RATIO: Final = 0.2
"""Share of the front axle in all friction; the others share the rest (load-dependent distribution of a laden train, rounded)."""
AXLES: Final = 6
POWERS: Final = ("regeneration_w", "engine_brake_w", "retarder_w", "friction_w")


def descender(parameters: Parameters) -> Descender:
    """What goes down: engine brake, retarder and recovery of a catalogue combination, as far as the case lets them work."""
    made = combination(str(parameters["combination"]))
    drive, endurance = made.drive, str(parameters["endurance"])
    works = {"engine brake and retarder": (True, True), "engine brake": (True, False), "none": (False, False)}[endurance]
    engine = drive.engine if works[0] else None
    return Descender(
        mass_kg=number(parameters, "mass_kg"), rolling_ratio=0.006, drag_area_m2=made.drag_area_m2, air_density_kgpm3=1.188,
        air_k=number(parameters, "air_k"), radius_m=made.tyre_radius_m, total_ratios=drive.total_ratios, engine=engine,
        retarder=drive.retarder if works[1] else None, retarder_ratio=drive.axle.ratio, recovery=_recovery(parameters),
        brakes=(BRAKES[str(parameters["brakes"])],) * AXLES,
        shares_ratio=(FRONT_RATIO, *((1 - FRONT_RATIO) / (AXLES - 1),) * (AXLES - 1)),
    )  # fmt: skip


def _recovery(parameters: Parameters) -> Recovery | None:
    """The trailer's machine where it has one, else the tractor's; none where there is none."""
    made = combination(str(parameters["combination"]))
    of = made.trailer_drive or made.drive
    if of.motor is None or of.battery is None:
        return None
    motor: Motor = of.motor
    battery: Battery = of.battery
    charge = Charge(soc_ratio=number(parameters, "soc_ratio"), temperature_k=number(parameters, "battery_k"))
    return Recovery(power_w=motor.peak_power_w * of.motors_count, efficiency_ratio=0.88, battery=battery, charge=charge)


def drive_descent(parameters: Parameters, tuning: Tuning) -> Run:
    """Plan the descent, then let its friction heat the brakes in steps of its own."""
    del tuning
    down, piece = descender(parameters), number(parameters, "length_m") / PIECES
    stretches = (Stretch(length_m=piece, downhill_ratio=number(parameters, "downhill_ratio")),) * PIECES
    found = plan(down, stretches, number(parameters, "limit_mps"), (number(parameters, "brakes_k"),) * AXLES)
    columns = _columns(down, found, (piece, number(parameters, "brakes_k")))
    split = [
        one.rolling_w + one.air_w + one.drag_w + one.engine_brake_w + one.retarder_w + one.regeneration_w + one.friction_w
        - one.gross_w - one.short_w
        for one in found.flows
    ]  # fmt: skip
    hottest = max(float(columns[f"brake_{index}_k"].max()) for index in range(AXLES))
    quantities = {
        "planned_mps": found.speed_mps,
        "over_limit_mps": found.speed_mps - number(parameters, "limit_mps"),
        "reserve_k": BRAKES[str(parameters["brakes"])].limit_k - hottest,
        "account_residual_ratio": max(abs(one) for one in split) / max(found.flows[0].gross_w, 1.0),
        "gross_w": found.flows[0].gross_w,
        "stored_j": found.stored_j,
        "least_gear_count": float(min(one.gear for one in found.flows)),
    }
    return Run(columns=columns, quantities=quantities | _battery(down, found))


def _columns(down: Descender, found: Plan, how: tuple[float, float]) -> dict[str, Floats]:
    piece_m, temperature_k = how
    columns = {"distance_m": piece_m * np.arange(1.0, len(found.flows) + 1)}
    columns |= {name: np.array([getattr(flow, name) for flow in found.flows]) for name in POWERS}
    for index, (brake, share) in enumerate(zip(down.brakes, down.shares_ratio, strict=True)):
        hot, trace = temperature_k, []
        for flow in found.flows:
            hot = warm(brake, hot, share * flow.friction_w, (found.speed_mps, down.air_k), flow.time_s).temperature_k
            trace.append(hot)
        columns[f"brake_{index}_k"] = np.array(trace)
    return columns


def _battery(down: Descender, found: Plan) -> dict[str, float]:
    """Power into the battery beyond its limit, and charge beyond its window; nothing without one."""
    recovery = down.recovery
    if recovery is None:
        return {}
    battery, charge = recovery.battery, recovery.charge
    power = max(one.regeneration_w for one in found.flows) * recovery.efficiency_ratio
    end = charge.soc_ratio + found.stored_j / battery.capacity_j
    return {
        "charge_excess_w": power - charge_power_w(battery, charge),
        "soc_excess_ratio": end - max(battery.soc_high_ratio, charge.soc_ratio),
    }


PARAMETERS: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="combination", title_en="Combination", title_zh="列车", among=COMBINATIONS),
    Choice(name="endurance", title_en="Endurance brakes that work", title_zh="可用缓速装置",
           among=("engine brake and retarder", "engine brake", "none")),
    Choice(name="brakes", title_en="Friction brakes", title_zh="摩擦制动器", among=tuple(BRAKES)),
    *signals((
        ("mass_kg", "Mass of the combination", "列车总质量", 8e3, 60e3, 40e3),
        ("downhill_ratio", "Fall", "下坡坡度", 0.0, 0.15, 0.06),
        ("length_m", "Length", "坡长", 500.0, 4e4, 6e3),
        ("limit_mps", "Speed limit", "限速", 4.0, 25.0, 80 / 3.6),
        ("air_k", "Air", "气温", 233.15, 323.15, 293.15),
        ("brakes_k", "Brakes at the top", "坡顶制动器温度", 233.15, 500.0, 293.15),
        ("soc_ratio", "Charge at the top", "坡顶荷电状态", 0.0, 1.0, 0.6),
        ("battery_k", "Battery", "电池温度", 243.15, 333.15, 298.15),
    )),
)  # fmt: skip

KINDS: Final = (
    Kind(
        name="descent", title_en="Long descent", title_zh="长下坡", parameters=PARAMETERS,
        quantities=signals((
            ("planned_mps", "Speed planned", "规划车速"), ("over_limit_mps", "Speed planned over the limit", "超限速"),
            ("reserve_k", "Limit less hottest brake", "制动器温度裕度"),
            ("account_residual_ratio", "Power not accounted for", "功率核算残差"),
            ("gross_w", "Power of the fall", "下坡总功率"), ("stored_j", "Energy into the battery", "电池回收能量"),
            ("least_gear_count", "Lowest gear (0: neutral)", "最低挡位（0为空挡）"),
            ("charge_excess_w", "Power into the battery beyond its limit", "超充电功率限值"),
            ("soc_excess_ratio", "Charge beyond the window", "超荷电上限"),
        )),
        drive=drive_descent,
        plots=(POWERS, tuple(f"brake_{index}_k" for index in range(AXLES))),
    ),
)  # fmt: skip
