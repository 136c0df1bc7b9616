"""`fifthwheel import`: logs into the lake, then the trips they hold, with a progress bar and a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from fifthwheel.connect.importers.importer import ImportReport, import_log
from fifthwheel.errors import Conflict, UnknownName
from fifthwheel.fleet.register import add_vehicle, find
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.worker import Worker
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.units import SECOND_US


def import_all(
    files: Sequence[Path],
    vehicle: str,
    *,
    stores: Stores,
    lake: Path,
    dbc: Sequence[Path] = (),
    names: dict[str, str] | None = None,
    base_us: int | None = None,
) -> list[ImportReport]:
    """Import `files` for `vehicle` (made when it is new), cut and account its trips; one report a file."""
    try:
        vehicle_id = find(stores, vehicle)
    except UnknownName:
        vehicle_id = add_vehicle(stores, vehicle).vehicle_id
    writer, console, reports = LakeWriter(lake), Console(stderr=True), []
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        for path in files:
            task = progress.add_task(path.name, total=None)
            report = import_log(
                path,
                vehicle_id=vehicle_id,
                writer=writer,
                dbc=dbc,
                names=names,
                progress=lambda done, total, task=task: progress.update(task, completed=done, total=total),  # type: ignore[misc]
                base_time_us=base_us,
                received_us=stores.clock(),
                couplings=stores.records.couplings(vehicle_id),
            )
            reports.append(report)
            _learn_vin(stores, vehicle_id, report, console)
    spans = [(one.first_us, one.last_us) for one in reports if one.first_us is not None and one.last_us is not None]
    if spans:
        worker = Worker(stores, writer)
        for start_us, end_us in spans:
            worker.note(
                stores.lake.observations(vehicle_id, start_us=start_us - SECOND_US, end_us=end_us + SECOND_US, signals=())
            )
        worker.settle()
    return reports


def _learn_vin(stores: Stores, vehicle_id: str, report: ImportReport, console: Console) -> None:
    if report.vin:
        try:
            stores.records.bind("vin", report.vin, vehicle_id)
        except Conflict as error:
            console.print(f"the log names a VIN that is not bound: {error}")


def summary_of(report: ImportReport, zone: ZoneInfo) -> str:
    """What an import brought, in words."""
    if report.already:
        return "is in the workspace already; nothing was added"
    if report.first_us is None or report.last_us is None:
        return f"{report.frames} frames, none of them J1939 that the catalogue knows; a DBC (--dbc) may add signals"
    start = datetime.fromtimestamp(report.first_us / SECOND_US, zone).isoformat(" ", "seconds")
    faults = ", ".join(report.faults) or "none"
    parts = [
        f"{report.frames} frames over {(report.last_us - report.first_us) / SECOND_US:.0f} s from {start}",
        f"{report.rows} rows of {len(report.signals)} signals",
        f"VIN {report.vin}" if report.vin else "no VIN",
        f"faults: {faults}; {report.rejects} unreadable lines, {len(report.pgns_unknown)} unknown PGNs",
    ]
    return "\n  ".join(parts)
