"""What a terminal and the platform say to each other on each wire: sockets, stores and threads are somebody else's.

`hear` takes one frame and says what to do: plain ``bytes`` are the answer to send once the frame is stored, `Aside` the
answer to a frame not worth storing, `Asking` a login to decide first. A frame that is not accepted raises `Refusal`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from struct import Struct
from typing import Any, Final, Protocol

from fifthwheel.codec import chinatime
from fifthwheel.codec.gbt32960 import messages as gbt32960
from fifthwheel.codec.gbt32960.frame import COMMAND
from fifthwheel.codec.hashframe import protocol_of, seal
from fifthwheel.codec.jt808 import decode as jt808
from fifthwheel.codec.jt808.encode import frames
from fifthwheel.codec.jt808.frame import Frame, Gap, Joiner, build, parse
from fifthwheel.codec.jt808.messages import UP
from fifthwheel.connect.enrolment import Admission, Claim, Registrar, Verdict, masked
from fifthwheel.connect.limits import Limits
from fifthwheel.errors import FrameError
from fifthwheel.records.statements import normal
from fifthwheel.units import SECOND_US

OK, FAILED, WRONG, UNSUPPORTED = range(4)
"""Results of the general answer 0x8001."""
HEARTBEAT, LOGOUT, REGISTER, AUTHENTICATE, MEDIA = 0x0002, 0x0003, 0x0100, 0x0102, 0x0801
STORED: Final = frozenset(UP) - {0x0001, HEARTBEAT, LOGOUT, 0x0004, REGISTER, AUTHENTICATE}
"""Messages that are stored and acknowledged; one that the codec does not know is stored and answered "unsupported"."""
_REGISTRATION: Final = {Verdict.ACCEPTED: 0, Verdict.VEHICLE_TAKEN: 1, Verdict.VEHICLE_UNKNOWN: 2, Verdict.TERMINAL_TAKEN: 3}
"""Results of the registration answer 0x8100."""
_LOGIN: Final = {Verdict.ACCEPTED: 1, Verdict.VEHICLE_TAKEN: 3, Verdict.VEHICLE_UNKNOWN: 4, Verdict.TERMINAL_TAKEN: 3}
"""Answer flags of a GB/T 32960 login."""
_GB_OK, _GB_ERROR = 1, 2
_GB17691_TIME: Final = 5
_ANSWER: Final = Struct(">HHB")


class Refusal(FrameError):
    """A frame that is not accepted; `answer` is what the terminal is told (b'' for nothing)."""

    def __init__(self, reason: str, detail: str, answer: bytes = b"") -> None:
        super().__init__(reason, detail)
        self.answer = answer


class Aside(bytes):
    """Answer to a frame that carries nothing to store: a heartbeat, a question for the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A login: `ask` blocks and decides, `conclude` (back in the loop) makes the answer or raises `Refusal`.

    `stored` says whether the frame goes to the journal: one with an authentication code does not.
    """

    ask: Callable[[], Admission]
    conclude: Callable[[Admission], bytes]
    stored: bool = False


class Door(Protocol):
    """What a session needs of its connection and gateway."""

    def hindrance(self, wire: str, identity: str) -> str:
        """Why `identity` may not log in now: another session of it is alive, or it tries too often; '' when it may."""

    def enter(self, wire: str, identity: str) -> str:
        """Make this connection the one session of `identity` on `wire`; why that is impossible, '' when done."""

    def leave(self, wire: str) -> None:
        """This connection is nobody's session on `wire` any more."""


class Jt808Session:
    """The platform's side of JT/T 808 with one terminal, 2011 to 2019 (which may change between frames)."""

    wire: Final = "jt808"

    def __init__(self, registrar: Registrar, door: Door, limits: Limits) -> None:
        self._registrar, self._door, self._limits = registrar, door, limits
        self._identity = ""
        self._phone = ""
        self._serial = -1
        self._joiner: Joiner | None = None
        self._asked: set[Gap] = set()
        self._latest = Frame(0, "", 0)

    def hear(self, raw: bytes, now_us: int) -> bytes | Asking:
        """What to do about one frame.

        Raises
        ------
        FrameError : the frame is damaged.
        Refusal : it is whole but not accepted.
        """
        frame = parse(raw)
        if frame.phone != self._phone and not self._changes_phone(frame.phone):
            return self._stranger(frame)
        if frame.message_id in STORED:
            return self._general(frame, OK) if frame.is_whole and frame.message_id != MEDIA else self._large(frame, now_us)
        return self._unusual(frame, now_us)

    def remind(self, now_us: int) -> bytes:
        """Requests 0x8003 for sub-packages that are missing for too long; each is asked for once."""
        if self._joiner is None:
            return b""
        self._joiner.expire(now_us)
        gaps = set(self._joiner.gaps(now_us - int(self._limits.sub_package_wait_s * SECOND_US)))
        new, self._asked = gaps - self._asked, gaps
        return b"".join(self._down(self._latest, 0x8003, _missing(gap)) for gap in sorted(new))

    def _changes_phone(self, phone: str) -> bool:
        """Whether `phone` is the one that logged in, with more zeros because the terminal now speaks 2019 (or no longer)."""
        same = self._identity != "" and normal("jt808", phone) == self._identity
        if same:
            self._phone = phone
        return same

    def _stranger(self, frame: Frame) -> bytes | Asking:
        """A frame of a terminal that has not logged in on this connection."""
        if self._identity:
            raise Refusal("identity", f"{masked(frame.phone)} on another terminal's session", self._general(frame, FAILED))
        if frame.message_id in {REGISTER, AUTHENTICATE}:
            return self._admit(frame)
        if frame.message_id in {HEARTBEAT, LOGOUT}:
            return Aside(self._general(frame, OK))
        detail = f"0x{frame.message_id:04X} of {masked(frame.phone)} before 0x0102"
        raise Refusal("not authenticated", detail, self._general(frame, FAILED))

    def _unusual(self, frame: Frame, now_us: int) -> bytes | Asking:
        """A frame of the terminal that logged in, other than what is stored."""
        match frame.message_id:
            case 0x0100 | 0x0102:
                return self._admit(frame)
            case 0x0001:
                return Aside()
            case 0x0002:
                return Aside(self._general(frame, OK))
            case 0x0003:
                self._identity = self._phone = ""
                self._door.leave(self.wire)
                return Aside(self._general(frame, OK))
            case 0x0004:
                utc = f"{datetime.fromtimestamp(now_us / SECOND_US, UTC):%y%m%d%H%M%S}"
                return Aside(self._down(frame, 0x8004, {"time": utc}))
            case _:
                return self._general(frame, UNSUPPORTED)

    def _admit(self, frame: Frame) -> Asking:
        """Registration or authentication: refused at once while another session of the same phone is alive."""
        ask: Callable[[], Admission]
        if frame.message_id == REGISTER:
            conclude, ask = self._registered, partial(self._registrar.register, registration(frame))
            answer = self._registration_answer(frame, 3)
        else:
            conclude, ask = self._authenticated, partial(self._registrar.authenticate, *authentication(frame))
            answer = self._general(frame, FAILED)
        if hindrance := self._door.hindrance("jt808", normal("jt808", frame.phone)):
            raise Refusal("login", f"{masked(frame.phone)}: {hindrance}", answer)
        return Asking(ask=ask, conclude=partial(conclude, frame))

    def _registered(self, frame: Frame, admission: Admission) -> bytes:
        answer = self._registration_answer(frame, _REGISTRATION[admission.verdict], admission.code)
        if not admission.accepted:
            raise Refusal("login", f"{masked(frame.phone)}: {admission.verdict.value}", answer)
        return answer

    def _authenticated(self, frame: Frame, admission: Admission) -> bytes:
        identity = normal("jt808", frame.phone)
        refused = "" if admission.accepted else admission.verdict.value
        if refused := refused or self._door.enter("jt808", identity):
            raise Refusal("login", f"{masked(frame.phone)}: {refused}", self._general(frame, FAILED))
        self._identity, self._phone = identity, frame.phone
        return self._general(frame, OK)

    def _large(self, frame: Frame, now_us: int) -> bytes:
        """Follow sub-packages to know which are missing (the pipeline joins what is stored); whole media are answered apart."""
        self._joiner = self._joiner or Joiner(cap=self._limits.sub_package_bytes)
        self._latest = frame
        try:
            whole = self._joiner.add(frame, now_us)
        except FrameError as error:
            raise Refusal(error.reason, error.detail, self._general(frame, WRONG)) from error
        if whole is None or whole.message_id != MEDIA:
            return self._general(frame, OK)
        return self._down(frame, 0x8800, {"media_id": int.from_bytes(whole.body[:4], "big")})

    def _general(self, frame: Frame, result: int) -> bytes:
        self._serial = self._serial + 1 & 0xFFFF
        body = _ANSWER.pack(frame.serial, frame.message_id, result)
        return build(Frame(0x8001, frame.phone, self._serial, body, frame.version, frame.protocol_version))

    def _registration_answer(self, frame: Frame, result: int, code: str = "") -> bytes:
        fields: dict[str, Any] = {"reply_serial": frame.serial, "result": result}
        return self._down(frame, 0x8100, fields | ({"auth_code": code} if code else {}))

    def _down(self, to: Frame, message_id: int, fields: Mapping[str, Any]) -> bytes:
        self._serial = self._serial + 1 & 0xFFFF
        return b"".join(frames(message_id, fields, phone=to.phone, serial=self._serial, version=to.version))


class HashSession:
    """The platform's side of GB/T 32960 and of GB 17691 / HJ 1239, which share their envelope and may share a connection."""

    def __init__(self, registrar: Registrar, door: Door) -> None:
        self._registrar, self._door = registrar, door
        self._vins: dict[str, bytes] = {}
        self.wire = "gbt32960"

    def hear(self, raw: bytes, now_us: int) -> bytes | Asking:
        """What to do about one frame, whose envelope the cutter has checked.

        Raises
        ------
        Refusal : it is not accepted.
        """
        wire = protocol_of(raw[:4])
        if wire is None or raw[:2] == b"~~":
            raise Refusal("protocol", f"begins with {raw[:4].hex()}; accepted are GB/T 32960 and the terminal side of GB 17691")
        self.wire = wire
        return self._gbt32960(raw, now_us) if wire == "gbt32960" else self._gb17691(raw, now_us)

    def remind(self, now_us: int) -> bytes:  # noqa: ARG002 - the same face as Jt808Session
        """Nothing: these wires have no sub-packages."""
        return b""

    def _gbt32960(self, raw: bytes, now_us: int) -> bytes | Asking:
        command, vin = raw[2], raw[4:21]
        if raw[3] != COMMAND:
            return Aside()
        if command == gbt32960.LOGIN:
            return self._login(raw, vin)
        if command == gbt32960.HEARTBEAT:
            return Aside(_answer(raw, _GB_OK, b""))
        if command == gbt32960.TIME:
            return Aside(_answer(raw, _GB_OK, chinatime.sixes(now_us).tobytes()))
        if vin != self._vins.get("gbt32960"):
            raise Refusal("not authenticated", f"command {command} before the login of its VIN", _answer(raw, _GB_ERROR))
        if command == gbt32960.LOGOUT:
            self._leave("gbt32960")
        stored = command in {gbt32960.REALTIME, gbt32960.RESEND, gbt32960.LOGOUT}
        return _answer(raw, _GB_OK if stored else _GB_ERROR)

    def _gb17691(self, raw: bytes, now_us: int) -> bytes | Asking:
        command, vin = raw[2], raw[3:20]
        if command == gbt32960.LOGIN:
            return self._login(raw, vin)
        if command == _GB17691_TIME:
            return Aside(seal(raw[:22], chinatime.sixes(now_us).tobytes()))
        if vin != self._vins.get("hj1239"):
            raise Refusal("not authenticated", f"command {command} before the login of its VIN")
        if command == gbt32960.LOGOUT:
            self._leave("hj1239")
        return b""

    def _login(self, raw: bytes, vin: bytes) -> Asking:
        identity = normal("vin", _ascii(vin))
        if not identity:
            raise Refusal("login", f"VIN {vin.hex()}; at least one letter or digit is needed", self._told(raw, 4))
        if self._vins.get(self.wire, vin) != vin:
            raise Refusal("identity", f"{masked(identity)} on another vehicle's session", self._told(raw, _GB_ERROR))
        if hindrance := self._door.hindrance(self.wire, identity):
            raise Refusal("login", f"{masked(identity)}: {hindrance}", self._told(raw, 3))
        claim = Claim(wire=self.wire, identity=identity, vin=identity, terminal_id=normal("vin", _ascii(raw[32:52])))
        return Asking(ask=partial(self._registrar.login, claim), conclude=partial(self._logged_in, raw, vin, claim), stored=True)

    def _logged_in(self, raw: bytes, vin: bytes, claim: Claim, admission: Admission) -> bytes:
        if not admission.accepted:
            answer = self._told(raw, _LOGIN[admission.verdict])
            raise Refusal("login", f"{masked(claim.identity)}: {admission.verdict.value}", answer)
        if hindrance := self._door.enter(claim.wire, claim.identity):
            raise Refusal("login", f"{masked(claim.identity)}: {hindrance}", self._told(raw, 3))
        self._vins[claim.wire] = vin
        return self._told(raw, _GB_OK)

    def _leave(self, wire: str) -> None:
        del self._vins[wire]
        self._door.leave(wire)

    def _told(self, raw: bytes, flag: int) -> bytes:
        """Answer of GB/T 32960; GB 17691 answers nothing."""
        return _answer(raw, flag) if self.wire == "gbt32960" else b""


def registration(frame: Frame) -> Claim:
    """What a 0x0100 says; plate colour 0 means that the vehicle has no plate yet and the field holds its VIN.

    Raises
    ------
    FrameError : the body is too short, in sub-packages or encrypted.
    """
    fields = _fields(frame)
    name = "".join(letter for letter in fields["plate"] if letter.isalnum())
    vehicle = {"plate": ""} if not name else {"plate": name} if fields["plate_color"] else {"vin": name}
    return Claim(wire="jt808", identity=frame.phone, terminal_id=fields["terminal_id"].strip(), **vehicle)


def authentication(frame: Frame) -> tuple[Claim, str]:
    """What a 0x0102 says: the claim and the code; a 2019 terminal that still sends the 2013 body is understood.

    Raises
    ------
    FrameError : it is in sub-packages or encrypted.
    """
    try:
        fields = _fields(frame)
    except FrameError as error:
        if error.reason == "unreadable":
            raise
        fields = {"auth_code": frame.body.decode("gbk", errors="replace")}
    return Claim(wire="jt808", identity=frame.phone), fields["auth_code"].rstrip("\0 ")


def _fields(frame: Frame) -> Mapping[str, Any]:
    fields = jt808.decode(frame).fields
    if "raw" in fields:
        raise FrameError("unreadable", f"0x{frame.message_id:04X} in sub-packages or encrypted")
    return fields


def _answer(raw: bytes, flag: int, data: bytes | None = None) -> bytes:
    """GB/T 32960 answer: the command again with `flag`; its time again unless other `data` is given."""
    return seal(raw[:3] + bytes([flag]) + raw[4:22], raw[24:-1][:6] if data is None else data)


def _missing(gap: Gap) -> dict[str, Any]:
    missing = gap.missing[:255]
    return {"original_serial": gap.serial, "count": len(missing), "package_ids": missing}


def _ascii(text: bytes) -> str:
    return text.decode("ascii", errors="replace").strip("\0 ")
