"""Run one command and tell what it cost: CPU time, wall time and peak memory of that process alone."""

import fcntl
import os
import resource
import shlex
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

ROWS_OF_SCREEN, COLUMNS_OF_SCREEN = 40, 100
UNIT_OF_PEAK = 1 if sys.platform == "darwin" else 1 << 10  # bytes that ru_maxrss counts in


@dataclass(frozen=True, slots=True)
class Sample:
    """One run. The peak includes what this process held when it started the other: keep it small."""

    cpu_s: float
    wall_s: float
    peak_mb: float


class Failed(Exception):
    """A command that was to be measured did not succeed."""

    def __init__(self, command: Sequence[str], status: int, message: str) -> None:
        super().__init__(f"exit {status}: {shlex.join(command)}\n{message.strip()}")


def measure(command: Sequence[str], environment: Mapping[str, str], *, screen: bool = False) -> Sample:
    """Run a command to its end. `screen` gives it a terminal to write to, else its output goes nowhere."""
    with tempfile.TemporaryFile() as messages:
        near, far = os.openpty() if screen else (-1, os.open(os.devnull, os.O_WRONLY))
        if screen:
            fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS_OF_SCREEN, COLUMNS_OF_SCREEN, 0, 0))
        begun = time.perf_counter()
        child = start(command, environment, far, messages.fileno())
        os.close(far)
        if screen:
            drain(near)
        _, status, used = os.wait4(child, 0)
        wall_s = time.perf_counter() - begun
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            raise Failed(command, code, tail(messages))
    return Sample(used.ru_utime + used.ru_stime, wall_s, peak_mb(used))


def start(command: Sequence[str], environment: Mapping[str, str], out: int, messages: int) -> int:
    """Start a process that reads nothing; tell its number."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    files = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, messages, 2)]
    try:
        return os.posix_spawnp(command[0], list(command), environment, file_actions=files)
    finally:
        os.close(nothing)


def drain(near: int) -> None:
    """Read what is written to the screen until the program has closed it."""
    try:
        while os.read(near, 1 << 16):
            pass
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(near)


def tail(messages: IO[bytes]) -> str:
    """The last of what a program complained about."""
    messages.seek(0)
    return messages.read()[-2000:].decode("utf-8", "replace")


def peak_mb(used: resource.struct_rusage) -> float:
    """The most memory that a process held at once."""
    return used.ru_maxrss * UNIT_OF_PEAK / (1 << 20)
