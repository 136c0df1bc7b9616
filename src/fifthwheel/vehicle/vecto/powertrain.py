"""Engine, gearbox, axle and retarder of a VECTO job: ``.veng .vfld .vmap .vgbx .vtlm .vrlm``."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.units import HOUR, RPM
from fifthwheel.vehicle.components import DriveAxle, Engine, Fuel, FuelMap, Gearbox, GearboxKind, LossMap, Retarder
from fifthwheel.vehicle.vecto.files import Document, as_number
from fifthwheel.vehicle.vecto.tables import Names, read_table

FULL_LOAD: Final = {
    "speed": ("engine speed", "n"),
    "full": ("full load torque", "Mfull", "torque full load", "full load", "full"),
    "drag": ("motoring torque", "Mdrag", "drag torque", "torque drag", "motoring", "drag"),
}
FUEL_MAP: Final = {
    "speed": ("engine speed", "n"),
    "torque": ("torque", "engine torque", "M"),
    "fuel": ("fuel consumption", "FC", "fuel"),
}
LOSS_MAP: Final = {
    "speed": ("input speed", "n", "speed"),
    "torque": ("input torque", "torque", "M"),
    "loss": ("torque loss", "loss torque", "loss"),
}
RETARDER: Final = {"speed": ("retarder speed", "n", "speed"), "loss": ("loss torque", "torque loss", "loss", "torque")}

FUELS: Final = {
    "diesel": (42.7e6, 836.0, 3.13),
    "ethanol-ci": (25.7e6, 820.0, 1.81),
    "petrol": (41.5e6, 748.0, 3.04),
    "ethanol-pi": (29.3e6, 786.0, 2.10),
    "lpg": (46.0e6, 550.0, 3.02),
    "cng": (48.0e6, 170.0, 2.69),
    "lng": (49.1e6, 430.0, 2.77),
}
"""Heating value J/kg, density as stored kg/m3, CO2 kg/kg: Regulation (EU) 2017/2400, annex III; densities of gases typical."""
FUEL_NAMES: Final = {
    "dieselci": "diesel",
    "diesel": "diesel",
    "ethanolci": "ethanol-ci",
    "petrolpi": "petrol",
    "ethanolpi": "ethanol-pi",
    "lpg": "lpg",
    "lpgpi": "lpg",
    "ng": "cng",
    "ngpi": "cng",
    "ngci": "cng",
    "cng": "cng",
    "lng": "lng",
    "lngpi": "lng",
    "lngci": "lng",
}


def engine(document: Document, *, declaration: bool, old: bool, least_idle_rpm: float = 0.0) -> Engine:
    """The engine of a ``.veng`` file.

    Parameters
    ----------
    old : VECTO 2.2, whose diesel has its own density and CO2. least_idle_rpm : the vehicle's; the higher holds.

    Raises
    ------
    InputError : a field, file or column is missing or cannot be read.
    """
    fuels = document.sections("Fuels")
    source = fuels[0] if fuels else document
    if len(fuels) > 1:
        document.notes.append(f"{document.path.name} has {len(fuels)} fuels; only the first is modelled")
    curves_file = _need(document, "FullLoadCurve")
    curves = read_table(curves_file, FULL_LOAD)
    speeds = tuple(value * RPM for value in curves["speed"])
    if len(speeds) < 2 or any(later <= earlier for earlier, later in pairwise(speeds)):
        raise InputError(f"{curves_file}: engine speeds do not rise; at least two rows with rising speed are wanted")
    table = _surface(_need(source, "FuelMap"), FUEL_MAP)
    idle = max(document.positive("IdlingSpeed", "IdleSpeed"), least_idle_rpm) * RPM
    if idle / RPM >= curves["speed"][-1]:
        raise InputError(
            f"{document.path}: IdlingSpeed is {idle / RPM:g} 1/min; one below {curves['speed'][-1]:g} 1/min is wanted"
        )
    litres = document.positive("Displacement") / 1000.0
    full = curves["full"]
    if min(full) <= 0.0 or max(curves["drag"]) > 0.0:
        raise InputError(f"{curves_file}: full-load torques above 0 and drag torques of 0 or less are wanted, Nm")
    return Engine(
        name=document.path.stem,
        source=f"VECTO engine file {document.path.name}",
        generic=False,
        fuel=fuel(source, old=old),
        displacement_m3=litres / 1000.0,
        idle_speed_radps=idle,
        launch_speed_radps=_launch_speed_radps(idle, curves["speed"], full),
        speed_radps=speeds,
        full_load_torque_nm=full,
        drag_torque_nm=tuple(0.0 - value for value in curves["drag"]),
        brake_torque_nm=(0.0,) * len(speeds),
        reference_torque_nm=max(full),
        fuel_map=FuelMap(
            speed_radps=tuple(value * RPM for value in table["speed"]),
            torque_nm=table["torque"],
            fuel_kgps=tuple(value / 1000.0 / HOUR for value in table["fuel"]),
        ),
        best_speed_radps=1.1 * min(speed for speed, torque in zip(speeds, full, strict=True) if torque >= 0.95 * max(full)),
        inertia_kgm2=1.3 + 0.41 + 0.27 * litres if declaration else document.positive("Inertia", zero=True),
    )


def _launch_speed_radps(idle_radps: float, speeds_rpm: tuple[float, ...], torques_nm: tuple[float, ...]) -> float:
    """Crank speed at which the clutch slips: VECTO 2.2, ``idle + k idle / rated (rated - idle)`` with k from 3 %."""
    grid = np.arange(np.ceil(min(speeds_rpm)), max(speeds_rpm) + 1.0)
    rated = float(grid[np.argmax(grid * np.interp(grid, speeds_rpm, torques_nm))])
    idle = idle_radps / RPM
    k = 0.03 * rated / (idle + 0.03 * (rated - idle))
    return (idle + k * idle / rated * (rated - idle)) * RPM


def fuel(document: Document, *, old: bool) -> Fuel:
    """The fuel that a ``.veng`` names; diesel where it names none.

    Raises
    ------
    InputError : a fuel that is not known.
    """
    asked = document.text("FuelType", default="") or "DieselCI"
    key = "".join(letter for letter in asked.lower() if letter.isalnum())
    if key not in FUEL_NAMES:
        raise InputError(f"{document.path}: FuelType is {asked!r}; accepted are {', '.join(sorted(set(FUEL_NAMES.values())))}")
    name = FUEL_NAMES[key]
    heat, density, carbon = FUELS[name]
    source = "Regulation (EU) 2017/2400 annex III reference fuel"
    if old and name == "diesel":
        density, carbon, source = 832.0, 3.16, "VECTO 2.2 settings; heating value of Regulation (EU) 2017/2400 annex III"
    return Fuel(name=name, source=source, lower_heating_value_jpkg=heat, density_kgpm3=density, co2_kgpkg=carbon)


def gears(document: Document, shift_s: float, kind: GearboxKind, angle_ratio: float) -> tuple[Gearbox, DriveAxle]:
    """Gearbox and axle of a ``.vgbx`` file: its first gear is the axle. `angle_ratio` of an angle drive joins the gears.

    Raises
    ------
    InputError : fewer than two gears, a ratio that is not positive, or a loss map that cannot be read.
    """
    rows = gear_rows(document)
    read: dict[Path, LossMap] = {}
    maps = tuple(_losses(row, read) for row in rows)
    _limits(document, rows[1:])
    source = f"VECTO gearbox file {document.path.name}"
    ratios = tuple(row.positive("Ratio") * angle_ratio for row in rows[1:])
    name = document.path.stem
    box = Gearbox(name=name, source=source, generic=False, kind=kind, ratios=ratios, loss_maps=maps[1:], shift_s=shift_s)
    axle = DriveAxle(name=f"{name}-axle", source=source, generic=False, ratio=rows[0].positive("Ratio"), loss_map=maps[0])
    return box, axle


def gear_rows(document: Document) -> list[Document]:
    """The entries of axle and gears; gears on the torque converter that repeat the next one's ratio are left out.

    Raises
    ------
    InputError : fewer than two entries.
    """
    rows = document.sections("Gears")
    if len(rows) < 2:
        raise InputError(f"{document.path}: Gears has {len(rows)} entries; the axle and at least one gear are wanted")
    repeated = [
        index
        for index, (row, following) in enumerate(pairwise(rows))
        if index and row.flag("TCactive", default=False) and row.number("Ratio") == following.number("Ratio")
    ]
    return [row for index, row in enumerate(rows) if index not in repeated]


def _limits(document: Document, rows: list[Document]) -> None:
    """Notes about torque and speed limits of single gears, which are not modelled."""
    limited = [
        str(index)
        for index, row in enumerate(rows, start=1)
        if any((as_number(row.fields.get(key)) or 0.0) > 0.0 for key in ("MaxTorque", "MaxSpeed"))
        or row.text("FullLoadCurve", default="").lower() not in ("", "-", "<nofile>")
    ]
    if limited:
        document.notes.append(f"{document.path.name}: own torque or speed limits of gears {', '.join(limited)} are not modelled")


def _losses(row: Document, read: dict[Path, LossMap]) -> LossMap:
    """Loss map of a stage: a file, or a constant efficiency as the plane that it is."""
    for key in ("Efficiency", "EffMap", "LossMap"):
        efficiency = as_number(row.fields.get(key))
        if efficiency is not None:
            if not 0.0 < efficiency <= 1.0:
                raise InputError(
                    f"{row.path}: {row.place}{key} is {efficiency:g}; an efficiency above 0 and up to 1, or a file, is wanted"
                )
            return constant_losses(efficiency)
    path = row.file("LossMap", "EffMap", "Efficiency")
    if path is None:
        raise InputError(f"{row.path}: {row.place}LossMap names no file; a loss map or an Efficiency is wanted")
    if path not in read:
        table = _surface(path, LOSS_MAP)
        speeds = tuple(value * RPM for value in table["speed"])
        read[path] = LossMap(speed_radps=speeds, torque_nm=table["torque"], loss_nm=table["loss"])
    return read[path]


def constant_losses(efficiency: float) -> LossMap:
    """Torque losses of a stage with constant efficiency, over input torque of either sign up to 50 kNm and 1000 rad/s."""
    torques = (-50e3, 0.0, 50e3)
    losses = (50e3 * (1.0 / efficiency - 1.0), 0.0, 50e3 * (1.0 - efficiency))
    return LossMap(speed_radps=(0.0,) * 3 + (1000.0,) * 3, torque_nm=torques * 2, loss_nm=losses * 2)


def retarder(document: Document) -> Retarder | None:
    """The retarder of a ``.vveh`` file, as drag only: VECTO does not brake with it.

    Raises
    ------
    InputError : a kind that is not known, or a loss map that cannot be read.
    """
    section = document.section("Retarder")
    asked = section.text("Type", default="None") or "None"
    kind = "".join(letter for letter in asked.lower() if letter.isalpha())
    if kind in ("none", "lossesincludedintransmission", "lossesincludedingearbox", "lossesincluded", "engineretarder"):
        return None
    primary = kind in ("primary", "primaryretarder", "transmissioninputretarder")
    if not primary and kind not in ("secondary", "secondaryretarder", "transmissionoutputretarder", "axlegearinputretarder"):
        raise InputError(f"{document.path}: Retarder.Type is {asked!r}; None, Primary, Secondary or losses included is accepted")
    path = _need(section, "File")
    table = read_table(path, RETARDER)
    return Retarder(
        name=path.stem,
        source=f"VECTO retarder file {path.name}: drag only",
        generic=False,
        peak_torque_nm=0.0,
        peak_power_w=0.0,
        primary=primary,
        ratio=section.positive("Ratio", default=1.0),
        drag_speed_radps=tuple(value * RPM for value in table["speed"]),
        drag_torque_nm=table["loss"],
    )


def _surface(path: Path, columns: Names) -> dict[str, tuple[float, ...]]:
    """A table whose first two columns span a surface: at least three rows, two speeds and two torques."""
    table = read_table(path, columns)
    speeds, torques = len(set(table["speed"])), len(set(table["torque"]))
    if len(table["speed"]) < 3 or min(speeds, torques) < 2:
        raise InputError(
            f"{path}: {speeds} speeds and {torques} torques; a map of at least three points over two of each is wanted"
        )
    return table


def _need(document: Document, key: str) -> Path:
    path = document.file(key)
    if path is None:
        raise InputError(f"{document.path}: {document.place}{key} names no file; one is wanted")
    return path
