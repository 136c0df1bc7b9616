"""The control unit of a six-speed dual-clutch transmission: one pure step function over arrays with named places."""

from fifthwheel.control.gearbox.calibration import Calibration, calibration, start
from fifthwheel.control.gearbox.step import step

__all__ = ["Calibration", "calibration", "start", "step"]
