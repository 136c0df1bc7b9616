"""The broker: latest state wins, slow pages skip, leaving pages are forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from threading import Thread

from fifthwheel.console.live import Live

from .scripted import ScriptedFleet, trip_summary, vehicle_state


async def _opened(live: Live) -> AsyncIterator[bytes]:
    stream = live.stream()
    assert (await anext(stream)).startswith(b"retry")
    return stream


def _data(message: bytes, event: str) -> object:
    parts = dict(part.split("\ndata: ", 1) for part in message.decode().strip().split("\n\n"))
    return json.loads(parts[f"event: {event}"])


async def test_a_state_published_by_another_thread_arrives() -> None:
    live = Live(interval_s=0)
    stream = await _opened(live)
    Thread(target=live.vehicles, args=([vehicle_state(1)],)).start()
    states = _data(await asyncio.wait_for(anext(stream), 5), "vehicles")
    assert states[0]["vehicle_id"] == "鲁B36701"  # type: ignore[index]


async def test_a_slow_page_gets_only_the_latest_state() -> None:
    live = Live(interval_s=0)
    stream = await _opened(live)
    for number in range(1000):
        live.vehicles([vehicle_state(1, speed_mps=number), vehicle_state(2)])
    states = _data(await asyncio.wait_for(anext(stream), 5), "vehicles")
    assert [state["speed_mps"] for state in states] == [999.0, 22.0]  # type: ignore[attr-defined]


async def test_overview_and_trips_arrive_together() -> None:
    live = Live(interval_s=0)
    stream = await _opened(live)
    live.overview(ScriptedFleet().overview())
    live.trip(trip_summary(3))
    message = await asyncio.wait_for(anext(stream), 5)
    assert _data(message, "overview")["timezone"] == "Asia/Shanghai"  # type: ignore[index]
    assert _data(message, "trip")["trip_id"] == "trip-3"  # type: ignore[index]


async def test_every_page_has_its_own_mailbox() -> None:
    live = Live(interval_s=0)
    first, second = await _opened(live), await _opened(live)
    live.trip(trip_summary(3))
    assert await asyncio.wait_for(anext(first), 5) == await asyncio.wait_for(anext(second), 5)


async def test_closing_ends_the_streams() -> None:
    live = Live(interval_s=0)
    stream = await _opened(live)
    live.close()
    rest = [message async for message in stream]
    assert b"".join(rest) == b""
