"""Boundary conversions: everything inside is SI; this is the one place where other units appear.

A factor is the SI value of one unit: ``80 * KMH`` is metres per second, ``speed_mps / KMH`` is km/h.
``SUFFIX_UNIT`` maps the last part of a name (``speed_mps``) to the unit symbol that `Finding`s and pages show.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import pi
from typing import Final

KMH: Final = 1 / 3.6
RPM: Final = 2 * pi / 60
LITRE: Final = 1e-3
BAR: Final = 1e5
KPA: Final = 1e3
KWH: Final = 3.6e6
MJ: Final = 1e6
KM: Final = 1e3
TONNE: Final = 1e3
POUND: Final = 0.45359237
FOOT: Final = 0.3048
INCH: Final = 0.0254
HOUR: Final = 3600.0
DAY: Final = 86400.0
DEGREE: Final = pi / 180
CELSIUS_ZERO_K: Final = 273.15
MICROSECOND: Final = 1e-6
SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400_000_000
GRAVITY_MPS2: Final = 9.80665
"""Standard acceleration of gravity, CGPM 1901."""
CHINA_OFFSET_US: Final = 8 * 3600 * SECOND_US
"""JT/T 808, GB/T 32960 and GB 17691 carry UTC+8 without saying so."""

SUFFIX_UNIT: Final = {
    "m": "m",
    "m2": "m²",
    "m3": "m³",
    "m3ps": "m³/s",
    "mps": "m/s",
    "mps2": "m/s²",
    "mps3": "m/s³",
    "kg": "kg",
    "kgps": "kg/s",
    "kgpm3": "kg/m³",
    "kgpm": "kg/m",
    "kgpkg": "kg/kg",
    "kgm2": "kg·m²",
    "n": "N",
    "nps": "N/s",
    "nm": "N·m",
    "nms": "N·m·s",
    "nmps": "N·m/s",
    "nmprad": "N·m/rad",
    "nmsprad": "N·m·s/rad",
    "j": "J",
    "jpkg": "J/kg",
    "jpm": "J/m",
    "jpk": "J/K",
    "jpm3k": "J/(m³·K)",
    "w": "W",
    "wpk": "W/K",
    "jpmk": "J/(m·K)",
    "pa": "Pa",
    "k": "K",
    "s": "s",
    "us": "µs",
    "hz": "Hz",
    "ps": "1/s",
    "rad": "rad",
    "radps": "rad/s",
    "radps2": "rad/s²",
    "deg": "°",
    "v": "V",
    "a": "A",
    "ohm": "Ω",
    "ppm": "ppm",
    "ratio": "",
    "state": "",
    "count": "",
    "bits": "",
}


def unit_of(name: str) -> str:
    """Unit symbol of a name by its suffix; '' for a dimensionless name.

    >>> unit_of("speed_mps"), unit_of("battery_soc_ratio")
    ('m/s', '')
    """
    return SUFFIX_UNIT.get(name.rsplit("_", 1)[-1], "")


BASE_UNITS: Final = ("kg", "m", "s", "A", "K", "mol", "cd", "rad")
"""In the order of `base_exponents`; the radian counts as one, as in FMI 2.0."""
_BASE: Final[Mapping[str, tuple[int, ...]]] = {
    "": (0,) * 8,
    **{unit: tuple(int(unit == other) for other in BASE_UNITS) for unit in BASE_UNITS},
    "N": (1, 1, -2, 0, 0, 0, 0, 0),
    "J": (1, 2, -2, 0, 0, 0, 0, 0),
    "W": (1, 2, -3, 0, 0, 0, 0, 0),
    "Pa": (1, -1, -2, 0, 0, 0, 0, 0),
    "V": (1, 2, -3, -1, 0, 0, 0, 0),
    "Ω": (1, 2, -3, -2, 0, 0, 0, 0),
    "Hz": (0, 0, -1, 0, 0, 0, 0, 0),
}


def base_exponents(symbol: str) -> tuple[int, ...] | None:
    """Exponents of `BASE_UNITS` in a coherent SI symbol as `SUFFIX_UNIT` writes them; ``None`` for a scaled one (``ppm``).

    >>> base_exponents("N·m"), base_exponents("m/s²"), base_exponents("µs")
    ((1, 2, -2, 0, 0, 0, 0, 0), (0, 1, -2, 0, 0, 0, 0, 0), None)
    """
    total = [0] * len(BASE_UNITS)
    for way, side in zip((1, -1), symbol.removeprefix("1").split("/"), strict=False):
        for factor in side.strip("()").split("·"):
            found = re.fullmatch(r"([^²³⁴]*)([²³⁴]?)", factor)
            if found is None or found[1] not in _BASE:
                return None
            power = way * {"": 1, "²": 2, "³": 3, "⁴": 4}[found[2]]
            total = [sum_ + power * one for sum_, one in zip(total, _BASE[found[1]], strict=True)]
    return tuple(total)
