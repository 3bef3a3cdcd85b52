"""The entry of the program: how it starts, and every way in which it ends."""

import atexit
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from reconcile_cli import __version__
from reconcile_cli.cli.words import as_text
from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.text import _, choose
from reconcile_cli.text.languages import language_from


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code, whatever happens (design, section 5).

    Never a traceback, except for those who set RECONCILE_DEBUG.
    """
    atexit.register(gc.freeze)  # else Python looks at its end for cycles to free: a tenth of a short command
    arguments = [as_text(word) for word in (sys.argv[1:] if argv is None else argv)]
    try:
        with _standard_streams():
            return _ended(arguments)
    except (KeyboardInterrupt, SystemExit) as stop:  # a signal in the first or the last moment
        _say(_interrupted())
        return Exit.INTERRUPTED if isinstance(stop, KeyboardInterrupt) else Exit.TERMINATED


def _ended(arguments: list[str]) -> int:
    terminated: list[int] = []
    try:
        with _terminable() as terminated:
            code = _run(arguments)
        if terminated and code == Exit.INTERRUPTED:
            code = Exit.TERMINATED  # and said already
        elif code == Exit.TERMINATED:
            _say(_interrupted())
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        code = Exit.CLOSED_PIPE
    except KeyboardInterrupt:
        code = Exit.TERMINATED if terminated else Exit.INTERRUPTED
        _say(_interrupted())
    except Exception as error:  # the last resort: whatever was not foreseen
        if os.environ.get("RECONCILE_DEBUG"):
            raise
        code = Exit.REFUSED
        _say(_last_words(error))
    _drop_unwritten()
    return int(code)


@contextlib.contextmanager
def _standard_streams() -> Iterator[None]:
    """Let streams that were closed (`>&-`) lead nowhere, so that no file of ours takes their place."""
    with contextlib.ExitStack() as stack:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:
                setattr(sys, name, stack.enter_context(Path(os.devnull).open(mode, encoding="utf-8")))
                stack.callback(setattr, sys, name, None)
        yield


def _run(arguments: list[str]) -> int:
    """Answer `--version` at once; else load the application, in the language that the user reads."""
    if arguments[:1] == ["--version"]:
        sys.stdout.write(f"reconcile {__version__}\n")
        return Exit.DONE
    choose(language_from(arguments, os.environ, _configured))
    from reconcile_cli.cli.app import run  # noqa: PLC0415 - help texts are read at import, in the language chosen

    try:
        return run(arguments)
    except SystemExit as stop:
        return _code(stop)


def _configured() -> str:
    """The language of the configuration file; a file that cannot be read is told of later, by the application."""
    from reconcile_cli.cli.configuration import settings  # noqa: PLC0415 - only where nothing else tells

    try:
        return str(settings().get("language", ""))
    except ReconcileError:
        return ""


@contextlib.contextmanager
def _terminable() -> Iterator[list[int]]:
    """Leave by SystemExit on SIGTERM, so that what is open is rolled back and closed.

    Gives a list that holds the signal once it came: inside a statement of SQLite it ends as KeyboardInterrupt.
    """
    came: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(Exit.TERMINATED)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not in the main thread: signals are not ours
        yield came
        return
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, before)


def _code(stop: SystemExit) -> int:
    if stop.code is None:
        return Exit.DONE
    return stop.code if isinstance(stop.code, int) else Exit.REFUSED


def _last_words(error: Exception) -> str:
    """Return one sentence for a failure of the system, or for a defect of this program."""
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return _("Error: {what}").format(what=f"{where}{error.strerror}")
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return _(
        "Error: a defect of this program ({what}). A change that was not finished is not kept. "
        "RECONCILE_DEBUG=1 shows where it is.",
    ).format(what=what)


def _interrupted() -> str:
    return _("Interrupted; a change that was not finished is not kept.")


def _say(message: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):  # nobody listens on stderr
        sys.stderr.write(f"{message}\n")


def _drop_unwritten() -> None:
    """Drop what the reader of stdout did not take, so that Python's own last flush is silent."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
