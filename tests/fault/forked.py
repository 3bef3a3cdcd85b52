"""Command lines in processes of their own, forked from this one: no start-up, so that a kill meets the work itself."""

import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from reconcile_cli.cli.main import main
from tests.cli.driving import Answer

LONGEST_SECONDS: Final = 120
NOT_YET: Final = 98
STOPS: Final = (signal.SIGINT, signal.SIGTERM)
Prepare = Callable[[], object]


@dataclass(slots=True)
class Running:
    """A process that was started; `out` and `err` are files, which cannot fill up as pipes do."""

    pid: int
    out: Path
    err: Path
    began: float
    entered: bool = True

    def kill(self, number: signal.Signals, after: float) -> None:
        """Send a signal so many seconds after the start."""
        time.sleep(max(0.0, self.began + after - time.perf_counter()))
        os.kill(self.pid, number)

    def ended(self) -> Answer:
        """Wait for the end. The code is negative where a signal ended it."""
        limit = time.perf_counter() + LONGEST_SECONDS
        while True:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                break
            if time.perf_counter() > limit:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise AssertionError(f"still running after {LONGEST_SECONDS} seconds")
            time.sleep(0.0005)
        answer = Answer(os.waitstatus_to_exitcode(status), _read(self.out), _read(self.err))
        self.entered = answer.code != NOT_YET
        for path in (self.out, self.err):
            path.unlink()
        return answer


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def start(*argv: str, folder: Path, prepare: Prepare | None = None) -> Running:
    """Start a command line; `prepare` runs in its process before it. What it writes is kept in `folder`."""
    out, err = (folder / f"{stream}-{time.perf_counter_ns()}.txt" for stream in ("out", "err"))
    out.touch()
    err.touch()
    sys.stdout.flush()
    sys.stderr.flush()
    began = time.perf_counter()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # until the child has put its own handlers in place
    pid = os.fork()
    if pid == 0:
        _become(argv, (out, err), prepare)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    return Running(pid, out, err, began)


def run(*argv: str, folder: Path, prepare: Prepare | None = None) -> Answer:
    """Run a command line to its end in a process of its own."""
    return start(*argv, folder=folder, prepare=prepare).ended()


def _become(argv: Sequence[str], names: Sequence[Path], prepare: Prepare | None) -> NoReturn:
    """Be the program, and never return to the tests."""
    code = 99
    with contextlib.suppress(BaseException):
        for number in STOPS:
            signal.signal(number, lambda *_: os._exit(NOT_YET))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        out, err = (name.open("w", encoding="utf-8", errors="backslashreplace") for name in names)
        sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO()), out, err
        try:
            if prepare:
                prepare()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            code = main(argv)
            for number in STOPS:
                signal.signal(number, signal.SIG_IGN)
        except BaseException as error:  # noqa: BLE001 - what main lets through is to be seen
            if isinstance(error, KeyboardInterrupt) and not (out.tell() or err.tell()):
                os._exit(NOT_YET)  # between the handler and the first line of main
            err.write(f"Traceback: {error!r}\n")
        out.flush()
        err.flush()
    os._exit(code)
