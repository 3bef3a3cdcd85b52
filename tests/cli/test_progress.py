"""Long jobs tell how far they are, on a terminal, and nowhere else."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from reconcile_cli.cli import progress as module
from reconcile_cli.cli.context import Session
from reconcile_cli.cli.progress import Progress, leaving
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.render.look import Look
from reconcile_cli.store.books import Books
from reconcile_cli.text import choose
from reconcile_cli.workflows.load import load
from tests.pseudo_terminal import all_on
from tests.store.small_books import STAMP

WATCHED: Final = """
import sys
from reconcile_cli.cli import progress
from reconcile_cli.cli.main import main
from reconcile_cli.store import books
progress.PATIENCE, books.STEPS_BETWEEN_SIGNALS = 0, 100
sys.exit(main(sys.argv[1:]))
"""
_CODES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ERASED: Final = "\x1b[2K"
"""What takes a line of bars away; nothing follows it but the next text."""
_HIDDEN: Final = "\x1b[?25l"


class Terminal(io.StringIO):
    """A stream that takes itself for a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        """All that was written, without the codes that colour it and move the cursor."""
        return _CODES.sub("", self.getvalue())


class Clock:
    """A clock that stands still until it is told."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock.monotonic)
    return clock


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def progress(terminal: Terminal, clock: Clock) -> Iterator[Progress]:  # noqa: ARG001 - it begins by this clock
    progress = Progress(terminal, Look(width=80, terminal=True))
    yield progress
    progress.leave()


def test_what_is_done_within_a_second_shows_nothing(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    clock.now += module.PATIENCE / 2
    progress.report("reading", 50, 100, 1_000)
    assert progress.tick() == 0
    assert terminal.getvalue() == ""


def test_share_rate_and_time_left(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    progress.report("reading", 0, 100, 0)
    clock.now += 100
    progress.report("reading", 25, 100, 123_400)
    progress.leave()
    assert "25%  1,234 rows/s  5:00 left" in terminal.text


def test_in_french(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    choose("fr_CA")
    try:
        progress.report("lecture", 0, 100, 0)
        clock.now += 100
        progress.report("lecture", 25, 100, 123_400)
        progress.leave()
    finally:
        choose("en")
    assert "25\N{NO-BREAK SPACE}%  1\N{NO-BREAK SPACE}234 lignes/s  reste 5:00" in terminal.text


def test_what_has_no_end_in_sight_tells_how_long_it_took(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    progress.report("proving", 0, None, 0)
    clock.now += 75
    progress.tick()
    progress.leave()
    assert "proving" in terminal.text
    assert "1:15" in terminal.text
    assert "%" not in terminal.text


def test_each_label_has_its_own_clock(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    progress.report("reading", 100, 100, 0)
    clock.now += 60
    progress.report("writing", 0, 10, 0)
    clock.now += 10
    progress.report("writing", 5, 10, 0)
    progress.leave()
    assert "50%  0:10 left" in terminal.text


def test_a_message_has_the_line_for_itself(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    clock.now += 2
    progress.tick()
    progress.hush()
    assert terminal.getvalue().rstrip("\r").endswith(_ERASED)
    before = len(terminal.getvalue())
    progress.report("reading", 1, 2, 0)
    assert "reading" in terminal.getvalue()[before:]


def test_data_on_the_screen_end_it(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    screen = Terminal()
    stream = leaving(screen, progress)
    clock.now += 2
    progress.tick()
    stream.write("account,name\n")
    before = terminal.getvalue()
    assert before.endswith(_ERASED)
    progress.report("writing", 1_000, None, 1_000)
    assert (terminal.getvalue(), screen.getvalue()) == (before, "account,name\n")


def test_lines_written_at_once_are_data_too(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    screen = Terminal()
    clock.now += 2
    progress.tick()
    leaving(screen, progress).writelines(["a\n", "b\n"])
    assert terminal.getvalue().rstrip("\r").endswith(_ERASED)
    assert screen.getvalue() == "a\nb\n"


def test_ascii_holds_for_labels(terminal: Terminal, clock: Clock) -> None:
    progress = Progress(terminal, Look(width=80, terminal=True, ascii=True))
    clock.now += 2
    progress.report("\N{LATIN SMALL LETTER E WITH ACUTE}criture", 1, 2, 0)
    progress.leave()
    assert "ecriture" in terminal.text
    assert terminal.text.isascii()


def test_a_rate_of_no_time_is_not_told(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    clock.now += 2
    progress.report("reading", 1, 2, 1_000)
    progress.leave()
    assert "50%" in terminal.text
    assert "rows/s" not in terminal.text


def test_a_signal_while_bars_appear_leaves_none(progress: Progress, terminal: Terminal, clock: Clock) -> None:
    write, drawn = terminal.write, list[str]()

    def interrupted(text: str) -> int:
        written = write(text)
        if not drawn:
            drawn.append(text)
            raise KeyboardInterrupt
        return written

    terminal.write = interrupted  # type: ignore[method-assign]
    clock.now += 2
    with pytest.raises(KeyboardInterrupt):
        progress.tick()
    progress.leave()
    assert terminal.getvalue().rstrip("\r").endswith(_ERASED)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_dumb_terminal_has_the_messages_alone(club: Path) -> None:
    data, shown = watched("check", club, TERM="dumb")
    assert data
    assert shown == ""


def test_a_pager_has_the_screen_for_itself_once_data_come(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe may end in one; beside a file the bar goes on."""
    monkeypatch.setattr("sys.stderr", terminal)
    ours, theirs = os.pipe()
    with os.fdopen(ours), os.fdopen(theirs, "w") as pipe, (tmp_path / "f").open("w", encoding="utf-8") as file:
        session = Session()
        for stream, goes_on in ((file, True), (pipe, False)):
            monkeypatch.setattr("sys.stdout", stream)
            target = session.target()
            assert (target.report is not None) is goes_on
            target.stream.write("data")
            assert session.progress
            monkeypatch.setattr(module, "PATIENCE", 0)
            session.progress.report("writing", 1, None, 1)
            session.progress.hush()
            assert ("writing" in terminal.text) is goes_on
            terminal.seek(0)
            terminal.truncate()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize("line", ["load more.csv", "auto --all", "undo 1 --yes", "check", "accounts -o all.csv"])
def test_every_job_can_be_watched(club: Path, line: str) -> None:
    """On a terminal a bar comes and goes, and the messages stand below each other; the cursor stays visible."""
    (club / "more.csv").write_text("account,kind,document,date,amount\nZ-1,invoice,Z-9,2026-01-01,5.00\n", "utf-8")
    _data, shown = watched(line, club)
    assert _CODES.sub("", shown).strip()
    assert _ERASED in shown
    assert _HIDDEN not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize("line", ["auto --all -f csv", "check -f json", "accounts -f csv"])
def test_data_go_where_they_belong(club: Path, line: str) -> None:
    """Standard output is a pipe: the same bytes, whether or not somebody watches the terminal."""
    shutil.copy(club / "books.db", club / "copy.db")
    unwatched = subprocess.run(
        [sys.executable, "-m", "reconcile_cli", "--db", "copy.db", *line.split()],
        cwd=club, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    data, shown = watched(line, club)
    assert data == unwatched != ""
    assert _HIDDEN not in shown
    assert ("accounts" in line) is not bool(shown)  # its data come at once, and a pipe may end in a pager


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_file_and_a_pipe_have_no_size_together(tmp_path: Path) -> None:
    """Else the share of the file alone would pass 100 %, and less than no time be left."""
    file, pipe = tmp_path / "a.csv", tmp_path / "pipe"
    head = "account,kind,document,date,amount\n"
    file.write_text(head + "A,invoice,I-1,2026-01-01,5.00\n", "utf-8")
    os.mkfifo(pipe)
    told: list[tuple[int, int | None]] = []
    with Books.open(tmp_path / "books.db", change=True) as books:
        writer = Thread(target=pipe.write_text, args=(head + "B,invoice,I-2,2026-01-01,5.00\n", "utf-8"))
        writer.start()
        load(
            books,
            [Source(str(file)), Source(str(pipe))],
            ReadOptions(),
            STAMP,
            arguments={},
            progress=lambda _label, done, total, rows: told.append((done, total)) if rows else None,
        )
        writer.join()
    assert told
    assert all(total is None for _done, total in told)


def watched(line: str, folder: Path, **environ: str) -> tuple[str, str]:
    """What a command writes to standard output, and to a terminal, when it has no patience."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", WATCHED, *line.split()],
        cwd=folder,
        env=os.environ | {"RECONCILE_LANG": "en", "TERM": "xterm", "COLUMNS": "80"} | environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as run:
        os.close(theirs)
        screen = all_on(ours).decode()
        os.close(ours)
        assert run.stdout is not None
        data = run.stdout.read()
    assert run.returncode in {0, 1}, screen
    return data, screen
