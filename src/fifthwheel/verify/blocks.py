"""Every control unit and plant by name; a name is also ``package.module:function``, so that blocks of your own are delivered."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from fifthwheel.control.block import Block
from fifthwheel.errors import InputError, UnknownName

MAKERS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {}
"""Name -> ``package.module:function`` that makes the block, and its arguments."""


def names() -> tuple[str, ...]:
    """Names of the blocks that come with this package."""
    return tuple(MAKERS)


def block(name: str) -> Block:
    """The block called `name`, or made by the function at ``package.module:function``.

    Raises
    ------
    UnknownName : no such block. InputError : that function cannot be found, or it makes no `Block`.
    """
    path, arguments = MAKERS.get(name, (name, ()))
    if ":" not in path:
        raise UnknownName("block", name, MAKERS)
    made = _function(path)(*arguments)
    if not isinstance(made, Block):
        raise InputError(f"{path} makes a {type(made).__name__}; a fifthwheel.control.block.Block is accepted")
    return made


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
