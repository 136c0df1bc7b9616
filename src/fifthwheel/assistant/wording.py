"""Results and problems in words, by the phrases of ``phrases.toml``."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, Final

from fifthwheel.assistant.desk import Desk, Result, Row, Text
from fifthwheel.assistant.figures import Figure, Style
from fifthwheel.assistant.state_tools import STATUS
from fifthwheel.assistant.steps import Problem, Step
from fifthwheel.signals.catalogue import signal

_SHOWN: Final = 8
_EXAMPLES: Final = 3


@cache
def phrases() -> dict[str, Any]:
    """The tables of ``phrases.toml``."""
    return tomllib.loads(files("fifthwheel.assistant").joinpath("phrases.toml").read_text(encoding="utf-8"))


class Wording:
    """Words for one reader about one desk."""

    def __init__(self, style: Style, desk: Desk) -> None:
        self._style = style
        self._desk = desk

    def word(self, name: str, **values: str) -> str:
        """An entry of ``[words]`` with `values` filled in."""
        return str(phrases()["words"][name][self._style.language]).format(**values)

    def result(self, step: Step, result: Result) -> tuple[str, str]:
        """Text of a result, and what is missing when it answers nothing."""
        entry = phrases()[step.phrase]
        templates, about = entry[self._style.language], self._about(step)
        needed = result.summary.figures.get(entry["needs"])
        if needed is None or not needed.value:
            items = self._rows(list(result.rows), "item", entry, about) if "item" in templates and "head" in templates else []
            text = "\n".join([self._row("none", templates, result.summary, about), *items])
            return text, phrases()["missing"][entry["missing"]] if "missing" in entry and needed is None else ""
        if not result.rows and "nothing" in templates and "store" in about:
            return self._row("nothing", templates, result.summary, about), ""
        several = "head_several" in templates and len(result.rows) > 1
        head = "head_several" if several else "head"
        lines = [self._row(head, templates, result.summary, about)] if head in templates else []
        told = [row for row in result.rows if not _is_bare(entry, row)]
        rows = told if entry.get("hide_bare") and told else list(result.rows)
        for kind, members in groupby(rows, key=lambda row: row.kind):
            shown = "several" if "several" in templates and len(result.rows) > 1 else kind
            lines += self._rows(list(members), shown, entry, about)
        nothing = result.rows and not told and "missing" in entry
        return "\n".join(lines), phrases()["missing"][entry["missing"]] if nothing else ""

    def problem(self, problem: Problem, tags: frozenset[str]) -> tuple[str, str]:
        """Text of a refusal with questions to ask instead, and what is missing."""
        entry = phrases()["problems"][problem.code]
        values = {"candidates": self._style.pick(", ", "、").join(problem.candidates), **problem.words}
        topic = {language: values.get(language, "") for language in ("en", "zh")}
        text = entry[self._style.language].format(**values, topic=topic[self._style.language])
        if not problem.candidates:
            text += "\n" + self.word("offer", examples=" ".join(self._examples(tags)))
        return text, entry.get("missing", "").format(**values, topic=topic["en"])

    def _examples(self, tags: frozenset[str]) -> list[str]:
        tractors = (state.plate for state in self._desk.states.values() if state.kind != "trailer")
        plate = next(tractors, "鲁B12345")
        entries = sorted(phrases()["examples"], key=lambda entry: -len(tags.intersection(entry["tags"])))
        return [entry[self._style.language].format(plate=plate) for entry in entries[:_EXAMPLES]]

    def _rows(self, rows: list[Row], kind: str, entry: Mapping[str, Any], about: Mapping[str, str]) -> list[str]:
        """Lines of rows of one kind: one each, or one for all after a lead."""
        templates = entry[self._style.language]
        if kind not in templates:
            return []
        worded = [self._row("bare" if _is_bare(entry, row) else kind, templates, row, about) for row in rows]
        if f"{kind}_lead" in templates:
            lead, end = templates[f"{kind}_lead"], self._style.pick(".", "。")
            return [f"{lead}{self._style.pick(': ', '：')}{self._style.pick('; ', '；').join(worded)}{end}"]
        limit = entry.get("limit", _SHOWN)
        return worded[:limit] + ([self.word("more")] if len(worded) > max(limit, 1) and limit > 1 else [])

    def _row(self, name: str, templates: Mapping[str, Any], row: Row, about: Mapping[str, str]) -> str:
        values: dict[str, Any] = {**about, **{name: self._text(word) for name, word in row.words.items() if word}}
        values["name"] = values.get("plate") or values.get("kind") or about["subject"]
        values |= {name: Figure(one, self._style) for name, one in row.figures.items() if one.value is not None}
        parts = templates.get(name, ())
        text = "".join(part.format(**values) for part in parts if _fields(part) <= values.keys())
        text = text.replace("） ", "）").strip()
        return text[:1].upper() + text[1:] if parts and parts[0].startswith(("{subject}", "{name}")) else text

    def _about(self, step: Step) -> dict[str, str]:
        """Words for the arguments of a call: whom it is about, when, by what."""
        arguments, words = step.arguments, {"subject": self._subject(step.arguments)}
        if "start_us" in arguments:
            span = self._style.span(arguments["start_us"], arguments["end_us"])
            words["span"] = f" {span}" if span[0].isdigit() else span
        for name in ("metric", "cause", "store"):
            if name in arguments:
                words[name] = phrases()[f"{name}s"][arguments[name]][self._style.language]
        if "order" in arguments:
            words["order"] = self.word(arguments["order"])
        if "status" in arguments:
            words["statuses"] = self._style.pick(" or ", "或").join(self._text(STATUS[one]) for one in arguments["status"])
        if "signal" in arguments:
            known = signal(arguments["signal"])
            words["signal"] = self._style.pick(known.title_en.lower(), known.title_zh)
        return words

    def _subject(self, arguments: Mapping[str, Any]) -> str:
        ids: Iterable[str] = arguments.get("vehicle_ids", ())
        plates = [self._desk.plate(one) or one for one in ids]
        if "trip_id" in arguments:
            return self._desk.plate(str(arguments["trip_id"]).rsplit("-", 1)[0]) or ""
        if plates:
            return self._style.pick(", ", "、").join(plates) if len(plates) <= 4 else self.word("vehicles")
        return str(arguments.get("driver") or self.word("fleet"))

    def _text(self, word: str | Text) -> str:
        return self._style.pick(*word) if isinstance(word, Text) else word


def _is_bare(entry: Mapping[str, Any], row: Row) -> bool:
    known = {name for name, finding in row.figures.items() if finding.value is not None}
    wanted = [*entry.get("of", ()), *entry.get("words_of", ())]
    return row.kind == "item" and bool(wanted) and not any(name in known or name in row.words for name in wanted)


@cache
def _fields(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)
