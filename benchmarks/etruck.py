"""Measured battery tractors: parameters found on one truck predict the other's driving events with only its mass refitted.

Run ``python benchmarks/etruck.py [FOLDER] [--svg FILE]`` (default ``../shared/data/etruck``). Method and tables explained:
``docs/etruck.md``; ``etruck_events.py`` cleans the traces, ``etruck_fit.py`` fits.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from etruck_events import MILE_M, Cleaning, Event, pilot_jpm, read_events
from etruck_fit import (
    HIGH,
    LOW,
    MASS,
    NAMES,
    PRIOR,
    PRIOR_STD,
    SCALE,
    UNKNOWN,
    Emulator,
    Surroundings,
    emulator,
    errors,
    fit,
    left_out_errors,
    median_error,
    median_spread,
    own_mass_kg,
    reachable,
    refit_mass,
    resampled,
    simulated_j,
    slopes,
    vehicle,
    with_efficiency,
)
from numpy.typing import NDArray

from fifthwheel.physics.aero import mean_wind_drag_area_m2
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.road.profile import STEP_M, level
from fifthwheel.road.weather import Weather
from fifthwheel.units import KWH, TONNE
from fifthwheel.vehicle.combination import Combination

Floats = NDArray[np.float64]

FOLDER: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "etruck"
TRUCKS: Final = (1, 3)
"""Trucks whose events are in the folder; of truck 2 it has a capacity and a summary only."""
KWH_PER_MILE: Final = KWH / MILE_M
HILLS: Final = {"hills, 1 % rms": 0.01, "hills, 2 % rms": 0.02}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A truck's events predicted with the parameters of another (or, `source` being `target`, its own).

    Attributes
    ----------
    values : the source's parameters with the target's mass. errors : signed, mass refitted on all `rows`, shape (rows,).
    left_out : the same with the mass refitted on the other events only. blind : the same with the source's mass.
    """

    source: int
    target: int
    rows: tuple[int, ...]
    values: Floats
    errors: Floats
    left_out: Floats
    blind: Floats


def predict(model: Emulator, source: int, target: int, *, within_reach: bool = False) -> Prediction:
    """Fit to `source`, refit the mass to `target`; `within_reach` leaves out events that no mass explains on a level road."""
    values = fit(model, model.of(source))
    rows = model.of(target)
    if within_reach:
        rows = reachable(model, rows, values)
        values = fit(model, reachable(model, model.of(source), values))
    own = refit_mass(model, rows, values)
    return Prediction(
        source=source, target=target, rows=tuple(rows), values=own, errors=errors(model, rows, own),
        left_out=left_out_errors(model, rows, values), blind=errors(model, rows, values),
    )  # fmt: skip


def crossed(model: Emulator, *, within_reach: bool = False) -> Floats:
    """Errors of all events, each predicted with the other truck's parameters."""
    pairs = [predict(model, source, target, within_reach=within_reach) for source, target in (TRUCKS, TRUCKS[::-1])]
    return np.concatenate([pair.errors for pair in pairs])


def driven_again(model: Emulator, prediction: Prediction) -> Floats:
    """Errors of a prediction with every event driven in the simulator, shape (rows,)."""
    combination = with_efficiency(vehicle(), float(prediction.values[3]))
    events = [model.events[row] for row in prediction.rows]
    return np.array([simulated_j(combination, event, prediction.values) / event.energy_j - 1.0 for event in events])


def hilly(event: Event, slope_rms_ratio: float) -> Surroundings:
    """A road for an event with waves of slope of 400 m to 12 km, seeded by the event, that ends as high as it begins."""
    ground = level(event.distance_m + 1000.0, 45.0)
    rng = np.random.default_rng([event.truck, event.name])
    at = ground.distance_m
    waves = np.geomspace(400.0, 12_000.0, 14)
    slope = sum(np.sin(2 * np.pi * at / wave + rng.uniform(0, 2 * np.pi)) for wave in waves)
    sine = slope_rms_ratio * np.asarray(slope) / np.sqrt(len(waves) / 2)
    sine -= sine.mean()
    height = STEP_M * np.append(0.0, np.cumsum(sine[:-1]))
    return Surroundings(road=replace(ground, sine=sine, altitude_m=height - height.mean()))


def windy(combination: Combination, wind_mps: float) -> Combination:
    """The same in wind from all directions alike: more drag area, by speed."""
    speed = np.arange(1.0, 40.0)
    area = mean_wind_drag_area_m2(speed, combination.drag_area_m2, combination.crosswind, wind_mps)
    return replace(combination, drag_speed_mps=tuple(speed), drag_speed_area_m2=tuple(map(float, area)))


def variants(folder: Path, events: Sequence[Event], values: Floats) -> dict[str, Floats]:
    """Energy under another cleaning, road or weather over that of the study, by variant and event, at one set of values."""
    combination = with_efficiency(vehicle(), float(values[3]))
    base = np.array([simulated_j(combination, event, values) for event in events])
    found = {}
    cleanings = {
        "speed not smoothed": Cleaning(smoothing_s=0.0),
        "speed smoothed twice as wide": Cleaning(smoothing_s=3.5),
        "repeated rows are seconds": Cleaning(repeats_count_s=1.0),
        "pauses over 60 s off": Cleaning(parked_s=60.0),
        "pauses all switched on": Cleaning(parked_s=1e9),
    }
    for name, cleaning in cleanings.items():
        found[name] = np.array([simulated_j(combination, event, values) for event in read_events(folder, cleaning)]) / base
    for name, rms in HILLS.items():
        found[name] = np.array([simulated_j(combination, event, values, hilly(event, rms)) for event in events]) / base
    wind = windy(combination, 4.0)
    found["wind 4 m/s, all directions"] = np.array([simulated_j(wind, event, values) for event in events]) / base
    for name, kelvin in {"air at 5 C": 278.15, "air at 35 C": 308.15}.items():
        weather = replace(UNKNOWN, weather=Weather(temperature_k=kelvin))
        found[name] = np.array([simulated_j(combination, event, values, weather) for event in events]) / base
    return found


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print aligned columns."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    print(f"\n{title}")
    for row in cells:
        print("  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)))


def percent(ratio: float) -> str:
    """A signed or unsigned share in per cent."""
    return f"{100 * ratio:.1f}"


def show_events(model: Emulator, values: Floats) -> None:
    """What was measured, how sure it is, and the mass that would explain it."""
    rows = []
    for row, event in enumerate(model.events):
        mass = own_mass_kg(model, row, values)
        rows.append([
            f"{event.truck}/{event.name}", f"{event.distance_m / 1e3:.0f}",
            f"{3.6 * event.distance_m / len(event.speed_mps):.0f}",
            f"{event.published_m / event.distance_m - 1:.1%}", event.repeated_rows, f"{event.gaps_moving_s:.0f}",
            f"{event.parked_s / 60:.0f}", f"{event.energy_j / KWH:.1f}", f"{event.energy_std_j / event.energy_j:.3%}",
            f"{event.capacity_std_ratio:.2%}", f"{event.published_jpm / KWH_PER_MILE:.3f}",
            f"{event.measured_jpm / KWH_PER_MILE:.3f}",
            f"{event.straightness_m / MILE_M:.1f}", "none" if np.isnan(mass) else f"{mass / TONNE:.1f}",
        ])  # fmt: skip
    heads = [
        "event", "km", "km/h", "published km", "repeats", "gap s", "parked min", "kWh", "step", "capacity", "kWh/mi publ.",
        "kWh/mi", "crooked mi", "own t",
    ]  # fmt: skip
    table("Events: cleaned distance, mean speed, energy with its uncertainty, and the mass that explains it", heads, rows)


def show_matrix(model: Emulator, rng: np.random.Generator) -> None:
    """Median absolute errors, both directions, all events and those within reach."""
    for within_reach in (False, True):
        rows = []
        for source in TRUCKS:
            for target in TRUCKS:
                found = predict(model, source, target, within_reach=within_reach)
                low, high = median_spread(found.errors, rng)
                rows.append([
                    source, target, len(found.rows), f"{found.values[MASS] / TONNE:.1f}", percent(median_error(found.errors)),
                    f"{percent(low)}-{percent(high)}", percent(float(found.errors.mean())), percent(median_error(found.left_out)),
                    percent(median_error(found.blind)), percent(float(np.median(found.blind))),
                    " ".join(f"{100 * error:+.1f}" for error in found.errors),
                ])  # fmt: skip
        title = "events that a legal mass explains on a level road" if within_reach else "all events"
        heads = ["from", "to", "n", "mass t", "median %", "90 %", "bias %", "left out %", "blind %", "blind bias %", "errors %"]
        table(f"Predictions, {title}", heads, rows)
        pooled = crossed(model, within_reach=within_reach)
        low, high = median_spread(pooled, rng)
        print(f"  crossed, {len(pooled)} events: median {percent(median_error(pooled))} % ({percent(low)} to {percent(high)})")


def show_constant(model: Emulator) -> None:
    """What a plain kWh per mile does, without any physics."""
    rows = []
    for target in TRUCKS:
        own = np.array([model.events[row].measured_jpm for row in model.of(target)])
        other = np.array([model.events[row].measured_jpm for row in model.of(sum(TRUCKS) - target)])
        left_out = [np.median(np.delete(own, row)) / own[row] - 1.0 for row in range(len(own))]
        rows.append([target, *(percent(median_error(np.asarray(error))) for error in
                               (np.median(own) / own - 1.0, left_out, np.median(other) / own - 1.0))])  # fmt: skip
    table(
        "Without physics: a median kWh/mile for all, median absolute error %", ["to", "own", "own, left out", "the other's"], rows
    )


def show_parameters(model: Emulator, rng: np.random.Generator) -> None:
    """Values by truck with their spread, and how many combinations the events fix."""
    for truck in TRUCKS:
        values = fit(model, model.of(truck))
        low, high = np.quantile(resampled(model, model.of(truck), rng, 200), [0.05, 0.95], axis=0)
        slope = slopes(model, model.of(truck), values)
        _, sizes, directions = np.linalg.svd(slope)
        left = np.sqrt(np.diag(np.linalg.inv(np.eye(5) + slope.T @ slope)))
        shown = [SCALE * array for array in (PRIOR, PRIOR_STD, LOW, HIGH, values, low, high)]
        rows = [[name, *(f"{array[index]:.2f}" for array in shown), f"{left[index]:.2f}", f"{directions[0][index]:+.2f}"]
                for index, name in enumerate(NAMES)]  # fmt: skip
        heads = ["value", "prior", "+-", "least", "most", "found", "5 %", "95 %", "left of prior", "what is fixed"]
        table(f"Values of truck {truck}", heads, rows)
        print("  information in the five directions (above 1: more than the prior):", *(f"{size:.2f}" for size in sizes))


def show_variants(folder: Path, model: Emulator) -> None:
    """The study under other cleanings, roads, weathers and priors."""
    values = fit(model, model.of(TRUCKS[-1]))
    rows = []
    for name, ratio in {"as it is": np.ones(len(model.events)), **variants(folder, model.events, values)}.items():
        other = replace(model, factor_ratio=ratio)
        rows.append([name, percent(float(ratio.mean()) - 1.0), *_variant(other, PRIOR)])
    priors = {
        "prior: maker's drag 3.85 m2": (3.85, 0.0056, 5e3), "prior: default study 3.22 m2, 7 kg/t, 10 kW": (3.22, 0.007, 10e3),
        "prior: plain van 5.6 m2, 5 kg/t": (5.6, 0.005, 5e3),
    }  # fmt: skip
    for name, (area, rolling, power) in priors.items():
        rows.append([name, "", *_variant(model, np.array([area, rolling, power, *PRIOR[3:]]))])
    heads = ["variant", "energy %", "t of 1", "t of 3", "3 to 1 %", "3 to 1 in reach %", "1 to 3 %"]
    table("Sensitivity", heads, rows)


def _variant(model: Emulator, prior: Floats) -> list[str]:
    values = {truck: fit(model, model.of(truck), prior) for truck in TRUCKS}
    reach = reachable(model, model.of(1), values[3])
    pairs = [(3, model.of(1)), (3, reach), (1, model.of(3))]
    fits = [refit_mass(model, rows, values[source]) for source, rows in pairs]
    medians = [percent(median_error(errors(model, rows, own))) for (_, rows), own in zip(pairs, fits, strict=True)]
    return [f"{fits[0][MASS] / TONNE:.1f}", f"{fits[2][MASS] / TONNE:.1f}", *medians]


def show_blind(folder: Path, model: Emulator) -> None:
    """Truck 2, of which only the pilot's summary is known: predicted over the others' traces with the mean of their masses."""
    values = {truck: fit(model, model.of(truck)) for truck in TRUCKS}
    mean = np.mean([refit_mass(model, model.of(truck), values[truck])[MASS] for truck in TRUCKS])
    central, low, high = (one / KWH_PER_MILE for one in pilot_jpm(folder)[2])
    rows = []
    for truck in TRUCKS:
        own = np.append(values[truck][:MASS], mean)
        every = list(range(len(model.events)))
        energy = np.exp(model.log_error(every, own)) * [event.measured_jpm / KWH_PER_MILE for event in model.events]
        rows.append([truck, f"{mean / TONNE:.1f}", f"{np.median(energy):.2f}", f"{energy.min():.2f}-{energy.max():.2f}",
                     f"{central:.1f} ({low:.1f}-{high:.1f})", percent(float(np.median(energy)) / central - 1.0)])  # fmt: skip
    heads = ["from", "mass t", "kWh/mi", "over 17 traces", "pilot's summary", "off %"]
    table("Truck 2, blind, on the other trucks' traces", heads, rows)


def show_climb(model: Emulator, values: Floats) -> None:
    """What height would explain the events that no mass does."""
    for row in set(range(len(model.events))) - set(reachable(model, list(range(len(model.events))), values)):
        event = model.events[row]
        print(f"\nEvent {event.truck}/{event.name} took more than any mass explains on a level road; a higher end would:")
        for mass in (values[MASS], HIGH[MASS]):
            short = event.energy_j * -float(errors(model, [row], np.append(values[:MASS], mass))[0])
            height = 0.9 * short / (mass * GRAVITY)
            print(f"  at {mass / TONNE:.1f} t: {short / KWH:.0f} kWh beyond the prediction, as {height:.0f} m would take")


def svg(model: Emulator) -> str:
    """Predicted over measured kWh/mile, each event with the other truck's parameters."""
    low, high, size = 1.4, 3.4, 420.0

    def x(value: float) -> float:
        return 50.0 + (value - low) / (high - low) * (size - 70.0)

    def y(value: float) -> float:
        return size - x(value)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size:.0f} {size:.0f}" font-family="sans-serif" font-size="12">',
        f'<rect width="{size:.0f}" height="{size:.0f}" fill="white"/>',
        f'<path d="M50 20V{size - 50:.0f}H{size - 20:.0f}" fill="none" stroke="black"/>',
    ]
    for share, dash in ((1.0, "none"), (0.94, "4 4"), (1.06, "4 4")):
        top = min(high, high / share)
        line = f"M{x(low):.1f} {y(low * share):.1f}L{x(top):.1f} {y(top * share):.1f}"
        parts.append(f'<path d="{line}" stroke="#888" stroke-dasharray="{dash}"/>')
    for tick in np.arange(1.5, 3.4, 0.5):
        parts.append(f'<text x="{x(tick):.1f}" y="{size - 34:.0f}" text-anchor="middle">{tick:.1f}</text>')
        parts.append(f'<text x="44" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:.1f}</text>')
    for source, target, colour in ((3, 1, "#c0392b"), (1, 3, "#1f618d")):
        found = predict(model, source, target)
        for row, error in zip(found.rows, found.errors, strict=True):
            value = model.events[row].measured_jpm / KWH_PER_MILE
            parts.append(
                f'<circle cx="{x(value):.1f}" cy="{y(value * (1 + error)):.1f}" r="4" fill="{colour}" fill-opacity="0.7"/>'
            )
        where = 40 + 18 * source
        parts.append(f'<text x="70" y="{where}" fill="{colour}">truck {target} by the values of truck {source}</text>')
    parts.append(f'<text x="{size / 2:.0f}" y="{size - 12:.0f}" text-anchor="middle">measured kWh/mile (dashed: 6 %)</text>')
    parts.append(
        f'<text transform="translate(14 {size / 2:.0f}) rotate(-90)" text-anchor="middle">predicted kWh/mile</text></svg>'
    )
    return "\n".join(parts) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Run the whole study and print its tables."""
    plain = [one for at, one in enumerate(arguments) if one != "--svg" and (at == 0 or arguments[at - 1] != "--svg")]
    folder = Path(plain[0]) if plain else FOLDER
    start = time.perf_counter()
    rng = np.random.default_rng(20)
    model = emulator(read_events(folder))
    print(f"{len(model.events)} events; quadratic within {model.miss_ratio:.2%} of the simulator at points it has not seen")
    values = fit(model, model.of(TRUCKS[-1]))
    show_events(model, values)
    show_parameters(model, rng)
    show_matrix(model, rng)
    show_constant(model)
    show_blind(folder, model)
    show_climb(model, values)
    show_variants(folder, model)
    for source, target in (TRUCKS, TRUCKS[::-1]):
        found = predict(model, source, target)
        off = np.abs(driven_again(model, found) - found.errors).max()
        print(f"\ndriven again in the simulator, {source} to {target}: errors differ by {off:.2%} at most", end="")
    if "--svg" in arguments:
        Path(arguments[list(arguments).index("--svg") + 1]).write_text(svg(model), encoding="utf-8")
    print(f"\n{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main(sys.argv[1:])
