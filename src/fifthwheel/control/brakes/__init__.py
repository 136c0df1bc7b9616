"""Combined braking: statics, allocation, anti-lock, stability and heat as one electronic brake system, and the descent ahead."""

from fifthwheel.control.brakes.unit import block

__all__ = ["block"]
