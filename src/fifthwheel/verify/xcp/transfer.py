"""Reading, writing and page switching of the XCP slave: the memory transfer address and what stands there."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final
from zlib import crc32

from fifthwheel.errors import InputError
from fifthwheel.verify.image import AREAS, REFERENCE, WORKING, Memory, NoMemory, WriteProtected
from fifthwheel.verify.xcp.codes import MAX_CTO, Command, Error, Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT: Final = 1
"""Address extension of texts that the slave offers (A2L file, names); 0 is the image."""
CRC_32: Final = 0x09
MOST_CHECKED: Final = 0x10_0000
MODE_ECU, MODE_XCP, MODE_ALL = 0x01, 0x02, 0x80
_PAGE_INFO: Final = {WORKING: 0x3F, REFERENCE: 0x0F}
"""Both pages may be run on and read at any time; the reference may not be written."""


class Transfer:
    """The commands that read, write and switch pages, around one pointer into the memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.extension = 0
        self.address = 0
        self._text = b""

    def commands(self) -> dict[int, Callable[[bytes], bytes]]:
        """Handlers by command code: a packet to what follows 0xFF in its answer."""
        return {
            Command.SET_MTA: self._set_mta, Command.UPLOAD: self._upload, Command.SHORT_UPLOAD: self._short_upload,
            Command.BUILD_CHECKSUM: self._checksum, Command.DOWNLOAD: self._download,
            Command.SHORT_DOWNLOAD: self._short_download, Command.SET_CAL_PAGE: self._set_page,
            Command.GET_CAL_PAGE: self._get_page, Command.GET_PAG_PROCESSOR_INFO: self._pag_processor,
            Command.GET_SEGMENT_INFO: self._segment_info, Command.GET_PAGE_INFO: self._page_info,
            Command.COPY_CAL_PAGE: self._copy_page,
        }  # fmt: skip

    def read(self, extension: int, address: int, size: int) -> bytes:
        """The `size` bytes from `address`; refused where nothing stands."""
        if extension == TEXT:
            refuse(address + size > len(self._text), Error.ACCESS_DENIED)
            return self._text[address : address + size]
        refuse(extension != 0, Error.ACCESS_DENIED)
        try:
            return self.memory.read(address, size)
        except NoMemory as error:
            raise Refused(Error.ACCESS_DENIED) from error

    def write(self, extension: int, address: int, data: bytes) -> None:
        """Put `data` at `address`; refused where nothing can be written or a value is out of range."""
        refuse(extension != 0, Error.ACCESS_DENIED)
        try:
            self.memory.write(address, data)
        except NoMemory as error:
            raise Refused(Error.ACCESS_DENIED) from error
        except WriteProtected as error:
            raise Refused(Error.WRITE_PROTECTED) from error
        except InputError as error:
            raise Refused(Error.OUT_OF_RANGE) from error

    def offer(self, text: bytes) -> None:
        """Point at `text`, for the master to upload."""
        self._text, self.extension, self.address = text, TEXT, 0

    def _set_mta(self, packet: bytes) -> bytes:
        self.extension, self.address = struct.unpack_from("<3xBI", packet)
        return b""

    def _take(self, size: int) -> bytes:
        refuse(not 1 <= size <= MAX_CTO - 1, Error.OUT_OF_RANGE)
        data = self.read(self.extension, self.address, size)
        self.address += size
        return data

    def _upload(self, packet: bytes) -> bytes:
        return self._take(*struct.unpack_from("<xB", packet))

    def _short_upload(self, packet: bytes) -> bytes:
        size, self.extension, self.address = struct.unpack_from("<xBxBI", packet)
        return self._take(size)

    def _put(self, size: int, data: bytes) -> bytes:
        refuse(size == 0 or len(data) < size, Error.CMD_SYNTAX)
        self.write(self.extension, self.address, data[:size])
        self.address += size
        return b""

    def _download(self, packet: bytes) -> bytes:
        (size,) = struct.unpack_from("<xB", packet)
        return self._put(size, packet[2:])

    def _short_download(self, packet: bytes) -> bytes:
        size, self.extension, self.address = struct.unpack_from("<xBxBI", packet)
        return self._put(size, packet[8:])

    def _checksum(self, packet: bytes) -> bytes:
        (size,) = struct.unpack_from("<4xI", packet)
        if not 1 <= size <= MOST_CHECKED:
            raise Refused(Error.OUT_OF_RANGE, struct.pack("<2xI", MOST_CHECKED))
        found = crc32(self.read(self.extension, self.address, size))
        self.address += size
        return struct.pack("<B2xI", CRC_32, found)

    def _set_page(self, packet: bytes) -> bytes:
        mode, segment, page = struct.unpack_from("<xBBB", packet)
        refuse(segment != 0 and not mode & MODE_ALL, Error.SEGMENT_NOT_VALID)
        refuse(page not in _PAGE_INFO, Error.PAGE_NOT_VALID)
        refuse(not mode & (MODE_ECU | MODE_XCP), Error.MODE_NOT_VALID)
        if mode & MODE_ECU:
            self.memory.ecu_page = page
        if mode & MODE_XCP:
            self.memory.xcp_page = page
        return b""

    def _get_page(self, packet: bytes) -> bytes:
        mode, segment = struct.unpack_from("<xBB", packet)
        refuse(segment != 0, Error.SEGMENT_NOT_VALID)
        refuse(mode not in {MODE_ECU, MODE_XCP}, Error.MODE_NOT_VALID)
        return struct.pack("<2xB", self.memory.ecu_page if mode == MODE_ECU else self.memory.xcp_page)

    def _pag_processor(self, _packet: bytes) -> bytes:
        return struct.pack("<BB", 1, 0)

    def _segment_info(self, packet: bytes) -> bytes:
        mode, segment, info, _mapping = struct.unpack_from("<xBBBB", packet)
        refuse(segment != 0, Error.SEGMENT_NOT_VALID)
        if mode == 0 and info <= 1:
            return struct.pack("<3xI", (AREAS["parameters"], self.memory.pages[WORKING].nbytes)[info])
        refuse(mode != 1, Error.OUT_OF_RANGE)
        return struct.pack("<BBBBB", len(_PAGE_INFO), 0, 0, 0, 0)

    def _page_info(self, packet: bytes) -> bytes:
        segment, page = struct.unpack_from("<2xBB", packet)
        refuse(segment != 0, Error.SEGMENT_NOT_VALID)
        refuse(page not in _PAGE_INFO, Error.PAGE_NOT_VALID)
        return struct.pack("<BB", _PAGE_INFO[page], 0)

    def _copy_page(self, packet: bytes) -> bytes:
        from_segment, from_page, to_segment, to_page = struct.unpack_from("<xBBBB", packet)
        refuse(from_segment != 0 or to_segment != 0, Error.SEGMENT_NOT_VALID)
        refuse(from_page not in _PAGE_INFO or to_page not in _PAGE_INFO, Error.PAGE_NOT_VALID)
        refuse(to_page == REFERENCE, Error.WRITE_PROTECTED)
        if from_page == REFERENCE:
            self.memory.restore()
        return b""
