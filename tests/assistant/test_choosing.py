"""Questions about choosing: what they say is read, what they leave open is named, numbers are those of the fleet's verbs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fifthwheel.assistant.choosing import wish_of
from fifthwheel.assistant.desk import Desk
from fifthwheel.assistant.figures import FORMATS, Figure, Style
from fifthwheel.assistant.language import vocabulary
from fifthwheel.assistant.tools import TOOLS
from fifthwheel.choose.duty import cargoes
from fifthwheel.fleet.views import Answer
from fifthwheel.road.mission import names

from .conftest import NOW_US, ZONE, FixedFleet

Ask = Callable[..., Answer]

WISHES: list[tuple[str, str, tuple[str, ...], str, dict[str, float]]] = [
    (
        "600 km a day with 30 t: diesel, LNG or swap over five years?",
        "choose",
        ("diesel", "lng", "swap"),
        "payload_kg 30000, distance_day_m 600000, years 5",
        {},
    ),
    (
        "每天600公里拉30吨，五年内柴油、LNG还是换电划算？",
        "choose",
        ("diesel", "lng", "swap"),
        "payload_kg 30000, distance_day_m 600000, years 5",
        {},
    ),
    (
        "which tractor for coal 49 t on a mountain road?",
        "choose",
        (),
        "road mountain-taian-yiyuan, cargo coal, gross_kg 49000",
        {},
    ),
    ("一年跑15万公里，电价0.5元，选什么车", "choose", (), "distance_year_m 1.5e+08", {"depot_charging": 0.5}),
    ("哪种车拉煤合适", "choose", (), "cargo coal", {}),
    (
        "what truck should I buy for 20 t of pallets, 120k km a year, empty back?",
        "choose",
        (),
        "back empty, cargo general-pallets, payload_kg 20000, distance_year_m 1.2e+08",
        {},
    ),
    ("what if diesel costs 8 yuan?", "what_if", ("diesel",), "", {"diesel": 8.0}),
    ("如果柴油涨到8块5毛呢", "what_if", ("diesel",), "", {"diesel": 8.5}),
    ("为什么不选纯电？", "why_not", ("battery",), "", {}),
    ("why not LNG for 20 t?", "why_not", ("lng",), "payload_kg 20000", {}),
    ("at how many km a year does battery beat diesel?", "break_even", ("battery", "diesel"), "", {}),
    ("每年跑多少公里纯电比柴油划算", "break_even", ("battery", "diesel"), "", {}),
    ("did 鲁B36712 keep its promise?", "promise", (), "", {}),
    ("鲁B12345 有没有达到选型时承诺的能耗？", "promise", (), "", {}),
]
ORDINARY = [
    "Where is the diesel truck?",
    "Compare the diesel trucks with the electric trucks",
    "昨天谁最省油",
    "which electric trucks used most electricity",
    "How much fuel did it use in the last 3 days",
    "鲁BD88001 还有多少电",
    "车队最近三天用了多少电？",
    "昨天柴油车跑了多少公里",
    "trips to Jinan yesterday",
]


@pytest.mark.parametrize(("question", "kind", "energies", "work", "prices"), WISHES, ids=[row[0] for row in WISHES])
def test_a_question_about_choosing_is_read(
    question: str, kind: str, energies: tuple[str, ...], work: str, prices: dict[str, float]
) -> None:
    wish = wish_of(question)
    assert wish is not None
    assert (wish.kind, wish.energies, str(wish.work), dict(wish.prices)) == (kind, energies, work, prices)


@pytest.mark.parametrize("question", ORDINARY)
def test_an_ordinary_question_is_not_about_choosing(question: str) -> None:
    assert wish_of(question) is None


def test_places_name_the_road() -> None:
    wish = wish_of("哪种车跑济南到青岛划算", ("Jinan", "Qingdao"))
    assert wish is not None
    assert wish.work.road == "trunk-jinan-qingdao"


def test_words_name_what_there_is() -> None:
    words = vocabulary()["choosing"]
    assert set(words["roads"]) <= set(names())
    assert set(words["cargoes"]) <= set(cargoes())


ANSWERS: list[tuple[str, str, list[str]]] = [
    (
        "600 km a day with 24 t: diesel, LNG or swap over five years?",
        "choose_for",
        [
            "4 of 60 combinations",
            "600 km a day, 140,000 km a year, 5 years, 24.0 t a trip",
            "“Trunk Jinan - Qingdao port”",
            "assumed: the road, laden both ways, general cargo on pallets, distance a year",
            "Best LNG: “LNG 6x4”",
            "5.20 CNY/km (4.68–6.24)",
            "0.217 CNY/tkm",
            "3.64 million CNY",
            "Best battery swap: “Swap battery 6x4”",
            "+7.7 %",
        ],
    ),
    (
        "每天600公里拉24吨，五年内柴油、LNG还是换电划算？",
        "choose_for",
        ["60 个候选车列中有 4 个", "LNG最优", "364 万元", "按以下假定：路线", "年里程"],
    ),
    (
        "which tractor for coal 49 t on a mountain road?",
        "choose_for",
        ["49.0 t taken for the gross mass", "Tai'an", "empty on the way back"],
    ),
    ("为什么不选纯电？", "why_not", ["第一名是LNG", "纯电最优是 “纯电牵引车 6x4”", "+13 %", "“总质量 50 t 超过 49 t”"]),
    ("why not LNG?", "why_not", ["LNG is the first: “LNG 6x4”"]),
    (
        "why not fuel cells?",
        "why_not",
        ["No fuel cell combination may do it; the nearest is “Hydrogen 6x4”: “mass: 50 t over 49 t”"],
    ),
    (
        "what if diesel costs 5 yuan?",
        "what_if",
        ["the first is diesel (before: LNG)", "5.71 CNY/km before, 5.05 CNY/km (4.54–6.06) then"],
    ),
    ("如果柴油涨到8块5毛呢", "what_if", ["第一名是LNG（原来是LNG）", "原为 5.71 元/km", "6.21 元/km"]),
    ("at how many km a year does battery beat diesel?", "break_even", ["battery costs no more", "from 62,000 km a year"]),
    ("从多少公里起柴油比纯电划算", "break_even", ["在各种年里程下，柴油每公里成本都高于纯电"]),
    (
        "did 鲁B36712 keep its promise?",
        "promise_kept",
        ["significantly more than promised: +6.1 %", "over 4 trips", "Air drag of the vehicle +6.1 %"],
    ),
    ("鲁B36712 有没有达到选型时承诺的能耗？", "promise_kept", ["能耗显著高于选型承诺", "整车风阻 +6.1 %"]),
]


@pytest.mark.parametrize(("question", "tool", "expected"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_an_answer_says_figures_of_the_verbs_and_what_was_assumed(
    ask: Ask, question: str, tool: str, expected: list[str]
) -> None:
    answer = ask(question)
    assert [call.name for call in answer.calls] == [tool]
    assert answer.answered, answer.missing
    for part in expected:
        assert part in answer.text
    assert unevidenced(answer) == []


def test_a_load_that_nothing_may_carry_is_said(ask: Ask, fleet: FixedFleet) -> None:
    desk = Desk(fleet, now_us=NOW_US, timezone=ZONE)
    result = TOOLS["choose_for"].checked(desk, {"work": {"payload_kg": 60e3}})
    assert (result.summary.figures["count"].value, result.rows) == (0.0, ())
    assert "refused" in result.summary.words
    assert "30.0 t a trip" in ask("which tractor for 30 t of coal").text


def test_a_promise_is_of_the_vehicle_that_is_named_or_shown(ask: Ask) -> None:
    assert "鲁B36712 used" in ask("did it keep its promise?", "vehicle:鲁B36712").text
    assert not ask("did it keep its promise?").answered
    assert not ask("did 鲁B36788 keep its promise?").answered
    assert "鲁Z12345" in ask("did 鲁Z12345 keep its promise?").text


def unevidenced(answer: Answer) -> list[str]:
    """Numbers of the text, quoted titles apart, that no finding of a call reads as."""
    style = Style(language=answer.language, timezone=ZONE, now_us=NOW_US)
    known: set[str] = set()
    for call in answer.calls:
        for finding in call.findings:
            if finding.value is not None:
                known.update(number for name in FORMATS for number in numbers(format(Figure(finding, style), name)))
    return [number for number in numbers(re.sub(r"鲁[A-Z]{1,2}\d+|“[^”]*”", "", answer.text)) if number not in known]


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
