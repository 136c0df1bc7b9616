"""Write the API's OpenAPI document, from which the pages' types are generated: ``python -m fifthwheel.console.openapi FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

from fifthwheel.console.app import create_app
from fifthwheel.console.live import Live
from fifthwheel.console.verbs import ConsoleVerbs


def document() -> dict[str, Any]:
    """OpenAPI document of the console; no verb is called for it."""
    return create_app(cast(ConsoleVerbs, None), live=Live()).openapi()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
