"""Where batches of trips run: on the cores of this machine, or on a Ray cluster; the same table either way.

The one module that knows Ray, which is loaded only when asked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

import pyarrow as pa

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate import batch

COMPUTES: Final = ("local", "ray")
TASK_CASES: Final = 512
"""Cases of one Ray task: about a second of work on one core."""
RAY_AHEAD: Final = 2
"""Tasks waiting for each core of the cluster."""


def run(
    cases: Iterable[batch.Case],
    *,
    compute: str = "local",
    workers: int | None = None,
    task_cases: int = TASK_CASES,
    progress: batch.Progress | None = None,
) -> pa.Table:
    """Drive `cases`: a row each of `simulate.batch.SCHEMA`, in their order.

    Parameters
    ----------
    compute : ``local``, or ``ray``: the cluster that this process has joined or ``RAY_ADDRESS`` names, else one of its own.
    workers : threads of the local pool; as many as there are cores where ``None``. task_cases : size of a Ray task.

    Raises
    ------
    UnknownName : no such compute. InputError : Ray is not installed.
    """
    if compute not in COMPUTES:
        raise UnknownName("compute", compute, COMPUTES)
    if compute == "local":
        return batch.run(cases, workers=workers, progress=progress)
    tables = []
    for table in _on_ray(cases, task_cases):
        tables.append(table)
        if progress:
            progress(table.num_rows)
    return pa.concat_tables(tables).combine_chunks() if tables else batch.run([])


def _on_ray(cases: Iterable[batch.Case], task_cases: int) -> Iterator[pa.Table]:
    """The rows of each task, in order; few tasks wait, so that cases are not all held at once."""
    try:
        import ray
    except ImportError:
        raise InputError("compute ray: Ray is not installed; `pip install fifthwheel[ray]` brings it") from None
    if not ray.is_initialized():
        ray.init(log_to_driver=False, configure_logging=False)
    task: Callable[[list[batch.Case]], Any] = ray.remote(num_cpus=1)(_task).remote
    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    most = RAY_AHEAD * max(int(sum(node["Resources"].get("CPU", 0) for node in nodes)), 1)
    waiting: deque[Any] = deque()
    several = iter(cases)
    while chunk := list(islice(several, task_cases)):
        waiting.append(task(chunk))
        if len(waiting) >= most:
            yield ray.get(waiting.popleft())
    while waiting:
        yield ray.get(waiting.popleft())


def _task(cases: list[batch.Case]) -> pa.Table:
    return batch.run(cases, workers=1)
