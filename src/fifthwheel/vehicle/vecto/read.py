"""`read_job`: a ``.vecto`` file with all that it names, as a `Job`; declaration mode is completed from the declaration tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.units import TONNE
from fifthwheel.vehicle.combination import Combination, Drive, Unit, UnitKind
from fifthwheel.vehicle.components import Auxiliary, AxleGroup
from fifthwheel.vehicle.vecto import auxiliaries, chassis, declaration, driving, powertrain
from fifthwheel.vehicle.vecto.chassis import Drag
from fifthwheel.vehicle.vecto.files import Document, read_document
from fifthwheel.vehicle.vecto.job import Job

MISSION_TITLES: Final = {
    "long-haul": ("long haul", "长途运输"),
    "regional-delivery": ("regional delivery", "区域配送"),
    "urban-delivery": ("urban delivery", "城市配送"),
    "municipal-utility": ("municipal utility", "市政作业"),
    "construction": ("construction", "工程运输"),
    "": ("engineering mode", "工程模式"),
}
TRAILER_DRAG_RATIO: Final = {"tractor": 0.42, "rigid": 0.30}
"""The trailer's share of drag: an assumption, VECTO has one CdA for the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """What declaration and engineering mode fill in differently."""

    mission: str
    own_kg: float
    trailer_kg: float
    gross_kg: float
    payload_kg: float
    axles: tuple[AxleGroup, ...]
    trailer_axles: tuple[AxleGroup, ...]
    drag: Drag
    consumers: tuple[Auxiliary, ...]


def mission_of(path: Path) -> str:
    """The mission that a cycle file's name tells, e.g. ``long-haul`` of ``LongHaul_1m.vdri``; empty if none."""
    return _mission_named(path.name)


def _mission_named(name: str) -> str:
    letters = "".join(letter for letter in name.lower() if letter.isalpha())
    heads = {"longhaul": "long-haul", "regional": "regional-delivery", "urbandelivery": "urban-delivery"}
    heads |= {"municipal": "municipal-utility", "construction": "construction"}
    return next((slug for head, slug in heads.items() if letters.startswith(head)), "")


def read_job(path: Path, *, mission: str = "") -> Job:
    """A VECTO job (files of 2.2 and 3.x) with vehicle, engine, gearbox and all tables that they name.

    Parameters
    ----------
    mission : for declaration mode: ``long-haul``, ``regional-delivery``, ``urban-delivery``, ``municipal-utility`` or
        ``construction``; may be empty where the job has one cycle. Engineering mode does not use it.

    Raises
    ------
    InputError : a file, field, column or name that cannot be read or is not accepted; a class without declaration data.
    """
    notes: list[str] = []
    job = read_document(path, notes)
    if job.flag("EngineOnlyMode", default=False):
        raise InputError(f"{path}: EngineOnlyMode is on; jobs with a vehicle and a gearbox are read")
    vehicle, engine_file, gearbox = (_part(job, key) for key in ("VehicleFile", "EngineFile", "GearboxFile"))
    declared = job.flag("SavedInDeclMode", default=vehicle.flag("SavedInDeclMode", default=False))
    asked = _mission(job, mission) if declared else ""
    version = job.app or vehicle.app or "2.2"
    old = re.sub(r"^\D*", "", version).startswith(("1", "2"))
    kind, build = driving.kinds(gearbox)
    shift = driving.shifting(gearbox, kind, declaration=declared)
    engine = powertrain.engine(
        engine_file, declaration=declared, old=old, least_idle_rpm=vehicle.number("IdlingSpeed", default=0.0)
    )
    box, axle = powertrain.gears(gearbox, shift.traction_interruption_s, build, _angle_ratio(vehicle))
    drive = Drive(
        name=path.stem,
        source=f"VECTO job file {path.name}",
        generic=False,
        engine=engine,
        gearbox=box,
        axle=axle,
        retarder=powertrain.retarder(vehicle),
        start_stop=_start_stop(job, vehicle),
    )
    filled = _declared(job, vehicle, asked) if declared else _stated(job, vehicle)
    _unmodelled(job, vehicle)
    return Job(
        combination=_combination(path, vehicle, drive, filled),
        mission=asked,
        declaration=declared,
        reference_payload_kg=filled.payload_kg,
        fuel_factor_ratio=_fuel_factor(engine_file, asked, declared=declared),
        gearbox_inertia_kgm2=0.0 if declared else gearbox.number("Inertia", default=0.0),
        driver=driving.driver(job, declared=declared),
        shifting=shift,
        version=version,
        warnings=tuple(dict.fromkeys(notes)),
    )


def read_job_for(path: Path, cycle: Path, *, mission: str = "") -> Job:
    """The job made ready for a cycle: for `mission` if given, else for the mission that the name of `cycle` tells.

    Where that tells none, or one that the truck's class does not drive, the vehicle is that of the class's regional delivery or
    long haul, with a warning: any cycle may be driven by any job.

    Raises
    ------
    InputError : as `read_job`.
    """
    told = mission or mission_of(cycle)
    try:
        return read_job(path, mission=told)
    except InputError as refused:
        for other in () if mission else ("regional-delivery", "long-haul", *declaration.missions()):
            try:
                job = read_job(path, mission=other)
            except InputError:
                continue
            note = f"{cycle.name} on the vehicle, load and consumers of {other}: {refused}"
            return replace(job, warnings=(note, *job.warnings))
        raise


def _part(job: Document, key: str) -> Document:
    path = job.file(key)
    if path is None:
        raise InputError(f"{job.path}: {key} names no file; one is wanted")
    return read_document(path, job.notes)


def _mission(job: Document, mission: str) -> str:
    """The mission asked for, or the only one of the job."""
    if mission:
        if mission not in declaration.missions():
            raise InputError(f"mission {mission!r}; VECTO's are {', '.join(declaration.missions())}")
        return mission
    listed = job.fields.get("Cycles") or []
    cycles = [str(name) for name in (listed if isinstance(listed, list) else [listed])]
    named = sorted({slug for slug in (_mission_named(name.replace("\\", "/").rsplit("/", 1)[-1]) for name in cycles) if slug})
    if len(named) != 1:
        raise InputError(f"{job.path}: declaration mode with the cycles {', '.join(cycles) or 'none'}; a mission must be chosen")
    return named[0]


def _angle_ratio(vehicle: Document) -> float:
    section = vehicle.section("Angledrive")
    kind = vehicle.text("AngledriveType", default=section.text("Type", default="None")) or "None"
    if "separate" not in kind.lower():
        return 1.0
    vehicle.notes.append("angle drive: its ratio is modelled, its own losses are not")
    return section.positive("Ratio", default=1.0)


def _fuel_factor(engine: Document, mission: str, *, declared: bool) -> float:
    """Correction of the map's fuel: WHTC by mission and the further factors of VECTO 3.x; in engineering mode the file's own."""
    fuels = engine.sections("Fuels")
    source = fuels[0] if fuels else engine
    if not declared:
        return source.number("WHTC-Engineering", default=1.0) or 1.0
    factor = declaration.fuel_factor_ratio(mission, *(source.positive(f"WHTC-{part}") for part in ("Urban", "Rural", "Motorway")))
    for key in ("ColdHotBalancingFactor", "ColdHotBalancing", "CFRegPer", "CFNCV"):
        factor *= source.number(key, default=1.0) or 1.0
    return factor


def _declared(job: Document, vehicle: Document, mission: str) -> _Build:
    """Masses, axles, drag and consumers that the declaration fixes for class and mission."""
    kind = chassis.category(vehicle)
    truck_kg = vehicle.positive("MassMax") * TONNE
    standard = declaration.standard(kind, chassis.axle_code(vehicle), truck_kg, mission)
    gross = declaration.gross_kg(kind, truck_kg, trailer=bool(standard.trailer_axles))
    curb = vehicle.positive("CurbWeight")
    most = gross - curb - standard.extra_kg
    if most <= 0.0:
        raise InputError(
            f"{vehicle.path}: CurbWeight {curb:g} kg and {standard.extra_kg:g} kg of body or trailer "
            f"exceed the gross mass of {gross:g} kg"
        )
    axles, trailer = chassis.declared_axles(vehicle, standard, gross)
    towing = bool(standard.trailer_axles)
    return _Build(
        mission=mission,
        own_kg=curb + standard.body_kg,
        trailer_kg=standard.extra_kg - standard.body_kg,
        gross_kg=gross,
        payload_kg=declaration.reference_payload_kg(standard, truck_kg, most),
        axles=axles,
        trailer_axles=trailer,
        drag=chassis.declared_drag(chassis.still_area_m2(vehicle, solo=not towing), standard.body),
        consumers=auxiliaries.declared(job, standard),
    )


def _stated(job: Document, vehicle: Document) -> _Build:
    """Masses, axles, drag and consumers as the files of an engineering job state them."""
    curb, extra = vehicle.positive("CurbWeight"), vehicle.positive("CurbWeightExtra", default=0.0, zero=True)
    loading = vehicle.positive("Loading", default=0.0, zero=True)
    kind, towing = chassis.category(vehicle), bool(chassis.stated_rows(vehicle)[1])
    permitted = declaration.gross_kg(kind, vehicle.positive("MassMax", default=0.0, zero=True) * TONNE, trailer=towing)
    gross = max(permitted, curb + extra + loading)
    axles, trailer = chassis.stated_axles(vehicle, gross)
    towed = "tractor-semitrailer" if kind == "tractor" else "rigid-trailer"
    return _Build(
        mission="",
        own_kg=curb if trailer else curb + extra,
        trailer_kg=extra if trailer else 0.0,
        gross_kg=gross,
        payload_kg=loading,
        axles=axles,
        trailer_axles=trailer,
        drag=chassis.stated_drag(vehicle, towed if trailer or kind == "tractor" else "rigid-solo"),
        consumers=auxiliaries.listed(job),
    )


def _start_stop(job: Document, vehicle: Document) -> bool:
    assistance = vehicle.section("ADAS").flag("EngineStopStart", default=False)
    return assistance or job.section("StartStop").flag("Enabled", default=False)


def _unmodelled(job: Document, vehicle: Document) -> None:
    """Notes on what the files switch on and no rule here models."""
    if _start_stop(job, vehicle):
        job.notes.append("start/stop: VECTO's later correction of fuel for it is not modelled")
    assistance = vehicle.section("ADAS")
    for key, words in (("EcoRoll", "eco-roll of the vehicle"), ("PredictiveCruiseControl", "predictive cruise control")):
        if assistance.text(key, default="None").lower() not in ("", "none", "false"):
            job.notes.append(f"{words}: not modelled")
    if any(vehicle.fields.get(key) for key in ("ElectricMotors", "ElectricMachines", "Batteries", "Battery")):
        job.notes.append("electric machines and batteries of the vehicle file: not modelled; it drives on its engine alone")
    power_take_off = vehicle.section("PTO").text("Type", default="None")
    if power_take_off.lower() not in ("", "none"):
        job.notes.append(f"power take-off {power_take_off!r}: not modelled")
    if vehicle.fields.get("TorqueLimits"):
        job.notes.append("torque limits by gear of the vehicle file: not modelled")
    if job.text("AuxiliaryAssembly", default="Classic").lower() not in ("", "classic"):
        job.notes.append("advanced auxiliaries: not modelled; only those listed in Aux and constant powers count")


def _combination(path: Path, vehicle: Document, drive: Drive, filled: _Build) -> Combination:
    kind = UnitKind.TRACTOR if chassis.category(vehicle) == "tractor" else UnitKind.RIGID
    words_en, words_zh = MISSION_TITLES[filled.mission]
    source = f"VECTO vehicle file {vehicle.path.name}; sizes and axle positions typical"
    truck = Unit(
        name=f"{path.stem}-{kind.value}",
        source=source,
        generic=False,
        kind=kind,
        title_en=f"{path.stem} ({kind.value})",
        title_zh=f"{path.stem}（{'牵引车' if kind is UnitKind.TRACTOR else '载货车'}）",
        tare_kg=filled.own_kg,
        length_m=max(group.positions_m[-1] for group in filled.axles) + 1.0,
        height_m=4.0,
        axles=filled.axles,
        coupling_m=filled.axles[-1].positions_m[-1] - (0.6 if kind is UnitKind.TRACTOR else -1.0),
        drive=drive,
        auxiliaries=filled.consumers,
    )
    trailer = _trailer(path, source, filled) if filled.trailer_axles else None
    return Combination(
        name=path.stem,
        source=f"VECTO job file {path.name}; share of drag on the trailer assumed",
        generic=False,
        title_en=f"{path.stem}, {words_en}",
        title_zh=f"{path.stem}，{words_zh}",
        tractor=truck,
        trailer=trailer,
        drag_area_m2=filled.drag.area_m2,
        trailer_drag_ratio=TRAILER_DRAG_RATIO["tractor" if kind is UnitKind.TRACTOR else "rigid"] if trailer else 0.0,
        crosswind=filled.drag.crosswind,
        gross_mass_kg=filled.gross_kg,
        drag_speed_mps=filled.drag.speed_mps,
        drag_speed_area_m2=filled.drag.speed_area_m2,
    )


def _trailer(path: Path, source: str, filled: _Build) -> Unit:
    return Unit(
        name=f"{path.stem}-trailer",
        source=f"{declaration.tables()['source']}: standard trailer; sizes typical" if filled.mission else source,
        generic=bool(filled.mission),
        kind=UnitKind.TRAILER,
        title_en="VECTO trailer",
        title_zh="VECTO 挂车",
        tare_kg=filled.trailer_kg,
        length_m=13.6,
        height_m=4.0,
        axles=filled.trailer_axles,
        coupling_m=1.6,
    )
