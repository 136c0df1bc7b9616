"""The virtual fleet whose truth is known, seen through its wires and explained; the benchmark's own code."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def benchmark() -> ModuleType:
    """``benchmarks/account.py``."""
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "account.py"
    spec = importlib.util.spec_from_file_location("benchmark_account", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def golden(benchmark: ModuleType) -> list[Any]:
    """Golden trips of every kind of vehicle with their accounts."""
    fleets = [benchmark.golden_fleet(seed, 2) for seed in (11, 12, 13)]  # meters err by vehicle, so vehicles count, not trips
    return [(golden, account) for fleet in fleets for golden, account, _ in benchmark.accounts(fleet)]
