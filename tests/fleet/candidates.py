"""A choice made by hand: two candidates that stand and one that is rejected, for what prints and shows choices."""

from __future__ import annotations

from math import cos, pi, sin

from fifthwheel.choose.sensitivity import Swing
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.fleet.choice.views import (
    AxleView,
    CandidateDetail,
    CheckView,
    ChoiceView,
    CostLine,
    RoadView,
    Row,
    SideView,
    StopView,
)
from fifthwheel.fleet.views import AxleDrawing, UnitDrawing

DUTY: dict[str, object] = {
    "name": "trunk",
    "title_en": "Trunk",
    "title_zh": "干线",
    "region": "cn",
    "rules": ["gb1589-2016"],
    "energies": [],
    "tractors": [],
    "trailers": [],
    "road": {"mission": "trunk-jinan-qingdao", "back": "empty", "grade_factor": 1.0},
    "cargo": {"kind": "express", "payload_t": 30.0},
    "work": {"distance_day_km": 600.0, "distance_year_km": 140000.0, "years": 5.0},
    "supply": {},
    "limits": {"coldest_c": -10.0},
    "prices": {},
}


def axle(unit: int, places: tuple[float, ...], load_kg: float, limit_kg: float, **more: bool) -> AxleView:
    return AxleView(
        unit=unit,
        positions_m=places,
        load_kg=load_kg,
        unladen_kg=0.4 * load_kg,
        limit_kg=limit_kg,
        tyres_count=4,
        tyre_radius_m=0.52,
        driven=more.get("driven", False),
        steered=more.get("steered", False),
        liftable=more.get("liftable", False),
    )


def side(battery_j: float | None) -> SideView:
    drawn = tuple(AxleDrawing(position_m=x, tyre_radius_m=0.52, tyres_count=4, driven=x in {4.7, 6.05}) for x in (1.4, 4.7, 6.05))
    return SideView(
        units=(
            UnitDrawing(kind="tractor", start_m=0.0, length_m=6.98, height_m=3.85, axles=drawn, battery_j=battery_j),
            UnitDrawing(kind="trailer", start_m=3.45, length_m=13.75, height_m=3.99, axles=()),
        ),
        axles=(
            axle(0, (1.4,), 6700.0, 7000.0, steered=True),
            axle(0, (4.7, 6.05), 17200.0, 18000.0, driven=True),
            axle(1, (11.0, 12.31, 13.62), 24500.0, 24000.0, liftable=True),
        ),
        length_m=17.2,
        height_m=3.99,
        coupling_m=5.1,
        coupling_height_m=1.25,
        coupling_kg=16100.0,
        coupling_limit_kg=18000.0,
        swing_m=2.04,
        gap_m=0.72,
        load_from_m=3.5,
        load_to_m=17.1,
        floor_m=1.32,
        cg_m=8.9,
        cg_height_m=1.98,
    )


def check(rule: str, margin_ratio: float | None, remedy: str = "") -> CheckView:
    outcome = "not_verified" if margin_ratio is None else "pass" if margin_ratio >= 0 else "fail"
    said = "not verified" if margin_ratio is None else f"margin {100 * margin_ratio:.1f} %"
    return CheckView(
        rule=rule,
        kind="law",
        title_en=f"Rule {rule}",
        title_zh=f"规则 {rule}",
        rule_set="GB 1589",
        version="2016",
        tag="[S01]",
        source="GB 1589-2016, 4.3",
        value=None if margin_ratio is None else 49e3 * (1 - margin_ratio),
        limit=49e3,
        unit="kg",
        margin_ratio=margin_ratio,
        outcome=outcome,
        text_en=f"check against rule set GB 1589, version 2016: {said}",
        text_zh=f"按规则集 GB 1589 2016 版核对：{said}",
        remedy_en=remedy,
        remedy_zh=remedy and "减少装载 0.5 t",
    )


def row(name: str, kind: str, rank: int, cost: float, *, electric: bool = False) -> Row:
    made = Origin.SIMULATED
    return Row(
        candidate_id=name,
        title_en=f"6×4 {kind} tractor + three-axle box trailer",
        title_zh=f"6×4 {kind}牵引车 + 三轴厢式半挂车",
        tractor=f"{kind}-6x4-480",
        trailer="box-13m75-3axle",
        energy_kind=kind,
        rank=rank,
        best=rank in {1, 2},
        payload_kg=30e3,
        gross_kg=48.2e3,
        cost=with_margin("choice.cost", cost, "CNY/m", margin=0.12 * cost, origin=made, method="sum of the ledger's lines"),
        cost_tkm=with_margin("choice.cost_tkm", cost / 30e3, "CNY/(kg·m)", margin=0.12 * cost / 30e3, origin=made),
        energy_jpm=5.4e3 if electric else 12.1e3,
        fuel_kgpm=None if electric else 2.8e-4,
        electric_jpm=5.4e3 if electric else None,
        co2_kgpm=0.7e-3 if electric else 0.88e-3,
        time_s=39_600.0,
        range_m=310e3 if electric else 1500e3,
        price=720e3 if electric else 470e3,
        reason_en="lowest cost per km" if rank == 1 else "dearer by 0.4 a km; cheaper below 110 000 km a year",
        reason_zh="每公里成本最低" if rank == 1 else "每公里贵 0.4；年行 11 万公里以下更省",
    )


LINES = (
    ("energy", "Energy", "能源", 0.40),
    ("tolls", "Tolls", "过路费", 0.25),
    ("driver", "Driver", "驾驶员", 0.2),
    ("capital", "Capital", "资本成本", 0.1),
    ("tyres", "Tyres", "轮胎", 0.05),
)


def detail(one: Row) -> CandidateDetail:
    assert one.cost is not None
    assert one.cost.value is not None
    cost = one.cost.value
    electric = one.electric_jpm is not None
    return CandidateDetail(
        row=one,
        side=side(1.6e9 if electric else None),
        checks=(
            check("axle-3", -0.0208, "load 0.5 t less"),
            check("gross-6-axle", 0.016),
            check("length", 0.05),
            check("d-value", None),
        ),
        performance=(
            Finding(name="perform.startability", value=0.21, unit="", method="engine torque"),
            Finding(name="perform.held_speed", value=14.2, unit="m/s", method="power"),
        ),
        account={
            "engine": 0.0 if electric else 2.9e9,
            "aero_still": 0.9e9,
            "rolling_tractor": 0.5e9,
            "rolling_trailer": 0.8e9,
            "driveline": 0.2e9,
            "climb": -0.01e9,
            "brake_friction": 0.15e9,
            "auxiliary": 0.1e9,
            "motor": 0.3e9 if electric else 0.0,
        },
        costs=tuple(
            CostLine(
                name=n,
                title_en=en,
                title_zh=zh,
                value=share * cost,
                low=0.85 * share * cost,
                high=1.2 * share * cost,
                source="[K] pump price 2024 to 2026",
            )
            for n, en, zh, share in LINES
        ),
        tornado=tuple(
            Swing(
                name=n,
                title_en=en,
                title_zh=zh,
                low_cost=cost * (1 - s),
                high_cost=cost * (1 + 1.4 * s),
                low_text="6.3 CNY/L",
                high_text="8.2 CNY/L",
                source="[K]",
            )
            for n, en, zh, s in (("diesel", "Diesel", "柴油价格", 0.06), ("life", "Years", "年限", 0.03))
        ),
        plan=(StopView(distance_m=260e3, kind="charge", duration_s=2400.0, before_ratio=0.18, after_ratio=0.8),)
        if electric
        else (),
        cumulative=tuple(cost * 140e6 * year * 0.93 + (one.price or 0.0) * (0.6 + 0.1 * year) for year in range(1, 6)),
    )


def road(points: int = 200) -> RoadView:
    shares = [k / (points - 1) for k in range(points)]
    return RoadView(
        title_en="Jinan to Qingdao, trunk",
        title_zh="济南至青岛干线",
        distance_m=tuple(320e3 * x for x in shares),
        altitude_m=tuple(60 + 90 * sin(7 * x) ** 2 + 20 * cos(31 * x) for x in shares),
        longitude_deg=tuple(117.0 + 3.3 * x for x in shares),
        latitude_deg=tuple(36.65 - 0.5 * sin(pi * x) for x in shares),
    )


def choice(choice_id: str = "c1") -> ChoiceView:
    from dataclasses import replace

    rows = (row("a", "diesel", 1, 5.1e-3), row("b", "battery", 2, 5.3e-3, electric=True), row("c", "lng", 3, 5.6e-3))
    refused = replace(
        row("d", "diesel", 0, 5.0e-3),
        cost=None,
        cost_tkm=None,
        reason_en="axle group 3: 24.5 t over 24 t; load 0.5 t less",
        reason_zh="第 3 轴组 24.5 t，超过 24 t；减少装载 0.5 t 即可",
    )
    return ChoiceView(
        choice_id=choice_id,
        duty=DUTY,
        title_en="Parcels, 30 t, Jinan to Qingdao",
        title_zh="快递 30 t，济南至青岛",
        currency="CNY",
        road=road(),
        considered_count=214,
        feasible_count=3,
        seconds_s=4.2,
        rows=rows,
        rejected=(refused,),
        refused=(("Axle load over its limit", "轴荷超限", 120), ("Range too short", "续航不足", 91)),
        warnings=(("front swing of 3 trailers is not known", "3 台挂车的前回转半径未知"),),
    )
