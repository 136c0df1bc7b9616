"""Speeds of the GB/T 32960 and GB 17691 codecs on one core: ``python benchmarks/codec_gbt32960.py``."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from fifthwheel.codec.gbt32960 import decode as gbt_decode
from fifthwheel.codec.gbt32960 import encode as gbt_encode
from fifthwheel.codec.gbt32960 import frame as gbt_frame
from fifthwheel.codec.hashframe import Cutter, seal
from fifthwheel.codec.hj1239 import decode as hj_decode
from fifthwheel.codec.hj1239 import encode as hj_encode

VIN = "LFWSRXSJ8M1F00001"
START_US = 1_770_000_000_000_000
N_FRAMES = 50_000
ELECTRIC = {
    **{"speed_mps": 20.0, "odometer_m": 1e8, "battery_voltage_v": 650.0, "battery_current_a": 80.0, "battery_soc_ratio": 0.6},
    **{"insulation_ohm": 1e6, "accelerator_ratio": 0.3, "gear_current_state": 1.0, "motor_speed_radps": 300.0},
    **{"motor_torque_nm": 500.0, "motor_temperature_k": 350.0, "inverter_temperature_k": 330.0, "latitude_deg": 31.2},
    **{"longitude_deg": 121.5, "cell_voltage_max_v": 3.4, "cell_voltage_min_v": 3.3, "battery_temperature_max_k": 305.0},
    "battery_temperature_min_k": 300.0,
}
DIESEL = {"speed_mps": 22.0, "engine_speed_radps": 130.0, "fuel_rate_m3ps": 8e-6, "latitude_deg": 31.2, "longitude_deg": 121.5}


def rate(name: str, unit: str, count: int, work: Callable[[], Any]) -> None:
    best = min(timed(work) for _ in range(5))
    print(f"{name:<44} {count / best:>12,.0f} {unit}/s")


def timed(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def realtime_208(n_frames: int) -> list[bytes]:
    """Realtime frames of 208 bytes: vehicle, motor, position, extremes, alarm, 24 cells and 10 probes."""
    cells = b"\x08\x01\x01\x19\x64\x2a\xf8\x00\x18\x00\x01\x18" + b"\x0d\x12" * 24
    probes = b"\x09\x01\x01\x00\x0a" + b"\x40" * 10
    short = gbt_encode.realtime(VIN, START_US + 1_000_000 * np.arange(n_frames), ELECTRIC, alarm_bits=0)
    return [seal(frame[:22], (frame[24:-1] + cells + probes).ljust(183, b"\x0a")) for frame in short]


def main() -> None:
    """Print one line a measurement."""
    frames = realtime_208(N_FRAMES)
    assert len(frames[0]) == 208
    stream = b"".join(frames)
    chunks = [stream[at : at + 4096] for at in range(0, len(stream), 4096)]
    vendor = [b"\x82\x00" + bytes((n_bytes,)) + bytes(n_bytes) for n_bytes in range(200)]
    mixed = [seal(frame[:22], frame[24:100] + vendor[index % 200]) for index, frame in enumerate(frames[:10_000])]
    engine = hj_encode.engine_stream(
        VIN, START_US, 1, {name: np.full(10 * N_FRAMES // 5, value) for name, value in DIESEL.items()}
    )
    times = START_US + 1_000_000 * np.arange(N_FRAMES)
    columns = {name: np.full(N_FRAMES, value) for name, value in ELECTRIC.items()}
    rate("gbt32960 observe, 208-byte realtime", "frames", N_FRAMES, lambda: gbt_decode.observe(frames))
    rate("gbt32960 observe, 200 layouts mixed", "frames", len(mixed), lambda: gbt_decode.observe(mixed))
    rate("gbt32960 decode, 208-byte realtime", "frames", 2000, lambda: [gbt_decode.decode(frame) for frame in frames[:2000]])
    rate("gbt32960 head, 208-byte realtime", "frames", N_FRAMES, lambda: [gbt_frame.head(frame) for frame in frames])
    rate("hashframe cut, 4 KiB reads", "frames", N_FRAMES, lambda: list(map(Cutter().feed, chunks)))
    rate("gbt32960 encode realtime", "frames", N_FRAMES, lambda: gbt_encode.realtime(VIN, times, columns))
    rate("hj1239 observe, ten bodies a frame", "samples", 10 * len(engine), lambda: hj_decode.observe(engine))
    rate("hj1239 decode, ten bodies a frame", "frames", 1000, lambda: [hj_decode.decode(frame) for frame in engine[:1000]])


if __name__ == "__main__":
    main()
