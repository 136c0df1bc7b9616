from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.road.cycle import Cycle
from fifthwheel.road.profile import STEP_M
from fifthwheel.road.vecto import altitude_m, profile_of, read_cycle, read_timed, refined
from fifthwheel.units import KMH


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "Somewhere.vdri"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "heading",
    [
        "<s>,<v>,<grad>,<stop>,<Padd>\n",
        "s [m],v [km/h],grad [%],stop [s],Padd [kW]\n",
        "\ufeff<S>, <V>, <GRAD>, <STOP>, <PADD>\n",
    ],
)
def test_a_cycle_is_read_as_it_is(tmp_path: Path, heading: str) -> None:
    cycle = read_cycle(written(tmp_path, heading + "0,0,1.5,2,5\n12,36,-2,0,5\n40,0,0,3,1\n"))
    assert cycle.name == "Somewhere"
    assert cycle.distance_m.tolist() == [0.0, 12.0, 40.0]
    assert cycle.speed_mps == pytest.approx([0.0, 10.0, 0.0])
    assert cycle.grade_ratio == pytest.approx([0.015, -0.02, 0.0])
    assert cycle.stop_s.tolist() == [2.0, 0.0, 3.0]
    assert cycle.auxiliary_w.tolist() == [5000.0, 5000.0, 1000.0]


def test_a_cycle_without_header_or_without_grade(tmp_path: Path) -> None:
    assert read_cycle(written(tmp_path, "0,0,1,2\n10,50,1,0\n")).stop_s.tolist() == [2.0, 0.0]
    flat = read_cycle(written(tmp_path, "<s>,<v>\n0,50\n10,50\n"))
    assert (flat.grade_ratio.tolist(), flat.stop_s.tolist(), flat.auxiliary_w.tolist()) == ([0.0, 0.0],) * 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<t>,<v>,<grad>\n0,0,0\n1,5,0\n", r"a cycle by time \(<t>\); a cycle by distance with <s>, <v>, <grad> and <stop>"),
        ("<t>,<s>,<v>\n0,0,0\n1,5,18\n", r"a cycle by time \(<t>\); a cycle by distance"),
        ("<s>,<grad>\n0,0\n1,0\n", r"no column for speed among <s>, <grad>; accepted headers are speed: v \| vehicle speed"),
        ("<s>,<v>\n0,50\n", r"has 1 row; at least two are wanted"),
        ("<s>,<v>\n0,50\n0,50\n", r"has a length of 0 m"),
        ("<s>,<v>\n0,50\n9,50\n5,50\n", r"line 4: distance falls is 5 m; a distance that does not fall is wanted"),
        ("<s>,<v>\n0,50\n9,-5\n", r"line 3: speed is -5 km/h; 0 or more is wanted"),
        ("<s>,<v>,<stop>\n0,0,-2\n9,5,0\n", r"line 2: stop is -2 s; 0 or more is wanted"),
        ("<s>,<v>,<stop>\n0,0,2\n9,5,4\n", r"line 3: speed at a stop is 5 km/h; 0 where <stop> is not"),
        ("<s>,<v>\n0,fast\n9,5\n", r"line 2, column 2 \(speed\): 'fast'"),
    ],
)
def test_a_malformed_cycle_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"Somewhere\.vdri: {message}"):
        read_cycle(written(tmp_path, text))


def test_a_cycle_by_time_has_its_own_reader(tmp_path: Path) -> None:
    time, speed, grade = read_timed(written(tmp_path, "<t>,<v>,<grad>\n1,0,1\n2,3.6,1\n"))
    assert (time.tolist(), speed.tolist(), grade.tolist()) == ([1.0, 2.0], [0.0, 1.0], [0.01, 0.01])
    assert read_timed(written(tmp_path, "<v>\n0\n3.6\n"))[0].tolist() == [0.0, 1.0]
    with pytest.raises(InputError, match=r"line 3: time 1 s after 2 s; rising times are wanted"):
        read_timed(written(tmp_path, "<t>,<v>\n2,0\n1,3.6\n"))
    with pytest.raises(InputError, match=r"a cycle by distance \(<s>\); a cycle by time"):
        read_timed(written(tmp_path, "<s>,<v>\n2,0\n3,3.6\n"))


@pytest.mark.parametrize("name", ["LongHaul", "RegionalDelivery"])
def test_reduced_cycles_become_the_metre_wise_ones_again(reference_data: Path, name: str) -> None:
    folder = reference_data / "vecto" / "cycles_2015"
    fine, reduced = read_cycle(folder / f"{name}_1m.vdri"), refined(read_cycle(folder / f"{name}_compact.vdri"))
    for field in ("distance_m", "speed_mps", "grade_ratio", "stop_s"):
        assert np.array_equal(getattr(fine, field), getattr(reduced, field)), field


@pytest.mark.parametrize("name", ["LongHaul", "RegionalDelivery", "UrbanDelivery", "Construction", "MunicipalUtility"])
def test_every_mission_of_the_declaration_is_a_road(reference_data: Path, name: str) -> None:
    cycle = read_cycle(reference_data / "vecto" / "cycles_2015" / f"{name}_1m.vdri")
    made = profile_of(cycle)
    assert abs(made.length_m - cycle.distance_m[-1]) <= STEP_M / 2
    assert sum(stop.duration_s for stop in made.stops) == cycle.stop_s.sum()
    assert made.stops[-1].distance_m == made.length_m
    whole = np.flatnonzero(cycle.distance_m % STEP_M == 0.0)
    assert made.altitude_m[: len(whole)] == pytest.approx(altitude_m(cycle)[whole][: len(made.altitude_m)], abs=1e-9)
    lowest = min(cycle.speed_mps[cycle.speed_mps > 0.0])
    assert (made.limit_mps.min(), made.limit_mps.max()) == (lowest, cycle.speed_mps.max())


def test_vecto_s_own_altitude_of_the_long_haul(reference_data: Path) -> None:
    """VECTO's summary has a net climb of 0.42 m, summed over its seconds; by place it is 0.14 m, of 108 km up and down."""
    cycle = read_cycle(reference_data / "vecto" / "cycles_2015" / "LongHaul_1m.vdri")
    assert altitude_m(cycle)[-1] == pytest.approx(0.42, abs=0.3)


def test_limits_are_the_lowest_target_to_the_next_node_and_stops_the_nearest(tmp_path: Path) -> None:
    cycle = read_cycle(
        written(
            tmp_path, "<s>,<v>,<grad>,<stop>\n0,0,2,2\n3,80,2,0\n15,30,2,0\n18,80,2,0\n26,0,2,7\n27,60,2,0\n33,0,2,1\n62,0,2,4\n"
        )
    )
    made = profile_of(cycle)
    assert made.limit_mps / KMH == pytest.approx([80.0, 30.0] + [60.0] * 5)
    assert [(stop.distance_m, stop.duration_s) for stop in made.stops] == [(0.0, 2.0), (30.0, 8.0), (60.0, 4.0)]
    assert made.altitude_m == pytest.approx(0.02 * made.distance_m)
    assert made.sine == pytest.approx(np.full(7, 0.02))
    assert np.diff(np.radians(made.latitude_deg)) * 6_371_000.0 == pytest.approx(np.full(6, STEP_M))


def test_a_road_without_a_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cycle Somewhere: its target speed is 0 km/h everywhere"):
        profile_of(read_cycle(written(tmp_path, "<s>,<v>\n0,0\n30,0\n")))


@given(
    steps=st.lists(st.floats(0.1, 400.0), min_size=2, max_size=30),
    grades=st.lists(st.floats(-0.08, 0.08), min_size=31, max_size=31),
    speeds=st.lists(st.floats(1.0, 25.0), min_size=31, max_size=31),
)
def test_refining_keeps_the_file_s_points_and_the_road_its_climb(
    steps: list[float], grades: list[float], speeds: list[float]
) -> None:
    count = len(steps) + 1
    distance = np.append(0.0, np.cumsum(steps))
    nought = np.zeros(count)
    cycle = Cycle(
        name="any",
        distance_m=distance,
        speed_mps=np.array(speeds[:count]),
        grade_ratio=np.array(grades[:count]),
        stop_s=nought,
        auxiliary_w=nought,
    )
    fine = refined(cycle)
    assert np.diff(fine.distance_m).max() <= 1.0 + 1e-9
    assert np.isin(distance, fine.distance_m).all()
    made = profile_of(cycle)
    assert np.diff(made.altitude_m) == pytest.approx(STEP_M * made.sine[:-1])
    assert made.limit_mps.min() >= min(speeds[:count])
    along = np.minimum(made.distance_m, distance[-1])
    assert made.altitude_m == pytest.approx(np.interp(along, fine.distance_m, altitude_m(fine)), abs=1e-9)
