"""Verify: requirements over scenarios, on the cores of this machine or on Ray; and one case at a time for pages and tools.

The console page is built on these, whose signatures stay as they are:

- ``scenario_kinds() -> list[ScenarioKind]``: every kind with its parameters (range, default, choices), quantities, tunable
  calibration values and plots;
- ``run_case(kind, parameters, calibration) -> CaseView``: one case driven, its columns, figures and verdicts;
- ``verify(...) -> Verification``: the whole matrix, or a part of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any

from fifthwheel.control.block import Signal
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.fleet import compute as computing
from fifthwheel.fleet.views import ScenarioKind, ScenarioParameter
from fifthwheel.signals import mdf
from fifthwheel.simulate.handling.outline import Outline
from fifthwheel.verify.judge import Outcome, Result, Verdict, drive, drive_all, verdicts
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Tuning, Value
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.report import About, Picture, Report, html, picture_of
from fifthwheel.verify.requirement import Requirement
from fifthwheel.verify.scenario import Case, Scenario, Suite, joined, own_suite, user_suite


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case driven.

    Attributes
    ----------
    columns : the trace by name, the first is what the others run over (time, mostly); each of shape ``(n,)``.
    outline : what moved, seen from above, where the trace has its poses.
    verdicts : of every requirement that looks at this kind of case, worst first, as `Verdict.document`.
    """

    kind: str
    parameters: Mapping[str, Value]
    calibration: Tuning
    columns: Mapping[str, Floats]
    quantities: Mapping[str, float]
    outline: Outline | None
    verdicts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Requirements over scenarios.

    Attributes
    ----------
    verdicts : fails first, then what is not verified, then passes, least margin first. results : of every case.
    scenarios : those that ran.
    """

    verdicts: tuple[Verdict, ...]
    results: tuple[Result, ...]
    scenarios: tuple[Scenario, ...]
    requirements: tuple[Requirement, ...]

    def count(self, outcome: Outcome) -> int:
        """How many verdicts came to that."""
        return sum(verdict.outcome is outcome for verdict in self.verdicts)

    def document(self) -> dict[str, Any]:
        """As ``fifthwheel verify --json`` prints it."""
        return {
            "counts": {str(outcome): self.count(outcome) for outcome in Outcome},
            "cases": len(self.results),
            "raised": [{"case": one.case.name, "error": one.error} for one in self.results if one.error],
            "scenarios": [
                {"name": one.name, "kind": one.kind, "title_en": one.title_en, "title_zh": one.title_zh} for one in self.scenarios
            ],
            "verdicts": [verdict.document() for verdict in self.verdicts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which part of the matrix: ids of requirements, names of scenarios (all where empty), a file of one's own."""

    requirements: Sequence[str] = field(default_factory=tuple)
    scenarios: Sequence[str] = field(default_factory=tuple)
    file: Path | None = None


def scenario_kinds() -> list[ScenarioKind]:
    """Every kind of scenario, with what it takes and gives."""
    return [_kind_view(kind) for kind in KINDS.values()]


def run_case(kind: str, parameters: Parameters | None = None, calibration: Tuning | None = None) -> CaseView:
    """Drive one case: `parameters` over the kind's defaults, `calibration` over the control unit's own values.

    Raises
    ------
    UnknownName : no such kind, parameter, choice or calibration value. InputError : a value outside its range.
    SimulationError : the plant cannot drive it.
    """
    if kind not in KINDS:
        raise UnknownName("kind of scenario", kind, KINDS)
    complete, tuned = KINDS[kind].complete(parameters or {}), dict(calibration or {})
    run = KINDS[kind].run(complete, tuned)
    case = Case(scenario=kind, kind=kind, number=1, parameters=complete, tuning=tuned)
    result = Result(case=case, quantities=run.quantities)
    asked = [one for one in own_suite().requirements.values() if not one.missing and one.applies(kind, complete)]
    found = [one for one in verdicts(asked, [result]) if one.kind == kind]
    return CaseView(
        kind=kind,
        parameters=complete,
        calibration=tuned,
        columns=run.columns,
        quantities=run.quantities,
        outline=run.outline,
        verdicts=tuple(verdict.document() for verdict in found),
    )


def cases(asked: Asked) -> tuple[Suite, list[Case]]:
    """The requirements and scenarios asked for, and the cases of all these scenarios; a user's file adds to the package's.

    Without names of scenarios, a user's file with scenarios runs these alone; requirements asked for bring the
    scenarios in which they are looked at.

    Raises
    ------
    UnknownName : no such requirement or scenario. InputError : a file that is not accepted.
    """
    own = own_suite()
    mine = user_suite(asked.file) if asked.file else Suite(requirements={}, scenarios={})
    every = joined(own, mine)
    for kind, names, known in (
        ("requirement", asked.requirements, every.requirements), ("scenario", asked.scenarios, every.scenarios)
    ):  # fmt: skip
        for name in names:
            if name not in known:
                raise UnknownName(kind, name, known)
    requirements = {name: every.requirements[name] for name in asked.requirements or every.requirements}
    wanted = {kind for one in requirements.values() for kind in one.kinds}
    of_mine = mine.scenarios or every.scenarios
    names = asked.scenarios or [name for name, one in of_mine.items() if not asked.requirements or one.kind in wanted]
    scenarios = {name: every.scenarios[name] for name in names}
    if asked.scenarios or mine.scenarios:
        kinds = {one.kind for one in scenarios.values()}
        requirements = {name: one for name, one in requirements.items() if kinds & {*one.kinds} or name in asked.requirements}
    return Suite(requirements=requirements, scenarios=scenarios), [case for one in scenarios.values() for case in one.cases()]


def verify(
    asked: Asked, *, compute: str = "local", workers: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Verification:
    """Drive every case of the scenarios and judge every requirement; the same figures on any number of workers.

    Parameters
    ----------
    compute : ``local`` (processes) or ``ray``. progress : told how many cases are done, of how many.

    Raises
    ------
    UnknownName : a name that there is not. InputError : a file that is not accepted, or Ray is not installed.
    """
    suite, work = cases(asked)
    done = 0

    def count(cases_count: int) -> None:
        nonlocal done
        done += cases_count
        if progress:
            progress(done, len(work))

    results = computing.each(drive_all, work, compute=compute, workers=workers, progress=count)
    return Verification(
        verdicts=tuple(verdicts(suite.requirements.values(), results)),
        results=tuple(results),
        scenarios=tuple(suite.scenarios.values()),
        requirements=tuple(suite.requirements.values()),
    )


def report(found: Verification, folder: Path, about: About, *, compute: str = "local", workers: int | None = None) -> list[Path]:
    """Write ``report.html``, ``report.pdf``, ``report.json`` and the traces of the worst cases; the paths of the first three.

    Worst cases are driven anew, which is possible because a case gives the same figures every time.

    Raises
    ------
    InputError : matplotlib or reportlab is not installed, or the folder cannot be written.
    """
    from fifthwheel.verify.pdf import pdf

    worst = {one.case.name: one.case for one in found.verdicts if one.case}
    shown = computing.each(_shown, [*worst.values()], compute=compute, workers=workers, task_items=4)
    traces = {name: both for name, both in zip(worst, shown, strict=True) if both}
    files = {name: f"traces/{name.replace('#', '-')}.{_suffix(columns)}" for name, (columns, _) in traces.items()}
    counts = Counter(one.case.scenario for one in found.results)
    made = Report(
        about=about, verdicts=found.verdicts, scenarios=found.scenarios, counts=counts, files=files,
        pictures={name: picture for name, (_, picture) in traces.items()},
    )  # fmt: skip
    document = {"about": asdict(about), "traces": files, **found.document()}
    contents = {
        "report.html": html(made).encode(),
        "report.pdf": pdf(made),
        "report.json": json.dumps(document, indent=1).encode(),
    }
    try:
        (folder / "traces").mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            _write_trace(traces[name][0], folder / file, name, about.started_us)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise InputError(f"the report cannot be written: {error}") from error
    return [folder / name for name in contents]


def _shown(several: list[Case]) -> list[tuple[Mapping[str, Floats], Picture] | None]:
    """Trace and plot of each case; nothing of one that raises. What a worker process does."""
    runs = [drive(case)[1] for case in several]
    return [(run.columns, picture_of(case.kind, run.columns)) if run else None for case, run in zip(several, runs, strict=True)]


def _suffix(columns: Mapping[str, Floats]) -> str:
    """MDF4 for what runs over time, where its writer is installed; else CSV."""
    return "mf4" if mdf.TIME in columns and find_spec("asammdf") else "csv"


def _write_trace(columns: Mapping[str, Floats], path: Path, title: str, started_us: int) -> None:
    if path.suffix == ".mf4":
        mdf.write(path, [mdf.Trace(columns=columns, title=title)], started_us)
        return
    text = [",".join(columns), *(",".join(f"{value:.9g}" for value in row) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _kind_view(kind: Kind) -> ScenarioKind:
    return ScenarioKind(
        name=kind.name,
        title_en=kind.title_en,
        title_zh=kind.title_zh,
        parameters=tuple(map(_parameter_view, kind.parameters)),
        quantities=tuple(map(_parameter_view, kind.quantities)),
        calibration=tuple(map(_parameter_view, kind.tunes())),
        plots=kind.plots,
    )


def _parameter_view(one: Signal | Choice) -> ScenarioParameter:
    if isinstance(one, Choice):
        return ScenarioParameter(
            name=one.name, title_en=one.title_en, title_zh=one.title_zh, unit="", start=one.start, options=one.among
        )
    return ScenarioParameter(
        name=one.name, title_en=one.title_en, title_zh=one.title_zh, unit=one.unit, start=float(one.start),
        low=one.low if isfinite(one.low) else None, high=one.high if isfinite(one.high) else None,
    )  # fmt: skip
