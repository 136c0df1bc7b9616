"""The offer: what must stand on it in both languages, drawn to scale, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fifthwheel.errors import InputError
from fifthwheel.fleet.choice.offer import Heading, offer
from fifthwheel.fleet.choice.offer_drawing import side_drawing
from fifthwheel.vehicle.body import BodyKind

from .candidates import choice, detail, side
from .printed import content

HEADING = Heading(day=date(2026, 11, 22), customer="Lu Trunk 鲁运")
POINTS_PER_MM = 72 / 25.4


def made(language: str, count: int = 2) -> tuple[str, bytes]:
    view = choice("duty-1")
    return content(offer(view, [detail(row) for row in view.rows[:count]], HEADING, language=language))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_offer_names_units_cost_limits_sources_and_how_long_it_holds(language: str) -> None:
    said, _ = made(language)
    for words in (
        "diesel-6x4-480",
        "battery-6x4-480",
        "box-13m75-3axle",
        "2026-12-22",
        "5.10 CNY/km",
        "4.49",
        "5.71",
        "16.10 / 18.0 t",
        "[K] pump",
    ):
        assert words in said, words
    assert "complies" not in said.lower()


def test_an_english_offer_says_every_check_in_one_sentence() -> None:
    said, _ = made("en")
    assert "check against rule set GB 1589, version 2016: margin -2.1 %" in " ".join(said.split())
    assert "not verified" in said


def test_a_chinese_offer_is_chinese() -> None:
    _, raw = made("zh")
    for words in ("运输任务", "轴荷与限值", "牵引销", "有效期至", "累计成本", "一日补能计划", "未能校核", "鲁运"):
        assert words.encode("utf-16-be") in raw, words


def test_the_drawing_keeps_distances_and_wheels_to_its_scale() -> None:
    wheels = sorted(
        (one.cx, one.r) for one in side_drawing(side(None), lambda english, _: english).contents if hasattr(one, "cx")
    )
    outer = [(x, r) for x, r in wheels if r == max(radius for _, radius in wheels)]
    a_metre = POINTS_PER_MM * 1e3 / 125
    assert [r for _, r in outer] == pytest.approx([0.52 * a_metre] * 6)
    assert [x - outer[0][0] for x, _ in outer] == pytest.approx(
        [(x - 1.4) * a_metre for x in (1.4, 4.7, 6.05, 11.0, 12.31, 13.62)]
    )


@pytest.mark.parametrize("kind", BodyKind)
def test_every_body_fills_the_room_for_its_load_from_end_to_end(kind: BodyKind) -> None:
    drawn = side_drawing(replace(side(None), body=kind.value), lambda english, _: english).contents
    a_metre = POINTS_PER_MM * 1e3 / 125
    room = [(x + 0.3) * a_metre for x in (3.5, 17.1)]
    spans = [(min(one.points[::2]), max(one.points[::2])) for one in drawn if hasattr(one, "points")]
    assert any(span == pytest.approx(room) for span in spans)


def test_the_same_offer_is_the_same_file() -> None:
    view = choice()
    assert offer(view, [detail(view.rows[0])], HEADING) == offer(view, [detail(view.rows[0])], HEADING)


def test_a_rejected_candidate_without_a_cost_can_still_be_printed() -> None:
    view = choice()
    poor = replace(detail(view.rows[0]), row=view.rejected[0], costs=(), tornado=(), cumulative=(), account={}, performance=())
    assert "rejected" in content(offer(view, [poor], HEADING, language="en"))[0]


@pytest.mark.parametrize(("count", "language", "said"), [(0, "zh", "0 candidates"), (4, "zh", "1 to 3"), (1, "fr", "zh and en")])
def test_what_cannot_be_printed_is_refused(count: int, language: str, said: str) -> None:
    view = choice()
    with pytest.raises(InputError, match=said):
        offer(view, [detail(view.rows[0])] * count, HEADING, language=language)
