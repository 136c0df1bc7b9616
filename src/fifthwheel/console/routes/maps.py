"""What the base map draws besides land and sea: the fleet's own places and roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from fifthwheel.console.verbs import FleetVerbs


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """Places with names, and roads as lines."""

    places: Sequence[Any]
    roads: Sequence[Any]


def routes(fleet: FleetVerbs) -> APIRouter:
    """Path ``/map``."""
    router = APIRouter(tags=["map"])

    @router.get("/map")
    def base_map() -> MapView:
        """Places and roads known to the fleet."""
        return MapView(places=fleet.places(), roads=fleet.roads())

    return router
