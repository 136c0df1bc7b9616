"""What a shift is judged by: its time, jerk, torque gap, friction energy and tracking (control facts 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import butter, sosfilt, sosfilt_zi

from fifthwheel.control.gearbox import layout as n
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.kernel import PERIOD, STEP_S
from fifthwheel.simulate.shift.layout import Floats

LOW_PASS_HZ = 10.0
GAP_RATIO = 0.1
RESTORED_RATIO = 0.9
SETTLED = slice(700, 800)
"""Milliseconds after locking in which torque counts as settled."""
OTHER_NM = 25.0
"""Below this torque a clutch counts as released."""
JUDDER_HZ = (2.0, 15.0)
COLUMNS: Final = {
    "time_s": m.O_TIME, "engine_radps": m.O_WE, "odd_shaft_radps": m.O_W1, "even_shaft_radps": m.O_W2, "output_radps": m.O_WO,
    "vehicle_radps": m.O_WV, "acceleration_mps2": m.O_AV, "engine_nm": m.O_TE, "odd_clutch_nm": m.O_T1, "even_clutch_nm": m.O_T2,
    "wheels_nm": m.O_WHEEL, "phase_state": m.O_PHASE, "gear_count": m.O_GEAR, "odd_gear_count": m.O_GEAR1,
    "even_gear_count": m.O_GEAR2, "odd_capacity_nm": m.O_CAP1, "even_capacity_nm": m.O_CAP2, "target_gear_count": m.O_TARGET,
    "odd_clutch_k": m.O_K1, "even_clutch_k": m.O_K2, "friction_j": m.O_HEAT, "reference_radps": m.O_TIE,
}  # fmt: skip
"""Columns of a trace and where they stand in its rows; `vehicle_radps` is road speed over tyre radius."""


def trace(rows: Floats, every: int = 1) -> dict[str, Floats]:
    """Rows of a run, shape ``(n_ms, N_SAMPLE)``, as columns by name, each `every`-th row."""
    return {name: rows[every - 1 :: every, place].copy() for name, place in COLUMNS.items()}


def filtered_jerk_mps3(acceleration_mps2: Floats) -> Floats:
    """Derivative of the vehicle's acceleration after a 10 Hz low-pass (second-order Butterworth), m/s3, shape ``(n - 1,)``."""
    sections = butter(2, LOW_PASS_HZ, fs=1 / STEP_S, output="sos")
    smooth, _ = sosfilt(sections, acceleration_mps2, zi=sosfilt_zi(sections) * acceleration_mps2[0])
    return np.asarray(np.diff(smooth) / STEP_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One shift.

    Attributes
    ----------
    done : whether the unit came to the gear asked for.
    time_s : from the request (gear preselected) to the on-coming clutch locked.
    restored_s : from the request until the wheels have nine tenths of the torque that they settle at.
    gap_s : how long the wheels got less than a tenth of the smaller of the steady torques before and after.
    least_ratio : least wheel torque over the smaller of the steady torques before and after.
    jerk_mps3 : largest jerk of the vehicle after a 10 Hz low-pass, shift and 1 s after it.
    heat_j : friction energy of both clutches.
    tracking_radps : root mean square of engine speed less its reference in the inertia phase.
    """

    done: bool
    time_s: float
    restored_s: float
    gap_s: float
    least_ratio: float
    jerk_mps3: float
    heat_j: float
    tracking_radps: float


def judge(trace: Floats, target: int, shafts: int = 2, drag_nm: float = 0.0) -> Shift:
    """Read a shift to `target` from a trace that begins with the request, of a box with so many clutches and such oil drag.

    A shift back to the gear of the beginning is over when the unit has come to rest in it.
    """
    phase = trace[:, m.O_PHASE]
    k = 1 - target % 2 if shafts > 1 else 0
    busy = (phase >= n.FILL) & (phase != n.ABORT)
    slip = np.abs(trace[:, m.O_WE] - trace[:, m.O_W1 + k])
    other = np.abs(trace[:, m.O_T1 + 1 - k]) if shafts > 1 else np.zeros(len(trace))
    locked = (slip < 1.0) & (other < OTHER_NM + drag_nm) & (trace[:, m.O_GEAR1 + k] == target) & (np.cumsum(busy) > 0)
    if trace[0, m.O_GEAR] == target:
        locked &= np.cumsum(busy[::-1])[::-1] == 0
    done = bool(locked.any() and trace[-1, m.O_GEAR] == target)
    end = int(np.argmax(locked)) if done else len(trace) - 1
    wheel = trace[: end + 1, m.O_WHEEL]
    steady = min(abs(wheel[0]), abs(float(np.mean(trace[end : end + 60, m.O_WHEEL]))))
    after = trace[end:, m.O_WHEEL]
    settled = float(np.mean(after[SETTLED])) if len(after) > SETTLED.start else float(after[-1])
    restored = int(np.argmax(after * np.sign(settled) >= RESTORED_RATIO * abs(settled)))
    inertia = phase == n.INERTIA
    error = (trace[inertia, m.O_WE] - trace[inertia, m.O_TIE])[PERIOD:]
    return Shift(
        done=done,
        time_s=(end + 1) * STEP_S,
        restored_s=(end + restored + 1) * STEP_S,
        gap_s=float(np.sum(np.abs(wheel) < GAP_RATIO * steady) * STEP_S),
        least_ratio=float(np.min(wheel * np.sign(wheel[0])) / max(steady, 1.0)),
        jerk_mps3=float(np.max(np.abs(filtered_jerk_mps3(trace[: end + 1000, m.O_AV])))),
        heat_j=float(trace[min(end + 100, len(trace) - 1), m.O_HEAT] - trace[0, m.O_HEAT]),
        tracking_radps=float(np.sqrt(np.mean(error**2))) if error.size else 0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A launch.

    Attributes
    ----------
    done : whether the clutch locked, after `time_s`, with friction energy `heat_j`.
    jerk_mps3 : the vehicle's largest jerk after a 10 Hz low-pass, until half a second after locking.
    back_mps : its fastest rolling back.
    judder_mps2 : acceleration between 2 and 15 Hz, root mean square over the same time.
    """

    done: bool
    time_s: float
    heat_j: float
    jerk_mps3: float
    back_mps: float
    judder_mps2: float


def launch(trace: Floats, radius_m: float = 0.5) -> Launch:
    """Read a launch from a trace that begins at standstill."""
    driving = trace[:, m.O_PHASE] == n.DRIVE
    done = bool(driving.any())
    end = int(np.argmax(driving)) if done else len(trace) - 1
    felt = trace[: end + 500, m.O_AV]
    band = sosfilt(butter(2, JUDDER_HZ, btype="bandpass", fs=1 / STEP_S, output="sos"), felt)
    return Launch(
        done=done,
        time_s=end * STEP_S,
        heat_j=float(trace[end, m.O_HEAT] - trace[0, m.O_HEAT]),
        jerk_mps3=float(np.max(np.abs(filtered_jerk_mps3(felt)))),
        back_mps=float(max(-np.min(trace[:, m.O_WV]) * radius_m, 0.0)),
        judder_mps2=float(np.sqrt(np.mean(band**2))),
    )
