"""Actuators of the brake system as pure steps: a dead time, then a first-order lag."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Final

from fifthwheel.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Actuator:
    """Dead time and lag of an actuator run with period `step_s`; the dead time counts in whole periods."""

    dead_s: float
    lag_s: float
    step_s: float = 0.01

    def __post_init__(self) -> None:
        if self.step_s <= 0.0 or self.dead_s < 0.0 or self.lag_s < 0.0:
            raise InputError(f"period {self.step_s:g}, dead time {self.dead_s:g}, lag {self.lag_s:g} s; above 0, and 0 or more")

    @property
    def waiting_count(self) -> int:
        """Commands on their way."""
        return round(self.dead_s / self.step_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """An actuator's output, and the commands that its dead time holds, oldest first."""

    force_n: float
    waiting_n: tuple[float, ...]


def resting(actuator: Actuator, force_n: float = 0.0) -> Acting:
    """The actuator settled at a force."""
    return Acting(force_n=force_n, waiting_n=(force_n,) * actuator.waiting_count)


def step(actuator: Actuator, state: Acting, command_n: float) -> Acting:
    """One period with a command held over it, solved exactly.

    Examples
    --------
    >>> settled = resting(EBS)
    >>> for _ in range(30):
    ...     settled = step(EBS, settled, 1000.0)
    >>> settled.force_n > 900.0
    True
    """
    queue = (*state.waiting_n, command_n)
    share = 1.0 - exp(-actuator.step_s / actuator.lag_s) if actuator.lag_s else 1.0
    return Acting(force_n=state.force_n + share * (queue[0] - state.force_n), waiting_n=queue[1:])


EBS: Final = Actuator(dead_s=0.05, lag_s=0.08)
"""Pressure of an electronic brake system: 95 % after 0.29 s (0.2 to 0.3 s dead time and lag; general knowledge)."""
MODULATOR: Final = Actuator(dead_s=0.01, lag_s=0.03)
"""Anti-lock valve at the wheel's brake chamber (general knowledge)."""
MOTOR: Final = Actuator(dead_s=0.01, lag_s=0.01)
"""Torque of an electric machine over its bus (general knowledge)."""
RETARDER: Final = Actuator(dead_s=0.1, lag_s=0.45)
"""Hydrodynamic retarder: 0.3 to 0.6 s lag (general knowledge)."""
