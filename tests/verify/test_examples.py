"""Every example in a docstring of the delivery runs, and every unit that a signal may have is known to it."""

from __future__ import annotations

import doctest
import importlib

import pytest

from fifthwheel.units import SUFFIX_UNIT, base_exponents

SCALED = {"us", "deg", "ppm"}


@pytest.mark.parametrize("name", ["units", "control.block", "verify.a2l", "verify.xcp.slave", "verify.xcp.daq"])
def test_examples_run(name: str) -> None:
    done = doctest.testmod(importlib.import_module(f"fifthwheel.{name}"))
    assert (done.failed, done.attempted > 0) == (0, True)


def test_units_are_coherent_but_for_the_scaled_ones() -> None:
    assert {suffix for suffix, symbol in SUFFIX_UNIT.items() if base_exponents(symbol) is None} == SCALED


@pytest.mark.parametrize(
    ("symbol", "powers"),
    [
        ("", (0, 0, 0, 0, 0, 0, 0, 0)), ("1/s", (0, 0, -1, 0, 0, 0, 0, 0)), ("kg·m²", (1, 2, 0, 0, 0, 0, 0, 0)),
        ("rad/s²", (0, 0, -2, 0, 0, 0, 0, 1)), ("J/(m³·K)", (1, -1, -2, 0, -1, 0, 0, 0)), ("Ω", (1, 2, -3, -2, 0, 0, 0, 0)),
        ("N·m·s/rad", (1, 2, -1, 0, 0, 0, 0, -1)),
    ],
)  # fmt: skip
def test_exponents_of_the_si(symbol: str, powers: tuple[int, ...]) -> None:
    assert base_exponents(symbol) == powers
