"""Live measurement over XCP: every input and output of a running unit with its plant, each 10 ms, with pyxcp as the master.

Run ``python benchmarks/xcp.py [SECONDS] [BLOCK]``: 60 s over UDP and as long over TCP; the simulation is a process of its own
(``fifthwheel xcp``). Printed are samples lost, and how evenly they come.
"""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
from pyxcp.config import create_application_from_config, set_application
from pyxcp.cpp_ext.cpp_ext import DaqList
from pyxcp.daq_stim import DaqOnlinePolicy
from pyxcp.master.master import Master

from fifthwheel.control.block import Block
from fifthwheel.verify.blocks import block as block_of
from fifthwheel.verify.image import address_of

NS = 1e-9


class Kept(DaqOnlinePolicy):
    """Keeps when the slave sampled and when the sample came, both in ns."""

    wanted = 0

    def initialize(self) -> None:
        self.stamps: list[int] = []
        self.received: list[int] = []
        self.enough = threading.Event()

    def on_daq_list(self, _list: int, received: int, stamp: int, _values: list[float]) -> None:
        self.stamps.append(stamp)
        self.received.append(received)
        if len(self.stamps) >= self.wanted:
            self.enough.set()

    def finalize(self) -> None:
        pass


def measure(block: Block, port: int, protocol: str, seconds: float) -> None:
    names = [one.name for one in (*block.inputs, *block.outputs)]
    places = [(name, address_of(block, name), 0, "F64") for name in names]
    lists = [DaqList(name="all", event_num=0, stim=False, enable_timestamps=True, measurements=places, priority=0, prescaler=1)]
    settings = {"host": "127.0.0.1", "port": port, "protocol": protocol, "ipv6": False, "tcp_nodelay": True}
    application = create_application_from_config({"Transport": {"Eth": settings}}, log_level=40)
    set_application(application)
    policy = Kept(lists)
    policy.wanted = round(seconds / block.period_s)
    with Master("eth", config=application, policy=policy) as master:
        master.connect()
        policy.setup()
        policy.start()
        policy.enough.wait(2.0 * seconds + 10.0)
        policy.stop()
        master.disconnect()
    stamps, received = np.array(policy.stamps) * NS, np.array(policy.received) * NS
    steps = np.round(np.diff(stamps) / block.period_s).astype(int)
    apart_ms = 1e3 * np.diff(received)
    print(
        f"{protocol}: {len(stamps)} samples of {len(names)} signals in {received[-1] - received[0]:.1f} s, "
        f"{int(np.sum(steps - 1))} lost; apart p50 {np.percentile(apart_ms, 50):.2f} ms, p99 {np.percentile(apart_ms, 99):.2f}, "
        f"max {apart_ms.max():.2f}"
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    name = sys.argv[2] if len(sys.argv) > 2 else "dct_on_driveline"
    block = block_of(name)
    command = [sys.executable, "-u", "-m", "fifthwheel.cli.main", "xcp", name, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        print(line, end="")
        port = int(line.partition("127.0.0.1:")[2].partition(" ")[0])
        try:
            for protocol in ("UDP", "TCP"):
                measure(block, port, protocol, seconds)
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
