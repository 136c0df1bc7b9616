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

NAMES: Final = ("heavy_dct", "heavy_amt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What can be tuned, in the order of `layout`; meanings stand in ``signals.csv``, sources in the TOML files.

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
    launch_most_radps: float
    launch_over_radps: float
    launch_gain_nms: float
    launch_jerk_mps3: float
    hill_faster_ratio: float
    felt_ratio: float
    creep_nm: float
    stall_radps: float
    stall_gain_nms: float
    start_mps2: float
    launch_spare_ratio: float
    held_until_ratio: float
    start_ratio: float
    held_nmps: float
    held_ratio: float
    ease_least_ratio: float
    launch_ease_s: float
    launch_back_ratio: float
    blend_radps: float
    held_mps: float
    back_mps: float
    back_mass_ratio: float
    lock_ratio: float
    lock_nm: float
    fill_s: float
    fill_ratio: float
    jerk_mps3: float
    handover_low_s: float
    handover_high_s: float
    hand_full_ratio: float
    hand_surplus_ratio: float
    hand_surplus_nm: float
    hold_over_ratio: float
    hold_over_nm: float
    hold_share_ratio: float
    inertia_low_s: float
    inertia_high_s: float
    track_gain_ps: float
    clutch_gain_ps: float
    ahead_s: float
    floor_ratio: float
    ceiling_ratio: float
    ceiling_nm: float
    path_least_ratio: float
    coast_least_ratio: float
    passed_ratio: float
    hold_least_nm: float
    lead_up_s: float
    lead_down_s: float
    lock_slip_radps: float
    lock_s: float
    shift_most_s: float
    steady_nm: float
    beyond_radps2: float
    coast_longer_ratio: float
    abort_pedal_ratio: float
    abort_share_ratio: float
    unload_low_s: float
    unload_s: float
    unload_nm: float
    reload_jerk_mps3: float
    out_most_s: float
    speed_gain_ps: float
    speed_lead_s: float
    sync_radps: float
    closed_sync_state: float
    catch_radps: float
    swap_rate_ps: float
    stroke_tau_s: float
    cold_k: float
    cold_tau_ratio: float
    lead_most_ratio: float
    close_nmps: float
    release_nmps: float
    abort_nmps: float
    fill_nmps: float
    up_low_radps: float
    up_high_radps: float
    down_low_radps: float
    down_high_radps: float
    power_shift_radps: float
    hill_shift_radps: float
    side_share_ratio: float
    hill_grade_ratio: float
    brake_down_radps: float
    overspeed_radps: float
    open_over_ratio: float
    down_over_ratio: float
    up_idle_ratio: float
    asked_idle_ratio: float
    urgent_idle_ratio: float
    between_s: float
    reverse_s: float
    reserve_mps2: float
    preselect_radps: float
    low_gear_mps2: float
    standing_mps: float
    rolling_mps: float
    pedal_least_ratio: float
    brake_least_ratio: float
    creep_idle_ratio: float
    caught_idle_ratio: float
    braked_idle_ratio: float
    launch_idle_ratio: float
    caught_radps: float
    rolling_ratio: float
    air_drag_kgpm: float
    full_nm: float
    drag_nm: float
    first_mass_kg: float
    mass_low_kg: float
    mass_high_kg: float
    free_least_s: float
    mass_doubt_ratio: float
    mass_fast_s: float
    speed_tau_s: float
    accel_tau_s: float
    felt_tau_s: float
    slope_tau_s: float
    grade_most_ratio: float
    mass_tau_s: float
    rate_tau_s: float
    torque_alpha_ratio: float
    torque_beta_ratio: float
    output_tau_s: float
    calm_s: float
    mass_least_nm: float
    mass_felt_mps2: float
    kiss_ratio: float
    kiss_low_ratio: float
    kiss_high_ratio: float
    adapt_gain_ratio: float
    adapt_most_ratio: float
    adapt_from_ratio: float
    adapt_least_count: float
    warm_k: float
    hot_k: float
    hotter_k: float
    open_k: float
    heat_hysteresis_k: float
    hot_share_ratio: float
    fork_most_s: float
    stray_most_s: float
    stray_ratio: float
    low_v: float
    tie_ratio: float
    tie_nm: float
    shafts_count: float
    ratios: tuple[float, ...]
    full_load_radps: tuple[float, ...]
    full_load_nm: tuple[float, ...]

    def array(self) -> Floats:
        """The calibration for `step`, shape ``(N_CALIBRATION,)``; raises `InputError` for values that cannot work."""
        if not 0 < self.step_s <= 0.02:
            raise InputError(f"a period of {self.step_s} s; above 0 and at most 0.02 s is accepted")
        if not 2 <= len(self.ratios) < n.N_RATIO or list(self.ratios) != sorted(self.ratios, reverse=True):
            raise InputError(f"total ratios {self.ratios}; 2 to {n.N_RATIO - 1} falling ones are accepted")
        if self.shafts_count not in (1, 2):
            raise InputError(f"{self.shafts_count} clutches; 1 or 2 are accepted")
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
    x[n.BASE_ODD_STROKE] = x[n.BASE_EVEN_STROKE] = c[n.DEFAULT_KISS] - c[n.KISS_SPARE]
    x[n.KISS_ODD] = x[n.KISS_EVEN] = c[n.DEFAULT_KISS]
    x[n.MASS_KG] = c[n.FIRST_MASS_KG]
    x[n.SINCE_S] = 1e3
    return x
