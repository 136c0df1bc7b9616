"""The driveline transient of a transmission with two clutches or one at 1 ms, and shifts driven by the real control unit."""

from fifthwheel.simulate.shift.blocks import block
from fifthwheel.simulate.shift.metrics import trace

__all__ = ["block", "trace"]
