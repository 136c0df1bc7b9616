"""Writers of small VECTO jobs: a 12 t rigid in declaration mode (2.2) and a tractor with trailer in engineering mode (3.x)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Change = Callable[[dict[str, Any]], None]

FULL_LOAD = "engine speed [1/min],full load torque [Nm],motoring torque [Nm],PT1 [s]\n"
CURVE = "600,600,-60,0.5\n1200,900,-80,0.5\n1800,900,-110,0.4\n2400,600,-150,0.2\n"
FUEL = "engine speed [rpm], torque [Nm], fuel consumption [g/h]\n" + "".join(
    f"{speed},{torque},{0 if torque < 0 else 500 + speed * (torque + 60) / 80}\n"
    for speed in (600, 1200, 1800, 2400)
    for torque in (-150, 0, 450, 900)
)
LOSSES = "Input Speed [rpm],Input Torque [Nm],Torque Loss [Nm],Eff [-]\n" + "".join(
    f"{speed},{torque},{5 + speed / 500 + 0.02 * abs(torque)},0\n" for speed in (0, 1500, 3000) for torque in (-400, 0, 1000)
)


def write(path: Path, body: dict[str, Any], app: str) -> None:
    header = {"CreatedBy": "test", "AppVersion": app, "FileVersion": 2}
    path.write_text("\ufeff" + json.dumps({"Header": header, "Body": body}), encoding="utf-8")


def write_job(folder: Path, bodies: dict[str, dict[str, Any]], app: str) -> Path:
    for name, body in bodies.items():
        write(folder / name, body, app)
    (folder / "Engine.vfld").write_text(FULL_LOAD + CURVE, encoding="utf-8")
    (folder / "Engine.vmap").write_text(FUEL, encoding="utf-8")
    (folder / "Gear.vtlm").write_text(LOSSES, encoding="utf-8")
    return folder / "job.vecto"


def rigid_bodies() -> dict[str, dict[str, Any]]:
    axle = {
        "Inertia": 1.0,
        "Wheels": "245/70 R19.5",
        "AxleWeightShare": 0.0,
        "TwinTyres": False,
        "RRCISO": 0.0083,
        "FzISO": 20800.0,
    }
    none = {"Type": "None", "Ratio": 1.0, "File": "<NOFILE>"}
    return {
        "job.vecto": {
            "SavedInDeclMode": True,
            "VehicleFile": "sub\\..\\truck.vveh",
            "EngineFile": "ENGINE.VENG",
            "GearboxFile": "box.vgbx",
            "Cycles": ["Urban Delivery"],
            "Aux": [
                {"ID": "FAN", "Type": "Fan", "Technology": ["Crankshaft mounted - On/Off clutch"]},
                {"ID": "STP", "Type": "Steering pump", "Technology": "Hydraulic supported by electric"},
                {"ID": "AC", "Type": "HVAC", "Technology": "Default"},
                {"ID": "ES", "Type": "Electric System", "Technology": "", "TechList": ["LED lights"]},
                {"ID": "PS", "Type": "Pneumatic System", "Technology": "Default"},
            ],
            "LAC": {"Enabled": True, "Dec": -0.5, "MinSpeed": 50.0},
            "OverSpeedEcoRoll": {"Mode": "EcoRoll", "MinSpeed": 50.0, "OverSpeed": 5.0, "UnderSpeed": 5.0},
        },
        "truck.vveh": {
            "SavedInDeclMode": True,
            "VehCat": "RigidTruck",
            "CurbWeight": 5850.0,
            "MassMax": 12.0,
            "Cd": 0.6,
            "CrossSecArea": 8.8,
            "Rim": "15° DC Rims",
            "CdCorrMode": "CdOfVdecl",
            "Retarder": none,
            "AxleConfig": {"Type": "4x2", "Axles": [axle, axle | {"TwinTyres": True, "RRCISO": 0.0094}]},
        },
        "engine.veng": {
            "SavedInDeclMode": True,
            "Displacement": 6871.0,
            "IdlingSpeed": 600.0,
            "Inertia": 99.0,
            "FullLoadCurve": "Engine.vfld",
            "FuelMap": "Engine.vmap",
            "WHTC-Urban": 1.1,
            "WHTC-Rural": 1.0,
            "WHTC-Motorway": 0.9,
        },
        "box.vgbx": {
            "Inertia": 0.3,
            "Gears": [
                {"Ratio": 4.18, "EffMap": "0.98"},
                {"Ratio": 6.4, "LossMap": "Gear.vtlm", "ShiftPolygon": "-"},
                {"Ratio": 1.0, "LossMap": "Gear.vtlm", "ShiftPolygon": "-", "FullLoadCurve": "<NOFILE>"},
            ],
            "ShiftTime": 9,
            "EaryShiftUp": False,
            "GearboxType": "MT",
            "TorqueConverter": {"Enabled": False, "File": "<NOFILE>"},
        },
    }


def tractor_bodies() -> dict[str, dict[str, Any]]:
    axle = {
        "Inertia": 14.0,
        "Wheels": "315/70 R22.5",
        "AxleWeightShare": 0.2,
        "TwinTyres": False,
        "RRCISO": 0.0055,
        "FzISO": 31300.0,
        "Type": "VehicleNonDriven",
    }
    towed = axle | {"Inertia": 19.0, "AxleWeightShare": 0.55 / 3, "Type": "Trailer"}
    return {
        "job.vecto": {
            "SavedInDeclMode": False,
            "VehicleFile": "tractor.vveh",
            "EngineFile": "Engine.veng",
            "GearboxFile": "Box.vgbx",
            "Cycles": ["a.vdri", "b.vdri"],
            "Aux": [],
            "Padd": 2500.0,
            "VACC": "Driver.vacc",
            "StartStop": {"Enabled": True},
            "LAC": {"Enabled": False, "PreviewDistanceFactor": 10.0, "DF_offset": 2.5, "DF_scaling": 1.5},
            "OverSpeedEcoRoll": {"Mode": "Off"},
        },
        "tractor.vveh": {
            "VehCat": "Tractor",
            "CurbWeight": 7500.0,
            "CurbWeightExtra": 7400.0,
            "Loading": 18000.0,
            "MassMax": 40.0,
            "CdA": 5.5,
            "rdyn": 492.0,
            "CdCorrMode": "CdOfVEng",
            "CdCorrFile": "wind.vcdv",
            "Retarder": {"Type": "TransmissionOutputRetarder", "Ratio": 2.0, "File": "Retarder.vrlm"},
            "Angledrive": {"Type": "SeparateAngledrive", "Ratio": 1.5, "LossMap": "Angle.vtlm"},
            "PTO": {"Type": "None"},
            "AxleConfig": {
                "Type": "4x2",
                "Axles": [
                    axle,
                    axle | {"AxleWeightShare": 0.25, "TwinTyres": True, "Type": "VehicleDriven"},
                    towed,
                    towed,
                    towed,
                ],
            },
        },
        "Engine.veng": {
            "Displacement": 12700.0,
            "IdlingSpeed": 600.0,
            "Inertia": 4.2,
            "FullLoadCurve": "Engine.vfld",
            "FuelMap": "Engine.vmap",
            "FuelType": "NGPI",
            "WHTC-Engineering": 1.03,
        },
        "Box.vgbx": {
            "Inertia": 0.2,
            "TracInt": 0.9,
            "Gears": [
                {"Ratio": 2.6, "Efficiency": 0.97},
                {"Ratio": 11.0, "Efficiency": 0.96, "ShiftPolygon": "lines.vgbs", "MaxTorque": "800"},
                {"Ratio": 1.0, "LossMap": "Gear.vtlm", "ShiftPolygon": "lines.vgbs", "MaxTorque": ""},
            ],
            "TqReserve": 25.0,
            "SkipGears": False,
            "ShiftTime": 3.0,
            "EarlyShiftUp": False,
            "StartTqReserve": 15.0,
            "StartSpeed": 1.5,
            "StartAcc": 0.5,
            "GearboxType": "AMT",
        },
    }


TABLES = {
    "Driver.vacc": "v [km/h],acc [m/s²],dec [m/s²]\n0,1.1,-1.2\n90,0.4,-0.6\n",
    "wind.vcdv": "v_veh [km/h],Cd-scaling factor [-]\n0,1.2\n90,1.05\n",
    "Retarder.vrlm": "Retarder Speed [rpm],Loss Torque [Nm]\n0,10\n3000,40\n",
    "lines.vgbs": "engine torque [Nm],downshift rpm [1/min],upshift rpm [1/min]\n-400,560,1289\n2372,1155,1942\n",
}


@pytest.fixture
def rigid(tmp_path: Path) -> Callable[..., Path]:
    """Writes the 12 t declaration job after a change of its bodies; returns the job file."""

    def made(change: Change = lambda _: None) -> Path:
        bodies = rigid_bodies()
        change(bodies)
        (tmp_path / "sub").mkdir(exist_ok=True)
        return write_job(tmp_path, bodies, "2.2")

    return made


@pytest.fixture
def tractor(tmp_path: Path) -> Callable[..., Path]:
    """Writes the engineering job of VECTO 3.x after a change of its bodies; returns the job file."""

    def made(change: Change = lambda _: None) -> Path:
        bodies = tractor_bodies()
        change(bodies)
        for name, text in TABLES.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return write_job(tmp_path, bodies, "3.3.4.1686")

    return made
