"""The console over a scripted fleet, in this process for the API and on a real port for the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from threading import Thread
from time import monotonic

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from playwright.sync_api import Browser, Page, sync_playwright

from fifthwheel.console.app import create_app
from fifthwheel.console.live import Live
from fifthwheel.console.pages import STATIC
from fifthwheel.fleet.promise_views import KeptView

from .scripted import ScriptedFleet

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A console on a port of this machine."""

    url: str
    fleet: ScriptedFleet
    live: Live


@pytest.fixture
def fleet(kept_example: KeptView) -> ScriptedFleet:
    """A scripted fleet of twelve combinations, the first with a promise."""
    return ScriptedFleet(kept_example=kept_example)


@pytest.fixture
async def client(fleet: ScriptedFleet) -> AsyncIterator[AsyncClient]:
    """Client of the API, as a page of this machine."""
    async with client_of(create_app(fleet, live=Live())) as made:
        yield made


def client_of(app: FastAPI, host: str = "127.0.0.1") -> AsyncClient:
    """Client of `app`, which it reaches under the name `host`."""
    return AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url=f"http://{host}")


@pytest.fixture(scope="module")
def served(kept_example: KeptView) -> Iterator[Served]:
    """The console with its built pages on a free port, and the broker that feeds it."""
    yield from _serve(token="", promise=kept_example)


@pytest.fixture
def shared() -> Iterator[Served]:
    """The same, with ``a token`` to know."""
    yield from _serve(token="a token")


def _serve(*, token: str, promise: KeptView | None = None) -> Iterator[Served]:
    if not (STATIC / "index.html").is_file():
        _missing("the pages are not built; run ./up, or npm run build in console/")
    fleet, live = ScriptedFleet(kept_example=promise), Live()
    app = create_app(fleet, live=live, token=token)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=2))
    thread = Thread(target=server.run)
    thread.start()
    deadline = monotonic() + 10
    while not server.started and monotonic() < deadline:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(url=f"http://127.0.0.1:{port}", fleet=fleet, live=live)
    live.close()
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the distribution, headless; for one module, since Playwright keeps an event loop running in this thread."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        _missing("no Chromium on the path; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, English and light, in the smallest window the console is made for."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB", color_scheme="light")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI it must be there")
    pytest.skip(reason)
