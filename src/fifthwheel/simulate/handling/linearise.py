"""The plant about one state: rates, energy of motion, and the linear system it is there, to compare with `linear`."""

from __future__ import annotations

import numpy as np

from fifthwheel.simulate.compiled import compiled
from fifthwheel.simulate.handling.layout import (
    FIRST_WHEEL,
    HEADING,
    SIDE_SPEED,
    SPEED,
    TRAILER_HEADING,
    TRAILER_SIDE_SPEED,
    TRAILER_SPEED,
    TRAILER_YAW,
    YAW,
    Floats,
    Plant,
)
from fifthwheel.simulate.handling.motion import rates


def rate(plant: Plant, state: Floats) -> Floats:
    """Rates of change of `state`, shape (n_state,), with the plant's inputs as they act now; its outputs follow."""
    found = np.zeros_like(state)
    _rates(plant, state, found)
    return found


def kinetic_energy_j(plant: Plant) -> float:
    """Energy of motion of both bodies and of the wheels' spin, J."""
    body, state, out = plant.body[0], plant.state, plant.out
    rate(plant, state)
    tractor = body["m1"] * (state[SPEED] ** 2 + state[SIDE_SPEED] ** 2) + body["i1"] * state[YAW] ** 2
    trailer = body["m2"] * (out[TRAILER_SPEED] ** 2 + out[TRAILER_SIDE_SPEED] ** 2) + body["i2"] * state[TRAILER_YAW] ** 2
    spins = plant.wheels["inertia"] * state[FIRST_WHEEL : FIRST_WHEEL + len(plant.wheels)] ** 2
    return float(0.5 * (tractor + trailer + spins.sum()))


def jacobian(plant: Plant, *, step: float = 1e-6) -> Floats:
    """Rates of change by central differences about the plant's state, shape (n_state, n_state).

    `step` is the difference, in each state's unit.
    """
    columns = []
    for place in range(len(plant.state)):
        above, below = plant.state.copy(), plant.state.copy()
        above[place] += step
        below[place] -= step
        columns.append((rate(plant, above) - rate(plant, below)) / (2.0 * step))
    return np.stack(columns, axis=1)


def lateral_matrix(plant: Plant) -> Floats:
    """The plant's ``[v, r1, r2, gamma]`` system about its state, all else held: what `linear.system` states, shape (4, 4)."""
    places = [SIDE_SPEED, YAW, TRAILER_YAW, HEADING, TRAILER_HEADING]
    whole = jacobian(plant)[np.ix_(places, places)]
    articulation = np.vstack([whole[:3], whole[3] - whole[4]])
    return articulation[:, :4]


@compiled
def _rates(plant: Plant, state: Floats, found: Floats) -> None:
    rates(plant, state, found)
