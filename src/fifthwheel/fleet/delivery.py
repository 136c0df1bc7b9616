"""Control units and plants handed over: as FMU, as A2L, and running under XCP."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fifthwheel.connect.xcp import LOOPBACK, Server
from fifthwheel.control.block import Block, Running
from fifthwheel.errors import InputError
from fifthwheel.verify import a2l, blocks, fmu, fmu_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A block that can be delivered, and how many signals it has."""

    name: str
    title_en: str
    title_zh: str
    period_s: float
    inputs: int
    outputs: int
    parameters: int


def listed() -> list[Listed]:
    """Every block of this package."""
    return [_listed(name, blocks.block(name)) for name in blocks.names()]


def _listed(name: str, block: Block) -> Listed:
    return Listed(
        name=name, title_en=block.title_en, title_zh=block.title_zh, period_s=block.period_s, inputs=len(block.inputs),
        outputs=len(block.outputs), parameters=len(block.parameters),
    )  # fmt: skip


def deliver(name: str, fmu_path: Path | None, a2l_path: Path | None, calibration: Mapping[str, float]) -> list[str]:
    """Write a block as FMU, as A2L, or both; a line about each file.

    Parameters
    ----------
    calibration : parameters of the FMU that differ from the block's own.

    Raises
    ------
    UnknownName, InputError : no such block or parameter, nothing asked for, a file that cannot be written.
    """
    if fmu_path is None and a2l_path is None:
        raise InputError("nothing to deliver: --fmu FILE, --a2l FILE or both are wanted")
    if calibration and fmu_path is None:
        raise InputError(f"calibration {dict(calibration)} goes into an FMU; --fmu FILE is wanted with it")
    block, lines = blocks.block(name), []
    if fmu_path:
        fmu.export(name, fmu_path, calibration)
        lines.append(f"{fmu_path}: FMI 2.0 co-simulation in steps of {block.period_s} s; needs {fmu_text.NEEDS}")
    if a2l_path:
        write_a2l(block, a2l_path)
        lines.append(f"{a2l_path}: ASAP2 1.7, {len(block.places)} signals")
    return lines


def write_a2l(block: Block, path: Path, *, port: int = 5555, host: str = LOOPBACK) -> None:
    """Write the A2L file of `block`; raises `InputError` where it cannot be written."""
    try:
        path.write_text(a2l.describe(block, port=port, host=host), encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}") from error


def server(name: str, values: Mapping[str, float], speed_ratio: float = 1.0) -> Server:
    """A block with these values of inputs and parameters, ready to be started, run and measured over XCP.

    Raises
    ------
    UnknownName, InputError : no such block or signal, a value out of range, an impossible speed.
    """
    block = blocks.block(name)
    parameters = {signal: value for signal, value in values.items() if block.places.get(signal, ("", 0))[0] == "parameters"}
    running = Running(block, **parameters)
    running.set(**{signal: value for signal, value in values.items() if signal not in parameters})
    with suppress(Exception):  # compiles what is not compiled yet, before a master waits; a step that fails says so when it runs
        Running(block).step()
    return Server(running, speed_ratio=speed_ratio)
