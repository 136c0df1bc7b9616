"""A rig with another load on its trailer, or without the trailer."""

from __future__ import annotations

from dataclasses import replace

from fifthwheel.physics.slip import stiffness_at_load
from fifthwheel.simulate.handling.rig import Axle, Group, Rig


def laden(rig: Rig, trailer_kg: float, trailer_height_m: float) -> Rig:
    """The rig with a trailer of another mass and height of its centre of mass; 0 kg: the tractor alone.

    The trailer's inertia is in proportion, its centre of mass stays where it was along it; tyres are as stiff as they are at
    their new load.

    Raises
    ------
    InputError : a mass or height that no trailer has.
    """
    axles = rig.axles if trailer_kg > 0.0 else tuple(axle for axle in rig.axles if axle.group is not Group.TRAILER)
    inertia = rig.trailer_inertia_kgm2 * trailer_kg / rig.trailer_mass_kg
    bare = replace(rig, trailer_mass_kg=trailer_kg, trailer_inertia_kgm2=inertia, trailer_height_m=trailer_height_m, axles=axles)
    before, after = rig.group_loads_n(), bare.group_loads_n()

    def stiffened(axle: Axle) -> Axle:
        old, new = (stiffness_at_load(loads[axle.group] * axle.load_share_ratio, axle.peak_load_n) for loads in (before, after))
        return replace(axle, cornering_n=axle.cornering_n * new / old)

    return replace(bare, axles=tuple(stiffened(axle) for axle in bare.axles))
