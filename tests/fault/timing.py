"""How long a command takes, and when in that time it commits: what the moments of a kill are chosen from."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconcile_cli.errors import Exit
from reconcile_cli.store import connection as recipe
from tests.fault.forked import Running, start

TRIES: Final = 3
AFTER_PUBLICATION: Final = 0.01
"""Seconds in which a signal meets the moment between a file in its place and the removal of its draft."""


@dataclass(slots=True)
class Noted:
    """A running command that tells each COMMIT as it begins, and the publication of a new file when it is done."""

    process: Running
    notes: int

    def next_note(self) -> bool:
        """Wait for the next; False when the process has ended."""
        return bool(os.read(self.notes, 1))


def noted(*argv: str, folder: Path) -> Noted:
    """Start a command that tells its commits."""
    read, write = os.pipe()
    process = start(*argv, folder=folder, prepare=lambda: _note_commits(write))
    os.close(write)
    return Noted(process, read)


def _note_commits(write: int) -> None:
    configured, link = recipe._configured, os.link

    def traced(connection: sqlite3.Connection) -> sqlite3.Connection:
        configured(connection)
        connection.set_trace_callback(lambda statement: os.write(write, b"x") if statement == "COMMIT" else None)
        return connection

    def linked(*arguments: Any) -> None:
        link(*arguments)
        os.write(write, b"x")
        time.sleep(AFTER_PUBLICATION)

    recipe._configured = traced
    os.link = linked  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a run: so long after the start, or so long after the last commit began."""

    seconds: float
    after_commit: bool


@dataclass(slots=True)
class Timing:
    """A run in the middle of three: seconds to its last commit, and from there to its end; how many notes it gave."""

    to_commit: float
    to_end: float
    notes: int

    def moments(self, rng: random.Random) -> Iterator[Moment]:
        """Moments over the whole of the run: one before the commit, one after it, and so on.

        A machine with other work is slower now and faster then: what comes too late (see `late`) draws the end nearer.
        """
        while True:
            yield Moment(rng.uniform(0, self.to_commit), after_commit=False)
            yield Moment(rng.uniform(0, self.to_end), after_commit=True)

    def late(self, moment: Moment) -> None:
        """The process had ended before this moment came."""
        if moment.after_commit:
            self.to_end *= 0.9
        else:
            self.to_commit *= 0.9

    def anywhere(self, rng: random.Random) -> float:
        """Seconds after the start, somewhere in the run."""
        return rng.uniform(0, self.to_commit + self.to_end)

    def signalled(self, number: signal.Signals, moment: Moment, *argv: str, folder: Path) -> Running:
        """Start a command line and send it a signal at this moment."""
        running = noted(*argv, folder=folder)
        began = running.process.began
        if moment.after_commit:
            for _note in range(self.notes):
                running.next_note()
            began = time.perf_counter()
        time.sleep(max(0.0, began + moment.seconds - time.perf_counter()))
        os.kill(running.process.pid, number)
        os.close(running.notes)
        return running.process


def timed(*argv: str, folder: Path, restore: Callable[[], None]) -> Timing:
    """Run a command line three times from the same state."""
    runs = []
    for _try in range(TRIES):
        restore()
        running = noted(*argv, folder=folder)
        notes, last = 0, running.process.began
        while running.next_note():
            notes, last = notes + 1, time.perf_counter()
        answer = running.process.ended()
        os.close(running.notes)
        assert answer.code == Exit.DONE, answer
        assert notes, "no commit was seen"
        runs.append(Timing(last - running.process.began, time.perf_counter() - last, notes))
    return sorted(runs, key=lambda timing: timing.to_commit)[TRIES // 2]
