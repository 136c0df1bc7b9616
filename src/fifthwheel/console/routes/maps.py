"""What the base map draws besides land and sea: the fleet's own places and roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from fifthwheel.console.verbs import ConsoleVerbs


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A named place."""

    name_en: str
    name_zh: str
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadLine:
    """A road as a line of (longitude, latitude) in degrees."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """Places and roads that the fleet knows."""

    places: tuple[PlaceView, ...]
    roads: tuple[RoadLine, ...]


def routes(fleet: ConsoleVerbs) -> APIRouter:
    """Path ``/map``."""
    router = APIRouter(tags=["map"])

    @router.get("/map", response_model=MapView)
    def base_map() -> dict[str, Any]:
        """Places and roads known to the fleet."""
        return {"places": fleet.places(), "roads": fleet.roads()}

    return router
