"""The offer: one to three candidates of a choice on printed pages, in Chinese or English, each figure with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fifthwheel.choose.duty import cargoes
from fifthwheel.choose.performance_checks import LIMITS_ZH
from fifthwheel.document import WIDTH, check_installed, lines, page_break, paper, space, table, text, together
from fifthwheel.errors import InputError
from fifthwheel.finding import Finding
from fifthwheel.fleet.choice.offer_drawing import side_drawing
from fifthwheel.fleet.choice.options import REGIONS, energy
from fifthwheel.fleet.choice.views import CandidateDetail, CheckView, ChoiceView, Row
from fifthwheel.physics.energy import TERMS
from fifthwheel.units import HOUR, KM, KWH, LITRE, MJ, TONNE
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.rules import usual

MOST: Final = 3
"""Candidates of one offer."""
CHECKS: Final = 14
"""Checks printed of one candidate, worst first; the rest is counted."""
COLOURS: Final = ("#0b6e5b", "#b45309", "#2f7fb8")
PAINT: Final = {"pass": "#d9f0dd", "fail": "#f9d5d3", "not_verified": "#fdf0c9"}
OUTCOMES: Final = {"pass": ("pass", "通过"), "fail": ("fail", "不通过"), "not_verified": ("not verified", "未校核")}
STOPS: Final = {
    "charge": ("charge", "充电"), "swap": ("swap the battery", "换电"),
    "refuel": ("refuel", "加注"), "rest": ("driver's rest", "驾驶员休息"),
}  # fmt: skip
PERFORMANCE: Final = {
    "startability": ("Steepest start", "最大起步坡度"), "gradeability": ("Steepest grade", "最大爬坡度"),
    "climb": ("Grade at the climbing speed", "规定爬坡车速下的爬坡度"),
    "held_speed": ("Speed on the grade asked", "规定坡度上的车速"),
    "top_speed": ("Top speed", "最高车速"), "acceleration": ("0 to 80 km/h", "0–80 km/h 加速时间"),
    "descent_grade": ("Descent without friction brakes", "不用行车制动的下坡度"), "power_mass": ("Power over mass", "比功率"),
}  # fmt: skip
"""Figures of the performance that are printed, as a buyer knows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands at the head of an offer: passed in, for an offer has no clock.

    Attributes
    ----------
    day : it is made on. valid_days_count : that it holds. customer : who gets it, or empty.
    """

    day: date
    valid_days_count: int = 30
    customer: str = ""


def offer(view: ChoiceView, details: Sequence[CandidateDetail], heading: Heading, *, language: str = "zh") -> bytes:
    """The offer as a PDF of A4 pages.

    Parameters
    ----------
    language : ``zh`` or ``en``.

    Raises
    ------
    InputError : no candidate or more than three, another language, or reportlab is not installed.
    """
    if not 1 <= len(details) <= MOST:
        raise InputError(f"{len(details)} candidates in an offer; 1 to {MOST} are accepted")
    if language not in {"zh", "en"}:
        raise InputError(f"language {language!r}; zh and en are accepted")
    check_installed()
    made = _Offer(view, details, heading, chinese=language == "zh")
    blocks = [*made.head(), *made.work(), *made.comparison(), *made.years()]
    for detail in details:
        blocks += [page_break(), *made.candidate(detail)]
    blocks += [page_break(), *made.assumptions(), *made.close()]
    page = made.said("page {} of {}", "第 {} 页，共 {} 页")
    return paper(blocks, title=made.title, author="fifthwheel", page_said=page)


class _Offer:
    """Blocks of one offer in one language."""

    def __init__(self, view: ChoiceView, details: Sequence[CandidateDetail], heading: Heading, *, chinese: bool) -> None:
        self.view, self.details, self.heading, self.chinese = view, details, heading, chinese
        self.title = self.said(f"Offer {view.choice_id}", f"方案书 {view.choice_id}")

    def said(self, english: str, chinese: str) -> str:
        return chinese if self.chinese else english

    def both(self, item: Any, name: str = "title") -> str:
        """The text in the language of the offer, of a record that carries both."""
        return str(getattr(item, f"{name}_{'zh' if self.chinese else 'en'}"))

    def head(self) -> list[Any]:
        day = self.heading.day
        until = day + timedelta(days=self.heading.valid_days_count)
        made = self.said(
            f"Made on {day:%Y-%m-%d}, valid until {until:%Y-%m-%d}", f"出具日期 {day:%Y-%m-%d}，有效期至 {until:%Y-%m-%d}"
        )
        to = [text(self.said(f"For {self.heading.customer}", f"致：{self.heading.customer}"), 9)] if self.heading.customer else []
        title = text(self.said("Tractor and trailer for your work", "牵引车与挂车选型方案"), 18)
        return [title, text(self.both(self.view), 11), *to,
                text(f"{self.title}  ·  {made}", 8, colour="#55625d"), space(2)]  # fmt: skip

    def work(self) -> list[Any]:
        """The duty, as it was entered, two facts a row."""
        facts = list(self._facts())
        facts += [("", "")] * (len(facts) % 2)
        half = len(facts) // 2
        rows = [(*left, *right) for left, right in zip(facts[:half], facts[half:], strict=True)]
        return [text(self.said("The work", "运输任务"), 11), table(rows, (32, 58, 32, 58)), space()]

    def _facts(self) -> Iterable[tuple[str, str]]:
        duty = self.view.duty
        road, cargo, work, limits = (_table(duty.get(name)) for name in ("road", "cargo", "work", "limits"))
        way = self.view.road
        climb = sum(max(b - a, 0.0) for a, b in zip(way.altitude_m, way.altitude_m[1:], strict=False))
        length_km = (way.distance_m[-1] if way.distance_m else 0.0) / KM
        back = {"empty": ("back empty", "空返"), "laden": ("back laden", "重返"), "none": ("one way", "单程")}[
            str(road.get("back", "empty"))
        ]
        mass, goods = cargo.get("payload_t"), cargoes()[cargo["kind"]]
        most = self.said("as much as is lawful", "按限值内最大装载")
        yield self.said("Road", "线路"), f"{self.both(way)}, {length_km:.0f} km, {self.said(*back)}"
        yield self.said("Climb, one way", "单程累计爬升"), f"{climb:.0f} m"
        yield (
            self.said("Cargo", "货物"),
            f"{self.said(goods['title_en'], goods['title_zh'])}, {most if mass is None else f'{mass:g} t'}",
        )
        yield (
            self.said("Driven", "里程"),
            self.said(
                f"{work.get('distance_day_km', 0):g} km a day, {work.get('distance_year_km', 0):,.0f} km a year",
                f"日行 {work.get('distance_day_km', 0):g} km，年行 {work.get('distance_year_km', 0):,.0f} km",
            ),
        )
        yield self.said("Kept for", "使用年限"), self.said(f"{work.get('years', 0):g} years", f"{work.get('years', 0):g} 年")
        region = str(duty["region"])
        named = ", ".join(str(one) for one in _list(duty.get("rules")) or usual(region))
        yield self.said("Place and rules", "地区与规则集"), f"{self.said(*REGIONS.get(region, (region, region)))}: {named}"
        yield self.said("Coldest day", "最低气温"), f"{limits.get('coldest_c', '')} °C"
        yield (
            self.said("Considered", "比选范围"),
            self.said(
                f"{self.view.considered_count} variants, {self.view.feasible_count} can do the work",
                f"比选 {self.view.considered_count} 个变型（含速比），{self.view.feasible_count} 个可行",
            ),
        )

    def comparison(self) -> list[Any]:
        """Key data, a column a candidate."""
        rows = [one.row for one in self.details]
        money = self.view.currency
        lines_: list[tuple[str, list[str]]] = [
            (self.said("Combination", "组合"), [self.both(row) for row in rows]),
            (self.said("Tractor", "牵引车"), [row.tractor for row in rows]),
            (self.said("Trailer", "挂车"), [row.trailer or "–" for row in rows]),
            (self.said("Place in the ranking", "排名"), [self._place(row) for row in rows]),
            (self.said("Energy", "能源"), [self.both(energy(row.energy_kind)) for row in rows]),
            (self.said("Payload, gross mass", "载质量，总质量"),
             [f"{row.payload_kg / TONNE:.1f} t, {row.gross_kg / TONNE:.1f} t" for row in rows]),
            (self.said("Purchase price (assumption)", "购置价（假定）"), [_whole(row.price, money) for row in rows]),
            (self.said("Cost per km, 90 % interval", "每公里成本，90% 区间"),
             [_interval(row.cost, KM, f"{money}/km") for row in rows]),
            (self.said("Cost per t·km, 90 % interval", "吨公里成本，90% 区间"),
             [_interval(row.cost_tkm, TONNE * KM, f"{money}/t·km", 3) for row in rows]),
            (self.said("Use", "能耗"), [_use(row) for row in rows]),
            (self.said("CO₂, tank and plug to wheel", "CO₂ 排放"), [_times(row.co2_kgpm, KM * 1e3, "g/km") for row in rows]),
            (self.said("Round trip with stops", "往返用时（含停靠）"), [_times(row.time_s, 1 / HOUR, "h", 1) for row in rows]),
            (self.said("Range, coldest day, with reserve", "最低气温续航（留余量）"),
             [_times(row.range_m, 1 / KM, "km") for row in rows]),
            (self.said("Why", "理由"), [self.both(row, "reason") for row in rows]),
        ]  # fmt: skip
        width = (WIDTH - 46) / len(rows)
        cells = [("", *(f"{index}" for index in range(1, len(rows) + 1))), *((name, *values) for name, values in lines_)]
        return [text(self.said("What is offered", "方案比较"), 11), table(cells, (46, *[width] * len(rows)), head=1), space()]

    def _place(self, row: Row) -> str:
        if not row.rank:
            return self.said("rejected", "不可行")
        best = self.said(", nothing is better in everything", "，帕累托最优") if row.best else ""
        return self.said(f"{row.rank} of {self.view.feasible_count}", f"第 {row.rank} / {self.view.feasible_count}") + best

    def years(self) -> list[Any]:
        """Cost of owning, year by year: where the lines cross, one has paid for itself against the other."""
        series = {
            f"{index} {self.both(one.row).rpartition('+')[0].strip() or self.both(one.row)}": [
                (float(year), value / 1e3) for year, value in enumerate(one.cumulative, start=1)
            ]
            for index, one in enumerate(self.details, start=1)
        }
        if not all(series.values()):
            return []
        head = self.said(
            f"Cumulative cost, discounted, 1,000 {self.view.currency} over years",
            f"累计成本（折现），千 {self.view.currency}，按年",
        )
        count = max(len(points) for points in series.values())
        rows = [(self.said("year", "年"), *(str(year) for year in range(1, count + 1)))]
        rows += [(str(index), *(f"{value:,.0f}" for _, value in points)) for index, points in enumerate(series.values(), start=1)]
        widths = (14, *[min(22.0, (WIDTH - 14) / count)] * count)
        return [together([text(head, 11), lines(series, COLOURS, 52), table(rows, widths, head=1, right=range(1, count + 1))])]

    def candidate(self, detail: CandidateDetail) -> list[Any]:
        """One candidate in full."""
        row = detail.row
        number = self.details.index(detail) + 1
        units = " + ".join(name for name in (row.tractor, row.trailer) if name)
        return [
            text(f"{number}. {self.both(row)}", 13), text(units, 8, colour="#55625d"),
            side_drawing(detail.side, self.said), space(),
            *self._axles(detail), *self._checks(detail.checks), *self._performance(detail.performance), *self._costs(detail),
            *self._energy(detail), *self._plan(detail),
        ]  # fmt: skip

    def _axles(self, detail: CandidateDetail) -> list[Any]:
        words = (
            ("axle group", "轴组"),
            ("axles", "轴数"),
            ("unladen t", "空载 t"),
            ("laden t", "满载 t"),
            ("limit t", "限值 t"),
            ("left", "余量"),
        )
        rows = [tuple(self.said(*pair) for pair in words)]
        for index, axle in enumerate(detail.side.axles, start=1):
            marks = {("steered", "转向"): axle.steered, ("driven", "驱动"): axle.driven, ("lift", "可提升"): axle.liftable}
            name = " ".join([str(index), *(self.said(*pair) for pair, on in marks.items() if on)])
            rows.append((name, str(len(axle.positions_m)), *_load(axle.unladen_kg, axle.load_kg, axle.limit_kg)))
        side = detail.side
        if side.coupling_kg is not None:
            rows.append(
                (
                    self.said("kingpin / fifth wheel", "牵引销/鞍座"),
                    "",
                    "",
                    *_load(0.0, side.coupling_kg, side.coupling_limit_kg or 0.0)[1:],
                )
            )
        made = table(rows, (50, 20, 26, 26, 26, 32), head=1, right=range(1, 6))
        return [together([text(self.said("Axle loads against limits", "轴荷与限值"), 11), made]), space()]

    def _checks(self, checks: Sequence[CheckView]) -> list[Any]:
        known = [one for one in checks if one.outcome != "not_verified"]
        unknown = [one for one in checks if one.outcome == "not_verified"]
        shown = [*known[:CHECKS], *unknown[:CHECKS]]
        rows = [
            (
                self.said("check", "校核项"),
                self.said("result, margin and source", "结论、裕度与出处"),
                self.said("outcome", "结果"),
            )
        ]
        rows += [(self.both(one), f"{self.both(one, 'text')} ({one.source})", self.said(*OUTCOMES[one.outcome])) for one in shown]
        colours = [(2, index, PAINT[one.outcome]) for index, one in enumerate(shown, start=1)]
        counts = self.said(
            f"{len(checks)} checks, worst first; {len(checks) - len(shown)} with larger margins are listed in the program",
            f"共 {len(checks)} 项校核，最差者在前；其余 {len(checks) - len(shown)} 项裕度更大，或见程序",
        )
        head = text(self.said("Law, coupling and body: checks with margins", "法规、挂接与上装校核及裕度"), 11)
        return [head, table(rows, (45, 115, 20), colours, head=1), text(counts, 7, colour="#55625d"), space()]

    def _performance(self, found: Sequence[Finding]) -> list[Any]:
        rows = [
            (self.said(*PERFORMANCE[name]), _quantity(one), self.said(limit, LIMITS_ZH.get(limit, limit)))
            for one in found
            if (name := one.name.removeprefix("perform.")) in PERFORMANCE
            for limit in [one.method.partition("limit: ")[2]]
        ]
        head = (self.said("performance", "动力性"), self.said("value", "数值"), self.said("bound by", "受限于"))
        return [together([table([head, *rows], (60, 45, 75), head=1)]), space()] if rows else []

    def _costs(self, detail: CandidateDetail) -> list[Any]:
        money, several = self.view.currency, self.said("several: see assumptions", "多项，见“假定与来源”")
        rows = [
            (self.said("cost line", "成本项"), f"{money}/km", self.said("90 % interval", "90% 区间"), self.said("source", "来源"))
        ]
        rows += [
            (
                self.both(one),
                f"{one.value * KM:.3f}",
                f"{one.low * KM:.3f} … {one.high * KM:.3f}",
                several if one.source == "ledger" else one.source,
            )
            for one in detail.costs
        ]
        cost = detail.row.cost
        if cost is not None and cost.value is not None:
            ends = "" if cost.low is None or cost.high is None else f"{cost.low * KM:.3f} … {cost.high * KM:.3f}"
            rows.append((self.said("together", "合计"), f"{cost.value * KM:.3f}", ends, ""))
        made = table(rows, (40, 22, 38, 80), head=1, right=(1, 2))
        return [text(self.said("Cost per km, whole life", "全生命周期每公里成本"), 11), made, space()]

    def _energy(self, detail: CandidateDetail) -> list[Any]:
        total = sum(detail.account.values())
        rows = [(self.said("energy of a round trip", "往返能耗去向"), "MJ", "%")]
        rows += [(self.said(term.title_en, term.title_zh), f"{value / MJ:,.0f}", f"{100 * value / total:.1f}") for term in TERMS
                 if total and abs(value := detail.account.get(term.name, 0.0)) >= 5e-4 * total]  # fmt: skip
        rows.append((self.said("tank and battery", "合计"), f"{total / MJ:,.0f}", "100.0"))
        return [together([table(rows, (70, 30, 25), head=1, right=(1, 2))]), space()]

    def _plan(self, detail: CandidateDetail) -> list[Any]:
        rows = [
            (
                self.said("stop at km", "停靠里程 km"),
                self.said("what", "内容"),
                "min",
                self.said("store before, after", "前后存量"),
            )
        ]
        for one in detail.plan:
            what = self.said(*STOPS.get(one.kind, (one.kind, one.kind)))
            store = f"{100 * one.before_ratio:.0f} % … {100 * one.after_ratio:.0f} %"
            rows.append((f"{one.distance_m / KM:.0f}", what, f"{one.duration_s / 60:.0f}", store))
        head = text(self.said("Energy plan of a day", "一日补能计划"), 11)
        return [together([head, table(rows, (35, 45, 25, 50), head=1)])] if detail.plan else []

    def assumptions(self) -> list[Any]:
        """Everything the figures rest on, once each."""
        swings = {one.name: one for detail in self.details for one in detail.tornado}
        rows = [(self.said("assumption", "假定"), self.said("low … high", "低 … 高"), self.said("source", "来源"))]
        rows += [(self.both(one), f"{one.low_text} … {one.high_text}", one.source) for one in swings.values()]
        made = table(rows, (55, 50, 75), head=1)
        note = self.said(
            "Figures marked [K] are general knowledge and wait for yours.", "标有 [K] 的数值为行业常识，请以贵方实际数据替换。"
        )
        return [text(self.said("Assumptions and sources", "假定与来源"), 13), made, text(note, 7)]

    def close(self) -> list[Any]:
        """What was not checked, and what the offer is not."""
        open_ = [text(f"– {warning[1 if self.chinese else 0]}", 7) for warning in self.view.warnings]
        note = self.said(
            "Every check names the rule set and version it was made against, with its margin. It is a calculation, no type "
            "approval and no certificate. Cost, energy and time are simulated from the road, the mass and the assumptions above; "
            "intervals hold nine cases of ten.",
            "每一项校核都写明所用规则集、版本和裕度；校核是计算结果，不是型式批准，也不是合格证明。"
            "成本、能耗与用时由线路、质量和上述假定仿真得出，区间覆盖九成情形。",
        )
        head = [text(self.said("What could not be checked", "未能校核的内容"), 11)] if open_ else []
        sign = table(
            [(self.said("For the seller, date", "供方签章、日期"), "", self.said("For the buyer, date", "需方签章、日期"), "")],
            (32, 58, 32, 58),
        )
        return [*head, *open_, space(), text(note, 7), space(6), sign]


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _load(unladen_kg: float, load_kg: float, limit_kg: float) -> tuple[str, str, str, str]:
    left = f"{100 * (1 - load_kg / limit_kg):.1f} %" if limit_kg else "–"
    return f"{unladen_kg / TONNE:.2f}", f"{load_kg / TONNE:.2f}", f"{limit_kg / TONNE:.2f}" if limit_kg else "–", left


def _times(value: float | None, factor: float, unit: str, digits: int = 0) -> str:
    return "–" if value is None else f"{value * factor:,.{digits}f} {unit}"


def _whole(value: float | None, unit: str) -> str:
    return _times(value, 1.0, unit)


def _interval(found: Finding | None, factor: float, unit: str, digits: int = 2) -> str:
    if found is None or found.value is None:
        return "–"
    ends = (
        ""
        if found.low is None or found.high is None
        else f" ({found.low * factor:.{digits}f} … {found.high * factor:.{digits}f})"
    )
    return f"{found.value * factor:.{digits}f} {unit}{ends}"


def _use(row: Row) -> str:
    """Fuel and electricity for 100 km, as they are bought: diesel by the litre."""
    diesel = row.energy_kind.startswith("diesel")
    kgpm = (row.fuel_kgpm or 0.0) / (catalogue().build("fuels", "diesel").density_kgpm3 * LITRE if diesel else 1.0)
    fuel = [f"{kgpm * 100 * KM:.1f} {'L' if diesel else 'kg'}/100 km"] if row.fuel_kgpm else []
    plug = [f"{row.electric_jpm * 100 * KM / KWH:.0f} kWh/100 km"] if row.electric_jpm else []
    return " + ".join([*fuel, *plug]) or "–"


def _quantity(found: Finding) -> str:
    """A figure of the vehicle in the unit people read."""
    if found.value is None:
        return "–"
    factor, unit, digits = {
        "m/s": (3.6, "km/h", 0), "": (100.0, "%", 1), "m": (1 / KM, "km", 0), "s": (1.0, "s", 1),
        "W/kg": (1.0, "kW/t", 1), "W": (1e-3, "kW", 0),
    }.get(found.unit, (1.0, found.unit, 2))  # fmt: skip
    return f"{found.value * factor:,.{digits}f} {unit}"
