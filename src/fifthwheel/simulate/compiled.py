"""Compile plain functions with Numba; the machine code is kept on disk under a digest of every source it comes from.

Numba's own disk cache looks only at the file of the function itself, so that a changed law of `physics` would go unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., Any])


@cache
def _folder() -> str:
    """Folder for machine code of exactly these sources: inside the package when that is writable, else in the user's cache."""
    digest = sha256(numba.__version__.encode())
    rooms = Path(__file__).parents[1]
    for source in sorted(path for room in ("physics", "control", "simulate") for path in (rooms / room).rglob("*.py")):
        digest.update(source.read_bytes())
    name = f"kernel-{digest.hexdigest()[:16]}"
    inside = Path(__file__).parent / "__pycache__" / name
    try:
        inside.mkdir(parents=True, exist_ok=True)
    except OSError:
        return str(Path.home() / ".cache" / "fifthwheel" / name)
    return str(inside)


def part(function: F) -> F:
    """`function` as a part of compiled functions: it never runs alone, so nothing is made to call it from Python.

    Neither parts nor compiled functions allocate, so that arrays pass between them without counting references; and parts are
    always merged into their callers, since handing over a run's arrays costs four times what the sums do.
    """
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "forceinline": True}
    part_of: F = register_jitable(**options)(function)
    return part_of


def aside(function: F) -> F:
    """`function` as a part that is called, not merged: for what few runs need and all would carry."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    called: F = register_jitable(**options)(function)
    return called


def laws(*functions: Callable[..., Any]) -> None:
    """Let compiled functions call these plain functions as they stand."""
    for function in functions:
        part(function)


def compiled(function: F) -> F:
    """`function`, compiled on its first call or read back from disk."""
    before = config.CACHE_DIR  # type: ignore[attr-defined]
    config.CACHE_DIR = _folder()  # type: ignore[attr-defined]
    try:
        options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
        return cast(F, numba.njit(**options)(function))
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]
