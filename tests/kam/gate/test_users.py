"""The users' file: written whole and private, read strictly; passwords as scrypt hashes; sessions that hang on an entry."""

from __future__ import annotations

import io
import os
import stat

import pytest

from kam import cli
from kam.access import User
from kam.errors import KamError
from kam.gate import passwords, sessions
from kam.gate.office import Office, office
from kam.gate.sessions import LIFE, Sessions
from kam.gate.tries import LIMIT, WINDOW, Tries, address_key
from kam.gate.users import Entry, Users

posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are the system's own here")


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashes of a test cost next to nothing; the shipped cost is looked at by a test of its own."""
    monkeypatch.setattr(passwords, "COST", 2**4)
    monkeypatch.delenv("KAM_USERS", raising=False)


@pytest.fixture
def users(tmp_path):
    kept = Users(tmp_path / "users.toml")
    kept.add(Entry(User("Анна", "director"), passwords.hashed("director's own")))
    kept.add(Entry(User("Пётр", "manager", "Иванов П."), passwords.hashed("manager's own")))
    return kept


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


# Passwords


def test_password_fits_its_own_hash_alone():
    kept = passwords.hashed("длинный пароль")
    assert passwords.fits("длинный пароль", kept)
    assert not passwords.fits("длинный пароль ", kept)
    assert not passwords.fits("", kept)


def test_same_password_is_never_hashed_the_same():
    assert passwords.hashed("the same one") != passwords.hashed("the same one")


def test_unknown_user_costs_a_hash_of_the_same_cost_and_is_refused(monkeypatch):
    asked = []
    digest = passwords._digest
    monkeypatch.setattr(passwords, "_digest", lambda *cost: asked.append(cost[2:]) or digest(*cost))
    assert not passwords.fits("whatever it is", None)
    assert not passwords.fits("whatever it is", passwords.hashed("something else"))
    assert asked[0] == asked[-1] == (passwords.COST, passwords.BLOCK, passwords.PARALLEL)


@pytest.mark.parametrize(("length", "is_taken"), [(9, False), (10, True), (256, True), (257, False)])
def test_password_has_ten_to_256_characters(length, is_taken):
    if is_taken:
        assert passwords.is_hash(passwords.hashed("x" * length))
    else:
        with pytest.raises(KamError, match="password_length"):
            passwords.hashed("x" * length)


def test_shipped_cost_is_sane(monkeypatch):
    monkeypatch.undo()
    assert passwords.COST * passwords.PARALLEL >= 2**15 * 3 and passwords.BLOCK >= 8


@pytest.mark.parametrize(
    "text",
    ["", "secret", "scrypt$16$8$1$AA==$AA==", "scrypt$15$8$1$" + "A" * 24 + "$" + "A" * 44, "md5$16$8$1$" + "A" * 24 + "$" + "A" * 44,
     "scrypt$1048576$8$1$" + "A" * 24 + "$" + "A" * 44, "scrypt$16$0$1$" + "A" * 24 + "$" + "A" * 44],
)  # fmt: skip
def test_text_that_is_no_hash_is_known_for_one(text):
    assert not passwords.is_hash(text)


# The file


def test_file_is_read_as_it_was_written(users):
    again = Users(users.path).entries()
    assert [one.user for one in again.values()] == [User("Анна", "director"), User("Пётр", "manager", "Иванов П.")]
    assert passwords.fits("director's own", again["анна"].password)


@posix
def test_file_is_for_its_owner_alone_and_no_part_of_it_is_left(users):
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    assert {path.name for path in users.path.parent.iterdir()} <= {"users.toml", "users.toml.lock"}


def test_names_that_need_quoting_come_back_to_the_letter(users):
    user = User('О"Нил \\ [x] = #', "manager", "строка “в кавычках” \\n")
    users.add(Entry(user, passwords.hashed("long enough")))
    assert Users(users.path).entry(user.name).user == user


def test_name_is_found_in_any_case_and_taken_once(users):
    assert users.entry(" АННА ").user.name == "Анна"
    with pytest.raises(KamError, match=r"users\.taken"):
        users.add(Entry(User("анна", "viewer"), passwords.hashed("long enough")))


def test_change_of_the_file_is_seen_at_once(users):
    users.entries()
    Users(users.path).remove("Пётр")
    assert users.entry("Пётр") is None


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (Entry(User("x", "manager"), "hash"), "users.manager_needed"),
        (Entry(User("x", "viewer", "Иванов"), "hash"), "users.manager_unwanted"),
        (Entry(User("x", "admin"), "hash"), "users.bad_role"),
        (Entry(User("", "viewer"), "hash"), "users.bad_name"),
        (Entry(User("a\nb", "viewer"), "hash"), "users.bad_name"),
        (Entry(User("x" * 81, "viewer"), "hash"), "users.bad_name"),
        (Entry(User("x", "viewer"), "hash"), "users.bad_hash"),
        (Entry(User("x", "viewer")), "users.no_way_in"),
    ],
)
def test_entry_that_could_not_sign_in_is_refused_with_its_reason(users, entry, key):
    before = users.path.read_bytes()
    with pytest.raises(KamError) as refused:
        users.add(entry)
    assert refused.value.key == key
    assert users.path.read_bytes() == before


GOOD = '[[users]]\nname = "a"\nrole = "viewer"\nemail = "a@b"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "users.empty"),
        ("users = []\n", "users.empty"),
        ("[[users]\n", "users.malformed"),
        ("[users]\n", "users.malformed"),
        (GOOD + "admin = true\n", "users.malformed"),
        (GOOD + 'sign_outs = "many"\n', "users.malformed"),
        (GOOD + "manager = 7\n", "users.malformed"),
        (GOOD + GOOD, "users.malformed"),
        (GOOD + GOOD.replace('"a"', '"b"'), "users.malformed"),
        (GOOD.replace("viewer", "root"), "users.malformed"),
        ('name = "a"\n', "users.malformed"),
        ("\x00", "users.malformed"),
    ],
)
def test_file_that_is_not_one_lets_nobody_in(tmp_path, text, key):
    path = tmp_path / "users.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KamError) as refused:
        Users(path).entries()
    assert refused.value.key == key


def test_file_that_is_good_is_taken(tmp_path):
    path = tmp_path / "users.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert Office(path).users.of_email("A@B").user == User("a", "viewer")


def test_missing_file_lets_nobody_in(tmp_path):
    with pytest.raises(KamError, match=r"users\.missing"):
        Office(tmp_path / "none.toml").open()


@posix
@pytest.mark.parametrize(
    ("mode", "key"), [(0o600, None), (0o640, "warning"), (0o604, "warning"), (0o620, "users.writable"), (0o602, "users.writable")]
)
def test_file_open_to_others_is_warned_of_and_one_they_can_write_is_refused(users, mode, key):
    users.path.chmod(mode)
    if key == "users.writable":
        with pytest.raises(KamError) as refused:
            Office(users.path).open()
        assert refused.value.key == key
    else:
        assert Office(users.path).open() == (["users.readable"] if key else [])


def test_variable_that_is_not_set_means_a_laptop_and_an_empty_one_nothing(monkeypatch):
    assert office() is None
    monkeypatch.setenv("KAM_USERS", " ")
    with pytest.raises(KamError, match=r"users\.unset"):
        office()


# Sessions


@pytest.fixture
def clock():
    return Clock(1_800_000_000.0)


@pytest.fixture
def kept(users, clock):
    return Sessions(users, clock)


def begun(users, kept, name="Пётр"):
    return kept.begin(users.entry(name))


def test_session_tells_whose_it_is(users, kept):
    assert kept.session(begun(users, kept)).user == User("Пётр", "manager", "Иванов П.")


def test_session_outlives_a_restart_of_the_server(users, kept, clock):
    assert Sessions(Users(users.path), clock).session(begun(users, kept)).user.name == "Пётр"


@pytest.mark.parametrize(("later", "holds"), [(LIFE - 1, True), (LIFE, False)])
def test_session_lasts_a_working_day(users, kept, clock, later, holds):
    cookie = begun(users, kept)
    clock.now += later
    assert (kept.session(cookie) is not None) is holds


def forged(cookie):
    payload, _, signature = cookie.partition(".")
    yield from (None, "", ".", "a.b", "é.é", "x" * 5000)
    yield from (payload, payload + ".", "." + signature, cookie + "A", cookie[:-2], "bnVsbA." + signature)
    yield payload + "." + "A" * len(signature)
    for at in (0, len(payload) // 2, len(payload) + 1, len(cookie) - 2):
        yield cookie[:at] + ("B" if cookie[at] != "B" else "C") + cookie[at + 1 :]


def test_cookie_changed_in_any_place_is_no_session(users, kept):
    cookie = begun(users, kept)
    assert kept.session(cookie) is not None
    assert [one for one in forged(cookie) if kept.session(one) is not None] == []


def test_cookie_of_one_user_does_not_open_another(users, kept):
    anna, petr = begun(users, kept, "Анна"), begun(users, kept, "Пётр")
    assert kept.session(anna.split(".")[0] + "." + petr.split(".")[1]) is None


def test_another_key_signs_everybody_out(users, kept):
    cookie = begun(users, kept)
    kept.end_all()
    assert kept.session(cookie) is None
    assert kept.session(begun(users, kept)) is not None


def test_signed_out_session_stays_over_after_a_restart_and_others_go_on(users, kept, clock):
    mine, other = begun(users, kept), begun(users, kept)
    kept.end(kept.session(mine))
    for sessions_now in (kept, Sessions(Users(users.path), clock)):
        assert sessions_now.session(mine) is None
        assert sessions_now.session(other) is not None


def test_list_of_ended_sessions_forgets_those_that_expired(users, kept, clock):
    kept.end(kept.session(begun(users, kept)))
    clock.now += LIFE + 2
    kept.end(kept.session(begun(users, kept)))
    assert len((users.path.parent / "users.toml.signed-out").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda users: users.remove("Пётр"),
        lambda users: users.change("Пётр", password=passwords.hashed("another one")),
        lambda users: users.change("Пётр", user=User("Пётр", "viewer")),
        lambda users: users.change("Пётр", user=User("Пётр", "manager", "Сидоров")),
        lambda users: users.change("Пётр"),
    ],
)
def test_change_of_a_user_ends_the_users_sessions_and_nobody_elses(users, kept, change):
    petr, anna = begun(users, kept), begun(users, kept, "Анна")
    change(Users(users.path))
    assert kept.session(petr) is None
    assert kept.session(anna) is not None


def test_user_removed_and_added_again_does_not_revive_the_old_session(users, kept):
    petr = begun(users, kept)
    users.remove("Пётр")
    users.add(Entry(User("Пётр", "manager", "Иванов П."), passwords.hashed("manager's own")))
    assert kept.session(petr) is None


@posix
def test_key_is_for_its_owner_alone_and_one_open_to_others_is_refused(users, kept):
    kept.secret()
    assert stat.S_IMODE(kept.key_path.stat().st_mode) == 0o600
    kept.key_path.chmod(0o640)
    with pytest.raises(KamError, match=r"users\.key_unfit"):
        Sessions(users).secret()


@pytest.mark.parametrize("text", ["", "abc", "00" * 31, "zz" * 32])
def test_key_that_is_none_is_refused(users, kept, text):
    kept.key_path.write_text(text)
    kept.key_path.chmod(0o600)
    with pytest.raises(KamError, match=r"users\.key_unfit"):
        kept.secret()


def test_end_of_a_session_is_kept_in_memory_where_the_disk_is_full(users, kept, monkeypatch):
    cookie = begun(users, kept)

    def full(*_):
        raise OSError(28, "no space")

    monkeypatch.setattr(sessions, "write_private", full)
    kept.end(kept.session(cookie))
    assert kept.session(cookie) is None


# Tries


def test_sixth_try_within_a_minute_waits_for_the_first_to_be_a_minute_old():
    clock = Clock(100.0)
    tries = Tries(clock)
    for _ in range(LIMIT):
        assert tries.wait(["name a"]) == 0
        clock.now += 1
    assert tries.wait(["name a"]) == WINDOW - LIMIT
    clock.now = 100 + WINDOW - 0.5
    assert tries.wait(["name a"]) == 1
    clock.now = 100 + WINDOW
    assert tries.wait(["name a"]) == 0
    assert tries.wait(["name a"]) == 1


def test_refused_try_is_counted_under_no_key():
    tries = Tries(Clock(0.0))
    for _ in range(LIMIT):
        tries.wait(["name a"])
    for _ in range(20):
        assert tries.wait(["name a", "address 1"]) > 0
    assert [tries.wait(["address 1"]) for _ in range(LIMIT + 1)] == [0] * LIMIT + [WINDOW]


def test_right_password_takes_its_try_back():
    tries = Tries(Clock(0.0))
    for _ in range(LIMIT * 3):
        assert tries.wait(["name a"]) == 0
        tries.forgive(["name a"])


def test_memory_of_tries_is_bounded():
    tries = Tries(Clock(0.0))
    for number in range(10_500):
        tries.wait([f"name {number}"])
    assert len(tries._made) == 10_000


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [("10.0.0.1", "10.0.0.2", False), ("2001:db8::1", "2001:db8::ffff:1", True), ("2001:db8:0:1::1", "2001:db8:0:2::1", False)],
)
def test_addresses_count_alone_and_those_of_an_ipv6_network_together(one, other, is_same):
    assert (address_key(one) == address_key(other)) is is_same


# The command line


def run(capsys, *arguments, given="", monkeypatch=None):
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
    code = cli.main(["--lang", "en", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def in_office(tmp_path, monkeypatch):
    monkeypatch.setenv("KAM_USERS", str(tmp_path / "users.toml"))
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path / "workspace"))
    return Users(tmp_path / "users.toml")


def test_user_is_added_listed_changed_and_removed(in_office, capsys, monkeypatch):
    def kam(*arguments, given=""):
        return run(capsys, "user", *arguments, given=given, monkeypatch=monkeypatch)

    assert kam("add", "Анна", "--role", "director", "--password-stdin", given="a long one\n")[0] == 0
    assert kam("add", "Eva", "--role", "viewer", "--email", "eva@example.com", "--no-password")[0] == 0
    assert kam("list")[1] == "Анна  director                     password\nEva   viewer      eva@example.com  company account\n"
    old = in_office.entry("Анна").password
    assert kam("password", "анна", "--password-stdin", given="another one\n")[0] == 0
    assert in_office.entry("Анна").password != old
    assert kam("remove", "eva")[0] == 0
    assert in_office.entry("Eva") is None
    code, _, said = kam("remove", "Eva")
    assert (code, said) == (2, "There is no user “Eva”. There are: Анна.\n")


def test_password_is_asked_twice_without_echo_and_must_be_the_same(in_office, capsys, monkeypatch):
    answers = iter(["a long one", "another long one"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert run(capsys, "user", "add", "Анна", "--role", "director") == (2, "", "The passwords differ. Try again.\n")
    assert not in_office.path.exists()


def test_manager_without_a_name_in_the_data_is_refused(in_office, capsys, monkeypatch):
    code, _, said = run(capsys, "user", "add", "x", "--role", "manager", "--password-stdin", given="a long one\n", monkeypatch=monkeypatch)
    assert (code, said) == (2, "The role manager needs the manager's name as the data write it: --manager NAME.\n")


def test_sign_out_takes_one_name_or_everybody(in_office, capsys, monkeypatch):
    run(capsys, "user", "add", "Анна", "--role", "director", "--password-stdin", given="a long one\n", monkeypatch=monkeypatch)
    kept = Sessions(in_office)
    for arguments in (["анна"], ["--everybody"]):
        cookie = begun(in_office, kept, "Анна")
        assert kept.session(cookie) is not None
        assert run(capsys, "user", "sign-out", *arguments)[0] == 0
        assert kept.session(cookie) is None
    with pytest.raises(SystemExit) as wrong:
        cli.main(["user", "sign-out"])
    assert wrong.value.code == 64


def test_user_without_a_file_named_anywhere_is_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path))
    assert run(capsys, "user", "list") == (2, "", "Where is the users' file? Set KAM_USERS, or give --users FILE.\n")
