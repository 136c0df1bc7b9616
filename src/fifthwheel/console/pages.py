"""The built pages: hashed assets for ever, every other path the one page that routes itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

STATIC: Final = Path(__file__).parent / "static"
_FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable"}
_ASK_AGAIN: Final = {"cache-control": "no-cache"}
_NOT_BUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Fifthwheel: the console is not built</title>
<h1>The console is not built yet</h1>
<p>The fleet is running and every frame is kept; only these pages are missing. From the repository root run
<code>./up</code>, or <code>pip install .</code>, or, with Node 20.19 or newer,
<code>cd console &amp;&amp; npm ci &amp;&amp; npm run build</code>; then reload.</p>
<h1 lang="zh-CN">页面尚未构建</h1>
<p lang="zh-CN">车队正在运行，报文照常保存，只缺这些页面。在仓库根目录运行 <code>./up</code> 或 <code>pip install .</code>，
也可以用 Node 20.19 以上版本运行 <code>cd console &amp;&amp; npm ci &amp;&amp; npm run build</code>，然后刷新。</p></html>"""


def add_pages(app: FastAPI, static: Path = STATIC) -> None:
    """Serve the built pages from `static`; until they are built, one page that says how."""

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        """A file of the build, or the page itself for every path it routes."""
        index = static / "index.html"
        if path.startswith("api/"):
            raise HTTPException(404, f"there is no /{path}")
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503)
        file = (static / path).resolve()
        if path and file.is_file() and file.is_relative_to(static.resolve()):
            return FileResponse(file, headers=_FOR_EVER if path.startswith("assets/") else _ASK_AGAIN)
        if path.startswith("assets/"):
            raise HTTPException(404, f"there is no /{path}")
        return FileResponse(index, headers=_ASK_AGAIN)
