"""What a body asks of its combination: every check of kind ``body`` by what the bodies are."""

from __future__ import annotations

from collections.abc import Sequence

from fifthwheel.vehicle.body import Body, BodyKind
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.load import Load
from fifthwheel.vehicle.practice import figures, verdict
from fifthwheel.vehicle.stability import RollThreshold, roll_threshold
from fifthwheel.vehicle.statics import AxleLoads
from fifthwheel.vehicle.tank import tank_checks
from fifthwheel.vehicle.tipping import tipper_checks
from fifthwheel.vehicle.verdict import Verdict


def mixer_threshold_ratio(body: Body, charge_kg: float, rolled: RollThreshold) -> float:
    """Static roll threshold, a share of g, with the drum turning: its charge y to the rising side takes ``m y / (M h)`` off."""
    aside = (body.drum_shift_m or figures().drum_shift_m) * charge_kg / rolled.centre.mass_kg
    return rolled.ratio * (1.0 - aside / (0.5 * rolled.track_m))


def body_checks(
    combination: Combination,
    loads: Sequence[Sequence[Load]],
    *,
    density_kgpm3: float = 0.0,
    found: AxleLoads | None = None,
) -> tuple[Verdict, ...]:
    """Roll threshold of the whole as its bodies move their cargo, and what tippers and tanks need besides.

    Parameters
    ----------
    loads : one sequence a unit; what lies on a unit with a tank is its liquid, of `density_kgpm3`.
    found : the axle loads where they are known already.
    """
    checks: list[Verdict] = []
    rolled = roll_threshold(combination, loads, found=found)
    for number, (unit, on) in enumerate(zip(combination.units, loads, strict=True)):
        body, cargo_kg = unit.body, sum(load.mass_kg for load in on)
        if body is None or cargo_kg <= 0.0:
            continue
        if body.kind is BodyKind.TANK:
            checks += tank_checks(combination, loads, number, rolled, density_kgpm3=density_kgpm3)
        elif body.kind is BodyKind.MIXER:
            checks.append(verdict("roll-threshold-mixer", mixer_threshold_ratio(body, cargo_kg, rolled)))
        elif body.kind is BodyKind.TIPPER:
            checks += tipper_checks(unit, body, on)
    if not any(one.rule.startswith("roll-threshold") for one in checks):
        checks.append(verdict("roll-threshold", rolled.ratio))
    return tuple(checks)
