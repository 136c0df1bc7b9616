"""Verdicts on a performance with what would make a failure pass, and its figures as findings."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, inf, isfinite, sin, sqrt
from typing import TYPE_CHECKING, Final

from fifthwheel.choose.envelope import air_n
from fifthwheel.choose.practice import figures, final_drives, source
from fifthwheel.choose.starting import clutch_of
from fifthwheel.finding import Finding, Origin
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.traction import power_at_speed_w
from fifthwheel.units import KMH, RPM
from fifthwheel.vehicle.verdict import Verdict, worst_first

if TYPE_CHECKING:
    from fifthwheel.choose.duty import Limits
    from fifthwheel.choose.performance import Performance

LIMITS_ZH: Final = {"torque": "扭矩", "traction": "附着", "thermal": "热负荷", "gearing": "速比"}
"""What binds, as the trade calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remedy:
    en: str = ""
    zh: str = ""


def verdicts(what: Performance, limits: Limits) -> tuple[Verdict, ...]:
    """Startability, five starts, climb, step rule and descent against what the work asks, worst first."""
    found = [_start(what, limits), _held(what, limits), _steps(what), _descent(what, limits)]
    if what.starts is not None:
        found.append(_starts(what))
    return worst_first(found)


def _verdict(
    what: Performance, rule: str, titles: tuple[str, str], figure: tuple[float, float, str], *, limit: str, remedy: _Remedy,
    tag: str = "", rests_on: str = "limits of the duty",
) -> Verdict:  # fmt: skip
    """A check whose value must reach its limit; `limit` names what binds."""
    value, least, unit = figure
    bound = f" ({limit})" if limit else ""
    bound_zh = f"（受{LIMITS_ZH.get(limit, limit)}限制）" if limit else ""
    fails = value < least * (1.0 - 1e-9)
    practice = bool(tag)
    return Verdict(
        rule=rule, kind="performance", title_en=titles[0] + bound, title_zh=titles[1] + bound_zh,
        rule_set="practice" if practice else "duty", version="1" if practice else what.duty, tag=tag or "duty", source=rests_on,
        value=value if isfinite(value) else 1e3 * least, limit=least, unit=unit, at_least=True,
        remedy_en=remedy.en if fails else "", remedy_zh=remedy.zh if fails else "",
    )  # fmt: skip


def _start(what: Performance, limits: Limits) -> Verdict:
    grade = limits.start_grade_ratio
    remedy = (
        _more_grip(what, grade) if what.start.limit == "traction" else _shorter(what, _start_ratio(what, grade, _launch_j(what)))
    )
    figure = (what.start.grade_ratio, grade, "")
    return _verdict(what, "startability", ("Startability", "起步坡度"), figure, limit=what.start.limit, remedy=remedy)


def _launch_j(what: Performance) -> float:
    """What the clutch takes in one launch; without a clutch, anything."""
    clutch = clutch_of(what.combination.drive)
    return clutch.launch_j if clutch else inf


def _start_ratio(what: Performance, grade: float, heat_j: float) -> float:
    """Final drive over the one fitted with which a start makes no more heat than `heat_j`: ``F x (1 - W0 / (W x^2)) = R``.

    W0 is the heat of a launch without resistance: a ratio x times shorter locks the clutch at 1/x of the speed.
    """
    stand, shape = what.footing, what.envelope
    angle = atan(grade)
    resist = stand.mass_kg * GRAVITY * (stand.rolling_ratio * cos(angle) + sin(angle)) - stand.aid_n
    share = stand.mass_kg * shape.sync_mps**2 / (2.0 * what.combination.drive.total_efficiencies[0]) / heat_j
    pull = resist / shape.launch_n
    return 0.5 * (pull + sqrt(pull * pull + 4.0 * share))


def _shorter(what: Performance, factor: float) -> _Remedy:
    """A shorter final drive: the next one that the trade offers."""
    fitted = what.combination.drive.axle.ratio
    wanted = fitted * factor
    offered = next((one for one in final_drives(what.region) if one >= wanted * (1.0 - 1e-6)), wanted)
    first = what.combination.drive.gearbox.ratios[0] * factor
    return _Remedy(
        en=f"final drive {offered:.2f} or more instead of {fitted:.2f}, or a first gear of {first:.1f} or more",
        zh=f"主减速比由{fitted:.2f}改为{offered:.2f}或更大，或一挡速比{first:.1f}以上",
    )


def _more_grip(what: Performance, grade: float) -> _Remedy:
    """More load on the driven axles: ``mu (s + k tan a) = f + tan a``."""
    stand = what.footing
    share = (stand.rolling_ratio + grade) / stand.friction_ratio - stand.transfer_ratio * grade
    now, wanted = stand.driven_ratio * stand.mass_kg / 1e3, share * stand.mass_kg / 1e3
    most = sum(group.load_limit_kg for group in what.combination.tractor.axles if group.driven) / 1e3
    forward = ", or the load further forward", "，或货物前移"
    more_en, more_zh = forward if wanted <= most else (f" (these carry {most:.1f} t)", f"（现有驱动轴限载{most:.1f} t）")
    return _Remedy(
        en=f"{wanted:.1f} t on driven axles instead of {now:.1f} t: one driven axle more{more_en}",
        zh=f"驱动轴荷由{now:.1f} t提高到{wanted:.1f} t：增加一根驱动轴{more_zh}",
    )


def _held(what: Performance, limits: Limits) -> Verdict:
    grade, speed = limits.climb_grade_ratio, limits.climb_speed_mps
    stand, angle = what.footing, atan(grade)
    titles = (f"Speed held on {100 * grade:g} %", f"{100 * grade:g}%坡道稳定车速")
    if what.held.limit == "traction":
        remedy = _more_grip(what, grade)
    elif what.held.limit == "gearing":
        tall = what.combination.drive.axle.ratio * what.held.speed_mps / speed
        remedy = _Remedy(en=f"final drive {tall:.2f} or less", zh=f"主减速比{tall:.2f}或更小")
    else:
        resist = stand.mass_kg * GRAVITY * (stand.rolling_ratio * cos(angle) + sin(angle)) + float(
            air_n(what.combination, what.density_kgpm3, speed)
        )
        efficiency = sum(what.combination.drive.total_efficiencies) / len(what.combination.drive.total_efficiencies)
        power = float(power_at_speed_w(resist - stand.aid_n, speed, efficiency)) / 1e3
        remedy = _stronger(what, power)
    figure = (what.held.speed_mps, speed, "m/s")
    return _verdict(what, "climb", titles, figure, limit=what.held.limit, remedy=remedy)


def _stronger(what: Performance, power_kw: float) -> _Remedy:
    drive, now = what.combination.drive, what.envelope.lasting_power_w / 1e3
    lasting_en, lasting_zh = (" continuous", "持续") if drive.motor else ("", "")
    if power_kw <= now:
        return _Remedy(
            en=f"a gear for {power_kw:.0f} kW at that speed ({now:.0f} kW are there): closer steps or another final drive",
            zh=f"该车速下缺合适挡位（需{power_kw:.0f} kW，动力{now:.0f} kW）：减小挡位级差或调整主减速比",
        )
    return _Remedy(
        en=f"{power_kw:.0f} kW{lasting_en} or more instead of {now:.0f} kW, or less mass",
        zh=f"{lasting_zh}功率由{now:.0f} kW提高到{power_kw:.0f} kW以上，或减小总质量",
    )


def _steps(what: Performance) -> Verdict:
    shape = what.envelope
    most = shape.upshift_radps / shape.plateau_radps
    remedy = _Remedy(en=f"gears with steps of at most {most:.2f}", zh=f"挡位级差不大于{most:.2f}")
    value = what.landing_ratio if isfinite(what.landing_ratio) else most
    return _verdict(
        what, "gear-steps", ("Every upshift at full load lands in the plateau", "全负荷换挡落在扭矩平台内"), (value, 1.0, ""),
        limit="", remedy=remedy, tag="[K]", rests_on="control facts 1.4: n_up i(k+1)/i(k) >= n(T at 90 %)",
    )  # fmt: skip


def _starts(what: Performance) -> Verdict:
    assert what.starts is not None
    remedy = _shorter(what, _start_ratio(what, figures()["starts_grade_ratio"], what.starts.bearable_j))
    titles = ("Five starts in 5 min on 12 %: heat that the clutch bears over what they make", "12%坡道5 min内起步5次离合器热储备")
    return _verdict(
        what, "five-starts", titles, (what.starts.reserve_ratio, 1.0, ""), limit="thermal" if what.starts.heat_j else "torque",
        remedy=remedy, tag="[K]", rests_on=source("starts_grade_ratio"),
    )  # fmt: skip


def _descent(what: Performance, limits: Limits) -> Verdict:
    grade, speed = limits.descent_grade_ratio, limits.descent_speed_mps
    one = what.descent
    missing = one.friction_w / 1e3
    parts = ["retarder or engine brake", "缓速器或发动机制动"]
    if one.charge_ratio < 1.0 and one.most_charge_ratio < one.charge_ratio:
        parts = [
            f"a charge of {100 * max(one.most_charge_ratio, 0.0):.0f} % at most at the top, or a retarder",
            f"坡顶电量不超过{100 * max(one.most_charge_ratio, 0.0):.0f}%，或缓速器",
        ]
    remedy = _Remedy(
        en=f"{missing:.0f} kW more at {speed / KMH:.0f} km/h: {parts[0]}",
        zh=f"{speed / KMH:.0f} km/h再需{missing:.0f} kW：{parts[1]}",
    )
    titles = (
        f"Grade held downhill at {speed / KMH:.0f} km/h without friction brakes",
        f"{speed / KMH:.0f} km/h不用行车制动可控下坡坡度",
    )
    figure = (one.held_ratio if isfinite(one.held_ratio) else 1.0, grade, "")
    return _verdict(what, "descent", titles, figure, limit="", remedy=remedy)


def findings(what: Performance) -> tuple[Finding, ...]:
    """Every figure of a performance, named ``perform.*``, with its binding limit in `method`."""
    evidence = tuple(f"catalogue:{unit.name}" for unit in what.combination.units)
    down, iia = what.descent, what.type_iia
    rows: list[tuple[str, float, str, str]] = [
        ("startability", what.start.grade_ratio, "", f"launch in first gear; limit: {what.start.limit}"),
        ("gradeability", what.best.climb.grade_ratio, "", f"gear {what.best.gear}; limit: {what.best.climb.limit}"),
        ("climb", what.climb.grade_ratio, "", f"at the duty's climbing speed; limit: {what.climb.limit}"),
        ("held_speed", what.held.speed_mps, "m/s", f"on the duty's climb; limit: {what.held.limit}"),
        ("top_speed", what.top.speed_mps, "m/s", f"on the level; limit: {what.top.limit}"),
        ("geared_top_speed", what.geared_top_mps, "m/s", "governed speed in top gear"),
        ("cruise_speed", what.cruise_radps, "rad/s", f"shaft in top gear at 85 km/h ({what.cruise_radps / RPM:.0f} rpm)"),
        ("step_landing", what.landing_ratio, "", "shaft speed after the widest step at full load over the plateau's lower end"),
        ("acceleration", what.acceleration_s, "s", "0 to 80 km/h on the level, traction gaps included"),
        ("power_mass", what.envelope.power_w / what.footing.mass_kg, "W/kg", "peak power over mass"),
        ("cruise_power", what.cruise_w, "W", "at the wheels, 85 km/h on the level without wind"),
        ("equilibrium_grade", what.equilibrium_ratio, "", "downhill grade that holds 85 km/h; steeper ones offer energy"),
        ("descent_grade", down.held_ratio, "", f"held at {down.speed_mps / KMH:.0f} km/h without friction brakes"),
        ("descent_friction", down.friction_w, "W", f"left to friction brakes of {down.gross_w / 1e3:.0f} kW"),
        ("type_iia_friction", iia.friction_w, "W", f"7 %, 30 km/h, 6 km: left of {iia.gross_w / 1e3:.0f} kW"),
    ]
    if what.starts is not None:
        made = f"{what.starts.heat_j / 1e3:.0f} kJ each of five on 12 %, {what.starts.bearable_j / 1e3:.0f} kJ borne"
        rows.append(("starts", what.starts.reserve_ratio, "", made))
        rows.append(("starts_clutch", what.starts.clutch_k, "K", "clutch plate after them"))
    if down.charge_ratio < 1.0:
        rows.append(("descent_charge", down.most_charge_ratio, "", "highest charge at the top that leaves room for the descent"))
    return tuple(
        Finding(
            name=f"perform.{name}", value=value if value < inf else None, unit=unit, low=value if value < inf else None,
            high=value if value < inf else None, origin=Origin.SIMULATED, evidence=evidence,
            method=method if value < inf else f"{method}; without end",
        )
        for name, value, unit, method in rows
    )  # fmt: skip
