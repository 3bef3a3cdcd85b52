"""Completion in a real bash: what stands on the command line after the key Tab, its words broken at `:` and `=`."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

from tests.cli.driving import ok, on_path, reconcile

BASH: Final = shutil.which("bash")
ROWS: Final = """\
account,account_name,kind,document,date,amount
411:DUPONT,Dupont & fils,invoice,F-20,2024-02-01,5.00
411:DURAND,Durand,invoice,F-21,2024-02-01,5.00
Club 12,Club douze,invoice,F 22,2024-02-01,5.00
ÉCOLE-1,École,invoice,É-9,2024-02-01,5.00
"""
TELL: Final = "\x18"
_STARTED: Final = r"""
PS1='ready> '
eval "$(_RECONCILE_COMPLETE=source_bash reconcile)"
tell() { printf '\n<%s>\n' "$READLINE_LINE"; }
bind -x '"\C-x": tell'
"""

pytestmark = [
    pytest.mark.skipif(BASH is None, reason="there is no bash here"),
    pytest.mark.usefixtures("club"),
]


def _completed(line: str, folder: Path) -> str:
    """Type a line and Tab into an interactive bash, and return what stands on its command line."""
    (folder / "started").write_text(_STARTED, encoding="utf-8")
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        [str(BASH), "--noprofile", "--rcfile", str(folder / "started"), "-i"],
        cwd=folder,
        env=on_path(folder) | {"COLUMNS": "200"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        _read_to(ours, r"ready> ")
        os.write(ours, f"{line}\t{TELL}".encode())
        return _read_to(ours, r"\n<(.*)>\r?\n")
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def _read_to(terminal: int, pattern: str) -> str:
    screen = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            screen += os.read(terminal, 65_536)
        if found := re.search(pattern, screen.decode(errors="replace")):
            return found[found.re.groups]
    raise AssertionError(screen)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("reconcile unrec", "reconcile unreconciled "),
        ("reconcile show A", "reconcile show A-1 "),
        ("reconcile show 'A", "reconcile show 'A-1' "),
        ("reconcile show 411:", "reconcile show 411:DU"),
        ("reconcile show 411:DUP", "reconcile show 411:DUPONT "),
        ("reconcile show ÉC", "reconcile show ÉCOLE-1 "),
        ("reconcile show Clu", r"reconcile show Club\ 12 "),
        (r"reconcile show Club\ 1", r"reconcile show Club\ 12 "),
        ("reconcile show 'Club ", "reconcile show 'Club 12' "),
        (r"reconcile hold F\ 22:", r"reconcile hold F\ 22:1 "),
        ("reconcile --lang fr show A", "reconcile --lang fr show A-1 "),
        ("reconcile hold P-1:", "reconcile hold P-1:1 "),
        ("reconcile hold I-1:1 I-1:2 invoice/F-20:", "reconcile hold I-1:1 I-1:2 invoice/F-20:1 "),
        ("reconcile match P-1:1 F-20", "reconcile match P-1:1 F-20:1 "),
        ("reconcile auto --by=du", "reconcile auto --by=due "),
        ("reconcile unmatch --account=411:DUP", "reconcile unmatch --account=411:DUPONT "),
        ("reconcile show A-1 --db=./boo", "reconcile show A-1 --db=./books.db "),
        ("reconcile load clu", "reconcile load club.csv "),
        ("reconcile undo ", "reconcile undo "),
    ],
)
def test_after_tab(typed: str, completed: str, club: Path) -> None:
    ok(reconcile("load", "-", stdin=ROWS))
    assert _completed(typed, club) == completed
