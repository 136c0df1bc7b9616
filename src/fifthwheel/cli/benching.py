"""The scripts of the checkout's ``benchmarks`` folder: listed, and run with the machine described."""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
from pathlib import Path

from fifthwheel.errors import InputError, UnknownName


def folder() -> Path:
    """The folder of benchmarks beside the package's sources.

    Raises
    ------
    InputError : the package is installed, not run from a checkout.
    """
    found = Path(__file__).resolve().parents[3] / "benchmarks"
    if not found.is_dir():
        raise InputError(
            f"no folder {found}: benchmarks are run from a checkout of the project, and this is an installed package"
        )
    return found


def _scripts() -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder().glob("*.py"))}


def listed() -> list[str]:
    """One line a benchmark: its name and the first line of its docstring."""
    lines = []
    for name, path in _scripts().items():
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        lines.append(f"{name:20} {text.splitlines()[0] if text else ''}")
    return lines


def machine() -> str:
    """Processor, cores, memory, operating system and Python in one line."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor() or "processor"
    )
    load = os.getloadavg()[0]
    return (
        f"{model}, {cores} cores, {memory:.0f} GiB; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; load {load:.1f} at the start"
    )


def run(name: str) -> int:
    """Run the benchmark called `name`; returns its exit code.

    Raises
    ------
    UnknownName : no such benchmark.
    """
    scripts = _scripts()
    if name not in scripts:
        raise UnknownName("benchmark", name, scripts)
    print(machine(), flush=True)
    return subprocess.run([sys.executable, str(scripts[name])], check=False).returncode
