"""Mechanics of a candidate: microseconds, and what the checks find over every pair of the catalogue that one market sells.

python benchmarks/matching.py

A candidate is three balances of its loads (laden, unladen, braking), its fit, its swept circle and its roll threshold; every pair
stands on 20 t spread evenly. The first pass works every geometry out, the second remembers it. Processor time of one thread.
"""

from __future__ import annotations

from collections import Counter
from time import process_time

from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.combination import Combination, UnitKind, coupled
from fifthwheel.vehicle.coupling import fit
from fifthwheel.vehicle.rules import Subject, check, rule_set
from fifthwheel.vehicle.stability import roll_threshold
from fifthwheel.vehicle.statics import axle_loads, even, unladen_loads
from fifthwheel.vehicle.stowage import lawful_payload
from fifthwheel.vehicle.turning import INNER_M, swept
from fifthwheel.vehicle.verdict import Verdict

CARGO_KG = 20e3


def pairs() -> list[Combination]:
    """Tractors and semi-trailers that are sold in one market."""
    units = [catalogue().unit(name) for name in catalogue().names("units")]
    tractors = [unit for unit in units if unit.kind is UnitKind.TRACTOR]
    trailers = [unit for unit in units if unit.kind is UnitKind.TRAILER and unit.drag_area_m2 > 0.0]
    return [
        coupled(tractor, trailer, gross_mass_kg=49e3)
        for tractor in tractors
        for trailer in trailers
        if set(tractor.markets) & set(trailer.markets)
    ]


def mechanics(whole: Combination) -> tuple[tuple[Verdict, ...], bool | None, bool]:
    """Verdicts of the fit, whether the rule of the wheelbase holds, and whether the simulated circle does."""
    assert whole.trailer is not None, "a pair has two units"
    loads = ((), (even(whole.trailer, CARGO_KG),))
    laden = axle_loads(whole, loads)
    unladen_loads(whole)
    axle_loads(whole, loads, deceleration_mps2=3.0)
    roll_threshold(whole, loads, found=laden)
    found = swept(whole)
    rule = found.rule_wheelbase_m <= found.rule_limit_m if found.rule_wheelbase_m and found.rule_limit_m else None
    return fit(whole.tractor, whole.trailer, loads=laden), rule, found.inner_m >= INNER_M


def payload(whole: Combination) -> None:
    """The most cargo within the parts' own limits."""
    lawful_payload(whole, [group.load_limit_kg for unit in whole.units for group in unit.axles], most_kg=30e3)


def subject(whole: Combination) -> Subject:
    """What rules look at, with the cargo on the trailer."""
    loads = axle_loads(whole, ((), (even(whole.units[1], CARGO_KG),)))
    return Subject(combination=whole, loads=loads, swept=swept(whole))


def main() -> None:
    """Time and count."""
    wholes = pairs()
    for passed in ("first pass", "second pass"):
        start = process_time()
        found = [mechanics(whole) for whole in wholes]
        print(f"{passed}: {(process_time() - start) / len(wholes) * 1e6:.0f} us a candidate, {len(wholes)} candidates")
    start = process_time()
    for whole in wholes:
        payload(whole)
    print(f"lawful payload: {(process_time() - start) / len(wholes) * 1e6:.0f} us")
    subjects, rules = [subject(whole) for whole in wholes], rule_set("gb1589-2016")
    for passed in ("first pass", "second pass"):
        start = process_time()
        for what in subjects:
            check(rules, what)
        print(f"GB 1589, {passed}: {(process_time() - start) / len(wholes) * 1e6:.0f} us a candidate")
    print("rule of the wheelbase, simulated circle:", dict(Counter((rule, circle) for _, rule, circle in found)))
    for key, count in sorted(Counter((one.rule, str(one.outcome)) for verdicts, _, _ in found for one in verdicts).items()):
        print(*key, count)


if __name__ == "__main__":
    main()
