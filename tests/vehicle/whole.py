"""Combinations for tests of rules: units of the catalogue with axles put as a test wants them."""

from __future__ import annotations

from dataclasses import replace

from fifthwheel.vehicle.body import BodyKind
from fifthwheel.vehicle.catalogue import catalogue, combination
from fifthwheel.vehicle.combination import Combination, Unit, UnitKind
from fifthwheel.vehicle.components import AxleGroup
from fifthwheel.vehicle.rules import Subject
from fifthwheel.vehicle.statics import AxleLoads, GroupLoad

WIDE_M = 0.445


def group(*places_m: float, tyres: int = 4, section_m: float = 0.3, driven: bool = False, **more: object) -> AxleGroup:
    """An axle group at these places of its unit, rated for more than any law allows."""
    tyre = replace(catalogue().build("tyres", "trailer-12R22.5"), section_m=section_m)
    made = AxleGroup(positions_m=places_m, load_limit_kg=30_000.0, tyres_count=tyres, tyre=tyre, driven=driven)
    return replace(made, **more)  # type: ignore[arg-type]


STEER = group(1.4, tyres=2)
SINGLE = group(5.0, driven=True)
TANDEM = group(4.8, 6.15, driven=True)


def motor(*axles: AxleGroup, kind: UnitKind = UnitKind.TRACTOR, **more: object) -> Unit:
    """A diesel tractor or truck on these axles."""
    unit = replace(combination("diesel-6x4-stake").tractor, kind=kind, axles=axles)
    return replace(unit, **more)  # type: ignore[arg-type]


def trailer(*axles: AxleGroup, body: BodyKind | None = None, **more: object) -> Unit:
    """A trailer on these axles."""
    unit = replace(combination("diesel-6x4-box").units[1], kind=UnitKind.TRAILER, axles=axles)
    if body is not None and unit.body is not None:
        unit = replace(unit, body=replace(unit.body, kind=body))
    return replace(unit, **more)  # type: ignore[arg-type]


def subject(front: Unit, behind: Unit | None, loads_kg: list[float], **more: object) -> Subject:
    """The whole with these loads on its axle groups, front to rear."""
    whole: Combination = replace(combination("diesel-6x4-box"), tractor=front, trailer=behind)
    places = [(unit, number, one) for unit, owner in enumerate(whole.units) for number, one in enumerate(owner.axles)]
    groups = tuple(
        GroupLoad(unit=unit, group=number, place_m=0.0, load_kg=load, axles_count=len(one.positions_m))
        for (unit, number, one), load in zip(places, loads_kg, strict=True)
    )
    loads = AxleLoads(kingpin_kg=10_000.0 if behind else 0.0, groups=groups)
    return Subject(combination=whole, loads=loads, **more)  # type: ignore[arg-type]
