"""`fifthwheel blocks`, `deliver` and `xcp`: control units and plants, handed over and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fifthwheel.cli.workspace import JsonOption, print_json
from fifthwheel.errors import InputError

BlockName = Annotated[
    str, typer.Argument(metavar="BLOCK", help="Name from `fifthwheel blocks`, or package.module:function that makes a Block.")
]
Values = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Value of a signal, SI; repeat it for more.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("blocks")(list_blocks)
    app.command()(deliver)
    app.command()(xcp)


def list_blocks(json: JsonOption = False) -> None:
    """List the control units and plants that can be delivered. 控制器与被控对象清单。"""
    from fifthwheel.fleet import delivery

    found = delivery.listed()
    if json:
        print_json(found)
        return
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("block", no_wrap=True), "step", "in, out, parameters", "what, 内容")
    for one in found:
        counts = f"{one.inputs}, {one.outputs}, {one.parameters}"
        table.add_row(one.name, f"{one.period_s * 1e3:g} ms", counts, f"{one.title_en}\n{one.title_zh}")
    Console().print(table)


def deliver(
    block: BlockName,
    fmu: Annotated[Path | None, typer.Option("--fmu", help="Write an FMU for co-simulation (FMI 2.0) here.")] = None,
    a2l: Annotated[
        Path | None, typer.Option("--a2l", help="Write the description for calibration tools (ASAP2 1.7) here.")
    ] = None,
    values: Values = None,
) -> None:
    """Hand a control unit or plant over as FMU and A2L. 导出 FMU 与 A2L。"""
    from fifthwheel.fleet import delivery

    for line in delivery.deliver(block, fmu, a2l, _values(values)):
        typer.echo(line)


def xcp(
    block: BlockName,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="UDP and TCP port; 0 picks one.")] = 5555,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on. XCP knows no password: mind who reaches it.")
    ] = "127.0.0.1",
    speed: Annotated[float, typer.Option("--speed", help="Simulated over real time; 0 is as fast as it goes.")] = 1.0,
    duration_s: Annotated[float | None, typer.Option("--duration-s", help="Simulated time; without it until stopped.")] = None,
    a2l: Annotated[Path | None, typer.Option("--a2l", help="Write the description, with address and port, here.")] = None,
    values: Values = None,
) -> None:
    """Run a block and serve it to measurement and calibration tools over XCP. XCP 在线测量与标定。"""
    import asyncio
    import signal

    from fifthwheel.fleet import delivery

    server = delivery.server(block, _values(values), speed)

    async def run() -> None:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await server.start(host, port)
        try:
            served = server.running.block
            if a2l is not None:
                delivery.write_a2l(served, a2l, port=server.port, host=host)
            period = f"steps of {served.period_s * 1e3:g} ms"
            typer.echo(
                f"XCP on {host}:{server.port} (UDP and TCP): {served.name}, {period}, {len(served.places)} signals; Ctrl-C stops"
            )
            await server.run(duration_s)
        finally:
            await server.close()

    try:
        asyncio.run(run())
    except (KeyboardInterrupt, asyncio.CancelledError):
        typer.echo("stopped", err=True)


def _values(given: list[str] | None) -> dict[str, float]:
    """Values by name; raises `InputError` for anything but NAME=VALUE with a number."""
    found = {}
    for text in given or []:
        name, _, value = text.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise InputError(f"--set {text!r}; NAME=VALUE with a number in SI is accepted") from None
    return found
