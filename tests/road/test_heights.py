from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.road.heights import cleaned_m
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import profile

Floats = NDArray[np.float64]

SAMPLE_M = 20.0
AT_M = np.arange(0.0, 30_000.0, 10.0)
SAMPLES_M = np.arange(0.0, 30_000.0, SAMPLE_M)


def climb_m(heights: Floats) -> float:
    return float(np.diff(heights).clip(0.0).sum())


def noise_m(count: int, spread_m: float, memory_m: float, seed: int) -> Floats:
    """White (no memory) or first-order correlated noise at `SAMPLE_M`."""
    rng = np.random.default_rng(seed)
    kept = np.exp(-SAMPLE_M / memory_m) if memory_m else 0.0
    values = np.empty(count)
    values[0] = rng.normal(0.0, spread_m)
    for index in range(1, count):
        values[index] = kept * values[index - 1] + rng.normal(0.0, spread_m * np.sqrt(1 - kept**2))
    return values


def wave_m(length_m: float, grade_ratio: float, at_m: Floats) -> Floats:
    return np.asarray(grade_ratio * length_m / (2 * np.pi) * np.sin(2 * np.pi * at_m / length_m), dtype=np.float64)


@settings(max_examples=12, deadline=None)
@given(length_m=st.floats(500.0, 8_000.0), grade_ratio=st.floats(0.005, 0.08), mean_ratio=st.floats(-0.03, 0.03))
def test_hills_of_500_m_and_longer_keep_their_climb_and_ends(length_m: float, grade_ratio: float, mean_ratio: float) -> None:
    true = wave_m(length_m, grade_ratio, AT_M) + mean_ratio * AT_M
    made, _ = cleaned_m(SAMPLES_M, np.interp(SAMPLES_M, AT_M, true), AT_M)
    assert np.abs(np.diff(made)).sum() >= 0.95 * np.abs(np.diff(true)).sum()
    assert climb_m(made) <= 1.005 * climb_m(true) + 0.1
    assert made[-1] - made[0] == pytest.approx(true[-1] - true[0], abs=1.0)


@pytest.mark.parametrize(("spread_m", "memory_m"), [(3.0, 0.0), (5.0, 0.0), (4.0, 50.0), (4.0, 200.0)])
def test_noise_makes_no_hills_on_a_flat_road(spread_m: float, memory_m: float) -> None:
    made = [cleaned_m(SAMPLES_M, 50.0 + noise_m(1500, spread_m, memory_m, seed), AT_M)[0] for seed in range(4)]
    assert np.mean([climb_m(heights) for heights in made]) < 0.3 * 30.0


@pytest.mark.parametrize(
    ("spread_m", "memory_m", "most_ratio"), [(3.0, 0.0, 1.02), (5.0, 0.0, 1.02), (4.0, 50.0, 1.02), (4.0, 200.0, 1.1)]
)
@pytest.mark.parametrize("name", ["regional-weifang-linqu", "mountain-taian-yiyuan"])
def test_noise_adds_little_climb_to_a_rolling_road(name: str, spread_m: float, memory_m: float, most_ratio: float) -> None:
    true = profile(mission(name)).altitude_m[: len(AT_M)]
    record = np.interp(SAMPLES_M, AT_M, true)
    made = [cleaned_m(SAMPLES_M, record + noise_m(1500, spread_m, memory_m, seed), AT_M)[0] for seed in range(3)]
    climbs = np.array([climb_m(heights) for heights in made]) / climb_m(true)
    assert climbs.mean() < most_ratio
    assert climbs.min() > 0.3


def test_high_hills_are_seen_through_noise() -> None:
    true = wave_m(3_000.0, 0.05, AT_M)
    made, noise = cleaned_m(SAMPLES_M, np.interp(SAMPLES_M, AT_M, true) + noise_m(1500, 4.0, 0.0, 1), AT_M)
    assert climb_m(made) == pytest.approx(climb_m(true), rel=0.05)
    assert noise.white_m == pytest.approx(4.0, rel=0.2)


def test_spikes_steps_and_whole_metres_are_no_road() -> None:
    true = wave_m(4_000.0, 0.02, AT_M)
    record = np.round(np.interp(SAMPLES_M, AT_M, true))
    record[[200, 201, 700]] += [80.0, 75.0, -120.0]
    record[1000:] += 35.0
    made, _ = cleaned_m(SAMPLES_M, record, AT_M)
    assert climb_m(made) == pytest.approx(climb_m(true), rel=0.03)
    assert np.abs(made - true).max() < 3.0


def test_a_steep_ramp_is_no_step() -> None:
    true = np.interp(AT_M, [0.0, 5_000.0, 6_500.0, 30_000.0], [0.0, 0.0, 150.0, 150.0])
    made, _ = cleaned_m(SAMPLES_M, np.interp(SAMPLES_M, AT_M, true), AT_M)
    assert made[-1] - made[0] == pytest.approx(150.0, abs=0.5)
    assert np.diff(made).max() / 10.0 == pytest.approx(0.10, abs=0.01)


def test_missing_altitudes_are_bridged_up_to_2_km() -> None:
    true = wave_m(4_000.0, 0.02, AT_M)
    record = np.interp(SAMPLES_M, AT_M, true)
    record[300:340] = np.nan
    made, _ = cleaned_m(SAMPLES_M, record, AT_M)
    assert np.abs(made - true).max() < 3.0
    record[300:420] = np.nan
    with pytest.raises(InputError, match="no altitude from 5980 m on for 2420 m"):
        cleaned_m(SAMPLES_M, record, AT_M)
    with pytest.raises(InputError, match="no altitude in the whole record"):
        cleaned_m(SAMPLES_M, np.full(1500, np.nan), AT_M)


def test_a_wall_is_refused() -> None:
    with pytest.raises(InputError, match=r"slope of \d+ % at \d+ m; at most 30 %"):
        cleaned_m(SAMPLES_M, np.interp(SAMPLES_M, [0.0, 10_000.0, 11_000.0, 30_000.0], [0.0, 0.0, 500.0, 500.0]), AT_M)
