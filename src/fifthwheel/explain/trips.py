"""Trips and stops cut from the observations of one vehicle, whatever wires it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow.compute as pc

from fifthwheel.explain.timeline import Mask, Series, Wires
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.signals.observations import KEYS, Floats, Integers, Observations
from fifthwheel.units import DEGREE, MICROSECOND, SECOND_US

NEEDED: Final = (
    "speed_mps",
    "recorder_speed_mps",
    "odometer_m",
    "ignition_state",
    "engine_speed_radps",
    "latitude_deg",
    "longitude_deg",
)
EARTH_RADIUS_M: Final = 6_371_009.0
ENGINE_RUNS_RADPS: Final = 20.0
"""Above any cranking speed, below any idle speed of a truck engine."""
SPEED_SCALE_SD_RATIO: Final = 0.01
"""Wheel speed from a nominal tyre radius: wear and load change the radius by about one per cent."""
ODOMETER_STEP_M: Final = 100.0
"""Resolution of the odometer on every Chinese wire (0.1 km)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRules:
    """When a stop ends a trip.

    Attributes
    ----------
    moving_mps : at or above this the vehicle moves; below it is standstill or the noise of a position unit.
    shortest_move_m : a movement shorter than this is noise or yard shunting and starts no trip.
    engine_off_s : a stop with the engine (or ignition) off for longer than this ends the trip.
    idling_s : a stop with the engine running for longer than this ends the trip.
    standing_s : without any word on ignition, standing for longer than this ends the trip.
    silent_s : no row for longer than this ends the trip.
    hold_on_s : the last "running" holds for this long after its row; then it is unknown.
    """

    moving_mps: float = 1.0
    shortest_move_m: float = 50.0
    engine_off_s: float = 300.0
    idling_s: float = 900.0
    standing_s: float = 600.0
    silent_s: float = 600.0
    hold_on_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Standing still, inside a trip or between two.

    Attributes
    ----------
    running_s : with the engine or ignition on.
    unseen_m : what the odometer gained meanwhile: driven while silent.
    carried_m : how far the position moved beyond that: a ferry, a train, a low loader.
    """

    start_us: int
    end_us: int
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    running_s: float = 0.0
    unseen_m: float = 0.0
    carried_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One trip of one combination; `complete` is false while it may still go on."""

    trip_id: str
    vehicle_id: str
    trailer_id: str | None
    start_us: int
    end_us: int
    distance_m: float
    distance: Finding
    moving_s: float
    idle_s: float
    start_latitude_deg: float | None = None
    start_longitude_deg: float | None = None
    end_latitude_deg: float | None = None
    end_longitude_deg: float | None = None
    stops: tuple[Stop, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TripCut:
    """`trips` in time order and the `stops` before, between and after them."""

    trips: tuple[Trip, ...] = ()
    stops: tuple[Stop, ...] = field(default=())


def cut(observations: Observations, *, rules: TripRules | None = None, now_us: int | None = None) -> TripCut:
    """Cut the rows of one vehicle (any order, duplicates and several wires welcome) into trips and stops.

    Parameters
    ----------
    observations : rows of one vehicle; what its trailer sent is not needed here.
    rules : when a stop ends a trip.
    now_us : the time up to which silence is known; by default the last row.
    """
    rules = rules or TripRules()
    if not len(observations):
        return TripCut()
    track = _Track.of(observations, rules)
    moves = list(_moves(track.speed, rules))
    if not moves:
        return TripCut(stops=(track.stop(int(track.wires.time_us[0]), int(track.wires.time_us[-1])),))
    groups = [[moves[0]]]
    for before, after in pairwise(moves):
        if track.splits(before[1], after[0]):
            groups.append([after])
        else:
            groups[-1].append(after)
    first_us, last_us = int(track.wires.time_us[0]), int(track.wires.time_us[-1])
    spans: list[tuple[int, int]] = []
    for group, following in zip(groups, [*groups[1:], None], strict=True):
        earliest_us = spans[-1][1] if spans else first_us
        latest_us = following[0][0] if following else last_us
        spans.append((track.begin(group[0][0], earliest_us), track.finish(group[-1][1], latest_us)))
    trips = [track.trip(group, span, last_us, now_us or last_us) for group, span in zip(groups, spans, strict=True)]
    edges = [first_us, *(edge for span in spans for edge in span), last_us]
    stops = [track.stop(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= SECOND_US]
    return TripCut(trips=tuple(trips), stops=tuple(stops))


def great_circle_m(latitude_1_deg: float, longitude_1_deg: float, latitude_2_deg: float, longitude_2_deg: float) -> float:
    """Distance on the sphere in metres (haversine formula)."""
    phi_1, phi_2 = latitude_1_deg * DEGREE, latitude_2_deg * DEGREE
    half = np.sin((phi_2 - phi_1) / 2) ** 2
    half += np.cos(phi_1) * np.cos(phi_2) * np.sin((longitude_2_deg - longitude_1_deg) * DEGREE / 2) ** 2
    return float(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)))


def _moves(speed: Series, rules: TripRules) -> Iterator[tuple[int, int]]:
    """Start and end of each movement, from the standstill sample before it to the one after it where these are near."""
    moving = speed.values >= rules.moving_mps
    if not moving.any():
        return
    times, silent_us = speed.time_us, int(rules.silent_s * SECOND_US)
    travelled = speed_integral_m(speed, rules.silent_s)
    breaks = np.diff(times) > silent_us
    starts = np.flatnonzero(moving & np.concatenate(([True], ~moving[:-1] | breaks)))
    ends = np.flatnonzero(moving & np.concatenate((~moving[1:] | breaks, [True])))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        lead, tail = max(start - 1, 0), min(end + 1, len(times) - 1)
        lead = lead if times[start] - times[lead] <= 60 * SECOND_US else start
        tail = tail if times[tail] - times[end] <= 60 * SECOND_US else end
        if travelled[tail] - travelled[lead] >= rules.shortest_move_m:
            yield int(times[lead]), int(times[tail])


def speed_integral_m(speed: Series, longest_gap_s: float) -> Floats:
    """Distance since the first sample by the trapezoidal rule, nothing across gaps longer than `longest_gap_s`; shape (n,)."""
    step_s = np.diff(speed.time_us) * MICROSECOND
    step_s = np.where(step_s <= longest_gap_s, step_s, 0.0)
    return np.concatenate(([0.0], np.cumsum(step_s * (speed.values[1:] + speed.values[:-1]) / 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Track:
    """What cutting needs of one vehicle, each a merged series."""

    vehicle_id: str
    rules: TripRules
    wires: Wires
    speed: Series
    odometer: Series
    running: Series
    latitude: Series
    longitude: Series
    trailer: Integers
    """Code of the trailer of each row of `wires`, -1 when none."""
    trailer_names: list[str]

    @classmethod
    def of(cls, observations: Observations, rules: TripRules) -> _Track:
        present = [name for name in NEEDED if name in observations.table.column_names]
        wires = Wires.of(Observations(observations.table.select([*KEYS.names, *present])))
        wires = wires.where(~_odd_clock(wires))
        speed = wires.series("speed_mps")
        trailers = wires.observations.table.column("trailer_id").combine_chunks().dictionary_encode()
        codes = pc.fill_null(trailers.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(
            vehicle_id=str(observations.table.column("vehicle_id")[0].as_py()),
            rules=rules,
            wires=wires,
            speed=speed if len(speed) else wires.series("recorder_speed_mps"),
            odometer=wires.series("odometer_m", prefer_within_s=np.inf),
            running=_running(wires),
            latitude=wires.series("latitude_deg"),
            longitude=wires.series("longitude_deg"),
            trailer=codes,
            trailer_names=trailers.dictionary.to_pylist(),
        )

    def splits(self, halt_us: int, go_us: int) -> bool:
        """Whether standing from `halt_us` to `go_us` ends a trip."""
        rules, standing_s = self.rules, (go_us - halt_us) * MICROSECOND
        rows = self.wires.time_us[slice(*np.searchsorted(self.wires.time_us, [halt_us, go_us + 1]))]
        silent_s = float(np.diff(rows, prepend=halt_us, append=go_us).max()) * MICROSECOND
        on_s, off_s = self.running_s(halt_us, go_us)
        unknown = on_s + off_s < standing_s / 2
        return (
            silent_s > rules.silent_s
            or off_s > rules.engine_off_s
            or on_s > rules.idling_s
            or (unknown and standing_s > rules.standing_s)
            or self.trailer_at(halt_us) != self.trailer_at(go_us)
        )

    def running_s(self, start_us: int, end_us: int) -> tuple[float, float]:
        """Seconds known to run and known to be off between two times."""
        first = max(int(np.searchsorted(self.running.time_us, start_us, side="right")) - 1, 0)
        last = int(np.searchsorted(self.running.time_us, end_us, side="right"))
        times, on = self.running.time_us[first:last], self.running.values[first:last] > 0
        if not len(times):
            return 0.0, 0.0
        until = np.append(times[1:], max(end_us, int(times[-1])))
        held = np.where(on, np.minimum(until, times + int(self.rules.hold_on_s * SECOND_US)), until)
        length_s = np.maximum(np.minimum(held, end_us) - np.maximum(times, start_us), 0) * MICROSECOND
        return float(length_s[on].sum()), float(length_s[~on].sum())

    def begin(self, go_us: int, earliest_us: int) -> int:
        """When the trip that moves off at `go_us` began: with its engine, unless that idled for too long before."""
        before = self.running.between(earliest_us, go_us)
        return go_us if not len(before) else _run_edge(before.time_us[::-1], before.values[::-1], go_us, self.rules)

    def finish(self, halt_us: int, latest_us: int) -> int:
        """When the trip that halts at `halt_us` ended: with its engine, unless that idles on for too long."""
        after = self.running.between(halt_us, latest_us)
        return halt_us if not len(after) else _run_edge(after.time_us, after.values, halt_us, self.rules)

    def trailer_at(self, time_us: int) -> int:
        """Code of the trailer coupled at `time_us`."""
        return int(self.trailer[max(int(np.searchsorted(self.wires.time_us, time_us, side="right")) - 1, 0)])

    def place(self, time_us: int) -> tuple[float | None, float | None]:
        """Position nearest to `time_us`, if there is one within ten minutes."""
        index = int(np.searchsorted(self.latitude.time_us, time_us))
        near = [k for k in (index - 1, index) if 0 <= k < len(self.latitude) and k < len(self.longitude)]
        near = [k for k in near if abs(int(self.latitude.time_us[k]) - time_us) <= 600 * SECOND_US]
        if not near:
            return None, None
        best = min(near, key=lambda k: abs(int(self.latitude.time_us[k]) - time_us))
        return float(self.latitude.values[best]), float(self.longitude.values[best])

    def stop(self, start_us: int, end_us: int) -> Stop:
        """The stop between two times, with what happened unseen."""
        from_place, to_place = self.place(start_us), self.place(end_us)
        gained = self.odometer.on(np.array([start_us, end_us]), longest_gap_s=np.inf)
        unseen_m = max(float(gained[1] - gained[0]), 0.0) if len(self.odometer) else 0.0
        known = [value for value in (*from_place, *to_place) if value is not None]
        carried_m = great_circle_m(*known) - unseen_m if len(known) == 4 else 0.0
        return Stop(
            start_us=start_us,
            end_us=end_us,
            latitude_deg=from_place[0],
            longitude_deg=from_place[1],
            running_s=self.running_s(start_us, end_us)[0],
            unseen_m=unseen_m if unseen_m > ODOMETER_STEP_M else 0.0,
            carried_m=carried_m if carried_m > 1000.0 else 0.0,
        )

    def trip(self, moves: list[tuple[int, int]], span: tuple[int, int], last_us: int, now_us: int) -> Trip:
        """The trip of `moves` that begins and ends at `span`."""
        start_us, end_us = span
        speed = self.speed.between(start_us, end_us)
        moving = (speed.values >= self.rules.moving_mps).astype(float)
        moving_s = float(np.sum(np.diff(speed.time_us) * MICROSECOND * (moving[1:] + moving[:-1]) / 2))
        on_s, off_s = self.running_s(start_us, end_us)
        known = on_s + off_s > 0
        duration_s = (end_us - start_us) * MICROSECOND
        distance = self.distance(start_us, end_us)
        begin, end = self.place(start_us), self.place(end_us)
        seconds_since = (now_us - moves[-1][1]) * MICROSECOND
        code = self.trailer_at(moves[0][1])
        return Trip(
            trip_id=f"{self.vehicle_id}-{datetime.fromtimestamp(start_us / SECOND_US, UTC):%Y%m%dT%H%M%S}",
            vehicle_id=self.vehicle_id,
            trailer_id=None if code < 0 else self.trailer_names[code],
            start_us=start_us,
            end_us=end_us,
            distance_m=distance.value or 0.0,
            distance=distance,
            moving_s=moving_s,
            idle_s=max((on_s if known else duration_s) - moving_s, 0.0),
            start_latitude_deg=begin[0],
            start_longitude_deg=begin[1],
            end_latitude_deg=end[0],
            end_longitude_deg=end[1],
            stops=tuple(self.stop(halt, go) for (_, halt), (go, _) in pairwise(moves) if go - halt >= 30 * SECOND_US),
            complete=self.splits(moves[-1][1], last_us) or seconds_since > self.rules.idling_s,
        )

    def distance(self, start_us: int, end_us: int) -> Finding:
        """Distance by the odometer where its step of 0.1 km is small against the trip, else by integrated speed."""
        odometer, speed = self.odometer.between(start_us, end_us), self.speed.between(start_us, end_us)
        integrated_m = float(speed_integral_m(speed, self.rules.silent_s)[-1]) if len(speed) else 0.0
        gained_m = float(odometer.values[-1] - odometer.values[0]) if len(odometer) > 1 else 0.0
        evidence = (f"observations:{self.vehicle_id}?from_us={start_us}&to_us={end_us}&signals=odometer_m,speed_mps",)
        if gained_m > 50 * ODOMETER_STEP_M and gained_m > 0.8 * integrated_m:
            method = f"odometer difference; integrated speed gives {integrated_m / 1000:.1f} km"
            value, margin = gained_m, 1.645 * np.hypot(ODOMETER_STEP_M / np.sqrt(6), SPEED_SCALE_SD_RATIO / 2 * gained_m)
        else:
            method = f"integrated speed; the odometer gained {gained_m / 1000:.1f} km"
            value, margin = integrated_m, 1.645 * (SPEED_SCALE_SD_RATIO * integrated_m + 10.0)
        return with_margin(
            "trip.distance", value, "m", margin=float(margin), origin=Origin.MEASURED, method=method, evidence=evidence
        )


def _run_edge(times: Integers, on: Floats, edge_us: int, rules: TripRules) -> int:
    """Last of `times`, going from `edge_us`, until which the engine ran without a break; `edge_us` if that is too long."""
    gaps = np.abs(np.diff(times, prepend=edge_us)) > max(rules.hold_on_s, 1.0) * SECOND_US
    ended = np.flatnonzero((on <= 0) | gaps)
    count = int(ended[0]) if len(ended) else len(times)
    if not count:
        return edge_us
    reached = int(times[count - 1])
    return reached if abs(reached - edge_us) <= rules.idling_s * SECOND_US else edge_us


def _running(wires: Wires) -> Series:
    """1 where the engine turns or the ignition is on, else 0; the engine decides where both are known."""
    engine, ignition = wires.series("engine_speed_radps"), wires.series("ignition_state")
    if not len(engine):
        return ignition
    rest = np.ones(len(ignition), dtype=bool)
    index = np.searchsorted(engine.time_us, ignition.time_us)
    for neighbour in (np.maximum(index - 1, 0), np.minimum(index, len(engine) - 1)):
        rest &= np.abs(engine.time_us[neighbour] - ignition.time_us) > 5 * SECOND_US
    times = np.concatenate((engine.time_us, ignition.time_us[rest]))
    values = np.concatenate(((engine.values > ENGINE_RUNS_RADPS).astype(float), ignition.values[rest]))
    order = np.argsort(times, kind="stable")
    return Series(time_us=times[order], values=values[order])


def _odd_clock(wires: Wires) -> Mask:
    """Rows whose odometer does not fit their time: a clock that jumped. Shape (n,)."""
    values, odd = wires.observations.column("odometer_m"), np.zeros(len(wires.time_us), dtype=bool)
    for rank in np.unique(wires.rank):
        here = np.flatnonzero((wires.rank == rank) & ~np.isnan(values))
        if len(here) >= 5:
            window = np.lib.stride_tricks.sliding_window_view(np.pad(values[here], 2, mode="edge"), 5)
            odd[here] = np.abs(values[here] - np.median(window, axis=1)) > 2000.0
    return odd
