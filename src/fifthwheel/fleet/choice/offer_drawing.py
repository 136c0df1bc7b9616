"""A candidate from the side, to scale, for paper: units, wheels, loads against limits, coupling, front swing, centre of mass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any, Final

from fifthwheel.document import WIDTH, Disc, Label, Line, Shape, drawing
from fifthwheel.fleet.choice.views import AxleView, SideView
from fifthwheel.fleet.views import UnitDrawing
from fifthwheel.units import KWH, TONNE

Said = Callable[[str, str], str]
INK, GREY, ACCENT, PALE, BAD = "#16201d", "#87938e", "#0b6e5b", "#f0f2ef", "#b3261e"
SCALES: Final = (50, 75, 100, 125, 150, 200)
"""Millimetres of the vehicle in one of the paper."""
CAB_M: Final = 2.3
"""Longest cab where nobody says one."""
BONNET_FROM_M: Final = 3.2
"""A cab longer than this stands behind a bonnet of `BONNET_M`."""
BONNET_M: Final = 1.7
LOAD_M: Final = 1.2
"""Height of a load on an open floor, dashed."""
CLOSE: Final = 20.0
"""Millimetres of paper that the words of an axle group need."""
ROOM: Final = 16.0
"""Millimetres of paper below the road for loads and the overall length."""


def side_drawing(side: SideView, said: Said) -> Any:
    """The drawing as a block of a page.

    Parameters
    ----------
    said : picks between an English and a Chinese text.
    """
    one = next((one for one in SCALES if (side.length_m + 1.0) * 1e3 / one <= WIDTH), SCALES[-1])
    page = _Sheet(1e3 / one, said)
    page.ground(side)
    for index, unit in enumerate(side.units):
        page.unit(side, unit, last=index == len(side.units) - 1)
    for index, axle in enumerate(side.axles):
        page.axle(axle, _near(side.axles, index) * page.scale < CLOSE, index)
    page.coupling(side)
    page.centre(side)
    page.put(Label(at=(WIDTH, ROOM + (side.height_m + 0.9) * page.scale), said=said(f"scale 1:{one}", f"比例 1:{one}"),
                   anchor="end", colour=GREY))  # fmt: skip
    return drawing(page.shapes, WIDTH, ROOM + (side.height_m + 1.2) * page.scale)


class _Sheet:
    """Shapes gathered; places in metres from the front and above the road, `scale` in millimetres a metre."""

    def __init__(self, scale: float, said: Said) -> None:
        self.scale, self.said = scale, said
        self.shapes: list[Shape] = []

    def put(self, *shapes: Shape) -> None:
        self.shapes.extend(shapes)

    def at(self, x_m: float, y_m: float) -> tuple[float, float]:
        return (x_m + 0.3) * self.scale, ROOM + y_m * self.scale

    def box(self, left_m: float, right_m: float, low_m: float, high_m: float, *, fill: str = PALE, line: str = INK) -> None:
        corners = ((left_m, low_m), (right_m, low_m), (right_m, high_m), (left_m, high_m), (left_m, low_m))
        self.put(Line(points=[self.at(*corner) for corner in corners], fill=fill, line=line))

    def words(self, x_m: float, y_m: float, said: str, *, colour: str = INK, size: float = 6) -> None:
        self.put(Label(at=self.at(x_m, y_m), said=said, anchor="middle", colour=colour, size=size))

    def ground(self, side: SideView) -> None:
        """The road, and the overall length below it."""
        ends = (self.at(0.0, 0.0)[0], self.at(side.length_m, 0.0)[0])
        self.put(Line(points=[(0, ROOM), (WIDTH, ROOM)], line=GREY), Line(points=[(ends[0], 3), (ends[1], 3)], line=GREY))
        self.put(*(Line(points=[(x, 1.8), (x, 4.2)], line=GREY) for x in ends))
        length = self.said(f"overall length {side.length_m:.2f} m, height {side.height_m:.2f} m",
                           f"总长 {side.length_m:.2f} m，总高 {side.height_m:.2f} m")  # fmt: skip
        self.put(Label(at=(sum(ends) / 2, 4), said=length, anchor="middle"))

    def unit(self, side: SideView, unit: UnitDrawing, *, last: bool) -> None:
        """Cab and frame of a tractor or rigid; the body where the load lies."""
        start, end = unit.start_m, unit.start_m + unit.length_m
        powered = unit.kind != "trailer"
        floor = side.floor_m or 1.2
        frame = floor - 0.1 if last else min(1.0, (side.coupling_height_m or 1.25) - 0.2)
        self.box(start + 0.1, end, frame - 0.22, frame, fill="#55625d")
        if powered:
            self._cab(unit, cab_end(side, unit))
        if last:
            self.body(side, (max(side.load_from_m, start), min(side.load_to_m, end)), floor, unit.height_m)
        if unit.battery_j:
            left = cab_end(side, unit) + 0.1 if powered else (start + end) / 2 - 0.8
            self.box(left, left + 1.2, 0.45, 0.95, fill="#d9efe9", line=ACCENT)
            self.words(left + 0.6, 0.62, f"{unit.battery_j / KWH:.0f} kWh", size=5)

    def body(self, side: SideView, ends_m: tuple[float, float], low: float, high: float) -> None:
        """The room for the load, in the outline by which the trade knows it."""
        left, right = ends_m
        length, height = right - left, high - low
        if side.body in {"tank", "powder"}:
            cut = min(0.3 * height, 0.6)
            points = [(left + cut, low), (right - cut, low), (right, low + cut), (right, high - cut), (right - cut, high),
                      (left + cut, high), (left, high - cut), (left, low + cut)]  # fmt: skip
        elif side.body == "tipper":
            points = [(left, low), (right - 0.35, low), (right, high), (left + 0.25, high)]
        elif side.body == "mixer":
            points = [(left, low + 0.3 * height), (left + 0.15 * length, high - 0.1 * height), (left + 0.5 * length, high),
                      (right, high - 0.3 * height), (right, low + 0.35 * height), (left + 0.45 * length, low),
                      (left + 0.1 * length, low)]  # fmt: skip
        elif side.body in {"flatbed", "low_loader"}:
            points = [(left, low), (right, low), (right, low + LOAD_M), (left, low + LOAD_M)]
        else:
            points = [(left, low), (right, low), (right, high), (left, high)]
        bare = side.body in {"flatbed", "low_loader"}
        outline = [self.at(*point) for point in (*points, points[0])]
        self.put(Line(points=outline, fill=None if bare else PALE, dashed=bare))

    def _cab(self, unit: UnitDrawing, end_m: float) -> None:
        start, top = unit.start_m, unit.height_m
        face = start + (BONNET_M if end_m - start > BONNET_FROM_M else 0.0)
        front = ((face + 0.5, top), (face + 0.12, 0.72 * top), (face, 1.7), (start, 1.5), (start, 0.45))
        outline = ((start, 0.45), (end_m, 0.45), (end_m, top), *front)
        glass = ((face + 0.15, 0.56 * top), (face + 0.2, 0.72 * top), (face + 0.75, 0.72 * top), (face + 0.75, 0.56 * top))
        self.put(Line(points=[self.at(*point) for point in outline], fill="#dcefe9", line=ACCENT))
        self.put(Line(points=[self.at(*point) for point in (*glass, glass[0])], fill="#ffffff", line=ACCENT))

    def axle(self, group: AxleView, close: bool, index: int) -> None:
        """Its wheels, and below them what it carries against its limit; where groups are `close`, by turns in two rows."""
        for place_m in group.positions_m:
            radius_m = group.tyre_radius_m or 0.5
            lift_m = 0.08 if group.liftable else 0.0
            centre, radius = self.at(place_m, radius_m + lift_m), radius_m * self.scale
            self.put(Disc(at=centre, radius=radius, fill="#27312e", dashed=group.liftable))
            self.put(Disc(at=centre, radius=0.5 * radius, fill=ACCENT if group.driven else PALE))
        over = bool(group.limit_kg) and group.load_kg > group.limit_kg
        limit = f" / {group.limit_kg / TONNE:.1f}" if group.limit_kg else ""
        x, down = self.at(_middle(group), 0.0)[0], 2.8 if close and index % 2 else 0.0
        said = f"{group.load_kg / TONNE:.2f}{limit} t"
        self.put(Label(at=(x, ROOM - 3.5 - down), said=said, anchor="middle", size=6.5, colour=BAD if over else INK))
        if not close:
            empty = self.said(f"unladen {group.unladen_kg / TONNE:.2f} t", f"空载 {group.unladen_kg / TONNE:.2f} t")
            self.put(Label(at=(x, ROOM - 6.3), said=empty, anchor="middle", size=5.5, colour=GREY))

    def coupling(self, side: SideView) -> None:
        """Fifth wheel with its load, the front swing about the kingpin and the gap behind the cab."""
        if side.coupling_m is None or side.coupling_height_m is None:
            return
        x, y = side.coupling_m, side.coupling_height_m
        plate = ((x - 0.45, y - 0.18), (x + 0.45, y - 0.18), (x + 0.3, y), (x - 0.3, y), (x - 0.45, y - 0.18))
        self.put(Line(points=[self.at(*point) for point in plate], fill=INK), Disc(at=self.at(x, y), radius=0.7, fill="#ffffff"))
        roof_m = max(unit.height_m for unit in side.units)
        if side.coupling_kg is not None:
            limit = f" / {side.coupling_limit_kg / TONNE:.1f}" if side.coupling_limit_kg else ""
            load = f"{side.coupling_kg / TONNE:.2f}{limit} t"
            self.put(Label(at=self.at(x + 0.12, y + 0.2), said=self.said(f"kingpin {load}", f"牵引销 {load}")))
        if side.swing_m is not None:
            up = roof_m + 0.25
            self.put(Line(points=[self.at(x - side.swing_m, up), self.at(x, up)], line=ACCENT))
            self.put(
                *(Line(points=[self.at(end, up - 0.12), self.at(end, up + 0.12)], line=ACCENT) for end in (x - side.swing_m, x))
            )
            self.put(Line(points=[self.at(x, y), self.at(x, up)], dashed=True, line=ACCENT))
            swing = self.said(f"front swing {side.swing_m:.2f} m", f"前回转半径 {side.swing_m:.2f} m")
            gap = "" if side.gap_m is None else self.said(f", gap {side.gap_m:.2f} m", f"，间隙 {side.gap_m:.2f} m")
            self.words(x - side.swing_m / 2, roof_m + 0.45, swing + gap, colour=ACCENT)

    def centre(self, side: SideView) -> None:
        """The centre of mass of the laden whole."""
        x, y = side.cg_m, side.cg_height_m
        self.put(Disc(at=self.at(x, y), radius=1.2, fill="#ffffff"))
        self.put(
            Line(points=[self.at(x - 0.25, y), self.at(x + 0.25, y)]), Line(points=[self.at(x, y - 0.25), self.at(x, y + 0.25)])
        )
        said = self.said(f"centre of mass {y:.2f} m", f"质心高 {y:.2f} m")
        self.put(Label(at=self.at(x + 0.3, y - 0.08), said=said))


def _middle(group: AxleView) -> float:
    return sum(group.positions_m) / len(group.positions_m)


def _near(groups: Sequence[AxleView], index: int) -> float:
    """Metres from a group to the nearest other."""
    own = _middle(groups[index])
    return min((abs(_middle(other) - own) for place, other in enumerate(groups) if place != index), default=inf)


def cab_end(side: SideView, unit: UnitDrawing) -> float:
    """Where the cab ends: ahead of the trailer by the gap, or where a rigid's room for the load begins."""
    behind = next((other for other in side.units if other.start_m > unit.start_m), None)
    if behind is not None and side.gap_m is not None:
        return behind.start_m - side.gap_m
    room = side.load_from_m - 0.1 - unit.start_m if behind is None else 0.0
    return unit.start_m + min(CAB_M, room if room > 1.1 else 0.45 * unit.length_m)
