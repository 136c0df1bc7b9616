"""What a codec's `observe` returns for a batch of frames: columns, faults and rejects, each row tied to its frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.reject import Reject


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one layout decoded from a batch of frames.

    Attributes
    ----------
    frame : index into the batch of the frame each row came from, shape (n,).
    time_us : device time of each row, UTC microseconds, shape (n,).
    values : signal name -> SI values, shape (n,), NaN where the wire said "not available" or "error".
    resent : rows that a device stored and sent late (0x0704 blind zone, resend 0x03), shape (n,) of bool.
    """

    frame: NDArray[np.int64]
    time_us: NDArray[np.int64]
    values: Mapping[str, NDArray[np.float64]]
    resent: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault or alarm that a frame reports as present at `time_us`; `code` is stable (``SPN 110 FMI 3``, ``0200 alarm 1``)."""

    frame: int
    time_us: int
    code: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A decoded batch: column blocks, faults, claims of identity, and per-frame rejects (index of the frame, reject).

    `identity` holds what each frame says about who speaks, one string a frame: the phone of JT/T 808, the VIN elsewhere.
    """

    identity: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    faults: tuple[Fault, ...] = ()
    rejects: tuple[tuple[int, Reject], ...] = field(default=())
