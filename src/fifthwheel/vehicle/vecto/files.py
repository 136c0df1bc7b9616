"""VECTO's JSON files: finding them by the names that jobs give, and reading their fields with errors that name file and key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import InputError

NO_FILE: Final = {"", "-", "<nofile>", "nofile"}
"""What stands where no file is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One object of a JSON file: its `fields`, where they come from, and the `notes` that all files of a job share."""

    path: Path
    fields: dict[str, Any]
    notes: list[str]
    app: str = ""
    place: str = ""

    def has(self, *keys: str) -> bool:
        """Whether any of the keys is there with a value."""
        return any(self.fields.get(key) not in (None, "") for key in keys)

    def number(self, *keys: str, default: float | None = None) -> float:
        """The first of `keys` that is there, as a number; without any, the `default`.

        Raises
        ------
        InputError : no key and no default, or not a number.
        """
        for key in keys:
            value = self.fields.get(key)
            if value is None or value == "":
                continue
            number = as_number(value)
            if number is None:
                raise InputError(f"{self.path}: {self.place}{key} is {value!r}; a finite number is wanted")
            return number
        if default is None:
            raise InputError(f"{self.path}: {self.place}{' or '.join(keys)} is missing; a number is wanted")
        return default

    def positive(self, *keys: str, default: float | None = None, zero: bool = False) -> float:
        """As `number`, above zero, or with `zero` at least that.

        Raises
        ------
        InputError : no key and no default, not a number, or below.
        """
        value = self.number(*keys, default=default)
        if value < 0.0 or (value == 0.0 and not zero):
            wanted = "0 or more" if zero else "a number above 0"
            raise InputError(f"{self.path}: {self.place}{' or '.join(keys)} is {value:g}; {wanted} is wanted")
        return value

    def text(self, *keys: str, default: str | None = None) -> str:
        """The first of `keys` that is there, as text; without any, the `default`.

        Raises
        ------
        InputError : no key and no default.
        """
        for key in keys:
            if self.fields.get(key) is not None:
                return str(self.fields[key]).strip()
        if default is None:
            raise InputError(f"{self.path}: {self.place}{' or '.join(keys)} is missing; text is wanted")
        return default

    def flag(self, *keys: str, default: bool) -> bool:
        """The first of `keys` that is there, as true or false.

        Raises
        ------
        InputError : neither true nor false.
        """
        for key in keys:
            value = self.fields.get(key)
            if value is None:
                continue
            word = str(value).lower()
            if word not in ("true", "false", "0", "1"):
                raise InputError(f"{self.path}: {self.place}{key} is {value!r}; true or false is wanted")
            return word in ("true", "1")
        return default

    def section(self, key: str) -> Document:
        """The object under `key`, empty where there is none.

        Raises
        ------
        InputError : not an object.
        """
        value = self.fields.get(key)
        if value is None:
            value = {}
        return self._inside(f"{key}.", value)

    def sections(self, key: str) -> list[Document]:
        """The objects of the list under `key`, empty where there is none.

        Raises
        ------
        InputError : not a list of objects.
        """
        value = self.fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise InputError(f"{self.path}: {self.place}{key} is {type(value).__name__}; a list of objects is wanted")
        return [self._inside(f"{key}[{index}].", item) for index, item in enumerate(value)]

    def file(self, *keys: str) -> Path | None:
        """The file that the first of `keys` names, or ``None`` where none is named.

        Raises
        ------
        InputError : a file is named but not there.
        """
        name = self.text(*keys, default="")
        return None if name.lower() in NO_FILE else resolve(name, self.path.parent, self.notes)

    def _inside(self, place: str, value: Any) -> Document:
        if not isinstance(value, dict):
            raise InputError(f"{self.path}: {self.place}{place.rstrip('.')} is {value!r}; an object is wanted")
        return Document(path=self.path, fields=value, notes=self.notes, app=self.app, place=self.place + place)


def as_number(value: Any) -> float | None:
    """A finite number, or ``None`` where `value` is none."""
    try:
        number = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
    return number if number is not None and isfinite(number) else None


def read_text(path: Path) -> str:
    """Text of a file in UTF-8 with or without mark, or in the Windows code page that older versions wrote.

    Raises
    ------
    InputError : the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; a readable file is wanted") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_document(path: Path, notes: list[str]) -> Document:
    """The body of one of VECTO's JSON files.

    Raises
    ------
    InputError : not readable, not JSON, or without a body.
    """
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}: line {error.lineno}, column {error.colno}: {error.msg}; VECTO's JSON files are read"
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get("Body"), dict):
        raise InputError(f"{path}: has no Body; a JSON object with Header and Body is wanted, as VECTO 2.2 and 3.x write it")
    header = content.get("Header")
    app = str(header.get("AppVersion") or "") if isinstance(header, dict) else ""
    return Document(path=path, fields=content["Body"], notes=notes, app=app)


def resolve(name: str, folder: Path, notes: list[str]) -> Path:
    """The file called `name` seen from `folder`: exactly, in another case, or the only one whose words are part of the name's.

    ``Axle 40t Truck.vtlm`` finds ``Axle.vtlm`` where no other loss map of the folder is so named; a note says so.

    Raises
    ------
    InputError : none or several such files; the message lists what is there.
    """
    plain = name.replace("\\", "/")
    wanted = folder / plain
    if wanted.is_file():
        return wanted
    near = wanted.parent if wanted.parent.is_dir() else folder
    there = sorted(item for item in near.iterdir() if item.is_file()) if near.is_dir() else []
    base = plain.rsplit("/", 1)[-1]
    same = [item for item in there if item.name.lower() == base.lower()]
    if len(same) == 1:
        return same[0]
    words, suffix = _words(Path(base).stem), Path(base).suffix.lower()
    alike = [item for item in there if item.suffix.lower() == suffix]
    close = [item for item in alike if words and (_words(item.stem) <= words or words <= _words(item.stem))]
    if len(close) == 1:
        notes.append(f"{name!r} is not there; {close[0].name} was read for it")
        return close[0]
    listed = ", ".join(item.name for item in alike) or f"no *{suffix} file"
    raise InputError(f"{wanted}: no such file; {near} has {listed}")


def _words(stem: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", stem.lower()))
