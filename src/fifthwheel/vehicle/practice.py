"""Checks that are practice of the trade: their rows and figures in ``practice.toml``, and the verdicts made of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import ceil, pi
from typing import Any, Final

from fifthwheel.vehicle.verdict import Outcome, Verdict

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
    plate_half_m: float
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
def _row(rule: str) -> dict[str, Any]:
    table = _table()
    kind = next(kind for kind in ("coupling", "body") if rule in table[kind])
    return {"rule": rule, "kind": kind, "rule_set": table["rule_set"], "version": table["version"], **table[kind][rule]}


@cache
def _said(rule: str) -> dict[str, Any]:
    """What every verdict of a row says, whatever its value."""
    row = _row(rule)
    fields = ("rule", "kind", "title_en", "title_zh", "rule_set", "version", "tag", "source", "unit")
    return {name: row[name] for name in fields} | {"at_least": row.get("at_least", False)}


def verdict(rule: str, value: float, limit: float | None = None) -> Verdict:
    """A value held against the limit of a row, or against one that the pair itself gives."""
    said = _said(rule)
    against = _row(rule)["limit"] if limit is None else limit
    found = Verdict(**said, value=value, limit=against)
    if found.outcome is not Outcome.FAIL:
        return found
    english, chinese = (_text(_row(rule), key, value, against) for key in ("remedy_en", "remedy_zh"))
    return Verdict(**said, value=value, limit=against, remedy_en=english, remedy_zh=chinese)


def unverified(rule: str, missing: str) -> Verdict:
    """A row that cannot be held: `missing` names what nobody says (table ``missing``)."""
    english, chinese = _table()["missing"][missing]
    limit = _row(rule).get("limit")
    return Verdict(**_said(rule), value=None, limit=limit, reason_en=f"nobody says {english}", reason_zh=f"缺少{chinese}")


def _text(row: dict[str, Any], key: str, value: float, limit: float) -> str:
    """The row's text with what is missing, rounded up so that it is enough."""
    factor, decimals, unit = SHOWN.get(row["shown"], (1.0, 2, ""))
    steps = ceil(abs(value - limit) / factor * 10**decimals - 1e-6)
    return str(row[key]).format(short=f"{steps / 10**decimals:.{decimals}f}{unit}")
