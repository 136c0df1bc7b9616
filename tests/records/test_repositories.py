from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from fifthwheel.errors import Conflict, InputError, StorageError, UnknownName
from fifthwheel.records import AuditEntry, Coupling, Driver, Enrolment, Records, VehicleRecord

TRUCK = VehicleRecord(
    vehicle_id="鲁B36712",
    plate="鲁B·36712",
    kind="tractor",
    combination="diesel-6x4",
    vin="LFWSRXSJ5M1E00001",
    phone="013800138000",
    created_us=1_700_000_000_000_000,
)


def test_a_vehicle_is_found_by_every_name_that_a_wire_may_use(records: Records) -> None:
    added = records.add_vehicle(TRUCK)
    assert added == replace(TRUCK, phone="13800138000") == records.vehicle("鲁B36712") == records.vehicles()[0]
    assert records.identify("jt808", "00013800138000") == "鲁B36712"
    assert records.identify("vin", "lfwsrxsj5m1e00001") == "鲁B36712"
    assert records.identify("plate", "鲁b 36712") == "鲁B36712"
    assert records.identify("plate", "鲁B36713") is None


@pytest.mark.parametrize(
    "change",
    [
        {"plate": "鲁B36712", "vin": None, "phone": None},
        {"plate": "other", "vin": "LFWSRXSJ5M1E00001", "phone": None},
        {"plate": "other", "vin": None, "phone": "13800138000"},
    ],
)
def test_a_name_of_another_vehicle_is_refused_and_nothing_is_kept(records: Records, change: dict[str, str | None]) -> None:
    records.add_vehicle(TRUCK)
    with pytest.raises(Conflict, match="鲁B36712"):
        records.add_vehicle(replace(TRUCK, vehicle_id="V2", **change))  # type: ignore[arg-type]
    assert [vehicle.vehicle_id for vehicle in records.vehicles()] == ["鲁B36712"]


def test_adding_twice_is_a_conflict(fleet: Records) -> None:
    with pytest.raises(Conflict, match="'T1' exists already"):
        fleet.add_vehicle(VehicleRecord(vehicle_id="T1", plate="new", created_us=0))


def test_an_update_frees_the_former_names(records: Records) -> None:
    records.add_vehicle(TRUCK)
    records.update_vehicle(replace(records.vehicle("鲁B36712"), plate="鲁B99999", phone=None, combination="lng-6x4"))
    assert records.vehicle("鲁B36712").combination == "lng-6x4"
    assert records.identify("plate", "鲁B36712") is None
    assert [tuple(identity) for identity in records.identities("鲁B36712")] == [
        ("plate", "鲁B99999", "鲁B36712"),
        ("vin", "LFWSRXSJ5M1E00001", "鲁B36712"),
    ]


def test_bind_adds_a_second_terminal_once(fleet: Records) -> None:
    fleet.bind("jt808", "0123", "T1")
    fleet.bind("jt808", "123", "T1")
    with pytest.raises(Conflict, match="jt808 '123' is 'T1'"):
        fleet.bind("jt808", "123", "T2")
    with pytest.raises(UnknownName, match="wire"):
        fleet.bind("can", "1", "T1")


def test_an_unknown_vehicle_is_answered_with_close_names(records: Records) -> None:
    records.add_vehicle(TRUCK)
    with pytest.raises(UnknownName, match="鲁B36712"):
        records.vehicle("鲁B36713")


def test_drivers_change_at_a_date(fleet: Records) -> None:
    wang = fleet.add_driver(Driver(driver_id="d1", name="王强"))
    li = fleet.add_driver(Driver(driver_id="d2", name="李敏"))
    fleet.assign_driver("T1", "d1", 100)
    fleet.assign_driver("T1", "d2", 200)
    fleet.assign_driver("T1", None, 300)
    assert [fleet.driver_at("T1", time_us) for time_us in (99, 100, 199, 200, 300)] == [None, wang, wang, li, None]
    assert fleet.vehicle("T1").driver_id is None
    assert fleet.drivers() == sorted([wang, li], key=lambda driver: driver.name)
    with pytest.raises(UnknownName, match="driver"):
        fleet.assign_driver("T1", "d9", 400)


def test_a_driver_given_with_the_vehicle_drives_from_its_creation(records: Records) -> None:
    wang = records.add_driver(Driver(driver_id="d1", name="王强"))
    assert records.add_vehicle(replace(TRUCK, driver_id="d1")).driver_id == "d1"
    assert records.driver_at("鲁B36712", TRUCK.created_us) == wang
    with pytest.raises(InputError, match="assign_driver"):
        records.update_vehicle(replace(records.vehicle("鲁B36712"), driver_id=None))


def test_couplings_are_dated(fleet: Records) -> None:
    first = fleet.couple("T1", "X1", 100)
    assert fleet.trailer_at("T1", 10**15) == "X1"
    assert fleet.uncouple("X1", 200) == replace(first, end_us=200)
    second = fleet.couple("T2", "X1", 200, 300)
    assert fleet.couplings("X1") == [replace(first, end_us=200), second] == fleet.couplings()
    assert fleet.couplings("T2") == [second]
    assert [fleet.tractor_at("X1", time_us) for time_us in (99, 100, 199, 200, 299, 300)] == [None, "T1", "T1", "T2", "T2", None]


@pytest.mark.parametrize(("tractor", "trailer"), [("T2", "X1"), ("T1", "X2"), ("T1", "X1")])
@pytest.mark.parametrize("interval", [(0, 101), (150, 160), (199, None), (0, None), (100, 200)])
def test_an_overlap_is_refused_and_named(fleet: Records, tractor: str, trailer: str, interval: tuple[int, int | None]) -> None:
    fleet.couple("T1", "X1", 100, 200)
    named = "T1 has X1 from 1970-01-01T00:00:00.000100+00:00 until 1970-01-01T00:00:00.000200"
    with pytest.raises(Conflict) as refusal:
        fleet.couple(tractor, trailer, *interval)
    assert named in str(refusal.value)
    assert len(fleet.couplings()) == 1


@pytest.mark.parametrize(
    ("tractor", "trailer", "end"), [("X2", "X1", None), ("T1", "R1", None), ("T1", "X1", 100), ("T1", "X9", None)]
)
def test_impossible_couplings_are_refused(fleet: Records, tractor: str, trailer: str, end: int | None) -> None:
    with pytest.raises(InputError):
        fleet.couple(tractor, trailer, 100, end)


def test_uncoupling_what_is_not_coupled_is_refused(fleet: Records) -> None:
    fleet.couple("T1", "X1", 100)
    with pytest.raises(InputError, match="not coupled at 1970-01-01T00:00:00"):
        fleet.uncouple("X1", 50)


def test_of_many_threads_exactly_one_gets_the_trailer(fleet: Records) -> None:
    def attempt(number: int) -> Coupling | None:
        try:
            return fleet.couple(("T1", "T2")[number % 2], "X1", 100 + number)
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [coupling for coupling in pool.map(attempt, range(16)) if coupling]
    assert fleet.couplings("X1") == won
    assert len(won) == 1


def test_enrolments_beliefs_and_audit_come_back(fleet: Records) -> None:
    enrolment = Enrolment(
        wire="jt808", identity="138", vehicle_id="T1", terminal_id="A", secret_hash="00", enrolled_us=1, rotated_us=1
    )
    fleet.save_enrolment(enrolment)
    fleet.save_enrolment(replace(enrolment, identity="0138", rotated_us=2))
    assert fleet.enrolment("jt808", "00138") == replace(enrolment, rotated_us=2)
    assert fleet.enrolment("jt808", "139") is None
    fleet.save_belief("T1+X1", {"drag_area_m2": [5.6, 0.2]})
    fleet.save_belief("T1+X1", {"drag_area_m2": [5.7, 0.1]})
    assert fleet.belief("T1+X1") == {"drag_area_m2": [5.7, 0.1]}
    assert fleet.belief("T2") is None
    fleet.audit("cli", "couple", "T1 X1", 5)
    assert fleet.audit_log() == [AuditEntry(time_us=5, who="cli", what="couple", detail="T1 X1")]


def test_a_database_that_cannot_be_opened_is_a_storage_error() -> None:
    with pytest.raises(StorageError):
        Records.open("sqlite:////nowhere/at/all/records.sqlite")
