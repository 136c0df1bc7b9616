"""A `Rig` from a combination of the catalogue and its payload: what the catalogue does not say follows typical laws.

Places of the centres of mass: of unladen units and their cargo as `vehicle.load` has them, or from axle loads that were
weighed. Inertias add up by parallel axes; a tyre's cornering stiffness follows its load.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from fifthwheel.errors import InputError
from fifthwheel.physics.slip import stiffness_at_load
from fifthwheel.simulate.handling.outline import Outline, outline
from fifthwheel.simulate.handling.rig import LOAD_TOLERANCE, Axle, Group, Rig, axle_kinds
from fifthwheel.vehicle import typical as typical_units
from fifthwheel.vehicle.combination import Combination, Unit, UnitKind
from fifthwheel.vehicle.components import AxleGroup
from fifthwheel.vehicle.load import even, room_m, tare_load
from fifthwheel.vehicle.statics import coupling_height_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical(typical_units.Typical):
    """Typical figures of trucks, with those of the planar vehicle; meanings and sources stand in both ``typical.toml``."""

    gyration_ratio: float
    tyre_cornering_n: float
    tyre_peak_load_n: float
    kingpin_roll_ratio: float
    steer_roll_ratio: float
    load_lag_s: float


@cache
def typical() -> Typical:
    """The figures of both ``typical.toml``, of the vehicle and of this folder."""
    text = files("fifthwheel.simulate.handling").joinpath("typical.toml").read_text(encoding="utf-8")
    return Typical(**typical_units.table() | tomllib.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A body or a part of one: mass, middle from its unit's front, inertia about that, height."""

    mass_kg: float
    middle_m: float
    inertia_kgm2: float
    height_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """One axle: its group, place from its unit's front, share of the group's load, and the catalogue's group it is of."""

    group: Group
    place_m: float
    share: float
    of: AxleGroup


def rig_of(
    combination: Combination,
    payload_kg: float = 0.0,
    *,
    loads_kg: Mapping[Group, float] | None = None,
    lifted: bool = False,
    law: Typical | None = None,
) -> Rig:
    """The planar vehicle of a combination with a payload; bobtail: ``replace(combination, trailer=None)``.

    Parameters
    ----------
    payload_kg : on the trailer, or on a rigid.
    loads_kg : weighed loads of the axle groups, which then place the centres of mass.
    lifted : whether liftable axles are up.
    law : other typical figures.

    Raises
    ------
    InputError : a tractor alone with payload, a rigid with a trailer, weighed loads that are not the mass (to 1 %), or places
        and loads that no vehicle can have; always with the figures that disagree.
    """
    law = law or typical()
    tractor, trailer = combination.tractor, combination.trailer
    if trailer and tractor.kind is UnitKind.RIGID:
        raise InputError(f"{combination.name}: {tractor.name} is a rigid with a trailer; a tractor with a semi-trailer is wanted")
    if payload_kg < 0.0 or (payload_kg > 0.0 and not trailer and tractor.kind is UnitKind.TRACTOR):
        raise InputError(f"{combination.name}: payload is {payload_kg:g} kg; 0 kg on a tractor alone, 0 or more else is accepted")
    stands = _tractor_stands(tractor, lifted=lifted) + _stands(Group.TRAILER, trailer.axles if trailer else (), lifted=lifted)
    middles = {group: sum(one.share * one.place_m for one in stands if one.group is group) for group in Group}
    first = _tractor(tractor, middles, 0.0 if trailer else payload_kg, law)
    second = _trailer(trailer, payload_kg, law) if trailer else None
    if loads_kg is not None:
        first, second = _weighed(combination, (first, second), middles, loads_kg)
    return _stiffened(_rig(combination, (first, second), stands, middles, law), stands, law)


def outline_of(combination: Combination, rig: Rig) -> Outline:
    """The rig of a combination seen from above, its bodies as long as the catalogue's units; widths are not in the catalogue."""
    drawn, tractor, trailer = outline(rig), combination.tractor, combination.trailer
    fronts = [tractor.axles[0].positions_m[0] + rig.place_m(rig.axles[0])]
    fronts += [trailer.coupling_m + rig.kingpin_m] if trailer else []
    bodies = tuple(
        replace(body, front_m=front, rear_m=front - unit.length_m)
        for body, front, unit in zip(drawn.bodies, fronts, combination.units, strict=True)
    )
    return replace(drawn, bodies=bodies)


def _tractor_stands(unit: Unit, *, lifted: bool) -> tuple[_Stand, ...]:
    """A tractor's axles: those nearer to the first than to the driven ones steer, the others share the driven ones' load."""
    driven = [place for group in unit.axles if group.driven for place in group.positions_m]
    if not driven:
        raise InputError(f"{unit.name} has no driven axle; one at least is wanted")
    middle = 0.5 * (unit.axles[0].positions_m[0] + sum(driven) / len(driven))
    steered = [group for group in unit.axles if group.positions_m[0] < middle]
    behind = [group for group in unit.axles if group.positions_m[0] >= middle]
    return _stands(Group.STEER, steered, lifted=lifted) + _stands(Group.DRIVE, behind, lifted=lifted)


def _stands(group: Group, rows: Sequence[AxleGroup], *, lifted: bool) -> tuple[_Stand, ...]:
    """Axles of a group, which share its load as their permitted loads are."""
    down = [row for row in rows if not (lifted and row.liftable)]
    total = sum(row.load_limit_kg for row in down)
    return tuple(
        _Stand(group=group, place_m=place, share=row.load_limit_kg / len(row.positions_m) / total, of=row)
        for row in down
        for place in row.positions_m
    )


def _tractor(unit: Unit, middles: Mapping[Group, float], payload_kg: float, law: Typical) -> _Body:
    tare, wheelbase = tare_load(unit, law), middles[Group.DRIVE] - middles[Group.STEER]
    inertia = unit.tare_kg * (law.gyration_ratio * wheelbase) ** 2
    body = _Body(mass_kg=tare.mass_kg, middle_m=tare.place_m, inertia_kgm2=inertia, height_m=tare.height_m)
    return _sum(body, _cargo(unit, payload_kg, law)) if payload_kg > 0.0 else body


def _trailer(unit: Unit, payload_kg: float, law: Typical) -> _Body:
    """Inertia of a frame even over the length and of its axles; the middle of both where the unit's data put it."""
    places = [place for group in unit.axles for place in group.positions_m]
    frame_kg = unit.tare_kg - law.trailer_axle_kg * len(places)
    if frame_kg <= 0.0:
        raise InputError(f"{unit.name}: {len(places)} axles of {law.trailer_axle_kg:g} kg on a tare of {unit.tare_kg:g} kg")
    tare = tare_load(unit, law)
    frame = _Body(
        mass_kg=frame_kg, middle_m=unit.length_m / 2.0, inertia_kgm2=frame_kg * unit.length_m**2 / 12.0, height_m=tare.height_m
    )
    axles = [_Body(mass_kg=law.trailer_axle_kg, middle_m=place, inertia_kgm2=0.0, height_m=tare.height_m) for place in places]
    return _sum(replace(_sum(frame, *axles), middle_m=tare.place_m), _cargo(unit, payload_kg, law))


def _cargo(unit: Unit, payload_kg: float, law: Typical) -> _Body:
    """A payload spread evenly over the unit's room."""
    start, end = room_m(unit)
    load = even(unit, payload_kg, law=law)
    inertia = payload_kg * (end - start) ** 2 / 12.0
    return _Body(mass_kg=payload_kg, middle_m=load.place_m, inertia_kgm2=inertia, height_m=load.height_m)


def _sum(*parts: _Body) -> _Body:
    mass = sum(part.mass_kg for part in parts)
    middle = sum(part.mass_kg * part.middle_m for part in parts) / mass
    return _Body(
        mass_kg=mass,
        middle_m=middle,
        inertia_kgm2=sum(part.inertia_kgm2 + part.mass_kg * (part.middle_m - middle) ** 2 for part in parts),
        height_m=sum(part.mass_kg * part.height_m for part in parts) / mass,
    )


def _weighed(
    combination: Combination,
    bodies: tuple[_Body, _Body | None],
    middles: Mapping[Group, float],
    loads_kg: Mapping[Group, float],
) -> tuple[_Body, _Body | None]:
    """The bodies with their middles where the weighed loads put them (control facts, 1.2, solved for the places)."""
    (first, second), total = bodies, sum(loads_kg.values())
    wanted = set(Group) if second else {Group.STEER, Group.DRIVE}
    if set(loads_kg) != wanted:
        raise InputError(
            f"{combination.name}: loads of {', '.join(sorted(loads_kg))}; those of {', '.join(sorted(wanted))} are wanted"
        )
    mass = first.mass_kg + (second.mass_kg if second else 0.0)
    if abs(total - mass) > LOAD_TOLERANCE * mass:
        raise InputError(
            f"{combination.name}: axle loads add up to {total:g} kg, tare and payload to {mass:g} kg; "
            f"{LOAD_TOLERANCE:.0%} is accepted"
        )
    steer_kg, kingpin_kg, lead_m = loads_kg[Group.STEER] * mass / total, 0.0, 0.0
    if second and combination.trailer:
        trailer_kg = loads_kg[Group.TRAILER] * mass / total
        coupling_m = combination.trailer.coupling_m
        second = replace(second, middle_m=coupling_m + trailer_kg / second.mass_kg * (middles[Group.TRAILER] - coupling_m))
        kingpin_kg, lead_m = second.mass_kg - trailer_kg, middles[Group.DRIVE] - combination.tractor.coupling_m
    wheelbase = middles[Group.DRIVE] - middles[Group.STEER]
    before = (steer_kg * wheelbase - kingpin_kg * lead_m) / first.mass_kg
    return replace(first, middle_m=middles[Group.DRIVE] - before), second


def _rig(
    combination: Combination,
    bodies: tuple[_Body, _Body | None],
    stands: Sequence[_Stand],
    middles: Mapping[Group, float],
    law: Typical,
) -> Rig:
    first, second = bodies
    fields: dict[str, float] = {
        "tractor_mass_kg": first.mass_kg,
        "tractor_inertia_kgm2": first.inertia_kgm2,
        "steer_m": first.middle_m - middles[Group.STEER],
        "drive_m": middles[Group.DRIVE] - first.middle_m,
        "tractor_height_m": first.height_m,
        "steer_roll_ratio": law.steer_roll_ratio,
        "load_lag_s": law.load_lag_s,
    }
    if second and combination.trailer:
        fields |= {
            "trailer_mass_kg": second.mass_kg,
            "trailer_inertia_kgm2": second.inertia_kgm2,
            "hitch_m": combination.tractor.coupling_m - first.middle_m,
            "kingpin_m": second.middle_m - combination.trailer.coupling_m,
            "bogie_m": middles[Group.TRAILER] - second.middle_m,
            "trailer_height_m": second.height_m,
            "kingpin_height_m": coupling_height_m(combination, law),
            "kingpin_roll_ratio": law.kingpin_roll_ratio,
        }
    axles = tuple(_axle(one, middles[one.group] - one.place_m, law) for one in stands)
    return Rig(name=combination.name, source=f"catalogue; {law.source}", axles=axles, **fields)


def _axle(one: _Stand, offset_m: float, law: Typical) -> Axle:
    """An axle with its catalogue's tyres; its stiffness follows when the loads are known."""
    tyres, tyre = one.of.tyres_count, one.of.tyre
    row: dict[str, Any] = {
        **axle_kinds()[one.group],
        "group": one.group,
        "offset_m": offset_m,
        "load_share_ratio": one.share,
        "track_m": one.of.track_m or (law.twin_track_m if tyres > 2 else law.single_track_m),
        "radius_m": tyre.radius_m,
        "spin_kgm2": tyre.inertia_kgm2 * tyres / 2.0,
        "rolling_ratio": tyre.rolling_resistance_ratio,
        "cornering_n": law.tyre_cornering_n,
        "peak_load_n": law.tyre_peak_load_n * tyres,
    }
    return Axle(**row)


def _stiffened(rig: Rig, stands: Sequence[_Stand], law: Typical) -> Rig:
    """The rig with the cornering stiffness that its tyres have under its loads."""
    loads = rig.group_loads_n()
    axles = [
        replace(
            axle,
            cornering_n=one.of.tyres_count
            * law.tyre_cornering_n
            * stiffness_at_load(loads[axle.group] * axle.load_share_ratio, axle.peak_load_n),
        )
        for axle, one in zip(rig.axles, stands, strict=True)
    ]
    return replace(rig, axles=tuple(axles))
