"""Axles, masses and drag of a VECTO vehicle file (``.vveh``), completed to tractor and trailer.

Sizes and axle positions are not in VECTO's files: those here are typical (`LAYOUT`), and no result of VECTO depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.units import KMH
from fifthwheel.vehicle.components import AxleGroup, Tyre
from fifthwheel.vehicle.vecto import declaration
from fifthwheel.vehicle.vecto.declaration import Standard
from fifthwheel.vehicle.vecto.files import Document
from fifthwheel.vehicle.vecto.tables import read_table

PRESSURE_PA: Final = 9e5
"""Typical cold pressure; VECTO has none."""
LAYOUT: Final = {"2": (1.4, 5.1), "3": (1.4, 5.1, 6.45), "4": (1.4, 3.3, 7.0, 8.35)}
"""Typical positions of a truck's axles from its front, m, by their number."""
YAW_FIT_DEG: Final = 30.0
"""Yaw angles on the road are smaller; tables go on to 180 degrees."""
TRAILER_FIRST_M: Final = 8.0
TRAILER_STEP_M: Final = 1.31


@dataclass(frozen=True, slots=True, kw_only=True)
class Drag:
    """CdA without wind; over speed where a declared wind or a correction is in it; and its growth with yaw."""

    area_m2: float
    speed_mps: tuple[float, ...] = ()
    speed_area_m2: tuple[float, ...] = ()
    crosswind: tuple[float, float, float] = (0.0, 0.0, 0.0)


def category(vehicle: Document) -> str:
    """``rigid``, ``tractor`` or the file's own word in lower case (buses, which no standard is kept for)."""
    word = "".join(letter for letter in vehicle.text("VehCat").lower() if letter.isalpha())
    return {"rigidtruck": "rigid", "rigidlorry": "rigid", "rigid": "rigid", "tractor": "tractor"}.get(word, word)


def axle_code(vehicle: Document) -> str:
    """Axle configuration, e.g. ``4x2``.

    Raises
    ------
    InputError : not of that form.
    """
    asked = vehicle.section("AxleConfig").text("Type").lower().removeprefix("axleconfig_").strip()
    wheels, cross, driven = asked[:3].partition("x")
    if not (wheels.isdigit() and cross and driven.isdigit() and int(wheels) >= 4):
        raise InputError(f"{vehicle.path}: AxleConfig.Type is {asked!r}; a configuration such as 4x2, 6x2 or 8x4 is wanted")
    return asked[:3]


def declared_axles(vehicle: Document, standard: Standard, gross_kg: float) -> tuple[tuple[AxleGroup, ...], tuple[AxleGroup, ...]]:
    """Axle groups of truck and trailer with the shares, tyre inertias and radius that the declaration fixes.

    Raises
    ------
    InputError : the number of axles does not fit the class, or a tyre is unknown.
    """
    rows = vehicle.section("AxleConfig").sections("Axles")
    rows = [row for row in rows if row.text("Type", default="").lower() != "trailer"]
    if len(rows) != len(standard.axle_ratio):
        raise InputError(
            f"{vehicle.path}: AxleConfig.Axles has {len(rows)} axles; class {standard.class_name} has {len(standard.axle_ratio)}"
        )
    rim = vehicle.text("Rim", default="5° DC Rims")
    if rim in ("", "-"):
        rim = "5° DC Rims"
    radius = declaration.rolling_radius_m(rows[1].text("Wheels", "Dimension"), rim)
    truck = _truck_groups(vehicle, rows, standard.axle_ratio, radius, gross_kg)
    if not standard.trailer_axles:
        return truck, ()
    data: dict[str, Any] = declaration.tables()["trailer"]
    tyre = Tyre(
        name=data["tyre"],
        source=f"{declaration.tables()['source']}: standard trailer; pressure typical",
        radius_m=declaration.rolling_radius_m(data["tyre"], "5° DC Rims"),
        inertia_kgm2=declaration.tyre(data["tyre"])["inertia_kgm2"],
        rolling_resistance_ratio=data["rolling_resistance_ratio"],
        iso_load_n=data["iso_load_n"],
        pressure_pa=PRESSURE_PA,
    )
    group = AxleGroup(
        positions_m=_trailer_positions(standard.trailer_axles),
        load_limit_kg=standard.trailer_ratio * gross_kg,
        tyres_count=data["tyres_count"],
        tyre=tyre,
        load_share_ratio=standard.trailer_ratio,
    )
    return truck, (group,)


def stated_axles(vehicle: Document, gross_kg: float) -> tuple[tuple[AxleGroup, ...], tuple[AxleGroup, ...]]:
    """Axle groups of truck and trailer as an engineering file states them; trailer axles by type, or beyond the configuration.

    Raises
    ------
    InputError : a value is missing, or the shares of the load do not add to one.
    """
    own, towed = stated_rows(vehicle)
    total = sum(row.positive("AxleWeightShare", zero=True) for row in (*own, *towed))
    if abs(total - 1.0) > 1e-3:
        raise InputError(f"{vehicle.path}: AxleWeightShare of all axles adds to {total:g}; 1 is wanted")
    radius = vehicle.positive("rdyn", "TyreRadius", "DynamicTyreRadius") / 1000.0
    truck = _truck_groups(vehicle, own, tuple(row.number("AxleWeightShare") for row in own), radius, gross_kg, stated=True)
    positions = _trailer_positions(len(towed))
    trailer = tuple(
        AxleGroup(
            positions_m=(positions[index],),
            load_limit_kg=row.number("AxleWeightShare") * gross_kg,
            tyres_count=4 if row.flag("TwinTyres", default=False) else 2,
            tyre=_tyre(row, row.positive("Inertia", zero=True), radius),
            load_share_ratio=row.number("AxleWeightShare"),
        )
        for index, row in enumerate(towed)
    )
    return truck, trailer


def stated_rows(vehicle: Document) -> tuple[list[Document], list[Document]]:
    """Entries of the truck's axles and of the trailer's: these by their type, or beyond the axle configuration.

    Raises
    ------
    InputError : fewer axles than the configuration has.
    """
    rows = vehicle.section("AxleConfig").sections("Axles")
    count = int(axle_code(vehicle)[0]) // 2
    if len(rows) < count:
        raise InputError(f"{vehicle.path}: AxleConfig.Axles has {len(rows)} axles; {axle_code(vehicle)} has {count}")
    towed = [index >= count or row.text("Type", default="").lower() == "trailer" for index, row in enumerate(rows)]
    return [row for row, is_towed in zip(rows, towed, strict=True) if not is_towed], [
        row for row, is_towed in zip(rows, towed, strict=True) if is_towed
    ]


def _truck_groups(
    vehicle: Document, rows: list[Document], shares: tuple[float, ...], radius_m: float, gross_kg: float, *, stated: bool = False
) -> tuple[AxleGroup, ...]:
    driven = _driven(vehicle, rows)
    positions = LAYOUT.get(str(len(rows)), tuple(1.4 + 1.5 * index for index in range(len(rows))))
    return tuple(
        AxleGroup(
            positions_m=(positions[index],),
            load_limit_kg=shares[index] * gross_kg,
            tyres_count=4 if row.flag("TwinTyres", default=False) else 2,
            tyre=_tyre(
                row,
                row.positive("Inertia", zero=True)
                if stated
                else declaration.tyre(row.text("Wheels", "Dimension"))["inertia_kgm2"],
                radius_m,
            ),
            driven=driven[index],
            load_share_ratio=shares[index],
        )
        for index, row in enumerate(rows)
    )


def _driven(vehicle: Document, rows: list[Document]) -> list[bool]:
    """Which axles drive: by their type, else the second of one driven axle and the last ones of several."""
    typed = [row.text("Type", default="").lower() == "vehicledriven" for row in rows]
    if any(typed):
        return typed
    count = int(axle_code(vehicle)[2]) // 2
    first = 1 if count == 1 else len(rows) - count
    return [first <= index < first + count for index in range(len(rows))]


def _tyre(row: Document, inertia_kgm2: float, radius_m: float) -> Tyre:
    rolling, load = row.number("RRCISO"), row.number("FzISO")
    if not 0.0 < rolling < 0.1 or load <= 0.0:
        raise InputError(
            f"{row.path}: {row.place}RRCISO is {rolling:g} and FzISO {load:g} N; "
            "a ratio such as 0.0055 and a positive load are wanted"
        )
    return Tyre(
        name=row.text("Wheels", "Dimension", default="tyre"),
        source=f"VECTO vehicle file {row.path.name}; pressure typical",
        generic=False,
        radius_m=radius_m,
        inertia_kgm2=inertia_kgm2,
        rolling_resistance_ratio=rolling,
        iso_load_n=load,
        pressure_pa=PRESSURE_PA,
    )


def _trailer_positions(count: int) -> tuple[float, ...]:
    return tuple(TRAILER_FIRST_M + TRAILER_STEP_M * index for index in range(count))


def still_area_m2(vehicle: Document, *, solo: bool = False) -> float:
    """CdA without wind; `solo` takes the second figure of rigids that pull a trailer on some missions only.

    Raises
    ------
    InputError : none is given.
    """
    if solo and vehicle.number("CdA2", default=0.0) > 0.0:
        return vehicle.number("CdA2")
    if vehicle.has("CdA") or not vehicle.has("Cd", "CrossSecArea"):
        return vehicle.positive("CdA")
    return vehicle.positive("Cd") * vehicle.positive("CrossSecArea")


def declared_drag(area_m2: float, body: str) -> Drag:
    """Drag with the declared mean wind."""
    speeds, areas = declaration.drag_area_m2(area_m2, body)
    first, second, third = declaration.tables()["crosswind"][body]
    return Drag(area_m2=area_m2, speed_mps=speeds, speed_area_m2=areas, crosswind=(first, second, third))


def stated_drag(vehicle: Document, body: str) -> Drag:
    """Drag of an engineering file: without correction, by speed, by yaw angle, or as declared for its kind.

    Raises
    ------
    InputError : a correction that is not known, or its file cannot be read.
    """
    area = still_area_m2(vehicle)
    asked = vehicle.text("CdCorrMode", default="Off") or "Off"
    mode = asked.lower()
    if mode in ("off", "none", "nocorrection"):
        return Drag(area_m2=area)
    if mode in ("cdofvdecl", "declarationmodecorrection", "declaration"):
        return declared_drag(area, body)
    if mode not in ("cdofv", "cdofveng", "speeddependentcorrectionfactor", "cdofbeta", "vairbetalookuptable"):
        raise InputError(f"{vehicle.path}: CdCorrMode is {asked!r}; Off, CdOfVdecl, CdOfV (CdOfVEng) or CdOfBeta is accepted")
    path = vehicle.file("CdCorrFile")
    if path is None:
        raise InputError(f"{vehicle.path}: CdCorrMode is {asked!r} but CdCorrFile names no file")
    if mode in ("cdofbeta", "vairbetalookuptable"):
        vehicle.notes.append("drag by yaw angle: the wind columns of a cycle are not read, so it acts in given weather only")
        return Drag(
            area_m2=area, crosswind=_yaw_fit(read_table(path, {"yaw": ("beta",), "value": ("cd", "delta", "factor")}), area)
        )
    table = read_table(path, {"speed": ("v veh", "v", "speed"), "factor": ("cd scaling factor", "cd", "factor")})
    speeds = tuple(speed * KMH for speed in table["speed"])
    return Drag(area_m2=area, speed_mps=speeds, speed_area_m2=tuple(area * factor for factor in table["factor"]))


def _yaw_fit(table: dict[str, tuple[float, ...]], area_m2: float) -> tuple[float, float, float]:
    """Cubic through nought of the area that yaw adds, up to `YAW_FIT_DEG`.

    Files of VECTO 2.2 give factors on the area, which start at one; those of 3.x give square metres, which start at nought.
    """
    order = sorted(range(len(table["yaw"])), key=lambda index: abs(table["yaw"][index]))
    yaw, value = (np.array([table[name][index] for index in order]) for name in ("yaw", "value"))
    added = area_m2 * (value - 1.0) if abs(value[0] - 1.0) < abs(value[0]) else value
    near = np.abs(yaw) <= YAW_FIT_DEG
    angle = np.abs(yaw[near])
    fitted = np.linalg.lstsq(np.stack([angle, angle**2, angle**3], axis=1), added[near], rcond=None)[0]
    return float(fitted[0]), float(fitted[1]), float(fitted[2])
