"""GB/T 32960.3 frames from messages (exact inverse of `decode`), platform answers, and a fleet's frames from SI columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from fifthwheel.codec import hashframe
from fifthwheel.codec.chinatime import sixes
from fifthwheel.codec.columns import Floats, Rows, unsigned
from fifthwheel.codec.gbt32960.decode import BRAKE_ON, GEAR_DRIVE, GEAR_REVERSE
from fifthwheel.codec.gbt32960.frame import COMMAND, PLAIN, Frame, build, parse
from fifthwheel.codec.gbt32960.messages import HEARTBEAT, LOGIN, LOGOUT, REALTIME, RESEND, TIME, Message, layouts
from fifthwheel.codec.layout import Group
from fifthwheel.errors import InputError

_STATES: Final = {"state": 1, "charge_state": 3, "mode": 1, "dcdc_state": 1}
"""What a virtual vehicle says where nothing else is given: on, not charging, electric, DC/DC on."""
_BLOCKS: Final = {
    "motors": ("motor_speed_radps", "motor_torque_nm"),
    "fuel_cell": ("fuel_cell_voltage_v",),
    "engine": ("engine_speed_radps",),
    "position": ("latitude_deg", "longitude_deg"),
    "extremes": ("cell_voltage_max_v", "battery_temperature_max_k"),
}
"""Optional blocks of the 2016 edition, each sent when one of these signals is given."""


def encode(message: Message) -> bytes:
    """The frame of a message; a decoded frame comes back byte for byte.

    Raises
    ------
    FrameError : ``length``, more than 65535 data bytes.
    """
    data = layouts(message.frame.edition)[message.layout].write(message.codes)
    return build(replace(message.frame, data=data))


def answer(frame: bytes, flag: int, time_us: int) -> bytes:
    """The platform's answer to a frame: same command, VIN and encryption byte, `flag` (1 ok ...), and the frame's own time.

    A time request gets `time_us` (UTC microseconds), a heartbeat nothing. An encrypted frame hides its time: it gets
    `time_us` in a plain answer.

    Raises
    ------
    FrameError : ``start``, ``length`` or ``checksum`` of the frame.
    """
    asked = parse(frame)
    if asked.command == HEARTBEAT:
        data = b""
    elif asked.command == TIME or asked.cipher or len(asked.data) < 6:
        data = _six(time_us)
    else:
        data = asked.data[:6]
    encryption = PLAIN if asked.cipher else asked.encryption
    return build(replace(asked, answer=flag, encryption=encryption, data=data))


def login(vin: str, time_us: int, serial: int, iccid: str, battery_codes: Sequence[str] = ()) -> bytes:
    """Vehicle login of the 2016 edition; `battery_codes` are of one length.

    Raises
    ------
    InputError : codes of different lengths.
    """
    lengths = {len(code) for code in battery_codes} or {0}
    if len(lengths) > 1:
        raise InputError(f"battery codes {list(battery_codes)} have lengths {sorted(lengths)}; one length is needed")
    counts = bytes((len(battery_codes), *lengths))
    data = _six(time_us) + serial.to_bytes(2, "big") + hashframe.padded(iccid, 20) + counts
    return command(vin, LOGIN, data + "".join(battery_codes).encode())


def logout(vin: str, time_us: int, serial: int) -> bytes:
    """Vehicle logout; `serial` is that of the login."""
    return command(vin, LOGOUT, _six(time_us) + serial.to_bytes(2, "big"))


def heartbeat(vin: str) -> bytes:
    """Heartbeat, without data."""
    return command(vin, HEARTBEAT, b"")


def command(vin: str, number: int, data: bytes) -> bytes:
    """A plain command frame of the 2016 edition around encoded `data`."""
    return build(Frame(edition="2016", command=number, answer=COMMAND, vin=vin, encryption=PLAIN, data=data))


def realtime(
    vin: str,
    time_us: ArrayLike,
    signals: Mapping[str, ArrayLike],
    *,
    alarm_bits: ArrayLike | None = None,
    resent: bool = False,
) -> list[bytes]:
    """Realtime (or resent) frames of the 2016 edition from SI signals, one frame a time: the inverse of `observe`.

    Parameters
    ----------
    time_us : UTC microseconds, shape (n,) or a scalar.
    signals : catalogue name -> SI values, shape (n,) or scalar; NaN is sent as invalid. The vehicle block is always
        sent, the others when a signal of theirs is given; the motors of the vehicle are sent as one.
    alarm_bits : general alarm flags, shape (n,) of int; adds the alarm block.

    Raises
    ------
    InputError : a value that its field cannot say.
    """
    times = sixes(time_us)
    n_rows = len(times)
    given = {name: np.broadcast_to(np.asarray(values, np.float64), n_rows) for name, values in signals.items()}
    parts = [times, _vehicle(n_rows, given)]
    if _any(given, "motors"):
        parts.append(_block(2, _fill("motor", n_rows, given, {"number": 1, "state": _motor_state(n_rows, given)}), b"\x01"))
    if _any(given, "fuel_cell"):
        parts.append(_fuel_cell(n_rows, given))
    if _any(given, "engine"):
        engine_state = 2 - _value(given, "engine_state", 1.0, n_rows)
        parts.append(_block(4, _fill("engine", n_rows, given, {"state": engine_state})))
    if _any(given, "position"):
        parts.append(_block(5, _fill("position", n_rows, given, dict(unsigned(given, n_rows)))))
    if _any(given, "extremes"):
        parts.append(_block(6, _fill("extremes", n_rows, given, {})))
    if alarm_bits is not None:
        bits = np.broadcast_to(np.asarray(alarm_bits, np.uint32), n_rows).astype(">u4").reshape(-1, 1).view(np.uint8)
        level = np.where(bits.any(axis=1, keepdims=True), 1, 0).astype(np.uint8)
        parts.append(_block(7, np.hstack([level, bits, np.zeros((n_rows, 4), np.uint8)])))
    return hashframe.seal_all(_head(vin, RESEND if resent else REALTIME), np.hstack(parts))


def _six(time_us: int) -> bytes:
    return sixes(time_us).tobytes()


def _head(vin: str, number: int) -> bytes:
    return command(vin, number, b"")[:22]


def _any(given: Mapping[str, Floats], block: str) -> bool:
    return any(name in given for name in _BLOCKS[block])


def _value(given: Mapping[str, Floats], name: str, default: float, n_rows: int) -> Floats:
    values = given.get(name, np.full(n_rows, default))
    return np.where(np.isnan(values), default, values)


def _fill(layout: str, n_rows: int, given: Mapping[str, Floats], more: Mapping[str, ArrayLike]) -> Rows:
    """Bytes (n_rows, size) of a fixed layout: `more` by field name, the rest by the signal that the field feeds."""
    group = layouts("2016")[layout]
    assert isinstance(group, Group)
    values: dict[str, Any] = {part.name: given[name] for part in group.fields for name, _ in part.signals if name in given}
    return group.fill(n_rows, values | dict(more))


def _block(number: int, body: Rows, counts: bytes = b"") -> Rows:
    lead = np.frombuffer(bytes((number,)) + counts, np.uint8)
    return np.hstack([np.broadcast_to(lead, (len(body), len(lead))), body])


def _vehicle(n_rows: int, given: Mapping[str, Floats]) -> Rows:
    gear = given.get("gear_current_state", np.full(n_rows, np.nan))
    brake = _value(given, "brake_switch_state", 0.0, n_rows) > 0
    drive = _value(given, "motor_torque_nm", 0.0, n_rows) > 0
    code = np.where(np.isnan(gear), GEAR_DRIVE, np.where(gear < 0, GEAR_REVERSE, gear)) + 16 * brake + 32 * drive
    pedal = given.get("brake_pedal_ratio", np.full(n_rows, np.nan))
    more = {
        **_STATES,
        "state": 2 - _value(given, "ignition_state", 1.0, n_rows),
        "charge_state": _value(given, "charge_state", _STATES["charge_state"], n_rows),
        "gear_code": code,
        "brake_pedal_percent": np.where(np.isnan(pedal), brake * BRAKE_ON / 100, pedal),
    }
    return _block(1, _fill("vehicle", n_rows, given, more))


def _motor_state(n_rows: int, given: Mapping[str, Floats]) -> Floats:
    power = _value(given, "motor_torque_nm", 0.0, n_rows) * _value(given, "motor_speed_radps", 0.0, n_rows)
    return np.select([power > 0, power < 0], [1.0, 2.0], 4.0)


def _fuel_cell(n_rows: int, given: Mapping[str, Floats]) -> Rows:
    """Without probe temperatures."""
    stack = _fill("stack", n_rows, given, {})
    return _block(3, np.hstack([stack, _fill("hydrogen", n_rows, given, {"dcdc_state": 1})]))
