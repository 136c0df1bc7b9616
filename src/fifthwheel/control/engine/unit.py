"""The engine control unit as a block: signals with names, units, ranges and titles around its one step."""

from __future__ import annotations

from fifthwheel.control.block import Block, Signal
from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.calibration import engine_of, signals, start, tables
from fifthwheel.control.engine.step import step
from fifthwheel.vehicle.components import Engine


def block(engine: Engine | str = "diesel-13l-2500nm", *, running: bool = False) -> Block:
    """Control unit of an engine, by its catalogue name or itself.

    Parameters
    ----------
    running : begin with the engine idling; else stopped, waiting for the key.

    Raises
    ------
    UnknownName : no such engine. InputError : a fuel the unit is not built for.

    Examples
    --------
    >>> from fifthwheel.control.block import Running
    >>> unit = Running(block(running=True))
    >>> unit.set(crank_radps=58.6, cam_radps=58.6)
    >>> unit.step()
    >>> unit["run_state"], unit["fuel_kg"] > 0.0
    (2.0, True)
    """
    made = engine_of(engine)
    parameters = signals(made)
    return Block(
        name="engine_control", title_en=f"Engine control unit, {made.name}", title_zh=f"发动机控制单元 {made.name}",
        period_s=parameters[n.STEP_S].start, inputs=_table("inputs"), outputs=_table("outputs"), parameters=parameters,
        begin=lambda values: start(values, running=running), step=step,
    )  # fmt: skip


def _table(kind: str) -> tuple[Signal, ...]:
    rows = tables()[kind].items()
    return tuple(
        Signal(
            name=name, title_en=row["en"], title_zh=row["zh"], **{key: row[key] for key in ("low", "high", "start") if key in row}
        )
        for name, row in rows
    )
