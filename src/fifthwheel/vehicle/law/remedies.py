"""What would make a failed check pass, worked out from its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import ceil, inf, sqrt
from typing import Final, NamedTuple

from fifthwheel.units import TONNE
from fifthwheel.vehicle.law.layout import Layout, Shape
from fifthwheel.vehicle.law.limits import MassLimit
from fifthwheel.vehicle.law.rulebook import Condition, Row, RuleSet
from fifthwheel.vehicle.law.subject import Subject
from fifthwheel.vehicle.stand import stands
from fifthwheel.vehicle.statics import unladen_loads

Text = tuple[str, str]


class Failure(NamedTuple):
    """A check that failed: by which row, with which figures, of which axles or made of which limit."""

    subject: Subject
    rules: RuleSet
    row: Row
    value: float
    limit: float
    shape: Shape | None = None
    mass: MassLimit | None = None

    @property
    def over(self) -> float:
        """How far it is on the bad side."""
        return abs(self.value - self.limit)


def tonnes(mass_kg: float) -> str:
    """A mass to take off, in tonnes, rounded up to 0.1 t."""
    return f"{ceil(round(mass_kg / TONNE * 10.0, 6)) / 10.0:.1f} t"


def metres(length_m: float) -> str:
    """A length to take off, rounded up to a centimetre."""
    return f"{ceil(round(length_m * 100.0, 6)) / 100.0:.2f} m"


def remedy(failure: Failure) -> Text:
    """What to change, in English and Chinese; several ways are parted by "or". Empty where nobody can say."""
    ways = [way for way in REMEDIES.get(failure.row.quantity, _none)(failure) if way[0]]
    return "; or ".join(way[0] for way in ways), "；或".join(way[1] for way in ways)


def _none(_: Failure) -> Iterable[Text]:
    return ()


def _less(mass_kg: float) -> Text:
    return f"carry {tonnes(mass_kg)} less", f"少装{tonnes(mass_kg)}"


def _gross(failure: Failure) -> Iterable[Text]:
    yield _less(failure.over)
    mass = failure.mass
    if mass is not None and mass.pairs_kg < 0.0 and failure.value <= failure.limit - mass.pairs_kg:
        yield (
            "fit twin tyres, or single tyres wide enough (425 mm on a trailer, 445 mm on a driven axle)",
            "改装双胎或足够宽的单胎（挂车≥425 mm，驱动轴≥445 mm）",
        )
    yield from _other_rows(failure)


def _span(failure: Failure) -> Iterable[Text]:
    yield _less(failure.over)
    if failure.row.limit:
        more = metres(failure.over / failure.row.limit)
        yield f"choose a truck whose first and last axles are {more} further apart", f"选用首末轴距加长{more}的车型"


def _group(failure: Failure) -> Iterable[Text]:
    shape = failure.shape
    assert shape is not None, "an axle group fails with its axles"
    axles = failure.subject.layout.axles
    groups = {(axles[index].unit, axles[index].group) for index in shape.axles}
    yield _payload(failure, groups)
    if {unit for unit, _ in groups} == {0}:
        yield _slide(failure, {group for _, group in groups})
    yield from _other_rows(failure)


def _rating(failure: Failure) -> Iterable[Text]:
    """By the group whose rating fails; of several, the one with that load."""
    tyre = failure.row.quantity == "tyre_load"
    for one in failure.subject.loads.groups:
        group = failure.subject.combination.units[one.unit].axles[one.group]
        share = group.all_tyres_count if tyre else 1
        if abs(one.load_kg / share - failure.value) < 1e-6:
            yield _payload(failure._replace(value=failure.value * share, limit=failure.limit * share), {(one.unit, one.group)})
            break
    if tyre:
        kilograms = f"{ceil(failure.value):,} kg"
        yield f"choose tyres rated for {kilograms} each", f"选用单胎额定负荷不低于{kilograms}的轮胎"


def _payload(failure: Failure, groups: set[tuple[int, int]]) -> Text:
    """By how much less cargo, spread as it is, the axles come down to their limit."""
    subject = failure.subject
    loads = subject.loads
    unladen = unladen_loads(subject.combination, slide_m=subject.slide_m, lifted=any(one.lifted for one in loads.groups))
    before = sum(one.load_kg for one in unladen.groups if (one.unit, one.group) in groups)
    cargo = loads.total_kg - unladen.total_kg
    grown = failure.value - before
    if cargo <= 0.0 or grown <= failure.over:
        return "", ""
    less = failure.over * cargo / grown
    english, chinese = _less(less)
    return f"{english}, spread as it is", f"按现有装载位置{chinese}"


def _slide(failure: Failure, groups: set[int]) -> Text:
    """By which slide of the fifth wheel the axles come down to their limit, where its range and the other axles allow it."""
    subject = failure.subject
    tractor, kingpin = subject.combination.tractor, subject.loads.kingpin_kg
    if subject.combination.trailer is None or kingpin <= 0.0 or tractor.coupling_slide_m == (0.0, 0.0):
        return "", ""
    lifted = any(one.lifted for one in subject.loads.groups)
    front, rear = stands(tractor, lifted=lifted)
    rearwards = groups <= set(front.shares)
    failing, other = (front, rear) if rearwards else (rear, front)
    share = sum(failing.shares.get(group, 0.0) for group in groups)
    if share <= 0.0:
        return "", ""
    moved_kg = failure.over / share
    slide = moved_kg * (rear.place_m - front.place_m) / kingpin
    least, most = tractor.coupling_slide_m
    room = most - subject.slide_m if rearwards else subject.slide_m - least
    loads = {one.group: one.load_kg for one in subject.loads.groups if one.unit == 0}
    spare = sum(tractor.axles[group].load_limit_kg - loads[group] for group in other.shares)
    if slide > room or moved_kg > spare:
        return "", ""
    way_en, way_zh = ("rearwards", "后移") if rearwards else ("forwards", "前移")
    return f"move the fifth wheel {metres(slide)} {way_en}", f"鞍座{way_zh}{metres(slide)}"


PHRASES: Final[Mapping[str, Callable[[Condition], Text]]] = {
    "drive_air": lambda _: ("air suspension on the driven axles", "驱动轴采用空气悬架"),
    "air": lambda _: ("air suspension", "采用空气悬架"),
    "drive_twin": lambda _: ("twin tyres on the driven axles", "驱动轴采用双胎"),
    "twin": lambda _: ("twin tyres", "采用双胎"),
    "section_m": lambda one: (f"tyres of {1e3 * one.low:.0f} mm or wider", f"断面宽度不小于{1e3 * one.low:.0f} mm的轮胎"),
    "trailer_spacing_m": lambda one: (
        f"a trailer axle spacing of {'more than ' if one.above else ''}{one.low:g} m{'' if one.above else ' or more'}",
        f"挂车轴距{'大于' if one.above else '不小于'}{one.low:g} m",
    ),
    "spacing_m": lambda one: (
        f"an axle spacing of {'more than ' if one.above else ''}{one.low:g} m{'' if one.above else ' or more'}",
        f"轴距{'大于' if one.above else '不小于'}{one.low:g} m",
    ),
}
"""How to meet a condition of a row, by its field."""


def _other_rows(failure: Failure) -> Iterable[Text]:
    """What a more generous row asks for, where the vehicle lacks nothing else than what can be fitted."""
    row, layout, shape = failure.row, failure.subject.layout, failure.shape
    rows = [one for one in failure.rules.rows.values() if one.quantity == row.quantity and one.active and one.limit is not None]
    if row.limit is None:
        return
    axles_count = round(failure.limit / row.limit) if shape else 1
    together = [one.limit or 0.0 for one in rows if axles_count > 1 and shape and one.applies_to(shape)]
    of = layout.shape(shape.axles[:1]) if shape and axles_count > 1 else shape
    for other in rows:
        allowed = (other.limit or 0.0) * axles_count + (0.0 if shape else failure.limit - row.limit)
        if failure.value > min([allowed, *together]):
            continue
        if other.name in row.replaces and any(one.field == "drive_axles_count" for one in row.when):
            yield "choose a tractor with two driven axles", "选用双驱动轴牵引车"
            return
        lacking = _lacking(other, layout, of)
        related = row.name in other.replaces or axles_count > 1 or all(one.field == "spacing_m" for one in lacking)
        if lacking and related and all(one.field in PHRASES and (one.among or one.low > -inf) for one in lacking):
            texts = [PHRASES[one.field](one) for one in lacking]
            yield "choose " + " and ".join(text[0] for text in texts), "选用" + "且".join(text[1] for text in texts)
            return


def _lacking(row: Row, layout: Layout, shape: Shape | None) -> list[Condition]:
    lacking = [one for one in row.when if not one.holds(layout)]
    return lacking + ([one for one in row.group if not one.holds(shape)] if shape else [])


def _shorter(failure: Failure) -> Iterable[Text]:
    what_en, what_zh = ("trailer", "挂车") if failure.subject.combination.trailer else ("truck", "货车")
    yield f"choose a {what_en} {metres(failure.over)} shorter", f"选用短{metres(failure.over)}的{what_zh}"


def _power(failure: Failure) -> Iterable[Text]:
    total = failure.subject.loads.total_kg
    watts = failure.limit * total
    yield f"choose {ceil(round(watts / 1e3, 6))} kW or more", f"选用功率不低于{ceil(round(watts / 1e3, 6))} kW的车型"
    yield _less(total - failure.subject.installed_w / failure.limit)


def _share(failure: Failure) -> Iterable[Text]:
    drive = failure.row.quantity == "drive_share"
    loads = failure.subject.loads
    base = loads.total_kg if drive else loads.unit_kg(0)
    groups = failure.subject.combination.tractor.axles
    chosen = {number for number, group in enumerate(groups) if (group.driven if drive else number == 0 or group.steered)}
    share = failure._replace(value=failure.limit * base, limit=failure.value * base)
    front, _ = stands(failure.subject.combination.tractor, lifted=any(one.lifted for one in loads.groups))
    others = set(range(len(groups))) - chosen
    if not drive or others == set(front.shares):
        yield _slide(share, others)
    if drive:
        yield _raise(failure, chosen)
    mass = tonnes(failure.over * base)
    yield (
        (f"put {mass} more on the driven axles", f"驱动轴增加轴荷{mass}")
        if drive
        else (f"put {mass} more on the steered axles", f"转向轴增加轴荷{mass}")
    )


def _raise(failure: Failure, driven: set[int]) -> Text:
    """Whether a raised axle puts enough on the driven ones, and not more than they are rated for: N_r b = N_r' b'."""
    tractor, loads = failure.subject.combination.tractor, failure.subject.loads
    if not any(group.liftable for group in tractor.axles) or any(one.lifted for one in loads.groups):
        return "", ""
    (front, rear), (front_up, rear_up) = stands(tractor), stands(tractor, lifted=True)
    behind = sum(one.load_kg for one in loads.groups if one.unit == 0 and one.group in rear.shares)
    behind *= (rear.place_m - front.place_m) / (rear_up.place_m - front_up.place_m)
    after = behind * sum(share for group, share in rear_up.shares.items() if group in driven)
    rated = sum(tractor.axles[group].load_limit_kg for group in driven)
    if not failure.limit * loads.total_kg <= after <= rated:
        return "", ""
    return "raise the liftable axle", "提升可提升轴"


def _swing(failure: Failure) -> Iterable[Text]:
    trailer = failure.subject.combination.trailer
    if trailer is not None:
        ahead = trailer.coupling_m - sqrt(max(failure.limit**2 - (trailer.width_m / 2.0) ** 2, 0.0))
        text = metres(ahead)
        yield f"choose a semi-trailer whose kingpin is {text} nearer to its front", f"选用牵引销前移{text}的半挂车"


def _fixed(english: str, chinese: str) -> Callable[[Failure], Iterable[Text]]:
    """A text with the excess in metres at ``{}``."""
    return lambda failure: [(english.format(metres(failure.over)), chinese.format(metres(failure.over)))]


REMEDIES: Final[Mapping[str, Callable[[Failure], Iterable[Text]]]] = {
    "gross": _gross,
    "motor_gross": _gross,
    "trailer_gross": _gross,
    "group_sum": lambda failure: [_less(failure.over)],
    "gross_per_span": _span,
    "group": _group,
    "sub_group": _group,
    "bridge": _group,
    "tandem_pair": _group,
    "group_rating": _rating,
    "tyre_load": _rating,
    "length": _shorter,
    "trailer_length": _shorter,
    "load_to_rear": _shorter,
    "load_without_gap": _shorter,
    "width": _fixed("choose a body {} narrower", "选用窄{}的车身"),
    "height": _fixed("choose a body or coupling {} lower", "选用低{}的车身或鞍座"),
    "kingpin_rear": _fixed("choose a semi-trailer {} shorter behind its kingpin", "选用牵引销后长度短{}的半挂车"),
    "rear_overhang": _fixed("choose axles {} further to the rear", "车轴后移{}"),
    "front_swing": _swing,
    "turning_inner": lambda _: [("choose axles nearer to the kingpin, or a steered rear axle", "缩短挂车轴距，或采用后转向轴")],
    "tail_swing": _fixed("choose a rear overhang that swings {} less", "缩短后悬，使外摆值减小{}"),
    "wheelbase": _fixed("choose axles {} nearer to the kingpin, or a steered rear axle", "挂车轴距缩短{}，或采用后转向轴"),
    "endurance_brakes": lambda _: [("fit a retarder or an engine brake", "加装缓速器或发动机制动装置")],
    "drive_share": _share,
    "steer_share": _share,
    "power": _power,
}
"""By quantity."""
