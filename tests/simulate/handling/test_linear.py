"""Linear single-track analysis against the reference values (control facts, 2.4 and 2.6; acceptance A11)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.linear import (
    Push,
    divergence_push_n,
    lateral,
    rearward_amplification,
    response,
    slowest_radps,
    understeer_gradient_rad,
)
from fifthwheel.simulate.handling.rig import Group, Rig, rig

GAINS = [
    (5.0, 1.4169, 2.1050, 2.7363),
    (10.0, 2.7658, 2.0781, 1.4955),
    (20.0, 5.0474, 1.9823, -25.345),
    (25.0, 5.9205, 1.9208, -54.427),
    (30.0, 6.6071, 1.8551, -94.426),
]
MODES = [
    (5.0, [-0.724, -6.45, -9.20, -10.86]),
    (10.0, [-1.777 + 1.228j, -5.034 + 0.552j]),
    (20.0, [-0.8537 + 1.9644j, -2.552 + 0.796j]),
    (25.0, [-0.6701 + 2.0252j, -2.054 + 0.832j]),
    (30.0, [-0.5492 + 2.0537j, -1.721 + 0.856j]),
]
SLOW = [(10.0, 0.823, 0.344), (20.0, 0.399, 0.341), (25.0, 0.314, 0.340), (30.0, 0.258, 0.338)]
PUSHED = [
    (1.0, [-0.854, -0.850, -0.843, -0.829]),
    (0.4, [-0.328, -0.317, -0.287, -0.206]),
    (0.2, [-0.159, -0.132, -0.039, 0.737]),
]
DIVERGENCE = [(1.0, 273e3), (0.4, 113.5e3), (0.2, 59.5e3)]


@pytest.mark.parametrize(("speed_mps", "yaw", "articulation", "side"), GAINS)
def test_a11_gains(reference: Rig, speed_mps: float, yaw: float, articulation: float, side: float) -> None:
    found = lateral(reference, speed_mps)
    gains = (found.yaw_gain_radps, found.articulation_gain_rad, found.side_speed_gain_mps)
    assert gains == pytest.approx((yaw, articulation, side), rel=5e-4)


@pytest.mark.parametrize(("speed_mps", "values"), MODES)
def test_a11_eigenvalues(reference: Rig, speed_mps: float, values: list[complex]) -> None:
    found = [complex(mode.real_radps, mode.imaginary_radps) for mode in lateral(reference, speed_mps).modes]
    assert found == pytest.approx(values, rel=1e-3)


@pytest.mark.parametrize(("speed_mps", "damping", "frequency_hz"), SLOW)
def test_a11_damping_and_frequency(reference: Rig, speed_mps: float, damping: float, frequency_hz: float) -> None:
    slow = lateral(reference, speed_mps).modes[0]
    assert (slow.damping_ratio, slow.frequency_hz) == pytest.approx((damping, frequency_hz), abs=6e-4)


def test_a11_understeer_gradient(reference: Rig) -> None:
    assert understeer_gradient_rad(reference) == pytest.approx(0.01134, rel=5e-3)


def test_a11_rearward_amplification(reference: Rig) -> None:
    found = rearward_amplification(reference, 20.0)
    assert found.lateral_acceleration_ratio == pytest.approx(1.099, abs=6e-4)
    assert found.lateral_acceleration_hz == pytest.approx(0.277, rel=0.01)
    assert found.yaw_rate_ratio == pytest.approx(1.144, abs=6e-4)
    assert found.yaw_rate_hz == pytest.approx(0.267, rel=0.01)


@pytest.mark.parametrize(("cornering_ratio", "values"), PUSHED)
def test_a11_pushing_kingpin(reference: Rig, cornering_ratio: float, values: list[float]) -> None:
    pushes = [Push(push_n=push_n) for push_n in (0.0, 20e3, 50e3, 100e3)]
    assert [slowest_radps(reference, 20.0, push, cornering_ratio=cornering_ratio) for push in pushes] == pytest.approx(
        values, abs=6e-4
    )


def test_a11_pulling_kingpin(reference: Rig) -> None:
    pull = Push(push_n=-50e3)
    found = [slowest_radps(reference, 20.0, pull, cornering_ratio=ratio) for ratio in (1.0, 0.4, 0.2)]
    assert found == pytest.approx([-0.862, -0.342, -0.174], abs=6e-4)


@pytest.mark.parametrize(("cornering_ratio", "push_n"), DIVERGENCE)
def test_a11_push_divergence(reference: Rig, cornering_ratio: float, push_n: float) -> None:
    assert divergence_push_n(reference, 20.0, cornering_ratio=cornering_ratio) == pytest.approx(push_n, rel=0.02)


def test_a_braked_trailer_lets_more_push_through(reference: Rig) -> None:
    alone = slowest_radps(reference, 20.0, Push(push_n=100e3), cornering_ratio=0.2)
    assert slowest_radps(reference, 20.0, Push(push_n=100e3, trailer_brake_n=50e3), cornering_ratio=0.2) != alone


def test_a_stiff_rig_does_not_fold(reference: Rig) -> None:
    with pytest.raises(InputError, match="does not fold"):
        divergence_push_n(reference, 20.0, most_n=1e3)


def test_a_tractor_alone_has_its_own_two_modes(reference: Rig) -> None:
    """Against the bicycle model's closed forms: sum and product of its eigenvalues, and its yaw gain."""
    alone = replace(reference, trailer_mass_kg=0.0, axles=reference.axles[:2])
    (a, b), m, inertia, speed = (alone.steer_m, alone.drive_m), alone.mass_kg, alone.tractor_inertia_kgm2, 20.0
    front, rear = (alone.cornering_n(group) for group in (Group.STEER, Group.DRIVE))
    found = lateral(alone, speed)
    trace = -(front + rear) / (m * speed) - (a * a * front + b * b * rear) / (inertia * speed)
    understeer = m * (b * rear - a * front) / ((a + b) * front * rear)
    assert 2.0 * found.modes[0].real_radps == pytest.approx(trace)
    assert found.yaw_gain_radps == pytest.approx(speed / (a + b + understeer * speed**2))
    assert found.articulation_gain_rad == 0.0
    with pytest.raises(InputError, match="trailer of 0"):
        response(alone, speed, 0.3)


def test_standstill_is_refused(reference: Rig) -> None:
    with pytest.raises(InputError, match="m/s"):
        lateral(reference, 0.0)


@given(speed_mps=st.floats(5.0, 35.0))
def test_slow_steering_turns_both_bodies_alike(speed_mps: float) -> None:
    acceleration, yaw = response(rig("reference"), speed_mps, 1e-4)
    assert (acceleration, yaw) == pytest.approx((1.0, 1.0), abs=1e-3)


@given(speed_mps=st.floats(5.0, 30.0))
def test_damping_falls_with_speed(speed_mps: float) -> None:
    slow, fast = (lateral(rig("reference"), one).modes[0].damping_ratio for one in (speed_mps, speed_mps + 5.0))
    assert fast < slow + 1e-9
