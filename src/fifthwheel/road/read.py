"""One verb for every kind of road: a mission of the catalogue, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.road.mission import load, mission
from fifthwheel.road.profile import Profile, profile

SUFFIXES: Final = (".toml", ".gpx", ".csv", ".vdri")


def read(name_or_path: str | Path, traffic: np.random.Generator | None = None, *, density: str = "normal") -> Profile:
    """The road called `name_or_path`: a mission's name (``NAME:back`` for the return), or the path of a file.

    Parameters
    ----------
    name_or_path : mission of the catalogue; mission TOML; GPX or CSV record (`road.importing`); VECTO cycle (``.vdri``).
    traffic, density : as in `road.profile.profile`; files hold the stops that were made.

    Raises
    ------
    UnknownName : no mission of that name.
    InputError : a file of another kind, or one that cannot be read as what its suffix says.

    Examples
    --------
    >>> round(read("mixer-round").length_m)
    14330
    """
    text = str(name_or_path)
    path = Path(text)
    if path.suffix.lower() not in SUFFIXES:
        if path.suffix or path.exists() or "/" in text:
            raise InputError(
                f"{text}: {path.suffix or 'no suffix'}; a mission's name or a file {', '.join(SUFFIXES)} is accepted"
            )
        return profile(mission(text), traffic, density=density)
    return _file(path, traffic, density)


def _file(path: Path, traffic: np.random.Generator | None, density: str) -> Profile:
    suffix = path.suffix.lower()
    if suffix == ".toml":
        return profile(load(path), traffic, density=density)
    if suffix == ".vdri":
        from fifthwheel.road.vecto import profile_of, read_cycle

        return profile_of(read_cycle(path))
    from fifthwheel.road.importing import read_csv, read_gpx

    return read_gpx(path) if suffix == ".gpx" else read_csv(path)
