"""A kind of scenario: one function from parameters to a run, with the meaning and range of all that goes in and comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.block import Signal
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate.handling.outline import Outline
from fifthwheel.units import unit_of

Floats = NDArray[np.float64]
Value = float | str
Parameters = Mapping[str, Value]
Tuning = Mapping[str, float]
"""Calibration values by name that differ from those the control unit comes with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A parameter that is one of several names; the first is the default."""

    name: str
    title_en: str
    title_zh: str
    among: tuple[str, ...]

    @property
    def start(self) -> str:
        """Value where none is given."""
        return self.among[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a case gave.

    Attributes
    ----------
    columns : the trace, each of shape ``(n,)``, with ``time_s`` (or another running quantity first) and names that end in a unit.
    quantities : one figure by name; what does not exist in this case is left out.
    outline : what moved, seen from above, where the trace has its poses.
    """

    columns: Mapping[str, Floats]
    quantities: Mapping[str, float]
    outline: Outline | None = None


def _always(_: Parameters) -> bool:
    return True


def _untuned() -> tuple[Signal, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of scenario.

    Attributes
    ----------
    parameters : what a case may set, with range and default (`Signal.start`). quantities : what a run may give.
    drive : ``drive(parameters, tuning) -> Run``; `parameters` is complete and within its ranges.
    tunes : calibration values that `tuning` may change, with range and the value they come with.
    possible : whether a case can happen at all (a gear down that would overspeed the engine cannot); others are left out.
    plots : names of columns that are drawn together, one tuple a plot.
    """

    name: str
    title_en: str
    title_zh: str
    parameters: tuple[Signal | Choice, ...]
    quantities: tuple[Signal, ...]
    drive: Callable[[Parameters, Tuning], Run]
    tunes: Callable[[], tuple[Signal, ...]] = _untuned
    possible: Callable[[Parameters], bool] = _always
    plots: tuple[tuple[str, ...], ...] = ()

    def complete(self, given: Parameters) -> dict[str, Value]:
        """`given` with the defaults of what it leaves out.

        Raises
        ------
        UnknownName : a parameter or choice that there is not. InputError : a value of the wrong type or outside its range.
        """
        known = {one.name: one for one in self.parameters}
        for name in given:
            if name not in known:
                raise UnknownName(f"parameter of {self.name}", name, known)
        return {name: _accepted(one, given.get(name, one.start)) for name, one in known.items()}

    def run(self, given: Parameters, tuning: Tuning | None = None) -> Run:
        """Drive one case.

        Raises
        ------
        UnknownName : a parameter or calibration value that there is not. InputError : one that is not accepted.
        """
        parameters, tuned = self.complete(given), tuning or {}
        known = {one.name: one for one in self.tunes()}
        for name, value in tuned.items():
            if name not in known:
                raise UnknownName(f"calibration value of {self.name}", name, known)
            _accepted(known[name], value)
        return self.drive(parameters, tuned)


def _accepted(one: Signal | Choice, value: Value) -> Value:
    if isinstance(one, Choice):
        if value not in one.among:
            raise UnknownName(one.name, str(value), one.among)
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{one.name} is {value!r}; a number of {one.low:g} to {one.high:g} {unit_of(one.name)} is accepted")
    if not one.low <= value <= one.high:
        unit = unit_of(one.name)
        raise InputError(f"{one.name} is {value:g} {unit}; {one.low:g} to {one.high:g} {unit} is accepted")
    return float(value)


def number(parameters: Parameters, name: str) -> float:
    """A parameter that is a number."""
    return float(parameters[name])


def whole(parameters: Parameters, name: str) -> int:
    """A parameter that is a whole number.

    Raises
    ------
    InputError : it has a fraction.
    """
    value = float(parameters[name])
    if value != round(value):
        raise InputError(f"{name} is {value:g}; a whole number is accepted")
    return round(value)


def signals(rows: Iterable[tuple[str, str, str] | tuple[str, str, str, float, float, float]]) -> tuple[Signal, ...]:
    """Signals from rows of name, English and Chinese title, and for parameters lowest, highest and default value."""
    return tuple(
        Signal(name=row[0], title_en=row[1], title_zh=row[2], low=row[3], high=row[4], start=row[5])
        if len(row) == 6
        else Signal(name=row[0], title_en=row[1], title_zh=row[2])
        for row in rows
    )
