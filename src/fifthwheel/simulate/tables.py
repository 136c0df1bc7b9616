"""Tables of a powertrain on uniform grids, as the kernel reads them: fuel, losses, and forces at the wheels by gear."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.driveline import loss_at
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.simulate import layout
from fifthwheel.vehicle.components import Engine, LossMap

Floats = NDArray[np.float64]
Road = tuple[Floats, Floats, Floats, Floats]
"""Nodes, stops, prescribed speeds and curvature of roads, as `layout.Stock` ends."""


@dataclass(slots=True)
class Pool:
    """Tables that powertrains share: the same map on the same grid is made once."""

    fuel: list[Floats] = field(default_factory=list)
    losses: list[Floats] = field(default_factory=list)
    known: dict[tuple[object, ...], int] = field(default_factory=dict)

    def fuel_table(self, engine: Engine, step_radps: float, torque_nm: Floats) -> int:
        """Index of the fuel power of `engine` over shaft speed (`step_radps` apart) and `torque_nm`."""
        key = (id(engine), step_radps, float(torque_nm[0]), float(torque_nm[-1]))
        if key not in self.known:
            speeds = step_radps * np.arange(layout.N_SHAFT)
            idle = np.maximum(speeds, engine.idle_speed_radps)
            grid = np.meshgrid(np.minimum(idle, engine.speed_radps[-1]), torque_nm, indexing="ij")
            self.fuel.append(np.ascontiguousarray(fuel_power_at(engine, *grid)))
            self.known[key] = len(self.fuel) - 1
        return self.known[key]

    def loss_table(self, loss_map: LossMap, step_radps: float, most_nm: float) -> int:
        """Index of the input torque of a stage over input speed and output torque (referred to the input, +- `most_nm`)."""
        key = (id(loss_map), step_radps, most_nm)
        if key not in self.known:
            self.losses.append(_inverse(loss_map, step_radps, most_nm))
            self.known[key] = len(self.losses) - 1
        return self.known[key]

    def stock(self, trains: NDArray[np.void], road: Road) -> layout.Stock:
        """The pool with its trains and roads, as the kernel takes them."""
        fuel = np.stack(self.fuel) if self.fuel else np.zeros((1, 2, 2))
        losses = np.stack(self.losses) if self.losses else np.zeros((1, 2, 2))
        return layout.Stock(trains, fuel, losses, *road)


@lru_cache(maxsize=256)
def _inverse(loss_map: LossMap, step_radps: float, most_nm: float) -> Floats:
    """Input torque of a stage over input speed and output torque, read-only: kept, since it takes longer than a hundred trips."""
    output = np.linspace(-most_nm, most_nm, layout.N_TORQUE)
    given = np.linspace(-2.0 * most_nm, 2.0 * most_nm, 8 * layout.N_TORQUE + 1)
    table = np.empty((layout.N_STAGE, layout.N_TORQUE))
    for row in range(layout.N_STAGE):
        loss = loss_at(loss_map, np.full_like(given, row * step_radps), given)
        table[row] = np.interp(output, np.maximum.accumulate(given - loss), given)
    table.setflags(write=False)
    return table


def wheel_force_n(pool: Pool, train: layout.Record, gear: int, torque_nm: Floats) -> Floats:
    """Force at the wheels for torques at the gearbox input, over the train's grid of shaft speeds: the inverse of the stages."""
    # By key: a record's attributes take longer than the sums here, and every powertrain of a search comes this way.
    shafts, ratio, drag = train["step"] * np.arange(layout.N_SHAFT), train["ratio"][gear], train["retarder_drag"]
    axle_speed, primary = shafts / ratio, train["primary"]
    before = drag if primary else 0.0
    behind = np.interp(axle_speed, shafts, drag) if train["drags"] and not primary else 0.0
    axle = _output_torque(pool, train, gear, shafts, torque_nm - before) * ratio - behind
    return np.asarray(_output_torque(pool, train, layout.AXLE_STAGE, axle_speed, axle) * train["axle"] / train["radius"])


def _output_torque(pool: Pool, train: layout.Record, stage: int, speed_radps: Floats, torque_nm: Floats) -> Floats:
    """Output torque of a stage (referred to its input) for input torques at input speeds."""
    if train["table"][stage] < 0:
        efficiency = float(train["efficiency"][stage])
        return np.where(torque_nm > 0.0, torque_nm * efficiency, torque_nm / efficiency)
    table = pool.losses[train.table[stage]]
    rows = np.minimum(speed_radps * train.per_speed[stage], layout.N_STAGE - 1.0)
    low = np.minimum(rows.astype(int), layout.N_STAGE - 2)
    lines = table[low] * (1.0 - (rows - low))[:, None] + table[low + 1] * (rows - low)[:, None]
    output = (np.arange(layout.N_TORQUE) - 0.5 * (layout.N_TORQUE - 1)) / float(train.per_torque[stage])
    return np.array([np.interp(torque, line, output) for torque, line in zip(torque_nm, lines, strict=True)])
