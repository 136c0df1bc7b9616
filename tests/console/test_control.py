"""The control page: a scenario is run in the real plant, watched, judged, and compared with another calibration."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from .conftest import Served


def test_every_kind_says_what_can_be_set(served: Served) -> None:
    kinds: list[dict[str, Any]] = httpx.get(f"{served.url}/api/scenarios", timeout=30).json()
    assert {"shift", "launch", "lane_change"} <= {kind["name"] for kind in kinds}
    assert all(kind["title_en"] and kind["title_zh"] and kind["parameters"] for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "setting", "status", "said"),
    [
        ("no_such", {}, 404, "kind of scenario"),
        ("lane_change", {"parameters": {"speed_mps": 900.0}}, 400, "900 m/s"),
        ("lane_change", {"parameters": {"spede_mps": 20.0}}, 404, "speed_mps"),
        ("shift", {"calibration": {"no_such_nm": 1.0}}, 404, "no_such_nm"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_value(
    served: Served, kind: str, setting: dict[str, Any], status: int, said: str
) -> None:
    answer = httpx.post(f"{served.url}/api/scenarios/{kind}", json=setting, timeout=60)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_a_lane_change_is_watched_from_above_and_judged(page: Page, served: Served) -> None:
    page.goto(served.url + "/control")
    page.get_by_label("Scenario", exact=True).select_option("lane_change")
    page.get_by_role("button", name="Run", exact=True).click()
    plan = page.locator("svg.plan")
    expect(plan).to_be_visible(timeout=60_000)
    expect(plan.locator("rect")).to_have_count(13)
    expect(page.get_by_text("LAT-004")).to_be_visible()
    before = plan.get_attribute("viewBox")
    page.get_by_label("Time in the run").fill("5")
    expect(plan).not_to_have_attribute("viewBox", before or "")
    expect(page.locator(".player output")).to_contain_text(re.compile(r"5\.0\d / "))
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_two_calibrations_of_the_gearbox_stand_over_each_other(page: Page, served: Served) -> None:
    page.goto(served.url + "/control")
    page.get_by_label("Scenario", exact=True).select_option("shift")
    page.locator('input[name="jerk_mps3"]').fill("2")
    expect(page.get_by_text("1 changed")).to_be_visible()
    page.get_by_role("button", name="Run both calibrations").click()
    expect(page.get_by_text("— standard · - - changed")).to_be_visible(timeout=90_000)
    expect(page.locator("figure.chart").first).to_be_visible()
    expect(page.locator(".verdict").first).to_be_visible()


def test_a_value_out_of_range_is_told_before_it_is_sent(page: Page, served: Served) -> None:
    page.goto(served.url + "/control")
    page.get_by_label("Scenario", exact=True).select_option("lane_change")
    speed = page.locator('input[name="speed_mps"]')
    expect(speed).to_have_value("80")
    speed.fill("900")
    page.get_by_role("button", name="Run", exact=True).click()
    assert speed.evaluate("field => field.validity.rangeOverflow")
    expect(page.locator("svg.plan")).to_have_count(0)
