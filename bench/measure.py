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
from enum import Enum
from typing import IO

ROWS_OF_SCREEN, COLUMNS_OF_SCREEN = 40, 100
UNIT_OF_PEAK = 1 if sys.platform == "darwin" else 1 << 10  # bytes that ru_maxrss counts in


class Output(Enum):
    """Where a command writes to: nowhere, a terminal, or a pipe that is read as fast as it is filled."""

    NOWHERE = "nowhere"
    SCREEN = "screen"
    PIPE = "pipe"


@dataclass(frozen=True, slots=True)
class Sample:
    """One run. The peak includes what this process held when it started the other: keep it small.

    `first_s` is the time until the first output arrived, where somebody read it.
    """

    cpu_s: float
    wall_s: float
    peak_mb: float
    first_s: float | None = None


class Failed(Exception):
    """A command that was to be measured did not succeed."""

    def __init__(self, command: Sequence[str], status: int, message: str) -> None:
        super().__init__(f"exit {status}: {shlex.join(command)}\n{message.strip()}")


def measure(command: Sequence[str], environment: Mapping[str, str], output: Output = Output.NOWHERE) -> Sample:
    """Run a command to its end."""
    with tempfile.TemporaryFile() as messages:
        near, far = ends(output)
        begun = time.perf_counter()
        child = start(command, environment, far, messages.fileno())
        os.close(far)
        first = None if near is None else drain(near)
        _, status, used = os.wait4(child, 0)
        wall_s = time.perf_counter() - begun
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            raise Failed(command, code, tail(messages))
    first_s = None if first is None else first - begun
    return Sample(used.ru_utime + used.ru_stime, wall_s, peak_mb(used), first_s)


def ends(output: Output) -> tuple[int | None, int]:
    """The end that is read here, if any, and the end that the command writes to."""
    if output is Output.NOWHERE:
        return None, os.open(os.devnull, os.O_WRONLY)
    if output is Output.PIPE:
        return os.pipe()
    near, far = os.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS_OF_SCREEN, COLUMNS_OF_SCREEN, 0, 0))
    return near, far


def start(command: Sequence[str], environment: Mapping[str, str], out: int, messages: int) -> int:
    """Start a process that reads nothing; tell its number."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    files = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, messages, 2)]
    try:
        return os.posix_spawnp(command[0], list(command), environment, file_actions=files)
    finally:
        os.close(nothing)


def drain(near: int) -> float | None:
    """Read what is written until the program has closed its end; tell at which moment the first of it came."""
    first = None
    try:
        while os.read(near, 1 << 16):
            first = first or time.perf_counter()
    except OSError:  # how Linux says that the other end of a terminal is closed
        pass
    finally:
        os.close(near)
    return first


def tail(messages: IO[bytes]) -> str:
    """The last of what a program complained about."""
    messages.seek(0)
    return messages.read()[-2000:].decode("utf-8", "replace")


def peak_mb(used: resource.struct_rusage) -> float:
    """The most memory that a process held at once."""
    return used.ru_maxrss * UNIT_OF_PEAK / (1 << 20)
