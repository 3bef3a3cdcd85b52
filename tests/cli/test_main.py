"""How the program starts, and every way in which it ends (design, section 5: exit codes)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from reconcile_cli import __version__, text
from reconcile_cli.cli.main import main
from reconcile_cli.errors import Exit

Install = Callable[[Callable[[Sequence[str]], int]], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a function in the place of the application's `run`."""

    def put(run: Callable[[Sequence[str]], int]) -> None:
        app = ModuleType("reconcile_cli.cli.app")
        app.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "reconcile_cli.cli.app", app)

    return put


def _raising(error: BaseException) -> Callable[[Sequence[str]], NoReturn]:
    def run(_argv: Sequence[str]) -> NoReturn:
        raise error

    return run


def _start(body: str, *, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start the program with an application whose `run(argv)` has this body."""
    lines = "\n    ".join(body.splitlines())
    program = (
        "import os, sys, time, types\n"
        f"def run(argv):\n    {lines}\n"
        "app = types.ModuleType('reconcile_cli.cli.app'); app.run = run\n"
        "sys.modules['reconcile_cli.cli.app'] = app\n"
        "from reconcile_cli.cli.main import main\n"
        "sys.exit(main(['accounts']))\n"
    )
    return subprocess.Popen([sys.executable, "-c", program], stdout=stdout, stderr=subprocess.PIPE, text=True)


def test_version_is_answered_before_typer_is_imported() -> None:
    program = (
        "import sys; from reconcile_cli.cli.main import main; code = main(['--version']);"
        "sys.exit(code or bool({'typer', 'rich', 'sqlite3'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert answer.stdout == f"reconcile {__version__}\n"


def test_python_m_starts_it() -> None:
    answer = subprocess.run([sys.executable, "-m", "reconcile_cli", "--version"], check=True, capture_output=True)
    assert answer.stdout.decode() == f"reconcile {__version__}{os.linesep}"


def test_the_language_is_chosen_before_the_application_runs(install: Install) -> None:
    spoken = []

    def run(_argv: Sequence[str]) -> int:
        spoken.append(text.language())
        return 0

    install(run)
    assert main(["accounts", "--lang", "xx"]) == Exit.DONE
    assert spoken == ["xx"]


@pytest.mark.parametrize("code", [Exit.DONE, Exit.REFUSED, Exit.USAGE, Exit.FINDINGS, Exit.UNUSABLE])
def test_the_code_of_the_application_is_the_code_of_the_program(install: Install, code: Exit) -> None:
    install(lambda _argv: code)
    assert main(["accounts"]) == code
    install(_raising(SystemExit(code)))
    assert main(["accounts"]) == code


def test_an_exit_without_a_number_is_done_or_refused(install: Install) -> None:
    install(_raising(SystemExit()))
    assert main([]) == Exit.DONE
    install(_raising(SystemExit("words")))
    assert main([]) == Exit.REFUSED


def test_a_defect_is_one_sentence_and_never_a_traceback(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(_raising(KeyError("x\ny")))
    assert main(["accounts"]) == Exit.REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "KeyError" in said.err
    assert "Traceback" not in said.err


def test_a_defect_shows_where_it_is_to_those_who_ask(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_DEBUG", "1")
    install(_raising(KeyError("x")))
    with pytest.raises(KeyError):
        main(["accounts"])


def test_a_failure_of_the_system_names_the_file(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(_raising(PermissionError(13, "Permission denied", "books.csv")))
    assert main(["accounts"]) == Exit.REFUSED
    assert capsys.readouterr().err == "Error: books.csv: Permission denied\n"


def test_an_interruption_is_one_line(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(_raising(KeyboardInterrupt()))
    assert main(["accounts"]) == Exit.INTERRUPTED
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_closed_pipe_is_silent(lines: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = _start(f"for n in range({lines}): print(n)\nreturn 0", stdout=writer)
    os.close(writer)
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == Exit.CLOSED_PIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_output_that_cannot_be_written_is_not_done() -> None:
    with Path("/dev/full").open("w") as full:
        process = _start("print('a figure')\nreturn 0", stdout=full.fileno())
        said = process.communicate(timeout=30)[1]
    assert process.returncode == Exit.REFUSED
    assert said == "Error: No space left on device\n"


def test_no_stdout_at_all_is_no_defect(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install(lambda _argv: 0)
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["accounts"]) == Exit.DONE


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, Exit.TERMINATED), (signal.SIGINT, Exit.INTERRUPTED)])
def test_a_signal_rolls_back_before_it_ends(number: signal.Signals, code: Exit) -> None:
    process = _start(
        "try:\n    print('ready', flush=True); time.sleep(30)\nfinally:\n    print('rolled back')\nreturn 0"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    started = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (code, "rolled back\n")
    assert "Traceback" not in err
    assert time.monotonic() - started < 20


def test_the_handler_of_sigterm_is_put_back(install: Install) -> None:
    before = signal.getsignal(signal.SIGTERM)
    install(lambda _argv: 0)
    main(["accounts"])
    assert signal.getsignal(signal.SIGTERM) is before
