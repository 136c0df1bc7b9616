"""What an FMU says of itself beyond what pythonfmu writes: needs, units, ranges, and the page that importing tools show."""

from __future__ import annotations

import html
import math
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from fifthwheel import __version__
from fifthwheel.control.block import Block, Signal
from fifthwheel.units import BASE_UNITS, base_exponents

NEEDS: Final = f"CPython 3.11 or newer, 64-bit Linux or Windows, with fifthwheel=={__version__} installed"
"""What the importing tool's machine must have."""


def limits(one: Signal) -> dict[str, str]:
    """Unit and range as attributes of a variable."""
    unit = {"unit": one.unit} if one.unit else {}
    ends = {"min": one.low, "max": one.high}
    return unit | {word: repr(float(value)) for word, value in ends.items() if math.isfinite(value)}


def define_units(root: Element, symbols: set[str]) -> None:
    """UnitDefinitions, which the schema wants right after CoSimulation."""
    if not symbols:
        return
    place = [child.tag for child in root].index("CoSimulation") + 1
    definitions = Element("UnitDefinitions")
    root.insert(place, definitions)
    for symbol in sorted(symbols):
        unit = SubElement(definitions, "Unit", {"name": symbol})
        powers = base_exponents(symbol)
        if powers is not None:
            used = {base: str(power) for base, power in zip(BASE_UNITS, powers, strict=True) if power}
            SubElement(unit, "BaseUnit", used)


def document(block: Block) -> str:
    """The page that importing tools show: what the FMU needs, and its signals."""
    rows = "".join(
        f"<tr><td>{kind}</td><td>{one.name}</td><td>{one.unit}</td><td>{one.low:g} to {one.high:g}</td><td>{one.start:g}</td>"
        f"<td>{html.escape(one.title_en)}</td><td>{html.escape(one.title_zh)}</td></tr>"
        for kind in ("inputs", "outputs", "parameters")
        for one in getattr(block, kind)
    )
    head = f"{html.escape(block.title_en)} / {html.escape(block.title_zh)}"
    return (
        f'<!doctype html><meta charset="utf-8"><title>{block.name}</title><h1>{head}</h1>'
        f"<p>FMI 2.0 co-simulation, stepped every {block.period_s} s. Needs {NEEDS}.</p>"
        f"<table><tr><th>kind</th><th>name</th><th>unit</th><th>range</th><th>start</th><th colspan=2>meaning</th></tr>{rows}"
        "</table>"
    )
