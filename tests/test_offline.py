"""Nothing gets out: the settings that hold it in are in force, and everything works where there is no network at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = {
    "server.address": "127.0.0.1",
    "server.maxUploadSize": 100,
    "server.allowedHosts": ["localhost", "127.0.0.1", "::1"],
    "server.disconnectedSessionTTL": 120,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
}


def alone(*arguments: str, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    """Runs Python in a network namespace of its own, where only the loopback is up."""
    script = 'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null; exec "$@"'
    command = ["unshare", "-rn", "sh", "-c", script, "sh", sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"KAM_LANG": "en"}, capture_output=True, text=True, timeout=timeout)


HAS_NAMESPACES = shutil.which("unshare") is not None and subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
isolated = pytest.mark.skipif(not HAS_NAMESPACES, reason="no network namespaces on this machine: the offline run is skipped")


@pytest.mark.parametrize("name", SHIPPED)
def test_setting_is_shipped_known_to_streamlit_and_in_force(name):
    section, key = name.split(".")
    shipped = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert shipped[section][key] == SHIPPED[name]
    assert config.get_option(name) == SHIPPED[name]


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("localhost:8501", True), ("127.0.0.1:8501", True), ("[::1]:8501", True), ("evil.test:8501", False), ("127.0.0.1.evil.test", False)],
)
def test_server_answers_to_its_own_names_alone(host, is_ours):
    assert is_host_allowed(host) is is_ours


@isolated
def test_namespace_has_no_way_out():
    found = alone("-c", "import socket; socket.create_connection(('192.0.2.1', 80), 3)")
    assert found.returncode == 1 and "unreachable" in found.stderr


# Asks for every page as a reader would and notes each look-up of a name and each connection beyond the machine.
WALK = """
import sys
from pathlib import Path
reached = []
def watch(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "localhost", "127.0.0.1", "::1"):
        reached.append((event, arguments[0]))
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in ("127.0.0.1", "::1"):
        reached.append((event, arguments[1]))
sys.addaudithook(watch)
from streamlit.testing.v1 import AppTest
from kam import cli
from kam.ui import menu
out = Path(sys.argv[1])
(out / "orders.csv").write_text("Клиент;Дата;Сумма;Номер\\nРомашка;31.01.2026;100;1\\nРомашка;28.02.2026;50;2\\n", encoding="utf-8")
def kam(*arguments):
    assert cli.main(list(arguments)) == 0, arguments
kam("import", str(out / "orders.csv"))
kam("show", "client_classes", "--format", "csv")
kam("backup", str(out / "b.zip"))
for name in [name for group in menu.MENU for name in group.pages if menu.exists(name)]:
    app = AppTest.from_file("app.py", default_timeout=120)
    if name != "home":
        app.switch_page(menu.script_of(name))
    app.run()
    assert not app.exception and not app.error, name
assert reached == [], reached
print("whole")
"""


@isolated
def test_import_pages_and_backup_work_without_a_network_and_ask_for_none(tmp_path, monkeypatch):
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path / "workspace"))
    found = alone("-c", WALK, str(tmp_path))
    assert found.stdout.endswith("whole\n"), found.stderr[-2000:]


# Starts the real server, asks for its page and for the socket's health, ends it.
SERVE = """
import subprocess, sys, time, urllib.request
server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "8598"])
try:
    for _ in range(240):
        try:
            assert urllib.request.urlopen("http://127.0.0.1:8598/_stcore/health", timeout=2).read() == b"ok"
            assert b"<title>" in urllib.request.urlopen("http://127.0.0.1:8598/", timeout=5).read()
            print("answers")
            break
        except OSError:
            time.sleep(0.5)
finally:
    server.terminate()
    server.wait()
"""


@isolated
def test_server_starts_without_a_network(tmp_path, monkeypatch):
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path / "workspace"))
    found = alone("-c", SERVE)
    assert "answers" in found.stdout, found.stderr[-2000:]
