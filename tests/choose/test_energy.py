"""Roads there and back, batteries that do not end, and trips that are driven once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fifthwheel.choose.duty import from_table, read
from fifthwheel.choose.energy import Trip, Trips, Ways, column, endless, ways_of
from fifthwheel.road.profile import level
from fifthwheel.vehicle.catalogue import combination

PLAIN: dict[str, Any] = {"road": {"mission": "port-shuttle"}, "cargo": {"kind": "coal"}}


def ways(**road: Any) -> Ways:
    return ways_of(from_table(PLAIN | {"road": {"mission": "port-shuttle"} | road}))


def test_the_way_back_is_the_same_ground() -> None:
    found = ways()
    assert found.back is not None
    assert found.back.length_m == found.out.length_m
    assert found.back.altitude_m.tolist() == found.out.altitude_m[::-1].tolist()
    assert found.distance_m == 2 * found.laden_m


def test_a_way_back_may_be_laden_or_not_there() -> None:
    assert ways(back="laden").laden_m == ways(back="laden").distance_m
    assert ways(back="none").back is None
    assert ways(back="none").laden_m == ways(back="none").distance_m


def test_steeper_slopes_climb_more_from_the_same_height() -> None:
    plain, steep = ways(), ways(grade_factor=1.5)
    rise = np.diff(plain.out.altitude_m).clip(0).sum()
    assert np.diff(steep.out.altitude_m).clip(0).sum() == pytest.approx(1.5 * rise)
    assert steep.out.altitude_m[0] == plain.out.altitude_m[0]


def test_a_recorded_road_is_driven_backwards(tmp_path: Path) -> None:
    road = ways().out
    lines = ["distance_m,altitude_m,latitude_deg,longitude_deg,speed_limit_kmh"]
    lines += [
        f"{d:.0f},{h:.2f},{lat:.6f},{lon:.6f},60"
        for d, h, lat, lon in zip(road.distance_m, road.altitude_m, road.latitude_deg, road.longitude_deg, strict=True)
    ]
    (tmp_path / "way.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "haul.toml").write_text('[road]\nmission = "way.csv"\n[cargo]\nkind = "coal"\n', encoding="utf-8")
    found = ways_of(read(tmp_path / "haul.toml"))
    assert found.back is not None
    assert found.back.altitude_m[0] == pytest.approx(found.out.altitude_m[-1])
    assert found.back.stops[-1].distance_m == found.back.length_m


def test_a_battery_that_does_not_end_takes_the_energy_of_the_one_bought() -> None:
    whole, road = combination("battery-423-box"), level(60e3, 22.0)
    trips = Trips(temperature_k=293.15)
    long = Ways(out=level(600e3, 22.0), back=None, laden_back=False)
    large = trips.endless(whole, long)
    assert large.tare_kg == whole.tare_kg
    assert trips.endless(whole, long) is large
    wanted = [Trip(combination=one, road=road, payload_kg=20e3) for one in (whole, large)]
    figures, errors = trips.drive(wanted)
    assert errors == [None, None]
    used = column(figures, "meter_battery_j")
    assert used[1] == pytest.approx(used[0], rel=0.005)
    assert trips.drive([Trip(combination=large, road=long.out, payload_kg=20e3)])[1] == [None]
    assert trips.drive([Trip(combination=whole, road=long.out, payload_kg=20e3)])[1] != [None]


def test_an_engine_needs_no_other_battery() -> None:
    drive = combination("diesel-hybrid-4x2-box").drive
    assert endless(drive, 600e3) is drive


def test_what_was_driven_is_not_driven_again() -> None:
    whole, road = combination("diesel-6x4-box"), level(20e3, 22.0)
    trips = Trips(temperature_k=293.15)
    told: list[int] = []
    first = trips.drive([Trip(combination=whole, road=road, payload_kg=load) for load in (0.0, 10e3, 0.0)], told.append)
    again = trips.drive([Trip(combination=whole, road=road, payload_kg=10e3)], told.append)
    assert sum(told) == 2
    np.testing.assert_array_equal(again[0], first[0][1:2])
    assert column(first[0], "fuel_kg")[0] < column(first[0], "fuel_kg")[1]
