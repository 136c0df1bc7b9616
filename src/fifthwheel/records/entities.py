"""The rows of the records as frozen values. Times are UTC microseconds; an `end_us` of ``None`` means it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

WIRES: Final = ("jt808", "vin", "plate")
"""What identifies a vehicle: its terminal's phone, its VIN (GB/T 32960, GB 17691, J1939), its plate."""
KINDS: Final = ("tractor", "rigid", "trailer", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRecord:
    """A tractor, rigid or trailer. `driver_id` is the driver assigned last; `Records.assign_driver` changes it."""

    vehicle_id: str
    plate: str
    kind: str = "unknown"
    combination: str | None = None
    vin: str | None = None
    phone: str | None = None
    driver_id: str | None = None
    created_us: int


class Identity(NamedTuple):
    """One name by which a wire knows a vehicle."""

    wire: str
    value: str
    vehicle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A person who drives."""

    driver_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """A trailer behind a tractor (or rigid) from `start_us` until `end_us`, end excluded."""

    tractor_id: str
    trailer_id: str
    start_us: int
    end_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A terminal that registered. `secret_hash` is the hex SHA-256 of its authentication code."""

    wire: str
    identity: str
    vehicle_id: str
    terminal_id: str
    secret_hash: str
    enrolled_us: int
    rotated_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecord:
    """What a vehicle was chosen for, from `start_us` until `end_us`, end excluded.

    Attributes
    ----------
    made_us, who : when it was recorded and by whom.
    duty : the work, as its table says it. candidate : what was chosen and what it promised (`fleet.promised`).
    """

    vehicle_id: str
    start_us: int
    end_us: int | None = None
    made_us: int
    who: str
    duty: Mapping[str, Any]
    candidate: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, when."""

    time_us: int
    who: str
    what: str
    detail: str
