"""What the EBS works on: axles, records of its signals and of its state, and `Unit`, all of it for one layout of axles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from math import inf
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.block import Signal
from fifthwheel.control.brakes.programme import AXLE, Programme, programme_of
from fifthwheel.errors import InputError

Floats = NDArray[np.float64]
Records = NDArray[Any]

STEP_S: Final = 0.01
"""Period of the unit."""
MACHINES: Final = ("trailer_regeneration", "tractor_regeneration", "retarder", "engine_brake")
"""Sources behind the friction brakes, in order."""


class Place(IntEnum):
    """Where an axle is."""

    FRONT = 0
    DRIVE = 1
    TRAILER = 2


class Phase(IntEnum):
    """What anti-lock control of a wheel is doing."""

    IDLE = 0
    RELEASE = 1
    HOLD = 2
    BUILD = 3


IDLE, RELEASE, HOLD, BUILD = (int(phase) for phase in Phase)
FRONT, DRIVE, TRAILER = (int(place) for place in Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Axles front to rear, and which of them the trailer's machine brakes and drives."""

    places: tuple[Place, ...]
    regenerating: tuple[bool, ...]

    def __post_init__(self) -> None:
        if len(self.places) != len(self.regenerating):
            raise InputError(f"{len(self.places)} axles but {len(self.regenerating)} marks of regeneration; one each is wanted")
        if Place.DRIVE not in self.places:
            raise InputError("no drive axle; at least one is wanted")
        if any(mark and place is not Place.TRAILER for place, mark in zip(self.places, self.regenerating, strict=True)):
            raise InputError("the trailer's machine brakes an axle that is not the trailer's; a trailer axle is wanted")

    def axles(self) -> Records:
        """Records of `AXLE`, shape (n_axles,)."""
        rows = np.zeros(len(self.places), dtype=AXLE)
        rows["place"] = self.places
        rows["regenerates"] = np.array(self.regenerating) / max(sum(self.regenerating), 1)
        rows["driven"] = (rows["place"] == DRIVE) / self.places.count(Place.DRIVE)
        return rows


REFERENCE: Final = Layout(
    places=(Place.FRONT, Place.DRIVE, Place.TRAILER, Place.TRAILER, Place.TRAILER),
    regenerating=(False, False, False, True, False),
)
"""4x2 tractor with a three-axle semi-trailer whose middle axle has a machine."""


def record_of(*names: str) -> np.dtype[Any]:
    """A record of numbers by name."""
    return np.dtype((np.record, [(name, "f8") for name in names]))


WHOLE: Final = record_of(
    "started", "speed_mps", "rate_mps2", "grade_ratio", "mass_kg", "spread", "felt_mps2", "quiet_s", "estimate_n", "kingpin_n",
    "bus", "held_yaw", "held_side", "held_fold", "fold_rate", "steered_radps", "bend_rad", "jackknife_s", "swing_s", "rollover",
    "transfer", "demand_mps2", "demand_n", "endurance_mps2", "service", "wanted_pa", "error_pa_s", "error_s", "stop_lamp",
    "emergency", "slipping", "trailer_n",
)  # fmt: skip
"""State of the unit: reference speed, its filtered rate, estimates, what the trailer said last, timers of interventions
(time left), demands, forces and pressures that the next step builds on."""
BY_AXLE: Final = record_of(
    "temperature_k", "fade", "friction_n", "adhesion", "apart_pa", "quiet_s", "slip", "extra_n", "blind", "braked_n"
)
"""State of an axle: brake temperature and fade, friction acting, learned adhesion, how far the wheels' pressures may be apart,
time since slip was seen (infinite: never), slip, room for more friction, whether both sensors are lost, braking that acts."""
BY_WHEEL: Final = record_of(
    "phase", "phase_s", "ceiling_pa", "event_pa", "quiet_s", "slip", "past_mps", "loss_mps2", "lost", "stuck_s"
)
"""State of a wheel's anti-lock control and sensor."""
BY_MACHINE: Final = record_of("asked_n", "event_n", "since_s", "available_n", "measured_n", "rate_nps")
"""State of a machine: force asked, force when its axle began to slip, time since then (negative: it does not)."""


class Unit(NamedTuple):
    """The EBS under way: records of one row (whole), a row an axle, a wheel, a machine; every array is changed in place.

    Attributes
    ----------
    p, u, y, x : parameters, inputs, outputs, state; with `a` by axle, with `w` by wheel, `xm` state by machine.
    """

    p: Records
    pa: Records
    u: Records
    ua: Records
    uw: Records
    y: Records
    ya: Records
    yw: Records
    x: Records
    xa: Records
    xw: Records
    xm: Records
    programme: Programme


@cache
def tables() -> dict[str, dict[str, dict[str, Any]]]:
    """Signals and calibration of `ebs.toml`."""
    return tomllib.loads(files("fifthwheel.control.brakes").joinpath("ebs.toml").read_text(encoding="utf-8"))


@cache
def record(kind: str) -> np.dtype[Any]:
    """Record of a table of `ebs.toml`: its names without the place of a number."""
    return record_of(*(name.replace("_{}", "") for name in tables()[kind]))


def signals(kind: str, axles_count: int) -> tuple[Signal, ...]:
    """Signals of ``inputs``, ``outputs`` or ``parameters``: those of the whole, then axle by axle, then wheel by wheel."""
    found = [_signal(name, row, 0) for name, row in tables()[kind].items()]
    for prefix, count in (("axle", axles_count), ("wheel", 2 * axles_count)):
        rows = tables().get(f"{prefix}_{kind}", {})
        found += [_signal(name, row, index) for index in range(count) for name, row in rows.items()]
    return tuple(found)


def _signal(name: str, row: dict[str, Any], index: int) -> Signal:
    """A signal of a table; outputs have no range."""
    return Signal(
        name=name.format(index),
        title_en=row["en"].format(index),
        title_zh=row["zh"].format(index),
        low=float(row.get("low", -inf)),
        high=float(row.get("high", inf)),
        start=float(row.get("start", 0.0)),
    )


def views(flat: Floats, kind: str, axles_count: int) -> tuple[Records, ...]:
    """Records that look into a flat array of `signals`: of the whole, shape (1,), by axle, and by wheel."""
    found, start = [], 0
    for prefix, size in (("", 1), ("axle_", axles_count), ("wheel_", 2 * axles_count)):
        if f"{prefix}{kind}" in tables():
            part = record(f"{prefix}{kind}")
            length = size * len(part.names or ())
            found.append(flat[start : start + length].view(part))
            start += length
    return tuple(found)


def unit_of(layout: Layout) -> tuple[Unit, Floats, Floats, Floats]:
    """A unit at rest, and the flat arrays of its parameters, inputs and outputs, which its records look into."""
    count = len(layout.places)
    parameters, inputs, outputs = (np.zeros(len(signals(kind, count))) for kind in ("parameters", "inputs", "outputs"))
    p, pa = views(parameters, "parameters", count)
    (u, ua, uw), (y, ya, yw) = views(inputs, "inputs", count), views(outputs, "outputs", count)
    whole, axles = np.zeros(1, dtype=WHOLE), np.zeros(count, dtype=BY_AXLE)
    wheels, machines = np.zeros(2 * count, dtype=BY_WHEEL), np.zeros(len(MACHINES), dtype=BY_MACHINE)
    axles["fade"], axles["quiet_s"], wheels["quiet_s"], wheels["ceiling_pa"] = 1.0, inf, inf, inf
    machines["since_s"] = -1.0
    programme = programme_of(layout.axles())
    unit = Unit(p=p, pa=pa, u=u, ua=ua, uw=uw, y=y, ya=ya, yw=yw, x=whole, xa=axles, xw=wheels, xm=machines, programme=programme)
    return unit, parameters, inputs, outputs
