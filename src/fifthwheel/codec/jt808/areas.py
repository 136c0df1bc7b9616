"""Areas and routes of 0x8600, 0x8602, 0x8604, 0x8606 and their answer 0x0608: JT/T 808-2019 clauses 8.38 to 8.46."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fifthwheel.codec.jt808.layout import (
    Field,
    Layout,
    Test,
    bit,
    coordinate,
    count,
    each,
    since_2019,
    text,
    time,
    u8,
    u16,
    u32,
    variants,
    when,
)

_NAME: Final = when(since_2019, text("name", prefix=2))
_NIGHT: Final = when(since_2019, *u16("night_speed_limit_kmh"))
_LIMIT: Final[Layout] = (*u16("speed_limit_kmh"), *u8("overspeed_duration_s"))
_STAY: Final[Layout] = u16("longest_stay_s", "shortest_stay_s")
_AREA: Final[Layout] = (*u32("area_id"), *u16("attribute_bits"))


def _always(_: Mapping[str, Any], __: str) -> bool:
    return True


def _either(layout: Callable[[Callable[[str, int], Test]], Layout]) -> Layout:
    """A `layout` whose optional parts follow their attribute bits; some platforms send all of them whatever the bits say."""
    return (variants(("", layout(bit)), ("all fields", layout(lambda _, __: _always))),)


def _times(given: Callable[[str, int], Test]) -> Field:
    return when(given("attribute_bits", 0), time("start_time"), time("end_time"))


def _point(prefix: str = "") -> Layout:
    """A place of an area, whose attribute bits 6 and 7 tell south and west."""
    south, west = ("attribute_bits", 6), ("attribute_bits", 7)
    return (coordinate(f"{prefix}latitude_deg", south), coordinate(f"{prefix}longitude_deg", west))


def _areas(*shape: Field) -> Layout:
    def layout(given: Callable[[str, int], Test]) -> Layout:
        limits = when(given("attribute_bits", 1), *_LIMIT, _NIGHT)
        area = (*_AREA, *shape, _times(given), limits, _NAME)
        return (*u8("setting"), count("count", 1, "areas"), each("areas", area, of="count"))

    return _either(layout)


def _polygon(given: Callable[[str, int], Test]) -> Layout:
    limited = given("attribute_bits", 1)
    return (
        *_AREA,
        _times(given),
        when(limited, *_LIMIT),
        count("count", 2, "vertices"),
        each("vertices", (coordinate("latitude_deg"), coordinate("longitude_deg")), of="count"),
        when(limited, _NIGHT),
        _NAME,
    )


def _route(given: Callable[[str, int], Test]) -> Layout:
    """A corner's hemisphere follows it on the wire (section bits 2 south, 3 west), so its degrees are unsigned here."""
    corner = (
        *u32("corner_id", "section_id"),
        coordinate("latitude_deg"),
        coordinate("longitude_deg"),
        *u8("width_m", "section_bits"),
        when(given("section_bits", 0), *_STAY),
        when(given("section_bits", 1), *_LIMIT, *((_NIGHT,) if given is bit else ())),
    )
    head = (*u32("route_id"), *u16("attribute_bits"), _times(given))
    return (*head, count("count", 2, "corners"), each("corners", corner, of="count"), _NAME)


CIRCLES: Final = _areas(*_point("center_"), *u32("radius_m"))
RECTANGLES: Final = _areas(*_point("top_left_"), *_point("bottom_right_"))
POLYGON: Final = _either(_polygon)
ROUTE: Final = _either(_route)
ANSWERS: Final[dict[int, Layout]] = {
    kind: (each("areas", layout, of="count"),) for kind, layout in enumerate((CIRCLES, RECTANGLES, POLYGON, ROUTE), 1)
}
"""By the query type of 0x0608."""
