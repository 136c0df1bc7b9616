"""A block: a control unit or a plant as one pure step between signals with names.

The same block runs in trips, transient plants, verification scenarios, FMUs and under XCP; this record is all they need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import unit_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """An input, output or parameter of a block: a name that ends in its unit, its meaning, range, and value at the start."""

    name: str
    title_en: str
    title_zh: str
    low: float = -inf
    high: float = inf
    start: float = 0.0

    @property
    def unit(self) -> str:
        """SI symbol; '' when dimensionless."""
        return unit_of(self.name)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A control unit or a plant.

    Attributes
    ----------
    period_s : time between two steps.
    inputs, outputs, parameters : what stands in the arrays of a step, in order; parameters are the calibration.
    begin : state at the start from parameters of shape ``(n_parameters,)``.
    step : ``step(state, inputs, parameters, outputs)`` advances by one period; changes `state` and `outputs` in place.
    """

    name: str
    title_en: str
    title_zh: str
    period_s: float
    inputs: tuple[Signal, ...]
    outputs: tuple[Signal, ...]
    parameters: tuple[Signal, ...]
    begin: Callable[[Floats], Any]
    step: Callable[[Any, Floats, Floats, Floats], None]

    @cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """Kind (``inputs``, ``outputs``, ``parameters``) and index of every signal by name."""
        kinds = ("inputs", "outputs", "parameters")
        return {signal.name: (kind, index) for kind in kinds for index, signal in enumerate(getattr(self, kind))}


class Running:
    """A block under way: its state and its three arrays.

    Raises
    ------
    UnknownName : a signal that the block has not. InputError : a value outside its range, with what is accepted.

    Examples
    --------
    >>> double = Block(
    ...     name="double", title_en="doubles", title_zh="加倍", period_s=0.01, parameters=(),
    ...     inputs=(Signal(name="in_nm", title_en="in", title_zh="入"),),
    ...     outputs=(Signal(name="out_nm", title_en="out", title_zh="出"),),
    ...     begin=lambda parameters: None, step=lambda x, u, p, y: y.__setitem__(0, 2.0 * u[0]),
    ... )
    >>> running = Running(double)
    >>> running.set(in_nm=21.0)
    >>> running.step()
    >>> running["out_nm"]
    42.0
    """

    def __init__(self, block: Block, **parameters: float) -> None:
        self.block = block
        self.parameters, self.inputs, self.outputs = (
            np.array([signal.start for signal in signals], dtype=np.float64)
            for signals in (block.parameters, block.inputs, block.outputs)
        )
        self.set(**parameters)
        self.state = block.begin(self.parameters)

    def set(self, **values: float) -> None:
        """Give inputs or parameters new values."""
        for name, value in values.items():
            kind, index = self._place(name)
            signal: Signal = getattr(self.block, kind)[index]
            if kind == "outputs":
                raise InputError(f"{name} is an output of {self.block.name}; inputs and parameters can be set")
            if not signal.low <= value <= signal.high:
                raise InputError(f"{name} is {value} {signal.unit}; {signal.low} to {signal.high} {signal.unit} is accepted")
            getattr(self, kind)[index] = value

    def __getitem__(self, name: str) -> float:
        """Value of a signal now."""
        kind, index = self._place(name)
        return float(getattr(self, kind)[index])

    def step(self) -> None:
        """Advance by one period."""
        self.block.step(self.state, self.inputs, self.parameters, self.outputs)

    def _place(self, name: str) -> tuple[str, int]:
        places = self.block.places
        if name not in places:
            raise UnknownName(f"signal of {self.block.name}", name, places)
        return places[name]
