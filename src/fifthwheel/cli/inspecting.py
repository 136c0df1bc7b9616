"""`fifthwheel decode`: any protocol's frames to JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fifthwheel.errors import FrameError


def inspect_frames(protocol: str, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """One object a frame: ``ok message version fields``, or ``ok reason detail`` when it cannot be understood."""
    if protocol == "j1939":
        from fifthwheel.codec.j1939.decode import inspect_all

        yield from ({"ok": "reason" not in one, **one} for one in inspect_all(texts))
        return
    inspect = _inspector(protocol)
    for text in texts:
        try:
            yield {"ok": True, **inspect(bytes.fromhex(text))}
        except FrameError as error:
            yield {"ok": False, "reason": error.reason, "detail": error.detail}
        except ValueError:
            yield {"ok": False, "reason": "hex", "detail": f"{text[:40]!r} is not pairs of hexadecimal digits"}


def _inspector(protocol: str) -> Callable[[bytes], Mapping[str, Any]]:
    from fifthwheel.codec.gbt32960.decode import inspect as gbt32960
    from fifthwheel.codec.hj1239.decode import inspect as hj1239
    from fifthwheel.codec.jt808.decode import inspect as jt808

    return {"jt808": jt808, "gbt32960": gbt32960, "hj1239": hj1239}[protocol]
