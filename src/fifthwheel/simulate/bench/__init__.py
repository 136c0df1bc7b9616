"""An engine on a dynamometer or a free inertia at 1 ms, run by its real control unit; WHTC and WHSC on it."""

from fifthwheel.simulate.bench.plant_block import block
from fifthwheel.simulate.bench.rig import Bench, bench, plan_of

__all__ = ["Bench", "bench", "block", "plan_of"]
