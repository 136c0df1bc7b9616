"""The house rules that no linter knows: units in names, sizes, import budgets, no foreign host in the lock."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fifthwheel
from fifthwheel.lake.schema import TIME_COLUMN, table_schema
from fifthwheel.signals.catalogue import signals
from fifthwheel.units import SUFFIX_UNIT, unit_of

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FORBIDDEN_WORDS = {"kmh", "kph", "kwh", "km", "bar", "celsius", "rpm", "litre", "liter", "l", "mj", "kpa", "hp"}
"""Units that live in units.py, at wires and in templates only, never at the end of a field's name."""
PLAIN_NAMES = {"utils", "common", "helpers", "base", "manager"}
LAZY = ["numba", "duckdb", "deltalake", "sqlalchemy", "fastapi", "cantools", "can", "asammdf", "pyarrow", "numpy", "uvicorn"]


def modules() -> list[str]:
    found = pkgutil.walk_packages(fifthwheel.__path__, "fifthwheel.")
    return [module.name for module in found if ".migrations" not in module.name]


def dataclass_fields() -> Iterator[tuple[str, dataclasses.Field[object]]]:
    for name in modules():
        module = importlib.import_module(name)
        for value in vars(module).values():
            if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == name:
                yield from ((f"{name}.{value.__qualname__}", field) for field in dataclasses.fields(value))


def test_numeric_fields_carry_an_si_unit() -> None:
    wrong = [f"{owner}.{field.name}" for owner, field in dataclass_fields() if field.name.split("_")[-1] in FORBIDDEN_WORDS]
    assert not wrong


def test_the_signal_catalogue_agrees_with_its_names() -> None:
    assert [one.name for one in signals().values() if one.unit != unit_of(one.name)] == []
    assert [one.name for one in signals().values() if one.name.split("_")[-1] not in SUFFIX_UNIT] == []
    assert [one.name for one in signals().values() if not one.low < one.high] == []
    assert [one.name for one in signals().values() if not (one.title_en and one.title_zh)] == []


@pytest.mark.parametrize("table", TIME_COLUMN)
def test_numbers_in_the_lake_carry_their_unit(table: str) -> None:
    numbers = [field.name for field in table_schema(table) if str(field.type) in {"double", "int64"}]
    assert [name for name in numbers if name.split("_")[-1] not in SUFFIX_UNIT] == []


def test_modules_and_functions_stay_small() -> None:
    long_modules = [str(path.relative_to(ROOT)) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 600]
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _lines(node) > 50
    ]
    assert not long_modules
    assert not long_functions


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body; the docstring does not count."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_names_say_what_a_module_is_for() -> None:
    assert [path.name for path in SOURCES if path.stem in PLAIN_NAMES] == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, fifthwheel; print([m for m in {LAZY} if m in sys.modules])"
    assert _python("-c", code) == "[]"


def test_the_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom fifthwheel.cli.main import app\n"
        f"try:\n app(['--help'])\nexcept SystemExit: pass\nprint([m for m in {LAZY} if m in sys.modules])"
    )
    assert _python("-c", code).splitlines()[-1] == "[]"


def test_the_lock_names_no_host() -> None:
    for name in ("requirements.lock", "requirements-check.lock", "console/package-lock.json"):
        assert re.findall(r"https?://(?!opencollective|github|tidelift|paypal|ko-fi)\S+", (ROOT / name).read_text()) == []


def _python(*arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.strip()
