from __future__ import annotations

import struct
import zlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.control.block import Running
from fifthwheel.verify import image
from fifthwheel.verify.xcp import Slave
from fifthwheel.verify.xcp.codes import MAX_CTO, MAX_DTO, Command, Error


def _toy() -> ModuleType:
    spec = spec_from_file_location("toy_of_xcp", Path(__file__).parents[1] / "toy.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOVERNOR = _toy().governor()
GAIN = image.address_of(GOVERNOR, "gain_nms")
WISHED = image.address_of(GOVERNOR, "wished_radps")
TORQUE = image.address_of(GOVERNOR, "torque_nm")


def slave() -> Slave:
    made = Slave(Running(GOVERNOR))
    made.offer_a2l(b"ASAP2_VERSION 1 70 " * 40)
    assert made.answer(b"\xff\x00") is not None
    return made


def ask(one: Slave, command: Command, form: str = "", *values: int | bytes) -> bytes:
    answer = one.answer(struct.pack("<B" + form, command, *values))
    assert answer is not None
    return answer


def done(one: Slave, command: Command, form: str = "", *values: int | bytes) -> bytes:
    """What follows 0xFF in the answer."""
    answer = ask(one, command, form, *values)
    assert answer[0] == 0xFF, answer.hex()
    return answer[1:]


def refused(one: Slave, command: Command, form: str = "", *values: int | bytes) -> Error:
    answer = ask(one, command, form, *values)
    assert answer[0] == 0xFE, answer.hex()
    return Error(answer[1])


def peek(one: Slave, address: int) -> float:
    (value,) = struct.unpack("<d", done(one, Command.SHORT_UPLOAD, "BxBI", 8, 0, address))
    return float(value)


def poke(one: Slave, address: int, value: float) -> bytes:
    return ask(one, Command.SHORT_DOWNLOAD, "BxBId", 8, 0, address, value)  # type: ignore[arg-type]


def measure(one: Slave, addresses: list[list[int]], mode: int = 0x10, prescaler: int = 1) -> None:
    """One list of an ODT for each list of addresses, started."""
    done(one, Command.FREE_DAQ)
    done(one, Command.ALLOC_DAQ, "xH", 1)
    done(one, Command.ALLOC_ODT, "xHB", 0, len(addresses))
    for odt, entries in enumerate(addresses):
        done(one, Command.ALLOC_ODT_ENTRY, "xHBB", 0, odt, len(entries))
    for odt, entries in enumerate(addresses):
        done(one, Command.SET_DAQ_PTR, "xHBB", 0, odt, 0)
        for address in entries:
            done(one, Command.WRITE_DAQ, "BBBI", 0xFF, 8, 0, address)
    done(one, Command.SET_DAQ_LIST_MODE, "BHHBB", mode, 0, 0, prescaler, 0)
    done(one, Command.START_STOP_DAQ_LIST, "BH", 2, 0)
    done(one, Command.START_STOP_SYNCH, "B", 1)


def test_nothing_but_connect_is_heard_without_a_session() -> None:
    one = Slave(Running(GOVERNOR))
    assert one.answer(b"\xfd") is None
    assert one.answer(b"") is None
    assert one.answer(b"\xff\x00") == struct.pack("<BBBBHBB", 0xFF, 0x05, 0x80, MAX_CTO, MAX_DTO, 1, 1)
    assert one.answer(b"\xfd") == bytes((0xFF, 0, 0, 0, 0, 0))
    assert one.answer(b"\xfe") == b"\xff"
    assert one.answer(b"\xfd") is None


def test_every_signal_is_read_where_the_image_says() -> None:
    one = slave()
    running = one.memory.running
    running.set(wished_radps=123.0)
    running.step()
    for name in GOVERNOR.places:
        assert peek(one, image.address_of(GOVERNOR, name)) == running[name]


def test_upload_goes_on_from_the_transfer_address() -> None:
    one = slave()
    done(one, Command.SET_MTA, "xxBI", 0, GAIN)
    data = done(one, Command.UPLOAD, "B", 12) + done(one, Command.UPLOAD, "B", 12)
    np.testing.assert_array_equal(np.frombuffer(data), one.memory.pages[0][:3])
    assert refused(one, Command.UPLOAD, "B", 0) is Error.OUT_OF_RANGE
    assert refused(one, Command.UPLOAD, "B", MAX_CTO) is Error.OUT_OF_RANGE


def test_calibration_reaches_the_block_and_keeps_to_ranges() -> None:
    one = slave()
    assert poke(one, GAIN, 12.5) == b"\xff"
    done(one, Command.SET_MTA, "xxBI", 0, WISHED)
    done(one, Command.DOWNLOAD, "Bd", 8, 40.0)  # type: ignore[arg-type]
    one.memory.running.step()
    assert one.memory.running["gain_nms"] == 12.5
    assert peek(one, TORQUE) > 12.5 * 40.0 * 0.3
    for wrong in (401.0, -1.0, float("nan"), float("inf")):
        assert poke(one, WISHED, wrong) == bytes((0xFE, Error.OUT_OF_RANGE))
    assert peek(one, WISHED) == 40.0


def test_what_cannot_be_read_or_written_is_refused() -> None:
    one = slave()
    assert poke(one, TORQUE, 1.0) == bytes((0xFE, Error.WRITE_PROTECTED))
    assert refused(one, Command.SHORT_UPLOAD, "BxBI", 8, 0, 0x100) is Error.ACCESS_DENIED
    assert refused(one, Command.SHORT_UPLOAD, "BxBI", 8, 7, GAIN) is Error.ACCESS_DENIED
    last = image.AREAS["parameters"] + 8 * len(GOVERNOR.parameters)
    assert refused(one, Command.SHORT_UPLOAD, "BxBI", 8, 0, last - 4) is Error.ACCESS_DENIED
    assert refused(one, Command.SHORT_DOWNLOAD, "BxBIi", 8, 0, GAIN, 0) is Error.CMD_SYNTAX  # four of eight bytes
    assert refused(one, Command.SET_MTA, "x") is Error.CMD_SYNTAX
    assert one.answer(b"\xd2") == bytes((0xFE, Error.CMD_UNKNOWN))  # PROGRAM_START
    assert refused(one, Command.SYNCH) is Error.CMD_SYNCH


def test_working_and_reference_page() -> None:
    one = slave()
    poke(one, GAIN, 9.0)
    done(one, Command.SET_CAL_PAGE, "BBB", 0x02, 0, 1)
    assert peek(one, GAIN) == 3.0
    assert poke(one, GAIN, 9.0) == bytes((0xFE, Error.WRITE_PROTECTED))
    assert one.memory.running["gain_nms"] == 9.0
    done(one, Command.SET_CAL_PAGE, "BBB", 0x81, 9, 1)
    assert one.memory.running["gain_nms"] == 3.0
    assert done(one, Command.GET_CAL_PAGE, "BB", 0x01, 0)[2] == 1
    done(one, Command.SET_CAL_PAGE, "BBB", 0x03, 0, 0)
    assert one.memory.running["gain_nms"] == 9.0
    done(one, Command.COPY_CAL_PAGE, "BBBB", 0, 1, 0, 0)
    assert one.memory.running["gain_nms"] == 3.0
    assert refused(one, Command.COPY_CAL_PAGE, "BBBB", 0, 0, 0, 1) is Error.WRITE_PROTECTED
    assert refused(one, Command.SET_CAL_PAGE, "BBB", 0x01, 0, 2) is Error.PAGE_NOT_VALID
    assert refused(one, Command.SET_CAL_PAGE, "BBB", 0x01, 1, 0) is Error.SEGMENT_NOT_VALID
    assert refused(one, Command.SET_CAL_PAGE, "BBB", 0x00, 0, 0) is Error.MODE_NOT_VALID
    assert refused(one, Command.GET_CAL_PAGE, "BB", 0x03, 0) is Error.MODE_NOT_VALID


def test_check_sum_identification_and_description() -> None:
    one = slave()
    done(one, Command.SET_MTA, "xxBI", 0, GAIN)
    size = 8 * len(GOVERNOR.parameters)
    kind, checksum = struct.unpack("<BxxI", done(one, Command.BUILD_CHECKSUM, "xxxI", size))
    assert (kind, checksum) == (9, zlib.crc32(one.memory.pages[0].tobytes()))
    assert ask(one, Command.BUILD_CHECKSUM, "xxxI", 0) == struct.pack("<BBxxI", 0xFE, Error.OUT_OF_RANGE, 0x100000)
    (length,) = struct.unpack("<xxxI", done(one, Command.GET_ID, "B", 4))
    text = b"".join(done(one, Command.UPLOAD, "B", min(240, length - at)) for at in range(0, length, 240))
    assert text == b"ASAP2_VERSION 1 70 " * 40
    assert refused(one, Command.UPLOAD, "B", 1) is Error.ACCESS_DENIED
    (length,) = struct.unpack("<xxxI", done(one, Command.GET_ID, "B", 5))
    name = done(one, Command.UPLOAD, "B", length)
    assert done(one, Command.SHORT_UPLOAD, "BxBI", len(name), 0, image.EPK) == name
    assert name.decode() == image.epk(GOVERNOR)


def test_measurement_with_time_stamps_over_two_odts() -> None:
    one = slave()
    measure(one, [[WISHED, TORQUE], [GAIN]])
    assert done(one, Command.GET_STATUS)[0] == 0x40
    running = one.memory.running
    running.set(wished_radps=77.0)
    for step in range(1, 4):
        running.step()
        first, second = one.sample(10_000 * step)
        assert struct.unpack("<BBIdd", first) == (0, 0, 10_000 * step, 77.0, running["torque_nm"])
        assert struct.unpack("<BBd", second) == (1, 0, 3.0)
    assert struct.unpack("<xBBI", done(one, Command.GET_DAQ_CLOCK)) == (0, 1, 30_000)
    assert refused(one, Command.SET_DAQ_PTR, "xHBB", 0, 0, 0) is Error.DAQ_ACTIVE
    assert refused(one, Command.SET_DAQ_LIST_MODE, "BHHBB", 0, 0, 0, 1, 0) is Error.DAQ_ACTIVE
    assert done(one, Command.GET_DAQ_LIST_MODE, "xH", 0) == struct.pack("<BxxHBB", 0x50, 0, 1, 0)
    done(one, Command.START_STOP_SYNCH, "B", 0)
    assert one.sample(40_000) == []


def test_time_stamps_wrap_and_a_prescaler_thins() -> None:
    one = slave()
    measure(one, [[WISHED]], prescaler=3)
    found = [len(one.sample((1 << 32) + step)) for step in range(9)]
    assert found == [1, 0, 0, 1, 0, 0, 1, 0, 0]
    measure(one, [[WISHED]])
    (packet,) = one.sample((1 << 32) + 5)
    assert struct.unpack_from("<I", packet, 2) == (5,)


def test_measurement_follows_the_page_and_many_entries_are_written_at_once() -> None:
    one = slave()
    measure(one, [[GAIN, GAIN]], mode=0)
    done(one, Command.START_STOP_SYNCH, "B", 0)
    done(one, Command.SET_DAQ_PTR, "xHBB", 0, 0, 0)
    done(one, Command.WRITE_DAQ_MULTIPLE, "BBBIBxBBIBx", 2, 0xFF, 8, WISHED, 0, 0xFF, 4, GAIN, 0)
    done(one, Command.SET_DAQ_PTR, "xHBB", 0, 0, 1)
    assert done(one, Command.READ_DAQ) == struct.pack("<BBBI", 0xFF, 4, 0, GAIN)
    done(one, Command.START_STOP_DAQ_LIST, "BH", 1, 0)
    assert [len(packet) for packet in one.sample(1)] == [14]


def test_the_order_of_allocation_and_its_limits() -> None:
    one = slave()
    done(one, Command.FREE_DAQ)
    assert refused(one, Command.ALLOC_ODT, "xHB", 0, 1) is Error.SEQUENCE
    assert refused(one, Command.ALLOC_DAQ, "xH", 0xFFFF) is Error.MEMORY_OVERFLOW
    done(one, Command.ALLOC_DAQ, "xH", 2)
    assert refused(one, Command.ALLOC_ODT_ENTRY, "xHBB", 0, 0, 1) is Error.SEQUENCE
    done(one, Command.ALLOC_ODT, "xHB", 1, 2)
    assert refused(one, Command.ALLOC_ODT, "xHB", 1, 251) is Error.MEMORY_OVERFLOW
    assert refused(one, Command.ALLOC_DAQ, "xH", 1) is Error.SEQUENCE
    done(one, Command.ALLOC_ODT_ENTRY, "xHBB", 1, 1, 3)
    assert refused(one, Command.ALLOC_ODT_ENTRY, "xHBB", 1, 2, 1) is Error.OUT_OF_RANGE
    assert refused(one, Command.SET_DAQ_PTR, "xHBB", 1, 1, 3) is Error.OUT_OF_RANGE
    assert refused(one, Command.SET_DAQ_PTR, "xHBB", 2, 0, 0) is Error.OUT_OF_RANGE
    assert refused(one, Command.START_STOP_DAQ_LIST, "BH", 1, 1) is Error.DAQ_CONFIG  # entries never written
    assert refused(one, Command.WRITE_DAQ, "BBBI", 0xFF, 8, 0, GAIN) is Error.DAQ_CONFIG  # no pointer set


def test_entries_that_cannot_be_measured_are_refused() -> None:
    one = slave()
    measure(one, [[GAIN]])
    done(one, Command.START_STOP_SYNCH, "B", 0)
    done(one, Command.SET_DAQ_PTR, "xHBB", 0, 0, 0)
    assert refused(one, Command.WRITE_DAQ, "BBBI", 3, 1, 0, GAIN) is Error.OUT_OF_RANGE
    assert refused(one, Command.WRITE_DAQ, "BBBI", 0xFF, 249, 0, GAIN) is Error.OUT_OF_RANGE
    assert refused(one, Command.WRITE_DAQ, "BBBI", 0xFF, 8, 0, 0x20) is Error.ACCESS_DENIED
    assert refused(one, Command.WRITE_DAQ, "BBBI", 0xFF, 8, 1, 0) is Error.ACCESS_DENIED
    assert refused(one, Command.SET_DAQ_LIST_MODE, "BHHBB", 0x02, 0, 0, 1, 0) is Error.MODE_NOT_VALID  # stimulation
    assert refused(one, Command.SET_DAQ_LIST_MODE, "BHHBB", 0, 0, 1, 1, 0) is Error.OUT_OF_RANGE
    assert refused(one, Command.SET_DAQ_LIST_MODE, "BHHBB", 0, 0, 0, 0, 0) is Error.OUT_OF_RANGE


def test_packets_longer_than_a_frame_are_refused_at_the_start() -> None:
    one = slave()
    fits = (MAX_DTO - 6) // 8
    measure(one, [[GAIN] * fits])
    assert len(one.sample(0)[0]) == MAX_DTO
    done(one, Command.START_STOP_SYNCH, "B", 0)
    with pytest.raises(AssertionError, match=f"fe{Error.DAQ_CONFIG:02x}"):
        measure(one, [[GAIN] * (fits + 1)])


def test_a_new_connect_forgets_what_was_measured() -> None:
    one = slave()
    measure(one, [[GAIN]])
    one.answer(b"\xff\x00")
    assert one.sample(0) == []
    assert one.end() == b"\xfd\x07"
    assert one.answer(b"\xfd") is None


COMMANDS = st.sampled_from(sorted(Command))
LISTED = st.builds(lambda code, rest: bytes((code,)) + rest, COMMANDS, st.binary(max_size=MAX_CTO))
NEAR = st.builds(
    lambda code, form: struct.pack("<BBBBI", code, *form), COMMANDS,
    st.tuples(
        st.integers(0, 255), st.integers(0, 3), st.integers(0, 3), st.sampled_from([0, 1, GAIN, WISHED, TORQUE, image.EPK])
    ),
)  # fmt: skip


@given(st.lists(st.one_of(LISTED, NEAR, st.binary(max_size=MAX_CTO)), max_size=40))
def test_no_packet_whatever_breaks_the_slave(packets: list[bytes]) -> None:
    one = slave()
    for step, packet in enumerate(packets):
        answer = one.answer(packet)
        assert answer is None or (len(answer) <= MAX_CTO and answer[0] in {0xFF, 0xFE})
        one.memory.running.step()
        assert all(2 <= len(measured) <= MAX_DTO for measured in one.sample(step))
        assert np.isfinite(one.memory.running.parameters).all()
    assert one.answer(b"\xff\x00") is not None
