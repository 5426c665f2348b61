"""The doors, asked as a server asks them: who gets in, what the others get, which headers go with it."""

from __future__ import annotations

import asyncio
import os
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode

import pytest

from kam import audit
from kam.access import User
from kam.gate import Gate, passwords, sockets
from kam.gate.office import Office
from kam.gate.signing_in import onward
from kam.gate.users import Entry
from kam.i18n import translator

HOST = "ritm.test"
PASSWORD = "a long password"
PAGE = {"accept": "text/html"}

posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are the system's own here")


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "COST", 2**4)
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path / "workspace"))
    kept = Office(tmp_path / "users.toml")
    kept.users.add(Entry(User("Анна", "director"), passwords.hashed(PASSWORD)))
    kept.users.add(Entry(User("Eva", "viewer"), None, "eva@example.com"))
    kept.open()
    return kept


async def behind(scope, receive, send):
    """What stands behind the doors: says its path, with headers of its own."""
    headers = [(b"cache-control", b"public, max-age=60"), (b"x-frame-options", b"SAMEORIGIN"), (b"set-cookie", b"a=b")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"behind " + scope["path"].encode()})


class Answer:
    def __init__(self, messages):
        start, *rest = messages
        self.status = start["status"]
        self.pairs = [(name.decode(), value.decode()) for name, value in start["headers"]]
        self.headers = dict(self.pairs)
        self.text = b"".join(one["body"] for one in rest).decode()

    @property
    def cookies(self):
        return [value for name, value in self.pairs if name == "set-cookie"]


def ask(gate, path="/", method="GET", body=b"", scheme="http", client="10.0.0.9", **headers):
    """One request; header names with an underscore for a hyphen."""
    path, _, query = path.partition("?")
    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "scheme": scheme, "client": (client, 1),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    to_the_end(gate(scope, receive, send))
    return Answer(sent)


def to_the_end(work):
    """Runs a coroutine in a thread of its own: the tests of the browser leave their loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.fixture
def gate(office):
    return Gate(behind, office, lambda host: host == HOST, ["sha256-abc"])


def sign_in(gate, name="Анна", password=PASSWORD, onward="/abcd?lang=en", **how):
    body = urlencode({"name": name, "password": password, "onward": onward}).encode()
    return ask(gate, "/sign-in", "POST", body, **{"origin": f"http://{HOST}", **how})


def cookie_of(answer):
    return answer.cookies[0].split(";")[0]


# Without a session


PATHS = ["/", "/abcd", "/_stcore/health", "/media/x.xlsx", "/static/js/index.js", "/sign-in", "/sign-in/", "//sign-in", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_is_answered_without_a_session(gate, path, method):
    answer = ask(gate, path, method, **PAGE)
    assert answer.status in (401, 403)
    assert "behind" not in answer.text


def test_page_asked_for_gets_the_form_and_everything_else_a_line(gate):
    page, other = ask(gate, "/abcd?lang=en", **PAGE), ask(gate, "/media/a.csv", accept="*/*", accept_language="en")
    assert (page.status, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert 'name="onward" value="/abcd?lang=en"' in page.text
    assert (other.status, other.text) == (401, "Sign in first.\n")


def test_form_has_no_script_and_a_policy_that_allows_none(gate):
    page = ask(gate, "/", **PAGE)
    assert "<script" not in page.text and not re.search(r"\son\w+=", page.text)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize(
    ("path", "accepted", "word"),
    [("/", "", "Войти"), ("/", "en-US,en;q=0.9", "Sign in"), ("/", "de,ru;q=0.5", "Войти"), ("/?lang=en", "ru", "Sign in"),
     ("/?lang=de", "fr", "Войти")],
)  # fmt: skip
def test_form_speaks_the_language_of_the_address_then_of_the_browser(gate, path, accepted, word):
    assert f"<button>{word}</button>" in ask(gate, path, accept_language=accepted, **PAGE).text


def test_address_with_markup_stays_text(gate):
    page = ask(gate, '/a"><img src=x onerror=alert(1)>?x="><b>', **PAGE)
    assert "<img" not in page.text and "<b>" not in page.text


# Signing in


def test_right_password_opens_what_was_asked_for(gate):
    answer = sign_in(gate)
    assert (answer.status, answer.headers["location"]) == (303, "/abcd?lang=en")
    inside = ask(gate, "/abcd", cookie=cookie_of(answer))
    assert (inside.status, inside.text) == (200, "behind /abcd")


@pytest.mark.parametrize("name", ["Анна", "анна", " АННА "])
def test_name_is_taken_in_any_case(gate, name):
    assert sign_in(gate, name).status == 303


@pytest.mark.parametrize(("name", "password"), [("Анна", "wrong"), ("Анна", ""), ("nobody", PASSWORD), ("", ""), ("Eva", ""), ("Eva", PASSWORD)])
def test_wrong_name_and_wrong_password_look_the_same(gate, name, password):
    answer = sign_in(gate, name, password)
    assert (answer.status, answer.cookies) == (401, [])
    assert translator("en")("gate.wrong") in answer.text
    assert PASSWORD not in answer.text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites_and_bound_to_tls_where_there_is_tls(gate):
    (plain,) = sign_in(gate).cookies
    assert plain.startswith("ritm=") and plain.endswith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax")
    (secure,) = sign_in(gate, scheme="https", origin=f"https://{HOST}").cookies
    assert secure.startswith("__Host-ritm=") and secure.endswith("; HttpOnly; SameSite=Lax; Secure")


@pytest.mark.parametrize("origin", ["", "null", "http://evil.test", f"http://{HOST}.evil.test", f"http://{HOST}:81", "nonsense"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_form_from_elsewhere_is_refused(gate, office, path, origin):
    body = urlencode({"name": "Анна", "password": PASSWORD}).encode()
    answer = ask(gate, path, "POST", body, origin=origin)
    assert (answer.status, answer.cookies) == (403, [])


NO_FORMS = [b"", b"name=a", b"name=%ff&password=x", b"\xff", b"a=1&" * 20 + b"name=a&password=b", b"name=a&password=" + b"x" * 5000]


@pytest.mark.parametrize("body", NO_FORMS)
def test_form_that_is_none_is_refused(gate, body):
    assert ask(gate, "/sign-in", "POST", body, origin=f"http://{HOST}").status == 400


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/abcd?lang=en&as_of=2026-01-01", "/abcd?lang=en&as_of=2026-01-01"), ("/client?client=%D0%A0%20x", "/client?client=%D0%A0%20x"),
        ("/", "/"), ("", "/"),
        ("//evil.test", "/"), ("///evil.test", "/"), ("/\\evil.test", "/"), ("\\\\evil.test", "/"), ("https://evil.test", "/"),
        ("javascript:alert(1)", "/"), ("/a\r\nset-cookie: x=y", "/"), ("/a\tb", "/"), ("abcd", "/"), ("/sign-out", "/"), ("/sign-in?x=1", "/"),
        ("/Ромашка", "/" + quote("Ромашка")),
    ],
)  # fmt: skip
def test_way_on_leads_to_a_page_of_this_server_alone(gate, asked, goes):
    assert onward(asked) == goes
    assert sign_in(gate, onward=asked).headers["location"] == goes


def test_sixth_try_for_a_name_waits_though_it_comes_from_elsewhere_with_the_right_password(gate):
    for number in range(5):
        assert sign_in(gate, password="wrong", client=f"10.0.0.{number}").status == 401
    answer = sign_in(gate, client="10.0.1.1")
    assert (answer.status, answer.cookies) == (429, [])
    seconds = int(answer.headers["retry-after"])
    assert 0 < seconds <= 60
    assert translator("en")("gate.too_many", count=seconds) in answer.text


def test_sixth_try_from_an_address_waits_though_it_names_another(gate):
    for number in range(5):
        assert sign_in(gate, f"name {number}", "wrong").status == 401
    assert sign_in(gate).status == 429
    assert sign_in(gate, client="10.0.0.10").status == 303


def test_right_passwords_are_not_counted(gate):
    assert [sign_in(gate).status for _ in range(12)] == [303] * 12


# Signing out, and other ends of a session


def test_sign_out_ends_the_session_for_every_copy_of_the_cookie(gate):
    cookie = cookie_of(sign_in(gate))
    answer = ask(gate, "/sign-out", "POST", origin=f"http://{HOST}", cookie=cookie)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert answer.cookies == ["ritm=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]
    assert ask(gate, "/", cookie=cookie).status == 401


def test_who_came_in_left_or_could_not_is_on_record_and_a_name_of_nobody_is_not(gate, office, tmp_path):
    sign_in(gate, name="парольвместоимени", password="x")
    sign_in(gate, password="wrong")
    cookie = cookie_of(sign_in(gate))
    ask(gate, "/sign-out", "POST", cookie=cookie, origin=f"http://{HOST}")
    found = audit.entries(tmp_path / "workspace")[::-1]
    assert [(one.who, one.action) for one in found] == [
        ("?", "sign_in_failed"), ("Анна", "sign_in_failed"), ("Анна", "sign_in"), ("Анна", "sign_out"),
    ]  # fmt: skip
    assert {one.facts["address"] for one in found} == {"10.0.0.9"}
    assert "парольвместоимени" not in "".join(file.read_text("utf-8") for file in audit.files(tmp_path / "workspace"))


def test_sign_out_by_a_link_is_none(gate):
    cookie = cookie_of(sign_in(gate))
    assert ask(gate, "/sign-out", cookie=cookie).headers["location"] == "/"
    assert ask(gate, "/", cookie=cookie).status == 200


def test_user_removed_is_out(gate, office):
    cookie = cookie_of(sign_in(gate))
    office.users.remove("Анна")
    assert ask(gate, "/", cookie=cookie).status == 401


SPOILT = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_text(""),
    "torn": lambda path: path.write_text("[["),
    "open": lambda path: path.chmod(0o666),
}


@pytest.mark.parametrize("spoil", [pytest.param(how, marks=posix if name == "open" else ()) for name, how in SPOILT.items()])
def test_users_file_spoilt_while_the_server_runs_lets_nobody_in(gate, office, spoil):
    cookie = cookie_of(sign_in(gate))
    spoil(office.users.path)
    for answer in (ask(gate, "/", cookie=cookie), ask(gate, "/", **PAGE), sign_in(gate)):
        assert answer.status in (401, 503)
        assert "behind" not in answer.text and answer.cookies == []
    assert ask(gate, "/", cookie=cookie, accept_language="en").text == translator("en")("gate.closed") + "\n"


# Hosts and headers


@pytest.mark.parametrize("host", ["evil.test", "", f"{HOST}.evil.test"])
def test_unknown_host_is_refused_with_a_session_too(gate, host):
    cookie = cookie_of(sign_in(gate))
    for asked in (gate, Gate(behind, None, lambda name: name == HOST)):
        assert ask(asked, "/", cookie=cookie, host=host).status == 403


def test_laptop_has_no_sign_in_and_the_same_headers():
    answer = ask(Gate(behind, None, lambda host: True, ["sha256-abc"]), "/abcd")
    assert (answer.status, answer.text) == (200, "behind /abcd")
    assert "script-src 'self' 'wasm-unsafe-eval' 'sha256-abc';" in answer.headers["content-security-policy"]


def test_every_answer_has_the_headers_of_security(gate):
    cookie = cookie_of(sign_in(gate))
    for answer in (ask(gate, "/", **PAGE), ask(gate, "/", cookie=cookie), ask(gate, "/", host="evil.test"), sign_in(gate)):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        names = [name for name, _ in answer.pairs if name != "set-cookie"]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/", "no-store"), ("/media/a.xlsx", "no-store"), ("/static/js/index.js", "public, max-age=60"), ("/_stcore/upload_file/a/b", "no-store")],
)
def test_nothing_but_streamlits_own_files_may_be_kept_by_the_browser(gate, path, kept):
    cookie = cookie_of(sign_in(gate))
    assert ask(gate, path, cookie=cookie).headers["cache-control"] == kept
    assert ask(gate, path).headers["cache-control"] == "no-store"


# Sockets


async def socket_behind(scope, receive, send):
    """Behind the doors: takes the socket, sends a greeting, sends back what it gets."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": message["bytes"]})
    await send({"type": "websocket.send", "bytes": b"after the end"})


def talk(gate, cookie, *, host=HOST, origin=f"http://{HOST}", then=lambda: None, idle=False):
    """Opens a socket, sends one message, does `then`, sends another or waits in silence; returns what the server sent."""
    sent = []

    async def run():
        inbox = asyncio.Queue()
        inbox.put_nowait({"type": "websocket.connect"})
        inbox.put_nowait({"type": "websocket.receive", "bytes": b"one"})

        async def send(message):
            sent.append(message)
            if message.get("bytes") == b"one":
                then()
                if not idle:
                    inbox.put_nowait({"type": "websocket.receive", "bytes": b"two"})
                    inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})

        headers = [(b"host", host.encode()), (b"cookie", cookie.encode())] + ([(b"origin", origin.encode())] if origin else [])
        scope = {"type": "websocket", "path": "/_stcore/stream", "query_string": b"", "scheme": "ws", "headers": headers}
        await asyncio.wait_for(gate(scope, inbox.get, send), 20)

    to_the_end(run())
    return [message.get("bytes") or message["type"] for message in sent]


@pytest.fixture
def line(office):
    return Gate(socket_behind, office, lambda host: host == HOST)


CLOSED = "websocket.close"


def test_socket_with_a_session_is_open(line):
    assert talk(line, cookie_of(sign_in(line))) == ["websocket.accept", b"one", b"two", b"after the end"]


@pytest.mark.parametrize("cookie", ["", "ritm=", "ritm=a.b", "other=1"])
def test_socket_without_a_session_is_never_accepted(line, cookie):
    assert talk(line, cookie) == [CLOSED]


@pytest.mark.parametrize("origin", ["http://evil.test", "null", f"http://{HOST}:81"])
def test_socket_from_a_page_elsewhere_is_never_accepted(line, origin):
    assert talk(line, cookie_of(sign_in(line)), origin=origin) == [CLOSED]


def test_socket_under_an_unknown_name_is_never_accepted(line):
    assert talk(line, cookie_of(sign_in(line)), host="evil.test", origin="http://evil.test") == [CLOSED]
    assert talk(Gate(socket_behind, None, lambda host: host == HOST), "", host="evil.test", origin="http://evil.test") == [CLOSED]


@pytest.mark.parametrize("idle", [False, True])
@pytest.mark.parametrize("end", ["sign out", "remove", "spoil"])
def test_socket_ends_with_its_session_and_nothing_is_sent_after(line, office, monkeypatch, end, idle):
    monkeypatch.setattr(sockets, "EVERY", 0.05)
    cookie = cookie_of(sign_in(line))
    ends = {
        "sign out": lambda: office.sessions.end(office.session({"ritm": cookie.removeprefix("ritm=")})),
        "remove": lambda: office.users.remove("Анна"),
        "spoil": lambda: office.users.path.write_text("[["),
    }
    assert talk(line, cookie, then=ends[end], idle=idle) == ["websocket.accept", b"one", CLOSED]


# The company's own sign-in


class Company:
    """A provider that vouches for whom the cookie `company` names."""

    paths = frozenset({"/auth/login"})

    def __init__(self, is_set_up=True):
        self.is_set_up = is_set_up

    def link(self):
        return "/auth/login?provider=x" if self.is_set_up else ""

    def email(self, cookies):
        return cookies.get("company") if self.is_set_up else None

    def cookies(self, cookies):
        return [name for name in cookies if name == "company"]


@pytest.fixture
def company(office):
    return Gate(behind, office, lambda host: host == HOST, elsewhere=Company())


def test_form_offers_the_company_account_where_it_is_set_up(gate, company):
    assert "/auth/login?provider=x" in ask(company, "/", **PAGE).text
    assert "/auth/login" not in ask(gate, "/", **PAGE).text


def test_way_to_the_provider_is_open_only_where_it_is_set_up(gate, office, company):
    assert ask(company, "/auth/login").status == 200
    assert ask(company, "/auth/login/x").status == 401
    assert ask(gate, "/auth/login").status == 401
    assert ask(Gate(behind, office, lambda host: True, elsewhere=Company(False)), "/auth/login").status == 401


def test_account_of_a_known_user_is_taken_for_a_session_once_and_for_pages_alone(company):
    answer = ask(company, "/abcd?lang=en", cookie="company=EVA@example.com", **PAGE)
    assert (answer.status, answer.headers["location"]) == (303, "/abcd?lang=en")
    assert ask(company, "/", cookie=cookie_of(answer)).status == 200
    assert ask(company, "/media/a.csv", cookie="company=eva@example.com").status == 401


def test_account_that_nobody_added_is_refused_and_forgotten(company):
    answer = ask(company, "/?lang=en", cookie="company=who@example.com", **PAGE)
    assert (answer.status, answer.cookies) == (403, ["company=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"])
    assert translator("en")("gate.account_unknown", email="who@example.com") in answer.text


def test_account_signed_out_does_not_let_the_same_cookie_in_again(company):
    mine = cookie_of(ask(company, "/", cookie="company=eva@example.com", **PAGE))
    answer = ask(company, "/sign-out", "POST", origin=f"http://{HOST}", cookie=f"{mine}; company=eva@example.com")
    assert "company=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" in answer.cookies
    assert ask(company, "/", cookie="company=eva@example.com", **PAGE).status == 401
