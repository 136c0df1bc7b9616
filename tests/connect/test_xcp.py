from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.connect.xcp import HEADER, Server
from fifthwheel.control.block import Block, Running
from fifthwheel.errors import InputError, SimulationError
from fifthwheel.verify.a2l import describe
from fifthwheel.verify.image import address_of
from fifthwheel.verify.loop import closed

CONNECT, STATUS, DISCONNECT = b"\xff\x00", b"\xfd", b"\xfe"
ANSWER_S = 10.0


def _toy() -> ModuleType:
    spec = spec_from_file_location("toy_of_connect", Path(__file__).parents[1] / "verify" / "toy.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOY = _toy()


def loop() -> Block:
    return closed("loop", [TOY.governor(), TOY.shaft()])


@asynccontextmanager
async def serving(block: Block, speed_ratio: float = 1.0) -> AsyncIterator[Server]:
    server = Server(Running(block), speed_ratio=speed_ratio)
    await server.start(port=0)
    task = asyncio.create_task(server.run())
    try:
        yield server
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, SimulationError):
            await task
        await server.close()


class Peer:
    """A master of the tests' own: packets over one socket, blocking; ``counters`` are those of the messages it got."""

    def __init__(self, port: int, kind: socket.SocketKind) -> None:
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.settimeout(ANSWER_S)
        self.socket.connect(("127.0.0.1", port))
        self.udp = kind is socket.SOCK_DGRAM
        self.counters: list[int] = []

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *packets: bytes) -> None:
        self.socket.sendall(b"".join(HEADER.pack(len(packet), 0) + packet for packet in packets))

    def packet(self) -> bytes:
        data = self.socket.recv(65536) if self.udp else self._exactly(HEADER.size)
        size, counter = HEADER.unpack_from(data)
        self.counters.append(counter)
        return data[HEADER.size :] if self.udp else self._exactly(size)

    def ask(self, packet: bytes) -> bytes:
        self.send(packet)
        return self.packet()

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data


KINDS = pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM], ids=["udp", "tcp"])


def with_pyxcp(port: int, protocol: str, block: Block, names: list[str], samples: int) -> dict[str, Any]:
    """Connect with pyxcp, read, write, and measure `names` each step for `samples` steps."""
    from pyxcp.config import create_application_from_config, set_application
    from pyxcp.cpp_ext.cpp_ext import DaqList
    from pyxcp.daq_stim import DaqOnlinePolicy
    from pyxcp.master.master import Master

    settings_ = {"host": "127.0.0.1", "port": port, "protocol": protocol, "ipv6": False, "tcp_nodelay": True}
    application = create_application_from_config({"Transport": {"Eth": settings_}}, log_level=40)
    set_application(application)
    enough = threading.Event()

    class Policy(DaqOnlinePolicy):
        rows: list[tuple[int, list[float]]] = []  # noqa: RUF012

        def initialize(self) -> None:
            self.rows = []

        def on_daq_list(self, _list: int, _received: int, stamp: int, values: list[float]) -> None:
            self.rows.append((stamp, values))
            if len(self.rows) >= samples:
                enough.set()

        def finalize(self) -> None:
            pass

    measured = [(name, address_of(block, name), 0, "F64") for name in names]
    lists = [DaqList(name="all", event_num=0, stim=False, enable_timestamps=True, measurements=measured, priority=0, prescaler=1)]
    policy: Any = Policy(lists)
    with Master("eth", config=application, policy=policy) as master:
        master.connect()
        pages, info = master.getPagInfo(), master.getDaqInfo()
        text = master.identifier(4)
        master.setMta(address_of(block, "gain_nms"))
        master.download(struct.pack("<d", 4.5))
        gain = struct.unpack("<d", master.shortUpload(8, address_of(block, "gain_nms")))
        policy.setup()
        policy.start()
        complete = enough.wait(60.0)
        policy.stop()
        master.disconnect()
    order = [header[0] for header in lists[0].headers]  # the master sorts what it measures
    columns = dict(zip(order, np.array([values for _, values in policy.rows]).T, strict=True))
    return {
        "rows": policy.rows,
        "columns": columns,
        "complete": complete,
        "gain": gain,
        "pages": pages,
        "info": info,
        "text": text,
    }


@pytest.mark.parametrize("protocol", ["UDP", "TCP"])
async def test_a21_pyxcp_measures_and_calibrates_without_loss(protocol: str) -> None:
    block = loop()
    names = ["torque_nm", "shaft.speed_radps", "gain_nms", "integral_nm"]
    async with serving(block) as server:
        found = await asyncio.to_thread(with_pyxcp, server.port, protocol, block, names, 1000)
    assert found["complete"]
    stamps = np.array([stamp for stamp, _ in found["rows"]])
    np.testing.assert_array_equal(np.diff(stamps), 1_000_000)  # each step of 1 ms, in ns
    assert found["gain"] == (4.5,)
    assert set(found["columns"]["gain_nms"]) == {4.5}
    assert len(set(found["columns"]["shaft.speed_radps"])) > 900
    assert found["pages"]["segments"][0]["length"] == 8 * len(block.parameters)
    assert found["info"]["channels"][0]["name"] == "every 1 ms"
    assert found["text"].removeprefix("\ufeff") == describe(block, port=server.port)


@KINDS
async def test_a_session_over_a_socket_of_our_own(kind: socket.SocketKind) -> None:
    def session(port: int) -> tuple[list[bytes], list[int]]:
        with Peer(port, kind) as peer:
            answers = [peer.ask(packet) for packet in (CONNECT, STATUS, b"\xd2", DISCONNECT)]
            peer.send(STATUS, CONNECT)  # the first is not heard: no session
            return [*answers, peer.packet()], peer.counters

    async with serving(loop()) as server:
        answers, counters = await asyncio.to_thread(session, server.port)
    assert [answer[0] for answer in answers] == [0xFF, 0xFF, 0xFE, 0xFF, 0xFF]
    assert counters == [0, 1, 2, 3, 4]


@KINDS
async def test_the_last_master_to_connect_has_the_session(kind: socket.SocketKind) -> None:
    def sessions(port: int) -> list[bytes]:
        with Peer(port, kind) as first, Peer(port, socket.SOCK_DGRAM) as second:
            answers = [first.ask(CONNECT), second.ask(CONNECT), first.packet(), second.ask(STATUS)]
            with suppress(OSError):  # over TCP it has been let go
                first.send(STATUS)
            return [*answers, second.ask(STATUS)]

    async with serving(loop()) as server:
        answers = await asyncio.to_thread(sessions, server.port)
    assert [answer[0] for answer in answers] == [0xFF, 0xFF, 0xFD, 0xFF, 0xFF]
    assert answers[2] == b"\xfd\x07"  # EV_SESSION_TERMINATED


@pytest.mark.parametrize("size", [0, 251, 0xFFFF])
async def test_a_tcp_master_that_breaks_the_framing_is_let_go(size: int) -> None:
    def session(port: int) -> tuple[bytes, bytes]:
        with Peer(port, socket.SOCK_STREAM) as peer, Peer(port, socket.SOCK_STREAM) as other:
            peer.ask(CONNECT)
            peer.socket.sendall(HEADER.pack(size, 0))
            return peer.socket.recv(16), other.ask(CONNECT)

    async with serving(loop()) as server:
        end, answer = await asyncio.to_thread(session, server.port)
    assert (end, answer[0]) == (b"", 0xFF)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_no_datagram_whatever_stops_the_service(datagrams: list[bytes]) -> None:
    def session(port: int) -> bytes:
        with Peer(port, socket.SOCK_DGRAM) as peer, Peer(port, socket.SOCK_DGRAM) as fresh:
            peer.ask(CONNECT)
            for datagram in datagrams:
                peer.socket.send(datagram)
            return fresh.ask(CONNECT)

    async def serve() -> bytes:
        async with serving(loop()) as server:
            return await asyncio.to_thread(session, server.port)

    assert asyncio.run(serve())[0] == 0xFF


async def test_a_failing_block_tells_the_master_why() -> None:
    block = TOY.broken()
    running = Running(block)
    server = Server(running, speed_ratio=0.0)
    await server.start(port=0)

    def session() -> tuple[bytes, bytes]:
        with Peer(server.port, socket.SOCK_DGRAM) as peer:
            peer.ask(CONNECT)
            put = struct.pack("<BBxBId", 0xED, 8, 0, address_of(block, "by_ratio"), 0.0)
            return peer.ask(put), peer.packet()

    task = asyncio.create_task(server.run())
    answer, text = await asyncio.to_thread(session)
    with pytest.raises(SimulationError, match="broken stopped at"):
        await task
    await server.close()
    assert answer == b"\xff"
    assert text.startswith(b"\xfc\x01broken stopped at")


async def test_time_is_simulated_and_the_loop_holds_its_speed() -> None:
    running = Running(loop(), **{"gain_nms": 50.0})
    running.set(wished_radps=80.0)
    server = Server(running, speed_ratio=0.0)
    await server.run(duration_s=30.0)
    assert server.steps == 30_000
    assert running["shaft.speed_radps"] == pytest.approx(80.0, rel=5e-3)


async def test_a_port_in_use_and_an_impossible_speed_are_refused() -> None:
    async with serving(loop()) as server:
        running = Running(loop())
        other = Server(running)
        with pytest.raises(InputError, match="cannot be listened on"):
            await other.start(port=server.port)
        with pytest.raises(InputError, match="speed -1"):
            Server(running, speed_ratio=-1.0)
