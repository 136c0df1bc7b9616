"""Words: which language a question is in, and where the words of ``vocabulary.toml`` stand in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar

from fifthwheel.signals.catalogue import signals

T = TypeVar("T")

_PLATE: Final = re.compile(r"[一-鿿][A-Z][·\s-]?[A-Z0-9]{4,7}[挂学警港澳]?", re.IGNORECASE)
_CHINESE: Final = re.compile(r"[㐀-鿿]")
_WORDLIKE: Final = re.compile(r"[A-Za-z0-9]")
_ENGLISH_WORD: Final = re.compile(r"[A-Za-z]*[a-z][A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Something found at ``text[start:end]``: a word with its tags, a vehicle, a driver, a date."""

    kind: str
    value: Any
    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """A question and what was found in it; a character belongs to one mention at most."""

    text: str
    mentions: list[Mention] = field(default_factory=list)
    _taken: set[int] = field(default_factory=set)

    @property
    def plain(self) -> str:
        """The question in plain spelling, character for character."""
        return plain(self.text)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing was found there yet."""
        return self._taken.isdisjoint(range(start, end))

    def take(self, kind: str, value: Any, start: int, end: int) -> None:
        """Note a find."""
        self._taken.update(range(start, end))
        self.mentions.append(Mention(kind=kind, value=value, start=start, end=end))

    def of(self, kind: str) -> list[Mention]:
        """Finds of one kind, from left to right."""
        return sorted((mention for mention in self.mentions if mention.kind == kind), key=lambda mention: mention.start)

    def values(self, kind: str) -> list[Any]:
        """What the finds of one kind are, each once, from left to right."""
        return list(dict.fromkeys(mention.value for mention in self.of(kind)))

    def rest(self) -> list[str]:
        """The pieces of the question in which nothing was found."""
        kept = "".join(" " if index in self._taken else letter for index, letter in enumerate(self.text))
        return kept.split()


def language_of(question: str) -> str:
    """``zh`` or ``en``; a Chinese plate or name inside an English sentence does not make it Chinese.

    >>> language_of("Where is 鲁B36712?"), language_of("鲁B36712的SOC")
    ('en', 'zh')
    """
    text = _PLATE.sub(" ", question)
    chinese, english = len(_CHINESE.findall(text)), len(_ENGLISH_WORD.findall(text))
    return "zh" if chinese and chinese >= 2 * english - 1 else "en"


@cache
def vocabulary() -> dict[str, Any]:
    """The tables of ``vocabulary.toml``."""
    return tomllib.loads(files("fifthwheel.assistant").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def mark_words(reading: Reading) -> None:
    """Find every word of the vocabulary in the question, longest first: kinds ``tag``, ``topics``, ``classes``, ``signal``."""
    for start, end, meanings in occurrences(reading, _words()):
        for kind, value in meanings:
            reading.take(kind, value, start, end)


def occurrences(reading: Reading, words: Mapping[str, T]) -> Iterator[tuple[int, int, T]]:
    """Where `words` (in plain spelling, see `plain`) stand in what is free, the longest at each place."""
    text, longest, at = reading.plain, max(map(len, words), default=0), 0
    while at < len(text):
        for end in range(min(at + longest, len(text)), at, -1):
            word = text[at:end]
            if word in words and _stands_alone(text, at, end) and reading.free(at, end):
                yield at, end, words[word]
                at = end - 1
                break
        at += 1


def plain(text: str) -> str:
    """Small letters, hyphens and white space as single blanks: one character for each of `text`."""
    return re.sub(r"[\s-]", " ", text.lower())


def alternatives(words: Iterable[str]) -> str:
    """Regular expression of any of `words` in small letters, longest first; Latin words stand alone, Chinese ones anywhere."""
    ordered = sorted(words, key=len, reverse=True)
    latin = [re.escape(word) for word in ordered if _WORDLIKE.match(word)]
    other = [re.escape(word) for word in ordered if not _WORDLIKE.match(word)]
    return "|".join([rf"(?<![a-z0-9])(?:{'|'.join(latin)})(?![a-z0-9])"] * bool(latin) + other)


def unread(reading: Reading) -> list[str]:
    """Words left over that mean something, as far as this vocabulary knows."""
    small: Mapping[str, Any] = vocabulary()["small"]
    left = []
    for piece in reading.rest():
        latin = [word for word in re.findall(r"[A-Za-z][A-Za-z']+", piece) if word.lower() not in small["en"]]
        chinese = [run for run in re.findall(r"[㐀-鿿]{2,}", piece) if not set(run) <= set(small["zh"])]
        left += [word for word in latin if len(word) > 2] + chinese + re.findall(r"(?<![A-Za-z])\d+", piece)
    return left


@cache
def _words() -> dict[str, list[tuple[str, Any]]]:
    meanings: dict[str, list[tuple[str, Any]]] = {}
    for tag, words in vocabulary()["tags"].items():
        for word in words:
            meanings.setdefault(plain(word), []).append(("tag", tag))
    for kind in ("topics", "classes"):
        for index, entry in enumerate(vocabulary()[kind]):
            for word in entry["words"]:
                meanings.setdefault(plain(word), []).append((kind, index))
    named = vocabulary()["signals"]
    for name, signal in signals().items():
        titles = [title for title in (signal.title_en, signal.title_zh) if plain(title) not in meanings]
        for word in (*titles, *named.get(name, ())):
            meanings.setdefault(plain(word), []).append(("signal", name))
    return meanings


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no Latin word or number goes on beyond ``text[start:end]``."""
    before = start > 0 and bool(_WORDLIKE.match(text[start]) and _WORDLIKE.match(text[start - 1]))
    after = end < len(text) and bool(_WORDLIKE.match(text[end - 1]) and _WORDLIKE.match(text[end]))
    return not (before or after)
