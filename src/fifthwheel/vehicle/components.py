"""Parts of a vehicle as frozen records in SI: what a combination is built from.

Every part says where its values come from (`source`) and whether they are typical of the kind (`generic`) or of one product.
Curves are tuples over their grid, so that parts compare and hash; kernels turn them into arrays once a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every part has: its catalogue `name`, the `source` of its values, and whether they are `generic`."""

    name: str
    source: str
    generic: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuel(Part):
    """A fuel: energy, density as stored (liquid), and fossil CO2 per mass burnt."""

    lower_heating_value_jpkg: float
    density_kgpm3: float
    co2_kgpkg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(Part):
    """Combustion engine: curves over `speed_radps` and a Willans line for fuel (`physics.engine.fuel_power_w`).

    Attributes
    ----------
    speed_radps : grid of crank speeds, rising, shape (n,).
    full_load_torque_nm, drag_torque_nm, brake_torque_nm : most torque, torque needed to motor it unfuelled, and what
        the decompression brake adds to that; all positive, shape (n,).
    reference_torque_nm : what torque shares on the wire refer to (SPN 544).
    indicated_efficiency_ratio : fuel power to gas work at `best_speed_radps`; falls by
        ``efficiency_fall_ratio * (w / best - 1)^2``.
    derate_altitude_m, derate_per_metre_ratio : full load falls linearly above that height.
    """

    fuel: Fuel
    displacement_m3: float
    idle_speed_radps: float
    launch_speed_radps: float
    speed_radps: tuple[float, ...]
    full_load_torque_nm: tuple[float, ...]
    drag_torque_nm: tuple[float, ...]
    brake_torque_nm: tuple[float, ...]
    reference_torque_nm: float
    indicated_efficiency_ratio: float
    best_speed_radps: float
    efficiency_fall_ratio: float
    inertia_kgm2: float
    derate_altitude_m: float = 2000.0
    derate_per_metre_ratio: float = 1e-4

    @property
    def willans(self) -> tuple[float, float, float]:
        """Coefficients of the fuel law: best efficiency, its speed, and its fall."""
        return self.indicated_efficiency_ratio, self.best_speed_radps, self.efficiency_fall_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Gearbox(Part):
    """Stepped gearbox: ratios and efficiencies from first to top gear, and the traction gap of a shift."""

    ratios: tuple[float, ...]
    efficiencies: tuple[float, ...]
    shift_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveAxle(Part):
    """Final drive: ratio and efficiency of the driven axles together."""

    ratio: float
    efficiency_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Motor(Part):
    """Electric machine with inverter; losses follow `physics.motor.loss_w`.

    Attributes
    ----------
    peak_torque_nm, peak_power_w : limits, the same for motoring and generating; their quotient is the base speed.
    constant_loss_ratio, speed_loss_ratio, torque_loss_ratio : losses at (any, base, peak-torque) point, as shares of
        peak power: switched on, growing with speed, growing with torque squared.
    """

    peak_torque_nm: float
    peak_power_w: float
    max_speed_radps: float
    constant_loss_ratio: float
    speed_loss_ratio: float
    torque_loss_ratio: float

    @property
    def loss_ratios(self) -> tuple[float, float, float]:
        """Coefficients of the loss law: constant, with speed, with torque squared."""
        return self.constant_loss_ratio, self.speed_loss_ratio, self.torque_loss_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery(Part):
    """Traction battery as open-circuit voltage behind a resistance (`physics.battery`).

    Attributes
    ----------
    capacity_j : nominal energy; charge capacity is ``capacity_j / nominal_voltage_v``.
    soc_ratio, open_circuit_voltage_v : open-circuit curve of the whole pack, shape (n,).
    discharge_limit_w, charge_limit_w : terminal power limits.
    soc_low_ratio, soc_high_ratio : window in use.
    cells_count : cells in series.
    """

    capacity_j: float
    nominal_voltage_v: float
    soc_ratio: tuple[float, ...]
    open_circuit_voltage_v: tuple[float, ...]
    resistance_ohm: float
    discharge_limit_w: float
    charge_limit_w: float
    soc_low_ratio: float
    soc_high_ratio: float
    cells_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tyre(Part):
    """Tyre: rolling resistance coefficient measured at `iso_load_n` (ISO 28580) and `pressure_pa`."""

    radius_m: float
    inertia_kgm2: float
    rolling_resistance_ratio: float
    iso_load_n: float
    pressure_pa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AxleGroup:
    """Axles that share a load: positions from the front of their unit, permitted load of the group, tyres an axle."""

    positions_m: tuple[float, ...]
    load_limit_kg: float
    tyres_count: int
    tyre: Tyre
    driven: bool = False
    liftable: bool = False

    @property
    def all_tyres_count(self) -> int:
        """Tyres of the whole group."""
        return self.tyres_count * len(self.positions_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retarder(Part):
    """Hydrodynamic retarder on the output shaft: limits at the shaft."""

    peak_torque_nm: float
    peak_power_w: float


class Use(StrEnum):
    """When an auxiliary runs."""

    RUNNING = "running"
    """whenever the vehicle is switched on (engine running or high voltage on)"""
    DRIVING = "driving"
    """only while it moves"""
    LOADED = "loaded"
    """whenever switched on with a payload (reefer, mixer drum)"""
    WORKING = "working"
    """at stops where the body works (tipping, pumping, discharging)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Auxiliary(Part):
    """A consumer: mean power taken from the crank, or from the battery terminals of an electric vehicle, while in `use`."""

    power_w: float
    use: Use = Use.RUNNING
