"""Promises are dated: one holds at a time, and the schema refuses a second open one."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fifthwheel.errors import Conflict, UnknownName
from fifthwheel.records import PromiseRecord, Records
from fifthwheel.records.database import connect


def promise(vehicle_id: str, start_us: int, payload_kg: float = 30e3) -> PromiseRecord:
    return PromiseRecord(
        vehicle_id=vehicle_id, start_us=start_us, made_us=7, who="console", duty={"road": "trunk-jinan-weifang"},
        candidate={"payload_kg": payload_kg, "legs": [{"name": "out"}]},
    )  # fmt: skip


def test_the_promise_that_started_last_holds_from_then_on(fleet: Records) -> None:
    fleet.add_promise(promise("T1", 100, 28e3))
    fleet.add_promise(promise("T1", 200))
    fleet.add_promise(promise("T2", 150))
    assert [(one.start_us, one.end_us) for one in fleet.promises("T1")] == [(100, 200), (200, None)]
    held = fleet.promise_at("T1", 199)
    assert held is not None
    assert held.candidate == {"payload_kg": 28e3, "legs": [{"name": "out"}]}
    assert fleet.promise_at("T1", 200) == promise("T1", 200)
    assert fleet.promise_at("T1", 99) is None
    assert [one.vehicle_id for one in fleet.promises()] == ["T1", "T2", "T1"]


def test_a_promise_cannot_start_before_another_of_the_vehicle(fleet: Records) -> None:
    fleet.add_promise(promise("T1", 200))
    with pytest.raises(Conflict, match="must start later"):
        fleet.add_promise(promise("T1", 200))
    assert fleet.promises("T1") == [promise("T1", 200)]


def test_nobody_cannot_promise(fleet: Records) -> None:
    with pytest.raises(UnknownName):
        fleet.add_promise(promise("T9", 1))


@pytest.mark.parametrize(
    "values", ["'T1', 300, NULL, 0, 'x', '{}', '{}'", "'T2', 5, 5, 0, 'x', '{}', '{}'", "'T9', 5, 6, 0, 'x', '{}', '{}'"]
)
def test_the_schema_itself_refuses_a_second_open_promise(fleet: Records, url: str, values: str) -> None:
    fleet.add_promise(promise("T1", 100))
    engine = connect(url)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO promises (vehicle_id, start_us, end_us, made_us, who, duty, candidate) VALUES ({values})")
        )
    engine.dispose()
