"""From a vehicle's record to what the catalogue says it is: a combination, or a trailer alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from fifthwheel.errors import UnknownName
from fifthwheel.fleet.stores import Stores
from fifthwheel.records.entities import VehicleRecord
from fifthwheel.vehicle.catalogue import catalogue, combination, load, names
from fifthwheel.vehicle.combination import Combination, Unit, UnitKind


@cache
def named(name: str) -> Combination | Unit:
    """The combination or unit of the catalogue called `name`, or the combination of the TOML file at that path.

    Raises
    ------
    UnknownName : neither; the message offers the closest names.
    """
    if name.endswith(".toml"):
        return load(Path(name))
    units = catalogue().names("units")
    if name in units:
        return catalogue().unit(name)
    if name in names():
        return combination(name)
    raise UnknownName("combination or trailer", name, [*names(), *units])


def combination_of(stores: Stores, record: VehicleRecord, trailer_id: str | None) -> Combination | None:
    """What `record` drives as, towing `trailer_id`; ``None`` for a trailer or when nobody said what the vehicle is.

    The recorded combination holds for an unknown trailer; a known other one replaces its trailer.
    """
    base = named(record.combination) if record.combination else None
    if not isinstance(base, Combination):
        return None
    trailer = unit_of_trailer(stores.records.vehicle(trailer_id)) if trailer_id else None
    if trailer is None or base.trailer is None or trailer.name == base.trailer.name:
        return base
    return replace(base, name=f"{base.tractor.name}+{trailer.name}", trailer=trailer)


def unit_of_trailer(record: VehicleRecord) -> Unit | None:
    """The catalogue's unit of a trailer's record; ``None`` when it is no trailer or nobody said which."""
    unit = named(record.combination) if record.combination and record.kind == UnitKind.TRAILER else None
    return unit if isinstance(unit, Unit) else None
