"""Battery: open-circuit voltage behind a resistance, what cold and heat do to it, and how it ages (LFP)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.physics.quantity import Quantity
from fifthwheel.vehicle.components import Battery

GAS_CONSTANT = 8.314462618
"""Molar gas constant, J/(mol K), CODATA."""
REFERENCE_K = 298.15
OHMIC_RATIO = 0.6
"""Share of the resistance at 25 degrees C that hardly changes with temperature: foils, tabs, joints."""
KINETIC_K = 2950.0
"""Activation energy of the rest (charge transfer, electrolyte) over the gas constant: 24.5 kJ/mol."""


def current_a(terminal_power_w: Quantity, open_circuit_voltage_v: Quantity, resistance_ohm: Quantity) -> Quantity:
    """Current (discharge positive) that gives `terminal_power_w`: the smaller root of ``P = U I - R I^2``.

    Beyond the most that the battery can give, ``U^2 / 4 R``, the current of that maximum.

    Examples
    --------
    >>> i = current_a(200e3, 630.0, 0.06)
    >>> round(float(630.0 * i - 0.06 * i * i))
    200000
    """
    root = np.maximum(open_circuit_voltage_v * open_circuit_voltage_v - 4.0 * resistance_ohm * terminal_power_w, 0.0)
    return (open_circuit_voltage_v - np.sqrt(root)) / (2.0 * resistance_ohm)


def resistance_loss_w(current_a: Quantity, resistance_ohm: Quantity) -> Quantity:
    """Heat in the battery: ``R I^2``."""
    return resistance_ohm * current_a * current_a


def resistance_ratio(temperature_k: Quantity) -> Quantity:
    """Resistance over that at 25 degrees C: ``0.6 + 0.4 exp(2950 (1/T - 1/298.15))``.

    About 0.85 at 40, 1.6 at 0, 2.5 at -15 degrees C.

    Notes
    -----
    A constant ohmic part and an Arrhenius part, the usual form for charge transfer and electrolyte (Smart et al., J.
    Electrochem. Soc. 158, A379, 2011). The two figures are general knowledge of large LFP cells over pulses of 10 s to
    some minutes, not of one product.

    Examples
    --------
    >>> [round(float(resistance_ratio(t)), 2) for t in (258.15, 273.15, 298.15, 313.15)]
    [2.45, 1.59, 1.0, 0.85]
    """
    return OHMIC_RATIO + (1.0 - OHMIC_RATIO) * np.exp(KINETIC_K * (1.0 / temperature_k - 1.0 / REFERENCE_K))


def charge_limit_ratio(temperature_k: Quantity) -> Quantity:
    """Share of the charging limit left: 0 up to -5 degrees C, linearly 1 at 18, falling from 45 to 0 at 60.

    Charging cold plates lithium on graphite. Typical figures of LFP pack data sheets, not of one product.

    Examples
    --------
    >>> [round(float(charge_limit_ratio(t)), 2) for t in (263.15, 273.15, 298.15, 325.65)]
    [0.0, 0.22, 1.0, 0.5]
    """
    cold = np.minimum(np.maximum((temperature_k - 268.15) / 23.0, 0.0), 1.0)
    return cold * np.minimum(np.maximum((333.15 - temperature_k) / 15.0, 0.0), 1.0)


def discharge_limit_ratio(temperature_k: Quantity) -> Quantity:
    """Share of the discharging limit left: 0.2 at -30 degrees C and below, linearly 1 at 5, falling from 50 to 0 at 65.

    Typical figures of LFP pack data sheets, not of one product.

    Examples
    --------
    >>> [round(float(discharge_limit_ratio(t)), 2) for t in (243.15, 260.65, 298.15, 330.65)]
    [0.2, 0.6, 1.0, 0.5]
    """
    cold = 0.2 + 0.8 * np.minimum(np.maximum((temperature_k - 243.15) / 35.0, 0.0), 1.0)
    return cold * np.minimum(np.maximum((338.15 - temperature_k) / 15.0, 0.0), 1.0)


def temperature_rate_kps(
    heat_w: Quantity, temperature_k: Quantity, ambient_k: Quantity, heat_capacity_jpk: Quantity, cooling_wpk: Quantity
) -> Quantity:
    """How fast one lump warms: ``(Q - k (T - Ta)) / C``.

    Examples
    --------
    >>> temperature_rate_kps(6000.0, 303.15, 293.15, 2e6, 400.0)
    0.001
    """
    return (heat_w - cooling_wpk * (temperature_k - ambient_k)) / heat_capacity_jpk


def calendar_fade_ratio(stored_s: Quantity, temperature_k: Quantity, soc_ratio: Quantity) -> Quantity:
    """Capacity lost by standing at a temperature and a charge z: ``k h(T) (2.8575 (z - 0.5)^3 + 0.60225) sqrt(t)``.

    With k = 1.2571e-5, t in seconds, and ``h = exp(-17 126 / R (1/T - 1/298.15))``.

    Source: Naumann et al., Journal of Energy Storage 17 (2018) 153, a commercial LFP/graphite cell, 885 days, 0 to 60 degrees C.

    Examples
    --------
    >>> round(float(calendar_fade_ratio(365 * 86400.0, 298.15, 0.5)), 3)
    0.043
    """
    heat = np.exp(-17_126.0 / GAS_CONSTANT * (1.0 / temperature_k - 1.0 / REFERENCE_K))
    return 1.2571e-5 * heat * (2.8575 * (soc_ratio - 0.5) ** 3 + 0.60225) * np.sqrt(stored_s)


def cycle_fade_ratio(full_cycles_count: Quantity, temperature_k: Quantity, current_ratio: Quantity) -> Quantity:
    """Capacity lost by charge passed: ``B exp((-31 700 + 370.3 C) / (R T)) Ah^0.55``, C the current over the one-hour current.

    Parameters
    ----------
    full_cycles_count : charge taken out over the nominal charge; the law's Ah are those of its 2.2 Ah cell.
    current_ratio : mean discharge current as a multiple of the one-hour current, 0.5 to 10.

    Notes
    -----
    Wang et al., Journal of Power Sources 196 (2011) 3942: A123 26650 LFP cells, 15 to 60 degrees C; B is 31 630, 21 681,
    12 934, 15 512 per cent at C/2, 2C, 6C, 10C. Their test cells stood full-time in use, so part of the calendar loss is in it:
    add both laws only as an upper bound.

    Examples
    --------
    >>> round(float(cycle_fade_ratio(1000.0, 298.15, 0.5)), 3)
    0.066
    """
    factor = np.interp(current_ratio, (0.5, 2.0, 6.0, 10.0), (316.30, 216.81, 129.34, 155.12))
    heat = np.exp((-31_700.0 + 370.3 * current_ratio) / (GAS_CONSTANT * temperature_k))
    return factor * heat * (2.2 * full_cycles_count) ** 0.55


def aged(battery: Battery, capacity_ratio: float, resistance_growth_ratio: float) -> Battery:
    """`battery` with that share of its capacity left and its resistance grown by that factor; power limits stay.

    Raises
    ------
    InputError : capacity share outside (0, 1], or a resistance factor below 1.
    """
    if not 0.0 < capacity_ratio <= 1.0:
        raise InputError(f"capacity share {capacity_ratio:g}; above 0, up to 1 is wanted")
    if resistance_growth_ratio < 1.0:
        raise InputError(f"resistance factor {resistance_growth_ratio:g}; 1 or more is wanted")
    return replace(
        battery,
        capacity_j=battery.capacity_j * capacity_ratio,
        resistance_ohm=battery.resistance_ohm * resistance_growth_ratio,
    )
