"""Writes the tables of docs/vecto.md between its markers and draws its figures: ``python scripts/vecto_page.py [FOLDER]``.

The folder is that of ``benchmarks/vecto.py``, whose runs and comparison are used here; drawing needs the group ``bench``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import vecto as bench  # noqa: E402

from fifthwheel.fleet.simulate import cases  # noqa: E402
from fifthwheel.physics.engine import fuel_power_at  # noqa: E402
from fifthwheel.road.cycle import Cycle  # noqa: E402
from fifthwheel.road.vecto import altitude_m, read_cycle, refined  # noqa: E402
from fifthwheel.simulate import batch, layout, vmod  # noqa: E402
from fifthwheel.simulate.gears import shaft_torque, surface  # noqa: E402
from fifthwheel.simulate.pack import Packer  # noqa: E402
from fifthwheel.simulate.trip import TripRun, pack_trains  # noqa: E402
from fifthwheel.units import HOUR, KM, KMH, RPM  # noqa: E402

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Trace = Mapping[str, Floats]
PAGE, IMAGES = ROOT / "docs" / "vecto.md", ROOT / "docs" / "images"
BEFORE_STOP_M, AFTER_STOP_M, AROUND_FALL_M = 500.0, 1200.0, 300.0
"""What counts as being near a stop, and near a place where the target speed falls."""
SLOW_KMH = 50.0
CLIMB_PERCENT, BELOW_KMH = 0.8, 1.5
"""A climb that VECTO's truck cannot take at the target: steeper than this, and slower than the target by more than this."""
CELL_M = 20.0
LINES = {"VECTO 2.2": ("#1a1a1a", 2.4), "rules vecto-2.2": ("#e08214", 1.1), "own rules": ("#2166ac", 1.1)}
STRETCHES = {"long-haul": (1, 12.0, 22.0), "regional": (4, 5.3, 10.3)}
"""Figure: index of the run, first and last kilometre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """One way of driving a run: its seconds by VECTO's headings, and the seconds with the clutch open while moving."""

    trace: Trace
    open: Flags

    def __getitem__(self, name: str) -> Floats:
        return self.trace[name]

    def kwh(self, name: str, where: Flags | Ints | slice = slice(None)) -> float:
        """Energy of a power column."""
        return float(self.trace[f"{name} [kW]"][where].sum()) / HOUR

    def kg(self, where: Flags | Ints | slice = slice(None)) -> float:
        """Fuel."""
        return float(self.trace["FC-WHTCc [g/h]"][where].sum()) / HOUR / 1e3

    @property
    def standing(self) -> Flags:
        """Seconds at rest."""
        return self.trace["v_act [km/h]"] <= 0.0

    @property
    def overrun(self) -> Flags:
        """Seconds in gear in which the truck turns the engine."""
        return (self.trace["Pe_eng [kW]"] < 0.0) & ~self.open & ~self.standing

    @property
    def driving(self) -> Flags:
        """Seconds in gear in which the engine drives."""
        return (self.trace["Pe_eng [kW]"] >= 0.0) & ~self.open & ~self.standing

    @property
    def retarded_kwh(self) -> float:
        """Into the brakes and, in overrun, into the engine."""
        return -self.kwh("Pbrake") - self.kwh("Pe_eng", self.overrun)


Measure = Callable[[Driven], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Three:
    """One run driven by VECTO 2.2, by the rule set and by the own rules."""

    title: str
    declared: bench.Declared
    cycle: Cycle
    vecto: Driven
    rules: Driven
    own: Driven
    trip: TripRun
    factor: float


def three(one: bench.Declared, data: Path) -> Three:
    """Drive a run by the own rules too, and read VECTO's seconds."""
    job = str(data / "40t" / "40t_Long_Haul_Truck.vecto")
    case = next(iter(cases([job], [str(one.cycle)], [one.payload_kg])))
    trip = batch.single(case)
    table = bench.rows(one.seconds)
    theirs = {name: bench.column(table, name) for name in one.run.trace}
    own = vmod.trace_of(trip, case.road, case.fuel_factor_ratio)
    moving = own["v_act [km/h]"] > 0.0
    return Three(
        title=f"{one.mission.replace('-delivery', '')} {one.payload_kg / 1e3:g} t", declared=one,
        cycle=refined(read_cycle(one.cycle)), trip=trip, factor=case.fuel_factor_ratio,
        vecto=_in_vecto(theirs), rules=_in_vecto(one.run.trace),
        own=Driven(trace=own, open=(trip.columns["clutch_switch_state"] > 0.0) & moving),
    )  # fmt: skip


def _in_vecto(trace: Trace) -> Driven:
    return Driven(trace=trace, open=(trace["Gear [-]"] == 0.0) & (trace["v_act [km/h]"] > 0.0))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, figures to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def totals(runs: Sequence[Three]) -> str:
    """Fuel and time by the rule set against VECTO."""
    rows = []
    for one in runs:
        got, wanted = one.declared.run.summary(), one.declared.wanted
        fuel, time = (got[name] - float(wanted[name]) for name in ("FC-Final [l/100km]", "time [s]"))
        v, w = one.rules["v_act [km/h]"], one.vecto["v_act [km/h]"]
        least = min(len(v), len(w))
        litres = float(wanted["FC-Final [l/100km]"])
        rows.append([
            one.title, f"{litres:.2f}", f"{got['FC-Final [l/100km]']:.2f}", f"{100 * fuel / litres:+.2f}", f"{len(w)}",
            f"{time:+.0f}", f"{100 * float((np.abs(v[:least] - w[:least]) < 0.02).mean()):.0f}",
        ])  # fmt: skip
    head = [
        "run",
        "VECTO L/100 km",
        "vecto-2.2",
        "%",
        "VECTO s",
        "vecto-2.2 s",
        "% of seconds with the same speed",
    ]
    return table(head, rows)


def terms(runs: Sequence[Three]) -> str:
    """Each energy of the .vsum file: VECTO's, and the difference of the rule set."""
    rows = []
    for name in bench.ENERGIES:
        cells = []
        for one in runs:
            got, wanted = one.declared.run.summary()[f"{name} [kWh]"], float(one.declared.wanted[f"{name} [kWh]"])
            share = f" ({100 * (got / wanted - 1):+.2f} %)" if abs(wanted) > 0.2 else ""
            cells.append(f"{wanted + 0.0:.2f}, {got - wanted + 0.0:+.3f}{share}")
        rows.append([name, *cells])
    return table(["kWh", *(one.title for one in runs)], rows)


def short(data: Path) -> str:
    """The tally of the short cycles."""
    found = bench.tally(data)
    off = ", ".join(f"{name.removeprefix('Cycle_')} {100 * error:+.2f} %" for name, *_, error in found.off)
    counts = {"fuel within 1 %": found.near, "same duration": found.steps, "same speed (0.02 km/h) in every second": found.same}
    rows = [[name, f"{count} of {found.cycles}"] for name, count in counts.items()]
    rows.append(["fuel of all together", f"{100 * (found.got_g / found.wanted_g - 1):+.3f} %"])
    rows.append(["fuel off by more than 0.1 %", off])
    return table(["short cycles", ""], rows)


def own(runs: Sequence[Three]) -> str:
    """Fuel and time by the own rules against VECTO."""
    rows = []
    for one in runs:
        theirs = float(one.declared.wanted["FC-Final [l/100km]"])
        litres, seconds = one.trip.totals()["fuel_l_per_100km"], len(one.vecto["time [s]"])
        assert litres is not None
        rows.append([
            one.title, f"{theirs:.2f}", f"{litres:.2f}", f"{100 * (litres / theirs - 1):+.2f}", f"{seconds}",
            f"{one.trip.time_s:.0f}", f"{100 * (one.trip.time_s / seconds - 1):+.2f}",
        ])  # fmt: skip
    return table(["run", "VECTO L/100 km", "own", "%", "VECTO s", "own s", "%"], rows)


def why(runs: Sequence[Three]) -> str:
    """Difference of fuel by cause: terms of the engine's work while driving, its fuel per work, and fuel at other times."""
    columns = [_causes(one) for one in runs]
    rows = [[name, *(f"{100 * column[name]:+.2f}" for column in columns)] for name in columns[0]]
    return table(["% of VECTO's fuel", *(one.title for one in runs)], rows)


def _causes(one: Three) -> dict[str, float]:
    a, b = one.own, one.vecto
    fuel, work_a, work_b = b.kg(), a.kwh("Pe_eng", a.driving), b.kwh("Pe_eng", b.driving)
    per_kwh = b.kg(b.driving) / work_b
    gain = {
        "air": a.kwh("Pair") - b.kwh("Pair"), "tyres": a.kwh("Proll") - b.kwh("Proll"),
        "gearbox and axle": a.kwh("Ploss GB") + a.kwh("Ploss Diff") - b.kwh("Ploss GB") - b.kwh("Ploss Diff"),
        "auxiliaries": a.kwh("Paux") - b.kwh("Paux"), "brakes": b.kwh("Pbrake") - a.kwh("Pbrake"),
        "engine in overrun": b.kwh("Pe_eng", b.overrun) - a.kwh("Pe_eng", a.overrun),
    }  # fmt: skip
    gain["height, speed at the ends, rotor"] = work_a - work_b - sum(gain.values())
    found = {name: kwh * per_kwh / fuel for name, kwh in gain.items()}
    return found | {
        "fuel per crank work while driving": (a.kg(a.driving) - per_kwh * work_a) / fuel,
        "fuel in overrun": (a.kg(a.overrun) - b.kg(b.overrun)) / fuel,
        "fuel with the clutch open": (a.kg(a.open) - b.kg(b.open)) / fuel,
        "fuel at standstill": (a.kg(a.standing) - b.kg(b.standing)) / fuel,
        "**all**": a.kg() / fuel - 1,
    }


def account(runs: Sequence[Three]) -> str:
    """The account of a run by VECTO and by the own rules, kWh."""
    rows = []
    for name, value in _ACCOUNT.items():
        rows.append([name, *(_pair(value(one.vecto), value(one.own)) for one in runs)])
    heat = [one.declared.run.job.combination.drive.fuel for one in runs]
    per_kg = [fuel.lower_heating_value_jpkg / 3.6e6 if fuel else 0.0 for fuel in heat]
    fuels = [_pair(one.vecto.kg() * each, one.own.kg() * each) for one, each in zip(runs, per_kg, strict=True)]
    idle = [
        _pair(*(driven.kg(driven.standing) * each for driven in (one.vecto, one.own)))
        for one, each in zip(runs, per_kg, strict=True)
    ]
    rows = [["fuel", *fuels], ["fuel at standstill", *idle], *rows]
    return table(["VECTO / own, kWh", *(one.title for one in runs)], rows)


_ACCOUNT: Mapping[str, Measure] = {
    "crank work, positive": lambda driven: float(np.maximum(driven["Pe_eng [kW]"], 0.0).sum()) / HOUR,
    "engine in overrun": lambda driven: -float(np.minimum(driven["Pe_eng [kW]"], 0.0).sum()) / HOUR,
    "wheel work, positive": lambda driven: float(np.maximum(driven["Pwheel [kW]"], 0.0).sum()) / HOUR,
    "air": lambda driven: driven.kwh("Pair"),
    "tyres": lambda driven: driven.kwh("Proll"),
    "gearbox": lambda driven: driven.kwh("Ploss GB"),
    "axle": lambda driven: driven.kwh("Ploss Diff"),
    "auxiliaries": lambda driven: driven.kwh("Paux"),
    "brakes": lambda driven: -driven.kwh("Pbrake"),
    "brakes and engine in overrun": lambda driven: driven.retarded_kwh,
}


def _pair(theirs: float, ours: float, *, digits: int = 2) -> str:
    return f"{theirs:.{digits}f} / {ours:.{digits}f}"


def engine(runs: Sequence[Three]) -> str:
    """What the engine does: seconds, fuel per work, speeds, shifts, gears."""
    rows = [
        [name, *(_pair(value(one.vecto), value(one.own), digits=digits) for one in runs)]
        for name, (digits, value) in _ENGINE.items()
    ]
    return table(["VECTO / own", *(one.title for one in runs)], rows)


def _shifts(driven: Driven) -> float:
    gears = driven["Gear [-]"]
    gears = gears[gears > 0.0]
    return float((np.diff(gears) != 0.0).sum())


def _taken_back(driven: Driven) -> float:
    """Shifts against the one before within ten seconds."""
    gears = driven["Gear [-]"]
    change = np.diff(gears[gears > 0.0])
    at = np.flatnonzero(change)
    return float(((np.sign(change[at[1:]]) != np.sign(change[at[:-1]])) & (np.diff(at) <= 10)).sum())


def _downshift_g(driven: Driven) -> float:
    """Fuel of the seconds with the clutch open from a gear to a lower one."""
    closed = np.flatnonzero(~driven.open & (driven["Gear [-]"] > 0.0))
    opened = np.flatnonzero(driven.open)
    after = np.searchsorted(closed, opened)
    inside = (after > 0) & (after < len(closed))
    gears, opened, after = driven["Gear [-]"], opened[inside], after[inside]
    return 1e3 * driven.kg(opened[gears[closed[after]] < gears[closed[after - 1]]])


def _weighted_rpm(driven: Driven, where: Flags) -> float:
    return float(np.average(driven["n [1/min]"][where], weights=np.abs(driven["Pe_eng [kW]"][where])))


def _full(driven: Driven) -> Flags:
    return driven.driving & (driven["Pe_eng [kW]"] > 0.97 * driven["Pe_full [kW]"])


def _share(driven: Driven, *gears: int) -> float:
    return 100 * float(np.isin(driven["Gear [-]"][driven.driving], gears).mean())


_ENGINE: Mapping[str, tuple[int, Measure]] = {
    "fuel per work while driving, g/kWh": (1, lambda each: 1e3 * each.kg(each.driving) / each.kwh("Pe_eng", each.driving)),
    "driving in gear, s": (0, lambda driven: driven.driving.sum()),
    "overrun, s": (0, lambda driven: driven.overrun.sum()),
    "clutch open while moving, s": (0, lambda driven: driven.open.sum()),
    "standing, s": (0, lambda driven: driven.standing.sum()),
    "fuel in overrun, g": (0, lambda driven: 1e3 * driven.kg(driven.overrun)),
    "fuel with the clutch open, g": (0, lambda driven: 1e3 * driven.kg(driven.open)),
    "of it in downshifts, g": (0, _downshift_g),
    "speed while driving, by work, 1/min": (0, lambda driven: _weighted_rpm(driven, driven.driving)),
    "speed in overrun, by work, 1/min": (0, lambda driven: _weighted_rpm(driven, driven.overrun)),
    "at full load, s": (0, lambda driven: _full(driven).sum()),
    "power at full load, kW": (0, lambda driven: driven["Pe_eng [kW]"][_full(driven)].mean()),
    "shifts": (0, _shifts),
    "taken back within 10 s": (0, _taken_back),
    "driving in gear 12, % of seconds": (0, lambda driven: _share(driven, 12)),
    "in gear 11, %": (0, lambda driven: _share(driven, 11)),
    "in gears 9 and 10, %": (0, lambda driven: _share(driven, 9, 10)),
    "in gears 1 to 8, %": (0, lambda driven: _share(driven, *range(1, 9))),
}  # fmt: skip


def places(runs: Sequence[Three]) -> str:
    """Where time is won and where energy is braked away."""
    columns = [_places(one) for one in runs]
    return table(["", *(one.title for one in runs)], [[name, *(column[name] for column in columns)] for name in columns[0]])


def _near(where: Floats, spots: Floats, before_m: float, after_m: float) -> Flags:
    ahead = spots[None, :] - where[:, None]
    return np.asarray(((ahead <= before_m) & (ahead >= -after_m)).any(axis=1))


def _places(one: Three) -> dict[str, str]:
    both = (one.vecto, one.own)
    place, target = one.cycle.distance_m, one.cycle.speed_mps / KMH
    stops = place[one.cycle.stop_s > 0.0]
    place, target = place[target > 0.0], target[target > 0.0]
    falls = place[1:][np.diff(target) < -1.0]
    grid = np.arange(0.0, min(driven["dist [m]"][-1] for driven in both) - CELL_M, CELL_M)
    middle = grid[:-1] + CELL_M / 2
    spent = [np.diff(_moving_s(driven, grid)) for driven in both]
    speed = np.interp(middle, one.vecto["dist [m]"], one.vecto["v_act [km/h]"])
    steep = np.interp(middle, one.vecto["dist [m]"], one.vecto["grad [%]"]) > CLIMB_PERCENT
    wanted = np.interp(middle, place, target)
    slow = wanted < SLOW_KMH
    climb = steep & (speed < wanted - BELOW_KMH) & ~slow & ~_near(middle, stops, BEFORE_STOP_M, AFTER_STOP_M)
    parts = {f"target below {SLOW_KMH:.0f} km/h": slow, "climbs": climb, "elsewhere": ~(slow | climb)}
    found = {f"own time less VECTO's, {name}, s": f"{(spent[1] - spent[0])[part].sum():+.1f}" for name, part in parts.items()}
    means = [CELL_M * climb.sum() / time[climb].sum() / KMH for time in spent] if climb.sum() > 50 else []
    found["speed on climbs, km/h"] = _pair(*means, digits=1) if means else "-"
    name = f"over a target below {SLOW_KMH:.0f} km/h by more than {BELOW_KMH} km/h, s"
    found[name] = _pair(*(_over_s(driven, place, target) for driven in both), digits=0)
    found["brakes and overrun before stops, kWh"] = _pair(*(_retarded_near(driven, stops, None) for driven in both))
    found["brakes and overrun at falls of the target, kWh"] = _pair(*(_retarded_near(driven, stops, falls) for driven in both))
    return found


def _over_s(driven: Driven, place: Floats, target: Floats) -> float:
    """Seconds over a low target, by the place in the middle of the second."""
    speed = driven["v_act [km/h]"]
    wanted = np.interp(driven["dist [m]"] - speed * KMH / 2, place, target)
    return float(((wanted < SLOW_KMH) & (speed > wanted + BELOW_KMH)).sum())


def _retarded_near(driven: Driven, stops: Floats, falls: Floats | None) -> float:
    """Energy into brakes and engine before stops, or around falls of the target that are not before a stop."""
    near = _near(driven["dist [m]"], stops, BEFORE_STOP_M, 10.0)
    if falls is not None:
        near = _near(driven["dist [m]"], falls, AROUND_FALL_M, AROUND_FALL_M) & ~near
    return -driven.kwh("Pbrake", near) - driven.kwh("Pe_eng", near & driven.overrun)


def _rising(distance_m: Floats) -> Floats:
    """Distances made strictly rising, for interpolation over them."""
    return distance_m + 1e-7 * np.arange(len(distance_m))


def _moving_s(driven: Driven, grid: Floats) -> Floats:
    """Seconds of motion up to each place."""
    distance = _rising(driven["dist [m]"][~driven.standing])
    return np.interp(grid, distance, np.arange(float(len(distance))))


def maps(runs: Sequence[Three]) -> str:
    """Fuel and losses of VECTO's own seconds by this project's maps: the measured triangles, and the grid the kernel reads."""
    rows = []
    for one in runs:
        packer = Packer()
        combination = one.trip.combination
        index = pack_trains(packer, combination)[0]
        stock = packer.stock(np.zeros((1, layout.N_NODE)), np.zeros((1, 3)), np.zeros(0))
        train, seconds = stock.trains[index], one.vecto
        drive = combination.drive
        assert drive.engine is not None
        shaft, torque = seconds["n [1/min]"] * RPM, seconds["Tq_eng [Nm]"]
        theirs = float(seconds["FC-Map [g/h]"].sum()) / HOUR
        grams = 1e3 / drive.engine.fuel.lower_heating_value_jpkg
        exact = float(fuel_power_at(drive.engine, shaft, torque).sum()) * grams
        places_ = zip(shaft * train.per_step, (torque - train.torque_low) * train.per_torque_step, strict=True)
        grid = sum(max(surface(stock.fuel[train.fuel], *each), 0.0) for each in places_) * grams
        box, axle = _losses(stock, train, seconds)
        shares = [f"{100 * (ours / theirs - 1):+.3f}" for ours in (exact, grid)]
        rows.append([one.title, f"{theirs / 1e3:.3f}", *shares, box, axle])
    head = [
        "run",
        "VECTO, kg by its map",
        "triangles, %",
        "kernel's grid, %",
        "gearbox kWh, VECTO / kernel",
        "axle kWh, VECTO / kernel",
    ]
    return table(head, rows)


def _losses(stock: layout.Stock, train: layout.Record, seconds: Driven) -> tuple[str, str]:
    """Losses of the seconds in gear with the engine driving, recorded and by the kernel's grids."""
    where = np.flatnonzero(seconds.driving & (seconds["Pwheel [kW]"] > 0.0))
    sums = np.zeros(2)
    for at in where:
        speed = seconds["v_act [km/h]"][at] * KMH
        gear = int(seconds["Gear [-]"][at]) - 1
        sums += shaft_torque(stock, train, gear, 1e3 * seconds["Pwheel [kW]"][at] / speed, speed)[1:]
    names = ("Ploss GB", "Ploss Diff")
    box, axle = (_pair(seconds.kwh(name, where), ours / 3.6e6, digits=3) for name, ours in zip(names, sums, strict=True))
    return box, axle


def figures(runs: Sequence[Three]) -> Iterator[Path]:
    """Draw the stretches."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": "fifthwheel", "font.family": "sans-serif", "font.size": 10,
        "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"], "axes.spines.top": False, "axes.spines.right": False,
        "path.simplify_threshold": 0.3, "axes.grid": True, "grid.color": "#e4e4e4", "grid.linewidth": 0.6,
    })  # fmt: skip
    for name, (index, first_km, last_km) in STRETCHES.items():
        path = IMAGES / f"vecto-{name}.svg"
        _draw(runs[index], (first_km, last_km), path)
        yield path


def _draw(one: Three, stretch: tuple[float, float], path: Path) -> None:
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        4, 1, sharex=True, figsize=(10, 8.2), height_ratios=(3, 1.7, 2.4, 1.3), layout="constrained"
    )  # fmt: skip
    for (label, (colour, width)), driven in zip(LINES.items(), (one.vecto, one.rules, one.own), strict=True):
        place = driven["dist [m]"] / KM
        at = np.flatnonzero((place >= stretch[0] - 0.05) & (place <= stretch[1] + 0.05))
        style = {"color": colour, "linewidth": width, "label": label, "zorder": 2 if width > 2 else 3}
        axes[0].plot(place[at], driven["v_act [km/h]"][at], **style)
        gear = np.where(driven["Gear [-]"] > 0.0, driven["Gear [-]"], np.nan)
        engaged = at[~np.isnan(gear[at]) & ~driven.open[at]]
        axes[1].step(place[engaged], gear[engaged], where="pre", **style)
        axes[2].plot(place[at], driven["Pe_eng [kW]"][at], **style)
    cycle = one.cycle
    moving = (cycle.speed_mps > 0.0) & (cycle.distance_m / KM >= stretch[0] - 0.05) & (cycle.distance_m / KM <= stretch[1] + 0.05)
    axes[0].step(
        cycle.distance_m[moving] / KM, cycle.speed_mps[moving] / KMH, where="post", color="#8a8a8a", linewidth=1, linestyle="--",
        label="target", zorder=1,
    )  # fmt: skip
    place, height = cycle.distance_m / KM, altitude_m(cycle)
    nodes = np.arange(stretch[0], stretch[1] + 0.01, 0.02)
    axes[3].fill_between(
        nodes, np.interp(nodes, place, height), float(np.interp(nodes, place, height).min()) - 2, color="#cfd8c6"
    )
    axes[3].set_xlim(*stretch)
    for axis, label in zip(axes, ("speed, km/h", "gear", "crank power, kW", "height, m"), strict=True):
        axis.set_ylabel(label)
    lowest = min(line.get_ydata().min() for line in axes[1].get_lines())
    axes[1].set_yticks(range(12, int(lowest) - 1, -2 if lowest < 7 else -1))
    axes[1].set_ylim(lowest - 0.6, 12.6)
    axes[3].set_xlabel("distance, km")
    figure.align_ylabels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def written(page: str, tables: Mapping[str, str]) -> str:
    """The page with what stands between ``<!-- NAME: begin -->`` and ``<!-- NAME: end -->`` replaced."""
    for name, text in tables.items():
        pattern = re.compile(rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)", re.DOTALL)
        if not pattern.search(page):
            raise SystemExit(f"no markers for {name} in {PAGE.name}")
        page = pattern.sub(lambda found, text=text: found[1] + text + found[2], page)
    return page


def main(data: Path) -> None:
    """All of it."""
    runs = [three(one, data) for one in bench.declared_runs(data)]
    makers = (totals, terms, own, why, account, engine, places, maps)
    tables = {maker.__name__: maker(runs) for maker in makers} | {"short": short(data)}
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    for path in figures(runs):
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB\n")
    sys.stdout.write(f"{len(tables)} tables written into {PAGE.name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else bench.DATA)
