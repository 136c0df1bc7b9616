"""From a frame on the socket to the value on the page, in a real browser, at 1,000 frames a second.

python benchmarks/latency.py [SECONDS]: starts `fifthwheel up`, 100 terminals that send ten positions a second each, opens the
fleet page in Chromium and watches one vehicle's speed change in the table.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
from playwright.async_api import async_playwright

from fifthwheel.codec.jt808.encode import frames
from fifthwheel.codec.jt808.frame import Cutter, Frame, build, parse

TERMINALS, RATE_HZ, STEP = 100, 10, 5
CHROMIUM = (
    "/usr/bin/chromium",
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync",
)
WATCH = """(plate) => { window.seen = []; new MutationObserver(() => {
  const row = [...document.querySelectorAll('tr, [role=row]')].find((one) => one.textContent.includes(plate));
  const speed = row && row.textContent.match(/(\\d+)\\s*km\\/h/);
  if (speed && (!window.seen.length || window.seen.at(-1)[0] !== +speed[1])) window.seen.push([+speed[1], Date.now()]);
}).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""


def position(phone: str, serial: int, speed_kmh: float) -> bytes:
    """One 0x0200 now, near Jinan."""
    now = time.strftime("%y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600))
    latitude, longitude = 36_600_000 + serial % 1000, 117_000_000 + int(phone[-3:]) * 1000
    body = bytes(4) + (3).to_bytes(4, "big") + latitude.to_bytes(4, "big") + longitude.to_bytes(4, "big")
    body += (50).to_bytes(2, "big") + int(speed_kmh * 10).to_bytes(2, "big") + bytes(2) + bytes.fromhex(now)
    return build(Frame(0x0200, phone, serial & 0xFFFF, body))


async def terminal(number: int, port: int, stop: asyncio.Event, sent: dict[int, float]) -> None:
    """Register, then send ten positions a second; the first terminal changes its speed every half second."""
    phone = f"{13_900_000_000 + number:012d}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    plate = f"鲁Z{number:05d}"
    claim = {
        "province": 37,
        "city": 1,
        "maker": "FIFTH",
        "model": "BENCH",
        "terminal_id": f"{number:07d}",
        "plate_color": 2,
        "plate": plate,
    }
    writer.write(b"".join(frames(0x0100, claim, phone=phone, serial=0, version="2013")))
    cutter, answer = Cutter(), b""
    while not answer:
        answer = next((item for item in cutter.feed(await reader.read(4096)) if isinstance(item, bytes)), b"")
    code = parse(answer).body[3:].decode()
    writer.write(b"".join(frames(0x0102, {"auth_code": code}, phone=phone, serial=1, version="2013")))
    drain = asyncio.create_task(reader.read(-1))
    serial = 2
    await asyncio.sleep(number / TERMINALS / RATE_HZ)
    while not stop.is_set():
        value = 10 + serial // STEP % 80
        if number == 0 and serial % STEP == 0:
            sent.setdefault(serial // STEP, time.time())
        writer.write(position(phone, serial, value if number == 0 else 60))
        serial += 1
        await asyncio.sleep(1 / RATE_HZ)
    drain.cancel()
    writer.close()


async def measure(address: str, port: int, seconds: float) -> list[float]:
    """Delays in seconds."""
    stop, sent = asyncio.Event(), dict[int, float]()
    running = [asyncio.create_task(terminal(number, port, stop, sent)) for number in range(TERMINALS)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM[0], args=CHROMIUM[1].split())
        page = await browser.new_page(locale="en-US")
        await page.goto(address)
        await page.get_by_text("鲁Z00000").first.wait_for()
        await page.evaluate(WATCH, "鲁Z00000")
        await asyncio.sleep(seconds)
        seen = await page.evaluate("window.seen")
        await browser.close()
    stop.set()
    await asyncio.gather(*running, return_exceptions=True)
    delays = []
    for value, at_ms in seen[1:]:
        before = [time_s for step, time_s in sent.items() if 10 + step % 80 == value and time_s <= at_ms / 1e3]
        delays.append(at_ms / 1e3 - max(before))
    return delays


def main() -> None:
    """Print the figure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "fifthwheel.cli.main", "up", "--workspace", folder]
        command += ["--jt808-port", "0", "--gbt32960-port", "0", "--http-port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"console (\S+)\s+JT/T 808 (\d+)", line)
            assert found, line
            delays = asyncio.run(measure(found[1], int(found[2]), seconds))
        finally:
            process.terminate()
            process.wait()
    p50, p95, most = np.percentile(delays, [50, 95, 100])
    print(f"frame on the socket to value on the page, {TERMINALS * RATE_HZ} frames/s, {len(delays)} changes: ", end="")
    print(f"p50 {p50:.2f} s, p95 {p95:.2f} s, most {most:.2f} s")


if __name__ == "__main__":
    main()
