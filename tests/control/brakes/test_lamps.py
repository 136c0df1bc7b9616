"""Stop lamps by the restated UN R13 5.2.1.30."""

from __future__ import annotations

import pytest

from fifthwheel.control.brakes.lamps import Braking, Lamps, step


@pytest.mark.parametrize(
    ("braking", "lit"),
    [
        (Braking(service=True), True),
        (Braking(endurance_mps2=1.31), True),
        (Braking(endurance_mps2=1.29), False),
        (Braking(automatic=True, deceleration_mps2=0.71), True),
        (Braking(automatic=True, deceleration_mps2=0.69), False),
        (Braking(automatic=True, selective=True, deceleration_mps2=2.0), False),
        (Braking(deceleration_mps2=0.9), False),
    ],
    ids=["service", "endurance shall", "endurance may", "automatic", "automatic weak", "selective", "engine's natural braking"],
)
def test_stop_lamps(braking: Braking, lit: bool) -> None:
    assert step(Lamps(), braking).stop is lit


def test_the_permission_between_0_7_and_1_3_can_be_used() -> None:
    assert step(Lamps(), Braking(endurance_mps2=0.9), early=True).stop
    assert not step(Lamps(), Braking(endurance_mps2=0.6), early=True).stop


def test_lamps_do_not_flicker_at_the_threshold() -> None:
    state, seen = Lamps(), []
    for value in (1.2, 1.31, 1.29, 1.31, 1.2, 1.05):
        state = step(state, Braking(endurance_mps2=value))
        seen.append(state.stop)
    assert seen == [False, True, True, True, True, False]


def test_the_emergency_signal_starts_at_4_and_ends_below_2_5() -> None:
    state, seen = Lamps(), []
    for value in (3.9, 4.0, 3.0, 2.5, 2.4):
        state = step(state, Braking(service=True, deceleration_mps2=value))
        seen.append(state.emergency)
    assert seen == [False, True, True, True, False]
