"""MDF4 bus logs (CANedge and alike) to CAN frames."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from fifthwheel.codec.j1939.frame import CanFrames
from fifthwheel.connect.importers.candump import Block
from fifthwheel.errors import InputError
from fifthwheel.signals import mdf
from fifthwheel.units import SECOND_US

_RECORD = "CAN_DataFrame"


def read(path: Path) -> Block:
    """All classic data frames with 29-bit identifiers; LIN, error and remote groups are left out.

    Raises
    ------
    InputError : asammdf is not installed, the file is damaged, or it holds no CAN frames (a log of decoded signals).
    """
    with mdf.opened(path) as log:
        groups = _bus_groups(log)
        if not groups:
            raise InputError(f"{path.name}: no CAN frames in it; an MF4 of raw bus traffic is accepted")
        start_us = round(log.start_time.timestamp() * SECOND_US)
        parts = [_frames(log, index, start_us) for index in groups]
    skipped: Counter[str] = sum((counts for _, counts in parts), Counter())
    return Block(frames=CanFrames.concat([frames for frames, _ in parts]), end=path.stat().st_size, skipped=skipped)


def _bus_groups(log: Any) -> list[int]:
    return [index for index, group in enumerate(log.groups) if any(channel.name == _RECORD for channel in group.channels)]


def _frames(log: Any, group: int, start_us: int) -> tuple[CanFrames, Counter[str]]:
    """Frames of one channel group."""
    names = {channel.name for channel in log.groups[group].channels}

    def column(name: str) -> Any:
        return log.get(f"{_RECORD}.{name}", group=group, raw=True)

    raw = column("ID")
    identifier = raw.samples.astype(np.uint32)
    extended = column("IDE").samples.astype(bool) if f"{_RECORD}.IDE" in names else identifier > 0x7FF
    length = column("DataLength").samples.astype(np.int64)
    keep = extended & (length <= 8)
    skipped = Counter({"11-bit identifier": int((~extended).sum()), "CAN FD frame": int((extended & (length > 8)).sum())})
    written = column("DataBytes").samples[keep][:, :8]
    data = np.full((len(written), 8), 0xFF, np.uint8)
    data[:, : written.shape[1]] = written
    data[np.arange(8) >= length[keep, None]] = 0xFF
    frames = CanFrames(
        time_us=start_us + np.round(raw.timestamps[keep] * SECOND_US).astype(np.int64),
        identifier=identifier[keep] & np.uint32(0x1FFFFFFF),
        data=data,
        length=length[keep].astype(np.uint8),
    )
    return frames, +skipped
