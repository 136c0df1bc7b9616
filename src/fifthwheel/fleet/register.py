"""Adding vehicles, trailers and couplings: checks against the catalogue, then the records."""

from __future__ import annotations

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.fleet.catalogued import named
from fifthwheel.fleet.stores import Stores
from fifthwheel.records.entities import Coupling, VehicleRecord
from fifthwheel.vehicle.combination import Combination


def add_vehicle(
    stores: Stores, plate: str, *, combination: str | None = None, vin: str | None = None, phone: str | None = None
) -> VehicleRecord:
    """Add a vehicle or trailer; what it is follows from its catalogue entry, else from its plate (挂 is a trailer).

    Raises
    ------
    UnknownName : no such combination. InputError : a VIN that is not 17 characters. Conflict : plate, VIN or phone taken.
    """
    if vin is not None and len(vin) != 17:
        raise InputError(f"VIN {vin!r} has {len(vin)} characters; a VIN has 17")
    entry = named(combination) if combination else None
    if isinstance(entry, Combination):
        kind = entry.tractor.kind.value
    elif entry is not None:
        kind = entry.kind.value
    else:
        kind = "trailer" if plate.endswith("挂") else "unknown"
    record = VehicleRecord(
        vehicle_id=plate, plate=plate, kind=kind, combination=combination, vin=vin, phone=phone, created_us=stores.clock()
    )
    return stores.records.add_vehicle(record)


def couple(stores: Stores, tractor: str, trailer: str, start_us: int, end_us: int | None = None) -> Coupling:
    """Couple a trailer from `start_us` until `end_us`; vehicles by id or plate.

    Raises
    ------
    UnknownName : no such vehicle. Conflict : the interval overlaps another coupling of either.
    """
    return stores.records.couple(find(stores, tractor), find(stores, trailer), start_us, end_us)


def find(stores: Stores, name: str) -> str:
    """Id of the vehicle with that id or plate.

    Raises
    ------
    UnknownName : no such vehicle; the message offers the closest.
    """
    records = stores.records.vehicles()
    for record in records:
        if name in {record.vehicle_id, record.plate}:
            return record.vehicle_id
    raise UnknownName("vehicle", name, [record.plate for record in records])
