"""The engine on its bench as a block: fuel, throttle, brake and load in; speed, torque, air and temperatures out."""

from __future__ import annotations

from fifthwheel.control.block import Block, Signal
from fifthwheel.control.engine.calibration import engine_of
from fifthwheel.control.engine.layout import Floats
from fifthwheel.simulate.bench import layout as m
from fifthwheel.simulate.bench.kernel import PLANT_S, alone
from fifthwheel.simulate.bench.plant import air_ratio
from fifthwheel.simulate.bench.rig import plant_signals, plant_tables, rest
from fifthwheel.vehicle.components import Engine

PERIOD_S = 0.01
SHOWN = (
    m.W, m.FLANGE_NM, m.CRANK_NM, m.GAS_NM, m.FRICTION_NM, m.INJECTED_KG, m.AIR_KG, -1, m.INTAKE_PA, m.BOOST_PA, m.CHARGE_K,
    m.COOLANT_K, m.EXHAUST_K, m.FUEL_KG,
)  # fmt: skip
"""Places in the state that the outputs show, in their order; -1 is the air ratio."""


def block(engine: Engine | str = "diesel-13l-2500nm", *, idling: bool = True, coolant_k: float = 363.15) -> Block:
    """The engine as a plant with steps of 10 ms, 1 ms inside.

    Examples
    --------
    >>> from fifthwheel.control.block import Running
    >>> plant = Running(block(idling=False))
    >>> plant.set(starter_state=1.0)
    >>> for _ in range(50):
    ...     plant.step()
    >>> 10.0 < plant["engine_radps"] < 32.0
    True
    """
    made = engine_of(engine)
    parameters = plant_signals(made)
    return Block(
        name="engine_bench", title_en=f"Engine on the bench, {made.name}", title_zh=f"台架发动机 {made.name}", period_s=PERIOD_S,
        inputs=_table("inputs"), outputs=_table("outputs"), parameters=parameters,
        begin=lambda p: rest(p, speed_radps=made.idle_speed_radps if idling else 0.0, coolant_k=coolant_k), step=_step,
    )  # fmt: skip


def _step(x: Floats, u: Floats, p: Floats, y: Floats) -> None:
    """Ten milliseconds of the plant; then its outputs."""
    alone(x, u, p, round(PERIOD_S / PLANT_S))
    for index, place in enumerate(SHOWN):
        y[index] = x[place] if place >= 0 else air_ratio(x, p)


def _table(kind: str) -> tuple[Signal, ...]:
    return tuple(
        Signal(
            name=name, title_en=row["en"], title_zh=row["zh"], **{key: row[key] for key in ("low", "high", "start") if key in row}
        )
        for name, row in plant_tables()[kind].items()
    )
