"""Units for a drawing to scale."""

from __future__ import annotations

from fifthwheel.fleet.views import AxleDrawing, UnitDrawing
from fifthwheel.vehicle.combination import Unit


def unit_drawing(unit: Unit, front_m: float) -> UnitDrawing:
    """One unit whose front stands at `front_m` from the front of the combination."""
    battery = unit.drive.battery if unit.drive else None
    return UnitDrawing(
        kind=unit.kind.value,
        start_m=front_m,
        length_m=unit.length_m,
        height_m=unit.height_m,
        axles=tuple(
            AxleDrawing(
                position_m=front_m + position_m,
                tyre_radius_m=group.tyre.radius_m,
                tyres_count=group.tyres_count,
                driven=group.driven,
                liftable=group.liftable,
            )
            for group in unit.axles
            for position_m in group.positions_m
        ),
        battery_j=battery.capacity_j if battery else None,
    )
