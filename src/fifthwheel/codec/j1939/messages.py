"""What J1939 frames carry: parameters by table (``signals.csv``, ``faults.csv``), trouble codes, lamps, names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from fifthwheel.units import BAR, CELSIUS_ZERO_K, DEGREE, HOUR, KM, KMH, KPA, LITRE, RPM

UNITS: Final[Mapping[str, tuple[str, float, float]]] = MappingProxyType(
    {
        "rpm": ("rad/s", RPM, 0.0),
        "%": ("", 0.01, 0.0),
        "km/h": ("m/s", KMH, 0.0),
        "°C": ("K", 1.0, CELSIUS_ZERO_K),
        "kPa": ("Pa", KPA, 0.0),
        "bar": ("Pa", BAR, 0.0),
        "L/h": ("m³/s", LITRE / HOUR, 0.0),
        "L": ("m³", LITRE, 0.0),
        "km": ("m", KM, 0.0),
        "h": ("s", HOUR, 0.0),
        "min": ("s", 60.0, 0.0),
        "kg/h": ("kg/s", 1 / HOUR, 0.0),
        "deg": ("°", 1.0, 0.0),
        "°": ("rad", DEGREE, 0.0),
        "Nm": ("N·m", 1.0, 0.0),
        "A charging": ("A", -1.0, 0.0),
    }
    | {unit: (unit, 1.0, 0.0) for unit in ("m", "s", "kg", "V", "A", "ppm", "rad", "rad/s", "m/s", "m/s²", "Pa")}
    | dict.fromkeys(("r", "state", "ratio", "count"), ("", 1.0, 0.0))
)
"""Unit on the wire -> SI symbol, factor, offset. ``A charging``: J1939 counts current into the battery, we count it out."""

IDENTITY_PGN: Final = 65260
COMPONENT_PGN: Final = 65259
SOFTWARE_PGN: Final = 65242
ADDRESS_CLAIM_PGN: Final = 60928
REQUEST_PGN: Final = 59904
ACTIVE_FAULTS_PGN: Final = 65226
TROUBLE_PGNS: Final = MappingProxyType(
    {65226: "DM1", 65227: "DM2", 65231: "DM6", 65236: "DM12", 64949: "DM23", 64898: "DM27", 64896: "DM28"}
)
"""Diagnostic messages that are lamps and a list of trouble codes."""
OTHER_NAMES: Final = MappingProxyType(
    {
        0xEC00: "TP.CM",
        0xEB00: "TP.DT",
        REQUEST_PGN: "RQST",
        59392: "ACKM",
        ADDRESS_CLAIM_PGN: "AC",
        65240: "CA",
        65235: "DM11",
        54016: "DM19",
        49408: "DM21",
        64950: "DM24",
        64951: "DM25",
        41728: "DM31",
        IDENTITY_PGN: "VI",
        COMPONENT_PGN: "CI",
        SOFTWARE_PGN: "SOFT",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter inside a group: where its bits lie and what they mean.

    Attributes
    ----------
    pgn, message : group number and the group's short name.
    owner : source address that the standard gives it to, or None.
    spn : its number, 0 where none is known to us.
    name : of the signal catalogue where it has it, otherwise our own; ends in its SI unit.
    start : first bit in the payload, from 0, little-endian (byte 4 bit 1 of the standard is 24); of a big-endian field,
        the place of its last bit counted from the end of the 8 bytes.
    bits, signed, big_endian : the raw field; J1939 itself has neither signed nor big-endian fields, NMEA 2000 (``s32`` in the
        table) and a user's DBC may.
    scale, offset, unit : raw to the unit on the wire, a key of `UNITS`.
    """

    pgn: int
    message: str
    owner: int | None
    spn: int
    name: str
    start: int
    bits: int
    scale: float
    offset: float
    unit: str
    signed: bool = False
    big_endian: bool = False

    @property
    def si(self) -> tuple[float, float]:
        """(factor, offset) from the raw value to SI."""
        _, factor, offset = UNITS[self.unit]
        return self.scale * factor, self.offset * factor + offset


def _rows(table: str) -> Iterable[dict[str, str]]:
    text = files("fifthwheel.codec.j1939").joinpath(table).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _parameter(row: Mapping[str, str]) -> Parameter:
    byte, bit = row["start"].split(".")
    return Parameter(
        pgn=int(row["pgn"]),
        message=row["message"],
        owner=int(row["owner"]) if row["owner"] else None,
        spn=int(row["spn"] or 0),
        name=row["name"],
        start=8 * int(byte) + int(bit) - 9,
        bits=int(row["bits"].removeprefix("s")),
        scale=float(row["scale"]),
        offset=float(row["offset"]),
        unit=row["unit"],
        signed=row["bits"].startswith("s"),
    )


@cache
def parameters() -> tuple[Parameter, ...]:
    """The own table of public parameters, in its order."""
    return tuple(_parameter(row) for row in _rows("signals.csv"))


@cache
def group(pgn: int) -> tuple[Parameter, ...]:
    """Parameters of one group."""
    return tuple(parameter for parameter in parameters() if parameter.pgn == pgn)


def message_name(pgn: int) -> str:
    """Short name of a group, ``PGN 65281`` when we have none."""
    known = group(pgn)
    return known[0].message if known else TROUBLE_PGNS.get(pgn) or OTHER_NAMES.get(pgn) or f"PGN {pgn}"


@cache
def _fault_texts() -> dict[tuple[str, int], tuple[str, str]]:
    return {(row["kind"], int(row["code"])): (row["en"], row["zh"]) for row in _rows("faults.csv")}


def fault_text(spn: int, fmi: int, *, language: str = "en") -> str:
    """What a trouble code means, in ``en`` or ``zh``.

    >>> fault_text(110, 0)
    'Coolant temperature: reading is valid but far above the normal range (most severe)'
    """
    column = 1 if language == "zh" else 0
    texts = _fault_texts()
    what = texts[("spn", spn)][column] if ("spn", spn) in texts else f"SPN {spn}"
    how = texts[("fmi", fmi)][column] if ("fmi", fmi) in texts else f"FMI {fmi}"
    return f"{what}：{how}" if language == "zh" else f"{what}: {how}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtc:
    """One trouble code.

    `spn` is read as conversion version 4, which is also version 3; a sender of `conversion_method` 1 may mean version 1 or 2
    (`spn_version`): the bytes do not tell.
    """

    spn: int
    fmi: int
    occurrence_count: int
    conversion_method: int = 0

    @property
    def code(self) -> str:
        """Stable name, ``SPN 110 FMI 3``."""
        return f"SPN {self.spn} FMI {self.fmi}"

    def spn_version(self, version: int) -> int:
        """The number if the sender used conversion `version` 1 (most significant byte first) or 2 (middle byte first)."""
        low, middle, high = self.spn & 0xFF, self.spn >> 8 & 0xFF, self.spn >> 16
        return low << 11 | middle << 3 | high if version == 1 else middle << 11 | low << 3 | high


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamps:
    """Lamps of a diagnostic message, each ``off``, ``on``, ``slow flash``, ``fast flash``, ``error`` or ``not available``."""

    mil: str
    red_stop: str
    amber_warning: str
    protect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """Lamps and trouble codes of DM1, DM2 and their kin."""

    lamps: Lamps
    dtcs: tuple[Dtc, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """NAME of a control unit (SAE J1939-81): who claims an address."""

    arbitrary_address_capable: int
    industry_group: int
    vehicle_system_instance: int
    vehicle_system: int
    function: int
    function_instance: int
    ecu_instance: int
    manufacturer_code: int
    identity_number: int


NAME_BITS: Final = (
    ("identity_number", 21),
    ("manufacturer_code", 11),
    ("ecu_instance", 3),
    ("function_instance", 5),
    ("function", 8),
    (None, 1),
    ("vehicle_system", 7),
    ("vehicle_system_instance", 4),
    ("industry_group", 3),
    ("arbitrary_address_capable", 1),
)
"""Fields of NAME from its least significant bit; None is reserved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of any length: a frame as it is, or a transfer joined."""

    pgn: int
    source_address: int
    destination_address: int
    priority: int
    payload: bytes
