"""Air drag in a platoon: what the truck ahead and the truck behind take off it, over the gap.

Two exponentials set to published track tests of three trucks at 17 to 43 m (team fuel -5.2 to -7.8 %, PATH and NRC [S70]) and of
two trucks (lead up to -5.3 %, follower up to -9.7 %, NREL [S69]); the form and the four figures are general knowledge [K], low
confidence below 10 m, where cooling suffers, and in crosswind, which moves the wake aside.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.physics.quantity import Quantity

FOLLOWER_RATIO: Final = 0.30
"""Share of the drag that a truck right ahead would take off [K]."""
FOLLOWER_GAP_M: Final = 150.0
"""Gap over which that falls to 1/e [K]; wakes of trucks are felt over more than 100 m."""
LEAD_RATIO: Final = 0.16
"""Share of the drag that a truck right behind would take off by filling the wake [K]."""
LEAD_GAP_M: Final = 12.0
"""Gap over which that falls to 1/e [K]."""


def platoon_drag_ratio(ahead_m: Quantity, behind_m: Quantity) -> Quantity:
    """Drag of a truck over its drag alone: ``(1 - 0.30 exp(-a / 150 m)) (1 - 0.16 exp(-b / 12 m))``.

    Parameters
    ----------
    ahead_m, behind_m : gap to the truck ahead and to the truck behind; infinite where there is none.

    Examples
    --------
    >>> alone = float("inf")
    >>> [round(float(platoon_drag_ratio(*gaps)), 3) for gaps in ((alone, 15.0), (15.0, 15.0), (15.0, alone), (alone, alone))]
    [0.954, 0.695, 0.729, 1.0]
    """
    sheltered = 1.0 - FOLLOWER_RATIO * np.exp(-ahead_m / FOLLOWER_GAP_M)
    return sheltered * (1.0 - LEAD_RATIO * np.exp(-behind_m / LEAD_GAP_M))
