"""What the catalogue has, a row a unit or body: for people who look for one, in the terminal and on the page of the docs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fifthwheel.vehicle.body import Body
from fifthwheel.vehicle.catalogue import Catalogue
from fifthwheel.vehicle.combination import Unit, UnitKind


class Family(StrEnum):
    """What a row is."""

    TRACTOR = "tractor"
    CHASSIS = "chassis"
    """a rigid without a body"""
    RIGID = "rigid"
    """a rigid with its body"""
    TRAILER = "trailer"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A unit or body of the catalogue in the figures that people choose by; zero and empty: it has none, or nobody says.

    Attributes
    ----------
    axles : axles by wheels and driven ones (``6x4``) of what drives, their number of a trailer; empty for a body.
    energy : `Drive.energy_kind`. power_w : of its drive. stored_j : of its traction battery.
    mass_kg : ready to drive, or of the body. load_limit_kg : permitted loads of its axle groups together.
    volume_m3 : of its body.
    """

    family: Family
    name: str
    title_en: str
    title_zh: str
    markets: tuple[str, ...]
    axles: str
    energy: str
    power_w: float
    stored_j: float
    mass_kg: float
    load_limit_kg: float
    length_m: float
    volume_m3: float
    generic: bool
    price: str
    source: str


def family(unit: Unit) -> Family:
    """What a unit is."""
    if unit.kind is UnitKind.RIGID:
        return Family.RIGID if unit.body else Family.CHASSIS
    return Family(str(unit.kind))


def entries(whole: Catalogue) -> tuple[Entry, ...]:
    """All units and the bodies for chassis, tractors first."""
    units = [_of_unit(whole.unit(name)) for name in whole.names("units")]
    bodies: list[Body] = [whole.build("bodies", name) for name in whole.names("bodies")]
    rows = units + [_of_body(body) for body in bodies if body.chassis]
    return tuple(sorted(rows, key=lambda row: (list(Family).index(row.family), row.markets)))


def _wheels(unit: Unit) -> str:
    count = sum(len(group.positions_m) for group in unit.axles)
    if unit.kind is UnitKind.TRAILER:
        return str(count)
    return f"{2 * count}x{2 * sum(len(group.positions_m) for group in unit.axles if group.driven)}"


def _of_unit(unit: Unit) -> Entry:
    drive = unit.drive
    return Entry(
        family=family(unit), name=unit.name, title_en=unit.title_en, title_zh=unit.title_zh, markets=unit.markets,
        axles=_wheels(unit), energy=drive.energy_kind if drive else "", power_w=drive.power_w if drive else 0.0,
        stored_j=drive.battery.capacity_j if drive and drive.battery else 0.0, mass_kg=unit.tare_kg,
        load_limit_kg=sum(group.load_limit_kg for group in unit.axles), length_m=unit.length_m,
        volume_m3=unit.body.volume_m3 if unit.body else 0.0, generic=unit.generic, price=unit.price, source=unit.source,
    )  # fmt: skip


def _of_body(body: Body) -> Entry:
    return Entry(
        family=Family.BODY, name=body.name, title_en=body.title_en, title_zh=body.title_zh, markets=body.markets,
        axles="", energy="", power_w=0.0, stored_j=0.0, mass_kg=body.mass_kg, load_limit_kg=0.0,
        length_m=body.length_m, volume_m3=body.volume_m3, generic=body.generic, price=body.price, source=body.source,
    )  # fmt: skip
