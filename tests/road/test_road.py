from __future__ import annotations

from dataclasses import replace
from math import pi
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.road.mission import load, mission, names, place, places, roads
from fifthwheel.road.profile import STEP_M, Stop, level, profile
from fifthwheel.road.weather import Weather, typical_weather

EARTH_RADIUS_M = 6_371_000.0


@pytest.mark.parametrize("name", names())
def test_every_mission_is_a_drivable_road(name: str) -> None:
    asked = mission(name)
    made = profile(asked, np.random.default_rng(3))
    steepest = max(roads()[road].grade_limit_ratio for road in asked.roads)
    assert 3e3 < made.length_m < 400e3
    assert np.abs(made.sine).max() <= 1.25 * steepest
    assert made.limit_mps.min() > 3.0
    assert np.diff(made.altitude_m) == pytest.approx(STEP_M * made.sine[:-1])
    assert made.stops[-1].distance_m == made.length_m
    assert list(made.stops) == sorted(made.stops, key=lambda stop: stop.distance_m)


@pytest.mark.parametrize("name", ["trunk-jinan-weifang", "mountain-taian-yiyuan", "mixer-round"])
def test_positions_advance_by_the_way_driven(name: str) -> None:
    made = profile(mission(name))
    north = np.radians(np.diff(made.latitude_deg)) * EARTH_RADIUS_M
    east = np.radians(np.diff(made.longitude_deg)) * EARTH_RADIUS_M * np.cos(np.radians(made.latitude_deg[:-1]))
    assert np.median(np.hypot(north, east)) == pytest.approx(STEP_M, rel=0.01)
    turned = np.angle(np.exp(1j * (np.arctan2(east, north) - made.heading_rad[:-1])))
    assert np.percentile(np.abs(turned), 95) < 0.1


def test_ends_are_the_places_named() -> None:
    made, asked = profile(mission("coal-linyi-rizhao")), mission("coal-linyi-rizhao")
    start, end = place(asked.waypoints[0]), place(asked.waypoints[-1])
    assert (made.latitude_deg[0], made.longitude_deg[0]) == pytest.approx((start.latitude_deg, start.longitude_deg), abs=1e-6)
    assert (made.latitude_deg[-1], made.longitude_deg[-1]) == pytest.approx((end.latitude_deg, end.longitude_deg), abs=3e-4)


def test_the_way_back_is_the_same_ground() -> None:
    out, back = profile(mission("quarry-zhangqiu")), profile(mission("quarry-zhangqiu:back"))
    assert np.array_equal(out.altitude_m, back.altitude_m[::-1])
    assert out.sine.sum() - out.sine[-1] == pytest.approx(-(back.sine.sum() - back.sine[-1]))
    assert back.heading_rad[0] == pytest.approx((out.heading_rad[-1] + pi) % (2 * pi))


def test_traffic_is_drawn_and_planned_halts_stay() -> None:
    asked = mission("mixer-round")
    quiet, busy = profile(asked), profile(asked, np.random.default_rng(1))
    assert [stop.working for stop in quiet.stops] == [True, True]
    assert len(busy.stops) > len(quiet.stops)
    assert busy.stops == profile(asked, np.random.default_rng(1)).stops
    assert busy.stops != profile(asked, np.random.default_rng(2)).stops


def test_a_halt_named_on_the_way_lies_at_its_place() -> None:
    made = profile(mission("trunk-jinan-qingdao"))
    where = made.at(np.array([made.stops[0].distance_m]))
    assert where["latitude_deg"][0] == pytest.approx(place("weifang").latitude_deg, abs=0.01)


def test_level_road_climbs_as_said() -> None:
    made = level(1000.0, 20.0, slope_ratio=0.05, stops=(Stop(distance_m=500.0, duration_s=10.0),))
    assert made.altitude_m[-1] == pytest.approx(1000.0 * 0.05 / np.hypot(1, 0.05))
    assert [stop.distance_m for stop in made.stops] == [500.0, 1000.0]
    with pytest.raises(InputError, match="at least"):
        level(5.0, 20.0)


def test_wind_is_against_when_it_comes_from_ahead() -> None:
    head, cross = Weather(wind_speed_mps=5.0, wind_from_rad=0.0).wind_mps(np.array([0.0, pi, pi / 2]))
    assert head == pytest.approx([5.0, -5.0, 0.0], abs=1e-9)
    assert np.abs(cross) == pytest.approx([0.0, 0.0, 5.0], abs=1e-9)


def test_weather_follows_the_season() -> None:
    winter = [typical_weather(15, np.random.default_rng(seed)).temperature_k for seed in range(40)]
    summer = [typical_weather(200, np.random.default_rng(seed)).temperature_k for seed in range(40)]
    assert np.mean(winter) < 276.0
    assert np.mean(summer) > 296.0


def test_names_are_found_or_offered() -> None:
    assert mission("port-shuttle:back").backwards
    assert len({entry.slug for entry in places()}) == len(places())
    with pytest.raises(UnknownName, match="port-shuttle"):
        mission("port-shutle")
    with pytest.raises(UnknownName, match="qingdao-port"):
        place("qingdao-prot")


def test_a_users_mission_is_read_and_checked(tmp_path: Path) -> None:
    good = 'title_en = "A"\ntitle_zh = "甲"\nsource = "mine"\npayload_ratio = 0.5\nseed = 1\nwaypoints = ["zibo", "weifang"]\n'
    path = tmp_path / "m.toml"
    path.write_text(f'[missions.a]\n{good}roads = ["trunk"]\n', encoding="utf-8")
    assert replace(load(path), name="a").waypoints == ("zibo", "weifang")
    path.write_text(f"[missions.a]\n{good}roads = []\n", encoding="utf-8")
    with pytest.raises(InputError, match="0 roads for 2 waypoints"):
        load(path)
    path.write_text(f'[missions.a]\n{good}roads = ["track"]\n', encoding="utf-8")
    with pytest.raises(UnknownName, match="trunk"):
        load(path)
