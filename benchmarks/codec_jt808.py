"""JT/T 808 on one core: cutting and opening frames, and reading positions in batches. ``python benchmarks/codec_jt808.py``"""

from __future__ import annotations

import platform
from collections.abc import Callable
from time import perf_counter

from fifthwheel.codec.jt808.decode import decode, inspect, observe
from fifthwheel.codec.jt808.encode import frames
from fifthwheel.codec.jt808.frame import Cutter, parse

FRAMES = 100_000
READ = 1460
"""Bytes in one TCP read."""


def position(serial: int, items: list[dict[str, object]]) -> bytes:
    fields = {
        **{"alarm_bits": 0, "status_bits": 3, "latitude_deg": 31.2 + serial * 1e-6, "longitude_deg": 121.4 + serial * 1e-6},
        **{"altitude_m": 12, "speed_kmh": 72.5, "direction_deg": serial % 360, "time": "2026-01-02T03:04:05+08:00"},
        "items": items,
    }
    (wire,) = frames(0x0200, fields, phone=f"{13800000000 + serial % 997:012d}", serial=serial & 0xFFFF, version="2013")
    return wire


ITEMS: list[dict[str, object]] = [
    {"id": "0x01", "odometer_km": 123456.7},
    {"id": "0x02", "fuel_l": 321.5},
    {"id": "0x03", "recorder_speed_kmh": 72.1},
    {"id": "0x25", "vehicle_signal_bits": 0x0810},
    {"id": "0x2a", "io_state_bits": 0},
    {"id": "0x30", "signal_strength": 30},
    {"id": "0x31", "satellites": 17},
]


def cut_and_parse(stream: bytes) -> int:
    cutter, opened = Cutter(), 0
    for at in range(0, len(stream), READ):
        for wire in cutter.feed(stream[at : at + READ]):
            opened += len(parse(wire).body) > 0  # type: ignore[arg-type]
    return opened


def observe_in_batches(wires: list[bytes], size: int) -> int:
    return sum(len(observe(wires[at : at + size]).blocks[0].frame) for at in range(0, len(wires), size))


def rate(name: str, total: int, run: Callable[[], int]) -> None:
    seconds = []
    for _ in range(5):
        start = perf_counter()
        assert run() == total
        seconds.append(perf_counter() - start)
    print(f"{name:48s} {total / min(seconds):12,.0f} frames/s")


def main() -> None:
    bare = [position(serial, []) for serial in range(FRAMES)]
    full = [position(serial, ITEMS) for serial in range(FRAMES)]
    mixed = [position(serial, ITEMS[serial % 7 :] + ITEMS[: serial % 5]) for serial in range(FRAMES)]
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core")
    rate("Cutter + parse, 28-byte body", FRAMES, lambda: cut_and_parse(b"".join(bare)))
    rate("Cutter + parse, 7 items", FRAMES, lambda: cut_and_parse(b"".join(full)))
    for size in (100, 1000, 10_000):
        rate(f"observe, 28-byte body, {size} a batch", FRAMES, lambda size=size: observe_in_batches(bare, size))  # type: ignore[misc]
        rate(f"observe, 7 items, {size} a batch", FRAMES, lambda size=size: observe_in_batches(full, size))  # type: ignore[misc]
        rate(f"observe, mixed items, {size} a batch", FRAMES, lambda size=size: observe_in_batches(mixed, size))  # type: ignore[misc]
    rate("decode, 7 items", 2000, lambda: sum(len(decode(parse(wire)).fields["items"]) == 7 for wire in full[:2000]))
    rate("inspect, 7 items", 2000, lambda: sum(len(inspect(wire)["fields"]["items"]) == 7 for wire in full[:2000]))


if __name__ == "__main__":
    main()
