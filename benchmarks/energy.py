"""Figures of cooperative energy: against dynamic programming, against the same hardware as separate products, and A13 to A15.

python benchmarks/energy.py            all tables (about five minutes, most of it dynamic programming with two batteries)
python benchmarks/energy.py --quick    without that

Net energy is fuel (lower heating value) and electricity from both batteries' cells at 2.04 J of fuel a joule, the mean of the
published static pair 2.0886 / 1.9950 of a VECTO group-5 hybrid (facts/control.md 4.2). Out and back are driven three
times, charge carried on, and the third time counts, so that little is left to convert.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from fifthwheel.control.energy.calibration import Calibration, calibration
from fifthwheel.control.energy.day import plan_day
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, profile
from fifthwheel.simulate import layout, replay
from fifthwheel.simulate.safety import Margins, margins_of
from fifthwheel.simulate.trip import Conditions, Coordination, TripRun, drive
from fifthwheel.units import CELSIUS_ZERO_K, KM, KWH, LITRE
from fifthwheel.vehicle.catalogue import combination

FUEL_PER_ELECTRIC = 2.04
SEED = 5
NAMED = (
    "mountain-taian-yiyuan", "coal-taiyuan-shijiazhuang", "plateau-golmud-kunlun", "quarry-zhangqiu", "regional-weifang-linqu",
    "tanker-dongying-zibo",
)  # fmt: skip
OTHERS = ("coal-yanzhou-linyi", "coal-linyi-rizhao", "container-rizhao-linyi", "site-spoil-jinan")
HYBRID, PLAIN = "diesel-hybrid-6x4-etrailer-recuperation", "diesel-6x4-etrailer-recuperation"
ROADS: dict[str, Profile] = {}


def road(name: str) -> Profile:
    if name not in ROADS:
        ROADS[name] = profile(mission(name), np.random.default_rng(SEED))
    return ROADS[name]


def payload_kg(whole: str, name: str) -> float:
    return mission(name.split(":", maxsplit=1)[0]).payload_ratio * combination(whole).payload_limit_kg


def net_j(run: TripRun) -> float:
    """Fuel and electricity out of the cells, as fuel."""
    book = run.samples[-1, layout.N_STATE :]
    cells = sum(book[place] for place in (layout.BATTERY, layout.HEAT, layout.TRAILER_BATTERY, layout.TRAILER_HEAT))
    return run.ledger.meter_j.get("fuel", 0.0) + FUEL_PER_ELECTRIC * float(cells)


def cycle(whole: str, name: str, how: Coordination, tuning: Calibration | None = None) -> tuple[float, float, list[Margins]]:
    """Net energy, time and margins of the third time out and back."""
    net, seconds, margins, given = 0.0, 0.0, [], Conditions(coordination=how, tuning=tuning)
    for turn in range(6):
        way = name if turn % 2 == 0 else f"{name}:back"
        run = drive(combination(whole), road(way), payload_kg(whole, name), given)
        last = run.samples[-1]
        own = float(last[layout.SOC]) if combination(whole).drive.battery else None
        given = replace(given, soc_ratio=own, trailer_soc_ratio=float(last[layout.TRAILER_SOC]),
                        trailer_soc_end_ratio=0.24)  # fmt: skip
        if turn >= 4:
            net, seconds, margins = net + net_j(run), seconds + run.time_s, [*margins, margins_of(run)]
    return net, seconds, margins


def worst(margins: list[Margins]) -> str:
    hottest = max(max(one.hottest_k, one.trailer_hottest_k) for one in margins) - CELSIUS_ZERO_K
    return (
        f"grip {max(one.grip_ratio for one in margins):.2f}/{max(one.trailer_grip_ratio for one in margins):.2f} "
        f"slack {sum(one.slack_s for one in margins):6.0f} s kingpin {min(one.push_n for one in margins) / 1e3:6.1f}.."
        f"{max(one.pull_n for one in margins) / 1e3:5.1f} kN friction {sum(one.friction_j for one in margins) / KWH:5.1f} kWh "
        f"{hottest:4.0f} C"
    )


def cooperation(whole: str, names: tuple[str, ...]) -> None:
    """Cooperative and preview against separate products, and against those with an ideal kingpin sensor and no pedal."""
    print(f"\n{whole}: net energy out and back against separate products (separate with endurance braking only in brackets)")
    totals = dict.fromkeys(("separate", "ideal", "cooperative", "preview"), 0.0)
    for name in names:
        ideal = cycle(whole, name, Coordination.SEPARATE, replace(calibration(), pedal_mps2=1e3))
        apart = cycle(whole, name, Coordination.SEPARATE)
        totals["separate"], totals["ideal"] = totals["separate"] + apart[0], totals["ideal"] + ideal[0]
        print(f"{name:28} separate     {apart[0] / KWH:8.1f} kWh {'':16} time {apart[1]:6.0f} s          {worst(apart[2])}")
        for how in (Coordination.COOPERATIVE, Coordination.PREVIEW):
            found = cycle(whole, name, how)
            totals[how] += found[0]
            print(
                f"{'':28} {how:12} {found[0] / KWH:8.1f} kWh {100 * (found[0] / apart[0] - 1):6.2f} % "
                f"({100 * (found[0] / ideal[0] - 1):5.2f}) time {100 * (found[1] / apart[1] - 1):6.2f} %        {worst(found[2])}"
            )
    for how in (Coordination.COOPERATIVE, Coordination.PREVIEW):
        share, best = totals[how] / totals["separate"] - 1, totals[how] / totals["ideal"] - 1
        print(f"{'all':28} {how:12} {100 * share:6.2f} % ({100 * best:5.2f})")


def yardstick(whole: str, names: tuple[str, ...]) -> None:
    """ECMS and preview over dynamic programming that arrives with the same charge."""
    print(f"\n{whole}: cost over dynamic programming, 75 m, 0.25 % of charge")
    for name in names:
        given = Conditions(coordination=Coordination.COOPERATIVE)
        run = drive(combination(whole), road(name), payload_kg(whole, name), given)
        stages = replay.route(run, road(name), given)
        for title, how in (("ECMS", replay.FEEDBACK), ("MPC 4 km", replay.AHEAD)):
            done = replay.march(stages, how)
            start = time.perf_counter()
            least = replay.least_cost_j(stages, (done.soc_ratio, done.trailer_soc_ratio))
            over = 100 * (done.cost_j / least - 1)
            print(
                f"{name:28} {title:9} {done.cost_j / KWH:7.1f} kWh, least {least / KWH:7.1f}: {over:5.2f} % "
                f"({time.perf_counter() - start:.1f} s); fuel of the trip {run.ledger.meter_j['fuel'] / KWH:7.1f}"
            )


def savings() -> None:
    """A14: a recuperating and a plug-in e-trailer against the same tractor with a box trailer."""
    print("\nA14, cooperative: diesel saved against diesel-6x4-box at 24 t, electricity of the battery beside it")
    for name in ("trunk-weifang-qingdao", *NAMED[:2], *NAMED[3:], "city-qingdao"):
        base = drive(combination("diesel-6x4-box"), road(name), 24e3)
        kept = Conditions(coordination=Coordination.COOPERATIVE, trailer_soc_ratio=0.24, trailer_soc_end_ratio=0.24)
        saved = []
        for whole, given in ((PLAIN, kept), ("diesel-6x4-etrailer", Conditions(coordination=Coordination.COOPERATIVE))):
            run = drive(combination(whole), road(name), 24e3, given)
            saved.append((100 * (1 - run.fuel_kg / base.fuel_kg), run.ledger.meter_j["trailer_battery"] / KWH, run))
        hundred = base.distance_m / (100 * KM)
        litre = base.totals()["fuel_l_per_100km"]
        print(
            f"{name:28} base {litre:5.1f} L/100 km  recuperation {saved[0][0]:5.1f} % ({saved[0][1]:5.1f} kWh left the battery)  "
            f"plug-in {saved[1][0]:5.1f} % with {saved[1][1] / hundred:5.1f} kWh/100 km"
        )


def electric() -> None:
    """A15: battery tractor, 38 t, motorway over hills, county roads and city, out and back."""
    whole, names = (
        combination("battery-621-curtainsider-eu"),
        ("coal-taiyuan-shijiazhuang", "regional-weifang-linqu", "city-qingdao"),
    )
    runs = [drive(whole, road(name + way), 19.3e3) for name in names for way in ("", ":back")]
    used, charged = (sum(getattr(run.ledger, kind)["battery"] for run in runs) for kind in ("meter_j", "charged_j"))
    way = sum(run.distance_m for run in runs)
    share = 100 * charged / (used + charged)
    print(f"\nA15 {whole.name}: {used / KWH / (way / KM):.3f} kWh/km, {share:.1f} % of drive energy recuperated")


def day() -> None:
    """One charge of 150 kWh over three missions: one price against the same charge spent as early as it can be."""
    whole, names = "diesel-6x4-etrailer", ("regional-weifang-linqu", "mountain-taian-yiyuan", "coal-taiyuan-shijiazhuang:back")
    given = Conditions(coordination=Coordination.COOPERATIVE)
    routes = [
        replay.priced(replay.route(drive(combination(whole), road(name), 24e3, given), road(name), given)) for name in names
    ]
    planned = plan_day(routes, 0.9, 0.14, (0.2, 4.0))
    soc, greedy = 0.9, []
    for one in routes:
        greedy.append(one(soc, 0.8))
        soc = greedy[-1].soc_end_ratio
    fuel = combination(whole).drive.fuel
    assert fuel is not None
    litre_j = fuel.lower_heating_value_jpkg * fuel.density_kgpm3 * LITRE
    print(f"\na day of {', '.join(names)} on one charge of {whole}")
    for title, missions in ((f"one price {planned.price:.2f}", planned.missions), ("as early as can be", greedy)):
        each = ", ".join(f"{one.fuel_j / litre_j:.1f} L + {one.drawn_j / KWH:.1f} kWh" for one in missions)
        total = sum(one.fuel_j for one in missions) / litre_j
        print(f"{title:20} {total:6.1f} L and {sum(one.drawn_j for one in missions) / KWH:6.1f} kWh: {each}")


if __name__ == "__main__":
    yardstick("diesel-hybrid-4x2-box", ("mountain-taian-yiyuan", "regional-weifang-linqu", "city-qingdao", "coal-yanzhou-linyi"))
    if "--quick" not in sys.argv:
        yardstick(HYBRID, ("quarry-zhangqiu", "mountain-taian-yiyuan"))
    for vehicle in (HYBRID, PLAIN):
        cooperation(vehicle, NAMED)
        cooperation(vehicle, OTHERS)
    savings()
    electric()
    day()
