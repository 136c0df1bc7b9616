"""Every limit of the gateway, declared once, and the guard that counts against them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fifthwheel.units import SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one terminal, one address and the whole gateway may ask for.

    Attributes
    ----------
    sessions : connections open at once; one more is closed at once.
    login_s : a connection that has not logged in by then is closed.
    half_frame_s : a frame that has begun must end within this time, else the connection is closed.
    idle_s : a connection that says nothing for this long is closed.
    alive_s : a session heard within this time is alive: a second one of the same identity is refused, a later one replaces it.
    frames_per_s, bytes_per_s : what is faster is not dropped: the connection is not read until it is back within the rate.
    bad_frames_per_min : a connection with more refused frames in a minute is closed.
    frame_bytes : longest frame.
    sub_package_bytes : most bytes of unfinished sub-packages held for a session.
    sub_package_wait_s : after this time without a further sub-package the missing ones are asked for once more.
    logins_per_address_per_min, logins_per_identity_per_min : attempts beyond are refused unseen.
    failures_per_address_per_min : more failed logins or closures for bad frames in a minute ban the address.
    ban_s : how long a ban lasts.
    """

    sessions: int = 25_000
    login_s: float = 30.0
    half_frame_s: float = 10.0
    idle_s: float = 300.0
    alive_s: float = 60.0
    frames_per_s: float = 2_000.0
    bytes_per_s: float = 1e6
    bad_frames_per_min: int = 100
    frame_bytes: int = 65_560
    sub_package_bytes: int = 1 << 20
    sub_package_wait_s: float = 5.0
    logins_per_address_per_min: int = 6_000
    logins_per_identity_per_min: int = 12
    failures_per_address_per_min: int = 60
    ban_s: float = 600.0


class Guard:
    """Counts logins and failures by address and identity within each minute, and bans addresses for a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._minute = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._bans: dict[str, int] = {}

    def banned(self, address: str, now_us: int) -> bool:
        """Whether `address` is banned now."""
        until_us = self._bans.get(address, 0)
        if until_us and until_us <= now_us:
            del self._bans[address]
        return until_us > now_us

    def admits(self, address: str, identity: str, now_us: int) -> bool:
        """Whether one more login of `identity` from `address` is within the rates; it is counted either way."""
        by_address = self._count("login", address, now_us)
        by_identity = self._count("identity", identity, now_us)
        limits = self._limits
        return by_address <= limits.logins_per_address_per_min and by_identity <= limits.logins_per_identity_per_min

    def fails(self, address: str, now_us: int) -> bool:
        """Count a failure of `address`; whether that bans it now."""
        if self._count("failure", address, now_us) <= self._limits.failures_per_address_per_min:
            return False
        self._bans[address] = now_us + int(self._limits.ban_s * SECOND_US)
        return True

    def _count(self, kind: str, name: str, now_us: int) -> int:
        minute = now_us // (60 * SECOND_US)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[kind, name] += 1
        return self._counts[kind, name]
