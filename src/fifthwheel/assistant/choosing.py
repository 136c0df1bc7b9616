"""Questions about choosing: which combination for a work, why not another, what if a price changed, was the promise kept.

A question is one of these when it has a word of ``[choosing]`` in ``vocabulary.toml``, or names several energies beside a load, a
distance or years. What it leaves open is assumed, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final

from fifthwheel.assistant.language import alternatives, plain, vocabulary
from fifthwheel.road.mission import mission, names
from fifthwheel.units import KM, TONNE

GROSS_KG: Final = 40 * TONNE
"""A load from here on is taken for the gross mass of the whole, whose payload is then as much as is lawful."""
_ZH_DIGITS: Final = {name: value for value, name in enumerate("零一二三四五六七八九十")} | {"两": 2}
_NUMBER: Final = r"(?P<n>\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十]{1,2})\s*(?P<times>k|thousand|万)?"
_KM: Final = r"\s*(?:km|kilometres?|kilometers?|公里|千米)"
_QUANTITIES: Final = {
    "distance_day_m": (
        rf"{_NUMBER}{_KM}\s*(?:a day|per day|daily|/\s*day|每天|一天|/天|/日)",
        rf"(?:每天|一天|日行|日均|每日)(?:大约|大概|约|跑|行驶|要跑|开)*\s*{_NUMBER}{_KM}",
    ),
    "distance_year_m": (
        rf"{_NUMBER}{_KM}\s*(?:a year|per year|yearly|annually|/\s*year|每年|一年|/年)",
        rf"(?:每年|一年|年行驶|年均|年里程)(?:大约|大概|约|跑|行驶)*\s*{_NUMBER}{_KM}",
    ),
    "payload_kg": (rf"{_NUMBER}\s*-?(?:t|tons?|tonnes?|吨)(?![a-z])",),
    "years": (rf"{_NUMBER}\s*(?:years?|年)(?!\s*(?:行驶|里程|均))",),
}
_SCALE: Final = {"distance_day_m": KM, "distance_year_m": KM, "payload_kg": TONNE, "years": 1.0}
_MONEY: Final = r"(?:yuan|rmb|cny|euros?|eur|dollars?|usd|元|块钱?|毛)"
_ENGLISH: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a question says of the work; ``None`` where it does not say.

    Attributes
    ----------
    road : name of a mission. back : ``laden`` or ``empty``. cargo : name of a kind.
    gross_kg : a load so large that it is taken for the mass of the whole; the payload is then as much as is lawful.
    """

    road: str | None = None
    back: str | None = None
    cargo: str | None = None
    payload_kg: float | None = None
    gross_kg: float | None = None
    distance_day_m: float | None = None
    distance_year_m: float | None = None
    years: float | None = None

    def __str__(self) -> str:
        said = ((one.name, getattr(self, one.name)) for one in fields(self))
        return ", ".join(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in said if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A question about choosing.

    Attributes
    ----------
    kind : ``choose``, ``why_not``, ``break_even``, ``what_if`` or ``promise``.
    energies : names of ``[choosing.energies]``, in the order named. prices : of the region, in their own unit.
    """

    kind: str
    work: Work = field(default_factory=Work)
    energies: tuple[str, ...] = ()
    prices: Mapping[str, float] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """Arguments of the tools of `choose_tools`: what was said."""
        said = {"work": self.work, "energies": self.energies, "prices": dict(self.prices)}
        return {name: value for name, value in said.items() if value and value != Work()}


def wish_of(question: str, places: Iterable[str] = ()) -> Wish | None:
    """What `question` wishes, ``None`` where it is not about choosing; `places` are English names of places in it.

    Examples
    --------
    >>> wish = wish_of("600 km a day with 30 t: diesel, LNG or swap over five years?")
    >>> wish.kind, wish.energies, str(wish.work)
    ('choose', ('diesel', 'lng', 'swap'), 'payload_kg 30000, distance_day_m 600000, years 5')
    >>> wish_of("Where is the diesel truck?") is None
    True
    """
    text = plain(question)
    prices = _prices(text)
    said = _quantities(text)
    energies = _named(text, "energies")
    named = tuple(places)
    kind = _kind(text, energies, said, prices, roads=bool(named) or bool(_named(text, "roads")))
    if kind is None:
        return None
    back = "laden" if _has(text, "laden_back") else "empty" if _has(text, "empty_back") else None
    cargo = next(iter(_named(text, "cargoes")), None)
    if said.get("payload_kg", 0.0) >= GROSS_KG:
        said["gross_kg"] = said.pop("payload_kg")
    work = Work(road=_road(text, named), back=back, cargo=cargo, **said)
    return Wish(kind=kind, work=work, energies=energies, prices=prices)


def _kind(
    text: str, energies: tuple[str, ...], said: Mapping[str, float], prices: Mapping[str, float], *, roads: bool
) -> str | None:
    if _has(text, "promise"):
        return "promise"
    if energies and (_has(text, "break_even") or (_has(text, "how_far") and _has(text, "ask"))):
        return "break_even"
    if energies and _has(text, "why_not"):
        return "why_not"
    if prices and _has(text, "what_if"):
        return "what_if"
    about = bool(said or energies or roads or _named(text, "cargoes"))
    if (_has(text, "ask") and about) or (len(energies) > 1 and said):
        return "choose"
    return None


def _has(text: str, name: str) -> bool:
    return _pattern("", name).search(text) is not None


@cache
def _pattern(table: str, name: str) -> re.Pattern[str]:
    words = vocabulary()["choosing"]
    return re.compile(alternatives(plain(word) for word in (words[table][name] if table else words[name])))


def _named(text: str, table: str) -> tuple[str, ...]:
    """Names of a table of ``[choosing]`` by where their words stand in the text; a longer word hides a shorter one in it."""
    found: list[tuple[int, int, str]] = []
    for name in vocabulary()["choosing"][table]:
        found += [(*match.span(), name) for match in _pattern(table, name).finditer(text)]
    kept = [one for one in found if not any(_hides(other, one) for other in found)]
    return tuple(dict.fromkeys(name for _, _, name in sorted(kept)))


def _hides(other: tuple[int, int, str], one: tuple[int, int, str]) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and other[1] - other[0] > one[1] - one[0]


def _quantities(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    rest = text
    for name, patterns in _QUANTITIES.items():
        for pattern in patterns:
            match = re.search(_english(pattern), rest)
            if match:
                found[name] = _SCALE[name] * _number(match)
                rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
                break
    return found


def _english(pattern: str) -> str:
    """The pattern with English words for numbers, which stand alone."""
    return pattern.replace(r"(?P<n>\d", rf"(?P<n>\b(?:{'|'.join(_ENGLISH)})\b|\d")


def _number(match: re.Match[str]) -> float:
    digits = match["n"].replace(",", "")
    times = {"k": 1e3, "thousand": 1e3, "万": 1e4}.get(match["times"] or "", 1.0)
    if digits in _ENGLISH:
        return times * _ENGLISH[digits]
    if digits[0] in _ZH_DIGITS:
        return times * _chinese(digits)
    return times * float(digits)


def _chinese(digits: str) -> float:
    """A Chinese number below twenty, or a whole ten: 五, 十, 十五, 二十."""
    values = [_ZH_DIGITS[digit] for digit in digits]
    if values[0] == 10:
        return 10.0 + (values[1] if len(values) > 1 else 0)
    return float(values[0] * values[1] if len(values) > 1 else values[0])


def _prices(text: str) -> dict[str, float]:
    """Prices named with an amount of money, by assumption of the region."""
    found: dict[str, float] = {}
    for name in vocabulary()["choosing"]["prices"]:
        words = _pattern("prices", name).pattern
        between = r"(?:[^\d,，;；。？?]{0,20}?)"
        match = re.search(rf"(?:{words}){between}(?P<n>\d+(?:\.\d+)?)\s*{_MONEY}(?P<tenth>\d(?!\d))?", text)
        if match:
            found[name] = float(match["n"]) + 0.1 * float(match["tenth"] or 0)
    return found


def _road(text: str, places: tuple[str, ...]) -> str | None:
    """A mission between the places named, else by a word of ``[choosing.roads]``."""
    for name in names() if places else ():
        title = mission(name).title_en
        if all(place in title for place in places) and (len(places) > 1 or title.count("-") == 0):
            return name
    return next(iter(_named(text, "roads")), None)
