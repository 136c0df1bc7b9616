"""What a joule in a battery is worth in joules of fuel: feedback on its charge, ageing, and what a look ahead finds.

ECMS: ``s = s0 (1 + kp (ref - soc)) + integral``. With preview the price is the one whose trajectory over the horizon just keeps the
window and ends where the feedback law would ask for that same price: the adjoint of Pontryagin's principle, held until the
window binds.
"""

from __future__ import annotations

from math import exp

from fifthwheel.control.energy.split import split
from fifthwheel.control.energy.stage import DURATION_S, Floats

REFERENCE_K = 298.15


def feedback_price(start: float, missing_ratio: float, integral: float, gains: tuple[float, float, float]) -> float:
    """Price of stored energy, fuel per electric joule.

    Parameters
    ----------
    start : price at the charge wanted. missing_ratio : charge wanted less charge. integral : of that over time, s.
    gains : proportional, integral per second, and the widest departure from `start` either way; all as shares of it.

    Examples
    --------
    >>> round(feedback_price(2.5, 0.1, 0.0, (0.5, 0.0, 0.6)), 3)
    2.625
    """
    change = gains[0] * missing_ratio + gains[1] * integral
    return start * (1.0 + min(max(change, -gains[2]), gains[2]))


def ageing_price(cost: float, temperature_k: float, warm_k: float) -> float:
    """Fuel joules that a joule through a battery costs its life: `cost` at 25 degrees C, a factor e more each `warm_k` above.

    Source: Arrhenius form of the cycle law in `physics.battery.cycle_fade_ratio`: 31.7 kJ/mol is e in 23 K at room temperature.
    """
    return cost * exp(max(temperature_k - REFERENCE_K, 0.0) / warm_k)


def balance(stages: Floats, count: int, prices: tuple[float, float], place: int, battery: Floats) -> float:
    """How a price suits a battery over a horizon: above 0 too dear (ends too full), below 0 too cheap; the first to bind says.

    Parameters
    ----------
    stages : rows of `stage`, (n, N_STAGE), the first `count` in use.
    place : 0 the tractor's battery, 1 the trailer's.
    battery : charge now, capacity (J), lower and upper end of the window, feedback: start price, reference at the end, gain,
        widest departure; steady draw (W).
    """
    soc, on = battery[0], True
    for index in range(count):
        row = stages[index]
        chosen = split(row, prices, on)
        on = chosen[0]
        drawn = (chosen[4] if place == 0 else chosen[5]) + battery[8]
        soc -= drawn * row[DURATION_S] / battery[1]
        if soc > battery[3]:
            return 1.0
        if soc < battery[2]:
            return -1.0
    wanted = feedback_price(battery[4], battery[5] - soc, 0.0, (battery[6], 0.0, battery[7]))
    return float(prices[place] - wanted)


def preview_price(stages: Floats, count: int, prices: tuple[float, float], place: int, battery: Floats) -> float:
    """Price of one battery over a horizon with the other's held: bisection on `balance`, 12 halvings."""
    widest = battery[4] * battery[7]
    low, high = battery[4] - widest, battery[4] + widest
    for _halving in range(12):
        middle = 0.5 * (low + high)
        pair = (middle, prices[1]) if place == 0 else (prices[0], middle)
        if balance(stages, count, pair, place, battery) > 0.0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)
