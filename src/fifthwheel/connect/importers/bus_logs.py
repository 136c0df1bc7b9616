"""Logs of other tools (Vector ASC and BLF, PCAN TRC, python-can CSV) to CAN frames; the only module with python-can."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import numpy as np

from fifthwheel.codec.j1939.frame import CanFrames
from fifthwheel.connect.importers.candump import Block
from fifthwheel.errors import InputError
from fifthwheel.units import SECOND_US

SUFFIXES: Final = (".asc", ".blf", ".trc", ".csv")


def read(path: Path) -> Block:
    """All classic data frames with 29-bit identifiers of the log, its format by suffix.

    Raises
    ------
    InputError : the reader cannot make sense of the file, or finds nothing in it.
    """
    import can

    times, identifiers, payloads = [], [], []
    skipped: Counter[str] = Counter()
    try:
        with can.LogReader(path, relative_timestamp=False) as log:
            for message in log:
                reason = _unfit(message)
                if reason:
                    skipped[reason] += 1
                    continue
                times.append(message.timestamp)
                identifiers.append(message.arbitration_id)
                payloads.append(bytes(message.data))
    except Exception as error:  # each format's reader raises its own unrelated types
        raise InputError(f"{path.name}: not a readable {path.suffix} log: {error}") from error
    if not times and not skipped:
        raise InputError(f"{path.name}: no frames in it; a {path.suffix} log of CAN frames is accepted")
    frames = CanFrames(
        time_us=np.round(np.array(times, np.float64) * SECOND_US).astype(np.int64),
        identifier=np.array(identifiers, np.uint32),
        data=np.frombuffer(b"".join(part.ljust(8, b"\xff") for part in payloads), np.uint8).reshape(len(payloads), 8),
        length=np.array([len(part) for part in payloads], np.uint8),
    )
    return Block(frames=frames, end=path.stat().st_size, skipped=skipped)


def _unfit(message: Any) -> str:
    if message.is_error_frame:
        return "error frame"
    if message.is_remote_frame:
        return "remote frame"
    if message.is_fd or len(message.data) > 8:
        return "CAN FD frame"
    return "" if message.is_extended_id else "11-bit identifier"
