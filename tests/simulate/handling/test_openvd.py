"""A11: a lane change of 0.2 g against openvd's non-linear articulated vehicle with its Magic Formula tyres.

``openvd_lane_change.csv`` holds what openvd's equations give (andresmendes/openvd, BSD-3-Clause, VehicleArticulatedNonlinear and
TirePacejka of its folder ``inst``), rebuilt from the published source in Python and solved by DOP853 to 1e-9; not a run of
openvd's own Octave code. Manoeuvre: its default vehicle at 20 m/s, no forces along, one steering sine of 0.039 rad and 0.4 Hz
from 1.0 to 3.5 s, friction 0.8 (and 0.3, its default). The tractor's side acceleration peaks at 1.97 m/s2, 0.201 g; that of the
trailer is worked out from openvd's states. Its axle loads are those of its file, 6000, 10000 and 17000 kg.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.simulate.handling.layout import DRIVE, Floats, Plant
from fifthwheel.simulate.handling.manoeuvre import SineSteer
from fifthwheel.simulate.handling.path import even
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.rig import Rig

COLUMNS = ("yaw_radps", "trailer_yaw_radps", "articulation_rad", "side_acceleration_mps2", "trailer_side_acceleration_mps2")


def openvd(grip_ratio: float) -> dict[str, Floats]:
    with (Path(__file__).parent / "openvd_lane_change.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["grip_ratio"]) == grip_ratio]
    return {name: np.array([float(row[name]) for row in rows]) for name in ("time_s", *COLUMNS)}


def coast(plant: Plant, _: float) -> None:
    plant.demand[:, DRIVE] = 0.0


def lane_change(rig: Rig, grip_ratio: float) -> dict[str, Floats]:
    """The same drive at the times of the file."""
    sine = SineSteer(speed_mps=20.0, seconds=8.0, ground=even(grip_ratio), steer_rad=0.039, frequency_hz=0.4)
    columns = perform(sine, rig, coast, every_s=1e-3)
    return {name: column[99:7900:100][10:] for name, column in columns.items()}


@pytest.fixture
def planar(plain: Rig) -> Rig:
    """The reference set on the footing of openvd: no load transfer, no delay of tyre forces, one friction in all directions."""
    return replace(plain, axles=tuple(replace(axle, side_grip_ratio=1.0) for axle in plain.axles))


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize(("grip_ratio", "most"), [(0.8, 0.02), (0.3, 0.035)])
def test_a11_trajectory_of_a_lane_change(planar: Rig, grip_ratio: float, most: float, name: str) -> None:
    wanted, found = openvd(grip_ratio), lane_change(planar, grip_ratio)
    assert found["time_s"] == pytest.approx(wanted["time_s"])
    assert abs(found[name] - wanted[name]).max() < most * abs(wanted[name]).max()


@pytest.mark.parametrize("name", COLUMNS)
def test_a11_peaks_of_the_full_rig(reference: Rig, name: str) -> None:
    """Load transfer, relaxation and rolling wheels, which openvd has not, shift its peaks by less than the criterion."""
    wanted, found = openvd(0.8)[name], lane_change(reference, 0.8)[name]
    assert abs(found).max() == pytest.approx(abs(wanted).max(), rel=0.05)


def test_the_manoeuvre_is_of_0_2_g() -> None:
    assert openvd(0.8)["side_acceleration_mps2"].max() / 9.81 == pytest.approx(0.2, abs=0.002)
