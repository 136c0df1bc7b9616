"""What the terminals of a virtual vehicle send about its episodes: real frames, each with the time it leaves the vehicle.

Wires: every vehicle JT/T 808 each 10 s (each 5 min when parked), engines GB 17691 at 1 Hz in frames of ten, batteries
GB/T 32960 each second while driving and each minute while charging. Values carry the noise and the steps of the wire; some
reports come late (0x0704, resend), twice, or out of order, as in life.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.gbt32960 import encode as gbt32960
from fifthwheel.codec.hj1239 import encode as hj1239
from fifthwheel.codec.jt808 import reports
from fifthwheel.codec.jt808.frame import Frame, build
from fifthwheel.fleet.demo import Charge, Drive, Episode, Life, Park, VirtualFleet
from fifthwheel.physics.aero import GAS_CONSTANT_AIR
from fifthwheel.units import CELSIUS_ZERO_K, CHINA_OFFSET_US, DAY_US, GRAVITY_MPS2, SECOND_US
from fifthwheel.vehicle.combination import Drive as Powertrain

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REPORT_S: Final = 10
PARKED_S: Final = 300
CHARGING_S: Final = 60
LATE_BATCH: Final = 18
"""Reports in one 0x0704."""
OVERSPEED_MPS: Final = 25.6
OVERSPEED_BIT, TYRE_BIT, INSULATION_BIT = 1, 16, 11
TROUBLE: Final = {2: ((3216, 12), 1, 2), 6: ((100, 18), 0, 99), 9: ((4364, 17), 1, 3)}
"""Trouble codes by place in the roster: (SPN, FMI), and the days of the demonstration on which it is there."""
GAUGE_OFFSET_M3: Final = 0.025
"""Error of the fuel gauge of the first vehicle on its second day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One connection of one unit: wire, plate, and who it says it is (phone or VIN)."""

    wire: str
    plate: str
    identity: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Frames of one link with the times they leave, in order of time; `time_us` has shape (n,)."""

    link: Link
    time_us: Integers
    frames: list[bytes]


class Telemetry:
    """The terminals of one vehicle and, where it speaks itself, of its trailer."""

    def __init__(self, life: Life, fleet: VirtualFleet) -> None:
        self._entry, self._fleet = life.entry, fleet
        self._rng = np.random.default_rng([fleet.seed, crc32(life.entry.plate.encode()), 808])
        self._serials = {"jt808": 1, "hj1239": 1}
        self._obd_day = -1
        self._place = [entry.plate for entry in fleet.roster.vehicles].index(life.entry.plate)

    def frames(self, episodes: Sequence[Episode]) -> list[Sent]:
        """Frames of these episodes by link."""
        sent: list[Sent] = []
        for episode in episodes:
            sent += self._drive(episode) if isinstance(episode, Drive) else self._park(episode)
        silent_us = self._fleet.silent_us(self._entry.plate)
        return [_before(part, silent_us) for part in sent]

    def _drive(self, episode: Drive) -> list[Sent]:
        sent = [self._reports(episode)]
        if episode.run.combination.drive.engine:
            sent.append(self._engine(episode))
        else:
            link = Link(wire="gbt32960", plate=self._entry.plate, identity=self._entry.vin)
            sent.append(self._battery(link, episode, episode.run.columns, episode.run.combination.drive, episode.odometer_m))
        own, trailer = episode.run.combination.trailer_drive, episode.trailer
        vin = self._fleet.roster.trailer(trailer).vin if trailer else None
        if own and trailer and vin:
            link = Link(wire="gbt32960", plate=trailer, identity=vin)
            sent.append(self._battery(link, episode, episode.run.trailer_columns, own, 0.6 * episode.odometer_m))
        return sent

    # JT/T 808

    def _reports(self, episode: Drive) -> Sent:
        """Position reports of a trip, with a gap in coverage on one trip in three."""
        columns, rng = episode.run.columns, self._rng
        rows = np.arange(0, len(columns["speed_mps"]), REPORT_S)
        count = len(rows)
        speed = columns["speed_mps"][rows]
        moving = speed > 0.0
        metre_deg = 1.0 / 111_000.0
        signals = {name: columns[name][rows] for name in ("brake_switch_state", "retarder_switch_state", "clutch_switch_state")}
        signals |= {
            "latitude_deg": columns["latitude_deg"][rows] + metre_deg * 2.5 * _wander(count, 0.9, rng),
            "longitude_deg": columns["longitude_deg"][rows] + metre_deg * 3.0 * _wander(count, 0.9, rng),
            "altitude_m": columns["altitude_m"][rows] + 4.0 * _wander(count, 0.97, rng),
            "speed_mps": np.where(moving, np.maximum(speed + rng.normal(0.0, 0.06, count), 0.1), 0.0),
            "heading_rad": columns["heading_rad"][rows],
            "recorder_speed_mps": speed,
            "odometer_m": episode.odometer_m + columns["trip_distance_m"][rows],
            "ignition_state": np.ones(count),
        }
        if episode.run.combination.drive.engine:
            signals["fuel_volume_m3"] = self._gauge(episode.start_us, self._tank(episode)[rows])
        if episode.run.combination.trailer and "reefer" in episode.run.combination.trailer.name:
            signals["cargo_temperature_k"] = CELSIUS_ZERO_K - 18.0 + 0.6 * _wander(count, 0.99, rng)
        times = episode.start_us + SECOND_US * rows.astype(np.int64)
        bits = np.where(speed > OVERSPEED_MPS, 1 << OVERSPEED_BIT, 0)
        if episode.truth.rolling_trailer_ratio > 1.1 and self._entry.version == "2019":
            bits = bits | 1 << TYRE_BIT
        bodies = reports.bodies(times, signals, alarm_bits=bits, version=self._entry.version)
        return self._late_and_doubled(times, bodies)

    def _late_and_doubled(self, times: Integers, bodies: list[bytes]) -> Sent:
        rng, count = self._rng, len(bodies)
        send = times + rng.integers(0, 3, count) * SECOND_US // 3
        swapped = rng.random(count) < 0.01
        send[swapped] += 13 * SECOND_US
        late = np.zeros(count, np.bool_)
        if count > 150 and rng.random() < 0.35:
            begin = int(rng.integers(40, count - 80))
            late[begin : begin + int(rng.integers(20, 60))] = True
        kept = [(int(send[row]), 0x0200, bodies[row]) for row in np.flatnonzero(~late)]
        kept += [
            (int(send[row]) + 2 * SECOND_US, 0x0200, bodies[row]) for row in np.flatnonzero(~late & (rng.random(count) < 0.005))
        ]
        missing = np.flatnonzero(late)
        for first in range(0, len(missing), LATE_BATCH):
            part = missing[first : first + LATE_BATCH]
            kept.append((int(times[missing[-1]]) + 15 * SECOND_US, 0x0704, reports.late([bodies[row] for row in part])))
        return self._numbered(kept)

    def _numbered(self, bodies: list[tuple[int, int, bytes]]) -> Sent:
        """Frames of bodies in the order they leave."""
        bodies.sort(key=lambda each: each[0])
        entry, first = self._entry, self._serials["jt808"]
        self._serials["jt808"] += len(bodies)
        phone = entry.phone.zfill(20 if entry.version == "2019" else 12)
        frames = [
            build(Frame(message_id, phone, first + index & 0xFFFF, body, entry.version))
            for index, (_, message_id, body) in enumerate(bodies)
        ]
        link = Link(wire="jt808", plate=entry.plate, identity=entry.phone, version=entry.version)
        return Sent(link=link, time_us=np.array([each[0] for each in bodies], np.int64), frames=frames)

    def _tank(self, episode: Drive) -> Floats:
        """What is in the tank at every row."""
        level = episode.fuel_from_m3 - episode.run.columns["fuel_trip_m3"]
        if episode.refuelled_m3:
            pumped = np.clip((np.arange(len(level)) - episode.refuelled_row) / 180.0, 0.0, 1.0)
            level = level + episode.refuelled_m3 * pumped
        return level

    def _gauge(self, time_us: int, level_m3: Floats) -> Floats:
        """The float gauge: slosh of about two litres, and on one day of one vehicle an offset."""
        day = (time_us - self._fleet.start_us) // DAY_US
        offset = GAUGE_OFFSET_M3 if self._place == 0 and day == 1 else 0.0
        return np.clip(level_m3 + offset + 0.002 * _wander(len(level_m3), 0.8, self._rng), 0.0, 6.0)

    # GB 17691

    def _engine(self, episode: Drive) -> Sent:
        """The engine stream of a trip; a part comes late on one trip in five; trouble codes once a day."""
        entry, rng = self._entry, self._rng
        samples = self._engine_samples(episode)
        count = len(samples["speed_mps"])
        cuts = [0, count]
        if count > 2000 and rng.random() < 0.2:
            begin = 10 * int(rng.integers(30, count // 10 - 60))
            cuts = [0, begin, begin + 300, count]
        times, frames = self._obd(episode)
        for index, (begin, end) in enumerate(pairwise(cuts)):
            late = index == 1 and len(cuts) == 4
            part = {name: values[begin:end] for name, values in samples.items()}
            start_us, serial = episode.start_us + begin * SECOND_US, self._serials["hj1239"]
            made = hj1239.engine_stream(entry.vin, start_us, serial & 0xFFFF, part, resent=late)
            self._serials["hj1239"] += end - begin
            frames += made
            last_us = episode.start_us + (end + 20) * SECOND_US
            times += [last_us if late else start_us + 10 * SECOND_US * (number + 1) for number in range(len(made))]
        link = Link(wire="hj1239", plate=entry.plate, identity=entry.vin)
        return _sorted(link, times, frames)

    def _obd(self, episode: Drive) -> tuple[list[int], list[bytes]]:
        day = (episode.start_us + CHINA_OFFSET_US) // DAY_US
        if day == self._obd_day:
            return [], []
        self._obd_day = day
        age = day - (self._fleet.start_us + CHINA_OFFSET_US) // DAY_US
        code, first, last = TROUBLE.get(self._place, ((0, 0), 1, 0))
        trouble = [code] if first <= age <= last else []
        time_us = episode.start_us + 5 * SECOND_US
        return [time_us], [hj1239.obd(self._entry.vin, time_us, int(day) & 0xFFFF, trouble, mil=bool(trouble))]

    def _engine_samples(self, episode: Drive) -> Mapping[str, Floats]:
        """Signals of the engine body; exhaust and coolant are made up from load, in plausible shape."""
        run, rng = episode.run, self._rng
        columns, engine = run.columns, run.combination.drive.engine
        assert engine is not None
        count = len(columns["speed_mps"])
        load = np.clip(columns["engine_net_torque_ratio"], 0.0, 1.0)
        fuel_kgps = columns["fuel_rate_m3ps"] * engine.fuel.density_kgpm3
        swept = 1.1 * engine.displacement_m3 * columns["engine_speed_radps"] / (4 * np.pi)
        hot = CELSIUS_ZERO_K + 170.0 + 260.0 * _lagged(load, 90.0)
        tank = self._tank(episode) / run.combination.drive.fuel_tank_m3
        scale = GAS_CONSTANT_AIR * episode.weather.temperature_k
        pressure = episode.weather.sea_pressure_pa * np.exp(-GRAVITY_MPS2 * columns["altitude_m"] / scale)
        cold_k = episode.weather.temperature_k + 20.0
        warm_up = np.exp(-np.arange(count) / 420.0)
        return {
            "speed_mps": columns["speed_mps"],
            "ambient_pressure_pa": pressure,
            "engine_net_torque_ratio": columns["engine_net_torque_ratio"],
            "engine_friction_torque_ratio": columns["engine_friction_torque_ratio"],
            "engine_speed_radps": columns["engine_speed_radps"],
            "fuel_rate_m3ps": columns["fuel_rate_m3ps"],
            "nox_upstream_ppm": np.clip(180.0 + 900.0 * load + rng.normal(0.0, 25.0, count), 0.0, 2900.0),
            "nox_downstream_ppm": np.clip(25.0 + 30.0 * load + rng.normal(0.0, 6.0, count), 0.0, 2900.0),
            "reagent_level_ratio": np.full(count, 0.35 + 0.5 * (self._place % 5) / 5),
            "intake_air_kgps": np.maximum(24.0 * fuel_kgps, swept),
            "scr_inlet_temperature_k": hot,
            "scr_outlet_temperature_k": _lagged(hot, 60.0),
            "dpf_pressure_drop_pa": 1500.0 + 9000.0 * load**2,
            "coolant_temperature_k": (CELSIUS_ZERO_K + 86.0) * (1 - warm_up) + cold_k * warm_up,
            "fuel_level_ratio": np.clip(tank + 0.002 * _wander(count, 0.95, rng), 0.0, 1.0),
            "latitude_deg": columns["latitude_deg"],
            "longitude_deg": columns["longitude_deg"],
            "odometer_m": episode.odometer_m + columns["trip_distance_m"],
        }

    # GB/T 32960

    def _battery(
        self, link: Link, episode: Drive, columns: Mapping[str, Floats], powertrain: Powertrain, odometer_m: float
    ) -> Sent:
        """Realtime frames of a trip, one a second."""
        rng, count = self._rng, len(columns["speed_mps"])
        times = episode.start_us + SECOND_US * np.arange(count, dtype=np.int64)
        names = ("latitude_deg", "longitude_deg", "speed_mps", "battery_voltage_v", "battery_soc_ratio", "motor_torque_nm")
        signals = {name: columns[name] for name in names}
        signals |= {name: columns[name] for name in ("accelerator_ratio", "brake_switch_state") if name in columns}
        load = np.abs(columns["battery_current_a"])
        warm_k = episode.weather.temperature_k + 6.0 + 14.0 * _lagged(load / 400.0, 1800.0)
        signals |= {
            "battery_current_a": columns["battery_current_a"] + rng.normal(0.0, 0.1, count),
            "motor_speed_radps": columns["motor_speed_radps"],
            "odometer_m": odometer_m + columns["trip_distance_m"],
            "ignition_state": np.ones(count),
            "motor_temperature_k": warm_k + 18.0,
            "inverter_temperature_k": warm_k + 8.0,
            "insulation_ohm": np.full(count, 2.1e6),
            **_cells(columns["battery_voltage_v"], powertrain, warm_k),
        }
        alarms = None
        if self._place == 1 and episode.start_us % 3 == 0 and count > 3000:
            alarms = np.where((np.arange(count) > 1200) & (np.arange(count) < 2400), 1 << INSULATION_BIT, 0)
        return Sent(link=link, time_us=times, frames=gbt32960.realtime(link.identity, times, signals, alarm_bits=alarms))

    # Parked

    def _park(self, episode: Park) -> list[Sent]:
        """Sparse reports with the ignition off, and the charging battery."""
        times = np.arange(episode.start_us + 20 * SECOND_US, episode.end_us, PARKED_S * SECOND_US, dtype=np.int64)
        signals: dict[str, float | Floats] = {
            "latitude_deg": episode.latitude_deg, "longitude_deg": episode.longitude_deg, "altitude_m": episode.altitude_m,
            "odometer_m": episode.odometer_m, "recorder_speed_mps": 0.0,
        }  # fmt: skip
        if episode.fuel_to_m3:
            filled = times > (episode.start_us + episode.end_us) // 2
            level = np.where(filled, episode.fuel_to_m3, episode.fuel_from_m3)
            signals["fuel_volume_m3"] = self._gauge(episode.start_us, level)
        bodies = reports.bodies(times, signals, version=self._entry.version) if len(times) else []
        sent = [self._numbered([(int(time), 0x0200, body) for time, body in zip(times, bodies, strict=True)])]
        whole = self._fleet.combination_of(self._entry, episode.trailer)
        if episode.charge:
            link = Link(wire="gbt32960", plate=self._entry.plate, identity=self._entry.vin)
            sent.append(_charging(link, episode.charge, whole.drive, (episode, episode.odometer_m)))
        vin = self._fleet.roster.trailer(episode.trailer).vin if episode.trailer else None
        if episode.trailer_charge and whole.trailer_drive and episode.trailer and vin:
            link = Link(wire="gbt32960", plate=episode.trailer, identity=vin)
            sent.append(_charging(link, episode.trailer_charge, whole.trailer_drive, (episode, 0.6 * episode.odometer_m)))
        return sent


def _charging(link: Link, charge: Charge, powertrain: Powertrain, at: tuple[Park, float]) -> Sent:
    """Realtime frames while charging: current flows in, state of charge climbs in a line."""
    park, odometer_m = at
    battery = powertrain.battery
    assert battery is not None
    times = np.arange(charge.start_us, charge.end_us, CHARGING_S * SECOND_US, dtype=np.int64)
    part = (times - charge.start_us) / max(charge.end_us - charge.start_us, 1)
    soc = charge.soc_from_ratio + (charge.soc_to_ratio - charge.soc_from_ratio) * part
    current = np.full(len(times), -charge.power_w / (1.04 * battery.nominal_voltage_v))
    voltage = np.interp(soc, battery.soc_ratio, battery.open_circuit_voltage_v) - battery.resistance_ohm * current
    signals: dict[str, float | Floats] = {
        "latitude_deg": park.latitude_deg, "longitude_deg": park.longitude_deg, "speed_mps": 0.0, "odometer_m": odometer_m,
        "battery_voltage_v": voltage, "battery_current_a": current, "battery_soc_ratio": soc, "ignition_state": 0.0,
        "charge_state": 1.0, "gear_current_state": 0.0, "insulation_ohm": 2.1e6,
        **_cells(voltage, powertrain, np.full(len(times), 300.0)),
    }  # fmt: skip
    return Sent(link=link, time_us=times, frames=gbt32960.realtime(link.identity, times, signals) if len(times) else [])


def _cells(voltage_v: Floats, powertrain: Powertrain, warm_k: Floats) -> dict[str, Floats]:
    assert powertrain.battery is not None
    cell = voltage_v / powertrain.battery.cells_count
    return {
        "cell_voltage_max_v": cell + 0.006,
        "cell_voltage_min_v": cell - 0.009,
        "battery_temperature_max_k": warm_k + 1.5,
        "battery_temperature_min_k": warm_k - 2.0,
    }


def _wander(count: int, memory: float, rng: np.random.Generator) -> Floats:
    """Noise of standard deviation one that remembers (a first-order process), shape (n,)."""
    before = int(6.0 / (1.0 - memory))
    drawn = _lagged(rng.normal(0.0, 1.0, before + count), 1.0 / (1.0 - memory))
    return drawn[before:] * float(np.sqrt((1.0 + memory) / (1.0 - memory)))


def _lagged(values: Floats, samples: float) -> Floats:
    """`values` behind a first-order lag of that many samples, by convolution, shape (n,)."""
    width = min(int(6 * samples) + 1, max(len(values), 1))
    weight = np.exp(-np.arange(width) / samples)
    padded = np.concatenate((np.full(width - 1, values[0] if len(values) else 0.0), values))
    return np.asarray(np.convolve(padded, weight / weight.sum(), mode="valid")[: len(values)], dtype=np.float64)


def _sorted(link: Link, times: list[int], frames: list[bytes]) -> Sent:
    order = np.argsort(np.array(times, np.int64), kind="stable")
    return Sent(link=link, time_us=np.array(times, np.int64)[order], frames=[frames[index] for index in order])


def _before(sent: Sent, time_us: int) -> Sent:
    count = int(np.searchsorted(sent.time_us, time_us))
    return sent if count == len(sent.frames) else replace(sent, time_us=sent.time_us[:count], frames=sent.frames[:count])
