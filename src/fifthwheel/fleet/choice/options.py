"""What a duty may name: for the form of the page and for the help of the command line."""

from __future__ import annotations

from functools import cache
from typing import Final

from fifthwheel.choose.duty import cargoes
from fifthwheel.choose.region import region, regions, titles
from fifthwheel.fleet.choice.views import ChoiceOptions, Option
from fifthwheel.road import mission as missions
from fifthwheel.units import TONNE
from fifthwheel.vehicle import rules
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.combination import Unit, UnitKind

REGIONS: Final = {"cn": ("China", "中国"), "eu": ("European Union", "欧盟"), "us": ("United States", "美国")}
ENERGIES: Final = {
    "diesel": ("Diesel", "柴油"), "lng": ("LNG", "液化天然气"), "battery": ("Battery", "纯电"),
    "fuel_cell": ("Fuel cell", "燃料电池"), "hybrid": ("hybrid", "混动"), "extender": ("range extender", "增程"),
    "etrailer": ("driven trailer", "电驱挂车"),
}  # fmt: skip
"""Words of `Combination.energy_kind`."""


@cache
def options() -> ChoiceOptions:
    """Every name that a duty may use, with titles; assumptions by region with value, range, unit and source."""
    book = catalogue()
    units = [book.unit(name) for name in book.names("units")]
    towing = [unit for unit in units if unit.kind is not UnitKind.TRAILER]
    trailers = [unit for unit in units if unit.kind is UnitKind.TRAILER]
    kinds = dict.fromkeys(unit.drive.energy_kind for unit in towing if unit.drive)
    towed = [f"{kind}_etrailer" for kind in kinds] if any(unit.drive for unit in trailers) else []
    bodies = [book.build("bodies", name) for name in book.names("bodies")]
    return ChoiceOptions(
        missions=tuple(
            Option(name=one.name, title_en=one.title_en, title_zh=one.title_zh) for one in map(missions.mission, missions.names())
        ),
        cargoes=tuple(
            Option(name=name, title_en=row["title_en"], title_zh=row["title_zh"], detail=f"{row['density_kgpm3']:g} kg/m³")
            for name, row in cargoes().items()
        ),
        regions=tuple(_region(name) for name in regions()),
        rules=tuple(_rules(name) for name in rules.names()),
        energies=tuple(energy(name) for name in (*kinds, *towed)),
        tractors=tuple(_unit(unit) for unit in towing),
        trailers=(
            *(_unit(unit) for unit in trailers),
            *(Option(name=one.name, title_en=one.title_en, title_zh=one.title_zh) for one in bodies if one.mass_kg > 0.0),
        ),
        assumptions={name: _assumptions(name) for name in regions()},
    )  # fmt: skip


def energy(kind: str) -> Option:
    """Title of a kind of energy, e.g. of ``diesel_hybrid``."""
    first = max((name for name in ENERGIES if kind.startswith(name)), key=len)
    words = [ENERGIES[first], *(ENERGIES[word] for word in kind.removeprefix(first).split("_") if word)]
    english, chinese = (tuple(word[side] for word in words) for side in (0, 1))
    return Option(name=kind, title_en=" ".join(english), title_zh=" ".join(chinese))


def _region(name: str) -> Option:
    english, chinese = REGIONS.get(name, (name, name))
    return Option(name=name, title_en=english, title_zh=chinese, detail=region(name).currency)


def _rules(name: str) -> Option:
    one = rules.rule_set(name)
    return Option(name=name, title_en=one.title_en, title_zh=one.title_zh, detail=one.version)


def _unit(unit: Unit) -> Option:
    detail = f"{unit.tare_kg / TONNE:.1f} t, {unit.length_m:.2f} m"
    return Option(name=unit.name, title_en=unit.title_en, title_zh=unit.title_zh, detail=detail)


def _assumptions(name: str) -> tuple[Option, ...]:
    words = titles("assumptions")
    return tuple(
        Option(
            name=one.name, title_en=words.get(one.name, (one.name, one.name))[0],
            title_zh=words.get(one.name, (one.name, one.name))[1], detail=f"{one.text}; {one.source}",
        )
        for one in region(name).assumptions.values()
    )  # fmt: skip
