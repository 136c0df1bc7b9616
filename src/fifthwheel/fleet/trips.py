"""Trips: lists, one explained, series over one; read from what the worker cut and accounted."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from fifthwheel.errors import UnknownName
from fifthwheel.explain.compare import Case, compare
from fifthwheel.finding import Finding
from fifthwheel.fleet.catalogued import combination_of
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.views import AccountLine, SeriesView, TripDetail, TripSummary
from fifthwheel.physics.energy import TERMS
from fifthwheel.signals.catalogue import signal
from fifthwheel.signals.observations import Floats, Integers, Observations
from fifthwheel.units import DAY_US, SECOND_US, unit_of
from fifthwheel.vehicle.combination import Combination

_LIKE_DAYS: Final = 30
_GAP_US: Final = 60 * SECOND_US
_TRIP_COLUMNS: Final = ("latitude_deg", "longitude_deg", "speed_mps", "altitude_m")
_POWER_SIGNALS: Final = ("engine_net_torque_ratio", "engine_speed_radps", "battery_voltage_v", "battery_current_a")


def trips(
    stores: Stores, vehicle_id: str | None = None, start_us: int | None = None, end_us: int | None = None, limit: int = 200
) -> list[TripSummary]:
    """Trips that start in the interval, newest first."""
    table = stores.lake.trips(vehicle_id, start_us=start_us, end_us=end_us).slice(0, limit)
    plates = {record.vehicle_id: record.plate for record in stores.records.vehicles()}
    return [summary_of(row, plates.get(row["vehicle_id"], ""), stores) for row in table.drop_columns("findings").to_pylist()]


def explain_trip(stores: Stores, trip_id: str) -> TripDetail:
    """One trip with its closed account, compared with like trips of the last month.

    Raises
    ------
    UnknownName : no such trip; the message names the closest ones.
    """
    row = _row(stores, trip_id)
    findings = findings_of(row)
    since_us, until_us = row["start_us"] - _LIKE_DAYS * DAY_US, row["start_us"] + _LIKE_DAYS * DAY_US
    others = stores.lake.trips(start_us=since_us, end_us=until_us).to_pylist()
    like = compare(_case(row), [_case(other) for other in others])
    account = {finding.name.removeprefix("account."): finding for finding in findings["account"]}
    return TripDetail(
        summary=summary_of(row, stores.records.vehicle(row["vehicle_id"]).plate, stores),
        meter=findings["meter"],
        account=tuple(
            AccountLine(
                name=term.name,
                title_en=term.title_en,
                title_zh=term.title_zh,
                colour=term.colour,
                finding=account[term.name],
                like_trips_jpm=like.terms_jpm.get(term.name),
            )
            for term in TERMS
            if term.name in account
        ),
        beside=findings["beside"],
        estimates=findings["estimates"],
        like_trips=like.trip_ids,
        like_energy_per_distance_jpm=like.energy_jpm,
        reasons=like.reasons,
    )


def trip_series(stores: Stores, trip_id: str, signals: tuple[str, ...], points: int) -> SeriesView:
    """Signals over one trip on one axis, with position, speed, altitude and ``power_w`` (crank or battery terminals)."""
    row = _row(stores, trip_id)
    wanted = tuple(dict.fromkeys((*_TRIP_COLUMNS, *signals)))
    rows = stores.lake.observations(
        row["vehicle_id"], start_us=row["start_us"], end_us=row["end_us"], signals=tuple({*wanted, *_POWER_SIGNALS})
    )
    grid = _grid(row["start_us"], row["end_us"], points)
    columns = {name: _thin(rows, name, grid) for name in wanted}
    combination = combination_of(stores, stores.records.vehicle(row["vehicle_id"]), row["trailer_id"])
    columns["power_w"] = _listed(_power(rows, grid, combination))
    return _view(row["vehicle_id"], grid, columns)


def series(stores: Stores, vehicle_id: str, start_us: int, end_us: int, *, signals: tuple[str, ...], points: int) -> SeriesView:
    """Signals of one vehicle over a time span, thinned to at most `points` instants.

    Raises
    ------
    UnknownName : no such vehicle or signal.
    """
    stores.records.vehicle(vehicle_id)
    for name in signals:
        signal(name)
    rows = stores.lake.observations(vehicle_id, start_us=start_us, end_us=end_us, signals=signals)
    grid = _grid(start_us, end_us, points)
    return _view(vehicle_id, grid, {name: _thin(rows, name, grid) for name in signals})


def summary_of(row: dict[str, Any], plate: str, stores: Stores) -> TripSummary:
    """The list entry of one row of the lake's ``trips``."""
    places = (
        stores.place(row["start_latitude_deg"], row["start_longitude_deg"]),
        stores.place(row["end_latitude_deg"], row["end_longitude_deg"]),
    )
    shown = {name: row[name] for name in row if name in TripSummary.__dataclass_fields__}
    per_m = row["energy_j"] / row["distance_m"] if row["energy_j"] is not None and row["distance_m"] else None
    return TripSummary(**shown, plate=plate, start_place=places[0], end_place=places[1], energy_per_distance_jpm=per_m)


def findings_of(row: dict[str, Any]) -> dict[str, tuple[Finding, ...]]:
    """The `Finding`s kept with a trip: ``meter account beside estimates``."""
    kept = json.loads(row["findings"] or "{}")
    return {
        name: tuple(Finding.from_dict(item) for item in kept.get(name, []))
        for name in ("meter", "account", "beside", "estimates")
    }


def _case(row: dict[str, Any]) -> Case:
    ends = tuple(row[f"{end}_{axis}_deg"] for end in ("start", "end") for axis in ("latitude", "longitude"))
    return Case(
        **{name: row[name] for name in ("trip_id", "energy_kind", "distance_m", "moving_s", "mass_kg", "energy_j")},
        terms={finding.name.removeprefix("account."): finding for finding in findings_of(row)["account"]},
        ends=None if None in ends else ends,
    )


def _row(stores: Stores, trip_id: str) -> dict[str, Any]:
    table = stores.lake.trips(trip_id.rsplit("-", 1)[0])
    found = table.filter(pc.field("trip_id") == trip_id).to_pylist()
    if not found:
        raise UnknownName("trip", trip_id, stores.lake.trips().column("trip_id").to_pylist())
    return dict(found[0])


def _grid(start_us: int, end_us: int, points: int) -> Integers:
    seconds = max(int((end_us - start_us) // SECOND_US), 1)
    return np.linspace(start_us, end_us, min(points, seconds + 1)).astype(np.int64)


def _at(rows: Observations, name: str, grid: Integers) -> Floats:
    """Signal `name` at the instants of `grid`, shape of `grid`; NaN further than a minute from any sample."""
    times, values = rows.series(name)
    if not len(times):
        return np.full(len(grid), np.nan)
    after = np.clip(np.searchsorted(times, grid), 0, len(times) - 1)
    before = np.clip(after - 1, 0, len(times) - 1)
    near = np.minimum(np.abs(times[after] - grid), np.abs(times[before] - grid)) <= _GAP_US
    known = values[np.clip(np.searchsorted(times, grid, side="right") - 1, 0, None)]
    smooth = known if name.endswith("_state") else np.interp(grid, times, values)
    return np.where(near, smooth, np.nan)


def _power(rows: Observations, grid: Integers, combination: Combination | None) -> Floats:
    battery = _at(rows, "battery_voltage_v", grid) * _at(rows, "battery_current_a", grid)
    engine = combination.drive.engine if combination else None
    if engine is None:
        return battery
    torque = _at(rows, "engine_net_torque_ratio", grid) * engine.reference_torque_nm
    return np.asarray(torque * _at(rows, "engine_speed_radps", grid), dtype=np.float64)


def _thin(rows: Observations, name: str, grid: Integers) -> tuple[float | None, ...]:
    return _listed(_at(rows, name, grid))


def _listed(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)


def _view(vehicle_id: str, grid: Integers, columns: dict[str, tuple[float | None, ...]]) -> SeriesView:
    return SeriesView(
        vehicle_id=vehicle_id, time_us=tuple(grid.tolist()), columns=columns, units={name: unit_of(name) for name in columns}
    )
