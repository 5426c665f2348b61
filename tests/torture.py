"""Kills imports, undos, rebuilds, restores at any moment, lets importers and readers meet, fills the disk: nothing may be lost.

    python -m tests.torture --rounds 200 --seed 1

Every figure is known by construction: a file is one month of orders at one price. After every kill another process must
find the state before or the state after, whole, and the state after where the killed process had said that it was done.
Half of the kills come at a moment by the clock, half before the n-th change that the process makes to the workspace's folder.
Prints a line for each part and what was wrong; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.util
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests import torture_child
from tests.torture_child import Months, Seen

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.torture_warm"])
LINES = 56  # of a month
KEPT = 5
REBUILT = 4  # imports that are read anew without costing more than all the rest
DISK = 48 * 1024 * 1024
CURRENCIES = ("RUB", "USD", "EUR")


@dataclass(frozen=True)
class Load:
    """One import: a file of two months, every line of it at one price."""

    months: tuple[int, int]
    price: int

    @property
    def name(self) -> str:
        return f"{self.price}-{self.months[0]}.csv"

    def write(self, folder: Path) -> str:
        """Writes the file; returns its path."""
        lines = ((month, line) for month in self.months for line in range(LINES))
        rows = (f"{month}-{line},Client {line % 7},2026-{month:02d}-{line % 28 + 1:02d},{self.price}" for month, line in lines)
        (folder / self.name).write_text("\n".join(["order_id,client,date,amount", *rows]) + "\n", encoding="utf-8")
        return str(folder / self.name)


def months_of(loads: Sequence[Load]) -> Months:
    """What these imports, one after the other, come to."""
    prices = {month: load.price for load in loads for month in load.months}
    return tuple((f"2026-{month:02d}", LINES, LINES * prices[month]) for month in sorted(prices))


@dataclass(frozen=True)
class State:
    """What the workspace must show: the imports in force, the currency as set; `steps`: how far undo can go."""

    loads: tuple[Load, ...] = ()
    currency: str = ""
    steps: int = 0

    @property
    def seen(self) -> Seen:
        return Seen(months_of(self.loads), tuple(load.name for load in self.loads), self.currency)


@dataclass
class Outcome:
    """How a process ended: its exit code, None if it was killed before it could tell; what it said."""

    code: int | None
    said: str


@dataclass
class Bench:
    """The folders of a run, the processes that it starts, and what went wrong."""

    folder: Path
    chance: random.Random
    wrong: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    price: int = 0

    def new_load(self, months: tuple[int, int]) -> Load:
        self.price += 1
        return Load(months, self.price)

    def run(self, root: Path, commands: list[list[str]], kind: str = "", kill: str = "") -> Outcome:
        """Runs commands in a process. `kill`: "clock", "step" or never; moments are drawn from how long the kind takes."""
        said = self.folder / f"said-{threading.get_ident()}"
        said.unlink(missing_ok=True)
        fatal = self.chance.randint(1, self.steps.get(kind, 12) + 1) if kill == "step" else None
        deadline = self.chance.uniform(0, 1.15) * self.seconds.get(kind, 0.7) if kill == "clock" else None
        process = FORKS.Process(target=torture_child.act, args=(root, commands, said, fatal))
        begun = time.monotonic()
        process.start()
        process.join(deadline)
        process.kill()
        process.join()
        outcome = _outcome(said)
        if outcome.code is not None:
            self.seconds[kind] = 0.5 * (self.seconds.get(kind, time.monotonic() - begun) + time.monotonic() - begun)
            self.steps[kind] = json.loads(outcome.said.splitlines()[-1])["steps"]
        return outcome

    def ask(self, question: Any, *arguments: Any) -> Any:
        """What another, new process answers."""
        with ProcessPoolExecutor(1, mp_context=FORKS) as pool:
            return pool.submit(question, *arguments).result()

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)
            print(f"WRONG: {what}", flush=True)

    def tidy(self, root: Path, after: str) -> None:
        """Nothing is left of the killed once somebody got through: no file, no folder, no process."""
        for _ in range(100):
            orphans = list(_orphans(Path(tempfile.gettempdir())))
            if not orphans:
                break
            time.sleep(0.1)
        left = self.ask(torture_child.leavings, root, Path(tempfile.gettempdir()))
        self.check(not left and not orphans, f"left after {after}: {left} {orphans}")


def _orphans(temporary: Path) -> Iterator[psutil.Process]:
    """Processes of ours whose parent was killed: those that read a file for it must not go on for nobody."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.ppid() == 1 and process.environ().get("TMPDIR") == str(temporary):
                yield process


def _outcome(said: Path) -> Outcome:
    text = said.read_text(encoding="utf-8") if said.exists() else ""
    try:
        return Outcome(int(json.loads(text.splitlines()[-1])["code"]), text)
    except (ValueError, IndexError, KeyError, TypeError):
        return Outcome(None, text)


# One at a time, killed


class Victim:
    """A workspace and what it must show; each round one command is run over it, and perhaps killed."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.root, self.archive = bench, bench.folder / "workspace", bench.folder / "saved.zip"
        self.files = bench.folder / "incoming"
        self.files.mkdir()
        self.state = State()
        self.saved: list[State] = []  # what the backup may hold: the one before, too, while nobody said that the next was written

    def round(self, number: int) -> None:
        kind = self._kind(number)
        commands, afters = getattr(self, f"_{kind}")()
        kill = "" if number < 2 or number % 8 == 0 else self.bench.chance.choice(("clock", "step"))
        outcome = self.bench.run(self.root, commands, kind, kill)
        fate = "killed" if outcome.code is None else "done"
        self.bench.counted[f"{kind} {fate}"] += 1
        told = f"round {number}, {kind} {fate}"
        self.bench.check(outcome.code in (None, 0), f"{told}: {outcome.said}")
        self._judge(told, afters if outcome.code == 0 else [self.state, *afters])
        if kind == "backup":
            self.saved = [self.state] if outcome.code == 0 else [*self.saved, self.state]
        if kind == "load" and outcome.code == 0:
            self.bench.tidy(self.root, told)

    def _judge(self, told: str, allowed: list[State]) -> None:
        seen = Seen(*self.bench.ask(torture_child.look, self.root))
        fitting = [state for state in allowed if state.seen == seen]
        self.bench.check(bool(fitting), f"{told}: seen {seen}, allowed {[state.seen for state in allowed]}")
        self.state = min(fitting, key=lambda state: state.steps, default=allowed[0])

    def _kind(self, number: int) -> str:
        if number < 2:
            return ("load", "backup")[number]
        possible = ["load"] * 5
        possible += ["backup", "restore", "restore", "renew"]
        possible += ["undo"] if self.state.steps else []
        possible += ["rebuild"] if 0 < len(self.state.loads) <= REBUILT else []
        return "load" if number % 8 == 0 else self.bench.chance.choice(possible)

    def _load(self) -> tuple[list[list[str]], list[State]]:
        load = self.bench.new_load(self.bench.chance.choice(((1, 2), (2, 3), (3, 4))))
        after = State((*self.state.loads, load), self.state.currency, min(self.state.steps + 1, KEPT))
        return [["import", load.write(self.files)]], [after]

    def _undo(self) -> tuple[list[list[str]], list[State]]:
        return [["undo"]], [State(self.state.loads[:-1], self.state.currency, self.state.steps - 1)]

    def _rebuild(self) -> tuple[list[list[str]], list[State]]:
        return [["rebuild"]], [self.state]

    def _renew(self) -> tuple[list[list[str]], list[State]]:
        currency = self.bench.chance.choice([one for one in CURRENCIES if one != self.state.currency])
        return [["norms", f"currency={currency}"], ["renew"]], [State(self.state.loads, currency, self.state.steps)]

    def _backup(self) -> tuple[list[list[str]], list[State]]:
        return [["backup", str(self.archive)]], [self.state]

    def _restore(self) -> tuple[list[list[str]], list[State]]:
        return [["restore", str(self.archive)]], self.saved


def killed(bench: Bench, rounds: int) -> None:
    """Commands one after the other, killed at random moments."""
    victim = Victim(bench)
    for number in range(rounds):
        if bench.wrong:  # what follows from a state that must not be would tell nothing
            return
        victim.round(number)
    commands, afters = victim._load()
    bench.check(bench.run(victim.root, commands, "load").code == 0, "the last import did not get through")
    victim._judge("after the last import", afters)
    bench.tidy(victim.root, "the last import")


# All at once


def at_once(bench: Bench, rounds: int) -> None:
    """Two importers, each with two months of its own, some killed; three readers, of whom one opens the workspace anew each time."""
    root, over = bench.folder / "shared", bench.folder / "over"
    first = [bench.new_load(months) for months in ((1, 2), (3, 4))]
    for load in first:
        bench.check(bench.run(root, [["import", load.write(bench.folder)]], "load").code == 0, "the first imports did not get through")
    answers = [bench.folder / f"answers-{number}" for number in range(3)]
    readers = [
        FORKS.Process(target=torture_child.read_on, args=(root, file, over, number == 0)) for number, file in enumerate(answers)
    ]
    for reader in readers:
        reader.start()
    seeds = [bench.chance.random() for _ in first]
    ends: list[tuple[int, int]] = [(0, 0)] * 2
    importers = [threading.Thread(target=_import_on, args=(bench, root, load, rounds, seeds[at], ends, at)) for at, load in enumerate(first)]
    for importer in importers:
        importer.start()
    for importer in importers:
        importer.join()
    over.touch()
    for reader in readers:
        reader.join()
    for file in answers:
        bench.counted["answers"] += _judge_answers(bench, file, [load.price for load in first])
    final = {month: amount // LINES for month, _, amount in bench.ask(torture_child.look, root)[0]}
    for load, (acknowledged, tried) in zip(first, ends, strict=True):
        bench.check(acknowledged <= final[f"2026-{load.months[0]:02d}"] <= tried, f"an import is lost: {final}, {acknowledged}…{tried}")
    last = bench.new_load((1, 2))
    bench.check(bench.run(root, [["import", last.write(bench.folder)]], "load").code == 0, "the last import did not get through")
    bench.tidy(root, "two importers")


def _import_on(bench: Bench, root: Path, load: Load, rounds: int, seed: float, ends: list[tuple[int, int]], at: int) -> None:
    """Imports the same two months again and again, at rising prices: the state can only go on."""
    chance, price = random.Random(seed), load.price
    ends[at] = (price, price)
    for _ in range(rounds):
        price += 1000
        file = Load(load.months, price).write(bench.folder)
        outcome = bench.run(root, [["import", file]], "load", chance.choice(("", "clock", "step")))
        bench.counted["at once killed" if outcome.code is None else "at once done"] += 1
        bench.check(outcome.code in (None, 0), f"an import beside another: {outcome.said}")
        ends[at] = (price if outcome.code == 0 else ends[at][0], price)


def _judge_answers(bench: Bench, file: Path, begun: list[int]) -> int:
    """Every answer is whole, and none is older than the one before it. Returns how many there were."""
    before = begun
    lines = file.read_text(encoding="utf-8").splitlines()
    for line in lines:
        answer = json.loads(line)
        prices = [amount // LINES for _, _, amount in answer] if isinstance(answer, list) else []
        is_whole = len(prices) == 4 and prices[0] == prices[1] and prices[2] == prices[3] and all(row[1] == LINES for row in answer)
        now = prices[::2]
        bench.check(is_whole and all(old <= new for old, new in zip(before, now, strict=True)), f"a reader saw {answer} after {before}")
        before = now if is_whole else before
    return len(lines)


# A full disk


def full_disk(bench: Bench, rounds: int) -> None:
    """Imports on a small disk with ever another rest of it free: the import or a sentence, nothing lost, the space given back."""
    with _small_disk(bench.folder / "disk") as disk:
        if disk is None:
            print("full disk: no file system can be mounted here, left out")
            return
        root, filler = disk / "workspace", disk / "filler"
        state = State()
        for number in range(rounds):
            load = bench.new_load((1, 2))
            after = State((*state.loads, load))
            if number:
                free = _free(disk)
                filler.write_bytes(bytes(max(0, free - int(bench.chance.uniform(0, 8) * 2**20))))
            outcome = bench.run(root, [["import", load.write(bench.folder)]], "load")
            filler.unlink(missing_ok=True)
            bench.counted["disk full" if outcome.code else "disk enough"] += 1
            told = f"full disk, round {number}"
            bench.check(outcome.code == 0 or (outcome.code == 2 and "space" in outcome.said), f"{told}: {outcome.code} {outcome.said}")
            seen = Seen(*bench.ask(torture_child.look, root))
            state = after if outcome.code == 0 else state
            bench.check(seen == state.seen, f"{told}: seen {seen}, must be {state.seen}")
        commands = [["import", bench.new_load((1, 2)).write(bench.folder)]]
        bench.check(bench.run(root, commands, "load").code == 0, "an import with space again did not get through")
        bench.tidy(root, "a full disk")


@contextmanager
def _small_disk(place: Path) -> Iterator[Path | None]:
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)], capture_output=True, check=False)
    try:
        yield place if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(place)], check=True)


def _free(place: Path) -> int:
    return os.statvfs(place).f_bavail * os.statvfs(place).f_frsize


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    multiprocessing.util.get_temp_dir()  # the fork server's own, elsewhere
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        # Before the first fork: what the product puts aside for a while stands where nobody else's does.
        (Path(folder) / "tmp").mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(Path(folder) / "tmp")
        bench = Bench(Path(folder), random.Random(options.seed))
        for part, rounds in ((killed, options.rounds), (at_once, max(options.rounds // 10, 3)), (full_disk, max(options.rounds // 10, 4))):
            begun = time.monotonic()
            part(bench, rounds)
            told = ", ".join(f"{name} {count}" for name, count in sorted(bench.counted.items()))
            print(f"{part.__name__}, {rounds} rounds in {time.monotonic() - begun:.0f} s: {told}", flush=True)
            bench.counted.clear()
    print(f"seed {options.seed}: " + (f"{len(bench.wrong)} wrong" if bench.wrong else "nothing lost, nothing mixed, nothing left"))
    return 1 if bench.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
