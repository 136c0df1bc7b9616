"""VECTO's tables (``.vfld .vmap .vtlm .vrlm .vacc .vgbs .vdri`` and others): comma-separated, columns found by their headers.

Versions spell headers differently (``n [U/min]``, ``engine speed [1/min]``, ``Input Speed [rpm]``); units in brackets do not
count. A file without a header is read by position. ``#`` starts a comment line, and so does ``c`` with a blank (before 2.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.vehicle.vecto.files import as_number, read_text

COMMENT: Final = re.compile(r"\s*#|c\s")
Names = Mapping[str, Sequence[str]]
"""Column -> what its header may say, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table as text: header cells (empty where it has none), and its rows with their line numbers."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, index: int, name: str) -> tuple[float, ...]:
        """One column as numbers.

        Raises
        ------
        InputError : a row too short, or a cell that is not a number.
        """
        try:
            values = tuple(float(cells[index]) for _, cells in self.rows)
        except (IndexError, ValueError):
            values = (nan,)
        return values if isfinite(sum(values)) else tuple(self._value(line, cells, index, name) for line, cells in self.rows)

    def _value(self, line: int, cells: tuple[str, ...], index: int, name: str) -> float:
        if index >= len(cells):
            raise InputError(f"{self.path}: line {line} has {len(cells)} columns; {name!r} is wanted in column {index + 1}")
        number = as_number(cells[index].strip())
        if number is None:
            raise InputError(
                f"{self.path}: line {line}, column {index + 1} ({name}): {cells[index]!r}; "
                "a finite number with a decimal point is wanted"
            )
        return number


def read_rows(path: Path) -> Rows:
    """The cells of a table.

    Raises
    ------
    InputError : not readable, or without rows.
    """
    found: list[tuple[int, tuple[str, ...]]] = []
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        if text.strip(" ,\t") and not COMMENT.match(text):
            found.append((line, tuple(text.split(","))))
    header = tuple(cell.strip() for cell in found.pop(0)[1]) if found and as_number(found[0][1][0]) is None else ()
    if not found:
        raise InputError(f"{path}: has no rows; a table with numbers separated by commas is wanted")
    return Rows(path=path, header=header, rows=tuple(found))


def read_table(path: Path, wanted: Names, optional: Names | None = None) -> dict[str, tuple[float, ...]]:
    """The `wanted` columns, and those of `optional` that are there, as numbers.

    Without a header, or where it names none of the columns, the wanted columns are the first ones in their order.

    Raises
    ------
    InputError : not readable, a wanted column missing, or a cell that is not a number.
    """
    table = read_rows(path)
    places = find_columns(table.header, {**wanted, **(optional or {})})
    if not any(name in places for name in wanted):
        places = {name: index for index, name in enumerate(wanted)}
    missing = [name for name in wanted if name not in places]
    if missing:
        accepted = "; ".join(f"{name}: {' | '.join(wanted[name])}" for name in missing)
        raise InputError(
            f"{path}: no column for {', '.join(missing)} among {', '.join(table.header)}; accepted headers are {accepted}"
        )
    return {name: table.column(index, name) for name, index in places.items()}


def find_columns(header: Sequence[str], wanted: Names) -> dict[str, int]:
    """Index of each wanted column that the header names: by all its words first, then by a part of them."""
    words = [_words(cell) for cell in header]
    found: dict[str, int] = {}
    for exact in (True, False):
        for name, spellings in wanted.items():
            for spelling in () if name in found else spellings:
                asked = _words(spelling)
                hits = [
                    index
                    for index, has in enumerate(words)
                    if index not in found.values() and (has == asked if exact else asked < has)
                ]
                if hits:
                    found[name] = hits[0]
                    break
    return found


def _words(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", re.sub(r"\[.*?\]|\(.*?\)", " ", cell).lower()))
