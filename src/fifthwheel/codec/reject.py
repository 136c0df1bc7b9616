"""Bytes that a cutter or decoder had to refuse."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """Refused bytes: `reason` is a short stable code for counting, `detail` the offending values in words."""

    reason: str
    detail: str
    data: bytes
