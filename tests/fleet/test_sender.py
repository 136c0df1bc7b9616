"""The demonstration's terminals against the real gateway, over loopback."""

from __future__ import annotations

import time
from pathlib import Path

from fifthwheel.connect.enrolment import Registrar
from fifthwheel.connect.gateway import Gateway
from fifthwheel.connect.journal.segments import Journal
from fifthwheel.connect.limits import Limits
from fifthwheel.fleet.demo import virtual_fleet
from fifthwheel.fleet.sender import DemoSender
from fifthwheel.records import Records
from fifthwheel.units import SECOND_US

END_US = 1_782_000_000 * SECOND_US


def now_us() -> int:
    return time.time_ns() // 1000


async def test_the_past_is_sent_and_acknowledged_and_life_goes_on(tmp_path: Path) -> None:
    records = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    journal = Journal(tmp_path / "journal")
    gateway = Gateway(
        journal, Registrar(records, policy="known", now_us=now_us), Limits(frames_per_s=1e6, bytes_per_s=1e9), now_us=now_us
    )
    ports = await gateway.start("127.0.0.1", {"jt808": 0, "gbt32960": 0})
    fleet = virtual_fleet(2, 1, END_US)
    fleet.register(records)
    sender = DemoSender("127.0.0.1", (ports["jt808"], ports["gbt32960"]), fleet, clock=now_us)
    heard: list[tuple[int, int]] = []
    count = await sender.backfill(lambda done, total: heard.append((done, total)))
    before = sum(gateway.frames.values())
    later = await sender.catch_up(END_US + 60 * SECOND_US)
    await sender.close()
    await gateway.close()
    records.close()
    journal.close()
    assert count > 10_000
    assert later >= 60
    assert count <= before <= count + 100
    assert heard[-1] == (86_400, 86_400)
    assert not gateway.rejects
    assert set(gateway.frames) == {"jt808", "gbt32960", "hj1239"}
