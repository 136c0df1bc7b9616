"""Who may speak: a phone or a VIN is a claim, bound to a terminal and a vehicle when it is first seen."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import sha256
from threading import Lock
from typing import Literal

from fifthwheel.errors import Conflict
from fifthwheel.records import Enrolment, Records, VehicleRecord

_log = logging.getLogger(__name__)
Policy = Literal["open", "known"]


class Verdict(Enum):
    """Outcome of a registration or login."""

    ACCEPTED = "accepted"
    VEHICLE_TAKEN = "the vehicle belongs to another terminal"
    VEHICLE_UNKNOWN = "the vehicle is not known and enrolment is closed"
    TERMINAL_TAKEN = "the identity belongs to another terminal"
    WRONG_CODE = "the authentication code is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a terminal says about itself.

    Attributes
    ----------
    wire : ``jt808``, ``gbt32960`` or ``hj1239``.
    identity : its phone on JT/T 808, the VIN elsewhere.
    terminal_id : its own id (JT/T 808) or the ICCID of its card.
    plate, vin : the vehicle it says it is in, '' when it does not say.
    """

    wire: str
    identity: str
    terminal_id: str = ""
    plate: str = ""
    vin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The decision on a claim; `code` is the fresh authentication code of an accepted registration."""

    verdict: Verdict
    code: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the terminal may go on."""
        return self.verdict is Verdict.ACCEPTED


class Registrar:
    """Decides on claims with the records; blocking, for one worker thread of the gateway.

    Parameters
    ----------
    records : where vehicles, identities and enrolments are.
    policy : ``open``: an unknown terminal becomes a vehicle on its first registration or login; ``known``: it is refused.
    now_us : the clock, UTC microseconds.
    new_code : makes an authentication code; at least 128 bits of chance.
    """

    def __init__(
        self,
        records: Records,
        *,
        policy: Policy = "open",
        now_us: Callable[[], int],
        new_code: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._records = records
        self._policy = policy
        self._now_us = now_us
        self._new_code = new_code
        self._lock = Lock()

    def register(self, claim: Claim) -> Admission:
        """JT/T 808 0x0100: bind phone, terminal and vehicle, or check that they are the bound ones; hand out a new code."""
        with self._lock:
            known = self._records.enrolment("jt808", claim.identity)
            if known and known.secret_hash and known.terminal_id != claim.terminal_id:
                return self._decided(claim, Verdict.TERMINAL_TAKEN)
            verdict, vehicle_id = self._vehicle(claim)
            if verdict is not Verdict.ACCEPTED:
                return self._decided(claim, verdict)
            code = self._new_code()
            self._enrol(claim, vehicle_id, claim.terminal_id, secret_hash=_hashed(code), known=known)
            return Admission(verdict=verdict, code=code)

    def authenticate(self, claim: Claim, code: str) -> Admission:
        """JT/T 808 0x0102: the code must be the bound one; a terminal that never registered binds its own on first use."""
        with self._lock:
            known = self._records.enrolment("jt808", claim.identity)
            if known and known.secret_hash:
                right = hmac.compare_digest(known.secret_hash, _hashed(code))
                return self._decided(claim, Verdict.ACCEPTED if right else Verdict.WRONG_CODE)
            if not code:
                return self._decided(claim, Verdict.WRONG_CODE)
            verdict, vehicle_id = self._vehicle(claim)
            if verdict is Verdict.ACCEPTED:
                self._enrol(claim, vehicle_id, claim.terminal_id, secret_hash=_hashed(code), known=known)
            return self._decided(claim, verdict)

    def login(self, claim: Claim) -> Admission:
        """GB/T 32960 and GB 17691 login: the VIN keeps the card (ICCID) it first logged in with on that wire."""
        with self._lock:
            known = self._records.enrolment("vin", claim.identity)
            cards = dict(card.split("=", 1) for card in known.terminal_id.split()) if known else {}
            if cards.setdefault(claim.wire, claim.terminal_id) != claim.terminal_id:
                return self._decided(claim, Verdict.TERMINAL_TAKEN)
            verdict, vehicle_id = self._vehicle(claim)
            bound = " ".join(f"{wire}={card}" for wire, card in cards.items())
            if verdict is Verdict.ACCEPTED and (known is None or known.terminal_id != bound):
                self._enrol(claim, vehicle_id, bound, secret_hash="", known=known)
            return self._decided(claim, verdict)

    def _vehicle(self, claim: Claim) -> tuple[Verdict, str]:
        """The vehicle that a claim speaks for: found by phone, VIN or plate, joined where one is new, or made."""
        find = self._records.identify
        by_phone = find("jt808", claim.identity) if claim.wire == "jt808" else None
        by_name = find("vin", claim.vin) if claim.vin else find("plate", claim.plate) if claim.plate else None
        if by_phone and by_name and by_phone != by_name:
            return Verdict.VEHICLE_TAKEN, ""
        vehicle_id = by_phone or by_name
        if vehicle_id is None:
            return self._new_vehicle(claim)
        record = self._records.vehicle(vehicle_id)
        if claim.wire == "jt808" and by_phone is None:
            if record.phone is not None:
                return Verdict.VEHICLE_TAKEN, ""
            record = replace(record, phone=claim.identity)
        if by_name is None and claim.vin:
            if record.vin is not None:
                return Verdict.VEHICLE_TAKEN, ""
            record = replace(record, vin=claim.vin)
        elif by_name is None and claim.plate:
            if record.plate not in {record.phone, record.vin}:
                return Verdict.VEHICLE_TAKEN, ""
            record = replace(record, plate=claim.plate)
        if record != self._records.vehicle(vehicle_id):
            self._records.update_vehicle(record)
            self._audit(claim, "identity bound")
        return Verdict.ACCEPTED, vehicle_id

    def _new_vehicle(self, claim: Claim) -> tuple[Verdict, str]:
        if self._policy == "known":
            return Verdict.VEHICLE_UNKNOWN, ""
        phone = claim.identity if claim.wire == "jt808" else None
        name = claim.plate or claim.vin or claim.identity.lstrip("0") or "0"
        record = VehicleRecord(vehicle_id=name, plate=name, vin=claim.vin or None, phone=phone, created_us=self._now_us())
        try:
            self._records.add_vehicle(record)
        except Conflict:
            return Verdict.VEHICLE_TAKEN, ""
        return Verdict.ACCEPTED, name

    def _enrol(self, claim: Claim, vehicle_id: str, terminal_id: str, *, secret_hash: str, known: Enrolment | None) -> None:
        now_us = self._now_us()
        enrolment = Enrolment(
            wire="jt808" if claim.wire == "jt808" else "vin",
            identity=claim.identity,
            vehicle_id=vehicle_id,
            terminal_id=terminal_id,
            secret_hash=secret_hash,
            enrolled_us=known.enrolled_us if known else now_us,
            rotated_us=now_us,
        )
        self._records.save_enrolment(enrolment)
        self._audit(claim, "code rotated" if known else "enrolled")

    def _decided(self, claim: Claim, verdict: Verdict) -> Admission:
        if verdict is not Verdict.ACCEPTED:
            _log.warning("%s %s refused: %s", claim.wire, masked(claim.identity), verdict.value)
            self._audit(claim, f"refused: {verdict.value}")
        return Admission(verdict=verdict)

    def _audit(self, claim: Claim, what: str) -> None:
        said = f"terminal {claim.terminal_id!r} plate {claim.plate!r} vin {claim.vin!r}"
        self._records.audit(f"{claim.wire} {claim.identity}", what, said, self._now_us())


def masked(identity: str) -> str:
    """A phone, VIN or plate for the log.

    >>> masked("LGDCHA1G8MA127733")
    'LG*************33'
    """
    return identity[:2] + "*" * max(len(identity) - 4, 0) + identity[-2:]


def _hashed(code: str) -> str:
    return sha256(code.encode()).hexdigest()
