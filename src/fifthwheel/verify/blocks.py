"""Every control unit and plant by name; a name is also ``package.module:function``, so that blocks of your own are delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from fifthwheel.control.block import Block
from fifthwheel.errors import InputError, UnknownName

MAKERS: Final[Mapping[str, str]] = {
    "heavy_dct": "fifthwheel.control.gearbox:block",
    "heavy_amt": "fifthwheel.verify.blocks:heavy_amt",
    "engine_control": "fifthwheel.control.engine:block",
    "ebs": "fifthwheel.verify.blocks:ebs",
    "cruise": "fifthwheel.control.cruise:block",
    "energy_unit": "fifthwheel.control.energy:block",
    "shift_plant": "fifthwheel.simulate.shift:block",
    "engine_bench": "fifthwheel.simulate.bench:block",
    "planar_vehicle": "fifthwheel.simulate.handling:block",
    "dct_on_driveline": "fifthwheel.verify.blocks:dct_on_driveline",
    "engine_on_bench": "fifthwheel.verify.blocks:engine_on_bench",
}
"""Name -> function that makes the block: control units, then plants, then a unit and its plant as a closed loop."""


def names() -> tuple[str, ...]:
    """Names of the blocks that come with this package."""
    return tuple(MAKERS)


def block(name: str) -> Block:
    """The block called `name`, or made by the function at ``package.module:function``.

    Raises
    ------
    UnknownName : no such block. InputError : that function cannot be found, or it makes no `Block`.
    """
    path = MAKERS.get(name, name)
    if ":" not in path:
        raise UnknownName("block", name, MAKERS)
    made = _function(path)()
    if not isinstance(made, Block):
        raise InputError(f"{path} makes a {type(made).__name__}; a fifthwheel.control.block.Block is accepted")
    return made


def heavy_amt() -> Block:
    """The control unit of the twelve-speed automated transmission."""
    from fifthwheel.control import gearbox

    return gearbox.block("heavy_amt")


def dct_on_driveline() -> Block:
    """The dual-clutch unit with its driveline at standstill, engine idling: free are pedals, selector, faults and the day."""
    from fifthwheel.control import gearbox
    from fifthwheel.simulate import shift
    from fifthwheel.verify.loop import closed

    return closed("dct_on_driveline", [gearbox.block(), shift.block()])


def ebs() -> Block:
    """The electronic brake system of the planar vehicle's combination, compiled."""
    from fifthwheel.simulate.handling import braked
    from fifthwheel.simulate.handling.rig import rig

    return braked.ebs(rig("tractor_4x2_semitrailer_40t"))


def engine_on_bench() -> Block:
    """The engine control unit with its engine at rest on the bench; free are the key (2 starts), pedals, load and the day."""
    from fifthwheel.control import engine
    from fifthwheel.simulate import bench
    from fifthwheel.verify.loop import closed

    speed = {"crank_radps": "engine_bench.engine_radps", "cam_radps": "engine_bench.engine_radps"}
    return closed("engine_on_bench", [engine.block(), bench.block(idling=False)], speed)


def _function(path: str) -> Callable[..., object]:
    module, _, attribute = path.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"block {path!r}: {error}; package.module:function that can be imported is accepted") from error
    if not callable(found):
        raise InputError(f"block {path!r} is no function; a function without arguments that makes a Block is accepted")
    made: Callable[..., object] = found
    return made
