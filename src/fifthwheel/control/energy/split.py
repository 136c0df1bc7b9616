"""The split of one demand between engine, tractor motor and trailer axle: least fuel plus priced electricity (ECMS).

``H = m_f Q + s1 P_cells1 + s2 P_cells2 + ageing``. Fuel is affine in crank power at a shaft speed (Willans), losses of machine
and battery are quadratic, so the best split of each kind (engine on or off) is closed form: marginal costs are equal, or a bound
holds. The forces where that is so are the few candidates judged.
"""

from __future__ import annotations

from fifthwheel.control.energy.stage import (
    AGEING,
    CONSUMERS_W,
    DEMAND_N,
    DRIVE_RATIO,
    ENGINE_MOST_W,
    HAS_ENGINE,
    IDLE_W,
    MOTOR_CURVE,
    MOTOR_LEAST_W,
    MOTOR_LOSS_W,
    MOTOR_MOST_W,
    SLOPE,
    SPEED_MPS,
    START_J,
    TRAILER_AGEING,
    TRAILER_CURVE,
    TRAILER_LEAST_N,
    TRAILER_LOSS_W,
    TRAILER_MOST_N,
    TRAILER_RATIO,
    Floats,
)

Choice = tuple[bool, float, float, float, float, float, float]
"""Whether the engine runs, crank power of the motor (W), wheel force of the trailer (N), fuel (W), power out of the cells of the
tractor's and of the trailer's battery (W), and the cost that was least (W of fuel)."""
Forces = tuple[float, float, float, float, float, float, float, float, float, float, float]
SHORT_COST = 50.0
"""Fuel watts that a watt short of the demand counts as: the demand comes first."""
START_S = 8.0
"""A start is paid back over this time; it is the hysteresis between driving with and without the engine."""


def cells_w(power_w: float, curve: float, loss_w: float) -> float:
    """Power out of the cells for shaft power: ``p + k p^2 + c``; a machine without torque is uncoupled."""
    return power_w + curve * power_w * power_w + loss_w if power_w != 0.0 else 0.0


def shaft_w(force_n: float, speed_mps: float, efficiency_ratio: float) -> float:
    """Shaft power for a force at the wheels, driving or braking."""
    power = force_n * speed_mps
    return power / efficiency_ratio if power > 0.0 else power * efficiency_ratio


def marginal_w(value: float, price: float, ageing: float, curve: float) -> float:
    """Shaft power at which a machine's marginal cost equals `value` (fuel per shaft joule): ``((value -+ c) / s - 1) / 2k``."""
    drawing = ((value - ageing) / price - 1.0) / (2.0 * curve)
    if drawing > 0.0:
        return drawing
    return min(((value + ageing) / price - 1.0) / (2.0 * curve), 0.0)


def shared_w(
    power_w: float, prices: tuple[float, float], curves: tuple[float, float], wear: tuple[float, float], exchange: float
) -> float:
    """Trailer's shaft power where both machines' marginal costs are equal: the rest of `power_w` is the tractor motor's.

    ``r (s1 (1 + 2 k1 (P - r p2)) + c1) = s2 (1 + 2 k2 p2) + c2``, r being what a watt at the trailer's shaft spares at the crank;
    `wear` is negative when both brake.
    """
    top = exchange * (prices[0] * (1.0 + 2.0 * curves[0] * power_w) + wear[0]) - prices[1] - wear[1]
    return top / (2.0 * (prices[1] * curves[1] + prices[0] * exchange * exchange * curves[0]))


def judged(row: Floats, prices: tuple[float, float], force_n: float, motor_w: float, running: bool) -> Choice:
    """A choice with what it costs; the engine fills up what is left of the demand as far as it goes."""
    speed = row[SPEED_MPS]
    crank = shaft_w(row[DEMAND_N] - force_n, speed, row[DRIVE_RATIO])
    engine = min(max(crank - motor_w, 0.0), row[ENGINE_MOST_W]) if running else 0.0
    short = max(crank - motor_w - engine, 0.0) if row[DEMAND_N] > 0.0 else 0.0
    fuel = row[IDLE_W] + row[SLOPE] * (engine + row[CONSUMERS_W]) if running else 0.0
    trailer = shaft_w(force_n, speed, row[TRAILER_RATIO])
    own = cells_w(motor_w, row[MOTOR_CURVE], row[MOTOR_LOSS_W]) + (0.0 if running else row[CONSUMERS_W])
    towed = cells_w(trailer, row[TRAILER_CURVE], row[TRAILER_LOSS_W])
    worn = row[AGEING] * abs(motor_w) + row[TRAILER_AGEING] * abs(trailer)
    cost = fuel + prices[0] * own + prices[1] * towed + worn + SHORT_COST * short
    return running, motor_w, force_n, fuel, own, towed, cost


def with_engine(row: Floats, prices: tuple[float, float], force_n: float, best: Choice) -> Choice:
    """The better of `best` and the engine running with that force of the trailer: motor at equal marginal cost, or at rest."""
    crank = shaft_w(row[DEMAND_N] - force_n, row[SPEED_MPS], row[DRIVE_RATIO])
    high = min(row[MOTOR_MOST_W], max(crank, 0.0))
    low = min(max(row[MOTOR_LEAST_W], crank - row[ENGINE_MOST_W]), high)
    wanted = marginal_w(row[SLOPE], prices[0], row[AGEING], row[MOTOR_CURVE])
    chosen = judged(row, prices, force_n, min(max(wanted, low), high), True)
    if chosen[6] < best[6]:
        best = chosen
    if low <= 0.0 <= high:
        chosen = judged(row, prices, force_n, 0.0, True)
        if chosen[6] < best[6]:
            best = chosen
    return best


def forces_n(row: Floats, prices: tuple[float, float]) -> Forces:
    """Forces of the trailer among which the best one is: rest, equal marginal cost with engine or motor (the trailer helping or
    charging), and where bounds meet."""
    speed, drive, trailer = row[SPEED_MPS], row[DRIVE_RATIO], row[TRAILER_RATIO]
    curves, exchange = (row[MOTOR_CURVE], row[TRAILER_CURVE]), trailer / drive
    power, wear = row[DEMAND_N] * speed / drive, (row[AGEING], row[TRAILER_AGEING])
    alone = shared_w(power, prices, curves, wear, exchange) * trailer / speed
    rest = power - row[ENGINE_MOST_W]
    if rest > 0.0:
        beyond = shared_w(rest, prices, curves, wear, exchange) * trailer / speed
    else:
        beyond = shared_w(rest, prices, curves, (-wear[0], -wear[1]), 1.0 / (trailer * drive)) / (trailer * speed)
    needed = row[DEMAND_N] - (row[ENGINE_MOST_W] + row[MOTOR_MOST_W]) * drive / speed
    spared = row[DEMAND_N] - row[MOTOR_MOST_W] * drive / speed
    laden = shared_w(power, prices, curves, (wear[0], -wear[1]), 1.0 / (trailer * drive)) / (trailer * speed)
    helping = marginal_w(row[SLOPE] * exchange, prices[1], wear[1], curves[1])
    charging = marginal_w(row[SLOPE] / (trailer * drive), prices[1], wear[1], curves[1])
    engaged = helping * trailer / speed if helping > 0.0 else min(charging, 0.0) / (trailer * speed)
    filled = row[DEMAND_N] - row[ENGINE_MOST_W] * drive / speed
    charged = row[DEMAND_N] - (row[ENGINE_MOST_W] + row[MOTOR_LEAST_W]) * drive / speed
    return 0.0, engaged, alone, laden, beyond, filled, needed, spared, charged, row[TRAILER_LEAST_N], row[TRAILER_MOST_N]


def engine_on(row: Floats, prices: tuple[float, float]) -> Choice:
    """The best split of a demand to drive with the engine running; costs 1e30 without an engine."""
    best = (True, 0.0, 0.0, 0.0, 0.0, 0.0, 1e30)
    if row[HAS_ENGINE] > 0.0:
        for wanted in forces_n(row, prices):
            best = with_engine(row, prices, min(max(wanted, row[TRAILER_LEAST_N]), row[TRAILER_MOST_N]), best)
    return best


def engine_off(row: Floats, prices: tuple[float, float]) -> Choice:
    """The best split of a demand to drive on machines alone; costs 1e30 where the engine is needed."""
    best = (False, 0.0, 0.0, 0.0, 0.0, 0.0, 1e30)
    if row[MOTOR_MOST_W] <= 0.0:
        return best
    for wanted in forces_n(row, prices):
        force = min(max(wanted, row[TRAILER_LEAST_N]), row[TRAILER_MOST_N])
        crank = shaft_w(row[DEMAND_N] - force, row[SPEED_MPS], row[DRIVE_RATIO])
        if crank <= row[MOTOR_MOST_W] or row[HAS_ENGINE] == 0.0:
            chosen = judged(row, prices, force, min(max(crank, row[MOTOR_LEAST_W]), row[MOTOR_MOST_W]), False)
            if chosen[6] < best[6]:
                best = chosen
    return best


def propel(row: Floats, prices: tuple[float, float], running: bool) -> Choice:
    """Split of a demand to drive; `running`: whether the engine runs already."""
    on, off = engine_on(row, prices), engine_off(row, prices)
    change = row[START_J] / START_S
    return on if on[6] + (0.0 if running else change) < off[6] + (change if running else 0.0) else off


def recover(row: Floats, prices: tuple[float, float], running: bool) -> Choice:
    """Split of a demand to brake: machines take what is worth most, equal in marginal loss; the rest is for engine and brakes."""
    speed, drive, trailer = row[SPEED_MPS], row[DRIVE_RATIO], row[TRAILER_RATIO]
    low, high = row[TRAILER_LEAST_N], min(row[TRAILER_MOST_N], 0.0)
    floor = max(low, row[DEMAND_N])
    curves, wear = (row[MOTOR_CURVE], row[TRAILER_CURVE]), (-row[AGEING], -row[TRAILER_AGEING])
    shared = shared_w(row[DEMAND_N] * speed * drive, prices, curves, wear, drive / trailer) / (trailer * speed)
    own_least = row[DEMAND_N] - row[MOTOR_LEAST_W] / (drive * speed)
    best = (running, 0.0, 0.0, 0.0, 0.0, 0.0, 1e30)
    for wanted in (floor, shared, own_least, 0.0):
        force = min(max(wanted, floor), max(high, floor))
        crank = (row[DEMAND_N] - force) * speed * drive
        chosen = judged(row, prices, force, min(max(crank, row[MOTOR_LEAST_W]), 0.0), False)
        if chosen[6] < best[6]:
            best = chosen
    return best


def split(row: Floats, prices: tuple[float, float], running: bool) -> Choice:
    """The split of a stage at prices of stored energy (tractor's, trailer's battery; fuel joules a joule).

    Parameters
    ----------
    row : one `stage`, shape (N_STAGE,). running : whether the engine runs already; starting and stopping it costs.
    """
    return propel(row, prices, running) if row[DEMAND_N] > 0.0 else recover(row, prices, running)
