"""The control unit of a transmission with two clutches or one: one pure step function over arrays with named places."""

from fifthwheel.control.gearbox.calibration import NAMES, Calibration, calibration, start
from fifthwheel.control.gearbox.signals import block
from fifthwheel.control.gearbox.step import step

__all__ = ["NAMES", "Calibration", "block", "calibration", "start", "step"]
