"""Fixtures of the page tests: the app without a browser, over an empty workspace and over the demo."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

from kam.ui import opening

ROOT = Path(__file__).resolve().parent.parent.parent
Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def components_known() -> Iterator[None]:
    """A server looks through the installed packages for components once; each page of a test run would do so anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_waiting() -> Iterator[None]:
    """AppTest looks a thousand times a second whether the page is done, through all that the page has sent, and slows it down."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "time", SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(0.01)))
        yield


@pytest.fixture
def demo_copy(demo_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_path, tmp_path / "workspace"))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Open]:
    """opened(page, path, **query): a page of the app, run once. Without a path the workspace is empty.

    What a server has cached stays from page to page and from test to test, as it does in life.
    """
    own: set[str] = set()

    def open_page(page: str = "home", path: Path | None = None, **query: str) -> AppTest:
        at = path or tmp_path / "empty"
        monkeypatch.setenv("KAM_WORKSPACE", str(at))
        if at.is_relative_to(tmp_path):
            own.add(str(at))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        for name, value in query.items():
            app.query_params[name] = value
        if page != "home":
            app.switch_page(f"pages/{page}.py")
        return app.run()

    yield open_page
    for at in filter(os.path.isdir, own):  # a workspace that could not be opened is not opened here either
        opening._opened(at).close()
        opening._opened.clear(at)
