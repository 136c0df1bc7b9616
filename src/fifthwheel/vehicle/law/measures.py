"""How each quantity that a row may limit is measured on a `Subject`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from fifthwheel.vehicle.law.layout import TWIN_TYRES
from fifthwheel.vehicle.law.rulebook import Row
from fifthwheel.vehicle.law.subject import Subject


class Measured(NamedTuple):
    """A value and its limit, `more` for the title (which axles), and why one of them is missing."""

    value: float | None
    limit: float | None
    more_en: str = ""
    more_zh: str = ""
    why_en: str = ""
    why_zh: str = ""


UNTURNED: Final = ("the turning circle was not worked out", "未计算通道圆")
UNSAID: Final = ("vehicle data do not say it", "车辆数据未给出")
UNLIMITED: Final = ("the limit is not known here", "限值尚未收录")


def _of_turning(name: str) -> Callable[[Subject, Row], list[Measured]]:
    def measure(subject: Subject, row: Row) -> list[Measured]:
        if subject.swept is None:
            return [Measured(None, row.limit, "", "", *UNTURNED)]
        return [Measured(float(getattr(subject.swept, name)), row.limit)]

    return measure


def _wheelbase(subject: Subject, row: Row) -> list[Measured]:
    if subject.swept is None:
        return [Measured(None, row.limit, "", "", *UNTURNED)]
    return [Measured(subject.swept.rule_wheelbase_m, subject.swept.rule_limit_m, "", "", *UNSAID)]


def _trailer_length(subject: Subject, row: Row) -> list[Measured]:
    trailer = subject.combination.trailer
    return [Measured(trailer.length_m, row.limit)] if trailer else []


def _kingpin_rear(subject: Subject, row: Row) -> list[Measured]:
    trailer = subject.combination.trailer
    return [Measured(trailer.length_m - trailer.coupling_m, row.limit)] if trailer else []


def _rear_overhang(subject: Subject, row: Row) -> list[Measured]:
    last = subject.combination.units[-1]
    return [Measured(last.length_m - max(place for group in last.axles for place in group.positions_m), row.limit)]


def _load_to_rear(subject: Subject, row: Row) -> list[Measured]:
    body = subject.combination.tractor.body
    if body is None or body.load_to_m <= body.load_from_m:
        return [Measured(None, row.limit, "", "", *UNSAID)]
    gap = subject.trailer_front_m - subject.combination.tractor.length_m if row.quantity == "load_without_gap" else 0.0
    return [Measured(subject.length_m - body.load_from_m - gap, row.limit)]


def _steer_share(subject: Subject, row: Row) -> list[Measured]:
    axles = subject.combination.tractor.axles
    motor = [one for one in subject.loads.groups if one.unit == 0]
    steered = sum(one.load_kg for one in motor if one.group == 0 or axles[one.group].steered)
    return [Measured(steered / sum(one.load_kg for one in motor), row.limit)]


def _trailer_air(subject: Subject, row: Row) -> list[Measured]:
    trailer = subject.combination.trailer
    said = trailer is not None and all(group.air_suspended for group in trailer.axles)
    return [Measured(1.0, row.limit) if said else Measured(None, row.limit, "", "", *UNSAID)]


def _endurance_brakes(subject: Subject) -> float:
    """How many of retarder, engine brake and traction motor the unit in front has."""
    drive = subject.combination.drive
    engine = drive.engine is not None and max(drive.engine.brake_torque_nm) > 0.0
    return float(sum((drive.retarder is not None, engine, drive.motor is not None)))


def axle_numbers(subject: Subject) -> Mapping[tuple[int, int], tuple[str, str]]:
    """How the axles of each group (unit, group) are called: numbers from the front over the whole."""
    found, last = {}, 0
    for one in subject.loads.groups:
        first, last = last + 1, last + one.axles_count
        many = first != last
        found[one.unit, one.group] = (
            (f", axles {first}-{last}", f"，第{first}~{last}轴") if many else (f", axle {first}", f"，第{first}轴")
        )
    return found


def _tyre_load(subject: Subject, _: Row) -> list[Measured]:
    found = []
    for one, where in zip(subject.loads.groups, axle_numbers(subject).values(), strict=True):
        group = subject.combination.units[one.unit].axles[one.group]
        if one.lifted:
            continue
        twin = group.tyres_count >= TWIN_TYRES
        limit = group.tyre.twin_load_limit_kg if twin else group.tyre.load_limit_kg
        found.append(Measured(one.load_kg / group.all_tyres_count, limit or None, *where, *UNSAID))
    return found


def _group_rating(subject: Subject, _: Row) -> list[Measured]:
    return [
        Measured(one.load_kg, subject.combination.units[one.unit].axles[one.group].load_limit_kg or None, *where, *UNSAID)
        for one, where in zip(subject.loads.groups, axle_numbers(subject).values(), strict=True)
        if not one.lifted
    ]


def _plain(value: Callable[[Subject], float]) -> Callable[[Subject, Row], list[Measured]]:
    return lambda subject, row: [Measured(value(subject), row.limit, "", "", *UNLIMITED)]


def _unknown(_: Subject, row: Row) -> list[Measured]:
    return [Measured(None, row.limit, "", "", *UNSAID)]


MEASURES: Final[Mapping[str, Callable[[Subject, Row], list[Measured]]]] = {
    "length": _plain(lambda subject: subject.length_m),
    "trailer_length": _trailer_length,
    "width": _plain(lambda subject: max(unit.width_m for unit in subject.combination.units)),
    "height": _plain(lambda subject: max(unit.height_m for unit in subject.combination.units)),
    "kingpin_rear": _kingpin_rear,
    "rear_overhang": _rear_overhang,
    "front_swing": _plain(lambda subject: subject.swing_m),
    "load_to_rear": _load_to_rear,
    "load_without_gap": _load_to_rear,
    "turning_inner": _of_turning("inner_m"),
    "tail_swing": _of_turning("tail_swing_m"),
    "wheelbase": _wheelbase,
    "drive_share": _plain(lambda subject: subject.loads.driven_kg(subject.combination, 0) / subject.loads.total_kg),
    "steer_share": _steer_share,
    "power": _plain(lambda subject: subject.installed_w / subject.loads.total_kg),
    "trailers": _plain(lambda subject: len(subject.combination.units) - 1.0),
    "trailer_air": _trailer_air,
    "endurance_brakes": _plain(_endurance_brakes),
    "trailer_payload": _unknown,
    "tyre_load": _tyre_load,
    "group_rating": _group_rating,
}
"""Of every quantity but masses and axle groups, which `limits` chooses."""
