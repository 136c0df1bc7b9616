"""Map surfaces: exact at their points, VECTO's own diagonals, sensible outside."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.physics.driveline import loss_at
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.physics.surface import surface
from fifthwheel.units import HOUR, RPM
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Engine, FuelMap, LossMap

Floats = NDArray[np.float64]
WHOLE = st.integers(-20, 20)


def columns(path: Path) -> dict[str, Floats]:
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    numbers = np.array([[np.nan if text in {"-", ""} else float(text) for text in row] for row in rows[1:]])
    return {name.strip(): numbers[:, index] for index, name in enumerate(rows[0])}


def vecto_engine(folder: Path) -> Engine:
    """The reference engine's map on an engine of heating value 1 J/kg, so that fuel power is fuel flow."""
    given = columns(folder / "40t_Long_Haul_Truck.vmap")
    base: Engine = catalogue().build("engines", "diesel-13l-2300nm-eu")
    measured = FuelMap(
        speed_radps=tuple(given["engine speed [1/min]"] * RPM),
        torque_nm=tuple(given["torque [Nm]"]),
        fuel_kgps=tuple(given["fuel consumption [g/h]"] / 1e3 / HOUR),
    )
    values = {name: getattr(base, name) for name in base.__dataclass_fields__}
    return Engine(**values | {"fuel_map": measured})


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=4, max_size=40, unique=True))
def test_triangles_tile_the_hull_and_hold_no_other_point(points: list[tuple[int, int]]) -> None:
    corners = [(-21.0, -21.0), (21.0, -21.0), (21.0, 21.0), (-21.0, 21.0)]
    places = np.array(corners + [(float(x), float(y)) for x, y in points])
    known = surface(tuple(places[:, 0]), tuple(places[:, 1]))
    a, b, c = (places[known.triangles[:, i]] for i in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert np.all(area > 0.0)
    assert area.sum() / 2 == pytest.approx(42.0 * 42.0)
    plane = 3.0 * places[:, 0] - 2.0 * places[:, 1] + 1.0
    asked = np.array([[0.3, 0.7], [-20.5, 20.9], [0.0, 0.0]])
    values, held = known.interpolated(asked, plane)
    assert values == pytest.approx(3.0 * asked[:, 0] - 2.0 * asked[:, 1] + 1.0)
    assert held == pytest.approx(asked)


def test_outside_the_nearest_of_the_outline_holds() -> None:
    known = surface((0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0))
    values, held = known.interpolated(np.array([[2.0, 0.5], [3.0, 4.0]]), np.array([0.0, 1.0, 2.0, 3.0]))
    assert values == pytest.approx([2.0, 3.0])
    assert held == pytest.approx(np.array([[1.0, 0.5], [1.0, 1.0]]))


def test_a_repeated_point_counts_once() -> None:
    known = surface((0.0, 1.0, 0.0, 1.0, 1.0), (0.0, 0.0, 1.0, 0.0, 1.0))
    values, _ = known.interpolated(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 2.0, 9.0, 3.0]))
    assert values == pytest.approx([1.0, 3.0])


@pytest.mark.parametrize("points", [((0.0, 1.0), (0.0, 1.0)), ((0.0, 1.0, 2.0), (0.0, 1.0, 2.0)), ((), ())])
def test_a_line_is_no_map(points: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    with pytest.raises(InputError, match="three points"):
        surface(*points)


@pytest.mark.parametrize("run", ["Long_Haul_Reference", "Regional_Delivery_Full"])
def test_fuel_map_gives_the_fuel_of_the_published_traces(reference_data: Path, run: str) -> None:
    """Every second of a trace within 0.05 g/h, which only the same diagonals can give."""
    folder = reference_data / "vecto" / "40t"
    made, trace = vecto_engine(folder), columns(folder / f"40t_Long_Haul_Truck_{run} Loading.vmod")
    fuel_w = fuel_power_at(made, trace["n [1/min]"] * RPM, trace["Tq_eng [Nm]"])
    grams_per_hour = fuel_w / made.fuel.lower_heating_value_jpkg * 1e3 * HOUR
    assert np.abs(grams_per_hour - trace["FC-Map [g/h]"]).max() < 0.05


def test_fuel_outside_the_map_goes_on_sensibly(reference_data: Path) -> None:
    made = vecto_engine(reference_data / "vecto" / "40t")
    full, beyond = fuel_power_at(made, 1200 * RPM, [2300.0, 2600.0])
    assert 0.40 < 300.0 * 1200 * RPM / (beyond - full) < 0.52
    assert np.all(fuel_power_at(made, [500 * RPM, 1200 * RPM, 2500 * RPM], -400.0) == 0.0)
    assert fuel_power_at(made, np.full((3, 1), 120.0), np.full(4, 900.0)).shape == (3, 4)


def test_without_a_map_the_willans_line_holds() -> None:
    made: Engine = catalogue().build("engines", "diesel-13l-2500nm")
    assert made.fuel_map is None
    assert fuel_power_at(made, 120.0, [1500.0, -300.0]) == pytest.approx([1720.8 * 120.0 / 0.508, 0.0], rel=1e-3)


def test_a_map_that_gives_power_for_nothing_is_refused() -> None:
    base: Engine = catalogue().build("engines", "diesel-13l-2500nm")
    values = {name: getattr(base, name) for name in base.__dataclass_fields__}
    free = FuelMap(speed_radps=(60.0, 200.0, 60.0, 200.0), torque_nm=(0.0, 0.0, 2000.0, 2000.0), fuel_kgps=(1e-3,) * 4)
    with pytest.raises(InputError, match="fuel map"):
        fuel_power_at(Engine(**values | {"fuel_map": free}), 100.0, 500.0)


def plain_losses(torques: tuple[float, ...]) -> LossMap:
    speeds = (0.0, 100.0, 200.0)
    points = [(speed, torque, 5.0 + 0.02 * speed + 0.02 * abs(torque)) for speed in speeds for torque in torques]
    return LossMap(
        speed_radps=tuple(point[0] for point in points),
        torque_nm=tuple(point[1] for point in points),
        loss_nm=tuple(point[2] for point in points),
    )


def test_losses_inside_are_the_plane_and_outside_the_nearest_efficiency() -> None:
    known = plain_losses((-1000.0, 0.0, 1000.0, 2000.0))
    assert loss_at(known, [50.0, 150.0], [500.0, -500.0]) == pytest.approx([16.0, 18.0])
    inside, outside = loss_at(known, 100.0, [2000.0, 4000.0])
    assert outside / 4000.0 == pytest.approx(inside / 2000.0)
    assert loss_at(known, 300.0, 1000.0) == pytest.approx(loss_at(known, 200.0, 1000.0))


def test_a_map_of_driving_alone_serves_overrun_too() -> None:
    known = plain_losses((0.0, 1000.0))
    assert loss_at(known, 100.0, -500.0) == loss_at(known, 100.0, 500.0)
    assert loss_at(known, 100.0, 0.0) == pytest.approx(7.0)


def test_gear_losses_add_up_to_those_of_a_published_trace(reference_data: Path) -> None:
    """Reading by input torque instead of output torque moves the sum by less than 0.05 %."""
    folder = reference_data / "vecto" / "40t"
    maps = [columns(folder / f"{name}.vtlm") for name in ("Direct Gear", "Indirect Gear")]
    direct, indirect = (
        LossMap(
            speed_radps=tuple(given["Input Speed [rpm]"] * RPM),
            torque_nm=tuple(given["Input Torque [Nm]"]),
            loss_nm=tuple(given["Torque Loss [Nm]"]),
        )
        for given in maps
    )
    trace = columns(folder / "40t_Long_Haul_Truck_Long_Haul_Reference Loading.vmod")
    speed, torque, gear = trace["n [1/min]"] * RPM, trace["Tq_clutch [Nm]"], trace["Gear [-]"]
    loss_w = np.where(gear == 12, loss_at(direct, speed, torque), loss_at(indirect, speed, torque)) * speed
    driving = gear > 0
    assert loss_w[driving].sum() == pytest.approx(trace["Ploss GB [kW]"][driving].sum() * 1e3, rel=5e-4)
