"""A trip is compared with its like, and the reasons name what differs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.explain.compare import Case, compare
from fifthwheel.finding import Finding, Origin, with_margin


def case(index: int, *, aero_j: float = 4e8, rolling_j: float = 5e8) -> Case:
    terms: dict[str, Finding] = {
        "aero_still": with_margin("account.aero_still", aero_j, "J", margin=1e7, origin=Origin.ESTIMATED),
        "rolling_trailer": with_margin("account.rolling_trailer", rolling_j, "J", margin=1e7, origin=Origin.ESTIMATED),
    }
    return Case(
        trip_id=f"t{index}",
        energy_kind="diesel",
        distance_m=100e3,
        moving_s=5000.0,
        mass_kg=30e3,
        energy_j=1e9 + aero_j + rolling_j,
        terms=terms,
        ends=(36.0, 117.0, 36.7, 119.1),
    )


def test_the_term_that_differs_is_the_first_reason() -> None:
    found = compare(case(0, rolling_j=6e8), [case(index, aero_j=4e8 + 1e6 * index) for index in range(1, 6)])
    assert found.trip_ids == ("t1", "t2", "t3", "t4", "t5")
    assert found.circle == "same corridor, speed and mass"
    assert [reason.name for reason in found.reasons] == ["why.rolling_trailer"]
    assert found.reasons[0].value == pytest.approx(1e8)
    assert found.reasons[0].contains(1e8)
    assert found.terms_jpm["rolling_trailer"] == pytest.approx(5e3)
    assert found.energy_jpm == pytest.approx(1.903e4)


def test_the_circle_widens_until_there_are_enough() -> None:
    elsewhere = [replace(case(index), ends=(30.0, 110.0, 31.0, 111.0)) for index in range(1, 5)]
    assert compare(case(0), elsewhere).circle == "similar speed and mass"
    heavy = [replace(case(index), mass_kg=49e3) for index in range(1, 5)]
    assert compare(case(0), heavy).circle == "same corridor"
    unknown = [replace(other, ends=None, moving_s=12_000.0) for other in heavy]
    assert compare(case(0), unknown).circle == "same kind of energy"


def test_too_few_or_other_kinds_give_nothing() -> None:
    assert compare(case(0), [case(0), case(1), case(2)]).trip_ids == ()
    assert compare(case(0), [replace(case(index), energy_kind="battery") for index in range(1, 9)]).reasons == ()
