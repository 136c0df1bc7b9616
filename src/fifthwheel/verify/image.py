"""The memory image of a block: where calibration tools (A2L, XCP) find its inputs, outputs and parameters.

Every signal is one little-endian IEEE double at ``area + 8 * index``.
"""

from __future__ import annotations

from typing import Final
from zlib import crc32

import numpy as np

from fifthwheel import __version__
from fifthwheel.control.block import Block, Floats, Running, Signal
from fifthwheel.errors import InputError, UnknownName

AREAS: Final = {"inputs": 0x1000_0000, "outputs": 0x2000_0000, "parameters": 0x8000_0000}
"""First address of each kind."""
EPK: Final = 0x9000_0000
"""Address of the identification that ties an A2L file to an image, ASCII."""
SIZE: Final = 8
WORKING, REFERENCE = 0, 1
"""Pages of the parameters: the one to be changed, and the calibration as delivered, which is read only."""


def address_of(block: Block, name: str) -> int:
    """Address of the signal called `name`; raises `UnknownName`."""
    if name not in block.places:
        raise UnknownName(f"signal of {block.name}", name, block.places)
    kind, index = block.places[name]
    return AREAS[kind] + SIZE * index


def epk(block: Block) -> str:
    """Identification of the image: name, version, and a check sum over names and places of all signals."""
    layout = " ".join(f"{name}@{address_of(block, name):x}" for name in block.places)
    return f"{block.name} {__version__} {crc32(layout.encode()):08x}"


class NoMemory(InputError):
    """Nothing stands at that address."""


class WriteProtected(InputError):
    """What stands at that address is read only."""


class Memory:
    """The image of a running block, read and written by address, with two pages of parameters.

    Attributes
    ----------
    pages : working and reference page of the parameters, shape ``(n_parameters,)`` each.
    xcp_page : page that `read` and `write` see. The block itself runs on `ecu_page`.
    """

    def __init__(self, running: Running) -> None:
        self.running = running
        self.pages = (running.parameters, running.parameters.copy())
        self.xcp_page = WORKING
        self._epk = epk(running.block).encode("ascii")

    @property
    def ecu_page(self) -> int:
        """Page of parameters that the block runs on."""
        return WORKING if self.running.parameters is self.pages[WORKING] else REFERENCE

    @ecu_page.setter
    def ecu_page(self, page: int) -> None:
        self.running.parameters = self.pages[page]

    def restore(self) -> None:
        """Bring the working page back to the reference."""
        self.pages[WORKING][:] = self.pages[REFERENCE]

    def read(self, address: int, size: int) -> bytes:
        """The `size` bytes from `address`; raises `NoMemory`."""
        if address >= EPK and address + size <= EPK + len(self._epk):
            return self._epk[address - EPK :][:size]
        _, values, start = self._area(address, size)
        return values.view(np.uint8)[start : start + size].tobytes()

    def write(self, address: int, data: bytes) -> None:
        """Put `data` at `address`: inputs and the working page only, and only values that the signals accept.

        Raises
        ------
        NoMemory, WriteProtected : as they say. InputError : a value outside the range of its signal; nothing is changed.
        """
        kind, values, start = self._area(address, len(data))
        if kind == "outputs" or (kind == "parameters" and self.xcp_page != WORKING):
            raise WriteProtected(f"address 0x{address:08X} is in the {kind}; inputs and the working page can be written")
        changed = values.copy()
        changed.view(np.uint8)[start : start + len(data)] = np.frombuffer(data, np.uint8)
        signals: tuple[Signal, ...] = getattr(self.running.block, kind)
        for index in range(start // SIZE, -(-(start + len(data)) // SIZE)):
            one = signals[index]
            if not one.low <= changed[index] <= one.high:
                raise InputError(f"{one.name} is {changed[index]} {one.unit}; {one.low} to {one.high} {one.unit} is accepted")
        values[:] = changed

    def _area(self, address: int, size: int) -> tuple[str, Floats, int]:
        """Kind, array and offset in bytes of what stands from `address` on."""
        running = self.running
        arrays = {"inputs": running.inputs, "outputs": running.outputs, "parameters": self.pages[self.xcp_page]}
        for kind, values in arrays.items():
            start = address - AREAS[kind]
            if start >= 0 and start + size <= values.nbytes:
                return kind, values, start
        raise NoMemory(f"{size} bytes at 0x{address:08X} are not in the image of {running.block.name}")
