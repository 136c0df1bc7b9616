"""Questions in Chinese and English on a fleet of fixed views: the tool called, the numbers expected, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.assistant.figures import FORMATS, Figure, Style
from fifthwheel.assistant.language import vocabulary
from fifthwheel.fleet.views import Answer

Ask = Callable[..., Answer]
ZONE = ZoneInfo("Asia/Shanghai")
NOW_US = int(datetime(2026, 11, 22, 15, 30, tzinfo=ZONE).timestamp()) * 1_000_000

# 鲁B36712 yesterday: 96 + 83 kg of diesel at 836 g/L = 214 L on 700 km; fleet: 309 kg diesel, 130 kg LNG, 600 kWh = 6,038 kWh.
QUESTIONS: list[tuple[str, str, list[str]]] = [
    ("Where is 鲁B36712?", "where_is", ["driving", "Qingdao", "36.0700°, 120.3800°", "80 km/h", "40 s ago"]),
    ("鲁B·36712在哪里？", "where_is", ["行驶中", "青岛", "80 km/h", "40 秒前"]),
    ("36712 在哪", "where_is", ["鲁B36712"]),
    ("where is 88001", "where_is", ["鲁BD88001 is charging", "20 s ago"]),
    ("Where are the electric trucks?", "where_is", ["鲁BD88001", "鲁BD88002", "10 min ago"]),
    ("鲁B1234挂 在哪里", "where_is", ["由 鲁B36712 牵引", "120.3800°"]),
    ("所有车都在哪", "where_is", ["鲁C99017", "鲁D00001 还没有上报过位置"]),
    ("How fast is 鲁B36712 going?", "vehicle_state", ["80 km/h"]),
    ("鲁BD88001 还有多少电？", "vehicle_state", ["43 %", "充电中"]),
    ("how much fuel is left in 鲁B36712", "vehicle_state", ["62 %"]),
    ("鲁B36712油箱还剩多少油", "vehicle_state", ["62 %"]),
    ("鲁B36712", "vehicle_state", ["62 %", "210 km", "王强", "鲁B1234挂"]),
    ("鲁BD88001现在怎么样", "vehicle_state", ["充电中", "43 %", "张伟"]),
    ("What is the coolant temperature of 鲁B36712?", "signal_of", ["88 °C", "just now"]),
    ("鲁B36712的水温是多少", "signal_of", ["88 °C"]),
    ("Which vehicles are silent?", "silent_vehicles", ["2 of 7", "鲁C55501", "5 h ago", "鲁D00001"]),
    ("哪些车失联了？", "silent_vehicles", ["7 辆车中有 2 辆", "5 小时前"]),
    ("鲁B36712 多久没上报了", "where_is", ["40 秒前"]),
    ("when did 鲁C55501 last report?", "where_is", ["5 h ago"]),
    ("Which faults are active?", "active_faults", ["2 active faults on 2 vehicles", "Coolant too hot (SPN 110 FMI 0)", "13:30"]),
    ("鲁B36712 有什么故障", "active_faults", ["1 个当前故障", "冷却液温度过高"]),
    ("鲁BD88002有没有故障", "active_faults", ["鲁BD88002没有当前故障"]),
    ("昨天有哪些故障", "faults_of", ["没有上报故障"]),
    ("Which trailer is 鲁B36712 towing?", "couplings_of", ["鲁B1234挂", "yesterday 15:30"]),
    ("谁拖着鲁B5678挂", "couplings_of", ["鲁BD88001"]),
    ("which trailer did 鲁B36712 tow on 20 November", "trips_of", ["鲁B5678挂", "李敏"]),
    ("Who drives 鲁B36788?", "driver_of", ["李敏"]),
    ("王强开哪辆车", "driver_of", ["鲁B36712"]),
    (
        "trips of 鲁B36712 yesterday",
        "trips_of",
        ["2 trips", "700 km", "14:00–19:18", "Jinan to Qingdao", "99.3 L (28.4 L/100 km)"],
    ),
    ("鲁B36712昨天去了哪里", "trips_of", ["2 趟", "济南到青岛"]),
    ("trips to Jinan yesterday", "trips_of", ["3 trips", "1,050 km"]),
    ("昨天从济南出发的行程", "trips_of", ["2 趟", "750 km"]),
    ("longest trip this week", "who_used_most", ["鲁C55501 (yesterday 10:00): 500 km"]),
    ("昨天跑了多少趟", "activity_of", ["7 趟"]),
    ("compare yesterday with the day before yesterday for 鲁B36712", "energy_of", ["30.6 L/100 km", "31.9 L/100 km"]),
    ("how much did idling take of the energy of 鲁B36712 yesterday", "account_share", ["4.3 L", "2.0 %"]),
    ("11月21日鲁B36788怠速了多长时间", "activity_of", ["1 小时"]),
    ("昨天的行程", "trips_of", ["7 趟", "2,180 km"]),
    ("鲁B36712昨天跑了几趟", "activity_of", ["2 趟", "700 km"]),
    ("How many trips did 李敏 make this week?", "activity_of", ["3 trips", "1,080 km", "鲁B36788: 2 trips"]),
    ("昨天王强跑了多少公里", "activity_of", ["700 km"]),
    ("How far did the fleet drive yesterday?", "activity_of", ["2,180 km", "鲁C55501: 500 km"]),
    ("how far did 36712 and 36788 go on 21 November", "activity_of", ["1,100 km"]),
    ("今天上午鲁B36712跑了多少公里", "activity_of", ["210 km"]),
    ("昨晚鲁BD88002跑了多远", "activity_of", ["120 km"]),
    ("How long did 鲁B36712 drive yesterday?", "activity_of", ["10 h", "48 min"]),
    ("How much did the whole fleet idle yesterday", "activity_of", ["2 h 32 min"]),
    ("average speed of 鲁B36712 yesterday", "activity_of", ["70.0 km/h"]),
    ("昨天王强用了多少油", "activity_of", ["214 L", "30.6 L/100 km"]),
    ("How much fuel did 鲁B36712 use yesterday?", "energy_of", ["214 L (210–218)", "30.6 L/100 km", "700 km"]),
    ("鲁B36712昨天用了多少油？", "energy_of", ["214 L（210–218）", "30.6 L/100 km"]),
    ("鲁B36712前天和昨天的油耗", "energy_of", ["31.9 L/100 km", "30.6 L/100 km"]),
    ("How much energy did the fleet use yesterday?", "energy_of", ["6,038 kWh", "277 kWh/100 km", "540 kWh (529–551)", "130 kg"]),
    ("昨天车队用了多少电？", "energy_of", ["600 kWh", "60 kWh", "540 kWh"]),
    ("鲁BD88001昨天用了多少油", "energy_of", ["没有用油"]),
    ("鲁C99017昨天的能耗", "energy_of", ["47.8 L", "23.9 L/100 km", "60 kWh", "30 kWh/100 km"]),
    ("compare the diesel trucks with the electric trucks", "energy_of", ["640 L", "540 kWh"]),
    ("鲁D00001昨天用了多少油", "energy_of", ["没有行程"]),
    (
        "Why did 鲁B36712 use so much on its last trip?",
        "why_trip",
        ["34.2 L/100 km", "20 % more", "28.4 L/100 km", "Wind +2.2 L", "52 %"],
    ),
    ("鲁B36712最近一趟为什么这么费油", "why_trip", ["高 20 %", "发动机热损失 52 %", "未解释 4.0 %"]),
    ("explain trip 鲁B36712-20261120T220000", "why_trip", ["115 L", "32.8 L/100 km", "16 % more"]),
    ("为什么鲁B36712昨天这么费油？", "why_used", ["高 5.8 %", "28.9 L/100 km", "风 +1.5 L"]),
    ("where did the energy of 鲁B36712 go yesterday", "why_used", ["Engine heat 52 %", "111 L"]),
    ("why was yesterday's consumption so high?", "why_used", ["6,038 kWh", "Engine heat 52 %"]),
    ("How much energy did air resistance take yesterday?", "account_share", ["1,175 kWh", "19 %", "Wind 209 kWh"]),
    ("昨天轮胎用了多少能量", "account_share", ["1,026 kWh", "17 %"]),
    ("how much did wind cost 鲁B36712 yesterday", "account_share", ["8.9 L", "4.1 %"]),
    ("怠速占了多少能耗 昨天", "account_share", ["121 kWh", "2.0 %"]),
    ("昨天谁最费油？", "who_used_most", ["百公里油耗最高", "26.0 kg/100 km（355 kWh/100 km）"]),
    ("昨天谁最省油", "who_used_most", ["百公里油耗最低", "26.9 L/100 km"]),
    ("who used most fuel yesterday", "who_used_most", ["Highest fuel use", "鲁B36712: 214 L"]),
    ("which electric trucks used most electricity yesterday", "who_used_most", ["鲁BD88001: 390 kWh"]),
    ("Who used the most energy?", "who_used_most", ["鲁B36712: 382 L (3,784 kWh), 1,210 km", "鲁BD88001: 390 kWh, 260 km"]),
    ("Which driver drove furthest this week?", "who_used_most", ["李敏: 1,080 km"]),
    ("which trailer travelled furthest", "who_used_most", ["鲁B1234挂: 910 km"]),
    ("哪趟行程油耗最高", "who_used_most", ["34.2 L/100 km"]),
    ("谁怠速最久 最近三天", "who_used_most", ["1 小时 20 分", "11月20日至11月22日"]),
    ("Which vehicles have low fuel?", "who_used_most", ["鲁B36788: 8.0 %"]),
    ("电量最低的是哪辆车", "who_used_most", ["鲁BD88001：43 %"]),
    ("Which vehicle has the most faults?", "who_used_most", ["鲁B36712: 1"]),
    (
        "Compare 鲁B36712 and 鲁B36788 yesterday",
        "compare",
        ["14 % more", "30.6 L/100 km", "26.9 L/100 km", "Wind +0.46 L/100 km"],
    ),
    ("鲁B36712和鲁B36788昨天谁更费油？", "compare", ["高 14 %", "214 L", "108 L"]),
    ("Which vehicles did not move yesterday?", "unused_vehicles", ["1 of 7", "鲁D00001"]),
    ("How many vehicles are driving?", "vehicles_by_status", ["1 of 7", "鲁B36712"]),
    ("哪些车在充电", "vehicles_by_status", ["鲁BD88001"]),
    ("车队概况", "fleet_overview", ["5 辆在线", "210 km", "712 kWh", "97 %"]),
    ("how many vehicles are online?", "fleet_overview", ["5 of 7"]),
    ("How many frames are in quarantine?", "quarantine_summary", ["4 frames", "checksum: 3"]),
    ("隔离区里有多少帧", "quarantine_summary", ["4 帧", "length：1 帧"]),
    ("how heavy was 鲁B36712", "trips_of", ["42.0 t"]),
]

REFUSED: list[tuple[str, str]] = [
    ("What will the weather be tomorrow?", "weather service"),
    ("轮胎磨损怎么样", "tread depth"),
    ("How much did the fuel cost yesterday?", "prices"),
    ("昨天油钱多少", "prices"),
    ("When will 鲁B36712 arrive?", "destinations"),
    ("明天鲁B36712在哪", "future"),
    ("鲁B36713 在哪？", "鲁B36713"),
    ("367 在哪", "鲁B36712"),
    ("Where is 鲁Q99999?", "鲁Q99999"),
    ("Did Smith use more fuel?", "Smith"),
    ("司机钱多多昨天用了多少油", "钱"),
    ("what is the capital of France", "question about"),
    ("Why is 鲁C55501 silent?", "cause"),
    ("鲁B36712昨天没有用油吗", "question about"),
    ("How fast was 鲁B36712 yesterday?", "past"),
    ("How much fuel did it use?", "vehicle"),
    ("energy on 30 February", "date"),
    ("explain trip 鲁B36712-20200101T000000", "trip"),
    ("鲁B36712 SOC", "battery level"),
    ("is 鲁B36712 overloaded", "masses"),
    ("1号车在哪", "1"),
    ("how is 鲁B36712 painted", "question about"),
]


@pytest.mark.parametrize(("question", "tool", "expected"), QUESTIONS, ids=[question for question, _, _ in QUESTIONS])
def test_a_question_is_answered_with_the_right_tool_and_numbers(ask: Ask, question: str, tool: str, expected: list[str]) -> None:
    answer = ask(question)
    assert {call.name for call in answer.calls} == {tool}
    assert answer.answered, answer.missing
    for part in expected:
        assert part in answer.text
    assert unevidenced(answer) == []


@pytest.mark.parametrize(("question", "missing"), REFUSED, ids=[question for question, _ in REFUSED])
def test_what_cannot_be_answered_is_refused_with_what_is_missing(ask: Ask, question: str, missing: str) -> None:
    answer = ask(question)
    assert not answer.answered
    assert missing in answer.missing
    assert answer.text
    assert unevidenced(answer) == []


@pytest.mark.parametrize("question", [question for question, _, _ in QUESTIONS])
def test_the_answer_speaks_the_language_of_the_question(ask: Ask, question: str) -> None:
    answer = ask(question)
    names = r"鲁[A-Z]+\d+挂?|王强|李敏|张伟|赵磊|孙丽"
    assert (answer.language == "zh") == bool(re.search("[一-鿿]", re.sub(names, "", answer.text)))


def test_an_unclear_plate_is_offered_as_links(ask: Ask) -> None:
    answer = ask("Where is 367?")
    assert [text for text, _ in answer.links] == ["鲁B36712", "鲁B36788"]
    assert "Which one" in answer.text


def test_a_wrong_plate_is_not_corrected_silently(ask: Ask) -> None:
    answer = ask("How much fuel did 鲁B36713 use yesterday?")
    assert "Did you mean 鲁B36712" in answer.text
    assert answer.calls == ()


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ("vehicle:鲁B36712", "34.2 L/100 km"),
        ("/vehicles/%E9%B2%81B36712", "34.2 L/100 km"),
        ("trip:鲁B36712-20261120T220000", "32.8 L/100 km"),
        ("/trips/鲁B36712-20261120T220000?tab=account", "32.8 L/100 km"),
    ],
)
def test_it_is_what_the_page_shows(ask: Ask, context: str, expected: str) -> None:
    assert expected in ask("why did it use so much?", context).text
    assert expected in ask("为什么这么费油", context).text


def test_a_fleet_question_on_a_vehicle_page_is_about_the_fleet(ask: Ask) -> None:
    assert "2,180 km" in ask("How far did the fleet drive yesterday?", "vehicle:鲁B36712").text
    assert "鲁BD88001" in ask("Which vehicles are charging?", "vehicle:鲁B36712").text


def test_two_questions_get_two_answers_about_the_same_vehicle(ask: Ask) -> None:
    answer = ask("Where is 鲁B36712 and which faults does it have?")
    assert [call.name for call in answer.calls] == ["where_is", "active_faults"]
    assert "1 active fault on 1 vehicle" in answer.text


def test_words_that_were_not_used_are_named(ask: Ask) -> None:
    assert "Not taken into account: Beijing" in ask("How much fuel did 鲁B36712 use yesterday in Beijing?").text


def test_a_refusal_offers_questions_that_can_be_answered(ask: Ask) -> None:
    offered = ask("今天天气怎么样").text.split("：")[-1].split("？")
    for question in filter(None, (part.strip() for part in offered)):
        assert ask(f"{question}？").answered


def test_the_check_of_numbers_finds_one_without_evidence(ask: Ask) -> None:
    answer = ask("How much fuel did 鲁B36712 use yesterday?")
    assert unevidenced(replace(answer, text=answer.text.replace("214 L", "215 L"))) == ["215"]
    assert unevidenced(replace(answer, calls=())) != []


def test_every_finding_of_an_answer_names_what_it_rests_on(ask: Ask) -> None:
    for question, _, _ in QUESTIONS:
        for call in ask(question).calls:
            missing = [
                one.name
                for one in call.findings
                if not one.evidence and one.value and not one.name.startswith(("fleet.", "compare."))
            ]
            assert missing == []


WORDS = st.sampled_from(
    [
        *(word for words in vocabulary()["tags"].values() for word in words),
        *vocabulary()["days"],
        *("鲁B36712", "88001", "鲁B1234挂", "王强", "济南", "last 3 days", "11月20日", "and", "，", "?"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=7), context=st.sampled_from([None, "vehicle:鲁BD88001", "trip:nobody-1"]))
def test_whatever_is_asked_is_answered_with_evidence_or_refused(ask: Ask, words: list[str], context: str | None) -> None:
    answer = ask(" ".join(words), context)
    assert answer.text
    assert answer.answered == (answer.missing == "")
    assert unevidenced(answer) == []


@given(text=st.text(max_size=60))
def test_noise_is_never_answered_with_an_error(ask: Ask, text: str) -> None:
    assert ask(text).text


def unevidenced(answer: Answer) -> list[str]:
    """Numbers of the text that no finding of a call, and no date asked for, reads as."""
    style = Style(language=answer.language, timezone=ZONE, now_us=NOW_US)
    names = r"鲁[A-Z]{1,2}\d+挂?|SPN \d+ FMI \d+|\dx\d|423 kWh with|282 kWh$|jt808|“[^”]*”|(?:Not taken into account|没有考虑).*"
    known: set[str] = set()
    for call in answer.calls:
        for finding in call.findings:
            if finding.value is not None:
                known.update(number for name in FORMATS for number in numbers(format(Figure(finding, style), name)))
        if "start_us" in call.arguments:
            known.update(numbers(style.span(int(call.arguments["start_us"]), int(call.arguments["end_us"]))))
    return [number for number in numbers(re.sub(names, "", answer.text)) if number not in known]


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
