"""Sessions without sockets: whatever a terminal sends, they answer or refuse it, and never break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.codec import hashframe
from fifthwheel.codec.jt808.frame import Frame, build, parse
from fifthwheel.connect.enrolment import Registrar
from fifthwheel.connect.limits import Limits
from fifthwheel.connect.session import STORED, Asking, HashSession, Jt808Session
from fifthwheel.errors import FrameError
from fifthwheel.records import Records

PHONE = "013800138000"


class OpenDoor:
    """A gateway with nobody else in it."""

    def hindrance(self, wire: str, identity: str) -> str:
        return self.enter(wire, identity)

    def enter(self, wire: str, identity: str) -> str:
        assert wire in {"jt808", "gbt32960", "hj1239"}
        assert identity
        return ""

    def leave(self, wire: str) -> None:
        assert wire in {"jt808", "gbt32960", "hj1239"}


@pytest.fixture(scope="module")
def registrar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registrar]:
    records = Records.open(f"sqlite:///{tmp_path_factory.mktemp('records') / 'records.sqlite'}")
    yield Registrar(records, now_us=lambda: 0)
    records.close()


def hear(session: Jt808Session | HashSession, raw: bytes) -> bytes:
    """The answer to one frame, its login decided at once; raises only `FrameError`."""
    answer = session.hear(raw, 0)
    return answer.conclude(answer.ask()) if isinstance(answer, Asking) else answer


bodies = st.binary(max_size=90)
headers = st.tuples(
    st.sampled_from([0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0100, 0x0102, 0x0200, 0x0704, 0x0F00]), st.booleans()
)


@settings(max_examples=150, deadline=None)
@given(frames=st.lists(st.tuples(headers, bodies, st.none() | st.tuples(st.integers(0, 4), st.integers(0, 4))), max_size=8))
def test_a_jt808_session_answers_or_refuses_anything(
    registrar: Registrar, frames: list[tuple[tuple[int, bool], bytes, tuple[int, int] | None]]
) -> None:
    session = Jt808Session(registrar, OpenDoor(), Limits())
    for (message_id, newer), body, package in frames:
        phone, version = (PHONE.rjust(20, "0"), "2019") if newer else (PHONE, "2013")
        with suppress(FrameError):
            hear(session, build(Frame(message_id, phone, 1, body, version, package=package)))
        session.remind(60_000_000)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([b"##", b"$$", b"~~"]), st.binary(min_size=20, max_size=20), bodies), max_size=8))
def test_a_hash_session_answers_or_refuses_anything(registrar: Registrar, frames: list[tuple[bytes, bytes, bytes]]) -> None:
    session = HashSession(registrar, OpenDoor())
    for start, head, data in frames:
        with suppress(FrameError):
            hear(session, hashframe.seal(start + head, data))


def replies(folder: Path, name: str) -> list[tuple[bytes, str]]:
    """Frames of a vector file for which another platform's answer is known."""
    rows = map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines())
    return [(bytes.fromhex(row["hex"]), row["expect"]["reply_hex"]) for row in rows if "reply_hex" in row["expect"]]


def test_gbt32960_is_answered_as_by_other_platforms(registrar: Registrar, reference_vectors: Path) -> None:
    pairs = replies(reference_vectors, "gb32960.jsonl")
    assert len(pairs) == 4
    for frame, reply in pairs:
        session = HashSession(registrar, OpenDoor())
        hear(session, hashframe.seal(frame[:2] + b"\x01\xfe" + frame[4:21] + b"\1", bytes(6) + b"\0\1" + frame[32:52].ljust(20)))
        assert hear(session, frame).hex().startswith(reply)


def test_jt808_is_answered_as_by_other_platforms(registrar: Registrar, reference_vectors: Path) -> None:
    pairs = replies(reference_vectors, "jt808_core.jsonl") + replies(reference_vectors, "jt808_active_safety_and_1078.jsonl")
    told = [(parse(frame), parse(bytes.fromhex(reply))) for frame, reply in pairs]
    stored = [(frame, reply) for frame, reply in told if frame.message_id in STORED and frame.is_whole]
    assert len(stored) >= 6
    for frame, reply in stored:
        session = Jt808Session(registrar, OpenDoor(), Limits())
        hear(
            session,
            build(frame._replace(message_id=0x0102, body=b"code" if frame.version == "2013" else b"\4code".ljust(40, b"0"))),
        )
        answer = parse(hear(session, build(frame)))
        assert (answer.message_id, answer.version, answer.phone) == (reply.message_id, reply.version, reply.phone)
        assert reply.body.startswith(answer.body)
