"""When stop lamps light (UN R13 5.2.1.30 as restated) and when the emergency stop signal does."""

from __future__ import annotations

from dataclasses import dataclass

SHALL_MPS2 = 1.3
"""Endurance or category A regenerative braking above this shall light them; up to it, it may."""
SUPPRESSED_MPS2 = 0.7
"""Automatically commanded braking below this may stay dark."""
EMERGENCY_ON_MPS2, EMERGENCY_OFF_MPS2 = 4.0, 2.5
RELEASE_MPS2 = 0.2
"""Once lit, lamps go out this far below the threshold, so that they do not flicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Braking:
    """What brakes now.

    Attributes
    ----------
    service : the driver asks for the service brake. automatic : a system asks for braking.
    selective : braking of single wheels by a stability function, which gives no signal.
    endurance_mps2 : deceleration by retarder, engine brake device or category A regeneration, the engine's own drag not counted.
    deceleration_mps2 : of the vehicle.
    """

    service: bool = False
    automatic: bool = False
    selective: bool = False
    endurance_mps2: float = 0.0
    deceleration_mps2: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamps:
    """Stop lamps and emergency stop signal."""

    stop: bool = False
    emergency: bool = False


def step(state: Lamps, braking: Braking, *, early: bool = False) -> Lamps:
    """Lamps after one period; `early` uses the permission to light them for endurance braking from 0.7 m/s2 on.

    Examples
    --------
    >>> step(Lamps(), Braking(endurance_mps2=1.4)).stop, step(Lamps(), Braking(endurance_mps2=1.2)).stop
    (True, False)
    """
    back = RELEASE_MPS2 if state.stop else 0.0
    endurance = braking.endurance_mps2 > (SUPPRESSED_MPS2 if early else SHALL_MPS2) - back
    automatic = braking.automatic and not braking.selective and braking.deceleration_mps2 >= SUPPRESSED_MPS2 - back
    stop = braking.service or endurance or automatic
    threshold = EMERGENCY_OFF_MPS2 if state.emergency else EMERGENCY_ON_MPS2
    emergency = braking.service and braking.deceleration_mps2 >= threshold
    return Lamps(stop=stop, emergency=emergency)
