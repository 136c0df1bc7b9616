"""The rigs that the tests of the planar vehicle drive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.simulate.handling.rig import Rig, rig, single_track


@pytest.fixture(scope="session")
def reference() -> Rig:
    """The reference set of the linear values."""
    return rig("reference")


@pytest.fixture(scope="session")
def plain(reference: Rig) -> Rig:
    """The reference set as linear analysis sees it."""
    return single_track(reference)


@pytest.fixture(scope="session")
def truck() -> Rig:
    """The 40 t combination of the braking statics."""
    return rig("tractor_4x2_semitrailer_40t")


@pytest.fixture(scope="session")
def smooth(truck: Rig) -> Rig:
    """The same without rolling resistance and almost without wheel inertia, as statics has it."""
    return replace(truck, axles=tuple(replace(axle, rolling_ratio=0.0, spin_kgm2=1.0) for axle in truck.axles))
