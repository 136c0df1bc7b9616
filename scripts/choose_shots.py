"""Pictures of docs/choosing.md from a running console, each step timed: ``python scripts/choose_shots.py http://127.0.0.1:8080``.

Needs Playwright with a Chromium on the path, and pdftoppm for the page of the offer.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic

from playwright.sync_api import Page, expect, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WORDS = {"en-GB": ("Rank the combinations", "English PDF", ""), "zh-CN": ("开始选型", "中文 PDF", "-zh")}
WAIT_MS = 300_000
TOP_PX = 70
"""Height of the bar that stays at the top."""


def main(url: str) -> None:
    """Walk through in both languages."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for language in WORDS:
            context = browser.new_context(viewport={"width": 1366, "height": 768}, locale=language, color_scheme="light")
            walk(context.new_page(), url, language)
            context.close()
        browser.close()


def walk(page: Page, url: str, language: str) -> None:
    """From the empty page to the offer; prints the seconds of each step."""
    run, offer, suffix = WORDS[language]
    start = monotonic()

    def said(step: str) -> None:
        sys.stdout.write(f"{language} {step}: {monotonic() - start:.1f} s\n")

    page.goto(f"{url}/choose")
    expect(page.locator("form.duty-form")).to_be_visible(timeout=WAIT_MS)
    said("form")
    shot(page, f"choose-work{suffix}")
    page.get_by_role("button", name=run).click()
    rows = page.locator(".ranking tbody tr[data-index]")
    expect(rows.first).to_be_visible(timeout=WAIT_MS)
    said("ranking")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    page.wait_for_timeout(4000)  # the map is drawn on a canvas, which tells nobody when it is done
    shot(page, f"choose-ranking{suffix}")
    kinds = rows.locator("td:nth-child(4)").all_inner_texts()
    other = next((place for place, kind in enumerate(kinds) if kind != kinds[0]), 1)
    rows.nth(0).get_by_role("checkbox").click()
    rows.nth(other).get_by_role("checkbox").click()
    expect(page.locator("svg.side-view")).to_have_count(2, timeout=WAIT_MS)
    said("side by side")
    for name, selector in (("compare", ".compare"), ("cost", ".grid.halves"), ("rejected", ".card.rejected")):
        page.evaluate(f"document.querySelector('{selector}').scrollIntoView(); scrollBy(0, -{TOP_PX})")
        shot(page, f"choose-{name}{suffix}")
    with page.expect_download() as offered:
        page.get_by_role("link", name=offer).click()
    said("offer")
    pdf = offered.value.path()
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-f", "2", "-singlefile", pdf, IMAGES / f"choose-offer{suffix}"], check=True)


def shot(page: Page, name: str) -> None:
    """The window as it stands."""
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1])
