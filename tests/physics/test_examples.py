"""Every example in a law's docstring runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from fifthwheel import physics

MODULES = [module.name for module in pkgutil.iter_modules(physics.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"fifthwheel.physics.{name}")).failed == 0
