"""Drive the shift plant with its control unit through a plan, and what a control engineer reads from the trace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fifthwheel.control.gearbox import calibration, start
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.estimate import shaft_of
from fifthwheel.errors import InputError, SimulationError
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.kernel import PERIOD, STEP_S, open_loop, together
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.plant import road_nm, rolling_nm

PERIOD_S = PERIOD * STEP_S
UNITS: Final = {1: "heavy_amt", 2: "heavy_dct"}
"""Calibration of the control unit by its number of clutches."""


def kinetic_j(x: Floats, p: Floats) -> float:
    """Energy (J) in the speeds and in the twist; a geared shaft turns with the output."""
    energy = p[m.JE] * x[m.WE] ** 2 + p[m.JO] * x[m.WO] ** 2 + p[m.JV] * x[m.WV] ** 2 + p[m.STIFF] * x[m.TWIST] ** 2
    return float(0.5 * (energy + p[m.JC] * (x[m.W1] ** 2 + x[m.W2] ** 2)))


@dataclass(slots=True, kw_only=True)
class Rig:
    """Plant and control unit between two runs: their arrays, which a run changes in place.

    Attributes
    ----------
    plant, parameters : shapes ``(N_STATE,)`` and ``(N_PARAMETER,)`` of `layout`.
    unit, calibration : state and calibration of the control unit.
    """

    plant: Floats
    parameters: Floats
    unit: Floats
    calibration: Floats
    inputs: Floats = field(default_factory=lambda: np.zeros(n.N_INPUT))
    outputs: Floats = field(default_factory=lambda: np.zeros(n.N_OUTPUT))

    def run(self, plan: Floats) -> Floats:
        """Drive `plan`, shape ``(n_periods, N_PLAN)``; the trace, shape ``(10 * n_periods, N_SAMPLE)``.

        Raises `InputError` for a plan of another shape, `SimulationError` when a state is no longer finite.
        """
        if plan.ndim != 2 or plan.shape[1] != m.N_PLAN:
            raise InputError(f"plan of shape {plan.shape}; (periods, {m.N_PLAN}) is accepted")
        out = np.zeros((plan.shape[0] * PERIOD, m.N_SAMPLE))
        together(
            self.plant, np.zeros(12), np.zeros(12), self.parameters, self.unit, self.inputs, self.calibration, self.outputs,
            np.zeros(2), np.ascontiguousarray(plan, dtype=np.float64), out,
        )  # fmt: skip
        if not np.isfinite(self.plant).all():
            raise SimulationError("the shift plant left the finite numbers; look for impossible parameters")
        return out

    def force(self, forced: Floats) -> Floats:
        """Drive the plant alone: engine torque, both clutch capacities (Nm) and brake (0 to 1), shape ``(n_ms, 4)``."""
        out = np.zeros((forced.shape[0], m.N_SAMPLE))
        open_loop(self.plant, np.zeros(12), np.zeros(12), self.parameters, np.zeros(2), forced, out)
        return out

    def residual_ratio(self) -> float:
        """What the account misses since `reset_account`, over the engine's work or, where that is less, the change of motion."""
        x = self.plant
        spent = sum(
            x[i] for i in (m.CLUTCH1_J, m.CLUTCH2_J, m.MESH_J, m.SYNC_J, m.DAMP_J, m.BRAKE_J, m.ROLL_J, m.AERO_J, m.CLIMB_J)
        )
        gained = kinetic_j(x, self.parameters) - x[m.KINETIC0_J]
        return float(abs(x[m.ENGINE_J] - gained - spent) / max(x[m.WORK_J], abs(gained), 1.0))

    def reset_account(self) -> None:
        """Begin the energy account anew."""
        self.plant[m.ENGINE_J : m.KINETIC0_J] = 0.0
        self.plant[m.WORK_J] = 0.0
        self.plant[m.KINETIC0_J] = kinetic_j(self.plant, self.parameters)


def rig(driveline: Driveline, *, gear: int = 0, spare_gear: int = 0, engine_radps: float = 0.0, torque_nm: float = 0.0,
        unit: str = "") -> Rig:  # fmt: skip
    """A rig at standstill (gear 0: idling, clutches open), or rolling in `gear`, locked, twisted to a steady `torque_nm`.

    `unit` names the calibration of the control unit; left out, it is the one made for as many clutches. Its ratios become those
    of the driveline.
    """
    p = driveline.array()
    c = calibration(unit or UNITS[driveline.clutches_count]).array()
    c[n.GEARS] = len(driveline.ratios)
    c[n.RATIO0 : n.RATIO0 + n.N_RATIO] = p[m.RATIO0 : m.RATIO0 + n.N_RATIO]
    x, s = np.zeros(m.N_STATE), start(c)
    x[m.K1] = x[m.K2] = p[m.AMBIENT]
    x[m.WE], s[n.MASS_KG] = p[m.IDLE_RADPS], p[m.MASS]
    if gear > 0:
        _roll(x, s, p, c, (gear, spare_gear, engine_radps, torque_nm))
    made = Rig(plant=x, parameters=p, unit=s, calibration=c)
    made.reset_account()
    return made


def _roll(x: Floats, s: Floats, p: Floats, c: Floats, how: tuple[int, int, float, float]) -> None:
    """Set plant and unit rolling, locked in a gear, as if they had done so for long."""
    gear, spare, engine, torque = how
    k = shaft_of(c, gear)
    x[m.WE], x[m.TE], x[m.BOOST] = engine, torque, max(torque, 0.0)
    x[m.WO] = x[m.WV] = engine / p[m.RATIO0 + gear]
    spare = spare if c[n.SHAFTS] > 1 else 0
    x[m.GEAR1 + k], x[m.GEAR2 - k] = gear, spare
    x[m.W1 + k], x[m.W2 - k] = engine, p[m.RATIO0 + spare] * x[m.WO] if spare else 0.5 * engine
    gaining = _gaining_radps2(x, p, gear, torque)
    ratio = p[m.RATIO0 + gear]
    twist_nm = (torque - p[m.JE] * gaining * ratio) * ratio * (p[m.ETA0 + gear] if torque > 0 else 1 / p[m.ETA0 + gear])
    x[m.TWIST] = (twist_nm - p[m.JO] * gaining) / p[m.STIFF]
    s[n.A_MPS2], s[n.WE_RATE] = gaining * p[m.RADIUS], gaining * ratio
    s[n.PHASE], s[n.GEAR], s[n.TARGET], s[n.MASS_KG], s[n.GRADE] = n.DRIVE, gear, gear, p[m.MASS], p[m.GRADE]
    s[n.WANT_ODD + k], s[n.WANT_EVEN - k] = gear, spare
    s[n.WE], s[n.V_MPS], s[n.STARTED], s[n.TE_HAT], s[n.WO_HAT] = (
        engine, x[m.WO] * p[m.RADIUS], 1.0, torque, x[m.WO])  # fmt: skip
    cap = c[n.LOCK_RATIO] * abs(torque) + c[n.LOCK_NM]
    s[n.NOW_ODD_NM + k] = cap
    x[m.STROKE1 + k], x[m.STROKE2 - k] = p[m.KISS1 + k] + cap / p[m.STROKE_GAIN], p[m.KISS2 - k] - c[n.KISS_SPARE]
    s[n.LAST_ODD_STROKE], s[n.LAST_EVEN_STROKE] = x[m.STROKE1], x[m.STROKE2]
    s[n.BASE_ODD_STROKE], s[n.BASE_EVEN_STROKE] = x[m.STROKE1], x[m.STROKE2]


def _gaining_radps2(x: Floats, p: Floats, gear: int, torque_nm: float) -> float:
    """Growth of wheel speed that a steady engine torque gives in a gear, rad/s2."""
    ratio = p[m.RATIO0 + gear]
    eta = p[m.ETA0 + gear] if torque_nm > 0 else 1 / p[m.ETA0 + gear]
    inertia = p[m.JV] + p[m.JO] + p[m.JE] * ratio**2 * eta
    return float((torque_nm * ratio * eta - road_nm(x, p) - rolling_nm(p)) / inertia)


def plan_of(seconds_s: float, *, pedal: float = 0.0, brake: float = 0.0, asked_gear: int = 0) -> Floats:
    """A steady plan with drive selected, shape ``(n_periods, N_PLAN)``."""
    plan = np.zeros((round(seconds_s / PERIOD_S), m.N_PLAN))
    plan[:, m.P_PEDAL], plan[:, m.P_BRAKE], plan[:, m.P_ASKED] = pedal, brake, asked_gear
    plan[:, m.P_SELECT] = plan[:, m.P_TORQUE_FACTOR] = 1.0
    return plan
