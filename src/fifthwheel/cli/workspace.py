"""A workspace: the folder that holds the journal, the lake and the records of one fleet; opened here, passed down."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from fifthwheel.errors import InputError

if TYPE_CHECKING:
    from fifthwheel.fleet.fleet import Fleet
    from fifthwheel.fleet.stores import Stores

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", envvar="FIFTHWHEEL_WORKSPACE", help="Folder of journal, lake and records.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LANGUAGES = ("en", "zh")
LanguageOption = Annotated[str, typer.Option("--language", envvar="FIFTHWHEEL_LANGUAGE", help="Of the tables: en or zh.")]
DEFAULT_WORKSPACE = Path(".fifthwheel")
DEFAULT_TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Paths of one workspace; its time zone is kept in it, so that every command speaks of the same days."""

    root: Path
    timezone: ZoneInfo

    @classmethod
    def at(cls, root: Path, timezone: str | None = None) -> Workspace:
        """Open or make the workspace at `root`; a given `timezone` (IANA name) is kept in it.

        Raises
        ------
        InputError : the folder cannot be made, or no such time zone is known.
        """
        settings = root / "workspace.json"
        try:
            root.mkdir(parents=True, exist_ok=True)
            kept = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
            name = timezone or kept.get("timezone", DEFAULT_TIMEZONE)
            zone = ZoneInfo(name)
            if kept.get("timezone") != name:
                settings.write_text(json.dumps(kept | {"timezone": name}, indent=2) + "\n", encoding="utf-8")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise InputError(
                f"time zone {timezone!r} is not known ({error}); an IANA name such as Asia/Shanghai is wanted"
            ) from None
        except OSError as error:
            raise InputError(f"the workspace {root} cannot be used: {error}") from error
        return cls(root=root.resolve(), timezone=zone)

    @property
    def records_url(self) -> str:
        """Database of the records."""
        return f"sqlite:///{self.root / 'records.sqlite'}"

    @property
    def lake(self) -> Path:
        """Folder of the Delta tables."""
        return self.root / "lake"

    @property
    def journal(self) -> Path:
        """Folder of the journal's segments."""
        return self.root / "journal"

    @contextmanager
    def stores(self) -> Iterator[Stores]:
        """The stores of this workspace, closed at the end."""
        from fifthwheel.fleet.latest import Latest
        from fifthwheel.fleet.stores import Stores
        from fifthwheel.lake.query import LakeReader
        from fifthwheel.lake.writer import LakeWriter
        from fifthwheel.records.repositories import Records

        LakeWriter(self.lake)  # makes the tables of a new workspace
        records = Records.open(self.records_url)
        try:
            yield Stores(records=records, lake=LakeReader(self.lake), latest=Latest(), clock=now_us, timezone=self.timezone)
        finally:
            records.close()


@contextmanager
def open_fleet(root: Path) -> Iterator[Fleet]:
    """The fleet verbs on the workspace at `root`."""
    from fifthwheel.fleet.fleet import Fleet

    with Workspace.at(root).stores() as stores:
        yield Fleet(stores)


def now_us() -> int:
    """The clock: UTC microseconds."""
    return time.time_ns() // 1000


def parse_time_us(text: str | None, zone: ZoneInfo, option: str) -> int | None:
    """UTC microseconds of an ISO time given to `option`; without an offset it is local time of the fleet.

    Raises
    ------
    InputError : not an ISO time.
    """
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is no ISO time; for example 2026-11-20T08:00 or 2026-11-20T00:00:00Z") from None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return int(aware.timestamp() * 1e6)


def print_json(value: Any) -> None:
    """One JSON document on stdout; records become objects."""
    json.dump(value, sys.stdout, ensure_ascii=False, default=_jsonable, allow_nan=False)
    sys.stdout.write("\n")


def _jsonable(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
