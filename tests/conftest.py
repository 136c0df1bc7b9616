"""Fixtures shared by all tests: where the reference data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _existing(path: Path) -> Path:
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"reference data is not at {path}; in CI it must be")
        pytest.skip(f"reference data is not at {path}; set FIFTHWHEEL_REFERENCE_DATA to its folder")
    return path


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Folder of the reference data."""
    return _existing(Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", ROOT.parent / "shared" / "data")))


@pytest.fixture(scope="session")
def reference_vectors() -> Path:
    """Folder of the protocol vectors."""
    return _existing(Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", ROOT.parent / "shared" / "data")).parent / "vectors")
