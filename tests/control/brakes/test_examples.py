"""Every example in the brake modules' docstrings runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from fifthwheel.control import brakes

MODULES = [module.name for module in pkgutil.iter_modules(brakes.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"fifthwheel.control.brakes.{name}")).failed == 0
