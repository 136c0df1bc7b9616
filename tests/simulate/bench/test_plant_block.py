"""The plant as a block beside the unit's block: the same engine as in the compiled loop, and names that agree with the layout."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.control.block import Running
from fifthwheel.control.engine import block as unit_block
from fifthwheel.control.engine.calibration import tables
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate.bench import bench, block, plan_of
from fifthwheel.simulate.bench import layout as m
from fifthwheel.simulate.bench.rig import DERIVED, EXTRA, plant_of, plant_signals, plant_tables
from fifthwheel.units import SUFFIX_UNIT

FEEDBACK = {"crank_radps": "engine_radps", "cam_radps": "engine_radps"} | {
    name: name for name in ("intake_pa", "boost_pa", "intake_k", "coolant_k", "exhaust_k", "lambda_ratio")
}


def test_names_stand_where_the_layout_says() -> None:
    scalars, inputs = list(plant_tables()["scalars"]), list(plant_tables()["inputs"])
    assert [name for index, name in enumerate(scalars) if getattr(m, name.upper()) != index] == []
    assert [name for index, name in enumerate(inputs) if getattr(m, f"P_{name.upper()}") != index] == []
    assert [name for index, (name, *_) in enumerate(DERIVED) if getattr(m, name.upper()) != len(scalars) + index] == []
    assert len(plant_signals("diesel-9l-1600nm")) == m.N_PARAMETER
    assert len(EXTRA) == m.N_PLAN - len(tables()["inputs"])
    assert len(m.COLUMNS) == m.O_UNIT
    assert all(row["source"] for row in plant_tables()["scalars"].values())


def test_every_signal_of_the_plant_has_a_unit_and_titles() -> None:
    made = block("gas-13l-2300nm")
    every = (*made.inputs, *made.outputs, *made.parameters)
    assert [one.name for one in every if one.name.rsplit("_", 1)[-1] not in SUFFIX_UNIT] == []
    assert [one.name for one in every if not (one.title_en and one.title_zh)] == []


@pytest.mark.parametrize("engine", ["diesel-13l-2500nm", "gas-13l-2300nm"])
def test_two_blocks_wired_by_hand_run_as_the_compiled_loop(engine: str) -> None:
    """Pedal steps on a free engine with a load; the blocks run in Python and in machine code, so the sums are not bit for bit."""
    plan = plan_of(3.0, load_nm=60.0, load_kgm2=3.0, pedal_ratio=np.where(np.arange(300) % 150 < 60, 0.3, 0.0))
    trace = bench(engine, load_kgm2=3.0).run(plan)
    unit, plant = Running(unit_block(engine, running=True)), Running(block(engine))
    plant.set(load_nm=60.0, load_kgm2=3.0)
    unit.set(crank_radps=plant.state[m.W], cam_radps=plant.state[m.W], intake_k=298.15)
    speeds = []
    for pedal in plan[:, 0]:
        unit.set(pedal_ratio=pedal, pedal_2_ratio=0.5 * pedal)
        unit.step()
        plant.set(**{name: unit[name] for name in ("fuel_kg", "throttle_ratio", "spark_ratio", "starter_state")})
        plant.set(brake_ratio=unit["brake_stage_count"] / 3.0)
        plant.step()
        unit.set(**{name: plant[source] for name, source in FEEDBACK.items()})
        speeds.append(plant["engine_radps"])
    assert np.array(speeds) == pytest.approx(trace["engine_radps"], rel=1e-6)


def test_plans_and_plants_refuse_what_they_do_not_know() -> None:
    with pytest.raises(UnknownName, match="pedal_ratio"):
        plan_of(1.0, pedal=0.5)
    with pytest.raises(UnknownName, match="turbo_kg"):
        plant_of("diesel-9l-1600nm", turbo=1.0)
    with pytest.raises(InputError, match="accepted"):
        plant_of("diesel-9l-1600nm", wall_ratio=2.0)
    with pytest.raises(InputError, match="accepted"):
        bench().run(np.zeros((5, 3)))
    with pytest.raises(InputError, match="milliseconds"):
        bench(unit={"step_s": 0.0125})
