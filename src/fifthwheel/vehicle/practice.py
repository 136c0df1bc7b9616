"""Checks that are practice of the trade: their rows and figures in ``practice.toml``, and the verdicts made of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import ceil, pi
from typing import Any, Final

from fifthwheel.vehicle.verdict import Verdict

SHOWN: Final = {"mm": (1e-3, 0, " mm"), "deg": (pi / 180.0, 1, "°"), "t": (1e3, 2, " t"), "kN": (1e3, 1, " kN")}
"""What a text shows an SI figure in, by a row's ``shown``: factor, decimals and unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of the checks; meanings and sources stand in ``practice.toml``."""

    gap_margin_m: float
    gap_pitch_rad: float
    pitch_rad: float
    roll_rad: float
    low_coupling_m: float
    rear_margin_m: float
    uneven_ratio: float
    slid_ratio: float
    tub_ratio: float
    lean_ratio: float
    lean_least_ratio: float
    lean_most_ratio: float
    fill_least_ratio: float
    fill_most_ratio: float
    drum_shift_m: float


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("fifthwheel.vehicle").joinpath("practice.toml").read_text(encoding="utf-8"))


@cache
def figures() -> Figures:
    """The figures of ``practice.toml``."""
    return Figures(**_table()["figures"])


@cache
def _rows() -> dict[str, tuple[str, dict[str, Any]]]:
    return {rule: (kind, row) for kind in ("coupling", "body") for rule, row in _table()[kind].items()}


def verdict(rule: str, value: float, limit: float | None = None) -> Verdict:
    """A value held against the limit of a row, or against one that the pair itself gives."""
    row = _rows()[rule][1]
    against = row["limit"] if limit is None else limit
    short = (against - value if row.get("at_least") else value - against) > 1e-9 * abs(against)
    remedies = (_text(row, "remedy_en", value, against), _text(row, "remedy_zh", value, against)) if short else ("", "")
    return _verdict(rule, value, against, ("", ""), remedies)


def unverified(rule: str, missing: str) -> Verdict:
    """A row that cannot be held: `missing` names what nobody says (table ``missing``)."""
    english, chinese = _table()["missing"][missing]
    return _verdict(rule, None, _rows()[rule][1].get("limit"), (f"nobody says {english}", f"缺少{chinese}"), ("", ""))


def _verdict(rule: str, value: float | None, limit: float | None, reasons: tuple[str, str], remedies: tuple[str, str]) -> Verdict:
    (kind, row), table = _rows()[rule], _table()
    return Verdict(
        rule=rule, kind=kind, title_en=row["title_en"], title_zh=row["title_zh"], rule_set=table["rule_set"],
        version=table["version"], tag=row["tag"], source=row["source"], value=value, limit=limit, unit=row["unit"],
        at_least=row.get("at_least", False), reason_en=reasons[0], reason_zh=reasons[1], remedy_en=remedies[0],
        remedy_zh=remedies[1],
    )  # fmt: skip


def _text(row: dict[str, Any], key: str, value: float, limit: float) -> str:
    """The row's text with what is missing, rounded up so that it is enough."""
    factor, decimals, unit = SHOWN.get(row["shown"], (1.0, 2, ""))
    steps = ceil(abs(value - limit) / factor * 10**decimals - 1e-6)
    return str(row[key]).format(short=f"{steps / 10**decimals:.{decimals}f}{unit}")
