"""The README's commands are true: what they run after the installation is run here, by this Python."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(heading: str, language: str = "bash") -> str:
    """The one command under a heading."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    (found,) = re.findall(rf"```{language}\n(.+?)\n```", section, re.DOTALL)
    assert "\n" not in found
    return str(found)


def steps(heading: str) -> list[list[str]]:
    """The steps of a command; the virtual environment's Python is this one."""
    parts = command(heading).split(" && ")
    return [[sys.executable if word == ".venv/bin/python" else word for word in shlex.split(part)] for part in parts]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.parametrize(("heading", "requirements"), [("Run it", "requirements.txt"), ("Test it", "requirements-dev.txt")])
def test_a_command_makes_the_environment_and_installs_what_exists(heading: str, requirements: str) -> None:
    venv, install, *rest = steps(heading)
    assert venv == ["python3.11", "-m", "venv", ".venv"]
    assert install[1:] == ["-m", "pip", "install", "-q", "-r", requirements]
    assert (ROOT / requirements).exists()
    assert rest


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_the_windows_form_does_the_same(heading: str) -> None:
    windows = (
        command(heading, "powershell").replace(".venv\\Scripts\\python", ".venv/bin/python").replace("py -3.11", "python3.11")
    )
    assert windows.split("; ") == command(heading).split(" && ")


def test_the_first_command_serves_the_app_with_the_demo_loaded(tmp_path: Path) -> None:
    demo, serve = steps("Run it")[2:]
    port = free_port()
    environment = os.environ | {"KAM_WORKSPACE": str(tmp_path), "STREAMLIT_SERVER_PORT": str(port)}
    subprocess.run(demo, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert (tmp_path / "CURRENT").read_text(encoding="utf-8")
    server = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert answers(f"http://127.0.0.1:{port}/_stcore/health", server) == "ok"
    finally:
        server.terminate()
        server.wait()


def answers(url: str, server: subprocess.Popen[bytes]) -> str:
    """What the address says once the server is up; empty where the server ended before it was."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url) as response:
                return str(response.read().decode())
        except OSError:
            time.sleep(0.2)
    return ""


def test_the_second_command_finds_the_tests() -> None:
    (run,) = steps("Test it")[2:]
    listed = subprocess.run([*run, "--collect-only", "-q"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^tests/test_readme.py: \d+$", listed, re.MULTILINE)


def test_every_verb_of_the_readme_exists() -> None:
    verbs = set(re.findall(r"^python -m kam (\w+)", README, re.MULTILINE))
    helped = subprocess.run([sys.executable, "-m", "kam", "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"import", "inspect", "show", "list", "norms", "imports", "undo", "rebuild", "merge", "demo"} <= verbs
    assert all(verb in helped for verb in verbs)


def test_every_package_required_is_explained() -> None:
    required = re.findall(r"^([A-Za-z0-9_-]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    explained = re.findall(r"^\| ([A-Za-z0-9_-]+) \|", README.split("## What it stands on")[1], re.MULTILINE)
    assert sorted(required) == sorted(set(explained) - {"package"})
