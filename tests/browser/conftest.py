"""Fixtures of the browser tests: Chromium, a server with a workspace of its own, a page that remembers what went wrong.

Without Chromium these tests are skipped and say so. KAM_SHOTS=DIR keeps a picture of every page looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kam import imports

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
# Pages that a test hands on with other headers count as public to Chromium, which then forbids them the socket of this machine.
ARGUMENTS = ["--disable-features=LocalNetworkAccessChecks", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update"]  # fmt: skip
SETTLED = (
    '() => document.querySelector(\'[data-testid="stApp"][data-test-script-state="notRunning"]\')'
    " && !document.querySelector('[data-testid=\"stSkeleton\"]') && !document.querySelector('[data-stale=\"true\"]')"
)
# Beside pages/ the browser half of Streamlit first looks for the server under the page's own path.
PROBES = re.compile(r"/[a-z]+/_stcore/(health|host-config)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: browser tests are skipped"))


@dataclass
class Server:
    """A running app; `url` without a slash at the end."""

    url: str
    workspace: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return
        except urllib.error.HTTPError:  # an office answers too, with no
            return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the server did not start within 30 seconds")


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], Server]]:
    """serve(workspace): the app over that workspace, ended with the session."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(workspace: Path) -> Server:
        port = _free_port()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        environment = {**os.environ, "KAM_WORKSPACE": str(workspace)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        processes.append(process)
        _wait(f"http://127.0.0.1:{port}", process)
        return Server(f"http://127.0.0.1:{port}", workspace)

    yield start
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def demo_server(serve: Callable[[Path], Server], once: Callable[..., Path]) -> Server:
    """The app over the demo. Tests must leave it as it is."""
    return serve(once("demo", imports.load_demo))


@pytest.fixture(scope="session")
def empty_server(serve: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The app over an empty workspace. Tests must leave it empty."""
    return serve(tmp_path_factory.mktemp("browser-empty"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Reader:
    """A tab with a reader's habits: opens pages, waits until they stand still, notes what went wrong.

    tab: the Playwright page; troubles: console errors and exceptions; strangers: addresses asked outside this machine.
    """

    tab: Any
    troubles: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.tab.on("console", self._console)
        self.tab.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.tab.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not PROBES.search(str(message.location.get("url", ""))):
            self.troubles.append(message.text)

    def _request(self, request: Any) -> None:
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", request.url):
            self.strangers.append(request.url)

    def open(self, server: Server, page: str = "home", **query: str) -> Reader:
        """Opens a page by its name in the menu, with the given query string."""
        path = "" if page == "home" else page
        self.tab.goto(f"{server.url}/{path}" + (f"?{urlencode(query)}" if query else ""))
        return self.settle()

    def settle(self) -> Reader:
        """Waits until the script has ended and nothing on the page is stale."""
        self.tab.wait_for_function(SETTLED, timeout=180_000)
        self.tab.wait_for_timeout(250)
        self.tab.wait_for_function(SETTLED, timeout=180_000)
        return self

    def follow(self, label: str) -> Reader:
        """Goes to a page by its link in the menu."""
        self.tab.locator('[data-testid="stSidebar"]').get_by_role("link", name=label, exact=True).click()
        self.tab.wait_for_timeout(250)
        return self.settle()

    def words(self) -> str:
        """The text of the page, menu and all. Tables are drawn on a canvas and have none."""
        return str(self.tab.locator('[data-testid="stApp"]').inner_text())

    def shot(self, name: str) -> None:
        """Keeps a picture where KAM_SHOTS says."""
        folder = os.environ.get("KAM_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.tab.screenshot(path=str(Path(folder) / f"{name}.png"))

    def sound(self) -> None:
        """No exception, no console error, no word missing, nothing asked outside this machine."""
        assert self.tab.locator('[data-testid="stException"]').count() == 0
        assert self.tab.locator('[data-testid="stAlertContentError"]').count() == 0, self.words()
        assert re.findall(r"\[[a-z_]+(?:\.[a-z0-9_]+)+\]", self.words()) == []
        assert self.troubles == []
        assert self.strangers == []


@contextmanager
def _reading(chromium: Any, scheme: str) -> Iterator[Reader]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme)
    made = Reader(context.new_page())
    made.watch()
    yield made
    context.close()


@pytest.fixture(params=["light"])
def reader(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Reader]:
    """A fresh tab of 1366 × 768; parametrize it with "dark" indirectly for the dark theme."""
    with _reading(chromium, request.param) as made:
        yield made


@pytest.fixture
def colleague(chromium: Any) -> Iterator[Reader]:
    """A second person in a browser of their own: no cookie, tab or storage is shared with `reader`."""
    with _reading(chromium, "dark") as made:
        yield made
