"""What a PDF of ours says, read back from its streams."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode


def plain(escaped: bytes) -> bytes:
    """A string of a PDF without its escapes."""
    return re.sub(
        rb"\\([0-7]{3}|.)", lambda found: bytes([int(found[1], 8)]) if found[1].isdigit() else found[1], escaped, flags=re.S
    )


def content(pdf: bytes) -> tuple[str, bytes]:
    """Latin words of all pages, and their bytes with Chinese as UTF-16."""
    pages = [
        zlib.decompress(a85decode(b"<~" + raw.strip(), adobe=True))
        for raw in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S)
    ]
    said = b" ".join(plain(one) for page in pages for one in re.findall(rb"\((.*?)(?<!\\)\) Tj", page, re.S))
    return said.decode("latin-1"), said
