"""docs/nginx.conf is true: nginx is started with it, with a certificate of the test's own, and everything goes through it."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from kam.gate import passwords
from kam.gate.office import VARIABLE
from tests.test_gate import PASSWORD, kept_users, opened, started, waited_for

ROOT = Path(__file__).resolve().parent.parent
NAME = "ritm.example.com"
# nginx is in /usr/sbin, which is not in everybody's path.
NGINX, OPENSSL = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin"), shutil.which("openssl")

pytestmark = pytest.mark.skipif(not (NGINX and OPENSSL), reason="no nginx or no openssl on this machine: the proxy is not tried")

FRAME = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/ritm.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> None:
    command = [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([*command, *names, "-keyout", folder / "ritm.key", "-out", folder / "ritm.crt"], check=True, capture_output=True)


class Proxy:
    """nginx with the example's settings; only ports and places of files are the test's own."""

    def __init__(self, folder: Path, app_port: int) -> None:
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        certificate(folder)
        text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
        for here, there in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "/etc/ssl/ritm": f"{folder}/ritm",
            "http://127.0.0.1:8501": f"http://127.0.0.1:{app_port}",
        }.items():
            assert here in text
            text = text.replace(here, there)
        (folder / "ritm.conf").write_text(text, encoding="utf-8")
        (folder / "nginx.conf").write_text(FRAME.format(folder=folder), encoding="utf-8")
        command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    @property
    def host(self) -> str:
        return f"{NAME}:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "ritm.crt"))

    def reached(self) -> socket.socket:
        for _ in range(400):
            try:
                return socket.create_connection(("127.0.0.1", self.port), 60)
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise RuntimeError("nginx does not answer")

    def line(self) -> ssl.SSLSocket:
        return self.trust.wrap_socket(self.reached(), server_hostname=NAME)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        asking = http.client.HTTPSConnection(NAME, self.port, timeout=60)
        asking.sock = self.line()
        asking.request(method, path, body, headers)
        answer = asking.getresponse()
        answer.read()
        asking.close()
        return answer

    def stream(self, **headers: str):
        given = {"Origin": f"https://{self.host}", **headers}
        how = {"sock": self.reached(), "ssl": self.trust, "server_hostname": NAME, "max_size": None}
        return connect(f"wss://{self.host}/_stcore/stream", additional_headers=given, subprotocols=["streamlit"], **how)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2**4)
        users = kept_users(folder)
    command = ("-m", "streamlit", "run", "app.py", f"--server.allowedHosts={NAME}")
    port, process = started(folder, command, **{VARIABLE: str(users.path)})
    waited_for(port, process)
    made = Proxy(folder, port)
    yield made
    for one in (made.process, process):
        one.terminate()
        one.wait(timeout=20)


@pytest.fixture
def cookie(proxy):
    body = urlencode({"name": "Анна", "password": PASSWORD, "onward": "/abcd"}).encode()
    answer = proxy.ask("/sign-in", "POST", body, Origin=f"https://{proxy.host}")
    assert (answer.status, answer.getheader("location")) == (303, "/abcd")
    said = str(answer.getheader("set-cookie"))
    assert said.startswith("__Host-ritm=") and said.endswith("; Secure")
    return said.split(";")[0]


def test_page_without_tls_is_sent_on_to_tls(proxy):
    proxy.line().close()
    asking = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=20)
    asking.request("GET", "/abcd?lang=en", headers={"Host": NAME})
    answer = asking.getresponse()
    assert (answer.status, answer.getheader("location")) == (301, f"https://{NAME}/abcd?lang=en")


def test_nothing_goes_through_without_a_session(proxy):
    for path, method in (("/", "GET"), ("/_stcore/health", "GET"), ("/media/x", "GET"), ("/_stcore/upload_file/x/y", "DELETE")):
        assert proxy.ask(path, method).status == 401
    with pytest.raises(InvalidStatus) as refused:
        proxy.stream()
    assert refused.value.response.status_code == 403


def test_upload_without_a_session_is_refused_before_it_is_taken(proxy):
    with proxy.line() as line:
        line.sendall(f"PUT /_stcore/upload_file/x/y HTTP/1.1\r\nHost: {proxy.host}\r\nContent-Length: 90000000\r\n\r\nfirst bytes".encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 401 ")


def test_upload_larger_than_the_app_takes_is_refused_by_nginx(proxy, cookie):
    with proxy.line() as line:
        head = f"PUT /_stcore/upload_file/x/y HTTP/1.1\r\nHost: {proxy.host}\r\nCookie: {cookie}\r\nContent-Length: 120000000\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_page_socket_and_media_go_through_with_a_session(proxy, cookie):
    page = proxy.ask("/abcd", Cookie=cookie)
    assert page.status == 200
    assert page.getheader("strict-transport-security") == "max-age=31536000"
    assert page.getheader("content-security-policy").startswith("default-src 'self'; script-src 'self'")
    with proxy.stream(Cookie=cookie) as stream:
        assert proxy.ask(opened(stream).media, Cookie=cookie).status == 200


def test_another_name_is_refused_by_the_app(proxy, cookie):
    assert proxy.ask("/", Cookie=cookie, Host="evil.test").status == 403


def test_tries_are_counted_by_the_address_that_nginx_saw(proxy):
    codes = []
    for number, name in enumerate(("Анна", "Пётр", "Eva", "Анна", "Пётр", "Eva")):
        body = urlencode({"name": name, "password": "wrong"}).encode()
        answer = proxy.ask("/sign-in", "POST", body, **{"Origin": f"https://{proxy.host}", "X-Forwarded-For": f"10.0.0.{number}"})
        codes.append(answer.status)
    assert codes == [401] * 5 + [429]
