"""What the virtual terminals send decodes back to what the vehicles did, within the steps of each wire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pytest

from fifthwheel.codec.gbt32960 import decode as gbt32960
from fifthwheel.codec.hj1239 import decode as hj1239
from fifthwheel.codec.jt808 import decode as jt808
from fifthwheel.codec.jt808.positions import observe as observe_positions
from fifthwheel.codec.observed import Decoded
from fifthwheel.fleet.demo import Drive, TripTruth, VirtualFleet, virtual_fleet
from fifthwheel.fleet.telemetry import Link, Telemetry
from fifthwheel.signals.observations import Floats, Integers
from fifthwheel.units import KMH, LITRE, SECOND_US

END_US = 1_782_000_000 * SECOND_US
OBSERVE = {"jt808": observe_positions, "gbt32960": gbt32960.observe, "hj1239": hj1239.observe}
Frames = Mapping[Link, list[bytes]]


@pytest.fixture(scope="module")
def fleet() -> VirtualFleet:
    return virtual_fleet(6, 2, END_US, 1)


@pytest.fixture(scope="module")
def frames(fleet: VirtualFleet) -> Frames:
    found: dict[Link, list[bytes]] = defaultdict(list)
    for life in fleet.lives.values():
        for sent in Telemetry(life, fleet).frames(life.until(END_US)):
            assert np.all(np.diff(sent.time_us) >= 0)
            found[sent.link] += sent.frames
    return found


def decoded(frames: Frames, wire: str, plate: str) -> Decoded:
    link = next(link for link in frames if (link.wire, link.plate) == (wire, plate))
    return OBSERVE[wire](frames[link])


def during(found: Decoded, trip: TripTruth, name: str) -> tuple[Integers, Floats]:
    """Rows of a trip in order of time, each time once: seconds into the trip, and values."""
    blocks = [block for block in found.blocks if name in block.values]
    times = np.concatenate([block.time_us for block in blocks])
    values = np.concatenate([block.values[name] for block in blocks])
    inside = (times >= trip.start_us) & (times < trip.end_us + SECOND_US)
    seconds, first = np.unique((times[inside] - trip.start_us) // SECOND_US, return_index=True)
    return seconds, values[inside][first]


def trip_of(fleet: VirtualFleet, plate: str) -> TripTruth:
    return next(trip for trip in fleet.truth if trip.vehicle_id == plate)


@pytest.mark.parametrize("wire", OBSERVE)
def test_every_frame_is_understood(frames: Frames, wire: str) -> None:
    for link in (link for link in frames if link.wire == wire):
        assert not OBSERVE[wire](frames[link]).rejects
        assert set(OBSERVE[wire](frames[link]).identity) == {link.identity.zfill(len(OBSERVE[wire](frames[link]).identity[0]))}


def test_engine_stream_gives_the_run_back(fleet: VirtualFleet, frames: Frames) -> None:
    trip = trip_of(fleet, "鲁B36712")
    seconds, fuel = during(decoded(frames, "hj1239", "鲁B36712"), trip, "fuel_rate_m3ps")
    assert np.array_equal(seconds, np.arange(len(trip.run.columns["speed_mps"])))
    assert np.abs(fuel - trip.run.columns["fuel_rate_m3ps"]).max() <= 0.026 * LITRE / 3600
    engine = trip.run.combination.drive.engine
    assert engine is not None
    energy_j = fuel.sum() * engine.fuel.density_kgpm3 * engine.fuel.lower_heating_value_jpkg
    assert energy_j == pytest.approx(trip.ledger.meter_j["fuel"], rel=2e-3)


@pytest.mark.parametrize(("plate", "store"), [("鲁B52069", "battery"), ("鲁Q4409挂", "trailer_battery")])
def test_battery_frames_give_the_meter_back(fleet: VirtualFleet, frames: Frames, plate: str, store: str) -> None:
    tractor = plate.replace("鲁Q4409挂", "鲁Q60418")
    trip = trip_of(fleet, tractor)
    found = decoded(frames, "gbt32960", plate)
    seconds, voltage = during(found, trip, "battery_voltage_v")
    _, current = during(found, trip, "battery_current_a")
    _, speed = during(found, trip, "speed_mps")
    assert np.array_equal(seconds, np.arange(len(trip.run.columns["speed_mps"])))
    assert np.abs(speed - trip.run.columns["speed_mps"]).max() <= 0.051 * KMH
    assert (voltage * current).sum() == pytest.approx(trip.ledger.meter_j[store], rel=6e-3)


def test_positions_come_every_ten_seconds_late_ones_included(fleet: VirtualFleet, frames: Frames) -> None:
    for trip in fleet.truth:
        found = decoded(frames, "jt808", trip.vehicle_id)
        seconds, speed = during(found, trip, "recorder_speed_mps")
        assert np.array_equal(seconds, np.arange(0, len(trip.run.columns["speed_mps"]), 10))
        assert np.abs(speed - trip.run.columns["speed_mps"][seconds]).max() <= 0.051 * KMH
        _, latitude = during(found, trip, "latitude_deg")
        assert np.abs(latitude - trip.run.columns["latitude_deg"][seconds]).max() < 3e-4
        _, altitude = during(found, trip, "altitude_m")
        assert np.abs(altitude - trip.run.columns["altitude_m"][seconds]).max() < 20.0


def test_some_reports_are_late_doubled_or_out_of_order(frames: Frames) -> None:
    blocks = [block for link in frames if link.wire == "jt808" for block in OBSERVE["jt808"](frames[link]).blocks]
    assert any(block.resent.any() for block in blocks)
    assert any(len(np.unique(block.time_us)) < len(block.time_us) for block in blocks)
    assert any(np.any(np.diff(block.time_us) < 0) for block in blocks)


def test_refuelling_inside_a_trip_is_seen_on_the_gauge() -> None:
    fleet = virtual_fleet(11, 2, END_US, 1)
    life = fleet.lives["鲁A42607"]
    episodes = life.until(END_US)
    (drive, *_) = (episode for episode in episodes if isinstance(episode, Drive) and episode.refuelled_m3)
    reports = next(sent for sent in Telemetry(life, fleet).frames([drive]) if sent.link.wire == "jt808")
    (block,) = observe_positions(reports.frames).blocks
    order = np.argsort(block.time_us, kind="stable")
    level = block.values["fuel_volume_m3"][order]
    row = drive.refuelled_row // 10
    assert level[row + 25] - level[row - 5] == pytest.approx(drive.refuelled_m3, abs=0.02)


def test_charging_and_trouble_codes_are_reported(fleet: VirtualFleet, frames: Frames) -> None:
    blocks = decoded(frames, "gbt32960", "鲁B52069").blocks
    charging = np.concatenate([block.values["charge_state"] == 1 for block in blocks])
    current = np.concatenate([block.values["battery_current_a"] for block in blocks])
    assert charging.sum() > 20
    assert current[charging].max() < -50.0
    faults = {fault.code for fault in decoded(frames, "hj1239", "鲁H77305").faults}
    assert faults == {"MIL", "SPN 3216 FMI 12"}


def test_a_parked_vehicle_reports_every_five_minutes_with_the_ignition_off(fleet: VirtualFleet) -> None:
    life = fleet.lives["鲁V90633"]
    (sent, *_) = Telemetry(life, fleet).frames(life.until(END_US)[:1])
    (block,) = observe_positions(sent.frames).blocks
    assert set(np.diff(block.time_us)) == {300 * SECOND_US}
    assert not block.values["ignition_state"].any()
    assert jt808.inspect(sent.frames[0])["message"] == "0x0200"


def test_the_silent_vehicle_says_nothing_at_the_end() -> None:
    fleet = virtual_fleet(12, 2, END_US, 1)
    life = fleet.lives["鲁C39284"]
    sent = Telemetry(life, fleet).frames(life.until(END_US))
    assert max(part.time_us[-1] for part in sent if len(part.time_us)) < fleet.silent_us("鲁C39284") < END_US
