"""`Records`: the one door to the SQL store. Every method is one short transaction of its own, so threads may share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from fifthwheel.errors import Conflict, InputError, StorageError, UnknownName
from fifthwheel.records import statements, tables
from fifthwheel.records.database import WRITES, connect
from fifthwheel.records.entities import AuditEntry, Coupling, Driver, Enrolment, Identity, PromiseRecord, VehicleRecord


class Records:
    """Vehicles, identities, drivers, dated couplings, promises, enrolments, beliefs and the audit, on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})

    @classmethod
    def open(cls, url: str) -> Records:
        """Connect and migrate to the newest schema.

        Parameters
        ----------
        url : ``sqlite:////absolute/records.sqlite`` or ``postgresql+psycopg://...``.

        Raises
        ------
        StorageError : the database cannot be opened or migrated.
        """
        return cls(connect(url))

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    # Vehicles and what they are called

    def vehicles(self) -> list[VehicleRecord]:
        """Every vehicle, by plate."""
        with self._read() as connection:
            return [VehicleRecord(**row._mapping) for row in connection.execute(statements.vehicle_query().order_by("plate"))]

    def vehicle(self, vehicle_id: str) -> VehicleRecord:
        """The vehicle called `vehicle_id`.

        Raises
        ------
        UnknownName : there is none.
        """
        with self._read() as connection:
            return statements.vehicle(connection, vehicle_id)

    def add_vehicle(self, record: VehicleRecord) -> VehicleRecord:
        """Add a vehicle and bind its plate, VIN and phone; a `driver_id` drives it from `created_us`.

        Raises
        ------
        Conflict : the id exists, or the plate, VIN or phone is another vehicle's.
        """
        with self._write() as connection:
            if connection.execute(select(tables.vehicles.c.vehicle_id).filter_by(vehicle_id=record.vehicle_id)).first():
                raise Conflict(f"vehicle {record.vehicle_id!r} exists already")
            statements.refuse_taken(connection, statements.names(record))
            connection.execute(insert(tables.vehicles).values(statements.vehicle_row(record)))
            _bind(connection, statements.names(record))
            if record.driver_id is not None:
                _assign(connection, record.vehicle_id, record.driver_id, record.created_us)
            return statements.vehicle(connection, record.vehicle_id)

    def update_vehicle(self, record: VehicleRecord) -> VehicleRecord:
        """Replace everything of a vehicle but its driver; its former plate, VIN and phone are free again.

        Raises
        ------
        UnknownName : no such vehicle.
        Conflict : the new plate, VIN or phone is another vehicle's.
        InputError : the driver differs (drivers are dated: `assign_driver`).
        """
        with self._write() as connection:
            old = statements.vehicle(connection, record.vehicle_id)
            if old.driver_id != record.driver_id:
                raise InputError(f"driver {record.driver_id!r} of {old.vehicle_id} needs a date: assign_driver")
            statements.refuse_taken(connection, statements.names(record))
            for former in statements.names(old):
                connection.execute(delete(tables.identities).filter_by(wire=former.wire, value=former.value))
            connection.execute(
                update(tables.vehicles).filter_by(vehicle_id=record.vehicle_id).values(statements.vehicle_row(record))
            )
            _bind(connection, statements.names(record))
            return statements.vehicle(connection, record.vehicle_id)

    def identities(self, vehicle_id: str | None = None) -> list[Identity]:
        """Every name on every wire, or those of one vehicle."""
        query = select(tables.identities).order_by("wire", "value")
        with self._read() as connection:
            rows = connection.execute(query if vehicle_id is None else query.filter_by(vehicle_id=vehicle_id))
            return [Identity(**row._mapping) for row in rows]

    def identify(self, wire: str, value: str) -> str | None:
        """Id of the vehicle that `wire` knows as `value`, or ``None``."""
        with self._read() as connection:
            return statements.identify(connection, wire, value)

    def bind(self, wire: str, value: str, vehicle_id: str) -> None:
        """Let `wire` know `vehicle_id` as `value`.

        Raises
        ------
        UnknownName : no such vehicle or wire.
        Conflict : `value` is another vehicle's.
        """
        with self._write() as connection:
            statements.vehicle(connection, vehicle_id)
            identity = Identity(wire, statements.normal(wire, value), vehicle_id)
            statements.refuse_taken(connection, [identity])
            _bind(connection, [identity])

    # Drivers

    def drivers(self) -> list[Driver]:
        """Every driver, by name."""
        with self._read() as connection:
            return [Driver(**row._mapping) for row in connection.execute(select(tables.drivers).order_by("name"))]

    def add_driver(self, driver: Driver) -> Driver:
        """Add a driver, or give a known one a new name."""
        with self._write() as connection:
            found = connection.execute(update(tables.drivers).filter_by(driver_id=driver.driver_id).values(name=driver.name))
            if not found.rowcount:
                connection.execute(insert(tables.drivers).values(asdict(driver)))
            return driver

    def assign_driver(self, vehicle_id: str, driver_id: str | None, start_us: int) -> None:
        """`driver_id` (``None``: nobody) drives the vehicle from `start_us` until its next assignment.

        Raises
        ------
        UnknownName : no such vehicle or driver.
        """
        with self._write() as connection:
            statements.vehicle(connection, vehicle_id)
            _assign(connection, vehicle_id, driver_id, start_us)

    def driver_at(self, vehicle_id: str, time_us: int) -> Driver | None:
        """Who drives the vehicle at `time_us`, or ``None``."""
        latest = select(tables.assignments.c.driver_id).filter_by(vehicle_id=vehicle_id)
        latest = latest.where(tables.assignments.c.start_us <= time_us).order_by(tables.assignments.c.start_us.desc()).limit(1)
        with self._read() as connection:
            row = connection.execute(select(tables.drivers).where(tables.drivers.c.driver_id == latest.scalar_subquery())).first()
            return None if row is None else Driver(**row._mapping)

    # Couplings

    def couple(self, tractor_id: str, trailer_id: str, start_us: int, end_us: int | None = None) -> Coupling:
        """The trailer is behind the tractor from `start_us` until `end_us` (excluded; ``None``: until uncoupled).

        Raises
        ------
        UnknownName : no such tractor or trailer.
        InputError : the interval is empty, or a kind does not fit.
        Conflict : either is coupled otherwise in that interval; the message names the coupling.
        """
        coupling = Coupling(tractor_id=tractor_id, trailer_id=trailer_id, start_us=start_us, end_us=end_us)
        if end_us is not None and end_us <= start_us:
            raise InputError(f"a coupling from {_iso(start_us)} cannot end at {_iso(end_us)}: the end must be later")
        with self._write() as connection:
            ids = tables.vehicles.c.vehicle_id
            lock = select(ids).where(ids.in_([tractor_id, trailer_id])).order_by(ids).with_for_update()
            connection.execute(lock).all()
            _check_kind(statements.vehicle(connection, tractor_id), refused=("trailer",), role="tractor")
            _check_kind(statements.vehicle(connection, trailer_id), refused=("tractor", "rigid"), role="trailer")
            for other in statements.overlapping(connection, coupling):
                until = "now" if other.end_us is None else _iso(other.end_us)
                raise Conflict(
                    f"{tractor_id} cannot take {trailer_id} from {_iso(start_us)}: "
                    f"{other.tractor_id} has {other.trailer_id} from {_iso(other.start_us)} until {until}"
                )
            connection.execute(insert(tables.couplings).values(asdict(coupling)))
        return coupling

    def uncouple(self, trailer_id: str, time_us: int) -> Coupling:
        """End the trailer's coupling at `time_us`.

        Raises
        ------
        InputError : the trailer is not coupled then.
        """
        with self._write() as connection:
            row = connection.execute(statements.active("trailer_id", trailer_id, time_us).with_for_update()).first()
            if row is None or row.start_us == time_us:
                raise InputError(f"{trailer_id} is not coupled at {_iso(time_us)}, so it cannot be uncoupled")
            ended = replace(Coupling(**row._mapping), end_us=time_us)
            one = update(tables.couplings).filter_by(trailer_id=trailer_id, start_us=row.start_us)
            connection.execute(one.values(end_us=time_us))
        return ended

    def couplings(self, vehicle_id: str | None = None) -> list[Coupling]:
        """Every coupling in order of start, or those of one tractor or trailer."""
        query = select(tables.couplings).order_by("start_us", "trailer_id")
        if vehicle_id is not None:
            query = query.where(or_(tables.couplings.c.tractor_id == vehicle_id, tables.couplings.c.trailer_id == vehicle_id))
        with self._read() as connection:
            return [Coupling(**row._mapping) for row in connection.execute(query)]

    def trailer_at(self, tractor_id: str, time_us: int) -> str | None:
        """The trailer behind the tractor at `time_us`, or ``None``."""
        with self._read() as connection:
            row = connection.execute(statements.active("tractor_id", tractor_id, time_us)).first()
            return None if row is None else str(row.trailer_id)

    def tractor_at(self, trailer_id: str, time_us: int) -> str | None:
        """The tractor before the trailer at `time_us`, or ``None``."""
        with self._read() as connection:
            row = connection.execute(statements.active("trailer_id", trailer_id, time_us)).first()
            return None if row is None else str(row.tractor_id)

    # What a vehicle was chosen for

    def add_promise(self, promise: PromiseRecord) -> PromiseRecord:
        """Record a promise; the one that is open then ends where this one starts.

        Raises
        ------
        UnknownName : no such vehicle.
        Conflict : a promise of that vehicle starts at that time or later.
        """
        table = tables.promises
        with self._write() as connection:
            statements.vehicle(connection, promise.vehicle_id)
            latest = select(func.max(table.c.start_us)).filter_by(vehicle_id=promise.vehicle_id)
            newest_us = connection.scalar(latest)
            if newest_us is not None and newest_us >= promise.start_us:
                raise Conflict(f"{promise.vehicle_id} has a promise from {_iso(newest_us)}; a new one must start later")
            still = update(table).where(table.c.vehicle_id == promise.vehicle_id, table.c.end_us.is_(None))
            connection.execute(still.values(end_us=promise.start_us))
            connection.execute(insert(table).values(asdict(promise)))
        return promise

    def promises(self, vehicle_id: str | None = None) -> list[PromiseRecord]:
        """Every promise in order of start, or those of one vehicle."""
        query = select(tables.promises).order_by("start_us", "vehicle_id")
        with self._read() as connection:
            rows = connection.execute(query if vehicle_id is None else query.filter_by(vehicle_id=vehicle_id))
            return [PromiseRecord(**row._mapping) for row in rows]

    def promise_at(self, vehicle_id: str, time_us: int) -> PromiseRecord | None:
        """The promise that holds at `time_us`, or ``None``."""
        column = tables.promises.c
        query = select(tables.promises).where(
            column.vehicle_id == vehicle_id,
            column.start_us <= time_us,
            or_(column.end_us.is_(None), column.end_us > time_us),
        )
        with self._read() as connection:
            row = connection.execute(query).first()
            return None if row is None else PromiseRecord(**row._mapping)

    # Terminals, what the account learned, the audit

    def enrolment(self, wire: str, identity: str) -> Enrolment | None:
        """The enrolment of a terminal, or ``None``."""
        with self._read() as connection:
            row = connection.execute(
                select(tables.enrolments).filter_by(wire=wire, identity=statements.normal(wire, identity))
            ).first()
            return None if row is None else Enrolment(**row._mapping)

    def save_enrolment(self, enrolment: Enrolment) -> None:
        """Add or replace the enrolment of a terminal.

        Raises
        ------
        UnknownName : no such vehicle.
        """
        row = asdict(enrolment) | {"identity": statements.normal(enrolment.wire, enrolment.identity)}
        with self._write() as connection:
            statements.vehicle(connection, enrolment.vehicle_id)
            statements.replace(connection, tables.enrolments, row, ("wire", "identity"))

    def belief(self, key: str) -> dict[str, Any] | None:
        """What was learned under `key`, or ``None``."""
        with self._read() as connection:
            found: dict[str, Any] | None = connection.scalar(select(tables.beliefs.c.belief).filter_by(key=key))
            return found

    def save_belief(self, key: str, belief: Mapping[str, Any]) -> None:
        """Add or replace what was learned under `key`."""
        with self._write() as connection:
            statements.replace(connection, tables.beliefs, {"key": key, "belief": dict(belief)}, ("key",))

    def audit(self, who: str, what: str, detail: str, time_us: int) -> None:
        """Note who did what; `time_us` is when."""
        with self._write() as connection:
            connection.execute(insert(tables.audit).values(who=who, what=what, detail=detail, time_us=time_us))

    def audit_log(self) -> list[AuditEntry]:
        """Every entry, oldest first."""
        columns = [tables.audit.c[field.name] for field in fields(AuditEntry)]
        with self._read() as connection:
            rows = connection.execute(select(*columns).order_by(tables.audit.c.time_us, tables.audit.c.audit_id))
            return [AuditEntry(**row._mapping) for row in rows]

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StorageError(f"records cannot be read: {error}") from error

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        try:
            with self._writer.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise Conflict(f"refused by the records: {error.orig}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"records cannot be written: {error}") from error


def _bind(connection: Connection, identities: Iterable[Identity]) -> None:
    for identity in identities:
        if statements.identify(connection, identity.wire, identity.value) is None:
            connection.execute(insert(tables.identities).values(identity._asdict()))


def _assign(connection: Connection, vehicle_id: str, driver_id: str | None, start_us: int) -> None:
    known = connection.scalars(select(tables.drivers.c.driver_id)).all()
    if driver_id is not None and driver_id not in known:
        raise UnknownName("driver", driver_id, known)
    row = {"vehicle_id": vehicle_id, "start_us": start_us, "driver_id": driver_id}
    statements.replace(connection, tables.assignments, row, ("vehicle_id", "start_us"))


def _check_kind(record: VehicleRecord, *, refused: tuple[str, ...], role: str) -> None:
    if record.kind in refused:
        raise InputError(f"{record.vehicle_id} is a {record.kind}, so it cannot be the {role} of a coupling")


def _iso(time_us: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).isoformat()
