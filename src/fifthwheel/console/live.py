"""What changes, pushed to every open page: a broker between the pipeline's thread and server-sent events.

Each page has a mailbox that keeps only the latest state of a vehicle, so a slow page skips states instead of
holding the pipeline back or growing without bound.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from pydantic import TypeAdapter

from fifthwheel.fleet.views import FleetOverview, TripSummary, VehicleState

_VEHICLE: Final = TypeAdapter(VehicleState)
_OVERVIEW: Final = TypeAdapter(FleetOverview)
_TRIP: Final = TypeAdapter(TripSummary)
_TRIPS_KEPT_COUNT: Final = 50
_HEARTBEAT_S: Final = 15.0


@dataclass(slots=True, kw_only=True)
class _Mailbox:
    """What one page has not been sent yet, as JSON."""

    loop: asyncio.AbstractEventLoop
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    vehicles: dict[str, bytes] = field(default_factory=dict)
    overview: bytes | None = None
    trips: deque[bytes] = field(default_factory=lambda: deque(maxlen=_TRIPS_KEPT_COUNT))

    def ring(self) -> None:
        """Wake the page's stream, from any thread."""
        with suppress(RuntimeError):  # its loop has closed: the page is gone
            self.loop.call_soon_threadsafe(self.ready.set)

    def empty(self) -> bytes:
        """Everything waiting, as server-sent events, and forget it."""
        events = [_event(b"trip", trip) for trip in self.trips]
        if self.vehicles:
            events.append(_event(b"vehicles", b"[" + b",".join(self.vehicles.values()) + b"]"))
        if self.overview is not None:
            events.append(_event(b"overview", self.overview))
        self.vehicles.clear()
        self.trips.clear()
        self.overview = None
        self.ready.clear()
        return b"".join(events)


class Live:
    """Broker: `vehicles`, `overview` and `trip` are called from any thread, `stream` from the server's loop.

    Parameters
    ----------
    interval_s : least time between two messages to one page, s.
    """

    def __init__(self, *, interval_s: float = 0.25) -> None:
        self._interval_s = interval_s
        self._lock = Lock()
        self._mailboxes: list[_Mailbox] = []
        self._closed = False

    @property
    def watched(self) -> bool:
        """Whether any page is open."""
        return bool(self._mailboxes)

    def vehicles(self, states: Iterable[VehicleState]) -> None:
        """Tell every page that these vehicles changed."""
        with self._lock:
            if not self._mailboxes:
                return
            changed = {state.vehicle_id: _VEHICLE.dump_json(state) for state in states}
            for mailbox in self._mailboxes:
                mailbox.vehicles.update(changed)
                mailbox.ring()

    def overview(self, overview: FleetOverview) -> None:
        """Tell every page the fleet's figures."""
        with self._lock:
            for mailbox in self._mailboxes:
                mailbox.overview = _OVERVIEW.dump_json(overview)
                mailbox.ring()

    def trip(self, trip: TripSummary) -> None:
        """Tell every page that a trip was explained."""
        with self._lock:
            for mailbox in self._mailboxes:
                mailbox.trips.append(_TRIP.dump_json(trip))
                mailbox.ring()

    async def stream(self) -> AsyncIterator[bytes]:
        """Server-sent events for one page, until it leaves or the broker closes."""
        mailbox = _Mailbox(loop=asyncio.get_running_loop())
        with self._lock:
            self._mailboxes.append(mailbox)
        try:
            yield b"retry: 1000\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(mailbox.ready.wait(), _HEARTBEAT_S)
                except TimeoutError:
                    yield b": nothing changed\n\n"
                    continue
                with self._lock:
                    message = mailbox.empty()
                yield message
                await asyncio.sleep(self._interval_s)
        finally:
            with self._lock:
                self._mailboxes.remove(mailbox)

    def close(self) -> None:
        """End every stream, so that the server can stop; call it before the server's own shutdown."""
        self._closed = True
        with self._lock:
            for mailbox in self._mailboxes:
                mailbox.ring()


def _event(name: bytes, data: bytes) -> bytes:
    return b"event: " + name + b"\ndata: " + data + b"\n\n"
