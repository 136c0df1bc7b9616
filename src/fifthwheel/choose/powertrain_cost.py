"""Cost of a matched powertrain: the ledger of a region, and what its sizes cost more than those bought."""

from __future__ import annotations

from dataclasses import replace

from fifthwheel.choose.assets import assets_of
from fifthwheel.choose.cost import Work, ledger
from fifthwheel.choose.powertrain import Cost, Task, Trial
from fifthwheel.choose.practice import figures, surcharge
from fifthwheel.choose.region import Region
from fifthwheel.vehicle.combination import Combination


def ledger_cost(bought: Combination, region: Region) -> Cost:
    """Cost of a metre over the whole life, capital included; batteries by their energy, other sizes by their surcharges.

    Units that the region does not sell by name are priced by their kind.
    """

    def cost(trial: Trial) -> float:
        duty, plan = trial.task.duty, trial.plan
        day = duty.distance_day_m
        work = Work(
            speed_mps=trial.distance_m / trial.time_s, fuel_kgpm=trial.energy.fuel_kgpm, depot_jpm=plan.depot_j / day,
            public_jpm=plan.public_j / day, swap_jpm=plan.swap_j / day, friction_jpm=trial.friction_jpm,
            wait_ratio=plan.added_s / plan.time_s, distance_year_m=duty.distance_year_m, years=duty.years,
            extra=extra_price(bought, trial, trial.task),
        )  # fmt: skip
        return float(ledger(assets_of(_sold(trial.combination, region), region), work, region).total)

    return cost


def _sold(combination: Combination, region: Region) -> Combination:
    """The combination with units that the region does not sell by name priced by their kind."""
    tractor, trailer = (
        replace(unit, price="") if unit and unit.price not in region.assumptions else unit
        for unit in (combination.tractor, combination.trailer)
    )
    assert tractor is not None
    return replace(combination, tractor=tractor, trailer=trailer)


def extra_price(bought: Combination, trial: Trial, task: Task) -> float:
    """What the sizes of a trial cost more than those bought, tyres over the whole life."""
    price, sizes, drive = surcharge(task.duty.region), trial.sizes, bought.drive
    engine, motor = drive.engine, drive.motor
    if engine:
        watts = max(s * t for s, t in zip(engine.speed_radps, engine.full_load_torque_nm, strict=True))
        machines = price.engine_pw * watts
    else:
        machines = price.motor_pw * (motor.peak_power_w * drive.motors_count if motor else 0.0)
    before, after = (
        sum(len(group.positions_m) for group in one.tractor.axles if group.driven) for one in (bought, trial.combination)
    )
    tyres = sum(group.all_tyres_count for unit in bought.units for group in unit.axles)
    sets = max(task.duty.distance_year_m * task.duty.years / figures()["tyre_life_m"], 1.0)
    easier = (1.0 - sizes.rolling_ratio) / 0.1
    return machines * (sizes.torque_ratio - 1.0) + price.axle * (after - before) + price.tyre * easier * tyres * sets
