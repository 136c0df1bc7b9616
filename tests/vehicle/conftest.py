"""Hand-made units and combinations with round figures, so that moments can be written out in a test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.combination import Combination, Unit, UnitKind, coupled
from fifthwheel.vehicle.components import AxleGroup, Tyre

TYRE = Tyre(
    name="tyre", source="made up", radius_m=0.5, inertia_kgm2=10.0, rolling_resistance_ratio=0.006, iso_load_n=3e4,
    pressure_pa=9e5,
)  # fmt: skip


def group(*positions_m: float, limit_kg: float, tyres_count: int = 4, **more: bool | float) -> AxleGroup:
    """An axle group."""
    return AxleGroup(positions_m=positions_m, load_limit_kg=limit_kg, tyres_count=tyres_count, tyre=TYRE, **more)  # type: ignore[arg-type]


def unit(kind: UnitKind, name: str, axles: tuple[AxleGroup, ...], **more: object) -> Unit:
    """A unit with what a test does not care about filled in."""
    drive = None if kind is UnitKind.TRAILER else catalogue().build("drives", "diesel-6x4")
    return Unit(
        name=name, source="made up", kind=kind, title_en=name, title_zh=name, height_m=4.0, axles=axles, drive=drive,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


TRACTOR_4X2 = unit(
    UnitKind.TRACTOR, "4x2", (group(1.4, limit_kg=8000.0, tyres_count=2), group(5.0, limit_kg=11500.0, driven=True)),
    tare_kg=7500.0, length_m=6.0, coupling_m=4.44, cg_m=2.6, cg_height_m=1.0, coupling_height_m=1.2, cab_rear_m=2.0,
    coupling_slide_m=(-0.5, 0.3),
)  # fmt: skip
"""Wheelbase 3.60 m, fifth wheel 0.56 m ahead of the drive axle, its mass 1.2 m behind the front axle."""
TRACTOR_6X4 = unit(
    UnitKind.TRACTOR, "6x4", (group(1.5, limit_kg=7000.0, tyres_count=2), group(4.8, 6.15, limit_kg=18000.0, driven=True)),
    tare_kg=9000.0, length_m=7.2, coupling_m=5.175, cg_m=3.2, cg_height_m=1.0, coupling_height_m=1.25, cab_rear_m=2.5,
    coupling_slide_m=(-0.3, 0.3),
)  # fmt: skip
"""Middle of the bogie 3.975 m behind the front axle, fifth wheel 0.3 m ahead of it."""
TRAILER = unit(
    UnitKind.TRAILER, "trailer",
    (group(7.89, limit_kg=9000.0, tyres_count=2, liftable=True), group(9.2, 10.51, limit_kg=18000.0, tyres_count=2)),
    tare_kg=6600.0, length_m=13.6, coupling_m=1.5, cg_m=7.0, cg_height_m=1.2, coupling_height_m=1.2, neck_radius_m=2.3,
)  # fmt: skip
"""Three equal axles 1.31 m apart, their middle 7.70 m behind the kingpin; the first one lifts."""
RIGID_8X4 = unit(
    UnitKind.RIGID, "8x4", (group(1.5, 3.3, limit_kg=13000.0, tyres_count=2), group(6.7, 8.05, limit_kg=18000.0, driven=True)),
    tare_kg=12000.0, length_m=9.6, cg_m=4.0, cg_height_m=1.1,
)  # fmt: skip
RIGID_6X2 = unit(
    UnitKind.RIGID, "6x2",
    (
        group(1.4, limit_kg=8000.0, tyres_count=2),
        group(6.2, limit_kg=11500.0, driven=True),
        group(7.55, limit_kg=7500.0, tyres_count=2, liftable=True, steered=True),
    ),
    tare_kg=10000.0, length_m=9.8, cg_m=3.8, cg_height_m=1.1, coupling_m=8.8, coupling_height_m=0.9,
)  # fmt: skip
"""A driven and a steered trailing axle that share as 11.5 to 7.5; a hook behind them."""
CENTRE_AXLE = unit(
    UnitKind.TRAILER, "centre-axle", (group(5.2, 7.0, limit_kg=18000.0),),
    tare_kg=4500.0, length_m=9.0, coupling_m=0.0, cg_m=5.9, cg_height_m=1.2,
)  # fmt: skip


def train(tractor: Unit, trailer: Unit | None) -> Combination:
    """Two units as one, with a drag area that no test here asks for."""
    behind = replace(trailer or tractor, drag_area_m2=5.5)
    pair = (tractor, behind) if trailer else (behind, None)
    return coupled(*pair, gross_mass_kg=49e3)


@pytest.fixture
def five_axles() -> Combination:
    """4x2 with three trailer axles."""
    return train(TRACTOR_4X2, TRAILER)


@pytest.fixture
def six_axles() -> Combination:
    """6x4 with three trailer axles."""
    return train(TRACTOR_6X4, TRAILER)
