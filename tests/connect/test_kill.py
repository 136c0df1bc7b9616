"""Kill -9 of the real gateway and pipeline under load: what was acknowledged is in the lake exactly once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_three_kills_under_load_lose_and_double_nothing() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "kill.py"), "--kills", "3", "--terminals", "8", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    result = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=240, env=environment).stdout)
    assert result["acknowledged"] == result["sent"] > 2000
    assert result["resent"] > 0
    wrong = {name: result[name] for name in ("lost", "doubled", "faults_lost", "faults_doubled")}
    assert wrong == {"lost": 0, "doubled": 0, "faults_lost": 0, "faults_doubled": 0}
