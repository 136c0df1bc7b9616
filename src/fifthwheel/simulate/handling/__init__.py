"""The articulated vehicle in the plane: linear analysis, the non-linear plant at 1 ms, manoeuvres, low-speed kinematics."""

from fifthwheel.simulate.handling.block import block

__all__ = ["block"]
