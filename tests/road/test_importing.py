from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.road.importing import read_csv, read_gpx
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import STEP_M, profile
from fifthwheel.road.read import read
from fifthwheel.road.track import Track, profile_of

Floats = NDArray[np.float64]

ROAD = profile(mission("mixer-round"))
SPEED_MPS = 10.0
ALONG_M = np.concatenate([np.arange(0.0, 6_000.0, SPEED_MPS), np.full(45, 6_000.0), np.arange(6_000.0, ROAD.length_m, SPEED_MPS)])
"""A drive at 10 m/s, a point a second, with 45 s of standing at 6 km."""


def drive(**changed: Floats) -> Track:
    where = ROAD.at(ALONG_M)
    columns = {
        "altitude_m": np.interp(ALONG_M, ROAD.distance_m, ROAD.altitude_m), "latitude_deg": where["latitude_deg"],
        "longitude_deg": where["longitude_deg"], "time_s": 1.7e9 + np.arange(len(ALONG_M)),
    } | changed  # fmt: skip
    return Track(source="test", **columns)


def gpx(track: Track, point: Callable[[int], str] = lambda _: "", tag: str = "trk") -> str:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [
        f'<trkpt lat="{track.latitude_deg[at]:.7f}" lon="{track.longitude_deg[at]:.7f}"><ele>{track.altitude_m[at]:.2f}</ele>'
        f"<time>{(start + timedelta(seconds=at)).isoformat()}</time>{point(at)}</trkpt>"
        for at in range(len(track.altitude_m))
    ]
    body = f"<{tag}><trkseg>{''.join(rows)}</trkseg></{tag}>"
    return f'<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'


def test_a_gpx_track_is_the_road_that_was_driven(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    path.write_text(gpx(drive()), encoding="utf-8")
    made = read_gpx(path)
    assert made.length_m == pytest.approx(ROAD.length_m, rel=2e-3)
    assert np.diff(made.altitude_m) == pytest.approx(STEP_M * made.sine[:-1])
    height = np.interp(made.distance_m, ROAD.distance_m, ROAD.altitude_m)
    assert np.abs(made.altitude_m - height).max() < 1.0
    assert made.limit_mps == pytest.approx(SPEED_MPS, rel=0.02)
    assert [stop.duration_s for stop in made.stops] == [pytest.approx(46.0, abs=3.0), 0.0]
    assert made.stops[0].distance_m == pytest.approx(6_000.0, abs=20.0)
    assert made.surface_ratio == pytest.approx(1.0)
    assert read_gpx(path, limit_mps=13.0).limit_mps.max() == 13.0


def test_positions_with_noise_keep_length_and_speed() -> None:
    rng = np.random.default_rng(4)
    north, east = (np.convolve(rng.normal(0.0, 3.0, len(ALONG_M) + 9), np.full(10, 10**-0.5), "valid") for _ in range(2))
    where = ROAD.at(ALONG_M)
    noisy = drive(latitude_deg=where["latitude_deg"] + north / 111e3, longitude_deg=where["longitude_deg"] + east / 90e3)
    made = profile_of(noisy)
    assert made.length_m == pytest.approx(ROAD.length_m, rel=0.02)
    assert np.median(made.limit_mps) == pytest.approx(SPEED_MPS, rel=0.05)
    assert len(made.stops) == 2
    assert made.stops[0].duration_s == pytest.approx(46.0, abs=8.0)


def test_a_stray_point_is_dropped_and_repeated_points_do_no_harm() -> None:
    track = drive()
    latitude = track.latitude_deg.copy()
    latitude[300] += 0.05
    made = profile_of(drive(latitude_deg=latitude))
    assert made.length_m == pytest.approx(ROAD.length_m, rel=2e-3)
    twice = profile_of(track.only(np.repeat(np.arange(len(ALONG_M)), 2)))
    assert twice.length_m == pytest.approx(ROAD.length_m, rel=2e-3)


def test_without_times_a_limit_is_assumed_and_nothing_is_a_stop() -> None:
    made = profile_of(drive(time_s=np.empty(0)))
    assert made.limit_mps.max() == pytest.approx(80 / 3.6)
    assert len(made.stops) == 1


def test_the_limit_is_less_in_bends() -> None:
    angle = np.linspace(0.0, np.pi, 60)
    bend = Track(
        source="bend", altitude_m=np.zeros(60), latitude_deg=36.0 + 60.0 * np.sin(angle) / 111.2e3,
        longitude_deg=118.0 + 60.0 * np.cos(angle) / 90e3,
    )  # fmt: skip
    assert profile_of(bend).limit_mps.min() < 14.0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"latitude_deg": np.where(np.arange(len(ALONG_M)) < 500, 36.0, 37.0)},
            r"111\d+ m from point 500 to the next; at most 5000 m",
        ),
        ({"time_s": -1.0 * np.arange(len(ALONG_M))}, "time_s runs backwards by 1 at point 2; points in the order driven"),
        ({"latitude_deg": np.full(len(ALONG_M), 95.0)}, "latitude_deg is 95 at point 1; -90 to 90 is accepted"),
        ({"longitude_deg": np.full(len(ALONG_M), np.nan)}, "longitude_deg is missing or no number at point 1"),
        ({"altitude_m": np.full(len(ALONG_M), np.nan)}, "no altitude in the whole record"),
        ({"altitude_m": np.full(len(ALONG_M), 20_000.0)}, "altitude_m is 20000 at point 1; -500 to 9000"),
        ({"latitude_deg": np.full(len(ALONG_M), 36.0), "longitude_deg": np.full(len(ALONG_M), 118.0)}, "a road of 0.0 m"),
    ],
)
def test_what_is_no_road_is_refused_with_its_place(changed: dict[str, Floats], message: str) -> None:
    with pytest.raises(InputError, match=f"test: {message}"):
        profile_of(drive(**changed))


def test_too_fast_a_leap_is_refused() -> None:
    track = drive()
    latitude = track.latitude_deg.copy()
    latitude[500:] += 0.02
    with pytest.raises(InputError, match=r"from point 500 to the next in 1 s; at most 60 m/s"):
        profile_of(drive(latitude_deg=latitude))


def test_a_gpx_file_that_is_none_or_half_timed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    path.write_text("<gpx", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.gpx"):
        read_gpx(path)
    path.write_text(gpx(drive().only(np.arange(5))).replace("<time>2026-03-01T00:00:03+00:00</time>", ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"no time at point 4 \(1 of 5\)"):
        read_gpx(path)
    path.write_text('<gpx version="1.1" creator="t"></gpx>', encoding="utf-8")
    with pytest.raises(InputError, match="0 points"):
        read_gpx(path)


def test_a_table_by_distance_runs_north_with_its_limits_stops_and_surface(tmp_path: Path) -> None:
    path = tmp_path / "road.csv"
    rows = ["Distance_km;Altitude_m;Speed_limit_kmh;Stop_s;Surface_ratio;remark"]
    rows += [
        f"{at / 1000:.3f};{100 + 0.02 * at:.2f};{72 if at < 3000 else 36};{30 if at == 2000 else ''};1.5;x"
        for at in range(0, 5001, 50)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = read(path)
    assert made.length_m == 5000.0
    assert made.limit_mps[[0, 299, 301]] == pytest.approx([20.0, 20.0, 10.0])
    assert made.sine == pytest.approx(0.02, abs=1e-3)
    assert [(stop.distance_m, stop.duration_s) for stop in made.stops] == [(2000.0, 30.0), (5000.0, 0.0)]
    assert made.surface_ratio == pytest.approx(1.5)
    assert made.heading_rad == pytest.approx(0.0)


def test_a_table_with_positions_and_times_gives_speed_and_stops(tmp_path: Path) -> None:
    path = tmp_path / "road.csv"
    track = drive()
    rows = ["time,lat,lon,ele"]
    times = [f"2026-03-01T08:{at // 60:02d}:{at % 60:02d}+08:00" for at in range(1000)]
    places = zip(track.latitude_deg, track.longitude_deg, track.altitude_m, strict=True)
    rows += [f"{time},{north:.7f},{east:.7f},{up:.2f}" for time, (north, east, up) in zip(times, places, strict=False)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = read_csv(path)
    assert made.limit_mps == pytest.approx(SPEED_MPS, rel=0.02)
    assert made.stops[0].duration_s == pytest.approx(46.0, abs=3.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "columns none; wanted are altitude_m and distance_m"),
        ("distance_m,speed_kmh\n0,1\n", "wanted are altitude_m"),
        ("latitude,altitude\n0,1\n", "latitude and longitude"),
        ("distance_m,distance_km,altitude_m\n0,0,1\n", "'distance_m' and 'distance_km' both say distance_m"),
        ("distance_m,altitude_m\n0,1\n10,high\n", "altitude_m is 'high' in row 2; a number"),
        ("distance_m,altitude_m,time\n0,1,noon\n", "time is 'noon' in row 1; seconds or ISO 8601"),
        ("distance_m,altitude_m\n0,1\n50,1\n40,1\n", "distance_m runs backwards by 10 at point 3"),
        ("distance_m,altitude_m\n0,1\n,1\n40,1\n", "distance_m is missing or no number at point 2"),
    ],
)
def test_a_table_that_is_no_road_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "road.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_csv(path)


def test_read_takes_names_and_files(tmp_path: Path) -> None:
    assert read("mixer-round:back").altitude_m[0] == ROAD.altitude_m[-1]
    assert len(read("mixer-round", np.random.default_rng(1), density="heavy").stops) > 2
    path = tmp_path / "m.toml"
    head = '[missions.a]\ntitle_en = "A"\ntitle_zh = "甲"\nsource = "mine"\npayload_ratio = 0.5\nseed = 1\n'
    path.write_text(f'{head}waypoints = ["zibo", "weifang"]\nroads = ["trunk"]\n', encoding="utf-8")
    assert read(str(path)).length_m > 90e3
    with pytest.raises(InputError, match=r"\.kml; a mission's name or a file \.toml, \.gpx, \.csv, \.vdri"):
        read(tmp_path / "a.kml")
    with pytest.raises(UnknownName, match="mixer-round"):
        read("mixer-rond")
    with pytest.raises(InputError, match=r"gone\.gpx"):
        read(tmp_path / "gone.gpx")


def test_read_takes_a_cycle_of_vecto(tmp_path: Path) -> None:
    path = tmp_path / "a.vdri"
    path.write_text("<s>,<v>,<grad>,<stop>\n0,0,0,10\n1,50,0,0\n1000,50,1,0\n2000,0,1,5\n", encoding="utf-8")
    assert read(path).length_m == 2000.0
