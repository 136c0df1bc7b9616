"""The engine control unit: torque structure, governors, limits, start-stop and diagnosis as one pure step over arrays."""

from fifthwheel.control.engine.calibration import parameters_of, signals, start
from fifthwheel.control.engine.step import step
from fifthwheel.control.engine.unit import block

__all__ = ["block", "parameters_of", "signals", "start", "step"]
