"""How long a person waits: importing the package, `--help`, and `./up` until the console holds every trip of three days.

python benchmarks/startup.py          import and help, against a bare interpreter
python benchmarks/startup.py --up     also ./up of this checkout in a new workspace (packages already downloaded)
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def wall_s(*command: str, runs: int = 7) -> float:
    """Median wall time of a command, s, after one run to warm up."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def up_s() -> tuple[float, float, int]:
    """Seconds from ./up to the listening console, to the last trip of the past; how many trips there are then."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(ROOT / "up"), "--workspace", folder, "--jt808-port", "0", "--gbt32960-port", "0", "--http-port", "0"]
        start, past_us = (
            time.perf_counter(),
            (time.time() - 600) * 1e6,
        )  # what ended before is the past; the rest is still being driven
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            listening_s = time.perf_counter() - start
            address = line.split("console ")[1].split()[0]
            assert "past is sent" in process.stdout.readline()
            print(f"./up to the past being sent   {time.perf_counter() - start:6.1f} s")
            seen, changed_s = -1, 0.0
            while time.perf_counter() - start < changed_s + 15.0 or seen < 1:
                with urllib.request.urlopen(f"{address}/api/trips?limit=10000") as reply:
                    trips = [trip for trip in json.load(reply) if trip["end_us"] < past_us]
                    explained = sum(trip["explained_ratio"] is not None for trip in trips)
                if explained != seen:
                    seen, changed_s = explained, time.perf_counter() - start
                time.sleep(0.25)
            return listening_s, changed_s, seen
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    """Print the table."""
    bare_s = wall_s(sys.executable, "-c", "pass")
    import_s = wall_s(sys.executable, "-c", "import fifthwheel")
    help_s = wall_s(str(Path(sys.executable).parent / "fifthwheel"), "--help")
    print(f"bare interpreter              {bare_s * 1e3:6.0f} ms")
    print(f"import fifthwheel             {import_s * 1e3:6.0f} ms  ({(import_s - bare_s) * 1e3:.0f} ms of its own)")
    print(f"fifthwheel --help             {help_s * 1e3:6.0f} ms")
    if "--up" in sys.argv:
        listening_s, trips_s, count = up_s()
        print(f"./up to the console           {listening_s:6.1f} s")
        print(f"./up to {count:4d} explained trips  {trips_s:6.1f} s")


if __name__ == "__main__":
    main()
