"""The gateway over real TCP: enrolment, sessions, acknowledgements, limits; with a clock that only the test moves."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from struct import pack

import pytest

from fifthwheel.codec import hashframe
from fifthwheel.codec.chinatime import sixes
from fifthwheel.codec.jt808.frame import Cutter, Frame, build, parse, split
from fifthwheel.connect.enrolment import Policy, Registrar
from fifthwheel.connect.gateway import Gateway
from fifthwheel.connect.journal import Entry
from fifthwheel.connect.journal.segments import Journal
from fifthwheel.connect.limits import Limits
from fifthwheel.records import Records, VehicleRecord

NOW_US = 1_760_000_000_000_000
PHONE = "013800138000"
VIN = "LFWSRXSJ5N1E01234"


@dataclass
class Clock:
    """UTC microseconds that stand still until a test moves them."""

    now_us: int = NOW_US

    def __call__(self) -> int:
        return self.now_us

    def advance(self, seconds: float) -> None:
        self.now_us += int(seconds * 1e6)


@dataclass
class Stores:
    """What a workspace holds, and a short way to look into the journal."""

    root: Path
    clock: Clock
    records: Records
    journal: Journal

    def entries(self) -> list[Entry]:
        return self.journal.read(-1, 100_000)

    def refusals(self) -> list[str]:
        return [entry.refusal.partition(":")[0] for entry in self.entries() if entry.refusal]

    def audits(self) -> list[str]:
        return [entry.what for entry in self.records.audit_log()]


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    records = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    journal = Journal(tmp_path / "journal")
    yield Stores(tmp_path, Clock(), records, journal)
    journal.close()
    records.close()


@dataclass
class Line:
    """The terminal's end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cutter: Cutter | hashframe.Cutter
    _ready: list[bytes] = field(default_factory=list)

    async def ask(self, *frames: bytes, answers: int = 1) -> list[bytes]:
        """Send `frames` and wait for so many answers."""
        self.writer.write(b"".join(frames))
        while len(self._ready) < answers:
            data = await asyncio.wait_for(self.reader.read(65536), 10)
            assert data, "the gateway closed the connection"
            self._ready += [item for item in self.cutter.feed(data) if isinstance(item, bytes)]
        found, self._ready = self._ready[:answers], self._ready[answers:]
        return found

    async def tell(self, *frames: bytes, answers: int = 1) -> list[Frame]:
        """`ask` on JT/T 808, answers opened."""
        return [parse(answer) for answer in await self.ask(*frames, answers=answers)]

    async def results(self, *frames: bytes) -> list[int]:
        """Result of the answer to each frame."""
        return [answer.body[-1] for answer in await self.tell(*frames, answers=len(frames))]

    async def closed(self) -> bool:
        """Whether the gateway closes the connection; what it still says is dropped."""
        try:
            while await asyncio.wait_for(self.reader.read(65536), 10):
                pass
        except ConnectionResetError:
            return True
        return True


@dataclass
class Running:
    """A gateway and its port."""

    gateway: Gateway
    port: int
    stack: AsyncExitStack

    async def jt808(self) -> Line:
        return await self._line(Cutter())

    async def hashes(self) -> Line:
        return await self._line(hashframe.Cutter())

    async def _line(self, cutter: Cutter | hashframe.Cutter) -> Line:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.stack.callback(writer.close)
        return Line(reader, writer, cutter)


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start(stores: Stores) -> AsyncIterator[Start]:
    """``await start(policy="open", port="jt808", **limits)``: a running gateway."""
    async with AsyncExitStack() as stack:

        async def run(policy: Policy = "open", port: str = "jt808", **limits: float) -> Running:
            registrar = Registrar(stores.records, policy=policy, now_us=stores.clock)
            gateway = Gateway(stores.journal, registrar, Limits(**limits), now_us=stores.clock)  # type: ignore[arg-type]
            return await stack.enter_async_context(running(gateway, port, stack))

        yield run


@asynccontextmanager
async def running(gateway: Gateway, port: str, stack: AsyncExitStack) -> AsyncIterator[Running]:
    ports = await gateway.start("127.0.0.1", {port: 0})
    try:
        yield Running(gateway, ports[port], stack)
    finally:
        await gateway.close()


# What terminals say


def position(serial: int, *, phone: str = PHONE, second: int = 0) -> bytes:
    """0x0200, in the edition of `phone`."""
    stamp = bytes.fromhex(f"2510091600{second:02d}")
    body = pack(">IIIIHHH", 0, 3, 31_230_000, 121_470_000, 30, 600, 90) + stamp
    return build(Frame(0x0200, phone, serial, body, "2019" if len(phone) == 20 else "2013"))


def registration(phone: str = PHONE, *, terminal: str = "T000001", plate: str = "沪A12345", colour: int = 2) -> bytes:
    body = (
        bytes(4)
        + b"MAKER"
        + b"MODEL".ljust(20, b"\0")
        + terminal.encode().ljust(7, b"\0")
        + bytes([colour])
        + plate.encode("gbk")
    )
    return build(Frame(0x0100, phone, 1, body))


def authentication(code: bytes, phone: str = PHONE) -> bytes:
    if len(phone) == 12:
        return build(Frame(0x0102, phone, 2, code))
    body = bytes([len(code)]) + code + b"868120000000001" + b"V1.0".ljust(20, b"\0")
    return build(Frame(0x0102, phone, 2, body, "2019"))


def gbt32960(command: int, data: bytes, vin: str = VIN) -> bytes:
    return hashframe.seal(b"##" + bytes([command, 0xFE]) + vin.encode() + b"\1", data)


def gb17691(command: int, data: bytes, vin: str = VIN) -> bytes:
    return hashframe.seal(b"##" + bytes([command]) + vin.encode() + b"\x01\1", data)


def login(card: str = "89860000000000000001") -> bytes:
    """Data of a login on the two wires that log in by VIN."""
    return sixes(NOW_US).tobytes() + b"\0\1" + card.encode()


GENERAL, REGISTERED = 0x8001, 0x8100
REALTIME = sixes(NOW_US).tobytes() + bytes.fromhex("05 00 073D8490 01DC8A70")


# Enrolment and sessions on JT/T 808


async def test_a_terminal_registers_authenticates_and_is_answered_when_its_position_is_stored(
    start: Start, stores: Stores
) -> None:
    line = await (await start()).jt808()
    (answer,) = await line.tell(registration())
    assert (answer.message_id, answer.body[:3]) == (REGISTERED, b"\0\1\0")
    code = answer.body[3:]
    assert await line.results(authentication(code), position(7)) == [0, 0]
    assert stores.entries()[-1].frame == position(7)
    assert stores.records.identify("plate", "沪A12345") == stores.records.identify("jt808", PHONE) == "沪A12345"


async def test_the_code_has_128_bits_and_only_its_hash_is_kept(start: Start, stores: Stores) -> None:
    line = await (await start()).jt808()
    (answer,) = await line.tell(registration())
    code = answer.body[3:]
    await line.tell(authentication(code))
    enrolled = stores.records.enrolment("jt808", PHONE)
    assert enrolled is not None
    assert len(bytes.fromhex(code.decode())) == 16
    assert enrolled.secret_hash == sha256(code).hexdigest()
    assert not any(code in path.read_bytes() for path in stores.root.rglob("*") if path.is_file())


async def test_nothing_but_registration_and_heartbeat_before_authentication(start: Start, stores: Stores) -> None:
    line = await (await start()).jt808()
    heartbeat = build(Frame(0x0002, PHONE, 1))
    assert await line.results(position(1), heartbeat, position(2)) == [1, 0, 1]
    assert stores.refusals() == ["not authenticated"] * 2
    assert [entry.frame for entry in stores.entries()] == [position(1), position(2)]


async def test_a_wrong_code_is_refused_and_the_right_one_still_works(start: Start, stores: Stores) -> None:
    line = await (await start()).jt808()
    (answer,) = await line.tell(registration())
    assert await line.results(authentication(b"guess"), authentication(answer.body[3:])) == [1, 0]
    assert "refused: the authentication code is wrong" in stores.audits()


async def test_a_terminal_that_never_registers_binds_its_code_on_first_use(start: Start, stores: Stores) -> None:
    running_gateway = await start()
    first = await running_gateway.jt808()
    assert await first.results(authentication(b"factory code"), position(1)) == [0, 0]
    assert stores.records.identify("jt808", PHONE) == "13800138000"
    assert await first.results(build(Frame(0x0003, PHONE, 5))) == [0]
    second = await running_gateway.jt808()
    assert await second.results(authentication(b"another code"), authentication(b"factory code")) == [1, 0]


async def test_a_terminal_registers_as_2013_and_goes_on_as_2019(start: Start) -> None:
    line = await (await start()).jt808()
    (answer,) = await line.tell(registration())
    newer = PHONE.rjust(20, "0")
    answers = await line.tell(authentication(answer.body[3:], newer), position(1, phone=newer), position(2), answers=3)
    assert [(a.version, a.phone, a.body[-1]) for a in answers] == [("2019", newer, 0), ("2019", newer, 0), ("2013", PHONE, 0)]


async def test_a_live_session_is_never_taken_over_and_a_silent_one_is_replaced(start: Start, stores: Stores) -> None:
    running_gateway = await start(alive_s=60)
    owner, thief = await running_gateway.jt808(), await running_gateway.jt808()
    await owner.tell(authentication(b"code"))
    assert await thief.results(authentication(b"code")) == [1]
    (answer,) = await thief.tell(registration())
    assert answer.body[2] == 3
    assert await owner.results(position(1)) == [0]
    stores.clock.advance(61)
    assert await thief.results(authentication(b"code")) == [0]
    assert await owner.closed()


@pytest.mark.parametrize(
    ("frame", "result"),
    [
        pytest.param(registration(terminal="T000002"), 3, id="another terminal with the phone"),
        pytest.param(registration("013900139000", terminal="T000002"), 1, id="another phone for the vehicle"),
        pytest.param(registration(plate="沪B99999"), 1, id="another plate for the phone"),
        pytest.param(registration(), 0, id="the same again"),
    ],
)
async def test_what_was_bound_at_first_stays_bound(start: Start, stores: Stores, frame: bytes, result: int) -> None:
    line = await (await start()).jt808()
    await line.tell(registration())
    (answer,) = await line.tell(frame)
    assert answer.body[2] == result
    assert len(stores.records.vehicles()) == 1


async def test_closed_enrolment_takes_known_vehicles_only(start: Start, stores: Stores) -> None:
    stores.records.add_vehicle(VehicleRecord(vehicle_id="V1", plate="沪A12345", created_us=0))
    line = await (await start(policy="known")).jt808()
    unknown, known = await line.tell(registration("013900139000", plate="沪C00001"), registration(), answers=2)
    assert (unknown.body[2], known.body[2]) == (2, 0)
    assert stores.records.identify("jt808", PHONE) == "V1"


async def test_plate_colour_zero_means_a_vin_and_joins_the_wires(start: Start, stores: Stores) -> None:
    running_gateway = await start()
    line, other = await running_gateway.jt808(), await running_gateway.hashes()
    await line.tell(registration(plate=VIN, colour=0))
    await other.ask(gbt32960(1, login()))
    assert stores.records.identify("jt808", PHONE) == stores.records.identify("vin", VIN) == VIN
    assert len(stores.records.vehicles()) == 1


async def test_another_phone_on_a_session_is_refused(start: Start) -> None:
    line = await (await start()).jt808()
    assert await line.results(authentication(b"code"), position(1, phone="013900139000"), position(2)) == [0, 1, 0]


async def test_an_unknown_message_is_stored_and_called_unsupported(start: Start, stores: Stores) -> None:
    line = await (await start()).jt808()
    odd = build(Frame(0x0F01, PHONE, 9, b"vendor"))
    assert await line.results(authentication(b"code"), odd) == [0, 3]
    assert stores.entries()[-1] == (stores.journal.durable, NOW_US, "jt808", "", odd)


async def test_the_time_is_told_in_utc(start: Start) -> None:
    line = await (await start()).jt808()
    newer = PHONE.rjust(20, "0")
    _, answer = await line.tell(authentication(b"code", newer), build(Frame(0x0004, newer, 3, b"", "2019")), answers=2)
    assert (answer.message_id, answer.body.hex()) == (0x8004, "251009085320")


async def test_missing_sub_packages_are_asked_for_once(start: Start, stores: Stores) -> None:
    line = await (await start()).jt808()
    await line.tell(authentication(b"code"))
    parts = split(Frame(0x0801, PHONE, 10, bytes(3000)))
    assert await line.results(parts[0], parts[2]) == [0, 0]
    stores.clock.advance(6)
    (answer,) = await line.tell()
    assert (answer.message_id, answer.body.hex()) == (0x8003, "000a010002")
    (answer,) = await line.tell(parts[1])
    assert (answer.message_id, answer.body) == (0x8800, bytes(4))


# The other wires


async def test_gbt32960_answers_every_command_with_its_time(start: Start, stores: Stores) -> None:
    line = await (await start(port="gbt32960")).hashes()
    sent = [
        gbt32960(1, login()),
        gbt32960(2, REALTIME),
        gbt32960(3, REALTIME),
        gbt32960(7, b""),
        gbt32960(8, b""),
        gbt32960(4, login()[:8]),
    ]
    answers = await line.ask(*sent, answers=6)
    assert [answer[2:4] for answer in answers] == [bytes([command, 1]) for command in (1, 2, 3, 7, 8, 4)]
    assert [answer[24:-1] for answer in answers] == [login()[:6], REALTIME[:6], REALTIME[:6], b"", login()[:6], login()[:6]]
    assert [entry.frame for entry in stores.entries()] == [sent[0], sent[1], sent[2], sent[5]]
    assert stores.records.identify("vin", VIN) == VIN


async def test_gbt32960_flags_say_why_not(start: Start, stores: Stores) -> None:
    running_gateway = await start(policy="known")
    first, second = await running_gateway.hashes(), await running_gateway.hashes()
    assert [a[3] for a in await first.ask(gbt32960(2, REALTIME), gbt32960(1, login()), answers=2)] == [2, 4]
    stores.records.add_vehicle(VehicleRecord(vehicle_id="V1", plate="V1", vin=VIN, created_us=0))
    assert [a[3] for a in await first.ask(gbt32960(1, login()))] == [1]
    assert [a[3] for a in await second.ask(gbt32960(1, login()))] == [3]
    assert stores.refusals() == ["not authenticated", "login", "login"]


async def test_a_vin_keeps_the_card_of_its_first_login(start: Start) -> None:
    running_gateway = await start()
    line = await running_gateway.hashes()
    await line.ask(gbt32960(1, login()), gbt32960(4, login()[:8]), answers=2)
    assert [a[3] for a in await line.ask(gbt32960(1, login("89860000000000000002")))] == [3]


async def test_gb17691_is_stored_without_answers_and_shares_the_connection(start: Start, stores: Stores) -> None:
    line = await (await start(port="gbt32960")).hashes()
    data, clock_question = gb17691(2, REALTIME), gb17691(5, b"")
    (answer,) = await line.ask(gb17691(1, login()), data, clock_question)
    assert (answer[2], answer[24:-1]) == (5, login()[:6])
    assert [(entry.wire, entry.frame) for entry in stores.entries()] == [("hj1239", gb17691(1, login())), ("hj1239", data)]


async def test_gb17691_before_its_login_goes_to_quarantine(start: Start, stores: Stores) -> None:
    line = await (await start()).hashes()
    await line.ask(gb17691(2, REALTIME), gb17691(5, b""))
    assert stores.refusals() == ["not authenticated"]


async def test_a_port_takes_the_other_wire_too(start: Start) -> None:
    running_gateway = await start(port="gbt32960")
    assert await (await running_gateway.jt808()).results(authentication(b"code")) == [0]


# Streams as they come


async def test_a_frame_cut_at_any_byte_is_one_frame(start: Start) -> None:
    line = await (await start()).jt808()
    await line.tell(authentication(b"code"))
    frame = position(0x7D7E)
    for cut in range(1, len(frame)):
        line.writer.write(frame[:cut])
        await line.writer.drain()
        assert await line.results(frame[cut:]) == [0]


async def test_frames_back_to_back_are_answered_in_order(start: Start) -> None:
    line = await (await start()).jt808()
    sent = [position(serial) for serial in range(500)]
    answers = await line.tell(authentication(b"code"), *sent, answers=501)
    assert [int.from_bytes(answer.body[:2], "big") for answer in answers[1:]] == list(range(500))


async def test_a_flipped_bit_is_counted_and_the_next_frame_is_fine(start: Start, stores: Stores) -> None:
    line = await (await start(bad_frames_per_min=1000)).jt808()
    await line.tell(authentication(b"code"))
    good = position(1)
    for place in range(1, len(good) - 1):
        bad = bytearray(good)
        bad[place] ^= 0x10
        assert 0 in [a.body[-1] for a in await line.tell(bytes(bad), good)]
    assert len(stores.refusals()) >= len(good) - 2


@pytest.mark.parametrize(
    "junk", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes.fromhex("16030100c8010000c40303"), b"~~", b"#", bytes(300)]
)
async def test_junk_never_ends_the_session(start: Start, junk: bytes) -> None:
    line = await (await start()).jt808()
    await line.tell(authentication(b"code"))
    line.writer.write(junk)
    await line.tell(position(1), answers=1)
    assert await line.results(position(2)) == [0]


async def test_a_port_scanner_leaves_a_trace_and_no_harm(start: Start, stores: Stores) -> None:
    running_gateway = await start(port="gbt32960")
    line = await running_gateway.hashes()
    line.writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert (await line.ask(gbt32960(7, b"")))[0][3] == 1
    assert "junk" in stores.refusals()


# Limits


async def test_too_many_bad_frames_close_the_session(start: Start) -> None:
    running_gateway = await start(bad_frames_per_min=5)
    line = await running_gateway.jt808()
    line.writer.write(b"".join(position(serial) for serial in range(50)))
    assert await line.closed()
    assert running_gateway.gateway.stats()["rejects"] == {"not authenticated": 6, "closed: bad frames": 1}


@pytest.mark.parametrize(("sent", "seconds", "why"), [(b"\x7e\x02", 11, "half frame"), (b"", 31, "no login")])
async def test_deadlines_close_a_connection(start: Start, stores: Stores, sent: bytes, seconds: float, why: str) -> None:
    running_gateway = await start(half_frame_s=10, login_s=30)
    line = await running_gateway.jt808()
    await line.results(sent + build(Frame(0x0002, PHONE, 1)) + sent)
    stores.clock.advance(seconds)
    assert await line.closed()
    assert running_gateway.gateway.stats()["rejects"][f"closed: {why}"] == 1


async def test_an_idle_session_is_closed(start: Start, stores: Stores) -> None:
    running_gateway = await start(idle_s=100)
    line = await running_gateway.jt808()
    await line.tell(authentication(b"code"))
    stores.clock.advance(101)
    assert await line.closed()
    assert running_gateway.gateway.stats()["sessions"] == {}


async def test_what_comes_too_fast_is_slowed_and_not_lost(start: Start) -> None:
    line = await (await start(frames_per_s=1000)).jt808()
    assert await line.results(authentication(b"code"), *map(position, range(1200))) == [0] * 1201


async def test_failed_logins_ban_the_address_for_a_time(start: Start, stores: Stores) -> None:
    running_gateway = await start(failures_per_address_per_min=3, ban_s=600)
    line = await running_gateway.jt808()
    await line.tell(authentication(b"code"))
    await line.tell(build(Frame(0x0003, PHONE, 1)))
    line.writer.write(authentication(b"wrong") * 4)
    assert await line.closed()
    assert await (await running_gateway.jt808()).closed()
    stores.clock.advance(601)
    assert await (await running_gateway.jt808()).results(authentication(b"code")) == [0]


async def test_logins_of_one_phone_are_limited(start: Start) -> None:
    line = await (await start(logins_per_identity_per_min=2)).jt808()
    await line.tell(authentication(b"code"))
    assert await line.results(*[authentication(b"code")] * 3) == [0, 1, 1]


async def test_a_full_house_takes_nobody_in(start: Start) -> None:
    running_gateway = await start(sessions=1)
    first = await running_gateway.jt808()
    await first.tell(authentication(b"code"))
    assert await (await running_gateway.jt808()).closed()


async def test_a_broken_disk_acknowledges_nothing(start: Start, stores: Stores) -> None:
    running_gateway = await start()
    line = await running_gateway.jt808()
    await line.tell(authentication(b"code"))
    await line.tell(position(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (stores.journal.durable, hard))
        line.writer.write(position(2))
        assert await line.closed()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert running_gateway.gateway.stats()["failure"]
    assert [entry.frame for entry in stores.entries()] == [position(1)]


async def test_identities_are_masked_in_the_log(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    line = await (await start()).hashes()
    await line.ask(gbt32960(1, login()), gbt32960(4, login()[:8]), gbt32960(1, login("89860000000000000002")), answers=3)
    assert "LF*************34" in caplog.text
    assert VIN not in caplog.text
