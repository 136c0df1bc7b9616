"""Time of answers without a language model on the workspace of ``fifthwheel demo``.

Run ``python benchmarks/ask.py WORKSPACE [ROUNDS]``. Every question is asked ROUNDS times (5) after one round to warm up;
p50 and p95 are over all answers. Plates and names are the fleet's own.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from fifthwheel.assistant.answer import answer
from fifthwheel.cli.workspace import now_us, open_fleet
from fifthwheel.fleet.fleet import Fleet

QUESTIONS = (
    "Where is {truck}?",
    "{truck}在哪里？",
    "Where is everyone?",
    "How fast is {truck}?",
    "{electric}还有多少电？",
    "电量最低的是哪辆车？",
    "Which vehicles have low fuel?",
    "哪些车失联了？",
    "Which vehicles are driving?",
    "车队概况",
    "Which faults are active?",
    "{truck}有什么故障？",
    "Which trailer is {truck} towing?",
    "谁在开{truck}？",
    "What does {driver} drive?",
    "trips of {truck} yesterday",
    "昨天的行程",
    "{truck}昨天跑了几趟？",
    "How many trips did {driver} make this week?",
    "How far did the fleet drive yesterday?",
    "昨天{driver}跑了多少公里？",
    "How long did {truck} drive in the last 3 days?",
    "How much fuel did {truck} use yesterday?",
    "{truck}最近三天的百公里油耗",
    "How much energy did the fleet use yesterday?",
    "车队最近三天用了多少电？",
    "{electric}昨天用了多少电？",
    "昨天{driver}用了多少油？",
    "Why did {truck} use so much on its last trip?",
    "{truck}最近一趟为什么这么费油？",
    "为什么{truck}最近三天这么费油？",
    "Why was the fleet's consumption so high yesterday?",
    "Where did the energy of {electric} go?",
    "How much energy did air resistance take yesterday?",
    "最近三天轮胎用了多少能量？",
    "怠速占了多少能耗？",
    "昨天谁最费油？",
    "who used most fuel in the last 3 days",
    "Which electric trucks used most electricity?",
    "Which driver drove furthest this week?",
    "谁怠速最久？",
    "哪趟行程油耗最高？",
    "Compare {truck} and {other} in the last 3 days",
    "{truck}和{other}谁更费油？",
    "Which vehicles did not move yesterday?",
    "隔离区里有多少帧？",
    "How heavy was {truck}?",
    "前天和昨天车队的能耗",
)
UNANSWERABLE = (
    "What will the weather be tomorrow?",
    "轮胎磨损怎么样？",
    "How much did the fuel cost yesterday?",
    "鲁Z00000在哪？",
)


def names(fleet: Fleet) -> dict[str, str]:
    """Plates and a driver to ask about."""
    driven = [state for state in fleet.vehicles() if state.kind != "trailer"]
    trucks = [state for state in driven if state.energy_kind == "diesel"]
    electric = next(state for state in driven if state.energy_kind == "battery")
    driver = next(state.driver for state in trucks if state.driver)
    return {"truck": trucks[0].plate, "other": trucks[1].plate, "electric": electric.plate, "driver": str(driver)}


def main() -> None:
    """Print the slowest questions, what was not answered, and p50 and p95."""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with open_fleet(Path(sys.argv[1])) as fleet:
        known = names(fleet)
        asked = [question.format(**known) for question in (*QUESTIONS, *UNANSWERABLE)]
        took_s = np.zeros((rounds + 1, len(asked)))
        refused: dict[str, str] = {}
        for turn in range(rounds + 1):
            for index, question in enumerate(asked):
                began_s = time.perf_counter()
                reply = answer(question, fleet, now_us=now_us(), timezone=fleet.stores.timezone)
                took_s[turn, index] = time.perf_counter() - began_s
                refused |= {} if reply.answered else {question: reply.missing}
    for question in np.argsort(-took_s[1:].mean(axis=0))[:5]:
        print(f"{took_s[1:, question].mean() * 1e3:7.0f} ms  {asked[question]}")
    for question, missing in refused.items():
        print(f"  not answered: {question} ({missing})")
    p50, p95 = np.percentile(took_s[1:], [50, 95]) * 1e3
    print(f"{len(asked)} questions, {len(asked) - len(refused)} answered, {len(UNANSWERABLE)} meant to be refused")
    print(f"p50 {p50:.0f} ms, p95 {p95:.0f} ms")


if __name__ == "__main__":
    main()
