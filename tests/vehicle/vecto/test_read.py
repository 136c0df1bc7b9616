from __future__ import annotations

import json
from collections.abc import Callable
from math import pi
from pathlib import Path
from typing import Any

import pytest

from fifthwheel.errors import InputError
from fifthwheel.units import KMH, RPM
from fifthwheel.vehicle.combination import Combination, UnitKind
from fifthwheel.vehicle.components import GearboxKind
from fifthwheel.vehicle.vecto.job import Overspeed, ShiftKind
from fifthwheel.vehicle.vecto.read import mission_of, read_job, read_job_for

Write = Callable[..., Path]


def forty(reference_data: Path) -> Path:
    return reference_data / "vecto" / "40t" / "40t_Long_Haul_Truck.vecto"


def rolling(combination: Combination, mass_kg: float) -> float:
    """Rolling resistance coefficient by VECTO's rule, for the facts' figures."""
    total = 0.0
    for group in (group for unit in combination.units for group in unit.axles):
        share = group.load_share_ratio / len(group.positions_m)
        load = mass_kg * share * 9.81 / (group.tyres_count * group.tyre.iso_load_n)
        total += group.load_share_ratio * group.tyre.rolling_resistance_ratio * load**-0.1
    return total


@pytest.mark.parametrize(
    ("mission", "figures", "coefficients"),
    [
        ("long-haul", (4893.4, 19300.0, 1.0145), (0.006421, 0.005903, 0.005806)),
        ("regional-delivery", (5105.1, 12900.0, 1.0025), (0.006407, 0.006014, 0.005793)),
    ],
)
def test_the_40_t_truck_is_what_vecto_made_of_it(
    reference_data: Path, mission: str, figures: tuple[float, ...], coefficients: tuple[float, ...]
) -> None:
    power, payload, factor = figures
    job = read_job(forty(reference_data), mission=mission)
    whole = job.combination
    assert (whole.tractor.tare_kg, whole.tare_kg, whole.payload_limit_kg) == (7100.0, 14600.0, 25400.0)
    assert (job.reference_payload_kg, job.fuel_factor_ratio) == pytest.approx((payload, factor))
    assert sum(item.power_w for item in whole.tractor.auxiliaries) == pytest.approx(power, abs=0.05)
    loads = (14600.0, 14600.0 + payload, 40000.0)
    assert [rolling(whole, mass) for mass in loads] == pytest.approx(coefficients, abs=1e-6)
    assert whole.tyre_radius_m == pytest.approx(0.48827, abs=5e-6)
    assert sum(unit.wheels_inertia_kgm2 for unit in whole.units) / whole.tyre_radius_m**2 == pytest.approx(858.2, abs=0.05)
    areas = (7.9553, 7.7834, 7.6352, 7.5075, 7.3964, 7.2995, 7.2150, 7.1411, 7.0761)
    assert whole.drag_speed_area_m2[:9] == pytest.approx(areas, abs=6e-5)
    assert [speed / KMH for speed in whole.drag_speed_mps[:9]] == pytest.approx(range(60, 105, 5))
    assert (job.declaration, job.version, job.mission) == (True, "2.2", mission)


def test_the_40_t_truck_s_driveline_and_fuel(reference_data: Path) -> None:
    job = read_job(forty(reference_data), mission="long-haul")
    drive = job.combination.drive
    engine = drive.engine
    assert engine is not None
    assert engine.fuel_map is not None
    assert engine.inertia_kgm2 == pytest.approx(5.1471)
    assert engine.launch_speed_radps / RPM == pytest.approx(593.2, abs=0.05)
    assert (engine.fuel.density_kgpm3, engine.fuel.co2_kgpkg) == (832.0, 3.16)
    assert engine.drag_torque_nm[0] == 149.0
    assert len(engine.fuel_map.fuel_kgps) == 112
    assert len(drive.gearbox.ratios) == len(drive.gearbox.loss_maps) == 12
    assert drive.gearbox.loss_maps[0] is drive.gearbox.loss_maps[10]
    assert drive.gearbox.loss_maps[11] != drive.gearbox.loss_maps[10]
    assert drive.axle.loss_map is not None
    assert len(drive.axle.loss_map.loss_nm) == 492
    assert drive.retarder is None
    assert (job.shifting.kind, job.shifting.traction_interruption_s, job.shifting.least_interval_s) == (ShiftKind.AMT, 1.0, 2.0)
    assert job.driver.overspeed is Overspeed.OVERSPEED
    assert job.driver.overspeed_mps == pytest.approx(5 * KMH)
    assert job.warnings == ("'Axle 40t Truck.vtlm' is not there; Axle.vtlm was read for it",)


def test_a_job_with_two_cycles_asks_for_its_mission(reference_data: Path) -> None:
    with pytest.raises(InputError, match=r"Long Haul, Regional Delivery; a mission must be chosen"):
        read_job(forty(reference_data))


def test_a_cycle_that_tells_no_mission_is_driven_with_a_warning(reference_data: Path) -> None:
    path = forty(reference_data)
    for name in ("Cycle_Drive_80_level.vdri", "UrbanDelivery_1m.vdri"):
        job = read_job_for(path, Path(name))
        assert job.mission == "regional-delivery"
        assert name in job.warnings[0]
    assert read_job_for(path, Path("LongHaul_1m.vdri")).mission == "long-haul"
    with pytest.raises(InputError, match="does not drive construction"):
        read_job_for(path, Path("Construction.vdri"), mission="construction")


def test_the_40_t_truck_does_not_drive_in_town(reference_data: Path) -> None:
    with pytest.raises(InputError, match=r"class 5 .* does not drive urban-delivery; it drives long-haul, regional-delivery"):
        read_job(forty(reference_data), mission="urban-delivery")


@pytest.mark.parametrize(
    ("name", "mission"),
    [
        ("LongHaul_1m.vdri", "long-haul"),
        ("Long_Haul.vdri", "long-haul"),
        ("Regional Delivery.vdri", "regional-delivery"),
        ("UrbanDelivery_compact.vdri", "urban-delivery"),
        ("MunicipalUtility.vdri", "municipal-utility"),
        ("Construction.vdri", "construction"),
        ("Cycle_Drive_30.vdri", ""),
    ],
)
def test_missions_are_told_by_the_cycle_s_name(name: str, mission: str) -> None:
    assert mission_of(Path("somewhere") / name) == mission


def test_a_12_t_rigid_is_completed_for_its_only_cycle(rigid: Write) -> None:
    job = read_job(rigid())
    whole = job.combination
    assert (job.mission, whole.trailer, whole.tractor.kind) == ("urban-delivery", None, UnitKind.RIGID)
    assert (whole.tare_kg, whole.gross_mass_kg) == (5850.0 + 1900.0, 12000.0)
    assert job.reference_payload_kg == pytest.approx(394.1 * 12 - 1705.9)
    assert [group.load_share_ratio for group in whole.tractor.axles] == [0.45, 0.55]
    assert whole.tyre_radius_m == pytest.approx(3.05 * 0.8383 / (2 * pi))
    assert [group.tyre.inertia_kgm2 for group in whole.tractor.axles] == [6.0, 6.0]
    assert (whole.drag_area_m2, whole.trailer_drag_ratio) == pytest.approx((5.28, 0.0))
    assert whole.drag_speed_area_m2[0] > 5.28
    powers = {item.name: item.power_w for item in whole.tractor.auxiliaries}
    steering = 0.7 * 120 + 140 + 0.9 * 20 + 0.9 * 30
    assert powers == pytest.approx(
        {
            "fan": 666.0,
            "steering-pump": steering,
            "hvac": 150.0,
            "electric-system": (974.0 - 50.0) / 0.7,
            "pneumatic-system": 1320.0,
        }
    )
    assert job.fuel_factor_ratio == pytest.approx(0.69 * 1.1 + 0.27 * 1.0 + 0.04 * 0.9)


def test_a_12_t_rigid_shifts_by_the_declaration_s_rule_not_by_its_file(rigid: Write) -> None:
    job = read_job(rigid(), mission="long-haul")
    engine = job.combination.drive.engine
    assert engine is not None
    assert engine.inertia_kgm2 == pytest.approx(1.71 + 0.27 * 6.871)
    assert (job.shifting.kind, job.shifting.least_interval_s, job.shifting.early_upshift) == (ShiftKind.MT, 3.0, False)
    assert (job.combination.drive.gearbox.kind, job.combination.drive.gearbox.shift_s) == (GearboxKind.MANUAL, 2.0)
    assert job.gearbox_inertia_kgm2 == 0.0
    assert job.reference_payload_kg == pytest.approx(12000.0 - 7750.0), "588.2 * 12 - 2511.8 kg is more than it may carry"
    assert job.driver.overspeed is Overspeed.ECO_ROLL
    assert any("eco-roll" in warning for warning in job.warnings)


def test_a_constant_efficiency_is_a_plane_of_losses(rigid: Write) -> None:
    axle = read_job(rigid()).combination.drive.axle.loss_map
    assert axle is not None
    driving = [loss / torque for torque, loss in zip(axle.torque_nm, axle.loss_nm, strict=True) if torque > 0]
    assert driving == pytest.approx([0.02, 0.02])
    overrun = [(torque - loss, torque) for torque, loss in zip(axle.torque_nm, axle.loss_nm, strict=True) if torque < 0]
    assert [inside / outside for outside, inside in overrun] == pytest.approx([0.98, 0.98])


def test_an_engineering_job_of_version_3_is_taken_at_its_word(tractor: Write) -> None:
    job = read_job(tractor(), mission="long-haul")
    whole = job.combination
    assert (job.declaration, job.mission, job.version) == (False, "", "3.3.4.1686")
    assert [unit.tare_kg for unit in whole.units] == [7500.0, 7400.0]
    assert (job.reference_payload_kg, whole.gross_mass_kg) == (18000.0, 40000.0)
    assert [group.driven for group in whole.tractor.axles] == [False, True]
    assert sum(group.load_share_ratio for unit in whole.units for group in unit.axles) == pytest.approx(1.0)
    assert whole.trailer is not None
    assert [group.tyre.inertia_kgm2 for group in whole.trailer.axles] == [19.0] * 3
    assert whole.tyre_radius_m == 0.492
    assert whole.drag_speed_area_m2 == pytest.approx((5.5 * 1.2, 5.5 * 1.05))
    assert [speed / KMH for speed in whole.drag_speed_mps] == pytest.approx([0.0, 90.0])
    assert [(item.name, item.power_w) for item in whole.tractor.auxiliaries] == [("padd", 2500.0)]
    assert (job.fuel_factor_ratio, job.gearbox_inertia_kgm2) == (1.03, 0.2)


def test_the_driveline_of_an_engineering_job(tractor: Write) -> None:
    job = read_job(tractor())
    drive, shift = job.combination.drive, job.shifting
    assert drive.engine is not None
    assert (drive.engine.inertia_kgm2, drive.engine.fuel.name, drive.engine.fuel.co2_kgpkg) == (4.2, "cng", 2.69)
    assert drive.gearbox.ratios == pytest.approx((16.5, 1.5)), "the angle drive's ratio is in the gears"
    assert drive.retarder is not None
    assert (drive.retarder.primary, drive.retarder.ratio, drive.retarder.drag_torque_nm) == (False, 2.0, (10.0, 40.0))
    assert drive.start_stop
    assert (shift.traction_interruption_s, shift.torque_reserve_ratio, shift.start_torque_reserve_ratio) == (0.9, 0.25, 0.15)
    assert (shift.least_interval_s, shift.skip_gears, shift.early_upshift, shift.start_speed_mps) == (3.0, False, False, 1.5)
    assert [line.torque_nm for line in shift.polygons] == [(-400.0, 2372.0)] * 2
    assert shift.polygons[0].up_radps == pytest.approx((1289 * RPM, 1942 * RPM))
    assert job.driver.look_ahead_mps2 == 0.0
    assert job.driver.accelerate_mps2 == (1.1, 0.4)
    said = " ".join(job.warnings)
    assert "angle drive" in said
    assert "start/stop" in said
    assert "limits of gears 1 are not modelled" in said


def body(file: str, key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(bodies: dict[str, Any]) -> None:
        bodies[file][key] = value

    return change


@pytest.mark.parametrize(
    ("file", "key", "value", "message"),
    [
        ("job.vecto", "EngineOnlyMode", True, r"job\.vecto: EngineOnlyMode is on"),
        ("job.vecto", "VehicleFile", "other.vveh", r"other\.vveh: no such file; .* has truck\.vveh"),
        ("job.vecto", "VehicleFile", "<NOFILE>", r"VehicleFile names no file"),
        ("job.vecto", "Cycles", ["Coach"], r"Coach; a mission must be chosen"),
        ("job.vecto", "Aux", [], r"Aux lacks fan, steering-pump, hvac, electric-system, pneumatic-system"),
        ("job.vecto", "OverSpeedEcoRoll", {"Mode": "Fly"}, r"OverSpeedEcoRoll\.Mode is 'fly'; Off, OverSpeed or EcoRoll"),
        ("truck.vveh", "CurbWeight", "heavy", r"truck\.vveh: CurbWeight is 'heavy'; a finite number is wanted"),
        ("truck.vveh", "CurbWeight", None, r"truck\.vveh: CurbWeight is missing"),
        ("truck.vveh", "CurbWeight", 11000.0, r"exceed the gross mass of 12000 kg"),
        ("truck.vveh", "MassMax", 7.0, r"VECTO class 0 \(rigid 4x2, 7 t\), mission urban-delivery: .* supported classes are 1 "),
        ("truck.vveh", "VehCat", "Coach", r"no VECTO class is a coach 4x2 of 12 t"),
        ("truck.vveh", "AxleConfig", {"Type": "big"}, r"AxleConfig\.Type is 'big'; a configuration such as 4x2"),
        ("truck.vveh", "AxleConfig", {"Type": "4x2", "Axles": []}, r"AxleConfig\.Axles has 0 axles; class 2 has 2"),
        ("truck.vveh", "Rim", "Wooden", r"no rim of the declaration data is called 'Wooden'"),
        ("truck.vveh", "Retarder", {"Type": "Parachute"}, r"Retarder\.Type is 'Parachute'; None, Primary, Secondary"),
        ("truck.vveh", "Retarder", 3, r"truck\.vveh: Retarder is 3; an object is wanted"),
        ("truck.vveh", "CurbWeight", -5.0, r"truck\.vveh: CurbWeight is -5; a number above 0 is wanted"),
        ("truck.vveh", "CrossSecArea", 0, r"truck\.vveh: CrossSecArea is 0; a number above 0 is wanted"),
        ("engine.veng", "IdlingSpeed", 2500, r"engine\.veng: IdlingSpeed is 2500 1/min; one below 2400 1/min"),
        ("engine.veng", "FuelType", "Coal", r"FuelType is 'Coal'; accepted are cng, diesel"),
        ("engine.veng", "FuelMap", "-", r"engine\.veng: FuelMap names no file"),
        ("box.vgbx", "GearboxType", "CVT", r"GearboxType is 'CVT'; MT, AMT, ATSerial or ATPowerSplit"),
        ("box.vgbx", "Gears", [{"Ratio": 3.0, "Efficiency": 1.0}], r"Gears has 1 entries; the axle and at least one gear"),
        ("box.vgbx", "Gears", [{"Ratio": 3.0, "Efficiency": 98}, {"Ratio": 1.0}], r"Gears\[0\]\.Efficiency is 98; an efficiency"),
        (
            "box.vgbx",
            "Gears",
            [{"Ratio": 3.0, "Efficiency": 1}, {"Ratio": -1, "Efficiency": 1}],
            r"Gears\[1\]\.Ratio is -1; a number above 0",
        ),
        ("box.vgbx", "Gears", [{"Ratio": 3.0, "Efficiency": 1}, {"Ratio": 1}], r"Gears\[1\]\.LossMap names no file"),
        ("box.vgbx", "Gears", "many", r"Gears is str; a list of objects is wanted"),
    ],
)
def test_a_malformed_job_is_refused_by_file_and_key(rigid: Write, file: str, key: str, value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_job(rigid(body(file, key, value)))


@pytest.mark.parametrize(
    ("file", "key", "value", "message"),
    [
        ("tractor.vveh", "CdCorrMode", "Magic", r"CdCorrMode is 'Magic'; Off, CdOfVdecl, CdOfV"),
        ("tractor.vveh", "CdCorrFile", "", r"CdCorrMode is 'CdOfVEng' but CdCorrFile names no file"),
        ("tractor.vveh", "Loading", -1, r"Loading is -1; 0 or more is wanted"),
        ("tractor.vveh", "rdyn", None, r"rdyn or TyreRadius or DynamicTyreRadius is missing"),
        ("Box.vgbx", "SkipGears", "often", r"SkipGears is 'often'; true or false is wanted"),
    ],
)
def test_a_malformed_engineering_job_is_refused(tractor: Write, file: str, key: str, value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_job(tractor(body(file, key, value)))


def test_shares_of_the_load_must_add_to_one(tractor: Write) -> None:
    def change(bodies: dict[str, Any]) -> None:
        bodies["tractor.vveh"]["AxleConfig"]["Axles"].pop()

    with pytest.raises(InputError, match=r"AxleWeightShare of all axles adds to 0\.816667; 1 is wanted"):
        read_job(tractor(change))


@pytest.mark.parametrize("mode", ["Off", "DeclarationModeCorrection"])
def test_other_corrections_of_drag(tractor: Write, mode: str) -> None:
    whole = read_job(tractor(body("tractor.vveh", "CdCorrMode", mode))).combination
    assert whole.drag_area_m2 == 5.5
    assert len(whole.drag_speed_mps) == {"Off": 0, "DeclarationModeCorrection": 10}[mode]
    assert whole.crosswind[0] == pytest.approx({"Off": 0.0, "DeclarationModeCorrection": 0.034767}[mode])


@pytest.mark.parametrize("heading", ["beta [°],delta CdA [m²]", "beta [°],Cd-scaling factor [-]"])
def test_drag_by_yaw_angle_becomes_a_cubic(tractor: Write, heading: str) -> None:
    path = tractor(body("tractor.vveh", "CdCorrMode", "CdOfBeta"))
    offset, scale = {True: (0.0, 1.0), False: (1.0, 1 / 5.5)}["delta" in heading]
    rows = f"90,{offset}\n" + "".join(
        f"{yaw},{offset + scale * (0.03 * yaw + 0.04 * yaw**2 - 0.002 * yaw**3)}\n" for yaw in range(13)
    )
    (path.parent / "wind.vcdv").write_text(f"{heading}\n{rows}", encoding="utf-8")
    job = read_job(path)
    assert job.combination.crosswind == pytest.approx((0.03, 0.04, -0.002))
    assert any("yaw" in warning for warning in job.warnings)


def test_automatic_gearboxes_say_what_is_missing(tractor: Write) -> None:
    job = read_job(tractor(body("Box.vgbx", "GearboxType", "ATPowerSplit")))
    assert (job.shifting.kind, job.combination.drive.gearbox.kind) == (ShiftKind.AT, GearboxKind.DCT)
    assert any("torque converter" in warning for warning in job.warnings)


def test_gears_on_the_converter_that_repeat_a_ratio_are_one(tractor: Write) -> None:
    def change(bodies: dict[str, Any]) -> None:
        box = bodies["Box.vgbx"]
        first = box["Gears"][1]
        box["GearboxType"] = "AT"
        box["TorqueConverter"] = {"Enabled": True}
        box["Gears"].insert(1, first | {"TCactive": True})

    job = read_job(tractor(change))
    assert len(job.combination.drive.gearbox.ratios) == len(job.shifting.polygons) == 2


def test_a_tractor_of_version_3_states_its_own_gross_mass(tractor: Write) -> None:
    assert read_job(tractor(body("tractor.vveh", "MassMax", 18.0))).combination.gross_mass_kg == 40_000.0
    assert read_job(tractor(body("tractor.vveh", "Loading", 30_000.0))).combination.gross_mass_kg == 44_900.0


def test_the_higher_idling_speed_holds(tractor: Write) -> None:
    engine = read_job(tractor(body("tractor.vveh", "IdlingSpeed", 650.0))).combination.drive.engine
    assert engine is not None
    assert engine.idle_speed_radps == pytest.approx(650 * RPM)


def test_a_standard_acceleration_table_may_be_named_or_lie_there(tractor: Write) -> None:
    path = tractor(body("job.vecto", "VACC", "Truck.vacc"))
    assert read_job(path).driver.accelerate_mps2[0] == 1.0
    (path.parent / "Truck.vacc").write_text("v,acc,dec\n0,0.8,-0.9\n", encoding="utf-8")
    assert read_job(path).driver.accelerate_mps2 == (0.8,)


def test_older_headings_and_comments_are_read(tractor: Write) -> None:
    path = tractor()
    (path.parent / "lines.vgbs").write_text("M_shift in Nm,n_down in rpm,n_up in rpm\n-200,600,660\n1200,1250,1500\n")
    (path.parent / "Driver.vacc").write_text("v,a_desmax,a_brake\n0,0.70,-0.80\n2,1.00,-1.10\n")
    (path.parent / "wind.vcdv").write_text("c Demo data\nc v_veh,cdx_rel (v_veh)\nc [km/h],[-]\n0,1.1\n100,1.05\n")
    job = read_job(path)
    assert job.shifting.polygons[0].down_radps == pytest.approx((600 * RPM, 1250 * RPM))
    assert job.driver.decelerate_mps2 == (-0.8, -1.1)
    assert job.combination.drag_speed_area_m2 == pytest.approx((6.05, 5.775))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("ADAS", {"EngineStopStart": True, "EcoRoll": "None", "PredictiveCruiseControl": "None"}, "start/stop"),
        ("ADAS", {"EcoRoll": "WithoutEngineStop"}, "eco-roll of the vehicle"),
        ("ADAS", {"PredictiveCruiseControl": "Option_1_2"}, "predictive cruise control"),
        ("PTO", {"Type": "only the drive shaft of the PTO"}, "power take-off"),
        ("TorqueLimits", {"1": "900"}, "torque limits by gear"),
        ("ElectricMotors", [{"Position": "P2"}], "electric machines"),
    ],
)
def test_what_is_not_modelled_is_said(tractor: Write, key: str, value: Any, said: str) -> None:
    assert any(said in warning for warning in read_job(tractor(body("tractor.vveh", key, value))).warnings)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("Engine.vfld", "n,Mfull,Mdrag\n600,600,-60\n", r"Engine\.vfld: engine speeds do not rise; at least two rows"),
        ("Engine.vfld", "n,Mfull,Mdrag\n900,600,-60\n600,600,-60\n", r"Engine\.vfld: engine speeds do not rise"),
        ("Engine.vfld", "n,Mfull,Mdrag\n600,600,60\n900,600,60\n", r"drag torques of 0 or less are wanted"),
        (
            "Engine.vmap",
            "n,M,FC\n600,600,60\n600,700,60\n600,800,70\n",
            r"Engine\.vmap: 1 speeds and 3 torques; a map of at least",
        ),
        ("Gear.vtlm", "1,2,x\n", r"Gear\.vtlm: line 1, column 3 \(loss\): 'x'"),
    ],
)
def test_malformed_tables_are_refused(rigid: Write, name: str, text: str, message: str) -> None:
    path = rigid()
    (path.parent / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_job(path)


@pytest.mark.parametrize("value", ["", None, "x", -1.0, 0, 1e9, [], {}, True, [1]])
def test_whatever_stands_in_a_field_is_read_or_refused_in_words(rigid: Write, value: Any) -> None:
    """No other error than `InputError` leaves the reader, whichever field holds whichever value."""
    path = rigid()
    places = [(file, key) for file, fields in rigid_fields(path).items() for key in fields]
    outcomes = [outcome(rigid, file, key, value) for file, key in places]
    assert set(outcomes) <= {"read", "refused"}
    assert "refused" in outcomes


def rigid_fields(path: Path) -> dict[str, dict[str, Any]]:
    names = ("job.vecto", "truck.vveh", "engine.veng", "box.vgbx")
    return {name: json.loads((path.parent / name).read_text(encoding="utf-8-sig"))["Body"] for name in names}


def outcome(rigid: Write, file: str, key: str, value: Any) -> str:
    path = rigid(body(file, key, value))
    try:
        read_job(path)
    except InputError:
        return "refused"
    return "read"
