"""Typical figures of trucks where a catalogue says nothing: ``typical.toml``, each marked and replaceable there."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """Typical figures of trucks; meanings and sources stand in ``typical.toml``."""

    source: str
    steer_share_ratios: tuple[float, ...]
    rigid_steer_share_ratio: float
    trailer_axle_kg: float
    cab_m: float
    tractor_height_m: float
    rigid_height_m: float
    trailer_tare_height_m: float
    floor_height_m: float
    kingpin_height_m: float
    fill_ratio: float
    drum_centre_ratio: float
    single_track_m: float
    twin_track_m: float
    twin_half_m: float
    slide_notch_m: float
    frame_width_m: float


@cache
def table() -> dict[str, Any]:
    """The figures of ``typical.toml`` by name."""
    read = tomllib.loads(files("fifthwheel.vehicle").joinpath("typical.toml").read_text(encoding="utf-8"))
    return read | {"steer_share_ratios": tuple(read["steer_share_ratios"])}


@cache
def typical() -> Typical:
    """The figures of ``typical.toml``."""
    return Typical(**table())
