"""A `Body`: what a trailer or a chassis carries its cargo in, with what its mechanics need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fifthwheel.vehicle.components import Auxiliary, Part


class BodyKind(StrEnum):
    """What a body is."""

    BOX = "box"
    CURTAIN = "curtain"
    WING = "wing"
    REEFER = "reefer"
    STAKE = "stake"
    FLATBED = "flatbed"
    SKELETON = "skeleton"
    LOW_LOADER = "low_loader"
    TIPPER = "tipper"
    WALKING_FLOOR = "walking_floor"
    TANK = "tank"
    POWDER = "powder"
    MIXER = "mixer"
    CAR_CARRIER = "car_carrier"


class Section(StrEnum):
    """Cross-section of a tank."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Part):
    """A body. Places are from the front of the unit that carries it, heights above the road, unladen; zero: nobody says.

    Attributes
    ----------
    mass_kg : of a body for a chassis, added to the chassis' tare; zero for a trailer's (the trailer's tare has it).
    cg_m, cg_height_m : centre of its mass.
    volume_m3 : that it carries.
    load_from_m, load_to_m : ends of the room for the load. floor_m : height of its floor.
    inside_width_m, inside_height_m : of that room.
    hinge_m, tip_rad : hinge and greatest angle of a tipper.
    section, section_width_m, section_height_m : outside of a tank's cross-section, whose lowest point is at `floor_m`.
    compartments_m : lengths of a tank's compartments (or of its spaces between baffles), front to rear.
    drum_shift_m : how far a turning drum carries its charge to the rising side.
    drag_area_m2 : CdA of the whole vehicle with this body on a chassis.
    chassis : names of the chassis that a body is made for; empty for a trailer's.
    auxiliaries : consumers that a body brings to a chassis.
    markets : regions where it is sold (``cn``, ``eu``, ``us``).
    price : assumption of a region that says the price of a body for a chassis, which comes on top of the chassis'.
    """

    kind: BodyKind
    title_en: str
    title_zh: str
    mass_kg: float = 0.0
    cg_m: float = 0.0
    cg_height_m: float = 0.0
    length_m: float = 0.0
    height_m: float = 0.0
    volume_m3: float = 0.0
    load_from_m: float = 0.0
    load_to_m: float = 0.0
    floor_m: float = 0.0
    inside_width_m: float = 0.0
    inside_height_m: float = 0.0
    hinge_m: float = 0.0
    tip_rad: float = 0.0
    section: Section | None = None
    section_width_m: float = 0.0
    section_height_m: float = 0.0
    compartments_m: tuple[float, ...] = ()
    drum_shift_m: float = 0.0
    drag_area_m2: float = 0.0
    chassis: tuple[str, ...] = ()
    auxiliaries: tuple[Auxiliary, ...] = ()
    markets: tuple[str, ...] = ()
    price: str = ""
