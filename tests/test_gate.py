"""The office mode as it is served: a real server, asked without a session on every route it has, then with one."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from kam.access import User
from kam.gate import Users, passwords
from kam.gate.office import VARIABLE, Office
from kam.gate.users import Entry

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a long password"
SERVE = ("-m", "streamlit", "run", "app.py")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
ROUTES = """
import json, app
print(json.dumps([route.path or "/" for route in app.app._build_starlette_app().routes]))
"""


def kept_users(folder: Path) -> Users:
    """A users' file with one user of each role; their hashes cost next to nothing."""
    users = Users(folder / "users.toml")
    for user in (User("Анна", "director"), User("Пётр", "manager", "Иванов П."), User("Eva", "viewer")):
        users.add(Entry(user, passwords.hashed(PASSWORD)))
    return users


@dataclass
class Server:
    port: int
    users: Users
    process: subprocess.Popen[bytes]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """The answer, its body read and closed; header names with an underscore for a hyphen."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        line.close()
        return answer

    def sign_in(self, name: str = "Анна") -> str:
        """The cookie of a new session."""
        body = urlencode({"name": name, "password": PASSWORD}).encode()
        answer = self.ask("/sign-in", "POST", body, Origin=f"http://{self.host}")
        assert answer.status == 303
        return str(answer.getheader("set-cookie")).split(";")[0]

    def stream(self, cookie: str = "", **headers: str):
        given = {"Cookie": cookie, "Origin": f"http://{self.host}", **headers}
        return connect(f"ws://{self.host}/_stcore/stream", additional_headers=given, subprotocols=["streamlit"], max_size=None)


def started(folder: Path, command: tuple[str, ...] = SERVE, **environment: str) -> tuple[int, subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = {**os.environ, "KAM_WORKSPACE": str(folder / "workspace"), "STREAMLIT_SERVER_PORT": str(port), **environment}
    return port, subprocess.Popen([sys.executable, *command], cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def waited_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            break
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("GET", "/_stcore/health")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"the server does not answer; its exit code: {process.poll()}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2**4)
        users = kept_users(folder)
    port, process = started(folder, **{VARIABLE: str(users.path)})
    waited_for(port, process)
    yield Server(port, users, process)
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def routes(server):
    """Every route that the app has, from the app itself: one that comes with another version is asked too."""
    environment = {**os.environ, VARIABLE: str(server.users.path), "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", ROUTES], cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return sorted({re.sub(r"{[^}]+}", "x", path) for path in json.loads(told.splitlines()[-1])})


@dataclass
class Opened:
    """What a page told its reader: the address of a media file (the page's icon), the id of the streamlit session."""

    media: str
    session_id: str


def opened(stream) -> Opened:
    """Asks for the home page over the socket and reads until it has told both."""
    stream.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
    media, session_id = "", ""
    while not (media and session_id):
        raw = stream.recv(timeout=60)
        message = ForwardMsg.FromString(raw)
        if message.WhichOneof("type") == "new_session":
            session_id = message.new_session.initialize.session_id
        found = re.search(rb"/media/[0-9a-f]+\.\w+", raw)
        media = found.group().decode() if found else media
    return Opened(media, session_id)


def read_on(stream):
    """Reads until the server closes the socket."""
    while True:
        stream.recv(timeout=60)


def test_every_route_is_closed_to_every_method_without_a_session(server, routes):
    assert {"/", "/_stcore/health", "/_stcore/stream", "/media/x", "/_stcore/upload_file/x/x", "/auth/login"} <= set(routes)
    answers = {(method, path): server.ask(path, method, Accept="text/html").status for path in routes for method in METHODS}
    assert {asked: status for asked, status in answers.items() if status not in (401, 403)} == {}


OTHERWISE = ["/abcd", "/static/js/index.js", "/favicon.png", "/../app.py", "/%2e%2e/app.py", "//media/x", "/MEDIA/x", "/sign-in/../media/x"]


@pytest.mark.parametrize("path", OTHERWISE)
def test_path_written_another_way_is_closed_too(server, path):
    assert server.ask(path).status in (400, 401, 403)


def test_media_upload_and_socket_are_open_with_a_session_and_closed_without(server):
    cookie = server.sign_in()
    with server.stream(cookie) as stream:
        page = opened(stream)
        file = f"/_stcore/upload_file/{page.session_id}/00000000-0000-0000-0000-000000000001"
        assert server.ask(page.media).status == 401
        assert server.ask(page.media, Cookie=cookie).status == 200
        assert [server.ask(file, method, b"x").status for method in ("PUT", "DELETE")] == [401, 401]
        # With a session it is Streamlit's own check of its token that says no: the doors have let it pass.
        assert server.ask(file, "PUT", b"x", Cookie=cookie).status not in (401, 404)


@pytest.mark.parametrize("headers", [{}, {"Cookie": "ritm=a.b"}])
def test_socket_without_a_session_is_refused_at_the_handshake(server, headers):
    with pytest.raises(InvalidStatus) as refused:
        server.stream(**headers)
    assert refused.value.response.status_code == 403


def test_socket_with_a_session_is_refused_to_a_page_elsewhere(server):
    with pytest.raises(InvalidStatus):
        server.stream(server.sign_in(), Origin="http://evil.test")


def test_sign_out_closes_the_open_socket_of_that_session_alone(server):
    mine, other = server.sign_in(), server.sign_in()
    with server.stream(mine) as one, server.stream(other) as two:
        page = opened(one)
        opened(two)
        assert server.ask("/sign-out", "POST", Origin=f"http://{server.host}", Cookie=mine).status == 303
        with pytest.raises(ConnectionClosed):
            read_on(one)
        assert server.ask(page.media, Cookie=mine).status == 401
        assert opened(two).media == page.media


def test_user_removed_by_the_command_line_is_out_at_once(server):
    cookie = server.sign_in("Eva")
    with server.stream(cookie) as stream:
        opened(stream)
        environment = {**os.environ, VARIABLE: str(server.users.path)}
        subprocess.run([sys.executable, "-m", "kam", "user", "remove", "Eva"], cwd=ROOT, env=environment, check=True, capture_output=True)
        assert server.ask("/", Cookie=cookie).status == 401
        with pytest.raises(ConnectionClosed):
            read_on(stream)


def test_cookie_signed_with_the_key_of_another_office_is_none(server, tmp_path):
    other = Office(tmp_path / "users.toml")
    other.users.path.write_bytes(server.users.path.read_bytes())
    other.users.path.chmod(0o600)
    cookie = other.sessions.begin(other.users.entry("Анна"))
    assert server.ask("/", Cookie=f"ritm={cookie}").status == 401


# Started otherwise


def test_server_ends_with_one_sentence_where_the_users_file_cannot_be_used(tmp_path):
    _, process = started(tmp_path, KAM_USERS=str(tmp_path / "none.toml"), KAM_LANG="en")
    said = process.communicate(timeout=120)[1].decode()
    assert process.returncode not in (0, None)
    assert said.strip().splitlines()[-1].startswith("There is no users' file") and "Traceback" not in said


# The same file as a plain page, as Streamlit served it before it knew of ASGI: no middleware at all.
PLAIN = """
import os
from streamlit.web import bootstrap
bootstrap.load_config_options({"server_port": int(os.environ["STREAMLIT_SERVER_PORT"])})
bootstrap.run("app.py", False, [], {})
"""


def test_page_started_round_the_doors_shows_a_sentence_and_nothing_else(tmp_path, server):
    port, process = started(tmp_path, ("-c", PLAIN), **{VARIABLE: str(server.users.path)})
    waited_for(port, process)
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as stream:
        stream.send(BackMsg(rerun_script={"query_string": "lang=en"}).SerializeToString())
        told = b""
        while (message := ForwardMsg.FromString(stream.recv(timeout=60))).WhichOneof("type") != "script_finished":
            told += message.SerializeToString()
    process.terminate()
    process.wait(timeout=20)
    assert "KAM_USERS is set but the server was started round its sign-in" in told.decode("utf-8", "replace")
    assert "Show the example" not in told.decode("utf-8", "replace")
