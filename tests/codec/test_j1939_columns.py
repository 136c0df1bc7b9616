"""Columns by the million say what single frames say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.j1939.decode import Table, describe, transfers
from fifthwheel.codec.j1939.encode import encode, encode_signals
from fifthwheel.codec.j1939.frame import Assembler, CanFrames, Frame
from fifthwheel.codec.j1939.messages import Message, Parameter, group, parameters

PGNS = sorted({parameter.pgn for parameter in parameters()})


def frames_of(frames: list[Frame], *, step_us: int = 1000) -> CanFrames:
    return CanFrames(
        time_us=np.arange(len(frames), dtype=np.int64) * step_us,
        identifier=np.array([frame.identifier for frame in frames], np.uint32),
        data=np.frombuffer(b"".join(f.data.ljust(8, b"\xff") for f in frames), np.uint8).reshape(len(frames), 8),
        length=np.array([len(frame.data) for frame in frames], np.uint8),
    )


messages = st.builds(
    Message,
    pgn=st.sampled_from(PGNS),
    source_address=st.sampled_from([0, 3, 49]),
    destination_address=st.just(255),
    priority=st.just(6),
    payload=st.binary(max_size=8),
)


@given(st.lists(messages, max_size=30))
def test_columns_equal_single_readings(sent: list[Message]) -> None:
    frames = frames_of([frame for message in sent for frame in encode(message)])
    found = {
        (int(at), column.parameter): float(value)
        for column in Table(parameters()).columns(frames)
        for at, value in zip(column.frame, column.values, strict=True)
    }
    expected = {
        (at, parameter): value
        for at, message in enumerate(sent)
        for parameter, value in zip(
            group(message.pgn),
            [one["si"] for one in _readings(message)],
            strict=True,
        )
        if value is not None
    }
    assert found.keys() == expected.keys()
    assert list(found.values()) == pytest.approx([expected[key] for key in found])


def _readings(message: Message) -> list[dict[str, float | None]]:
    fields = describe(message)["fields"]
    names = [one["name"] for one in fields.get("parameters", [])]
    return [{"si": fields["signals"][name]} for name in names]


def test_a_group_is_found_at_any_source_address() -> None:
    sent = [Frame(identifier=0x18FEF100 | source, data=encode_signals(65265, {"speed_mps": 20.0})) for source in (0, 49, 253)]
    columns = [c for c in Table(parameters()).columns(frames_of(sent)) if c.parameter.name == "speed_mps"]
    assert [(c.source_address, c.values.tolist()) for c in columns] == [(s, pytest.approx([20.0])) for s in (0, 49, 253)]


def test_long_groups_come_from_transfers() -> None:
    payload = encode_signals(65251, {"engine_reference_torque_nm": 2400.0, "idle_speed_radps": 60.0}, size=39)
    sent = encode(Message(pgn=65251, source_address=0, destination_address=255, priority=6, payload=payload))
    whole = transfers(frames_of(sent), Assembler())
    found = {c.parameter.name: c.values.tolist() for c in Table(parameters()).transfer_columns(whole)}
    assert found["engine_reference_torque_nm"] == [2400.0]
    assert found["idle_speed_radps"] == [pytest.approx(60.0, abs=0.01)]
    assert [at for at, _ in whole] == [len(sent) - 1]


def test_transfers_go_on_across_batches() -> None:
    sent = encode(Message(pgn=65260, source_address=0, destination_address=255, priority=6, payload=bytes(40)))
    assembler = Assembler()
    assert transfers(frames_of(sent[:3]), assembler) == []
    ((at, whole),) = transfers(frames_of(sent[3:]), assembler)
    assert (at, whole.payload) == (len(sent) - 4, bytes(40))


def test_more_groups_than_an_8_bit_number() -> None:
    sample = group(65265)[1]
    many: list[Parameter] = [replace(sample, pgn=0xFF00 + i) for i in range(256)] + [replace(sample, pgn=0xFE00)]
    sent = [Frame(identifier=pgn << 8 | 7, data=bytes([0, pgn & 0xFF, 1, 0, 0, 0, 0, 0])) for pgn in (0xFF00, 0xFFFF, 0xFE00)]
    found = {c.parameter.pgn: c.source_address for c in Table(many).columns(frames_of(sent))}
    assert found == {0xFF00: 7, 0xFFFF: 7, 0xFE00: 7}


def test_nothing_known_gives_no_columns() -> None:
    assert list(Table(parameters()).columns(frames_of([]))) == []
    assert list(Table([]).columns(frames_of([Frame(identifier=0x18FEF100, data=bytes(8))]))) == []
