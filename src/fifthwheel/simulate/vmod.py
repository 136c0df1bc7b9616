"""A trip as a trace in the manner of VECTO's ``.vmod`` files: one row a second, headings with their unit.

Powers are means over the second that ends at a row, taken from the exact account; speed, gear and charge are its end. What
VECTO has no column for keeps to its style: brakes by kind, tyres by unit, the kingpin and everything electric.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.signals import mdf
from fifthwheel.simulate import layout
from fifthwheel.simulate.signals import split
from fifthwheel.simulate.trip import TripRun
from fifthwheel.units import CELSIUS_ZERO_K, HOUR, KMH, RPM

Floats = NDArray[np.float64]
Trace = Mapping[str, Floats]
"""Columns by heading, shape (n,) each."""

KILO = 1e3


def trace_of(run: TripRun, road: Profile, fuel_factor_ratio: float = 1.0) -> dict[str, Floats]:
    """The trace of `run`, which drove along `road`; ``v_targ`` is what the road allows.

    ``FC-Map`` is what the map says, ``FC-WHTCc`` that times the factor of a VECTO job, as in its own files.
    """
    columns = _motion(run, road) | _powers(run)
    if run.combination.drive.engine:
        columns |= _engine(run)
    fuel = run.combination.drive.fuel
    if fuel:
        rate_w = _mean_w(run, layout.FUEL)
        columns["FC-Map [g/h]"] = rate_w / fuel.lower_heating_value_jpkg * KILO * HOUR
        columns["FC-WHTCc [g/h]"] = columns["FC-Map [g/h]"] * fuel_factor_ratio
    return columns | _electric(run)


def write(trace: Trace, path: Path, started_us: int = 0) -> None:
    """Write `trace` as Parquet, CSV or MDF4, by the suffix of `path`; an MDF4 file says that it began at `started_us` (UTC).

    Raises
    ------
    InputError : another suffix, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix == ".mf4":
        mdf.write(path, [_measured(trace)], started_us)
        return
    table = pa.table({name: pa.array(np.asarray(values)) for name, values in trace.items()})
    if suffix not in {".parquet", ".csv"}:
        raise InputError(f"{path}: a trace is written as .mf4, .parquet or .csv")
    try:
        if suffix == ".csv":
            pyarrow.csv.write_csv(table, path)
        else:
            pyarrow.parquet.write_table(table, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}") from error


def _measured(trace: Trace) -> mdf.Trace:
    """The trace with names and units apart, as measurement files have them: ``v_act [km/h]`` is ``v_act`` in km/h."""
    parts = {heading: heading.removesuffix("]").split(" [") for heading in trace}
    time = next(iter(trace))
    columns = {mdf.TIME if heading == time else parts[heading][0]: values for heading, values in trace.items()}
    units = {name: unit for name, unit in parts.values() if unit != "-"}
    return mdf.Trace(columns=columns, title="trip", units=units)


def _mean_w(run: TripRun, *terms: int) -> Floats:
    """Mean power of a row's second in these terms of the book together, shape (n,)."""
    book = split(run.samples)[1]
    energy = np.sum(book[list(terms)], axis=0)
    return np.diff(energy, prepend=energy[0])


def _motion(run: TripRun, road: Profile) -> dict[str, Floats]:
    state = split(run.samples)[0]
    speed = state[layout.V]
    node = np.minimum((state[layout.S] / STEP_M).astype(np.int64), len(road.sine) - 1)
    sine = road.sine[node]
    return {
        "time [s]": np.arange(len(speed), dtype=np.float64),
        "dist [m]": state[layout.S],
        "v_act [km/h]": speed / KMH,
        "v_targ [km/h]": road.limit_mps[node] / KMH,
        "acc [m/s²]": np.diff(speed, prepend=speed[0]),
        "grad [%]": 100.0 * sine / np.sqrt(1.0 - sine**2),
        "Gear [-]": np.where(speed > 0.0, state[layout.GEAR] + 1.0, 0.0),
    }


def _powers(run: TripRun) -> dict[str, Floats]:
    at_wheels = {
        "Pa Veh [kW]": _mean_w(run, layout.KINETIC) - _mean_w(run, layout.ROTOR),
        "Proll [kW]": _mean_w(run, layout.ROLL_TRACTOR, layout.ROLL_TRAILER),
        "Pair [kW]": _mean_w(run, layout.STILL, layout.WIND),
        "Pgrad [kW]": _mean_w(run, layout.CLIMB),
    }
    powers = at_wheels | {
        "Pwheel [kW]": np.sum(list(at_wheels.values()), axis=0),
        "Pbrake [kW]": 0.0 - _mean_w(run, layout.FRICTION),
        "Pbrake Retarder [kW]": 0.0 - _mean_w(run, layout.RETARDER),
        "Pbrake Engine [kW]": 0.0 - _mean_w(run, layout.ENGINE_BRAKE),
        "Ploss GB [kW]": _mean_w(run, layout.DRIVELINE) - _mean_w(run, layout.AXLE),
        "Ploss Diff [kW]": _mean_w(run, layout.AXLE),
        "Paux [kW]": _mean_w(run, layout.AUXILIARY),
        "Proll Tractor [kW]": _mean_w(run, layout.ROLL_TRACTOR),
        "Proll Trailer [kW]": _mean_w(run, layout.ROLL_TRAILER),
    }
    columns = {name: power / KILO for name, power in powers.items()}
    if run.combination.trailer:
        columns["F_kingpin [kN]"] = split(run.samples)[2][layout.KINGPIN] / KILO
    return columns


def _engine(run: TripRun) -> dict[str, Floats]:
    """The crankshaft. Source: ``.vmod`` of VECTO 2.2, whose drag torque is negative."""
    flow = split(run.samples)[2]
    speed = flow[layout.SPEED]
    torques = {"eng": flow[layout.TORQUE], "full": flow[layout.FULL], "drag": 0.0 - flow[layout.DRAG]}
    columns = {"n [1/min]": speed / RPM}
    columns |= {f"Tq_{name} [Nm]": torque for name, torque in torques.items()}
    columns |= {f"Pe_{name} [kW]": torque * speed / KILO for name, torque in torques.items()}
    return columns | {"Pa Eng [kW]": _mean_w(run, layout.ROTOR) / KILO}


def _electric(run: TripRun) -> dict[str, Floats]:
    state, _, flow = split(run.samples)
    columns: dict[str, Floats] = {}
    if run.combination.drive.battery:
        columns |= {
            "P_bat [kW]": flow[layout.TERMINAL_W] / KILO,
            "I_bat [A]": flow[layout.CURRENT],
            "SoC [%]": 100.0 * state[layout.SOC],
            "T_bat [°C]": state[layout.HEAT_K] - CELSIUS_ZERO_K,
            "n_em [1/min]": flow[layout.SPEED] / RPM,
            "Tq_em [Nm]": flow[layout.M_TORQUE],
            "Ploss EM [kW]": _mean_w(run, layout.MOTOR) / KILO,
        }
    if run.combination.drive.fuel_cell or run.combination.drive.range_extender:
        columns["P_source [kW]"] = state[layout.SOURCE_W] / KILO
    if run.combination.trailer_drive:
        columns |= {
            "P_bat Trailer [kW]": flow[layout.T_TERMINAL_W] / KILO,
            "SoC Trailer [%]": 100.0 * state[layout.TRAILER_SOC],
            "n_em Trailer [1/min]": flow[layout.T_SPEED] / RPM,
            "Tq_em Trailer [Nm]": flow[layout.T_TORQUE],
        }
    return columns
