"""The calibration of the transmission control unit: data in TOML, a frozen record, the array the step function reads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, Final

import numpy as np

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.errors import InputError, UnknownName

NAMES: Final = ("heavy_dct",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What can be tuned, in the order of `layout`; meanings and sources stand beside the values in the TOML file.

    `ratios` are total ratios, gear times axle; `full_load_radps` and `full_load_nm` the engine's full load as the unit knows it.
    """

    step_s: float
    engine_inertia_kgm2: float
    tyre_radius_m: float
    idle_radps: float
    efficiency_ratio: float
    stroke_gain_nm: float
    kiss_spare_ratio: float
    launch_low_radps: float
    launch_high_radps: float
    launch_gain_nms: float
    launch_jerk_mps3: float
    creep_nm: float
    stall_radps: float
    stall_gain_nms: float
    lock_ratio: float
    lock_nm: float
    fill_s: float
    jerk_mps3: float
    handover_low_s: float
    handover_high_s: float
    inertia_low_s: float
    inertia_high_s: float
    track_gain_ps: float
    clutch_gain_ps: float
    hold_least_nm: float
    lead_up_s: float
    lead_down_s: float
    lock_slip_radps: float
    lock_s: float
    shift_most_s: float
    up_low_radps: float
    up_high_radps: float
    down_low_radps: float
    down_high_radps: float
    power_shift_radps: float
    hill_shift_radps: float
    hill_grade_ratio: float
    brake_down_radps: float
    overspeed_radps: float
    between_s: float
    reverse_s: float
    adapt_gain_ratio: float
    adapt_most_ratio: float
    warm_k: float
    hot_k: float
    hotter_k: float
    open_k: float
    heat_hysteresis_k: float
    fork_most_s: float
    stray_most_s: float
    stray_ratio: float
    low_v: float
    drag_nm: float
    low_gear_mps2: float
    tie_ratio: float
    tie_nm: float
    kiss_low_ratio: float
    kiss_high_ratio: float
    reserve_mps2: float
    full_nm: float
    first_mass_kg: float
    kiss_ratio: float
    rolling_ratio: float
    ratios: tuple[float, ...]
    full_load_radps: tuple[float, ...]
    full_load_nm: tuple[float, ...]

    def array(self) -> Floats:
        """The calibration for `step`, shape ``(N_CALIBRATION,)``; raises `InputError` for values that cannot work."""
        if not 0 < self.step_s <= 0.02:
            raise InputError(f"a period of {self.step_s} s; above 0 and at most 0.02 s is accepted")
        if not 2 <= len(self.ratios) <= 7 or list(self.ratios) != sorted(self.ratios, reverse=True):
            raise InputError(f"total ratios {self.ratios}; 2 to 7 falling ones are accepted")
        if len(self.full_load_radps) != n.N_CURVE or len(self.full_load_nm) != n.N_CURVE:
            raise InputError(f"full load of {len(self.full_load_radps)} points; {n.N_CURVE} are accepted")
        out = np.zeros(n.N_CALIBRATION)
        scalars = [getattr(self, one.name) for one in fields(self)[:-3]]
        out[: len(scalars)] = scalars
        out[n.GEARS] = len(self.ratios)
        out[n.RATIO0 + 1 : n.RATIO0 + 1 + len(self.ratios)] = self.ratios
        out[n.SPEED0 : n.SPEED0 + n.N_CURVE] = self.full_load_radps
        out[n.FULL0 : n.FULL0 + n.N_CURVE] = self.full_load_nm
        return out


def calibration(name: str = "heavy_dct") -> Calibration:
    """The calibration of that name; raises `UnknownName`, or `InputError` when its file and the record disagree."""
    if name not in NAMES:
        raise UnknownName("gearbox calibration", name, NAMES)
    text = files("fifthwheel.control.gearbox").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    values: dict[str, Any] = tomllib.loads(text)
    known = {one.name for one in fields(Calibration)}
    if set(values) != known:
        raise InputError(f"calibration {name!r}: missing or unknown values {sorted(known ^ set(values))}")
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return Calibration(**given)


def start(c: Floats) -> Floats:
    """State of the unit at key-on: clutches open, nothing learned, shape ``(N_STATE,)``."""
    x = np.zeros(n.N_STATE)
    x[n.GEAR] = x[n.TARGET] = 1
    x[n.KISS_ODD] = x[n.KISS_EVEN] = c[n.DEFAULT_KISS]
    x[n.MASS_KG] = c[n.FIRST_MASS_KG]
    x[n.SINCE_S] = 1e3
    return x
