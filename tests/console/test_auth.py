"""Who may use the console, and what another site in the same browser may not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from fifthwheel.console.app import create_app
from fifthwheel.console.auth import check_binding
from fifthwheel.console.live import Live
from fifthwheel.errors import InputError

from .conftest import client_of
from .scripted import ScriptedFleet

QUESTION = {"question": "Where?"}


@pytest.fixture
async def tokened(fleet: ScriptedFleet) -> AsyncIterator[AsyncClient]:
    """A console with a token, reached by the name of its machine."""
    async with client_of(create_app(fleet, live=Live(), token="a token"), "fleet.example") as made:
        yield made


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.53"])
def test_this_machine_needs_no_token(host: str) -> None:
    check_binding(host, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.2", "fleet.example"])
def test_other_machines_need_a_token(host: str) -> None:
    with pytest.raises(InputError, match="token"):
        check_binding(host, "")
    check_binding(host, "a token")


async def test_without_a_token_a_foreign_name_is_refused(client: AsyncClient) -> None:
    answer = await client.get("/api/vehicles", headers={"host": "rebound.example"})
    assert (answer.status_code, answer.json()["error"]) == (403, "host")


async def test_a_token_is_needed_for_data_but_not_for_the_pages(tokened: AsyncClient) -> None:
    assert (await tokened.get("/api/vehicles")).status_code == 401
    assert (await tokened.get("/api/live")).status_code == 401
    assert (await tokened.get("/api/openapi.json")).status_code == 401
    assert (await tokened.get("/api/health")).status_code == 200


async def test_a_bearer_token_is_enough(tokened: AsyncClient) -> None:
    assert (await tokened.get("/api/vehicles", headers={"authorization": "Bearer a token"})).status_code == 200
    assert (await tokened.get("/api/vehicles", headers={"authorization": "Bearer another"})).status_code == 401


async def test_signing_in_sets_a_cookie_that_does_not_hold_the_token(tokened: AsyncClient) -> None:
    refused = await tokened.post("/api/session", json={"token": "another"})
    assert refused.status_code == 401
    accepted = await tokened.post("/api/session", json={"token": "a token"})
    cookie = accepted.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "a token" not in cookie
    assert (await tokened.get("/api/vehicles")).status_code == 200


async def test_a_wrong_cookie_is_refused(tokened: AsyncClient) -> None:
    assert (await tokened.get("/api/vehicles", headers={"cookie": "fifthwheel_session=0"})).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
    ],
)
async def test_changes_come_only_from_the_own_page(client: AsyncClient, headers: dict[str, str], status: int) -> None:
    assert (await client.post("/api/ask", json=QUESTION, headers=headers)).status_code == status


async def test_every_answer_keeps_foreign_content_out(client: AsyncClient) -> None:
    for path in ("/", "/api/vehicles", "/api/nothing"):
        headers = (await client.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
