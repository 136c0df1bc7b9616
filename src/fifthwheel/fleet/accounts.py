"""The account of one trip as the lake keeps it: explain it with what its coupling taught before, remember what it teaches."""

from __future__ import annotations

import json
from typing import Any, Final

from fifthwheel.explain.account import TripAccount, explain
from fifthwheel.explain.estimate import Belief
from fifthwheel.explain.trips import Trip
from fifthwheel.fleet.catalogued import combination_of
from fifthwheel.fleet.stores import Stores
from fifthwheel.signals.observations import Observations
from fifthwheel.units import SECOND_US

KEPT: Final = ("meter", "account", "beside", "estimates")
AROUND_US: Final = 120 * SECOND_US
"""Rows this long before and after a trip tell what its ends looked like."""


def account_row(stores: Stores, trip: Trip, rows: Observations) -> dict[str, Any]:
    """The columns of the lake's ``trips`` that an account fills; empty ones when no wire told what was used.

    `rows` are the vehicle's, in time order.
    """
    record = stores.records.vehicle(trip.vehicle_id)
    combination = combination_of(stores, record, trip.trailer_id)
    if combination is None:
        return _columns(None) | {"energy_kind": None}
    key = f"{trip.vehicle_id}+{trip.trailer_id or ''}"
    kept = stores.records.belief(key) or {}
    rows = rows.between(trip.start_us - AROUND_US, trip.end_us + AROUND_US)
    if trip.trailer_id:
        rows = Observations.concat([rows, stores.lake.observations(trip.trailer_id, start_us=trip.start_us, end_us=trip.end_us)])
    account = explain(trip, rows, combination, Belief.from_dict(kept))
    if account and trip.complete and trip.start_us > kept.get("learnt_until_us", 0):
        stores.records.save_belief(key, account.belief.to_dict() | {"learnt_until_us": trip.start_us})
    return _columns(account) | {"energy_kind": combination.energy_kind}


def _columns(account: TripAccount | None) -> dict[str, Any]:
    names = ("energy_j", "fuel_kg", "electric_j", "explained_ratio", "mass_kg")
    if account is None:
        return dict.fromkeys(names) | {"findings": None}
    findings = {name: [finding.to_dict() for finding in getattr(account, name)] for name in KEPT}
    return {name: getattr(account, name) for name in names} | {"findings": json.dumps(findings)}
