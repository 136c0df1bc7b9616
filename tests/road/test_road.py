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


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith(("mine", "site"))])
def test_public_roads_climb_as_the_standard_allows(name: str) -> None:
    altitude = profile(mission(name)).altitude_m
    assert np.abs(altitude[300:] - altitude[:-300]).max() <= 0.055 * 3000.0
    assert np.abs(np.diff(altitude, 2)).max() <= 0.006 * STEP_M
    assert altitude.min() > 0.0


def test_the_mine_ramp_is_8_percent_for_a_kilometre() -> None:
    altitude = profile(mission("mine-ramp-jungar")).altitude_m
    assert (altitude[100:] - altitude[:-100]).max() == pytest.approx(80.0, abs=2.0)


def test_every_drop_is_made_in_the_order_given() -> None:
    asked = mission("city-delivery-jinan")
    assert [stop.duration_s for stop in profile(asked).stops] == [*(halt.duration_s for halt in asked.halts), 0.0]


def test_roads_carry_their_surface_both_ways() -> None:
    out, back = profile(mission("site-spoil-jinan")), profile(mission("site-spoil-jinan:back"))
    assert set(out.surface_ratio) == {roads()["site"].surface_ratio, roads()["urban"].surface_ratio}
    assert out.surface_ratio[:-1].sum() == pytest.approx(back.surface_ratio[:-1].sum())
    assert level(1000.0, 20.0).surface_ratio == pytest.approx(1.0)
    assert replace(level(1000.0, 20.0), surface_ratio=np.empty(0)).surface_ratio == pytest.approx(1.0)
    with pytest.raises(InputError, match="one positive factor for each of 101 nodes"):
        replace(level(1000.0, 20.0), surface_ratio=np.ones(3))


def test_heavy_traffic_halts_more_often() -> None:
    asked = mission("coldchain-shouguang-jinan")
    counts = [
        sum(len(profile(asked, np.random.default_rng(day), density=density).stops) for day in range(10))
        for density in ("light", "normal", "heavy")
    ]
    assert counts == sorted(counts)
    assert counts[2] > 2 * counts[0]
    with pytest.raises(UnknownName, match="normal"):
        profile(asked, np.random.default_rng(1), density="norml")


def test_the_page_of_missions_names_them_all() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "missions.md").read_text(encoding="utf-8")
    assert [name for name in names() if f"`{name}`" not in page] == []


def test_water_and_snow_cost_rolling_and_grip() -> None:
    cold = Weather(temperature_k=268.15)
    named = [cold.on(name) for name in ("dry", "wet", "rain", "snow")]
    assert [weather.surface_ratio for weather in named] == [1.0, 1.05, 1.2, 1.3]
    assert [weather.adhesion_ratio for weather in named] == sorted((weather.adhesion_ratio for weather in named), reverse=True)
    assert named[0] == cold
    with pytest.raises(InputError, match=r"snow on the road at 20\.0 degrees C"):
        Weather().on("snow")
    with pytest.raises(UnknownName, match="snow"):
        cold.on("snwo")
    with pytest.raises(InputError, match="surface_ratio of the weather is 0"):
        Weather(surface_ratio=0.0)
    with pytest.raises(InputError, match="wind_speed_mps"):
        Weather(wind_speed_mps=-1.0)
