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
class FuelMap:
    """Measured fuel flow at scattered points of crank speed and torque, each of shape (n,)."""

    speed_radps: tuple[float, ...]
    torque_nm: tuple[float, ...]
    fuel_kgps: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossMap:
    """Measured torque loss of a stage at scattered points of input speed and *input* torque, each of shape (n,)."""

    speed_radps: tuple[float, ...]
    torque_nm: tuple[float, ...]
    loss_nm: tuple[float, ...]

    @property
    def efficiency_ratio(self) -> float:
        """Mean over the points of more than a third of the most torque, where a stage does most of its work."""
        least = max(self.torque_nm) / 3.0
        points = [(torque, loss) for torque, loss in zip(self.torque_nm, self.loss_nm, strict=True) if torque > least]
        return sum((torque - loss) / torque for torque, loss in points) / len(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(Part):
    """Combustion engine: curves over `speed_radps`; fuel by a map, or by a Willans line (`physics.engine.fuel_power_w`).

    Attributes
    ----------
    speed_radps : grid of crank speeds, rising, shape (n,).
    full_load_torque_nm, drag_torque_nm, brake_torque_nm : most torque, torque needed to motor it unfuelled, and what
        the decompression brake adds to that; all positive, shape (n,).
    reference_torque_nm : what torque shares on the wire refer to (SPN 544).
    fuel_map : measured fuel; without one, the Willans line.
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
    fuel_map: FuelMap | None = None
    indicated_efficiency_ratio: float = 0.0
    best_speed_radps: float = 1.0
    efficiency_fall_ratio: float = 0.0
    inertia_kgm2: float
    derate_altitude_m: float = 2000.0
    derate_per_metre_ratio: float = 1e-4
    mass_kg: float = 0.0

    @property
    def willans(self) -> tuple[float, float, float]:
        """Coefficients of the fuel law: best efficiency, its speed, and its fall."""
        return self.indicated_efficiency_ratio, self.best_speed_radps, self.efficiency_fall_ratio


class GearboxKind(StrEnum):
    """How a gearbox shifts."""

    AMT = "amt"
    """automated, with a traction gap of `Gearbox.shift_s`"""
    DCT = "dct"
    """dual clutch: changes gear without losing traction"""
    MANUAL = "manual"
    """shifted by the driver, with a traction gap"""
    FIXED = "fixed"
    """one ratio"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gearbox(Part):
    """Stepped gearbox, first to top gear: ratios, the time a shift takes, and losses by maps or by efficiencies.

    Attributes
    ----------
    loss_maps : one a gear; empty where `efficiencies` hold.
    shift_s : without traction (AMT, manual), or with slipping clutches (DCT).
    torque_limit_nm : that it takes at its input; zero where nobody says.
    """

    kind: GearboxKind = GearboxKind.AMT
    ratios: tuple[float, ...]
    efficiencies: tuple[float, ...] = ()
    loss_maps: tuple[LossMap, ...] = ()
    shift_s: float
    torque_limit_nm: float = 0.0
    mass_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveAxle(Part):
    """Final drive of the driven axles together: ratio, and losses by a map or by an efficiency."""

    ratio: float
    efficiency_ratio: float = 1.0
    loss_map: LossMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Motor(Part):
    """Electric machine with inverter; losses follow `physics.motor.loss_w`.

    Attributes
    ----------
    peak_torque_nm, peak_power_w : limits, the same for motoring and generating; their quotient is the base speed.
    constant_loss_ratio, speed_loss_ratio, torque_loss_ratio : losses at (any, base, peak-torque) point, as shares of
        peak power: switched on, growing with speed, growing with torque squared.
    continuous_power_w : what it holds thermally; zero where only the peak is known.
    """

    peak_torque_nm: float
    peak_power_w: float
    max_speed_radps: float
    constant_loss_ratio: float
    speed_loss_ratio: float
    torque_loss_ratio: float
    continuous_power_w: float = 0.0
    mass_kg: float = 0.0

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
    cells_count : cells in series. swappable : whether a station changes it for a full one.
    heat_capacity_jpk, cooling_wpk : of the whole pack; what its conditioning carries away per kelvin above the air.
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
    heat_capacity_jpk: float = 2.5e6
    cooling_wpk: float = 400.0
    swappable: bool = False
    mass_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelCell(Part):
    """Fuel-cell system with its converter: net efficiency over net power, and how it may be run.

    Attributes
    ----------
    net_power_w, efficiency_ratio : rising net power, and electric energy out over fuel energy in there, shape (n,).
    least_power_w : below it the system is off. ramp_wps : fastest change of power. start_j : fuel energy of a start.
    """

    fuel: Fuel
    net_power_w: tuple[float, ...]
    efficiency_ratio: tuple[float, ...]
    least_power_w: float
    ramp_wps: float
    start_j: float
    mass_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeExtender(Part):
    """Engine and generator that only charge: the engine runs on its best line between `least_power_w` and `peak_power_w`."""

    engine: Engine
    generator_efficiency_ratio: float
    least_power_w: float
    peak_power_w: float
    ramp_wps: float
    start_j: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tyre(Part):
    """Tyre: rolling resistance coefficient measured at `iso_load_n` (ISO 28580) and `pressure_pa`.

    `section_m` is the nominal section width, `load_limit_kg` and `twin_load_limit_kg` what one tyre may carry alone and as one
    of twins; zero where nobody says.
    """

    radius_m: float
    inertia_kgm2: float
    rolling_resistance_ratio: float
    iso_load_n: float
    pressure_pa: float
    section_m: float = 0.0
    load_limit_kg: float = 0.0
    twin_load_limit_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AxleGroup:
    """Axles that share a load: positions from the front of their unit, permitted load of the group, tyres an axle.

    `load_share_ratio` is the group's declared share of the whole mass; zero means in proportion to permitted loads.
    `steered` wheels turn with the steering, or by themselves on a trailer; `track_m` is between the middles of the tyres (of
    the pairs of twins) of both sides, zero where nobody says.
    """

    positions_m: tuple[float, ...]
    load_limit_kg: float
    tyres_count: int
    tyre: Tyre
    driven: bool = False
    liftable: bool = False
    steered: bool = False
    air_suspended: bool = False
    track_m: float = 0.0
    load_share_ratio: float = 0.0

    @property
    def all_tyres_count(self) -> int:
        """Tyres of the whole group."""
        return self.tyres_count * len(self.positions_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retarder(Part):
    """Hydrodynamic retarder: limits at its shaft, and the drag it costs while it is off.

    Attributes
    ----------
    primary : on the engine's side of the gearbox; else on the output shaft. `ratio` is from that shaft to the retarder's.
    drag_speed_radps, drag_torque_nm : loss torque over the retarder's speed, shape (n,); empty means none.
    """

    peak_torque_nm: float
    peak_power_w: float
    primary: bool = False
    ratio: float = 1.0
    drag_speed_radps: tuple[float, ...] = ()
    drag_torque_nm: tuple[float, ...] = ()


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
