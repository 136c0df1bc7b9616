"""What left each store of a combination between two times: fuel, battery, the trailer's own battery.

Each store is read by every source the wires give (counter, integrated rate, level); the surest counts, the others check it.
Refuelling and charging are events on the store: they are reported, and the sum goes on beneath them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from fifthwheel.explain.timeline import Mask, Series, Wires, grid_us
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.signals.observations import Floats
from fifthwheel.units import LITRE, MICROSECOND, SECOND_US
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Battery, Fuel

Z_90: Final = 1.645
"""Half width of a 90 % interval in standard deviations of a normal distribution."""
FUEL_SCALE_SD_RATIO: Final = 0.01
"""Injected quantity of a calibrated common-rail engine against weighed fuel; the OBFCM rule (EU 2018/1832) allows 5 %."""
COUNTER_STEP_M3: Final = 0.5 * LITRE
"""SPN 250 and GB 17691 type 0x80."""
LEVEL_SD_RATIO: Final = 0.006
"""Float gauge: slosh and slope of the averaged level, share of the tank."""
CURRENT_OFFSET_SD_A: Final = 0.3
"""Zero error of a traction current sensor; the wire's step is 0.1 A."""
BATTERY_SCALE_SD_RATIO: Final = 0.005
"""Voltage times current of a battery management unit."""
SOC_STEP_RATIO: Final = 0.01
CHARGING_A: Final = 2.0
STANDING_MPS: Final = 0.3
LONGEST_GAP_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEvent:
    """Something that happened to a store, not to the trip: ``refuelled``, ``drained`` or ``charged``, and the energy of it."""

    kind: str
    time_us: int
    energy_j: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One store read: `energy_j` that left it with standard deviation `sd_j`, and what happened to it meanwhile."""

    name: str
    energy_j: float
    sd_j: float
    finding: Finding
    events: tuple[StoreEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one source says: energy, its standard deviation, and in words."""

    energy_j: float
    sd_j: float
    method: str
    origin: Origin = Origin.MEASURED


def read(tractor: Wires, trailer: Wires | None, combination: Combination, start_us: int, end_us: int) -> tuple[Store, ...]:
    """Every store of `combination` that the wires tell about, from `start_us` to `end_us`.

    Parameters
    ----------
    tractor, trailer : rows of the two units, or more than this time span of them.
    """
    span, drive, stores = (start_us, end_us), combination.drive, []
    evidence = f"observations:{_vehicle(tractor)}?from_us={start_us}&to_us={end_us}&signals="
    if drive.engine is not None:
        events = tuple(_refuelling(tractor, drive.engine.fuel, drive.fuel_tank_m3, span))
        readings = list(_fuel_readings(tractor, drive.engine.fuel, drive.fuel_tank_m3, span, events))
        stores.append(_store("fuel", readings, events, evidence + "fuel_total_m3,fuel_rate_m3ps,fuel_volume_m3,fuel_level_ratio"))
    signals = "battery_voltage_v,battery_current_a,battery_soc_ratio"
    if drive.battery is not None:
        stores.append(_store("battery", *_battery(tractor, drive.battery, span), evidence + signals))
    own = combination.trailer_drive
    if own is not None and own.battery is not None and trailer is not None and len(trailer.time_us):
        evidence = f"observations:{_vehicle(trailer)}?from_us={start_us}&to_us={end_us}&signals={signals}"
        stores.append(_store("trailer_battery", *_battery(trailer, own.battery, span), evidence))
    return tuple(store for store in stores if store is not None)


def battery_power(wires: Wires, start_us: int, end_us: int) -> tuple[Floats, Mask]:
    """Terminal power in W on whole seconds (discharge positive, NaN where unknown) and where the battery is being charged."""
    grid = grid_us(start_us, end_us)
    current_a = wires.series("battery_current_a").on(grid, longest_gap_s=LONGEST_GAP_S)
    voltage_v = wires.series("battery_voltage_v").on(grid, longest_gap_s=LONGEST_GAP_S)
    speed_mps = wires.series("speed_mps").on(grid, longest_gap_s=LONGEST_GAP_S)
    plugged = wires.series("charge_state").on(grid, longest_gap_s=LONGEST_GAP_S, hold=True) == 1
    standing = ~(speed_mps >= STANDING_MPS)
    return current_a * voltage_v, standing & ((current_a < -CHARGING_A) | (plugged & (current_a < 0)))


def _store(name: str, readings: list[Reading], events: tuple[StoreEvent, ...], evidence: str) -> Store:
    if not readings:
        finding = Finding(
            name=f"meter.{name}", value=None, unit="J", method="no source on the wires reads this store", evidence=(evidence,)
        )
        return Store(name=name, energy_j=np.nan, sd_j=np.nan, finding=finding, events=events)
    best, *others = sorted(readings, key=lambda reading: reading.sd_j)
    method = best.method + "".join(f"; {other.method} {_difference(other, best)}" for other in others)
    finding = with_margin(
        f"meter.{name}", best.energy_j, "J", margin=Z_90 * best.sd_j, origin=best.origin, method=method, evidence=(evidence,)
    )
    return Store(name=name, energy_j=best.energy_j, sd_j=best.sd_j, finding=finding, events=events)


def _difference(other: Reading, best: Reading) -> str:
    ratio = (other.energy_j - best.energy_j) / best.energy_j if best.energy_j else 0.0
    agrees = abs(other.energy_j - best.energy_j) <= 2 * np.hypot(other.sd_j, best.sd_j)
    return f"{'agrees' if agrees else 'contradicts it'} ({ratio:+.1%})"


def _fuel_readings(
    wires: Wires, fuel: Fuel, tank_m3: float, span: tuple[int, int], events: tuple[StoreEvent, ...]
) -> Iterator[Reading]:
    """The counter, the integrated rate and the tank, as far as each covers the span."""
    jpm3, seconds = fuel.density_kgpm3 * fuel.lower_heating_value_jpkg, (span[1] - span[0]) * MICROSECOND
    counter = wires.series("fuel_total_m3", prefer_within_s=np.inf).between(*span)
    if len(counter) > 1 and counter.seconds()[-1] > 0.5 * seconds:
        used = np.diff(counter.values)
        volume_m3 = float(used[used > 0].sum()) * seconds / float(counter.seconds()[-1])
        unseen_m3 = volume_m3 * (1 - counter.seconds()[-1] / seconds)
        sd_m3 = np.sqrt((COUNTER_STEP_M3**2) / 6 + (FUEL_SCALE_SD_RATIO * volume_m3) ** 2 + unseen_m3**2)
        yield Reading(energy_j=volume_m3 * jpm3, sd_j=float(sd_m3) * jpm3, method="difference of the engine's fuel counter")
    rate_m3ps = wires.series("fuel_rate_m3ps").on(grid_us(*span), longest_gap_s=LONGEST_GAP_S)
    seen = ~np.isnan(rate_m3ps)
    if seen.mean() > 0.5:
        volume_m3 = float(np.nanmean(rate_m3ps)) * seconds
        sd_m3 = np.hypot(FUEL_SCALE_SD_RATIO * volume_m3, 0.5 * (1 - seen.mean()) * volume_m3)
        yield Reading(energy_j=volume_m3 * jpm3, sd_j=float(sd_m3) * jpm3, method="the engine's fuel rate, integrated")
    level, step_m3 = _tank(wires, tank_m3, span)
    if len(level) > 10:
        edge = max(min(len(level) // 10, 30), 3)
        drop_m3 = float(np.median(level.values[:edge]) - np.median(level.values[-edge:]))
        added_j = sum(event.energy_j for event in events)
        sd_m3 = np.hypot(LEVEL_SD_RATIO * tank_m3, step_m3) * np.sqrt(2 + 2 * len(events))
        yield Reading(energy_j=drop_m3 * jpm3 + added_j, sd_j=float(sd_m3) * jpm3, method="fall of the tank level")


def _tank(wires: Wires, tank_m3: float, span: tuple[int, int]) -> tuple[Series, float]:
    """Volume in the tank over time and the step it comes in: the volume item of JT/T 808, else level times tank."""
    volume = wires.series("fuel_volume_m3").between(*span)
    if len(volume):
        return volume, 0.1 * LITRE
    level = wires.series("fuel_level_ratio").between(*span)
    return Series(time_us=level.time_us, values=level.values * tank_m3), 0.004 * tank_m3


def _refuelling(wires: Wires, fuel: Fuel, tank_m3: float, span: tuple[int, int]) -> Iterator[StoreEvent]:
    """Steps of the tank level beyond its noise, between the minutes before and after each time it stands still."""
    level, step_m3 = _tank(wires, tank_m3, span)
    if len(level) < 10:
        return
    speed_mps = wires.series("speed_mps").on(level.time_us, longest_gap_s=10 * LONGEST_GAP_S)
    standing = ~(speed_mps >= STANDING_MPS)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], standing, [False])).astype(int)))
    least_m3 = max(5 * LEVEL_SD_RATIO * tank_m3, 3 * step_m3)
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        before, after = level.values[max(first - 15, 0) : first + 1], level.values[last - 1 : last + 15]
        gained_m3 = float(np.median(after) - np.median(before))
        if abs(gained_m3) > least_m3:
            jpm3 = fuel.density_kgpm3 * fuel.lower_heating_value_jpkg
            kind = "refuelled" if gained_m3 > 0 else "drained"
            yield StoreEvent(kind=kind, time_us=int(level.time_us[first]), energy_j=gained_m3 * jpm3)


def _battery(wires: Wires, battery: Battery, span: tuple[int, int]) -> tuple[list[Reading], tuple[StoreEvent, ...]]:
    power_w, charging = battery_power(wires, *span)
    readings: list[Reading] = []
    events = tuple(_charging(power_w, charging, span[0]))
    seen = ~np.isnan(power_w)
    if seen.mean() > 0.5:
        used = power_w[seen & ~charging]
        unseen_s = float(np.sum(~seen))
        energy_j = float(used.sum()) + unseen_s * float(used.mean() if len(used) else 0.0)
        sd_j = np.sqrt(
            (BATTERY_SCALE_SD_RATIO * energy_j) ** 2
            + (CURRENT_OFFSET_SD_A * battery.nominal_voltage_v * len(used)) ** 2
            + _sampling_sd_j(wires, span) ** 2
            + (unseen_s * float(np.std(used) if len(used) else 0.0)) ** 2
        )
        readings.append(Reading(energy_j=energy_j, sd_j=float(sd_j), method="terminal voltage times current, integrated"))
    soc = wires.series("battery_soc_ratio").between(*span)
    if len(soc) > 1:
        charged_j = sum(event.energy_j for event in events)
        energy_j = float(soc.values[0] - soc.values[-1]) * battery.capacity_j + charged_j
        sd_j = np.hypot(SOC_STEP_RATIO / np.sqrt(6) * battery.capacity_j, 0.04 * (abs(energy_j) + charged_j))
        readings.append(Reading(energy_j=energy_j, sd_j=float(sd_j), method="change of the state of charge times capacity"))
    return readings, events


def _sampling_sd_j(wires: Wires, span: tuple[int, int]) -> float:
    """What integrating samples misses of the power between them, from how far each lies from its neighbours' mean."""
    current, voltage = wires.series("battery_current_a").between(*span), wires.series("battery_voltage_v").between(*span)
    if len(current) < 3 or not len(voltage):
        return 0.0
    power_w = current.values * voltage.on(current.time_us, longest_gap_s=np.inf)
    rough_w = power_w[1:-1] - (power_w[:-2] + power_w[2:]) / 2
    step_s = np.minimum(np.diff(current.seconds())[1:], LONGEST_GAP_S)
    return float(np.sqrt(np.sum((rough_w * step_s) ** 2) / 6))


def _charging(power_w: Floats, charging: Mask, start_us: int) -> Iterator[StoreEvent]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], charging, [False])).astype(int)))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield StoreEvent(kind="charged", time_us=start_us + first * SECOND_US, energy_j=-float(np.nansum(power_w[first:last])))


def _vehicle(wires: Wires) -> str:
    rows = wires.observations.table
    return str(rows.column("vehicle_id")[0].as_py()) if rows.num_rows else ""
