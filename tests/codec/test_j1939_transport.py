"""Transfers longer than a frame, as a bystander sees them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.j1939.encode import encode
from fifthwheel.codec.j1939.frame import Assembler, Frame, Transfer
from fifthwheel.codec.j1939.messages import Message

Sent = list[tuple[int, Frame]]


def message(source: int, destination: int, payload: bytes, *, pgn: int = 65226) -> Message:
    return Message(pgn=pgn, source_address=source, destination_address=destination, priority=6, payload=payload)


def at(frames: list[Frame], *, start_us: int = 0, step_us: int = 50_000) -> Sent:
    return [(start_us + i * step_us, frame) for i, frame in enumerate(frames)]


def run(sent: Sent, assembler: Assembler | None = None) -> list[Transfer]:
    assembler = assembler or Assembler()
    told = (assembler.feed(time_us, frame.identifier, frame.data) for time_us, frame in sent)
    return [transfer for transfer in told if transfer is not None]


payloads = st.binary(min_size=9, max_size=1785)
ends = st.tuples(st.integers(0, 253), st.integers(0, 255)).filter(lambda pair: pair[0] != pair[1])


@given(st.dictionaries(ends, payloads, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_interleaved_sessions_all_complete(sessions: dict[tuple[int, int], bytes], shuffle: random.Random) -> None:
    waiting = [encode(message(*pair, payload)) for pair, payload in sessions.items()]
    turns = [i for i, frames in enumerate(waiting) for _ in frames]
    shuffle.shuffle(turns)
    sent = [(i * 100, waiting[turn].pop(0)) for i, turn in enumerate(turns)]
    found = {(one.source_address, one.destination_address): one.payload for one in run(sent)}
    assert found == sessions


@pytest.mark.parametrize(
    ("destination", "step_us", "complete"), [(255, 750_000, 1), (255, 750_001, 0), (3, 1_250_000, 1), (3, 1_250_001, 0)]
)
def test_a_session_ends_when_it_pauses_too_long(destination: int, step_us: int, complete: int) -> None:
    assembler = Assembler()
    assert len(run(at(encode(message(0, destination, bytes(20))), step_us=step_us), assembler)) == complete
    assert assembler.dropped["timeout"] == 1 - complete


def test_complete_without_the_acknowledgement() -> None:
    request, _, *data, _ = encode(message(0, 3, bytes(range(20))))
    assert [one.payload for one in run(at([request, *data]))] == [bytes(range(20))]


def test_repeated_packets_of_a_connection() -> None:
    request, clear, first, second, third, _ = encode(message(0, 3, bytes(range(20))))
    found = run(at([request, clear, first, third, clear, second]))
    assert [one.payload for one in found] == [bytes(range(20))]


def test_a_broadcast_with_a_gap_is_lost_and_the_next_one_is_not() -> None:
    assembler = Assembler()
    announce, first, _, third = encode(message(0, 255, bytes(range(20))))
    again = encode(message(0, 255, bytes(range(20, 40))))
    found = run(at([announce, first, third, *again]), assembler)
    assert [one.payload for one in found] == [bytes(range(20, 40))]
    assert assembler.dropped == {"sequence": 1}


def test_a_new_request_resets() -> None:
    assembler = Assembler()
    request, clear, first, *_ = encode(message(0, 3, bytes(20)))
    found = run(at([request, clear, first, *encode(message(0, 3, bytes(range(9)), pgn=65260))]), assembler)
    assert [(one.pgn, one.payload) for one in found] == [(65260, bytes(range(9)))]
    assert assembler.dropped == {"restarted": 1}


@pytest.mark.parametrize(("source", "destination"), [(0, 3), (3, 0)])
def test_either_end_aborts(source: int, destination: int) -> None:
    assembler = Assembler()
    request, clear, *data, _ = encode(message(0, 3, bytes(20)))
    abort = Frame(identifier=0x1CEC0000 | destination << 8 | source, data=bytes.fromhex("FF01FFFFFFCAFE00"))
    assert run(at([request, clear, abort, *data]), assembler) == []
    assert assembler.dropped == {"abort": 1, "unannounced": 3}


@pytest.mark.parametrize("announced", ["2008000200CAFE00", "20FFFFFFFFCAFE00", "2014000200CAFE00"])
def test_impossible_announcements_open_nothing(announced: str) -> None:
    assembler = Assembler()
    run([(0, Frame(identifier=0x1CECFF00, data=bytes.fromhex(announced)))], assembler)
    assert assembler.dropped == {"announcement": 1}


@given(st.lists(st.tuples(st.sampled_from([0x1CECFF00, 0x1CEBFF00, 0x1CEC0300, 0x1CEB0300, 0x1CEC0003]), st.binary(max_size=8))))
def test_junk_never_raises(frames: list[tuple[int, bytes]]) -> None:
    run([(i, Frame(identifier=identifier, data=data)) for i, (identifier, data) in enumerate(frames)])


def test_a_flood_of_open_connections_is_bounded() -> None:
    assembler = Assembler()
    requests = [
        (i, Frame(identifier=0x1CEC0000 | (i & 0xFF00) | i & 0xFF, data=bytes.fromhex("10140003FFCAFE00"))) for i in range(4096)
    ]
    run(requests, assembler)
    assert assembler.dropped["crowded out"] >= 2000
