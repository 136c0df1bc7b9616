"""Traces drawn: the one module that knows matplotlib, which is loaded only when a report is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from fifthwheel.document import NOT_INSTALLED
from fifthwheel.errors import InputError
from fifthwheel.units import unit_of
from fifthwheel.verify.kind import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS: Final = 600
"""Most points of a line; more cannot be seen."""


def drawn(columns: Mapping[str, Floats], plots: Sequence[Sequence[str]], image: str) -> bytes:
    """Plots of a trace over its first column, one below the other, as ``svg`` or ``png``.

    Columns that the trace has not are left out; a plot without any is not drawn.

    Raises
    ------
    InputError : matplotlib is not installed, or the trace holds none of the columns.
    """
    try:
        from matplotlib import rc_context
    except ImportError:
        raise InputError(NOT_INSTALLED) from None
    kept = [[name for name in names if name in columns] for names in plots]
    kept = [names for names in kept if names]
    if not kept:
        raise InputError(f"none of {[name for names in plots for name in names]} is in the trace of {sorted(columns)}")
    style: Any = {
        "font.size": 8, "svg.fonttype": "none", "svg.hashsalt": "fifthwheel", "axes.grid": True, "grid.alpha": 0.3
    }  # fmt: skip
    metadata = {"Date": None} if image == "svg" else {}
    with rc_context(style), BytesIO() as out:
        _figure(columns, kept).savefig(out, format=image, dpi=110, metadata=metadata)
        return out.getvalue()


def _figure(columns: Mapping[str, Floats], plots: Sequence[Sequence[str]]) -> Figure:
    from matplotlib.figure import Figure

    over = next(iter(columns))
    figure = Figure(figsize=(7.2, 1.5 * len(plots) + 0.5), layout="constrained")
    axes = figure.subplots(len(plots), 1, sharex=True, squeeze=False)[:, 0]
    every = max(len(columns[over]) // POINTS, 1)
    for axis, names in zip(axes, plots, strict=True):
        for name in names:
            line = "o-" if len(columns[over]) < 40 else "-"
            axis.plot(columns[over][::every], columns[name][::every], line, label=_titled(name), linewidth=1.0, markersize=2.5)
        axis.set_ylabel(unit_of(names[0]) or "-")
        axis.legend(loc="best", fontsize=7, frameon=False, ncols=len(names))
    axes[-1].set_xlabel(f"{_titled(over)} {f'[{unit_of(over)}]' if unit_of(over) else ''}")
    return figure


def _titled(name: str) -> str:
    """``odd_clutch_nm`` -> ``odd clutch``."""
    return name.rpartition("_")[0].replace("_", " ") or name
