"""Command lines run as a shell would run them: inside this process on pipes or on a terminal, or as programs."""

import contextlib
import io
import json
import os
import pty
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from reconcile_cli.cli.main import main
from tests.pseudo_terminal import all_on

PROGRAM: Final = (sys.executable, "-m", "reconcile_cli")

CLUB: Final = """\
account,account_name,kind,document,line,date,due_date,state,description,ledger_code,amount,currency,order,register
A-1,Léa Tremblay,invoice,I-1,1,2024-01-05,2024-02-04,,Swimming,4020,60.00,CAD,,Web
A-1,Léa Tremblay,invoice,I-1,2,2024-01-05,2024-02-04,,Cap,4050,40.00,CAD,,Web
A-1,Léa Tremblay,payment,P-1,1,2024-01-20,,,,,70.00,CAD,,Web
A-1,Léa Tremblay,payment,P-1b,1,2024-01-21,,,,,20.00,CAD,,Web
B-1,Bob Ferland,invoice,I-2,1,2024-01-06,,,Membership,4040,50.00,CAD,O-1,Web
B-1,Bob Ferland,payment,P-2,1,2024-01-06,,,,,50.00,CAD,O-1,Web
C-1,Zoë Fraser,invoice,I-3,1,2024-01-07,,,Choir,4030,80.00,CAD,O-2,Arena
C-1,Zoë Fraser,payment,P-3,1,2024-01-07,,,,,30.00,CAD,O-2,Arena
C-1,Zoë Fraser,payment,PP-1,1,2024-01-07,2999-01-01,planned,,,50.00,CAD,O-2,Arena
D-1,Nadia Haddad,invoice,I-4,1,2024-01-08,,,Hockey,4010,90.00,CAD,O-3,Arena
D-1,Nadia Haddad,payment,PP-2,1,2024-01-08,2024-03-01,planned,,,90.00,CAD,O-3,Arena
E-1,Kenji Ito,invoice,I-5,1,2024-01-09,,,Camp,4010,1500,JPY,O-4,Web
E-1,Kenji Ito,payment,P-5,1,2024-01-09,,,,,500,JPY,O-4,Web
E-1,Kenji Ito,invoice,I-6,1,2024-01-09,,,Camp,4010,12.345,KWD,,Web
F-1,Ian Campbell,invoice,I-7,1,2024-01-10,,void,Camp,4010,15.00,CAD,,Web
F-1,Ian Campbell,payment,P-7,1,2024-01-10,,declined,,,15.00,CAD,,Web
G-1,Aïssata Diallo,deposit,DEP-1,1,2024-01-11,,,,,25.00,CAD,,Web
"""
"""One account of every status: unreconciled, reconciled, covered, overdue, partial, none, in credit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command line ended and what it wrote; on a terminal both streams come as one, in `out`."""

    code: int
    out: str
    err: str = ""

    @property
    def json(self) -> Any:
        """What JSON on standard output says."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of CSV on standard output."""
        import csv

        return list(csv.DictReader(io.StringIO(self.out), strict=True))


@contextlib.contextmanager
def _streams(**streams: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        yield


def reconcile(*argv: str, stdin: str | bytes = b"") -> Answer:
    """Run a command line on three pipes."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.BytesIO(), io.BytesIO()
    wrapped = {
        "stdin": io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"),
        "stdout": io.TextIOWrapper(out, encoding="utf-8", write_through=True),
        "stderr": io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", write_through=True),
    }
    with _streams(**wrapped):
        code = main(argv)
    return Answer(code, out.getvalue().decode(), err.getvalue().decode())


def on_terminal(*argv: str, typed: str = "") -> Answer:
    """Run a command line on a terminal, on which these characters are typed."""
    controller, terminal = pty.openpty()
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(all_on(controller)))
    reader.start()
    try:
        if typed:
            os.write(controller, typed.encode())
        with (
            os.fdopen(os.dup(terminal), "r", encoding="utf-8") as stdin,
            os.fdopen(os.dup(terminal), "w", encoding="utf-8") as stdout,
            os.fdopen(os.dup(terminal), "w", encoding="utf-8", buffering=1) as stderr,
            _streams(stdin=stdin, stdout=stdout, stderr=stderr),
        ):
            code = main(argv)
    finally:
        os.close(terminal)
        reader.join(timeout=10)
        os.close(controller)
    return Answer(code, b"".join(read).decode().replace("\r\n", "\n"))


def program(*argv: str | bytes, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Answer:
    """Run the program itself, with these changes to the environment."""
    done = subprocess.run(
        [*PROGRAM, *argv], env=os.environ | dict(env or {}), input=stdin, capture_output=True, check=False, timeout=60
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_path(folder: Path) -> dict[str, str]:
    """Put a program `reconcile` into a folder, and return the environment in which shells find it."""
    path = folder / "reconcile"
    path.write_text(f'#!/bin/sh\nexec {shlex.join(PROGRAM)} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


_MANY: Final = """
import io, json, sys
from reconcile_cli.cli.main import main
given = json.load(sys.stdin)
class Stream(io.TextIOWrapper):
    def isatty(self):
        return given["terminal"]
answers = []
streams = sys.stdin, sys.stdout, sys.stderr
for argv, text in given["lines"]:
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdin = Stream(io.BytesIO(text.encode()), encoding="utf-8")
    sys.stdout = Stream(out, encoding="utf-8", write_through=True)
    sys.stderr = Stream(err, encoding="utf-8", write_through=True)
    code = main(argv)
    answers.append((code, out.getvalue().decode(), err.getvalue().decode()))
sys.stdin, sys.stdout, sys.stderr = streams
json.dump(answers, sys.stdout)
"""


def many(lines: Iterable[tuple[Sequence[str], str]], env: Mapping[str, str], *, terminal: bool = False) -> list[Answer]:
    """Run command lines, each with what it reads, one after the other in one new process.

    The process has these changes to the environment; `terminal` makes it believe that its streams are one.
    """
    asked = {"terminal": terminal, "lines": [[list(argv), text] for argv, text in lines]}
    done = subprocess.run(
        [sys.executable, "-c", _MANY],
        env=os.environ | dict(env),
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
    )
    return [Answer(*answer) for answer in json.loads(done.stdout)]


def ok(answer: Answer) -> Answer:
    """Return the answer of a command line that must have ended well."""
    assert answer.code == 0, answer
    return answer
