"""Journeys of a person at the console, in the distribution's Chromium."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Served
from .scripted import vehicle_state

PATHS = ("/", "/trips", "/trips/trip-1", "/vehicles/鲁B36700", "/choose", "/control", "/wires", "/quarantine")
HEADINGS = {
    "en-GB": ("Fleet", "Trips", "Jinan → Weifang", "鲁B36700", "Choose", "Control units", "Wires", "Quarantine"),
    "zh-CN": ("车队", "行程", "济南 → 潍坊", "鲁B36700", "选型", "控制单元", "接入", "异常报文"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_every_page_stands_in_both_languages_and_themes_and_asks_only_its_own_host(
    browser: Browser, served: Served, language: str, theme: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale=language, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    hosts: set[str] = set()
    problems: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for path, heading in zip(PATHS, HEADINGS[language], strict=True):
        page.goto(served.url + path)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    page.goto(served.url + "/")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    context.close()
    assert problems == []
    assert {host for host in hosts if host} == {urlsplit(served.url).netloc}


def test_language_and_theme_are_switched_and_kept(page: Page, served: Served) -> None:
    page.goto(served.url + "/trips")
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("行程")
    page.get_by_role("button", name="外观").click()
    page.get_by_role("button", name="外观").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", level=1)).to_have_text("行程")


def test_search_and_sort_find_a_vehicle(page: Page, served: Served) -> None:
    page.goto(served.url + "/")
    rows = page.locator("tbody tr[data-index]")
    expect(rows).to_have_count(12)
    page.get_by_role("button", name="Today", exact=True).click()
    expect(rows.first).to_contain_text("鲁B36711")
    page.get_by_role("button", name="Today", exact=True).click()
    expect(rows.first).to_contain_text("鲁B36700")
    page.get_by_role("searchbox").fill("1007挂")
    expect(rows).to_have_count(1)
    rows.first.click()
    expect(page).to_have_url(re.compile("/vehicles/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("鲁B36707")


def test_a_search_without_a_match_says_so_and_can_be_cleared(page: Page, served: Served) -> None:
    page.goto(served.url + "/trips")
    page.get_by_role("searchbox").fill("no such place")
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator("tbody tr[data-index]").first).to_be_visible()


def test_keys_walk_the_table_and_open_a_row(page: Page, served: Served) -> None:
    page.goto(served.url + "/trips")
    page.locator("tbody tr[data-index='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("tbody tr[data-index='1']")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("tbody tr[data-index='23']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/trips/trip-23"))


def test_the_first_key_offers_to_skip_to_the_content(page: Page, served: Served) -> None:
    page.goto(served.url + "/trips")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_slash_asks_from_any_page_and_figures_open_their_evidence(page: Page, served: Served) -> None:
    page.goto(served.url + "/vehicles/鲁B36700")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Ask a question")).to_be_focused()
    page.keyboard.type("How much did it use?")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("complementary")
    drawer.locator(".text").get_by_role("button", name=re.compile("2 684")).click()
    expect(drawer.get_by_text("sum of the meter")).to_be_visible()
    expect(drawer.get_by_role("link", name="Trip trip-0")).to_have_attribute("href", "/trips/trip-0")
    assert served.fleet.asked[-1] == ("How much did it use?", "/vehicles/鲁B36700")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_a_vehicle_shows_its_promise_and_what_each_cause_rests_on(page: Page, served: Served) -> None:
    page.goto(served.url + "/vehicles/鲁B36700")
    card = page.locator(".promise")
    expect(card).to_contain_text("used more than promised: +6.1 %")
    card.get_by_role("button", name=re.compile("Air drag of the vehicle")).click()
    expect(page.get_by_role("complementary")).to_contain_text("promised over estimated drag area")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="切换到中文").click()
    expect(card).to_contain_text("主要原因：整车风阻")
    page.goto(served.url + "/vehicles/鲁B36701")
    expect(page.get_by_role("heading", level=1)).to_contain_text("鲁B36701")
    expect(page.locator(".promise")).to_have_count(0)


def test_the_account_of_a_trip_is_a_waterfall_whose_terms_open(page: Page, served: Served) -> None:
    page.goto(served.url + "/trips/trip-1")
    account = page.get_by_label("Energy account, term by term, adding up to the meter")
    expect(account.locator(".total")).to_contain_text("2\u202f684")
    account.get_by_role("button", name=re.compile("Air, still")).click()
    expect(page.get_by_role("complementary").get_by_text("90 % interval")).to_be_visible()


def test_the_dot_on_the_map_follows_the_chart(page: Page, served: Served) -> None:
    page.goto(served.url + "/trips/trip-1")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    page.locator(".chart .u-over").first.hover()
    expect(page.locator(".chart figcaption b")).to_have_count(3)
    expect(page.locator(".chart figcaption b").first).to_contain_text(":")


def test_a_new_state_is_on_the_page_without_reloading(page: Page, served: Served) -> None:
    page.goto(served.url + "/")
    row = page.locator("tbody tr", has_text="鲁B36706")
    expect(row).to_contain_text("79\u202fkm/h")
    expect(page.locator(".connection.live")).to_be_visible()
    served.live.vehicles([vehicle_state(6, speed_mps=10.0)])
    expect(row).to_contain_text("36\u202fkm/h")


def test_quarantine_is_filtered_by_reason_and_shows_bytes(page: Page, served: Served) -> None:
    page.goto(served.url + "/quarantine")
    page.get_by_role("button", name=re.compile("^checksum")).click()
    expect(page.get_by_text("20 of 20", exact=False).or_(page.get_by_text("20 rows"))).to_be_visible()
    page.locator("tbody tr[data-index='2']").click()
    expect(page.locator(".hex pre")).to_contain_text("7e 02 00 00 3c")


def test_what_does_not_exist_is_said(page: Page, served: Served) -> None:
    page.goto(served.url + "/vehicles/none")
    expect(page.get_by_role("alert")).to_contain_text("no vehicle is called 'none'")
    page.goto(served.url + "/nothing")
    expect(page.get_by_text("There is no such page")).to_be_visible()


def test_a_shared_console_asks_for_its_token_once(page: Page, shared: Served) -> None:
    page.goto(shared.url + "/trips")
    page.get_by_label("Token").fill("another")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("This is not the console's token.")
    page.get_by_label("Token").fill("a token")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trips")
    expect(page.locator(".connection.live")).to_be_visible()
    page.reload()
    expect(page.locator("tbody tr[data-index]").first).to_be_visible()
