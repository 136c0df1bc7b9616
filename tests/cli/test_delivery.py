from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app, main
from fifthwheel.verify import blocks

TOYS = Path(__file__).parents[1] / "verify"


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TOYS)


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["fifthwheel", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_blocks_are_listed() -> None:
    found = json.loads(told("blocks", "--json"))
    assert [one["name"] for one in found] == list(blocks.names())
    for one in found:
        assert one["period_s"] > 0.0
        assert one["outputs"] > 0
        assert one["name"] in told("blocks")


def test_a_block_is_delivered_as_fmu_and_a2l(tmp_path: Path) -> None:
    files = tmp_path / "g.fmu", tmp_path / "g.a2l"
    said = told("deliver", "toy:governor", "--fmu", str(files[0]), "--a2l", str(files[1]), "--set", "gain_nms=4.5")
    assert "fifthwheel==" in said
    assert "17 signals" not in said
    assert "15 signals" in said
    assert files[0].read_bytes().startswith(b"PK")
    assert files[1].read_text(encoding="utf-8-sig").startswith("ASAP2_VERSION 1 70")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("deliver", "toy:governor"), "nothing to deliver"),
        (("deliver", "no-such", "--a2l", "x.a2l"), "no block is called 'no-such'"),
        (("deliver", "toy:governor", "--a2l", "no/x.a2l"), "cannot be written"),
        (("deliver", "toy:governor", "--fmu", "x.fmu", "--set", "gain_nms"), "NAME=VALUE"),
        (("deliver", "toy:governor", "--fmu", "x.fmu", "--set", "gain=1"), "gain_nms"),
        (("deliver", "toy:governor", "--a2l", "x.a2l", "--set", "gain_nms=1"), "goes into an FMU"),
        (("xcp", "toy:governor", "--speed", "-1"), "speed -1"),
        (("xcp", "toy:governor", "--port", "0", "--set", "torque_nm=1"), "is an output"),
        (("xcp", "toy:governor", "--host", "192.0.2.1"), "cannot be listened on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in refused(monkeypatch, capsys, *arguments)


def test_a_block_is_served_for_a_while_as_fast_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "g.a2l"
    said = told("xcp", "toy:governor", "--port", "0", "--speed", "0", "--duration-s", "20", "--a2l", str(file))
    port = int(said.partition("127.0.0.1:")[2].partition(" ")[0])
    assert f"XCP_ON_UDP_IP 0x0100 {port} " in file.read_text(encoding="utf-8-sig")


def test_xcp_serves_until_it_is_told_to_stop() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TOYS), *sys.path]), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "fifthwheel.cli.main", "xcp", "toy:governor", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        port = int(process.stdout.readline().partition("127.0.0.1:")[2].partition(" ")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=10.0) as connection:
            connection.sendall(bytes.fromhex("02000000ff00"))
            answer = connection.recv(64)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20.0) == 0
        assert process.stderr.read() == "stopped\n"
    assert answer[:5] == bytes.fromhex("08000000ff")
