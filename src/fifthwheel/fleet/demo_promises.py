"""What the vehicles of the demonstration were chosen for, so that their trips can be held against it."""

from __future__ import annotations

import logging
from typing import Any

from fifthwheel.errors import FifthwheelError
from fifthwheel.fleet import choose
from fifthwheel.fleet.choice.views import ChoiceView
from fifthwheel.fleet.promise import promise
from fifthwheel.fleet.roster import Roster, VehicleEntry
from fifthwheel.fleet.stores import Stores
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination

_log = logging.getLogger(__name__)


def promise_all(stores: Stores, members: Roster, start_us: int) -> int:
    """Choose every vehicle's own combination for its first duty and record the promise from `start_us`; how many were recorded.

    A vehicle that has a promise keeps it; one that the checks reject for its duty gets none.
    """
    made = 0
    for entry in members.vehicles:
        if stores.records.promises(entry.plate):
            continue
        try:
            whole = combination(entry.combination)
            view = choose.choose(_duty(entry, whole))
            if view.rows:
                promise(stores, entry.plate, view.choice_id, _own(view, whole), start_us=start_us, who="demonstration")
                made += 1
        except FifthwheelError as error:
            _log.info("no promise for %s: %s", entry.plate, error)
    return made


def _duty(entry: VehicleEntry, whole: Combination) -> dict[str, Any]:
    name = f"{entry.plate} {entry.duty[0]}"
    return {
        "name": name,
        "road": {"mission": entry.duty[0].removesuffix(":back"), "back": "laden" if entry.return_ratio else "empty"},
        "cargo": {"kind": entry.cargo},
        "tractors": [whole.tractor.name],
        "trailers": [whole.trailer.name] if whole.trailer else [],
    }


def _own(view: ChoiceView, whole: Combination) -> str:
    """The candidate with the vehicle's own final drive, else the best."""
    for row in view.rows:
        if choose.chosen(view.choice_id, row.candidate_id)[1].drive.axle.ratio == whole.drive.axle.ratio:
            return row.candidate_id
    return view.rows[0].candidate_id
