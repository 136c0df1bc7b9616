"""Measurement files (ASAM MDF 4.10); the only module that touches asammdf (extra ``can``), which takes a second to load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.units import SECOND_US, unit_of

Floats = NDArray[np.float64]
TIME: Final = "time_s"
_VERSION: Final = "4.10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Columns of one raster.

    Attributes
    ----------
    columns : by name, shape ``(n_samples,)`` each; ``time_s`` counts from the start of the file and rises.
    units : of columns whose name does not end in their unit. titles : meaning of columns, in English and Chinese.
    title : what the trace is.
    """

    columns: Mapping[str, Floats]
    title: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def write(path: Path, traces: Sequence[Trace], started_us: int) -> None:
    """Write `traces`, a channel group with a master channel of time each, to `path`; `started_us` is the UTC start.

    Raises
    ------
    InputError : asammdf is not installed, a trace has no rising ``time_s`` or columns of unequal length, or the file cannot be
        written.
    """
    library = _library()
    if path.suffix.lower() != ".mf4":
        raise InputError(f"{path}: an MDF4 file is written as .mf4")
    with library.MDF(version=_VERSION) as file:
        file.start_time = datetime.fromtimestamp(started_us / SECOND_US, tz=UTC)
        for trace in traces:
            _append(file, library, trace)
        try:
            file.save(path, overwrite=True)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error}") from error


def read(path: Path) -> tuple[list[Trace], int]:
    """The traces of a file of signals, and its UTC start in microseconds; the inverse of `write`.

    Raises
    ------
    InputError : asammdf is not installed, or the file cannot be read.
    """
    with opened(path) as file:
        traces = [_trace(file, index) for index in range(len(file.groups))]
        return traces, round(file.start_time.timestamp() * SECOND_US)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The file at `path` as asammdf's ``MDF``.

    Raises
    ------
    InputError : asammdf is not installed, or what it raises on a damaged file, also within the ``with`` block.
    """
    library = _library()
    try:
        with library.MDF(path) as file:
            yield file
    except InputError:
        raise
    except Exception as error:  # the library raises a family of unrelated types on damaged files
        raise InputError(f"{path.name}: not a readable MF4 file: {error}") from error


def _library() -> ModuleType:
    try:
        import asammdf
    except ImportError as error:
        raise InputError("MF4 files need the extra 'can' (pip install 'fifthwheel[can]')") from error
    found: ModuleType = asammdf
    return found


def _append(file: Any, library: ModuleType, trace: Trace) -> None:
    """A channel group of `trace`."""
    sizes = {len(column) for column in trace.columns.values()}
    if TIME not in trace.columns or len(sizes) != 1 or not (np.diff(trace.columns[TIME]) > 0.0).all():
        raise InputError(
            f"trace {trace.title!r} has columns {list(trace.columns)}; equally long ones with a rising {TIME} are wanted"
        )
    signals = [
        library.Signal(
            samples=np.asarray(column, dtype=np.float64), timestamps=np.asarray(trace.columns[TIME], dtype=np.float64), name=name,
            unit=trace.units.get(name, unit_of(name)), comment=" / ".join(trace.titles.get(name, ())),
        )
        for name, column in trace.columns.items()
        if name != TIME
    ]  # fmt: skip
    file.append(signals, comment=trace.title, common_timebase=True)


def _trace(file: Any, index: int) -> Trace:
    group = file.groups[index]
    columns, units, titles = {TIME: np.asarray(file.get_master(index), dtype=np.float64)}, {}, {}
    master = file.masters_db[index]
    for place, channel in enumerate(group.channels):
        if place == master:
            continue
        signal = file.get(group=index, index=place)
        columns[channel.name] = np.asarray(signal.samples, dtype=np.float64)
        units[channel.name] = signal.unit
        both = signal.comment.split(" / ")
        titles[channel.name] = (both[0], both[-1])
    return Trace(columns=columns, title=group.channel_group.comment, units=units, titles=titles)
