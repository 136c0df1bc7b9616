"""Requirements as data: what must hold, where that is written, in which scenarios it is looked at, which test traces to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import inf
from typing import Any

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import unit_of
from fifthwheel.verify.kind import Choice, Kind, Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement.

    Attributes
    ----------
    requirement_id : e.g. ``BRK-007``. text_en, text_zh : what must hold.
    source : fact section, norm or paper with its tag (``[K]`` known, not read; ``[P]`` proposed; ``[S..]`` source).
    rule_set, version : what the figure is checked against; a check never says more than that.
    quantity : name of a scenario's figure; its suffix is the unit. low, high : limits, either may be infinite.
    kinds : scenario kinds in which it is looked at.
    where : range (low, high) of a parameter, or names of a choice, outside of which it does not apply.
    part_ratio : share of the cases that must keep the limit, 1 for all (0.95: the 95th percentile is judged).
    acceptance : number in control facts section 7. tests : where it is tested, ``path::name``.
    missing : why it cannot be verified (norm text not at hand); empty otherwise.
    """

    requirement_id: str
    text_en: str
    text_zh: str
    source: str
    rule_set: str = "control facts"
    version: str = "section 7"
    quantity: str = ""
    low: float = -inf
    high: float = inf
    kinds: tuple[str, ...] = ()
    where: Mapping[str, tuple[float, float] | tuple[str, ...]] = field(default_factory=dict)
    part_ratio: float = 1.0
    acceptance: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    missing: str = ""

    @property
    def unit(self) -> str:
        """Unit of quantity and limits."""
        return unit_of(self.quantity)

    def applies(self, kind: str, parameters: Parameters) -> bool:
        """Whether a case is one in which this must hold."""
        return kind in self.kinds and all(_inside(parameters[name], among) for name, among in self.where.items())

    def margin(self, value: float) -> float:
        """Distance to the nearer limit in the quantity's unit, negative beyond it."""
        return min(value - self.low, self.high - value)

    def nearer(self, value: float) -> float:
        """The limit that the margin is counted from."""
        return self.low if value - self.low < self.high - value else self.high


def _inside(value: float | str, among: tuple[float, float] | tuple[str, ...]) -> bool:
    if isinstance(value, str):
        return value in among
    low, high = among
    return float(low) - 1e-9 <= value <= float(high) + 1e-9


def requirement_from(place: str, name: str, table: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Requirement:
    """A requirement from its table; `place` is the file, for messages.

    Raises
    ------
    InputError : a key is missing, unknown or of the wrong type, or no limit is given. UnknownName : no such kind or quantity.
    """
    where = f"{place}, table requirements.{name}"
    known = {one.name for one in fields(Requirement)} - {"requirement_id"}
    for key in table:
        if key not in known:
            raise InputError(f"{where}, key {key}: not a key of a requirement; {', '.join(sorted(known))} are accepted")
    for key in ("text_en", "text_zh", "source"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise InputError(f"{where}, key {key}: {table.get(key)!r}; a text is accepted")
    for key in ("low", "high", "part_ratio"):
        if key in table and (isinstance(table[key], bool) or not isinstance(table[key], int | float)):
            raise InputError(f"{where}, key {key}: {table[key]!r}; a number is accepted")
    for key in ("kinds", "acceptance", "tests"):
        if key in table and not (isinstance(table[key], list) and all(isinstance(one, str) for one in table[key])):
            raise InputError(f"{where}, key {key}: {table[key]!r}; a list of texts is accepted")
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    ranges = {key: tuple(value) for key, value in table.get("where", {}).items()}
    made = Requirement(**{**table, **lists, "where": ranges, "requirement_id": name})
    if not made.missing:
        _check(where, made, kinds)
    return made


def _check(where: str, made: Requirement, kinds: Mapping[str, Kind]) -> None:
    """A requirement that is looked at names kinds that give its quantity, and a limit."""
    if not made.kinds:
        raise InputError(f"{where}, key kinds: none; at least one of {', '.join(kinds)} is accepted")
    if made.low == -inf and made.high == inf:
        raise InputError(f"{where}: no limit; low, high or both are accepted")
    if not made.low <= made.high:
        raise InputError(f"{where}: low {made.low:g} is above high {made.high:g} {made.unit}; low at most high is accepted")
    if not 0.0 < made.part_ratio <= 1.0:
        raise InputError(f"{where}, key part_ratio: {made.part_ratio:g}; above 0 to 1 is accepted")
    for kind in made.kinds:
        if kind not in kinds:
            raise UnknownName(f"kind of scenario ({where})", kind, kinds)
        quantities = [one.name for one in kinds[kind].quantities]
        if made.quantity not in quantities:
            raise UnknownName(f"quantity of {kind} ({where})", made.quantity, quantities)
        parameters = {one.name: one for one in kinds[kind].parameters}
        for name, among in made.where.items():
            if name not in parameters:
                raise UnknownName(f"parameter of {kind} ({where}, key where)", name, parameters)
            texts = isinstance(parameters[name], Choice)
            if not among or any(isinstance(one, str) != texts for one in among) or (not texts and len(among) != 2):
                accepted = "a list of names" if texts else "a lowest and a highest number"
                raise InputError(f"{where}, key where.{name}: {list(among)}; {accepted} is accepted")
