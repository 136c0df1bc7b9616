from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest

from fifthwheel.errors import UnknownName
from fifthwheel.fleet import compute
from fifthwheel.fleet.simulate import Day, cases
from fifthwheel.simulate.batch import SCHEMA, Case

NAMES = ("diesel-6x4-box", "battery-423-box", "diesel-6x4-etrailer")


def work() -> list[Case]:
    found = list(cases(NAMES, ["port-shuttle", "city-qingdao:back"], [0.0, 9e3, 99e3], [Day(seed_count=1), Day(wind_mps=4.0)]))
    assert len(found) == 36
    return found


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A Ray cluster of two nodes with one core each, joined by this process."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: `pip install fifthwheel[ray]`")
    from ray.cluster_utils import Cluster

    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0"}
    two = Cluster()
    for _ in range(2):
        two.add_node(num_cpus=1, object_store_memory=80 * 2**20, include_dashboard=False)
    ray.init(address=two.address, log_to_driver=False, logging_level="ERROR")
    yield two.address
    ray.shutdown()
    two.shutdown()  # type: ignore[no-untyped-call]


def test_an_unknown_compute_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="local"):
        compute.run([], compute="lokal")


def test_nothing_to_do_is_an_empty_table() -> None:
    assert compute.run([]).num_rows == 0
    assert compute.run([]).schema == SCHEMA


def test_progress_counts_every_case_once() -> None:
    counts: list[int] = []
    compute.run(work(), progress=counts.append)
    assert sum(counts) == 36


def test_one_thread_and_four_give_the_same_table() -> None:
    assert compute.run(work(), workers=1).equals(compute.run(work(), workers=4))


def test_two_ray_nodes_give_the_same_table(cluster: str) -> None:
    import ray

    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    assert len([node for node in nodes if node["Alive"]]) == 2
    counts: list[int] = []
    far = compute.run(work(), compute="ray", task_cases=9, progress=counts.append)
    assert far.equals(compute.run(work()))
    assert counts == [9, 9, 9, 9]
    assert np.isfinite(far["time_s"].drop_null().to_numpy()).all()
