"""The kinds of scenarios, registered here and nowhere else: a new kind is a `Kind` in the `KINDS` of one of these modules."""

from __future__ import annotations

from typing import Final

from fifthwheel.verify.kind import Kind
from fifthwheel.verify.kinds import braking, cruise, descent, energy, engine, gearbox, handling, mission

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind for module in (gearbox, engine, handling, braking, descent, mission, cruise, energy) for kind in module.KINDS
}
