"""A terminal of fixed width, on a fixed day, with books of its own: where the documentation is played."""

import os
import pty
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from tests.pseudo_terminal import all_on

ROOT: Final = Path(__file__).resolve().parents[2]
TODAY: Final = "2026-11-20"
WIDTH: Final = 80


class Answer(NamedTuple):
    """What a command wrote to the terminal, and how it ended."""

    text: str
    code: int


_ON_A_FIXED_DAY: Final = """
import sys
from datetime import datetime

from reconcile_cli.cli import context
from reconcile_cli.cli.main import main


class Fixed(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromisoformat("{today}T12:00:00").replace(tzinfo=tz)


context.datetime = Fixed
sys.exit(main())
"""
_REMEMBERING: Final = """trap 'export PWD; export -p > "$0"' EXIT
[ ! -e "$0" ] || { . "$0"; cd "$PWD"; }"""


class Terminal:
    """A terminal in a folder of its own, which holds the sample data; `reconcile` there lives on TODAY.

    It keeps the folder of `cd` and the variables of `export` from line to line.
    Nobody sits at it: what would be asked is refused, as in a script.
    """

    def __init__(self, folder: Path, *, colour: bool = False) -> None:
        self.folder = folder = folder.resolve()
        self._memory = folder / ".programs" / "memory"
        shutil.copytree(ROOT / "sample_data", folder / "sample_data", dirs_exist_ok=True)
        programs = folder / ".programs"
        programs.mkdir(exist_ok=True)
        clock = programs / "on_a_fixed_day.py"
        clock.write_text(_ON_A_FIXED_DAY.format(today=TODAY), "utf-8")
        program = programs / "reconcile"
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(clock))} "$@"\n', "utf-8")
        (programs / "python3").symlink_to(sys.executable)  # whose libraries PYTHONPATH names
        program.chmod(0o755)
        self._environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(folder),
            **{f"XDG_{kind}_HOME": str(folder / ".home") for kind in ("DATA", "CACHE", "STATE")},
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "COLUMNS": str(WIDTH),
            "LC_ALL": "C.UTF-8",
            "LOGNAME": "anna",
            "TERM": "xterm-256color",
            "TZ": "UTC",
            **({} if colour else {"NO_COLOR": "1"}),
        }

    def type(self, line: str) -> Answer:
        """Run a line of the shell and return what stood on the screen."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            ["/bin/sh", "-c", f"{_REMEMBERING}\n{line}", str(self._memory)],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
        ) as program:
            os.close(theirs)
            screen = all_on(ours)
        os.close(ours)
        text = screen.decode().replace("\r\n", "\n").replace(str(self.folder), "~")
        return Answer(text, program.returncode)
