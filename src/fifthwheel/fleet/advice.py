"""Advice on resistance: what a mission would need with one thing changed, and what crosswind asks for.

Every saving is the same mission simulated twice; its interval comes from simulating it with the ends of the fact it rests on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import degrees
from typing import Any, Final

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet import simulate as simulating
from fifthwheel.fleet.simulate import Day
from fifthwheel.physics.aero import air_density_kgpm3, gap_drag_ratio
from fifthwheel.physics.crosswind import side_force_n, wind_load_transfer_ratio
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.tyre import axle_loads_n, lifted_groups
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.batch import Case
from fifthwheel.simulate.pack import Truth, trailer_payload_ratio
from fifthwheel.simulate.predict import Predicted, energy_of, predict
from fifthwheel.simulate.trip import TripRun, drive
from fifthwheel.units import KMH
from fifthwheel.vehicle.combination import Combination, Unit

USUAL_GAP_M: Final = 0.75
"""Gap that the catalogue's drag areas stand for, and below which the law sees no gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a piece of advice rests on: its figure with both ends, what is assumed where nothing is known, and whence."""

    value: float
    low: float
    high: float
    assumed: float
    confidence: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the vehicle today; ``None``: not measured.

    Attributes
    ----------
    pressure_ratio : tyre pressure over nominal. gap_m : between cab and body.
    deflector_m : by how much the edge of the roof deflector stands below the body's roof (negative: above).
    """

    pressure_ratio: float | None = None
    gap_m: float | None = None
    deflector_m: float | None = None

    def __post_init__(self) -> None:
        bounds = {"pressure_ratio": (0.3, 1.5), "gap_m": (0.3, 3.0), "deflector_m": (-1.5, 1.5)}
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InputError(f"{name} {value:g}; {low:g} to {high:g} is accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to change: in words, its saving (share of the mission's energy), and how sure the fact behind it is."""

    title_en: str
    title_zh: str
    do_en: str
    do_zh: str
    saving: Finding
    confidence: str
    source: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready mapping."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "saving"} | {"saving": self.saving.to_dict()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """Advice for a combination on a mission: the trip as it is, and what to change, most saving first; cautions last."""

    combination: str
    mission: str
    payload_kg: float
    energy_j: float
    time_s: float
    advice: tuple[Advice, ...]
    cautions: tuple[Advice, ...]

    def document(self) -> dict[str, Any]:
        """Everything as one JSON document, as `fifthwheel advise --json` prints it."""
        plain = {name: getattr(self, name) for name in ("combination", "mission", "payload_kg", "energy_j", "time_s")}
        return plain | {name: [one.to_dict() for one in getattr(self, name)] for name in ("advice", "cautions")}


@cache
def facts() -> dict[str, Fact]:
    """What advice rests on, by name."""
    text = files("fifthwheel.fleet").joinpath("advice.toml").read_text(encoding="utf-8")
    return {name: Fact(**row) for name, row in tomllib.loads(text).items()}


def advise(
    combination: str, mission: str, payload_kg: float | None = None, day: Day | None = None, known: Known | None = None
) -> Advised:  # fmt: skip
    """Advice for a combination on a mission; arguments as of `fleet.simulate.simulate`.

    Raises
    ------
    InputError : a name, file or value that is not accepted. SimulationError : a trip that it cannot drive.
    """
    case = next(simulating.cases([combination], [mission], [payload_kg], [day or Day()]))
    return advise_case(case, known or Known())


def advise_case(case: Case, known: Known) -> Advised:
    """Advice for one case, as `advise` gives it."""
    now = drive(case.combination, case.road, case.payload_kg, case.conditions)
    energy_j = energy_of(now)
    makers = (_pressure, _gap, _deflector, _lift_axle, _cruise, _wind)
    found = [one for make in makers if (one := make(case, known, now)) is not None]
    return Advised(
        combination=case.combination.name, mission=case.road_name, payload_kg=case.payload_kg, energy_j=energy_j,
        time_s=now.time_s,
        advice=tuple(sorted(found, key=lambda one: -(one.saving.value or 0.0))), cautions=tuple(_cautions(case, now)),
    )  # fmt: skip


def _energy_j(case: Case, truth: Truth | None = None, combination: Combination | None = None) -> float:
    conditions = case.conditions if truth is None else replace(case.conditions, truth=truth)
    return energy_of(drive(combination or case.combination, case.road, case.payload_kg, conditions))


def _saving(name: str, case: Case, fact: Fact, share: Callable[[float], float], *, assumed: bool, method: str) -> Finding:
    """A saving with the interval of its fact; `share` gives the saving for a figure of the fact."""
    shares = [share(figure) for figure in (fact.low, fact.value, fact.high)]
    return Finding(
        name=f"advice.{name}", value=shares[1], unit="", low=min(shares), high=max(shares),
        origin=Origin.ASSUMED if assumed else Origin.SIMULATED, method=method,
        evidence=(f"catalogue:{case.combination.name}", f"mission:{case.road_name}"),
    )  # fmt: skip


def _unknown(name: str, case: Case, method: str) -> Finding:
    return Finding(
        name=f"advice.{name}", value=None, unit="", origin=Origin.ASSUMED, method=method,
        evidence=(f"catalogue:{case.combination.name}", f"mission:{case.road_name}"),
    )  # fmt: skip


def _advice(titles: tuple[str, str], todo: tuple[str, str], saving: Finding, fact: Fact) -> Advice:
    return Advice(
        title_en=titles[0], title_zh=titles[1], do_en=todo[0], do_zh=todo[1], saving=saving, confidence=fact.confidence,
        source=fact.source,
    )  # fmt: skip


def _pressure(case: Case, known: Known, _now: TripRun) -> Advice:
    fact = facts()["tyre_pressure"]
    ratio = fact.assumed if known.pressure_ratio is None else known.pressure_ratio
    titles = "Tyre pressure", "胎压"
    if ratio >= 1.0:
        saving = _unknown("tyre_pressure", case, f"pressure is {ratio:.0%} of nominal: nothing to gain")
        return _advice(titles, ("keep it", "保持"), saving, fact)

    def share(exponent: float) -> float:
        truth, factor = case.conditions.truth, ratio**exponent
        soft = replace(
            truth, rolling_tractor_ratio=truth.rolling_tractor_ratio * factor,
            rolling_trailer_ratio=truth.rolling_trailer_ratio * factor,
        )  # fmt: skip
        return 1.0 - _energy_j(case) / _energy_j(case, soft)

    guess = known.pressure_ratio is None
    method = f"mission at {ratio:.0%} of nominal pressure against nominal" + ("; pressure not measured, assumed" if guess else "")
    todo = f"inflate from {ratio:.0%} to 100 % of nominal", f"从标准气压的{ratio:.0%}补足到100%"
    return _advice(titles, todo, _saving("tyre_pressure", case, fact, share, assumed=guess, method=method), fact)


def _gap(case: Case, known: Known, now: TripRun) -> Advice | None:
    if case.combination.trailer is None:
        return None
    fact = facts()["cab_gap"]
    gap = fact.assumed if known.gap_m is None else known.gap_m
    titles = "Gap between cab and trailer", "驾驶室与挂车间隙"
    if gap <= USUAL_GAP_M:
        saving = _unknown("cab_gap", case, f"gap of {gap:.2f} m: the law sees nothing to gain below {USUAL_GAP_M} m")
        return _advice(titles, ("keep it", "保持"), saving, fact)
    yaw = _mean_yaw_deg(case, now)
    excess = float(gap_drag_ratio(gap, yaw)) - 1.0
    guess = known.gap_m is None
    method = f"drag {excess:+.1%} at {gap:.2f} m and a mean yaw of {yaw:.1f} degrees" + ("; gap not measured" if guess else "")
    todo = (
        f"close from {gap:.2f} to {USUAL_GAP_M} m (slide the fifth wheel; swing radius, pitch and axle loads permitting)",
        f"从{gap:.2f}米减到{USUAL_GAP_M}米（前移鞍座；须保证回转半径、俯仰间隙和轴荷）",
    )
    saving = _saving("cab_gap", case, fact, _dragged(case, lambda figure: figure * excess), assumed=guess, method=method)
    return _advice(titles, todo, saving, fact)


def _deflector(case: Case, known: Known, _now: TripRun) -> Advice | None:
    trailer = case.combination.trailer
    if trailer is None:
        return None
    fact = facts()["deflector"]
    titles = "Roof deflector", "导流罩"
    if known.deflector_m is None:
        saving = _unknown("deflector", case, "not known: by how much its edge stands below the roof of the body (--deflector-m)")
        return _advice(titles, ("measure its edge against the body's roof", "测量导流罩上沿与车厢顶的高差"), saving, fact)
    off = known.deflector_m
    todo = (
        f"set its edge {abs(off):.2f} m {'higher' if off > 0 else 'lower'}",
        f"上沿{'升高' if off > 0 else '降低'}{abs(off):.2f}米",
    )
    saving = _saving(
        "deflector", case, fact, _dragged(case, lambda figure: figure * abs(off)), assumed=False,
        method=f"drag {fact.value * abs(off):+.1%} for an edge {off:+.2f} m off the roof",
    )  # fmt: skip
    return _advice(titles, todo, saving, fact)


def _dragged(case: Case, excess: Callable[[float], float]) -> Callable[[float], float]:
    """Saving by taking away a share of drag that a figure gives."""

    def share(figure: float) -> float:
        truth = case.conditions.truth
        return 1.0 - _energy_j(case) / _energy_j(case, replace(truth, drag_ratio=truth.drag_ratio * (1.0 + excess(figure))))

    return share


def _mean_yaw_deg(case: Case, now: TripRun) -> float:
    """Mean angle of the air to the vehicle while it moves."""
    speed, place = now.columns["speed_mps"], now.columns["trip_distance_m"]
    moving = speed > 5.0
    head, cross = case.conditions.weather.wind_mps(case.road.at(place[moving])["heading_rad"])
    return float(np.degrees(np.arctan2(np.abs(cross), speed[moving] + head)).mean()) if moving.any() else 0.0


def _lift_axle(case: Case, _known: Known, _now: TripRun) -> Advice | None:
    whole, mass = case.combination, case.combination.tare_kg + case.payload_kg
    if not any(group.liftable for unit in whole.units for group in unit.axles):
        return None
    fact, up = facts()["lift_axle"], any(any(one) for one in lifted_groups(whole, mass))
    titles = "Lift axle", "提升桥"
    raised = _with_axles_up(whole, mass)
    if raised is None:
        why = f"axle loads at {mass / 1e3:.1f} t do not allow it: checked against the permitted loads of the catalogue"
        return _advice(titles, ("leave it down", "保持落下"), _unknown("lift_axle", case, why), fact)
    difference = 1.0 - _energy_j(case, combination=raised) / _energy_j(case, combination=_with_axles_down(whole))
    margin = min(
        1.0 - load / (group.load_limit_kg * GRAVITY)
        for unit, loads in zip(raised.units, axle_loads_n(raised, mass), strict=True)
        for group, load in zip(unit.axles, loads, strict=True)
    )
    method = f"up against down, re-simulated; axle loads checked against the catalogue's permitted loads: margin {margin:.0%}"
    method += "; the vehicle's own rule has it up already" if up else "; the vehicle's own rule leaves it down"
    saving = _saving("lift_axle", case, fact, lambda figure: figure * difference, assumed=False, method=method)
    return _advice(titles, ("keep it up" if up else "raise it", "保持升起" if up else "升起"), saving, fact)


def _with_axles_down(combination: Combination) -> Combination:
    def down(unit: Unit) -> Unit:
        return replace(unit, axles=tuple(replace(group, liftable=False) for group in unit.axles))

    trailer = down(combination.trailer) if combination.trailer else None
    return replace(combination, tractor=down(combination.tractor), trailer=trailer)


def _with_axles_up(combination: Combination, mass_kg: float) -> Combination | None:
    """The combination with its lift axles up and their load on the others of the unit; ``None`` where limits do not allow it."""
    units = []
    for unit, shares in zip(combination.units, combination.axle_load_ratios, strict=True):
        stay = [(group, share) for group, share in zip(unit.axles, shares, strict=True) if not group.liftable]
        if not stay:
            return None
        scale = sum(shares) / sum(share for _, share in stay)
        if any(share * scale * mass_kg > group.load_limit_kg for group, share in stay):
            return None
        units.append(replace(unit, axles=tuple(replace(group, load_share_ratio=share * scale) for group, share in stay)))
    return replace(combination, tractor=units[0], trailer=units[1] if len(units) > 1 else None)


def _cruise(case: Case, _known: Known, _now: TripRun) -> Advice:
    fact = facts()["cruise"]
    saving = _saving(
        "predictive_cruise", case, fact, lambda figure: _predicted(case, figure).saving_ratio, assumed=False,
        method="speed, coasting and recuperation planned ahead, same arrival; driven by the trip simulation",
    )  # fmt: skip
    titles, todo = ("Predictive cruise", "预见性巡航"), ("drive by the plan", "按规划车速行驶")
    return _advice(titles, todo, saving, fact)


def _predicted(case: Case, resistance_ratio: float, forecast: Weather | None = None) -> Predicted:
    truth = case.conditions.truth
    real = Truth(
        drag_ratio=truth.drag_ratio * resistance_ratio, auxiliary_ratio=truth.auxiliary_ratio,
        rolling_tractor_ratio=truth.rolling_tractor_ratio * resistance_ratio,
        rolling_trailer_ratio=truth.rolling_trailer_ratio * resistance_ratio,
    )  # fmt: skip
    return predict(case.combination, case.road, case.payload_kg, replace(case.conditions, truth=real), forecast=forecast)


def _wind(case: Case, _known: Known, _now: TripRun) -> Advice | None:
    weather = case.conditions.weather
    if weather.wind_speed_mps == 0.0:
        return None
    fact, calm = facts()["wind"], replace(weather, wind_speed_mps=0.0)

    def share(figure: float) -> float:
        return 1.0 - _predicted(case, figure).energy_j / _predicted(case, figure, calm).energy_j

    saving = _saving(
        "wind_speed", case, fact, share, assumed=False, method="plan that knows the wind against one that does not, same arrival"
    )
    return _advice(("Speed by wind", "按风调速"), _by_wind(case, _predicted(case, 1.0)), saving, fact)


def _by_wind(case: Case, found: Predicted) -> tuple[str, str]:
    """Mean speeds advised with the wind ahead, aside and behind, on open road."""
    course = found.course
    if course is None:
        return "drive as usual", "照常行驶"
    middle = 0.5 * (course.distance_m[1:] + course.distance_m[:-1])
    head, cross = case.conditions.weather.wind_mps(case.road.at(middle)["heading_rad"])
    limit = np.interp(middle, case.road.distance_m, case.road.limit_mps)
    speed, open_road = course.speed_mps[1:], limit > 0.95 * limit.max()
    parts_en, parts_zh = [], []
    sectors = ("ahead", "迎风", head > np.abs(cross)), ("aside", "侧风", np.abs(head) <= np.abs(cross)), (
        "behind", "顺风", -head > np.abs(cross),
    )  # fmt: skip
    for name_en, name_zh, mask in sectors:
        if (mask & open_road).any():
            mean = float(speed[mask & open_road].mean()) / KMH
            parts_en.append(f"{name_en} {mean:.1f} km/h")
            parts_zh.append(f"{name_zh}{mean:.1f} km/h")
    return "mean speed with the wind " + ", ".join(parts_en), "平均车速：" + "，".join(parts_zh)


def _cautions(case: Case, now: TripRun) -> list[Advice]:
    """Crosswind on the rear unit's flank in gusts: the most speed at which enough load stays on the windward wheels."""
    weather, fact = case.conditions.weather, facts()["caution"]
    unit = case.combination.units[-1]
    if weather.wind_speed_mps == 0.0 or unit.height_m <= fact.assumed:
        return []
    mass = unit.tare_kg + case.payload_kg * (trailer_payload_ratio(case.combination) if case.combination.trailer else 1.0)
    gusts = replace(weather, wind_speed_mps=fact.value * weather.wind_speed_mps)
    place = now.columns["trip_distance_m"]
    head, cross = gusts.wind_mps(case.road.at(place)["heading_rad"])
    density = float(air_density_kgpm3(float(case.road.altitude_m.min()), weather.temperature_k, weather.sea_pressure_pa))
    area, height = unit.length_m * (unit.height_m - fact.assumed), 0.5 * (unit.height_m + fact.assumed)

    def worst(speed_mps: Any) -> tuple[float, float]:
        force = float(np.max(side_force_n(density, area, speed_mps, (head, cross))))
        return float(wind_load_transfer_ratio(force, height, mass)), force / (weather.adhesion_ratio * mass * GRAVITY)

    transfer, grip = worst(now.columns["speed_mps"])
    most = float(now.columns["speed_mps"].max())
    safe = next((speed for speed in np.arange(most, 0.0, -0.5) if worst(speed)[0] <= fact.low), 0.0)
    finding = Finding(
        name="advice.crosswind_speed", value=float(safe), unit="m/s", low=None, high=None, origin=Origin.ESTIMATED,
        method=f"gusts of {gusts.wind_speed_mps:.0f} m/s take {transfer:.0%} off the windward wheels and {grip:.0%} of the rear "
        f"unit's grip; {fact.low:.0%} is the caution's limit; wind from {degrees(weather.wind_from_rad):.0f} degrees",
        evidence=(f"catalogue:{case.combination.name}", f"mission:{case.road_name}"),
    )  # fmt: skip
    todo = (
        ("no caution at the speeds driven", "当前车速无需减速") if safe >= most
        else (f"at most {safe / KMH:.0f} km/h where the wind stands aside", f"侧风路段不超过{safe / KMH:.0f} km/h")
        if safe > 0.0 else ("wait until the wind drops", "停车等待风力减弱")
    )  # fmt: skip
    return [_advice(("Crosswind", "侧风安全"), todo, finding, fact)]
