"""Bodies of position reports (0x0200) and of late batches (0x0704) from SI columns: the inverse of `positions.observe`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fifthwheel.codec.chinatime import sixes
from fifthwheel.codec.jt808.positions import _FIX
from fifthwheel.units import CELSIUS_ZERO_K, DEGREE, KMH, LITRE

ACC, FIXED, SOUTH, WEST, BEIDOU, MOVING = 1, 2, 4, 8, 1 << 19, 1 << 22
"""Status bits that a report sets; `MOVING` since 2019."""
BLIND_ZONE: Final = 1
"""Type of a 0x0704 that makes up for a gap in coverage."""
_ITEMS: Final = (
    (0x01, "odometer_m", ">u4", 100.0, 0.0),
    (0x02, "fuel_volume_m3", ">u2", 0.1 * LITRE, 0.0),
    (0x03, "recorder_speed_mps", ">u2", 0.1 * KMH, 0.0),
    (0x06, "cargo_temperature_k", ">i2", 1.0, CELSIUS_ZERO_K),
)
_SWITCHES: Final = {"brake_switch_state": 4, "retarder_switch_state": 11, "clutch_switch_state": 14}


def bodies(
    time_us: ArrayLike, signals: Mapping[str, ArrayLike], *, alarm_bits: ArrayLike = 0, version: str = "2019"
) -> list[bytes]:
    """Bodies of 0x0200, one a time; an item is sent when its signal is given.

    Parameters
    ----------
    time_us : UTC microseconds, shape (n,).
    signals : catalogue name -> SI values, shape (n,) or scalar; position, altitude, speed, heading and ignition are always
        sent, as zero where not given.
    alarm_bits : bits of the alarm field, shape (n,) or scalar.
    """
    times = np.atleast_1d(np.asarray(time_us, np.int64))
    given = {name: np.broadcast_to(np.asarray(values, np.float64), times.shape) for name, values in signals.items()}
    parts = [_fixed(times, given, alarm_bits, version=version)]
    for item, name, kind, scale, shift in _ITEMS:
        if name in given:
            parts.append(_item(item, np.rint((given[name] - shift) / scale).astype(kind)))
    if any(name in given for name in _SWITCHES):
        bits = sum((given[name] > 0).astype(np.int64) << bit for name, bit in _SWITCHES.items() if name in given)
        parts.append(_item(0x25, np.asarray(bits).astype(">u4")))
    rows = np.hstack(parts)
    joined, size = rows.tobytes(), rows.shape[1]
    return [joined[at : at + size] for at in range(0, len(joined), size)]


def late(reports: Sequence[bytes]) -> bytes:
    """Body of a 0x0704 that brings reports from a gap in coverage."""
    head = len(reports).to_bytes(2, "big") + bytes((BLIND_ZONE,))
    return head + b"".join(len(body).to_bytes(2, "big") + body for body in reports)


def _fixed(times: NDArray[np.int64], given: Mapping[str, Any], alarm_bits: ArrayLike, *, version: str) -> NDArray[np.uint8]:
    zero = np.zeros(len(times))
    latitude, longitude, speed, altitude = (
        given.get(name, zero) for name in ("latitude_deg", "longitude_deg", "speed_mps", "altitude_m")
    )
    fix = np.zeros(len(times), _FIX)
    fix["alarm"] = alarm_bits
    moving = np.where(speed > 0, MOVING, 0) if version == "2019" else 0
    fix["status"] = (
        FIXED + BEIDOU + ACC * (given.get("ignition_state", zero) > 0) + SOUTH * (latitude < 0) + WEST * (longitude < 0) + moving
    )
    fix["latitude"], fix["longitude"] = np.rint(np.abs(latitude) * 1e6), np.rint(np.abs(longitude) * 1e6)
    fix["altitude"] = np.rint(altitude).astype(np.int64) & 0xFFFF
    fix["speed"] = np.rint(speed / (0.1 * KMH))
    fix["direction"] = np.rint(given.get("heading_rad", zero) / DEGREE) % 360
    binary = sixes(times)
    fix["time"] = binary // 10 * 16 + binary % 10
    return fix.view(np.uint8).reshape(len(times), -1)


def _item(number: int, values: NDArray[Any]) -> NDArray[np.uint8]:
    body = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1)
    lead = np.frombuffer(bytes((number, body.shape[1])), np.uint8)
    return np.hstack([np.broadcast_to(lead, (len(body), 2)), body])
