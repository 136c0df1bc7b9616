"""The one table of signals: name, unit, plausible range, wire ids, titles; read from ``catalogue.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fifthwheel.errors import UnknownName


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal.

    Attributes
    ----------
    name : column name, ending in its SI unit (``speed_mps``).
    unit : SI symbol, '' when dimensionless.
    low, high : plausible range in that unit; a value outside is not stored but reported.
    jt808, gbt32960, hj1239, j1939 : where each wire carries it ('' when it does not); J1939 by SPN.
    title_en, title_zh : what people read.
    """

    name: str
    unit: str
    low: float
    high: float
    jt808: str
    gbt32960: str
    hj1239: str
    j1939: str
    title_en: str
    title_zh: str


@cache
def signals() -> dict[str, Signal]:
    """Every signal by name, in the order of the table (which is the column order of the lake)."""
    text = files("fifthwheel.signals").joinpath("catalogue.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Signal(**{**row, "low": float(row["low"]), "high": float(row["high"])})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    }


def signal(name: str) -> Signal:
    """The signal called `name`.

    Raises
    ------
    UnknownName : no such signal.
    """
    try:
        return signals()[name]
    except KeyError:
        raise UnknownName("signal", name, signals()) from None


@cache
def alarm_titles() -> dict[str, tuple[str, str]]:
    """English and Chinese title of each alarm bit of JT/T 808 and GB/T 32960, by its code (``0200 alarm 1``)."""
    text = files("fifthwheel.signals").joinpath("alarms.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["title_en"], row["title_zh"]) for row in csv.DictReader(text.splitlines())}
