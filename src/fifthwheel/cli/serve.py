"""`up` and `demo`: gateway, worker and console in one process on embedded stores."""

from __future__ import annotations

from typing import Annotated

import typer

from fifthwheel.cli.workspace import DEFAULT_TIMEZONE, DEFAULT_WORKSPACE, Workspace, WorkspaceOption

Jt808Port = Annotated[
    int, typer.Option("--jt808-port", envvar="FIFTHWHEEL_JT808_PORT", help="TCP port for JT/T 808; 0 picks one.")
]
Gbt32960Port = Annotated[
    int,
    typer.Option("--gbt32960-port", envvar="FIFTHWHEEL_GBT32960_PORT", help="TCP port for GB/T 32960 and GB 17691; 0 picks one."),
]
HttpPort = Annotated[
    int, typer.Option("--http-port", envvar="FIFTHWHEEL_HTTP_PORT", help="TCP port of the console; 0 picks one.")
]
Host = Annotated[str, typer.Option("--host", envvar="FIFTHWHEEL_HOST", help="Address to listen on.")]
Timezone = Annotated[
    str | None,
    typer.Option("--timezone", envvar="FIFTHWHEEL_TIMEZONE", help=f"IANA time zone of the fleet; {DEFAULT_TIMEZONE} at first."),
]
Enrolment = Annotated[
    str,
    typer.Option(
        "--enrolment", envvar="FIFTHWHEEL_ENROLMENT", help="open: unknown terminals become vehicles; known: they are refused."
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="FIFTHWHEEL_TOKEN", help="Access token of the console; wanted when it listens beyond this machine."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(up)
    app.command()(demo)


def up(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    jt808_port: Jt808Port = 6808,
    gbt32960_port: Gbt32960Port = 6960,
    http_port: HttpPort = 8080,
    host: Host = "127.0.0.1",
    timezone: Timezone = None,
    enrolment: Enrolment = "open",
    token: Token = None,
) -> None:
    """Start gateway, worker and console. 启动平台。"""
    from fifthwheel.cli.service import Ports, Service

    ports = Ports(host=host, jt808=jt808_port, gbt32960=gbt32960_port, http=http_port)
    Service(Workspace.at(workspace, timezone), ports, enrolment=enrolment, token=token).run()


def demo(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    vehicles: Annotated[int, typer.Option("--vehicles", min=1, help="Virtual combinations.")] = 12,
    days: Annotated[int, typer.Option("--days", min=0, help="Past days to send in fast motion first.")] = 3,
    jt808_port: Jt808Port = 6808,
    gbt32960_port: Gbt32960Port = 6960,
    http_port: HttpPort = 8080,
    host: Host = "127.0.0.1",
    timezone: Timezone = None,
    enrolment: Enrolment = "open",
    token: Token = None,
) -> None:
    """The same with a virtual fleet that sends real frames over TCP. 演示车队。"""
    from fifthwheel.cli.service import Demonstration, Ports, Service

    ports = Ports(host=host, jt808=jt808_port, gbt32960=gbt32960_port, http=http_port)
    demonstration = Demonstration(vehicles=vehicles, days=days)
    Service(Workspace.at(workspace, timezone), ports, enrolment=enrolment, token=token, demonstration=demonstration).run()
