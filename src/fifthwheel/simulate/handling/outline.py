"""The planar vehicle seen from above, for drawing: bodies and wheels about their centres of mass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fifthwheel.simulate.handling.rig import Group, Rig

WIDTH_M: Final = 2.55
FRONT_M: Final = 1.4
"""Overhang of a tractor ahead of its first axle [K]."""
FRAME_M: Final = 0.9
"""Overhang of a tractor's frame behind its last axle [K]."""
NOSE_M: Final = 1.45
"""A semi-trailer's body ahead of its kingpin [K]."""
TAIL_M: Final = 1.9
"""A semi-trailer's body behind its last axle [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A unit: its ends ahead of its centre of mass, its width."""

    front_m: float
    rear_m: float
    width_m: float = WIDTH_M


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel or pair of twins, in the order of the trace: its body, its place ahead and left of the centre of mass."""

    body: int
    ahead_m: float
    left_m: float
    steered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Bodies front to rear, and wheels."""

    bodies: tuple[Body, ...]
    wheels: tuple[Wheel, ...]


def outline(rig: Rig) -> Outline:
    """What to draw of a rig; ends of the bodies are typical overhangs about its axles and kingpin."""
    tractor = [rig.place_m(axle) for axle in rig.axles if axle.group is not Group.TRAILER]
    trailer = [rig.place_m(axle) for axle in rig.group(Group.TRAILER)]
    bodies = [Body(front_m=max(tractor) + FRONT_M, rear_m=min(tractor) - FRAME_M)]
    if trailer:
        bodies.append(Body(front_m=rig.kingpin_m + NOSE_M, rear_m=min(trailer) - TAIL_M))
    wheels = tuple(
        Wheel(
            body=int(axle.group is Group.TRAILER), ahead_m=rig.place_m(axle), left_m=side * 0.5 * axle.track_m,
            steered=axle.group is Group.STEER,
        )
        for axle in rig.axles
        for side in (1.0, -1.0)
    )  # fmt: skip
    return Outline(bodies=tuple(bodies), wheels=wheels)
