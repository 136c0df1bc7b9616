"""The latest value of every signal of every vehicle, in memory: fed by the pipeline, filled from the lake at start."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

import numpy as np

from fifthwheel.lake.query import LakeReader
from fifthwheel.signals.observations import Observations
from fifthwheel.units import SECOND_US

_TAIL_US = 900 * SECOND_US


class Value(NamedTuple):
    """One value with its device time (UTC microseconds) and the wire it came over."""

    value: float
    time_us: int
    source: str


class Latest:
    """Latest values by vehicle and signal; every method may be called from any thread."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Value]] = {}
        self._lock = Lock()

    def update(self, observations: Observations) -> set[str]:
        """Take over whatever in `observations` is newer than what is known; the vehicles that changed."""
        if not len(observations):
            return set()
        rows = observations.table.sort_by("time_us")
        vehicles = rows.column("vehicle_id").combine_chunks().dictionary_encode()
        codes = vehicles.indices.to_numpy()
        names = vehicles.dictionary.to_pylist()
        times = rows.column("time_us").to_numpy()
        sources = rows.column("source")
        changed: set[str] = set()
        with self._lock:
            for signal_name in observations.signal_names:
                values = rows.column(signal_name).to_numpy()
                here = np.flatnonzero(~np.isnan(values))
                last = np.full(len(names), -1)
                last[codes[here]] = here  # of repeated indices the last assignment, the newest row, stays
                for code in np.flatnonzero(last >= 0):
                    row, known = last[code], self._values.setdefault(names[code], {})
                    if signal_name not in known or known[signal_name].time_us <= times[row]:
                        known[signal_name] = Value(float(values[row]), int(times[row]), sources[int(row)].as_py())
                        changed.add(names[code])
        return changed

    def fill(self, reader: LakeReader, vehicle_ids: set[str]) -> None:
        """Fill vehicles that are not known yet from the last quarter of an hour each has in the lake."""
        unknown = vehicle_ids - set(self._values)
        newest = reader.newest_us() if unknown else {}
        for vehicle_id in unknown:
            if vehicle_id in newest:
                end_us = newest[vehicle_id]
                self.update(reader.observations(vehicle_id, start_us=end_us - _TAIL_US, end_us=end_us))
            with self._lock:
                self._values.setdefault(vehicle_id, {})

    def of(self, vehicle_id: str) -> dict[str, Value]:
        """Latest value by signal of one vehicle; empty when it was never heard."""
        with self._lock:
            return dict(self._values.get(vehicle_id, {}))
