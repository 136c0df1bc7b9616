"""Where batches of trips and verification cases run: on the cores of this machine, or on a Ray cluster; the same either way.

The one module that knows Ray, which is loaded only when asked for.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any, Final, TypeVar

import pyarrow as pa

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate import batch

T = TypeVar("T")
R = TypeVar("R")

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
    _known(compute)
    if compute == "local":
        return batch.run(cases, workers=workers, progress=progress)
    tables = []
    for table in _on_ray(_task, cases, task_cases):
        tables.append(table)
        if progress:
            progress(table.num_rows)
    return pa.concat_tables(tables).combine_chunks() if tables else batch.run([])


def each(
    work: Callable[[list[T]], list[R]],
    items: Sequence[T],
    *,
    compute: str = "local",
    workers: int | None = None,
    task_items: int = 16,
    progress: batch.Progress | None = None,
) -> list[R]:
    """`work` of every item, in their order, several at a time on processes of this machine or on Ray.

    Parameters
    ----------
    work : a function of a module, from a list of items to as many results. workers : processes; as many as cores where ``None``.

    Raises
    ------
    UnknownName : no such compute. InputError : Ray is not installed.
    """
    _known(compute)
    found: list[R] = []
    workers = workers or os.cpu_count() or 1
    tasks = _on_ray(work, items, task_items) if compute == "ray" else _on_processes(work, items, (task_items, workers))
    for results in tasks:
        found += results
        if progress:
            progress(len(results))
    return found


def _known(compute: str) -> None:
    if compute not in COMPUTES:
        raise UnknownName("compute", compute, COMPUTES)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    several = iter(items)
    while chunk := list(islice(several, size)):
        yield chunk


def _on_processes(work: Callable[[list[T]], list[R]], items: Sequence[T], sizes: tuple[int, int]) -> Iterator[list[R]]:
    """The results of each task, in order; few items or one worker need no other process."""
    size, workers = sizes
    if workers == 1 or len(items) <= size:
        yield from map(work, _chunks(items, size))
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, _chunks(items, size))


def _on_ray(work: Callable[[list[T]], R], items: Iterable[T], size: int) -> Iterator[R]:
    """The result of each task, in order; few tasks wait, so that items are not all held at once."""
    try:
        import ray
    except ImportError:
        raise InputError("compute ray: Ray is not installed; `pip install fifthwheel[ray]` brings it") from None
    if not ray.is_initialized():
        ray.init(log_to_driver=False, configure_logging=False)
    task: Callable[[list[T]], Any] = ray.remote(num_cpus=1)(work).remote
    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    most = RAY_AHEAD * max(int(sum(node["Resources"].get("CPU", 0) for node in nodes)), 1)
    waiting: deque[Any] = deque()
    for chunk in _chunks(items, size):
        waiting.append(task(chunk))
        if len(waiting) >= most:
            yield ray.get(waiting.popleft())
    while waiting:
        yield ray.get(waiting.popleft())


def _task(cases: list[batch.Case]) -> pa.Table:
    return batch.run(cases, workers=1)
