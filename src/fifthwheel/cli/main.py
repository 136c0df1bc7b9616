"""The `fifthwheel` command: one module a command group; errors go to stderr with exit code 2."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from fifthwheel import __version__
from fifthwheel.cli import (
    advising,
    catalogue,
    check,
    choose,
    compare,
    data,
    delivery,
    match,
    people,
    promise,
    questions,
    serve,
    simulate,
    verify,
)
from fifthwheel.errors import FifthwheelError

CATALOGUE_VARIABLE = "FIFTHWHEEL_CATALOGUE"
CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", envvar=CATALOGUE_VARIABLE, help="Folder of your own catalogue files, over the package's."),
]

app = typer.Typer(
    name="fifthwheel",
    help="Truck and trailer as one vehicle: connect it, explain its energy, ask about it. 牵引车与挂车，一辆车管到底。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # plain help loads in half the time
)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and leave."),
    own_catalogue: CatalogueOption = None,
) -> None:
    if own_catalogue is not None:
        os.environ[CATALOGUE_VARIABLE] = str(own_catalogue)  # read where the catalogue is, also by worker processes
    if version:
        typer.echo(__version__)
        raise typer.Exit


GROUPS = (
    serve, people, data, questions, simulate, compare, match, check, choose, promise, catalogue, verify, delivery, advising,
)  # fmt: skip
for group in GROUPS:
    group.register(app)


def main() -> None:
    """Run the command line; a `FifthwheelError` becomes one line on stderr and exit code 2."""
    try:
        app()
    except FifthwheelError as error:
        print(f"fifthwheel: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
