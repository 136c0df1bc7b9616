"""The API: every path answers its verb, and every refusal is JSON with a reason."""

from __future__ import annotations

import asyncio
import re
from dataclasses import fields
from pathlib import Path
from threading import Event

import pytest
from httpx import AsyncClient

from fifthwheel.console import openapi, pages
from fifthwheel.console.app import create_app
from fifthwheel.console.live import Live
from fifthwheel.errors import StorageError
from fifthwheel.fleet import views
from fifthwheel.fleet.views import Answer, VehicleState

from .conftest import client_of
from .scripted import NOW_US, ScriptedFleet, vehicle_state

SCHEMA = Path(__file__).resolve().parents[2] / "console" / "src" / "api" / "schema.d.ts"


async def test_a_vehicle_is_given_with_every_field_of_its_view(client: AsyncClient) -> None:
    listed = (await client.get("/api/vehicles")).json()
    assert len(listed) == 12
    assert set(listed[0]) == {field.name for field in fields(VehicleState)}
    assert listed[3]["status"] == "charging"


@pytest.mark.parametrize(
    "path",
    [
        "/api/fleet",
        "/api/vehicles/鲁B36700",
        f"/api/vehicles/鲁B36700/series?start_us={NOW_US - 1}&end_us={NOW_US}&signals=speed_mps",
        "/api/trips",
        "/api/trips/trip-1",
        "/api/trips/trip-1/series?points=50",
        "/api/faults",
        "/api/quarantine",
        "/api/wires",
        "/api/map",
        "/api/health",
    ],
)
async def test_every_path_answers(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_promise_is_shown_where_there_is_one(client: AsyncClient) -> None:
    kept = (await client.get("/api/vehicles/鲁B36700/promise")).json()
    assert kept["verdict"] == "missed"
    assert kept["causes"][0]["name"] == "air"
    assert (await client.get("/api/vehicles/鲁B36701/promise")).json() is None


async def test_a_candidate_is_recorded_for_a_vehicle(client: AsyncClient, fleet: ScriptedFleet) -> None:
    asked = {"candidate": "1", "choice_id": "c0ffee", "start_us": NOW_US}
    made = await client.post("/api/vehicles/鲁B36700/promise", json=asked)
    assert made.json()["title_en"] == "Diesel 6x4 with box trailer"
    duty = {"road": {"mission": "trunk-jinan-weifang"}, "cargo": {"kind": "coal"}}
    await client.post("/api/vehicles/鲁B36700/promise", json={"candidate": "1", "duty": duty, "start_us": NOW_US})
    assert [what for _, what, _, _ in fleet.promises] == ["c0ffee", duty]


async def test_a_question_that_takes_long_holds_nothing_up() -> None:
    asked, answered = Event(), Event()

    class Slow(ScriptedFleet):
        def ask(self, question: str, *, context: str | None = None) -> Answer:
            asked.set()
            assert answered.wait(10)
            return super().ask(question, context=context)

    async with client_of(create_app(Slow(), live=Live())) as client:
        waiting = asyncio.create_task(client.post("/api/ask", json={"question": "which tractor for coal?"}))
        assert await asyncio.to_thread(asked.wait, 10)
        assert (await client.get("/api/health")).status_code == 200
        answered.set()
        assert (await waiting).json()["answered"]


async def test_trips_are_limited(client: AsyncClient) -> None:
    assert len((await client.get("/api/trips?limit=3")).json()) == 3


async def test_the_account_of_a_trip_adds_up_to_its_meter(client: AsyncClient) -> None:
    trip = (await client.get("/api/trips/trip-1")).json()
    meter_j = sum(finding["value"] for finding in trip["meter"])
    assert sum(line["finding"]["value"] for line in trip["account"]) == pytest.approx(meter_j)


async def test_what_is_unknown_is_said_with_the_closest_name(client: AsyncClient) -> None:
    answer = await client.get("/api/vehicles/鲁B36799")
    assert answer.status_code == 404
    assert answer.json()["error"] == "unknown"
    assert "鲁B3670" in answer.json()["detail"]


async def test_a_bad_request_names_the_field(client: AsyncClient) -> None:
    answer = await client.get("/api/trips/trip-1/series?points=1")
    assert answer.status_code == 422
    assert answer.json()["error"] == "request"
    assert "points" in answer.json()["detail"]


async def test_a_path_of_the_api_that_does_not_exist_is_json(client: AsyncClient) -> None:
    answer = await client.get("/api/nothing")
    assert (answer.status_code, answer.json()["error"]) == (404, "http")


async def test_a_broken_store_is_said() -> None:
    class Broken(ScriptedFleet):
        def vehicles(self) -> list[VehicleState]:
            raise StorageError("the lake at /x cannot be read")

    client = client_of(create_app(Broken(), live=Live()))
    answer = await client.get("/api/vehicles")
    assert (answer.status_code, answer.json()) == (503, {"error": "storage", "detail": "the lake at /x cannot be read"})


async def test_a_defect_does_not_show_its_inside() -> None:
    class Defective(ScriptedFleet):
        def vehicles(self) -> list[VehicleState]:
            raise ZeroDivisionError("secret")

    client = client_of(create_app(Defective(), live=Live()))
    answer = await client.get("/api/vehicles")
    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_a_question_goes_with_the_page_it_was_asked_on(client: AsyncClient, fleet: ScriptedFleet) -> None:
    answer = await client.post("/api/ask", json={"question": "  Where is it? ", "context": "/vehicles/鲁B36700"})
    assert answer.json()["calls"][0]["findings"][0]["value"] == 2684e6
    assert fleet.asked == [("Where is it?", "/vehicles/鲁B36700")]


async def test_an_empty_question_is_refused(client: AsyncClient) -> None:
    assert (await client.post("/api/ask", json={"question": "  "})).status_code == 422


async def test_pages_that_are_not_built_say_how(tmp_path: Path) -> None:
    client = client_of(create_app(ScriptedFleet(), live=Live(), static=tmp_path))
    answer = await client.get("/trips/1")
    assert answer.status_code == 503
    assert "./up" in answer.text


async def test_built_pages_serve_themselves_and_nothing_beside(tmp_path: Path) -> None:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<p>page")
    (static / "assets" / "a-1.js").write_text("1")
    (tmp_path / "secret").write_text("no")
    client = client_of(create_app(ScriptedFleet(), live=Live(), static=static))
    assert (await client.get("/vehicles/x")).text == "<p>page"
    assert "immutable" in (await client.get("/assets/a-1.js")).headers["cache-control"]
    assert (await client.get("/assets/old.js")).status_code == 404
    assert (await client.get("/..%2fsecret")).text == "<p>page"


def test_types_of_the_pages_know_every_field_of_the_views() -> None:
    written = set(re.findall(r"readonly (\w+)\??:", SCHEMA.read_text(encoding="utf-8")))
    document = openapi.document()["components"]["schemas"]
    shown = {name for schema in document.values() for name in schema.get("properties", {})}
    assert {field.name for field in fields(views.TripDetail)} <= shown
    assert shown <= written, "run npm run types in console/"


def test_the_folder_of_the_pages_lies_in_the_package() -> None:
    assert pages.STATIC.parent.name == "console"


async def test_large_lists_are_compressed(client: AsyncClient) -> None:
    assert (await client.get("/api/vehicles", headers={"accept-encoding": "gzip"})).headers["content-encoding"] == "gzip"


def test_every_status_has_its_turn() -> None:
    assert {vehicle_state(number).status for number in range(6)} == set(views.VehicleStatus)
