"""Faults and alarms: what vehicles reported, first and last seen, and which are active now."""

from __future__ import annotations

from typing import Final

from fifthwheel.codec.j1939.messages import fault_text
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.views import FaultView
from fifthwheel.signals.catalogue import alarm_titles
from fifthwheel.units import DAY_US, HOUR, SECOND_US

_KEPT_DAYS: Final = 90
_SHOWN_US: Final = {"jt808": 600 * SECOND_US, "gbt32960": 600 * SECOND_US, "hj1239": int(36 * HOUR) * SECOND_US}
"""A fault is active while its last report is no older than this before the wire's last word: alarm bits come with
every frame, stored trouble codes of GB 17691 once a day."""


def faults(stores: Stores, vehicle_id: str | None = None, *, active_only: bool = False) -> list[FaultView]:
    """Faults of the last 90 days, last seen first; of one vehicle or all."""
    table = stores.lake.faults(vehicle_id, start_us=stores.clock() - _KEPT_DAYS * DAY_US)
    keys = ["vehicle_id", "source", "code"]
    latest = table.group_by(keys, use_threads=False).aggregate(
        [("time_us", "min"), ("time_us", "max"), ("time_us", "count"), ("active", "last")]
    )
    found = [_view(stores, row) for row in latest.to_pylist()]
    found.sort(key=lambda fault: -fault.last_us)
    return [fault for fault in found if fault.active or not active_only]


def _view(stores: Stores, row: dict[str, object]) -> FaultView:
    vehicle_id, source, code = str(row["vehicle_id"]), str(row["source"]), str(row["code"])
    last_us = int(str(row["time_us_max"]))
    heard_us = max((v.time_us for v in stores.latest.of(vehicle_id).values() if v.source == source), default=last_us)
    title_en, title_zh = _titles(code)
    return FaultView(
        fault_id=f"{vehicle_id}|{source}|{code}",
        vehicle_id=vehicle_id,
        source=source,
        code=code,
        title_en=title_en,
        title_zh=title_zh,
        first_us=int(str(row["time_us_min"])),
        last_us=last_us,
        active=bool(row["active_last"]) and heard_us - last_us <= _SHOWN_US.get(source, DAY_US),
        occurrences_count=int(str(row["time_us_count"])),
    )


def _titles(code: str) -> tuple[str, str]:
    """English and Chinese title of a code: an alarm bit, an SPN with FMI, or the code itself where nobody knows it."""
    if code in alarm_titles():
        return alarm_titles()[code]
    match code.split():
        case ["SPN", spn, "FMI", fmi]:
            return fault_text(int(spn), int(fmi)), fault_text(int(spn), int(fmi), language="zh")
        case _:
            return code, code
