"""The words in which `messages` and `items` describe a layout; one description reads and writes, so both are exact inverses.

A layout is a tuple of `Field`s. Reading fills a dict of JSON-ready values: numbers in the unit that their name ends in,
texts, ISO times, hex for raw bytes, lists and dicts. What does not fit its field is kept in another form rather than
lost: a text that is not GBK as ``hex:..``, a time that is no time as its 12 digits, surplus bytes as ``trailing``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from fifthwheel.errors import FrameError

Values = dict[str, Any]
Test = Callable[[Mapping[str, Any], str], bool]
TRAILING = "trailing"


class Reader:
    """Bytes being read, and the edition (``2011``, ``2013``, ``2019``) that they follow."""

    __slots__ = ("at", "data", "edition")

    def __init__(self, data: bytes, edition: str) -> None:
        self.data = data
        self.edition = edition
        self.at = 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self.data) - self.at

    def take(self, size: int | None = None) -> bytes:
        """The next `size` bytes, all that are left for None.

        Raises
        ------
        FrameError : ``layout``, fewer are left.
        """
        if size is None:
            size = self.left
        if not 0 <= size <= self.left:
            raise FrameError("layout", f"{size} bytes expected at offset {self.at} of the body, {self.left} left")
        self.at += size
        return self.data[self.at - size : self.at]


class Field(NamedTuple):
    """One step of a layout: `read` takes bytes into the values, `write` gives them back for an edition."""

    read: Callable[[Reader, Values], None]
    write: Callable[[Mapping[str, Any], str], bytes]


Layout = tuple[Field, ...]


def read(layout: Layout, reader: Reader, values: Values) -> Values:
    """`values`, filled with those of one `layout` at the reader."""
    for field in layout:
        field.read(reader, values)
    return values


def write(layout: Layout, values: Mapping[str, Any], edition: str) -> bytes:
    """Inverse of `read`."""
    return b"".join([field.write(values, edition) for field in layout])


def read_all(layout: Layout, data: bytes, edition: str) -> Values:
    """Values of `data`, with what the layout leaves over as ``trailing``.

    Raises
    ------
    FrameError : ``layout``, the data are too short.
    """
    reader = Reader(data, edition)
    values = read(layout, reader, {})
    if reader.left:
        values[TRAILING] = reader.take().hex()
    return values


def write_all(layout: Layout, values: Mapping[str, Any], edition: str) -> bytes:
    """Inverse of `read_all`."""
    return write(layout, values, edition) + bytes.fromhex(values.get(TRAILING, ""))


def _span(name: str, size: int | None, prefix: int, show: Callable[[bytes], Any], parse: Callable[[Any], bytes]) -> Field:
    def get(reader: Reader, values: Values) -> None:
        values[name] = show(reader.take(int.from_bytes(reader.take(prefix), "big") if prefix else size))

    def put(values: Mapping[str, Any], _: str) -> bytes:
        data = parse(values[name])
        if size is not None and len(data) > size:
            raise ValueError(f"{name}: {len(data)} bytes, at most {size}")
        return (len(data).to_bytes(prefix, "big") if prefix else b"") + data.ljust(size or 0, b"\0")

    return Field(get, put)


def _text_of(data: bytes) -> str:
    try:
        text = data.decode("gbk")
    except UnicodeDecodeError:
        return f"hex:{data.hex()}"
    return text if text.encode("gbk") == data and not text.startswith("hex:") else f"hex:{data.hex()}"


def _bytes_of(text: str) -> bytes:
    return bytes.fromhex(text[4:]) if text.startswith("hex:") else text.encode("gbk")


def text(name: str, size: int | None = None, *, prefix: int = 0) -> Field:
    """GBK text: of fixed `size` (padded with zeros), after a length of `prefix` bytes, or all that is left."""
    return _span(name, size, prefix, lambda data: _text_of(data.rstrip(b"\0") if size else data), _bytes_of)


def raw(name: str, size: int | None = None, *, prefix: int = 0) -> Field:
    """Bytes as hex; BCD digits are the same thing."""
    return _span(name, size, prefix, bytes.hex, bytes.fromhex)


def number(name: str, size: int, *, per: int = 1, signed: bool = False) -> Field:
    """Integer of `size` bytes; `per` wire units make one of the unit that `name` ends in."""

    def get(reader: Reader, values: Values) -> None:
        value = int.from_bytes(reader.take(size), "big", signed=signed)
        values[name] = value if per == 1 else value / per

    def put(values: Mapping[str, Any], _: str) -> bytes:
        wire: int = round(values[name] * per)
        return wire.to_bytes(size, "big", signed=signed)

    return Field(get, put)


def u8(*names: str) -> Layout:
    """One byte each."""
    return tuple(number(name, 1) for name in names)


def u16(*names: str) -> Layout:
    """Two bytes each."""
    return tuple(number(name, 2) for name in names)


def u32(*names: str) -> Layout:
    """Four bytes each."""
    return tuple(number(name, 4) for name in names)


def count(name: str, size: int, of: str) -> Field:
    """Number of elements in the list `of`; when writing it may be left out."""

    def put(values: Mapping[str, Any], _: str) -> bytes:
        value: int = values[name] if name in values else len(values[of])
        return value.to_bytes(size, "big")

    return Field(number(name, size).read, put)


def flags(name: str, size: int, names: Mapping[int, str] | tuple[str, ...]) -> Field:
    """Bits: ``<name>_bits`` is the number, `name` the list of those set (by number when they have no name)."""
    known = dict(enumerate(names)) if isinstance(names, tuple) else dict(names)
    bit_of = {label: bit for bit, label in known.items()}

    def get(reader: Reader, values: Values) -> None:
        bits = int.from_bytes(reader.take(size), "big")
        values[f"{name}_bits"] = bits
        values[name] = [known.get(bit, f"bit_{bit}") for bit in range(8 * size) if bits >> bit & 1]

    def put(values: Mapping[str, Any], _: str) -> bytes:
        bits: int = values[f"{name}_bits"] if f"{name}_bits" in values else sum(1 << bit_of[label] for label in values[name])
        return bits.to_bytes(size, "big")

    return Field(get, put)


def packed(*widths: tuple[str, int]) -> Field:
    """Names and bit widths from the highest bit down, whole bytes together."""
    size = sum(width for _, width in widths) // 8

    def get(reader: Reader, values: Values) -> None:
        bits, shift = int.from_bytes(reader.take(size), "big"), 8 * size
        for name, width in widths:
            shift -= width
            values[name] = bits >> shift & (1 << width) - 1

    def put(values: Mapping[str, Any], _: str) -> bytes:
        bits = 0
        for name, width in widths:
            bits = bits << width | values[name]
        return bits.to_bytes(size, "big")

    return Field(get, put)


def coordinate(name: str, sign: tuple[str, int] | None = None) -> Field:
    """Latitude or longitude, u32 of 1e-6 degrees, negative when bit `sign` (name of the bits, number) is set.

    Some terminals send two's complement instead. ``<name>_raw`` keeps the wire value of a negative one.
    """

    def get(reader: Reader, values: Values) -> None:
        wire = int.from_bytes(reader.take(4), "big")
        size = wire if wire < 1 << 31 else (1 << 32) - wire
        negative = wire != size or (sign is not None and values[sign[0]] >> sign[1] & 1)
        values[name] = -size / 1e6 if negative and size else size / 1e6
        if values[name] < 0:
            values[f"{name}_raw"] = wire

    def put(values: Mapping[str, Any], _: str) -> bytes:
        wire: int = values[f"{name}_raw"] if f"{name}_raw" in values else round(abs(values[name]) * 1e6)
        return wire.to_bytes(4, "big")

    return Field(get, put)


def time(name: str) -> Field:
    """BCD ``YYMMDDhhmmss``, UTC+8, as ISO 8601 with the offset; digits that are no time stay digits."""

    def show(data: bytes) -> str:
        try:
            return datetime.strptime(f"20{data.hex()}", "%Y%m%d%H%M%S").isoformat() + "+08:00"
        except ValueError:
            return data.hex()

    def parse(value: str) -> bytes:
        return bytes.fromhex("".join(filter(str.isdigit, value[2:19])) if "T" in value else value)

    return _span(name, 6, 0, show, parse)


def date(name: str, size: int = 4) -> Field:
    """BCD ``YYYYMMDD`` (`size` 3: ``YYMMDD``) as an ISO date; digits that are no date stay digits."""

    def show(data: bytes) -> str:
        digits = data.hex() if size == 4 else f"20{data.hex()}"
        try:
            return datetime.strptime(digits, "%Y%m%d").date().isoformat()
        except ValueError:
            return data.hex()

    return _span(name, size, 0, show, lambda value: bytes.fromhex(value.replace("-", "")[-2 * size :]))


def when(test: Test, *fields: Field) -> Field:
    """`fields` that are there only if `test` (values so far, edition) holds."""

    def get(reader: Reader, values: Values) -> None:
        if test(values, reader.edition):
            read(fields, reader, values)

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        return write(fields, values, edition) if test(values, edition) else b""

    return Field(get, put)


def bit(name: str, number: int) -> Test:
    """Test for `when`: bit `number` of value `name` is set."""
    return lambda values, _: bool(values[name] >> number & 1)


def since_2019(_: Mapping[str, Any], edition: str) -> bool:
    """Test for `when`: the 2019 edition."""
    return edition == "2019"


def optional(first: str, *fields: Field) -> Field:
    """`fields` that a sender may leave out at the end; `first` is the name of the first value they give."""

    def get(reader: Reader, values: Values) -> None:
        if reader.left:
            read(fields, reader, values)

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        return write(fields, values, edition) if first in values else b""

    return Field(get, put)


def _unwrapped(values: Values) -> Any:
    return values.get("", values)


def each(name: str, layout: Layout, *, of: str | int | None = None) -> Field:
    """List of `layout`, `of` times (a number or the value of that name), else to the end; a field named '' makes it plain."""

    def get(reader: Reader, values: Values) -> None:
        found: list[Any] = []
        amount = values[of] if isinstance(of, str) else of
        while reader.left if amount is None else len(found) < amount:
            found.append(_unwrapped(read(layout, reader, {})))
        values[name] = found

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        rows = ({"": row} | (row if isinstance(row, dict) else {}) for row in values[name])
        return b"".join([write(layout, row, edition) for row in rows])

    return Field(get, put)


def block(name: str, prefix: int, layout: Layout) -> Field:
    """A part after its own length of `prefix` bytes."""

    def get(reader: Reader, values: Values) -> None:
        values[name] = read_all(layout, reader.take(int.from_bytes(reader.take(prefix), "big")), reader.edition)

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        data = write_all(layout, values[name], edition)
        return len(data).to_bytes(prefix, "big") + data

    return Field(get, put)


def switch(key: str, cases: Mapping[int, Layout], default: Layout) -> Field:
    """The layout that the value `key` selects."""

    def get(reader: Reader, values: Values) -> None:
        read(cases.get(values[key], default), reader, values)

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        return write(cases.get(values[key], default), values, edition)

    return Field(get, put)


def variants(*alternatives: tuple[str, Layout]) -> Field:
    """The rest, by the first of several layouts that takes it up exactly; ``variant`` names one that is not the first."""
    by_name = dict(alternatives)
    usual = alternatives[0][0]

    def attempt(layout: Layout, reader: Reader) -> tuple[Values, int] | None:
        trial = Reader(reader.data[reader.at :], reader.edition)
        try:
            return read(layout, trial, {}), trial.left
        except FrameError:
            return None

    def get(reader: Reader, values: Values) -> None:
        for name, layout in alternatives:
            found = attempt(layout, reader)
            if found and not found[1]:
                reader.take()
                values.update({} if name == usual else {"variant": name}, **found[0])
                return
        read(alternatives[0][1], reader, values)

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        return write(by_name[values.get("variant", usual)], values, edition)

    return Field(get, put)


def items(name: str, id_size: int, table: Mapping[int, Layout]) -> Field:
    """List of { id, length u8, value } up to the end; an unknown id, or a value that does not fit, is kept as ``raw``.

    A cut item at the end is left to ``trailing``: vendors add their own and nothing of theirs may lose the rest.
    """

    def read_value(layout: Layout | None, data: bytes, edition: str) -> Values:
        if layout is not None:
            try:
                values = read_all(layout, data, edition)
            except FrameError:
                values = {TRAILING: ""}
            if TRAILING not in values:
                return values
        return {"raw": data.hex()}

    def get(reader: Reader, values: Values) -> None:
        values[name] = []
        while reader.left > id_size and reader.data[reader.at + id_size] < reader.left - id_size:
            key = int.from_bytes(reader.take(id_size), "big")
            data = reader.take(reader.take(1)[0])
            values[name].append({"id": f"0x{key:0{2 * id_size}x}", **read_value(table.get(key), data, reader.edition)})

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        data = b""
        for item in values[name]:
            key = int(item["id"], 16)
            value = bytes.fromhex(item["raw"]) if "raw" in item else write(table[key], item, edition)
            data += key.to_bytes(id_size, "big") + bytes((len(value),)) + value
        return data

    return Field(get, put)
