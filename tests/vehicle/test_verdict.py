"""Lines of verdicts as people read them."""

from __future__ import annotations

import pytest

from fifthwheel.vehicle.verdict import Outcome, Verdict, worst_first


def made(value: float | None, limit: float | None, unit: str, *, at_least: bool = False, reason: str = "") -> Verdict:
    return Verdict(
        rule="row", kind="law", title_en="mass", title_zh="质量", rule_set="GB 1589", version="2016", tag="[S]", source="test",
        value=value, limit=limit, unit=unit, at_least=at_least, reason_en=reason, reason_zh="限值未知",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "english", "chinese"),
    [
        (made(48_200.0, 49_000.0, "kg"), "48.2 t, limit 49.0 t, margin 0.8 t", "48.2 t，限值49.0 t，余量0.8 t"),
        (made(49_010.0, 49_000.0, "kg"), "49.010 t, limit 49.000 t, margin -0.010 t", "49.010 t，限值49.000 t，余量-0.010 t"),
        (made(5.41, 5.3, "m", at_least=True), "5.41 m, at least 5.30 m, margin 0.11 m", "5.41 m，不小于5.30 m，余量0.11 m"),
        (made(0.232, 0.25, "", at_least=True), "23.2 %, at least 25.0 %, margin -1.8 %", "23.2 %，不小于25.0 %，余量-1.8 %"),
        (made(8.4, 5.0, "W/kg", at_least=True), "8.4 kW/t, at least 5.0 kW/t, margin 3.4 kW/t", "8.4 kW/t"),
        (made(1.0, 1.0, "1"), "1, limit 1, margin 0", "1，限值1，余量0"),
        (made(0.1, 0.12, "rad"), "5.7°, limit 6.9°, margin 1.1°", "5.7°"),
        (made(300.0, 320.0, "K"), "27 °C, limit 47 °C, margin 20 K", "27 °C"),
        (made(412e3, 300e3, "m", at_least=True), "412 km, at least 300 km, margin 112 km", "412 km"),
        (made(7200.0, 3000.0, "s"), "2.0 h, limit 0.8 h, margin -1.2 h", "2.0 h"),
        (made(2.0, 3.0, "furlong"), "2.00 furlong, limit 3.00 furlong, margin 1.00 furlong", "2.00 furlong"),
        (made(48_200.0, None, "kg", reason="limit unknown"), "48.2 t, not verified, limit unknown", "48.2 t，未能核实，限值未知"),
        (made(None, 5.0, "m", reason="not measured"), "not verified, not measured", "未能核实，限值未知"),
    ],
)
def test_a_line_says_against_what_and_with_which_margin(verdict: Verdict, english: str, chinese: str) -> None:
    assert verdict.line_en == f"check against rule set GB 1589, version 2016: {english}"
    assert verdict.line_zh.startswith(f"对照规则集 GB 1589（2016版）核查：{chinese}")


def test_the_worst_stands_first_and_what_nobody_knows_last() -> None:
    verdicts = [made(None, 1.0, "m"), made(1.0, 2.0, "m"), made(3.0, 2.0, "m"), made(48e3, 49e3, "kg"), made(2.0, 0.0, "m")]
    ordered = worst_first(verdicts)
    assert [one.outcome for one in ordered] == [Outcome.FAIL, Outcome.FAIL, Outcome.PASS, Outcome.PASS, Outcome.NOT_VERIFIED]
    assert [one.margin for one in ordered] == [-2.0, -1.0, 1e3, 1.0, None]
