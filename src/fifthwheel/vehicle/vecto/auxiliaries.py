"""Auxiliaries of a VECTO job as mean powers at the crank: by technology and mission, or from the job's own files."""

from __future__ import annotations

from typing import Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.components import Auxiliary
from fifthwheel.vehicle.vecto.declaration import Standard, by_mission, tables
from fifthwheel.vehicle.vecto.files import NO_FILE, Document, as_number, read_text

KINDS: Final = {
    "fan": ("fan",),
    "steering-pump": ("stp", "steeringpump"),
    "hvac": ("ac", "hvac"),
    "electric-system": ("es", "electricsystem"),
    "pneumatic-system": ("ps", "pneumaticsystem"),
}
"""The declared consumers, with what ``ID`` or ``Type`` call them."""
DEFAULTS: Final = {"fan": "Crankshaft mounted - Electronically controlled visco clutch", "steering-pump": "Fixed displacement"}
BLANK: Final = {"", "default", "none", "standard technology", "custom technology list"}


def declared(job: Document, standard: Standard) -> tuple[Auxiliary, ...]:
    """Mean powers of the five declared consumers for a class and mission.

    Raises
    ------
    InputError : a consumer is missing. UnknownName : a technology that the tables do not have.
    """
    listed: dict[str, list[str]] = {}
    for entry in job.sections("Aux"):
        kind = _kind(entry)
        if kind:
            listed[kind] = _technologies(entry)
        else:
            job.notes.append(f"auxiliary {entry.text('ID', 'Type', default='?')!r} is none of the declared ones and was left out")
    missing = [kind for kind in KINDS if kind not in listed]
    if missing:
        raise InputError(f"{job.path}: Aux lacks {', '.join(missing)}; declaration mode wants {', '.join(KINDS)}")
    names, mission, data = listed, standard.mission, tables()
    powers = {
        "fan": by_mission(data["fan_w"][_known(job, "fan", names["fan"], data["fan_w"])], mission),
        "steering-pump": _steering_w(job, names["steering-pump"], standard),
        "hvac": by_mission(data["hvac_w"].get(standard.class_name, [0.0] * 5), mission),
        "electric-system": _electric_w(job, names["electric-system"], mission),
        "pneumatic-system": by_mission(data["pneumatic_w"].get(standard.class_name, [0.0] * 5), mission),
    }
    for kind in ("hvac", "pneumatic-system"):
        if powers[kind] == 0.0:
            job.notes.append(f"{kind}: the declaration data give 0 W for class {standard.class_name} on {mission}")
        if any(name.lower() not in BLANK for name in names[kind]):
            job.notes.append(f"{kind}: {', '.join(names[kind])} has no figure of its own; the power of the class was taken")
    source = f"{data['source']}, class {standard.class_name}, {mission}"
    return tuple(Auxiliary(name=kind, source=source, power_w=power) for kind, power in powers.items())


def _kind(entry: Document) -> str:
    words = {"".join(letter for letter in entry.text(key, default="").lower() if letter.isalpha()) for key in ("ID", "Type")}
    return next((kind for kind, spellings in KINDS.items() if words & set(spellings)), "")


def _technologies(entry: Document) -> list[str]:
    """What an entry names, as text or as a list, with what the list of VECTO 2.2 adds."""
    named: list[str] = []
    for key in ("Technology", "TechList"):
        value = entry.fields.get(key) or []
        named += [str(item).strip() for item in value] if isinstance(value, list) else [str(value).strip()]
    return named


def _known(job: Document, kind: str, names: list[str], table: dict[str, list[float]]) -> str:
    """The first technology named, as the tables spell it."""
    given = [name for name in names if name.lower() not in BLANK]
    if len(given) > 1:
        job.notes.append(f"{kind}: of {', '.join(given)} only the first is modelled")
    asked = (given[0] if given else DEFAULTS[kind]).replace(" (Default)", "")
    spelled = {name.lower(): name for name in table}
    if asked.lower() in spelled:
        return spelled[asked.lower()]
    nearest: dict[str, str] = tables()["nearest"]
    if asked in nearest and nearest[asked] in table:
        job.notes.append(f"{kind}: {asked!r} is of a later VECTO; {nearest[asked]!r} of VECTO 2.2's tables was taken")
        return nearest[asked]
    raise UnknownName(f"{kind} technology ({job.path.name})", asked, table)


def _steering_w(job: Document, names: list[str], standard: Standard) -> float:
    scales = tables()["steering_scale_ratio"]
    scale = scales[_known(job, "steering-pump", names, scales)]
    shares = tables()["steering_w"].get(standard.class_name, [[0.0] * 4] * 5)[tables()["missions"].index(standard.mission)]
    return float(sum(factor * share for factor, share in zip(scale, shares, strict=True)))


def _electric_w(job: Document, names: list[str], mission: str) -> float:
    power = by_mission(tables()["electric_w"]["baseline"], mission)
    for name in names:
        if "led" in name.lower():
            power += by_mission(tables()["electric_w"]["led"], mission)
        elif name.lower() not in BLANK:
            job.notes.append(f"electric-system: {name!r} has no figure in VECTO 2.2's tables; the baseline was taken")
    return power / by_mission(tables()["alternator"]["efficiency_ratio"], mission)


def listed(job: Document) -> tuple[Auxiliary, ...]:
    """Consumers of an engineering job: constant powers, and ``.vaux`` files at their least supply.

    Raises
    ------
    InputError : a file that cannot be read.
    """
    found = []
    for key, share in (("Padd", 1.0), ("Padd_electric", 0.7)):
        power = job.number(key, default=0.0)
        if power:
            found.append(
                Auxiliary(
                    name=key.lower().replace("_", "-"), source=f"{job.path.name}: {key}", generic=False, power_w=power / share
                )
            )
    if job.number("Padd_electric", default=0.0):
        job.notes.append("Padd_electric is counted at the crank through an alternator of 70 %")
    for entry in job.sections("Aux"):
        name = entry.text("ID", "Type", default="auxiliary").lower()
        constant = entry.number("ConstantPower", "Power", default=0.0)
        named = entry.text("Path", "AuxFile", default="").lower() not in NO_FILE
        if named:
            constant += _least_w(entry, name)
        elif not constant:
            job.notes.append(f"auxiliary {name!r} names neither a file nor a power; it counts nothing")
            continue
        found.append(Auxiliary(name=name, source=f"{job.path.name}: Aux", generic=False, power_w=constant))
    return tuple(found)


def _least_w(entry: Document, name: str) -> float:
    """Mean mechanical power of a ``.vaux`` map at its least supply, at the engine: supply over the cycle is not modelled."""
    path = entry.file("Path", "AuxFile")
    assert path is not None, "asked for only where a file is named"
    rows = []
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        cells = [as_number(cell.strip()) for cell in text.rstrip(", \t").split(",")]
        numbers = [cell for cell in cells if cell is not None]
        if len(numbers) == len(cells):
            rows.append((line, numbers))
    constants = [numbers[0] for _, numbers in rows if len(numbers) == 1]
    table = [numbers for _, numbers in rows if len(numbers) == 3]
    if len(constants) != 3 or not table or constants[1] <= 0.0:
        raise InputError(
            f"{path}: {len(constants)} lines with one value and {len(table)} with three; transmission ratio, efficiency to "
            "engine, efficiency to supply, then rows of speed, mechanical power (kW), supply power (kW) are wanted"
        )
    least = min(row[2] for row in table)
    powers = [row[1] for row in table if row[2] == least]
    entry.notes.append(
        f"auxiliary {name!r}: its supply over the cycle is not modelled; mean power at {least:g} kW supply was taken"
    )
    return 1000.0 * sum(powers) / len(powers) / constants[1]
