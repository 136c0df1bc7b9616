"""The terms of the closed energy account, shared by simulation (truth), explanation (estimate), pages and answers.

All terms are joules over the trip, non-negative unless signed; they add up to what left the stores (the meter).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: `name`; whether it can be negative; what people read; colour token of the console (``--e-<colour>``)."""

    name: str
    signed: bool
    title_en: str
    title_zh: str
    colour: str


TERMS: Final = (
    Term(name="engine", signed=False, title_en="Engine heat", title_zh="发动机热损失", colour="engine"),
    Term(name="aero_still", signed=False, title_en="Air, still", title_zh="空气阻力（无风）", colour="aero"),
    Term(name="aero_wind", signed=True, title_en="Wind", title_zh="风", colour="wind"),
    Term(name="rolling_tractor", signed=False, title_en="Tyres, tractor", title_zh="轮胎（牵引车）", colour="rolling"),
    Term(name="rolling_trailer", signed=False, title_en="Tyres, trailer", title_zh="轮胎（挂车）", colour="rolling"),
    Term(name="climb", signed=True, title_en="Net climb", title_zh="净爬升", colour="climb"),
    Term(name="kinetic", signed=True, title_en="Net speed", title_zh="净动能", colour="kinetic"),
    Term(name="brake_friction", signed=False, title_en="Friction brakes", title_zh="摩擦制动", colour="brake"),
    Term(name="retarder", signed=False, title_en="Retarder", title_zh="缓速器", colour="retarder"),
    Term(name="engine_brake", signed=False, title_en="Engine brake", title_zh="发动机制动", colour="retarder"),
    Term(name="driveline", signed=False, title_en="Driveline", title_zh="传动系", colour="driveline"),
    Term(name="motor", signed=False, title_en="Motor and inverter", title_zh="电机与控制器", colour="electric"),
    Term(name="battery", signed=False, title_en="Battery", title_zh="动力电池", colour="electric"),
    Term(name="fuel_cell", signed=False, title_en="Fuel cell", title_zh="燃料电池", colour="engine"),
    Term(name="idle", signed=False, title_en="Idling", title_zh="怠速", colour="idle"),
    Term(name="auxiliary", signed=False, title_en="Auxiliaries", title_zh="附件", colour="auxiliary"),
    Term(name="unexplained", signed=True, title_en="Unexplained", title_zh="未解释", colour="unexplained"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Exact account of a trip, as a simulation knows it.

    Attributes
    ----------
    meter_j : energy that left each store, by store: ``fuel`` (mass x lower heating value), ``battery``, ``trailer_battery``.
    terms_j : joules by the names of `TERMS`; a missing name is zero.
    gross_climb_j, gross_descent_j, recovered_j : printed beside the account, not in it.
    trailer_j : the trailer's parts of `brake_friction`, `driveline`, `motor` and `auxiliary`, of which the rest is the tractor's.
    charged_j : energy put into each battery while driving, by store; part of its meter (which is discharge less charge).
    """

    meter_j: Mapping[str, float]
    terms_j: Mapping[str, float]
    gross_climb_j: float = 0.0
    gross_descent_j: float = 0.0
    recovered_j: float = 0.0
    trailer_j: Mapping[str, float] = field(default_factory=dict)
    charged_j: Mapping[str, float] = field(default_factory=dict)

    @property
    def balance_error_ratio(self) -> float:
        """(meter - sum of terms) / meter; zero when nothing was used."""
        meter = sum(self.meter_j.values())
        return (meter - sum(self.terms_j.values())) / meter if meter else 0.0
