"""What the server's memory comes to after large uploads in one tab: each dropped, looked at, loaded. The tab stays open.

    python -m benchmarks.uploads --uploads 20 --megabytes 50

Linux only (reads /proc), with Chromium. The exit code is 1 where the memory stays more than 100 MB above that of the start.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = 100 * 2**20
SMALL = 2000  # bytes of the file that warms the server up
QUIET = 10  # seconds that the server is left alone before its memory is read
SETTLED = (
    "() => document.querySelector('[data-testid=\"stApp\"][data-test-script-state=\"notRunning\"]')"
    " && !document.querySelector('[data-stale=\"true\"]') && document.querySelectorAll('input[type=\"file\"]').length === 1"
)


def write(path: Path, size: int) -> Path:
    """Orders with long comments, about so many bytes."""
    words = "Просили позвонить после праздников, прислать образцы и счёт. " * 8
    with path.open("w", encoding="utf-8") as out:
        out.write("order_id;client;date;amount;comment\n")
        row = 0
        while out.tell() < size:
            row += 1
            out.write(f"{path.stem}-{row};Клиент {row % 500};{row % 28 + 1:02d}.03.2026;{row % 1000};{row} {words}\n")
    return path


@contextmanager
def serving(workspace: Path) -> Iterator[tuple[str, int]]:
    """The app over the workspace: its address and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"KAM_WORKSPACE": str(workspace)}, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait()


def resident(pid: int) -> int:
    """Bytes of the process in memory."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) * 1024


def opened(browser: Any, url: str) -> Any:
    """A tab with the upload page."""
    tab = browser.new_page()
    tab.set_default_timeout(600_000)
    tab.goto(f"{url}/upload?lang=en")
    tab.wait_for_function(SETTLED)
    return tab


def upload(tab: Any, file: Path) -> None:
    """The file dropped, looked at, loaded."""
    tab.locator('input[type="file"]').set_input_files(str(file))
    load = tab.get_by_role("button", name="Load", exact=True)
    load.click()
    load.wait_for(state="detached")
    tab.get_by_text("sheet is loaded").wait_for()
    tab.wait_for_function(SETTLED)


def main(arguments: list[str] | None = None) -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=50)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ritm-benchmark-") as name, sync_playwright() as playwright:
        folder = Path(name)
        with serving(folder / "workspace") as (url, pid):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
            tab = opened(browser, url)
            upload(tab, write(folder / "small.csv", SMALL))
            time.sleep(QUIET)
            start = resident(pid)
            print(f"start {start >> 20} MB", flush=True)
            for number in range(options.uploads):
                file = write(folder / f"{number}.csv", options.megabytes * 2**20)
                upload(tab, file)
                file.unlink()
                print(f"upload {number + 1}: {resident(pid) - start >> 20:+d} MB", flush=True)
            time.sleep(QUIET)
            left = resident(pid) - start
            browser.close()
    print(f"{options.uploads} uploads of {options.megabytes} MB: {left >> 20:+d} MB left, {ALLOWED >> 20} allowed")
    return int(left > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
