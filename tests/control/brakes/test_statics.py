"""Braking statics against the worked tables of the reference combination (A6, and the one-source limits of A8)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.control.brakes.statics import REFERENCE, Rig, equal_adhesion_split, loads, one_source_limit, zero_coupling_split
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2

UNLADEN = replace(REFERENCE, trailer_kg=7000.0, trailer_cg_height_m=1.1)
TABLE_GRAVITY_MPS2 = 9.81
"""The tables are rounded from figures with this gravity; with the standard one the largest load differs by 0.08 kN."""
ratios = st.floats(0.0, 0.6)


@pytest.mark.parametrize(
    ("braking", "kingpin", "front", "drive", "trailer"),
    [
        (0.0, 89.7, 66.5, 101.7, 224.2),
        (0.2, 106.0, 73.2, 111.3, 207.9),
        (0.4, 122.3, 79.9, 120.9, 191.6),
        (0.5, 130.5, 83.2, 125.7, 183.5),
        (0.6, 138.6, 86.5, 130.6, 175.3),
    ],
)
def test_a6_loads_without_coupling_force(braking: float, kingpin: float, front: float, drive: float, trailer: float) -> None:
    found = zero_coupling_split(REFERENCE, braking).loads
    expected = [value * 1e3 * GRAVITY_MPS2 / TABLE_GRAVITY_MPS2 for value in (kingpin, front, drive, trailer)]
    assert [found.kingpin_n, found.front_n, found.drive_n, found.trailer_n] == pytest.approx(expected, abs=100.0)


@pytest.mark.parametrize(("braking", "share", "push_n"), [(0.2, 0.135, 20.6e3), (0.4, 0.253, 46.1e3), (0.5, 0.307, 60.5e3)])
def test_a6_equal_adhesion_pushes(braking: float, share: float, push_n: float) -> None:
    found = equal_adhesion_split(REFERENCE, braking)
    assert found.loads.coupling_n == pytest.approx(push_n, rel=0.01)
    assert found.trailer_n / (REFERENCE.trailer_kg * GRAVITY_MPS2) == pytest.approx(share, abs=0.001)


@given(rig=st.sampled_from([REFERENCE, UNLADEN, REFERENCE.bobtail]), braking=ratios)
def test_a6_splits_balance_laden_unladen_and_bobtail(rig: Rig, braking: float) -> None:
    zero, equal = zero_coupling_split(rig, braking), equal_adhesion_split(rig, braking)
    weight = rig.mass_kg * GRAVITY_MPS2
    for split in (zero, equal):
        assert split.front_n + split.drive_n + split.trailer_n == pytest.approx(braking * weight, abs=1e-6)
        assert split.loads.front_n + split.loads.drive_n + split.loads.trailer_n == pytest.approx(weight)
    assert equal.front_n == pytest.approx(braking * equal.loads.front_n, abs=1e-6)
    assert equal.trailer_n == pytest.approx(braking * equal.loads.trailer_n, abs=1e-6)
    assert zero.trailer_n == pytest.approx(braking * rig.trailer_kg * GRAVITY_MPS2, abs=1e-6)


@pytest.mark.parametrize(
    ("adhesion", "drive_z", "drive_kn", "trailer_z", "trailer_kn"),
    [
        (0.1, 0.025, 7.9, 0.019, -1.5),
        (0.2, 0.049, 15.5, 0.037, -2.9),
        (0.3, 0.072, 22.8, 0.056, -4.4),
        (0.5, 0.116, 36.3, 0.092, -7.2),
        (0.8, 0.174, 54.5, 0.143, -11.2),
    ],
)
def test_a8_limits_of_braking_on_one_source(
    adhesion: float, drive_z: float, drive_kn: float, trailer_z: float, trailer_kn: float
) -> None:
    drive, trailer = one_source_limit(REFERENCE, adhesion), one_source_limit(REFERENCE, adhesion, trailer_axles_count=1)
    assert [drive.braking_ratio, trailer.braking_ratio] == pytest.approx([drive_z, trailer_z], abs=0.002)
    assert [drive.loads.coupling_n, trailer.loads.coupling_n] == pytest.approx([drive_kn * 1e3, trailer_kn * 1e3], abs=500.0)
    assert drive.drive_n == pytest.approx(adhesion * drive.loads.drive_n)
    assert trailer.trailer_n == pytest.approx(adhesion * trailer.loads.trailer_n / 3)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="coupling force"):
        loads(REFERENCE.bobtail, 0.2, 1000.0)
    with pytest.raises(InputError, match="0 to 3"):
        one_source_limit(REFERENCE, 0.5, trailer_axles_count=4)
    with pytest.raises(InputError, match="kg"):
        replace(REFERENCE, tractor_kg=0.0)
