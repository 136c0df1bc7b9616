"""A table of fields (``layout.csv`` of a protocol) that drives reading, writing, showing and column access of its messages.

A message is kept as its codes: nested dicts and lists of what the wire said, so writing is the exact inverse of reading.
`show` turns codes into the trade's units (``speed_kmh``), `Column` into SI signals for a whole batch at once.

Types: ``u8 u16 u32`` a number with scale, offset and absent codes; ``b8 b16 b32`` a code, count or bit field; ``time`` six
bytes; ``text:N bytes:N`` with N a number, the name of an earlier field, or ``*`` for the rest; another layout's name; ``?name``
one of that layout's rows, chosen by an id byte; and any of these repeated: ``[N]``. A field called ``*`` is spliced in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fifthwheel.codec.chinatime import moment
from fifthwheel.errors import FrameError, InputError
from fifthwheel.units import CELSIUS_ZERO_K, HOUR, KM, KMH, KPA, LITRE, RPM

Floats = NDArray[np.float64]
Rows = NDArray[np.uint8]
Structs = NDArray[Any]

TRADE: Final = {
    "kmh": (KMH, 0.0),
    "km": (KM, 0.0),
    "rpm": (RPM, 0.0),
    "percent": (0.01, 0.0),
    "kohm": (1e3, 0.0),
    "c": (1.0, CELSIUS_ZERO_K),
    "kpa": (KPA, 0.0),
    "mpa": (1e6, 0.0),
    "lph": (LITRE / HOUR, 0.0),
    "l": (LITRE, 0.0),
    "kgph": (1 / HOUR, 0.0),
}
"""Suffix of a trade name -> factor and shift to SI; other suffixes are SI already."""


class Item(NamedTuple):
    """One of several possible bodies: the id byte on the wire, the name of its row, its codes."""

    id: int
    name: str
    codes: Any


class Span(NamedTuple):
    """Where `times` equal elements lie, from byte `at` of a frame."""

    at: int
    times: int


class Reader:
    """A cursor over the data of one frame; `scope` holds the counts read so far, `marks` the bytes that shape the layout."""

    __slots__ = ("at", "data", "end", "marks", "scope")

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end
        self.scope: dict[str, int] = {}
        self.marks: list[int] = []

    def take(self, n_bytes: int) -> bytes:
        """The next bytes.

        Raises
        ------
        FrameError : ``body``, fewer are left.
        """
        start, self.at = self.at, self.at + n_bytes
        if self.at > self.end:
            raise FrameError("body", f"{n_bytes} bytes wanted at byte {start}, {self.end - start} are left")
        return self.data[start : self.at]

    def count(self, size: int | str) -> int | None:
        """A fixed size, the value of an earlier field, or None for ``*``."""
        return size if isinstance(size, int) else None if size == "*" else self.scope[size]


class Type:
    """How a field lies on the wire. `dtype` is set when its size is fixed; such types are located as a `Span`."""

    __slots__ = ()

    @property
    def dtype(self) -> np.dtype[Any] | None:
        """Column type of one element, None when the size varies from message to message."""
        return None

    def read(self, reader: Reader) -> Any:
        """Codes from the cursor on."""
        raise NotImplementedError

    def write(self, codes: Any) -> bytes:
        """The bytes that `read` gives these codes for."""
        raise NotImplementedError

    def show(self, codes: Any) -> Any:
        """Codes as JSON in trade units."""
        raise NotImplementedError

    def locate(self, reader: Reader) -> Any:
        """Where the codes lie: the shape of `read`, with a `Span` in place of each run of fixed size."""
        dtype = self.dtype
        if dtype is None:
            return self.read(reader)
        reader.take(dtype.itemsize)
        return Span(reader.at - dtype.itemsize, 1)


@dataclass(frozen=True, slots=True)
class Number(Type):
    """Big-endian unsigned number; a `coded` one has no scale and no absent codes."""

    size: int
    coded: bool = False
    scale: float = 1.0
    offset: float = 0.0
    digits: int = 0
    si_factor: float = 1.0
    si_shift: float = 0.0
    abnormal_from: int = 1 << 32
    invalid_from: int = 1 << 32

    @property
    def dtype(self) -> np.dtype[Any]:
        """Big-endian unsigned integer."""
        return np.dtype(f">u{self.size}")

    def read(self, reader: Reader) -> int:
        """The code."""
        return int.from_bytes(reader.take(self.size), "big")

    def write(self, codes: int) -> bytes:
        """The code, big-endian."""
        return codes.to_bytes(self.size, "big")

    def show(self, codes: int) -> float | int | None:
        """Value in the trade unit, None for an absent code."""
        if codes >= self.abnormal_from:
            return None
        return round(codes * self.scale + self.offset, self.digits) if self.digits else int(codes * self.scale + self.offset)

    def si(self, codes: NDArray[Any]) -> Floats:
        """SI values of codes of any shape, NaN for absent ones."""
        values = codes.astype(np.float64)
        absent = values >= self.abnormal_from
        values *= self.scale * self.si_factor
        values += self.offset * self.si_factor + self.si_shift
        values[absent] = np.nan
        return values

    def codes_of(self, values: ArrayLike, name: str) -> NDArray[np.int64]:
        """Codes of SI values, the invalid code for NaN.

        Raises
        ------
        InputError : a value that the field cannot say.
        """
        si = np.asarray(values, np.float64)
        codes = np.rint((si - self.offset * self.si_factor - self.si_shift) / (self.scale * self.si_factor))
        top = min(self.abnormal_from, 256**self.size) - 1
        if np.any((codes < 0) | (codes > top)):
            low, high = (code * self.scale + self.offset for code in (0, top))
            worst = si[(codes < 0) | (codes > top)].flat[0]
            raise InputError(f"{name}: {worst} (SI) is outside {low:g} to {high:g} in the unit of the wire")
        return np.where(np.isnan(codes), 256**self.size - 1, codes).astype(np.int64)

    def counted(self, code: int) -> int:
        """The code as a count: "abnormal" and "invalid" counts are none."""
        return 0 if code >= 256**self.size - 2 else code


@dataclass(frozen=True, slots=True)
class Raw(Type):
    """Bytes, shown as hex, or as text where they are printable text."""

    size: int | str
    text: bool

    @property
    def dtype(self) -> np.dtype[Any] | None:
        """Opaque bytes of a fixed size."""
        return np.dtype(f"V{self.size}") if isinstance(self.size, int) else None

    def read(self, reader: Reader) -> bytes:
        """The bytes."""
        size = reader.count(self.size)
        return reader.take(reader.end - reader.at if size is None else size)

    def write(self, codes: bytes) -> bytes:
        """The bytes themselves."""
        return codes

    def show(self, codes: bytes) -> str:
        """Text without its padding, or lower-case hex."""
        bare = codes.rstrip(b"\0 ").decode("utf-8", "replace")
        return bare if self.text and bare.isprintable() and "\ufffd" not in bare else codes.hex()


@dataclass(frozen=True, slots=True)
class Time(Type):
    """Six bytes of UTC+8."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Six bytes."""
        return np.dtype("V6")

    def read(self, reader: Reader) -> bytes:
        """The six bytes."""
        return reader.take(6)

    def write(self, codes: bytes) -> bytes:
        """The six bytes."""
        return codes

    def show(self, codes: bytes) -> str | None:
        """ISO 8601 with +08:00, None for a dead clock."""
        when = moment(codes)
        return when.isoformat() if when else None


@dataclass(frozen=True, slots=True)
class Field:
    """A named part of a layout; `names` are its enumeration or bits, `signals` the (signal, reducer) pairs it feeds."""

    name: str
    type: Type
    names: Mapping[int, str]
    bits: bool
    signals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group(Type):
    """Named fields in order."""

    fields: tuple[Field, ...]
    sizing: frozenset[str]
    dtypes: np.dtype[Any] | None = field(compare=False)

    @property
    def dtype(self) -> np.dtype[Any] | None:
        """A packed record, when every field is of fixed size."""
        return self.dtypes

    def read(self, reader: Reader) -> dict[str, Any]:
        """Field name -> codes."""
        codes = {}
        for part in self.fields:
            codes[part.name] = code = part.type.read(reader)
            if isinstance(part.type, Number):
                reader.scope[part.name] = part.type.counted(code)
        return codes

    def write(self, codes: Mapping[str, Any]) -> bytes:
        """All fields in order."""
        return b"".join([part.type.write(codes[part.name]) for part in self.fields])

    def locate(self, reader: Reader) -> Any:
        """A `Span` when fixed, else field name -> place; the bytes of counts are marked."""
        if self.dtypes is not None:
            return Type.locate(self, reader)
        places = {}
        for part in self.fields:
            start = reader.at
            places[part.name] = part.type.locate(reader)
            if part.name in self.sizing and isinstance(part.type, Number):
                reader.marks += range(start, reader.at)
                reader.scope[part.name] = part.type.counted(int.from_bytes(reader.data[start : reader.at], "big"))
        return places

    def show(self, codes: Mapping[str, Any]) -> dict[str, Any]:
        """Trade names -> values; enumerations get a ``_name`` (``_names`` for bits) beside them, abnormal codes a list."""
        shown: dict[str, Any] = {}
        abnormal = []
        for part in self.fields:
            code = codes[part.name]
            shown[part.name] = part.type.show(code)
            if part.names and part.bits:
                shown[part.name + "_names"] = [name for bit, name in part.names.items() if code >> bit & 1]
            elif part.names:
                shown[part.name + "_name"] = part.names.get(code)
            if _abnormal(part.type, code):
                abnormal.append(part.name)
        return shown | {"abnormal": abnormal} if abnormal else shown

    def fill(self, n_rows: int, values: Mapping[str, ArrayLike]) -> Rows:
        """Bytes (n_rows, size) of a fixed group from SI values by field name; codes for coded fields; absent ones invalid."""
        record = np.zeros(n_rows, self.dtypes)
        for part in self.fields:
            given = values.get(part.name, 0 if isinstance(part.type, Number) and part.type.coded else np.nan)
            record[part.name] = part.type.codes_of(given, part.name) if isinstance(part.type, Number) else given
        return record.view(np.uint8).reshape(n_rows, -1)


@dataclass(frozen=True, slots=True)
class Choice(Type):
    """An id byte, then the body that the id names."""

    rows: Mapping[int, tuple[str, Type]]

    def read(self, reader: Reader) -> Item:
        """The `Item`.

        Raises
        ------
        FrameError : ``block``, an id without a row.
        """
        id_, name, kind = self._row(reader)
        codes = kind.read(reader)
        if isinstance(kind, Number):
            reader.scope[name] = kind.counted(codes)
        return Item(id_, name, codes)

    def write(self, codes: Item) -> bytes:
        """Id byte and body."""
        return bytes((codes.id,)) + self.rows[codes.id][1].write(codes.codes)

    def show(self, codes: Item) -> Any:
        """The body."""
        return self.rows[codes.id][1].show(codes.codes)

    def locate(self, reader: Reader) -> Item:
        """The `Item` with the place of its body; the id byte is marked."""
        reader.marks.append(reader.at)
        id_, name, kind = self._row(reader)
        return Item(id_, name, kind.locate(reader))

    def _row(self, reader: Reader) -> tuple[int, str, Type]:
        id_ = reader.take(1)[0]
        if id_ not in self.rows:
            raise FrameError("block", f"unknown id 0x{id_:02X} at byte {reader.at - 1}")
        return id_, *self.rows[id_]


@dataclass(frozen=True, slots=True)
class Repeat(Type):
    """The same type again and again: a fixed number, as many as an earlier field says, or until the data ends."""

    item: Type
    times: int | str

    def read(self, reader: Reader) -> list[Any]:
        """A list of codes."""
        count = reader.count(self.times)
        if count is not None:
            return [self.item.read(reader) for _ in range(count)]
        return list(self._until_end(reader, self.item.read))

    def write(self, codes: Sequence[Any]) -> bytes:
        """All elements."""
        return b"".join([self.item.write(code) for code in codes])

    def show(self, codes: Sequence[Any]) -> Any:
        """A list; bodies chosen by id become name -> body (a list where a name comes again)."""
        if not isinstance(self.item, Choice):
            return [self.item.show(code) for code in codes]
        shown: dict[str, Any] = {}
        for code in codes:
            gather(shown, code.name, self.item.show(code))
        return shown

    def locate(self, reader: Reader) -> Any:
        """A `Span` for elements of fixed size, else a list of places."""
        count, dtype = reader.count(self.times), self.item.dtype
        if count is None:
            return list(self._until_end(reader, self.item.locate))
        if dtype is None:
            return [self.item.locate(reader) for _ in range(count)]
        start = reader.at
        reader.take(count * dtype.itemsize)
        return Span(start, count)

    @staticmethod
    def _until_end(reader: Reader, step: Callable[[Reader], Any]) -> Iterator[Any]:
        while reader.at < reader.end:
            yield step(reader)


def gather(shown: dict[str, Any], name: str, value: Any) -> None:
    """Add `value` under `name`; lists of the same name are joined, other values become a list when the name comes again."""
    if name not in shown:
        shown[name] = value
    elif isinstance(shown[name], list):
        shown[name] += value if isinstance(value, list) else [value]
    else:
        shown[name] = [shown[name], value]


def _abnormal(kind: Type, code: Any) -> bool:
    if isinstance(kind, Repeat) and isinstance(kind.item, Number):
        return any(_abnormal(kind.item, each) for each in code)
    return isinstance(kind, Number) and kind.abnormal_from <= code < kind.invalid_from


Absent = Callable[[int], tuple[int, int]]
"""Size in bytes -> (first abnormal code, first invalid code)."""

_TYPE: Final = re.compile(r"(?P<choice>\??)(?P<name>\w+)(?::(?P<size>\w+|\*))?(?:\[(?P<times>\w+|\*)\])?")


def load(package: str, edition: str, absent: Absent) -> dict[str, Type]:
    """The layouts of `edition` in ``layout.csv`` of `package`, by name; a layout stands below those it uses.

    A layout whose rows have an id is a `Choice`, every other one a `Group`.
    """
    text = files(package).joinpath("layout.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines(), restval="") if row["edition"] in ("", edition)]
    layouts: dict[str, Type] = {}
    for name in dict.fromkeys(row["layout"] for row in rows):
        mine = [row for row in rows if row["layout"] == name]
        layouts[name] = _choice(mine, layouts, absent) if mine[0]["id"] else _group(mine, layouts, absent)
    return layouts


def _choice(rows: Iterable[dict[str, str]], layouts: Mapping[str, Type], absent: Absent) -> Choice:
    chosen = {}
    for row in rows:
        first, _, last = row["id"].partition("-")
        for id_ in range(int(first, 16), int(last or first, 16) + 1):
            chosen[id_] = (row["field"], _type(row, layouts, absent))
    return Choice(chosen)


def _group(rows: Iterable[dict[str, str]], layouts: Mapping[str, Type], absent: Absent) -> Group:
    fields: list[Field] = []
    for row in rows:
        if row["field"] == "*":
            spliced = layouts[row["type"]]
            assert isinstance(spliced, Group)
            fields += spliced.fields
        elif row["field"]:
            fields.append(_field(row, layouts, absent))
    dtypes = [(part.name, part.type.dtype) for part in fields]
    sizing = frozenset(str(size) for part in fields for size in _sizes(part.type))
    fixed = None if any(dtype is None for _, dtype in dtypes) else np.dtype(dtypes)
    return Group(tuple(fields), sizing, fixed)


def _sizes(kind: Type) -> Iterator[int | str]:
    if isinstance(kind, Repeat):
        yield kind.times
        yield from _sizes(kind.item)
    elif isinstance(kind, Raw):
        yield kind.size


def _field(row: dict[str, str], layouts: Mapping[str, Type], absent: Absent) -> Field:
    pairs = [pair.partition("=") for pair in row["names"].split("|") if pair]
    bits = row["names"].startswith("bit")
    signals = tuple(
        (signal, reducer or "mean") for signal, _, reducer in (each.partition(":") for each in row["signals"].split())
    )
    return Field(row["field"], _type(row, layouts, absent), {int(k.removeprefix("bit")): v for k, _, v in pairs}, bits, signals)


def _type(row: dict[str, str], layouts: Mapping[str, Type], absent: Absent) -> Type:
    match = _TYPE.fullmatch(row["type"])
    if match is None:
        raise InputError(f"type {row['type']!r} of {row['layout']}.{row['field']} cannot be read")
    kind, name = match["name"], row["field"]
    if kind in layouts:
        item = layouts[kind]
    elif kind == "time":
        item = Time()
    elif match["size"]:
        item = Raw(_size(match["size"]), kind == "text")
    else:
        item = _number(kind, row, name, absent)
    return Repeat(item, _size(match["times"])) if match["times"] else item


def _number(kind: str, row: dict[str, str], name: str, absent: Absent) -> Number:
    size = int(kind[1:]) // 8
    if kind[0] == "b":
        return Number(size, coded=True)
    scale, offset = Decimal(row["scale"] or "1"), Decimal(row["offset"] or "0")
    digits = max(0, *(-int(each.as_tuple().exponent) for each in (scale, offset)))
    factor, shift = TRADE.get(name.rsplit("_", 1)[-1], (1.0, 0.0))
    return Number(size, False, float(scale), float(offset), digits, factor, shift, *absent(size))


def _size(text: str) -> int | str:
    return int(text) if text.isdigit() else text
