"""After any sequence of couplings and uncouplings no trailer has two tractors, and no tractor two trailers, at any time."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fifthwheel.errors import InputError
from fifthwheel.records import Coupling, Records, VehicleRecord

TRACTORS = ("T1", "T2", "T3")
TRAILERS = ("X1", "X2", "X3")
TIMES = st.integers(0, 12)


def active(couplings: list[Coupling], time_us: int) -> list[Coupling]:
    return [one for one in couplings if one.start_us <= time_us and (one.end_us is None or time_us < one.end_us)]


class Couplings(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        self.records = Records.open(f"sqlite:///{Path(self.folder.name)}/records.sqlite")
        self.accepted: set[tuple[str, str, int]] = set()
        for kind, names in (("tractor", TRACTORS), ("trailer", TRAILERS)):
            for name in names:
                self.records.add_vehicle(VehicleRecord(vehicle_id=name, plate=name, kind=kind, created_us=0))

    @rule(tractor=st.sampled_from(TRACTORS), trailer=st.sampled_from(TRAILERS), start=TIMES, end=st.none() | TIMES)
    def couple(self, tractor: str, trailer: str, start: int, end: int | None) -> None:
        with suppress(InputError):
            self.records.couple(tractor, trailer, start, end)
            self.accepted.add((tractor, trailer, start))

    @rule(trailer=st.sampled_from(TRAILERS), time=TIMES)
    def uncouple(self, trailer: str, time: int) -> None:
        with suppress(InputError):
            assert self.records.uncouple(trailer, time).end_us == time

    @invariant()
    def nobody_is_coupled_twice(self) -> None:
        couplings = self.records.couplings()
        assert {(one.tractor_id, one.trailer_id, one.start_us) for one in couplings} == self.accepted
        for time_us in range(14):
            now = active(couplings, time_us)
            for one, other in combinations(now, 2):
                assert one.tractor_id != other.tractor_id
                assert one.trailer_id != other.trailer_id
            assert {one.trailer_id: one.tractor_id for one in now} == {
                trailer: tractor for trailer in TRAILERS if (tractor := self.records.tractor_at(trailer, time_us))
            }

    def teardown(self) -> None:
        self.records.close()
        self.folder.cleanup()


Couplings.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestCouplings = Couplings.TestCase
