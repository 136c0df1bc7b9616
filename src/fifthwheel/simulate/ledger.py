"""From the kernel's book to the account of a trip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.energy import Ledger
from fifthwheel.simulate import layout
from fifthwheel.vehicle.combination import Combination

TERMS = {
    "engine": layout.ENGINE, "aero_still": layout.STILL, "aero_wind": layout.WIND, "rolling_tractor": layout.ROLL_TRACTOR,
    "rolling_trailer": layout.ROLL_TRAILER, "climb": layout.CLIMB, "kinetic": layout.KINETIC,
    "brake_friction": layout.FRICTION, "retarder": layout.RETARDER, "engine_brake": layout.ENGINE_BRAKE,
    "driveline": layout.DRIVELINE, "motor": layout.MOTOR, "fuel_cell": layout.FUEL_CELL, "idle": layout.IDLE,
    "auxiliary": layout.AUXILIARY,
}  # fmt: skip
"""Where each term of `physics.energy.TERMS` stands in the book."""
TRAILER_TERMS = {
    "brake_friction": layout.TRAILER_FRICTION,
    "driveline": layout.TRAILER_DRIVELINE,
    "motor": layout.TRAILER_MOTOR,
    "auxiliary": layout.TRAILER_AUXILIARY,
}


def ledger_of(combination: Combination, book: NDArray[np.float64]) -> Ledger:
    """The account of a trip whose `book` (shape ``(layout.N_BOOK,)``) the kernel has filled."""
    meter, charged = {}, {}
    if combination.drive.fuel:
        meter["fuel"] = float(book[layout.FUEL])
    if combination.drive.battery:
        meter["battery"], charged["battery"] = float(book[layout.BATTERY]), float(book[layout.GAINED])
    if combination.trailer_drive:
        meter["trailer_battery"] = float(book[layout.TRAILER_BATTERY])
        charged["trailer_battery"] = float(book[layout.TRAILER_GAINED])
    return Ledger(
        meter_j=meter,
        terms_j={name: float(book[index]) for name, index in TERMS.items()},
        gross_climb_j=float(book[layout.UP]),
        gross_descent_j=float(book[layout.DOWN]),
        recovered_j=float(book[layout.RECOVERED]),
        trailer_j={name: float(book[index]) for name, index in TRAILER_TERMS.items()},
        charged_j=charged,
    )


def corrected(ledger: Ledger, fuel_factor_ratio: float) -> Ledger:
    """`ledger` with its fuel multiplied by a declared factor (VECTO's WHTC correction); what that adds is engine heat."""
    if fuel_factor_ratio == 1.0:
        return ledger
    fuel_j = ledger.meter_j["fuel"]
    added_j = fuel_j * fuel_factor_ratio - fuel_j
    return replace(
        ledger,
        meter_j={**ledger.meter_j, "fuel": fuel_j * fuel_factor_ratio},
        terms_j={**ledger.terms_j, "engine": ledger.terms_j["engine"] + added_j},
    )
