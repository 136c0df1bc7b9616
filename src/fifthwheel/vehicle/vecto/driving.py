"""Driver and shift rule of a VECTO job: ``.vacc .vgbs`` and the job's and gearbox's own fields."""

from __future__ import annotations

from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.units import KMH, RPM
from fifthwheel.vehicle.components import GearboxKind
from fifthwheel.vehicle.vecto import declaration
from fifthwheel.vehicle.vecto.files import Document
from fifthwheel.vehicle.vecto.job import Driver, Overspeed, Polygon, Shifting, ShiftKind
from fifthwheel.vehicle.vecto.powertrain import gear_rows
from fifthwheel.vehicle.vecto.tables import read_table

ACCELERATION: Final = {
    "speed": ("v", "vehicle speed", "speed"),
    "accelerate": ("acc", "acceleration", "max acceleration", "a desmax"),
    "decelerate": ("dec", "deceleration", "max deceleration", "a brake"),
}
POLYGON: Final = {
    "torque": ("engine torque", "torque", "M shift", "M"),
    "down": ("downshift rpm", "downshift speed", "downshift", "down"),
    "up": ("upshift rpm", "upshift speed", "upshift", "up"),
}
KINDS: Final = {
    "mt": (ShiftKind.MT, GearboxKind.MANUAL),
    "amt": (ShiftKind.AMT, GearboxKind.AMT),
    "custom": (ShiftKind.AMT, GearboxKind.AMT),
    "at": (ShiftKind.AT, GearboxKind.DCT),
    "ats": (ShiftKind.AT, GearboxKind.DCT),
    "atp": (ShiftKind.AT, GearboxKind.DCT),
    "atserial": (ShiftKind.AT, GearboxKind.DCT),
    "atpowersplit": (ShiftKind.AT, GearboxKind.DCT),
    "dct": (ShiftKind.AMT, GearboxKind.DCT),
}
DECLARED: Final = {
    ShiftKind.MT: (2.0, 3.0, False, True),
    ShiftKind.AMT: (1.0, 2.0, True, True),
    ShiftKind.AT: (0.8, 2.0, False, False),
}
"""Traction interruption s, least interval s, early upshift, skipping of gears: the declaration's rule of VECTO 2.2."""


def kinds(gearbox: Document) -> tuple[ShiftKind, GearboxKind]:
    """Shift rule and build of the gearbox.

    Raises
    ------
    InputError : a kind that is not known.
    """
    asked = gearbox.text("GearboxType", "Type")
    key = "".join(letter for letter in asked.lower() if letter.isalpha())
    if key not in KINDS:
        raise InputError(f"{gearbox.path}: GearboxType is {asked!r}; MT, AMT, ATSerial or ATPowerSplit is accepted")
    if key == "custom":
        gearbox.notes.append("gearbox type Custom is shifted as AMT")
    converter = gearbox.section("TorqueConverter").flag("Enabled", default=False)
    if KINDS[key][0] is ShiftKind.AT or converter:
        gearbox.notes.append("torque converter: not modelled; the automatic gearbox starts on its clutch and shifts under power")
    return KINDS[key]


def shifting(gearbox: Document, kind: ShiftKind, *, declaration: bool) -> Shifting:
    """The shift rule's parameters: fixed by the declaration, or the file's.

    Raises
    ------
    InputError : a value or a file with shift lines that cannot be read.
    """
    interruption, interval, early, skip = DECLARED[kind]
    if declaration:
        return Shifting(
            kind=kind,
            traction_interruption_s=interruption,
            torque_reserve_ratio=0.2,
            start_torque_reserve_ratio=0.2,
            start_speed_mps=2.0,
            start_acceleration_mps2=0.6,
            least_interval_s=interval,
            skip_gears=skip,
            early_upshift=early,
        )
    return Shifting(
        kind=kind,
        traction_interruption_s=gearbox.positive("TracInt", "TractionInterruption", default=interruption, zero=True),
        torque_reserve_ratio=gearbox.positive("TqReserve", default=20.0, zero=True) / 100.0,
        start_torque_reserve_ratio=gearbox.positive("StartTqReserve", default=20.0, zero=True) / 100.0,
        start_speed_mps=gearbox.positive("StartSpeed", default=2.0, zero=True),
        start_acceleration_mps2=gearbox.positive("StartAcc", default=0.6, zero=True),
        least_interval_s=gearbox.positive(
            "ShiftTime", "MinTimeBetweenShifts", "MinTimeBetweenGearshifts", default=interval, zero=True
        ),
        skip_gears=gearbox.flag("SkipGears", default=skip),
        early_upshift=gearbox.flag("EarlyShiftUp", "EaryShiftUp", "EarlyUpshift", default=early),
        polygons=_polygons(gearbox),
    )


def _polygons(gearbox: Document) -> tuple[Polygon, ...]:
    """Shift lines, one a gear, or none where not all gears have them: then all follow from the full-load curve."""
    paths = [row.file("ShiftPolygon", "ShiftPolygons") for row in gear_rows(gearbox)[1:]]
    lacking = [str(index) for index, path in enumerate(paths, start=1) if path is None]
    if lacking:
        if len(lacking) < len(paths):
            gearbox.notes.append(
                f"gears {', '.join(lacking)} have no shift lines; the lines of all gears follow from the full-load curve"
            )
        return ()
    read = {path: read_table(path, POLYGON) for path in paths if path is not None}
    return tuple(
        Polygon(
            torque_nm=read[path]["torque"],
            down_radps=tuple(value * RPM for value in read[path]["down"]),
            up_radps=tuple(value * RPM for value in read[path]["up"]),
        )
        for path in paths
        if path is not None
    )


def driver(job: Document, *, declared: bool) -> Driver:
    """Acceleration limits, look-ahead coasting and overspeed.

    Raises
    ------
    InputError : a mode that is not known, or an acceleration table that cannot be read.
    """
    speeds, accelerations, decelerations = _accelerations(job, declared=declared)
    ahead, over = job.section("LAC"), job.section("OverSpeedEcoRoll")
    mode = (over.text("Mode", default="Off") or "Off").lower().replace("-", "")
    if mode not in ("off", "overspeed", "ecoroll"):
        raise InputError(f"{job.path}: OverSpeedEcoRoll.Mode is {mode!r}; Off, OverSpeed or EcoRoll is accepted")
    if mode == "ecoroll":
        job.notes.append("eco-roll: not part of the rules of VECTO 2.2 kept here; the vehicle coasts with its clutch closed")
    look = ahead.flag("Enabled", default=declared)
    if look and ahead.has("DF_offset", "DF_scaling", "PreviewDistanceFactor"):
        job.notes.append("look-ahead: the decision factor of VECTO 3.x is not modelled; coasting starts by the rule of VECTO 2.2")
    return Driver(
        speed_mps=speeds,
        accelerate_mps2=accelerations,
        decelerate_mps2=decelerations,
        look_ahead_mps2=-abs(ahead.number("Dec", default=-0.5)) if look else 0.0,
        look_ahead_speed_mps=ahead.positive("MinSpeed", default=50.0, zero=True) * KMH,
        overspeed={"off": Overspeed.OFF, "overspeed": Overspeed.OVERSPEED, "ecoroll": Overspeed.ECO_ROLL}[mode],
        overspeed_from_mps=over.positive("MinSpeed", default=50.0, zero=True) * KMH,
        overspeed_mps=over.positive("OverSpeed", default=5.0, zero=True) * KMH,
        underspeed_mps=over.positive("UnderSpeed", default=5.0, zero=True) * KMH,
    )


def _accelerations(job: Document, *, declared: bool) -> tuple[tuple[float, ...], ...]:
    asked = job.text("VACC", default="")
    standard = asked.lower() in ("truck", "truck.vacc") and not (job.path.parent / asked).is_file()
    path = None if declared or standard else job.file("VACC")
    if path is None:
        table = declaration.tables()["driver"]
        return tuple(tuple(table[key]) for key in ("speed_mps", "accelerate_mps2", "decelerate_mps2"))
    read = read_table(path, ACCELERATION)
    if any(value <= 0.0 for value in read["accelerate"]) or any(value >= 0.0 for value in read["decelerate"]):
        raise InputError(f"{path}: accelerations must be positive and decelerations negative, m/s2")
    return tuple(value * KMH for value in read["speed"]), read["accelerate"], read["decelerate"]
