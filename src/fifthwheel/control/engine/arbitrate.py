"""Whose torque counts: driver, governors and the units that ask by TSC1, by priority."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.governors import all_speed_nm, driver_nm, regulate, road_nm
from fifthwheel.control.engine.layout import Floats


def own_demand_nm(x: Floats, u: Floats, c: Floats, full_nm: float, friction_nm: float) -> float:
    """Torque of driver and cruise, the higher; sets who commands."""
    x[n.COMMANDER] = n.BY_DRIVER
    torque = driver_nm(x, c, full_nm, friction_nm)
    if u[n.GOVERNOR_STATE] > 0.0:
        x[n.COMMANDER] = n.BY_ALL_SPEED
        torque = all_speed_nm(x, c, full_nm, friction_nm)
    if u[n.CRUISE_MPS] > 0.0 and u[n.BRAKE_STATE] <= 0.0:
        cruise = road_nm(x, c, n.CRUISE_NM, u[n.CRUISE_MPS], (-friction_nm, full_nm))
        if cruise > torque:
            x[n.COMMANDER] = n.BY_CRUISE
            torque = cruise
    else:
        x[n.CRUISE_NM] = min(x[n.LAST_NM], full_nm)
    return float(torque)


def arbitrate(x: Floats, u: Floats, c: Floats, own_nm: float, span_nm: tuple[float, float]) -> float:
    """Torque after the requests of other units.

    The control request (speed or torque) of the highest priority replaces the driver's torque; at the lowest priority, which
    predictive cruise uses, the driver may ask for more. A limit holds for every control of its own or a lower priority.
    Between equals the transmission comes first, then the brakes.
    """
    torque, rank = own_nm, n.LOWEST_PRIORITY
    chosen = -1
    for k in range(3):
        at = n.TRANSMISSION_STATE + 4 * k
        controls = u[at] == n.BY_SPEED or u[at] == n.BY_TORQUE
        if controls and (chosen < 0 or u[at + 3] < u[n.TRANSMISSION_STATE + 4 * chosen + 3]):
            chosen = k
    if chosen >= 0:
        at = n.TRANSMISSION_STATE + 4 * chosen
        asked = u[at + 2] + u[n.AUXILIARY_NM]
        if u[at] == n.BY_SPEED:
            asked = regulate(x, c, n.REQUEST_SUM_NM, u[at + 1] - x[n.W], span_nm)
        if u[at + 3] < n.LOWEST_PRIORITY or asked > own_nm:
            torque, rank = asked, int(u[at + 3])
            x[n.COMMANDER] = n.BY_TRANSMISSION + chosen
    return _limited(x, u, c, torque, rank)


def _limited(x: Floats, u: Floats, c: Floats, torque_nm: float, rank: int) -> float:
    """`torque_nm` of a control of priority `rank`, under the limits asked for."""
    torque = torque_nm
    for k in range(3):
        at = n.TRANSMISSION_STATE + 4 * k
        if u[at] == n.TO_LIMIT and u[at + 3] <= rank:
            most = u[at + 2] + u[n.AUXILIARY_NM]
            if u[at + 1] > 0.0:
                most = min(most, c[n.MAX_SPEED_BANDWIDTH_RADPS] * c[n.INERTIA_KGM2] * (u[at + 1] - x[n.W]))
            if most < torque:
                torque = most
                x[n.LIMITER] = n.L_REQUEST
    return float(torque)
