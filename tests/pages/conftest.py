"""Fixtures of the page tests: the app without a browser, over an empty workspace and over the demo."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kam import imports
from kam.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent
Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the demo, loaded once; tests that write take a copy."""
    path = tmp_path_factory.mktemp("demo")
    ws = Workspace(path)
    imports.load_demo(ws)
    ws.close()
    return path


@pytest.fixture
def demo_copy(demo_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_path, tmp_path / "workspace"))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Open:
    """opened(page, path, **query): a page of the app, run once. Without a path the workspace is empty."""

    def open_page(page: str = "home", path: Path | None = None, **query: str) -> AppTest:
        monkeypatch.setenv("KAM_WORKSPACE", str(path or tmp_path / "empty"))
        st.cache_resource.clear()
        st.cache_data.clear()
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        if page != "home":
            app.switch_page(f"pages/{page}.py")
        return app.run()

    return open_page
