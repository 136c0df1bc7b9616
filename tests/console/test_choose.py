"""The choosing page: from the work to a printed offer, over the real engine and catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fleet.printed import content

from .conftest import Served

SLOW_MS = 300_000
"""A first choice makes machine code; what a person waits for is measured by a benchmark, not here."""
TRUNK: dict[str, Any] = {
    "region": "cn",
    "road": {"mission": "trunk-jinan-qingdao"},
    "cargo": {"kind": "general-pallets", "payload_t": 28.0},
    "work": {"distance_year_km": 140000, "years": 5},
}


def post(served: Served, path: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{served.url}/api/choose{path}", json=body, timeout=SLOW_MS / 1e3)


def get(served: Served, path: str) -> httpx.Response:
    return httpx.get(f"{served.url}/api/choose{path}", timeout=SLOW_MS / 1e3)


@pytest.fixture(scope="module")
def chosen(served: Served) -> dict[str, Any]:
    """The usual work, ranked once for all tests."""
    answer = post(served, "", TRUNK)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_form_is_offered_names_in_both_languages_and_assumptions_with_ranges(served: Served) -> None:
    options = get(served, "/options").json()
    for kind in ("missions", "cargoes", "regions", "rules", "energies", "tractors", "trailers"):
        assert options[kind], kind
        assert all(one["name"] and one["title_en"] and one["title_zh"] for one in options[kind])
    prices = {one["name"]: one["detail"] for one in options["assumptions"]["cn"]}
    assert re.match(r"[\d.e+]+ CNY/L \([\d.]+ to [\d.]+\); ", prices["diesel"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"road": {"mission": "no-such-road"}, "cargo": {"kind": "coal"}}, "no-such-road"),
        (TRUNK | {"cargo": {"kind": "coal", "payload_t": 900}}, "0.1 to 120 t"),
        (TRUNK | {"colour": "red"}, "colour"),
        ({"cargo": {"kind": "coal"}}, "road.mission"),
    ],
)
def test_a_duty_that_is_not_accepted_says_value_and_what_is(served: Served, body: dict[str, Any], said: str) -> None:
    answer = post(served, "", body)
    assert answer.status_code in {400, 404}
    assert said in answer.json()["detail"]


def test_a_ranking_is_sorted_by_cost_of_a_tonne_and_km_and_says_why_of_every_candidate(chosen: dict[str, Any]) -> None:
    costs = [row["cost_tkm"]["value"] for row in chosen["rows"]]
    assert len(costs) >= 2
    assert costs == sorted(costs)
    assert [row["rank"] for row in chosen["rows"]] == list(range(1, len(costs) + 1))
    assert all(row["cost"]["low"] < row["cost"]["value"] < row["cost"]["high"] for row in chosen["rows"])
    assert all(row["reason_en"] and row["reason_zh"] for row in (*chosen["rows"], *chosen["rejected"]))


def test_dearer_diesel_makes_diesel_dearer_and_leaves_battery_as_it_was(served: Served, chosen: dict[str, Any]) -> None:
    changed = post(served, f"/{chosen['choice_id']}/what-if", {"prices": {"diesel": 12.0}}).json()
    before = {row["candidate_id"]: row["cost"]["value"] for row in chosen["rows"]}
    moved = {row["energy_kind"]: row["cost"]["value"] - before[row["candidate_id"]] for row in changed["rows"]}
    assert moved["diesel"] > 1e-4
    assert moved.get("battery", 0.0) == pytest.approx(0.0, abs=1e-9)


def test_a_candidate_in_full_adds_up(served: Served, chosen: dict[str, Any]) -> None:
    row = chosen["rows"][0]
    (detail,) = get(served, f"/{chosen['choice_id']}/candidates?ids={row['candidate_id']}").json()
    assert sum(line["value"] for line in detail["costs"]) == pytest.approx(row["cost"]["value"], rel=1e-6)
    assert sum(axle["load_kg"] for axle in detail["side"]["axles"]) == pytest.approx(row["gross_kg"], rel=1e-6)
    known = [
        one["margin_ratio"] for one in detail["checks"] if one["outcome"] != "not_verified" and one["margin_ratio"] is not None
    ]
    assert known == sorted(known)
    assert all("check against" in one["text_en"] for one in detail["checks"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_offer_prints_the_units_of_the_best(served: Served, chosen: dict[str, Any], language: str) -> None:
    best = chosen["rows"][0]
    path = f"/{chosen['choice_id']}/offer.pdf?ids={best['candidate_id']}&language={language}&customer=A%20B"
    answer = get(served, path)
    assert answer.headers["content-type"] == "application/pdf"
    said = content(answer.content)[0]
    assert best["tractor"] in said
    assert best["trailer"] in said


def test_what_is_not_there_is_refused(served: Served, chosen: dict[str, Any]) -> None:
    assert get(served, "/no-such/candidates?ids=1").status_code == 404
    assert get(served, f"/{chosen['choice_id']}/candidates?ids=none").status_code == 404
    assert get(served, f"/{chosen['choice_id']}/offer.pdf?ids={chosen['rows'][0]['candidate_id']}&language=fr").status_code == 400


@pytest.mark.usefixtures("chosen")
def test_from_the_empty_page_to_a_printed_offer(page: Page, served: Served, tmp_path: Path) -> None:
    page.goto(served.url + "/choose")
    page.get_by_role("button", name="Rank the combinations").click()
    rows = page.locator(".ranking tbody tr[data-index]")
    expect(rows.first).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    rows.nth(0).get_by_role("checkbox").click()
    rows.nth(1).get_by_role("checkbox").click()
    expect(page.locator("svg.side-view")).to_have_count(2, timeout=SLOW_MS)
    checks = page.locator(".checks summary")
    checks.first.click()
    expect(page.get_by_text(re.compile("check against ")).first).to_be_visible()
    expect(page.locator(".compare .account .row").first).to_be_visible()
    slider = page.get_by_role("slider", name="Driven a year")
    slider.press("End")
    expect(page.get_by_text(re.compile(r"answered in \d+ ms"))).to_be_visible()
    expect(page.locator(".ranking td .up, .ranking td .dn").first).to_be_visible()
    page.get_by_role("button", name="As asked").click()
    expect(page.get_by_text("the ranking follows at once")).to_be_visible()
    with page.expect_download() as offered:
        page.get_by_role("link", name="English PDF").click()
    path = tmp_path / "offer.pdf"
    offered.value.save_as(path)
    said = content(path.read_bytes())[0]
    for name in page.locator(".compare article p.mono").all_inner_texts():
        assert all(unit in said for unit in name.split(" + "))


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize(
    ("language", "run", "heading"), [("en-GB", "Rank the combinations", "Ranking"), ("zh-CN", "开始选型", "排名")]
)
def test_both_languages_stand_complete_by_keyboard_alone_and_ask_only_their_own_host(
    browser: Browser, served: Served, language: str, run: str, heading: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale=language, color_scheme="dark")
    page = context.new_page()
    hosts: set[str] = set()
    problems: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(served.url + "/choose")
    page.get_by_role("button", name=run).press("Enter")
    expect(page.locator(".ranking h2")).to_contain_text(heading, timeout=SLOW_MS)
    page.locator(".ranking tbody tr[data-index='0']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("svg.side-view")).to_have_count(2, timeout=SLOW_MS)
    page.locator(".compare .costs button.row").first.press("Enter")
    expect(page.get_by_role("complementary")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    english = re.findall(r"[A-Za-z]{4,}(?: [a-z]{3,}){2,}", page.locator(".compare").inner_text()) if language == "zh-CN" else []
    context.close()
    assert english == []
    assert problems == []
    assert {host for host in hosts if host} == {urlsplit(served.url).netloc}


@pytest.mark.usefixtures("chosen")
def test_a_choice_is_still_there_after_a_look_at_another_page(page: Page, served: Served) -> None:
    page.goto(served.url + "/choose")
    page.get_by_role("button", name="Rank the combinations").click()
    expect(page.locator(".ranking")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("link", name="Trips").click()
    page.get_by_role("link", name="Choose").click()
    expect(page.locator(".ranking tbody tr[data-index]").first).to_be_visible()
    page.get_by_role("button", name="Change the work").click()
    expect(page.get_by_label("The work")).to_be_visible()


def test_a_value_out_of_range_is_told_with_what_is_accepted(page: Page, served: Served) -> None:
    page.goto(served.url + "/choose")
    page.locator('input[name="cargo.payload_t"]').fill("900")
    page.get_by_role("button", name="Rank the combinations").click()
    expect(page.get_by_role("alert")).to_contain_text("0.1 to 120 t")
