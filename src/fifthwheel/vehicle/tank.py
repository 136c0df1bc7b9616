"""A tank that is not full: its liquid moves aside and lowers the roll threshold, and sways (control facts, 1.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

from fifthwheel.vehicle.body import Body
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.load import Load, fill_ratio
from fifthwheel.vehicle.practice import figures, unverified, verdict
from fifthwheel.vehicle.slosh import leaning, pendulum_radps, sway_radps
from fifthwheel.vehicle.stability import RollThreshold
from fifthwheel.vehicle.typical import typical
from fifthwheel.vehicle.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Sway:
    """Lowest natural frequencies of the liquid, Hz: across, and along each compartment front to rear."""

    lateral_hz: float
    longitudinal_hz: tuple[float, ...]


def sway(body: Body, filled_ratio: float) -> Sway:
    """How a tank's liquid sways at a fill; along, a compartment counts as a box of the same mean depth [K].

    Parameters
    ----------
    body : with its section and its width and height.
    """
    assert body.section is not None, f"{body.name} has no section; the caller refuses that"
    size = (body.section_width_m, body.section_height_m)
    return Sway(
        lateral_hz=pendulum_radps(body.section, filled_ratio, size) / (2.0 * pi),
        longitudinal_hz=tuple(
            sway_radps(length, filled_ratio * body.section_height_m) / (2.0 * pi) for length in body.compartments_m
        ),
    )


def tank_threshold_ratio(
    combination: Combination, loads: Sequence[Sequence[Load]], unit: int, filled_ratio: float, rolled: RollThreshold
) -> float:
    """Static roll threshold, a share of g, with the liquid lying aside as that lateral acceleration makes it lie.

    ``a (M h - m h_l) + m (a z(a) + y(a)) = M T / 2``; then less the lean, as of other loads.

    Parameters
    ----------
    unit : that carries the tank. rolled : the threshold with the liquid frozen.
    """
    from scipy.optimize import brentq

    body = combination.units[unit].body
    assert body is not None, "the caller refuses a unit without a body"
    assert body.section is not None, "the caller refuses a body without a section"
    section, size = body.section, (body.section_width_m, body.section_height_m)
    floor, liquid_kg = body.floor_m or typical().floor_height_m, sum(load.mass_kg for load in loads[unit])
    whole, frozen = rolled.centre, sum(load.mass_kg * load.height_m for load in loads[unit])

    def excess(lateral: float) -> float:
        lie = leaning(section, filled_ratio, size, lateral)
        moved = liquid_kg * (lateral * (floor + lie.height_m) + lie.aside_m)
        return lateral * (whole.mass_kg * whole.height_m - frozen) + moved - 0.5 * whole.mass_kg * rolled.track_m

    return float(brentq(excess, 1e-6, 2.0 * rolled.rigid_ratio, xtol=1e-6)) / (1.0 + rolled.lean_ratio)


def tank_checks(
    combination: Combination,
    loads: Sequence[Sequence[Load]],
    unit: int,
    rolled: RollThreshold,
    *,
    density_kgpm3: float = 0.0,
) -> tuple[Verdict, ...]:
    """Roll threshold with the liquid moving, its lateral sway, and baffles of a tank, filled alike in all its compartments.

    Parameters
    ----------
    unit : that carries the tank. rolled : the threshold with the liquid frozen.
    """
    body, liquid_kg = combination.units[unit].body, sum(load.mass_kg for load in loads[unit])
    if body is None or liquid_kg <= 0.0:
        return ()
    if body.section is None or body.section_width_m <= 0.0 or body.section_height_m <= 0.0:
        return (unverified("roll-threshold-tank", "section"),)
    if body.volume_m3 <= 0.0 or density_kgpm3 <= 0.0:
        return (unverified("roll-threshold-tank", "volume_m3"),)
    filled, law = fill_ratio(body, liquid_kg, density_kgpm3), figures()
    threshold = tank_threshold_ratio(combination, loads, unit, filled, rolled)
    found = [verdict("roll-threshold-tank", threshold)]
    if not law.fill_least_ratio < filled < law.fill_most_ratio:
        return tuple(found)
    found.append(verdict("tank-slosh", sway(body, filled).lateral_hz))
    spaces = body.compartments_m
    largest = body.volume_m3 * max(spaces) / sum(spaces) if spaces else 0.0
    found.append(verdict("tank-baffles", largest) if spaces else unverified("tank-baffles", "compartments_m"))
    return tuple(found)
