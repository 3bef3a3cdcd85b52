"""R21: whatever kills a command, at whatever moment, the books are as before it or as after it, and sound."""

import random
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from bench import generate
from reconcile_cli.errors import Exit
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import NoDatabase
from tests.cli.driving import ok, reconcile
from tests.fault.forked import run, start
from tests.fault.scale import number, tell
from tests.fault.timing import Timing, timed
from tests.store.small_books import Content, content, findings

KILLS: Final = number(200, least=5)
STOPS: Final = number(50, least=3)
LEAST_SHARE: Final = 0.2
ROWS: Final = 700


@dataclass(slots=True)
class Case:
    """A changing command, the file that it works on (None: there is none yet), and what it makes of it."""

    name: str
    argv: list[str]
    folder: Path
    template: bytes | None
    before: Content = field(default_factory=list)
    after: Content = field(default_factory=list)
    timing: Timing = field(default_factory=lambda: Timing(0, 0, 0))

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "books" / "books.db"

    @property
    def line(self) -> list[str]:
        """The whole command line."""
        return [*self.argv, "--db", str(self.path)]

    def restore(self) -> None:
        """Put the file back as it was, with nothing beside it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)
        self.path.parent.mkdir()
        if self.template is not None:
            self.path.write_bytes(self.template)

    def says(self) -> Content:
        """What the books say now; nothing where there are none."""
        try:
            with Books.open(self.path) as books:
                return content(books)
        except NoDatabase:
            return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of a club and, beside it, the same with corrections and with more."""
    folder = tmp_path_factory.mktemp("kill")
    lines = list(generate.lines(ROWS, seed=7))
    first = lines[: ROWS * 2 // 3]
    (folder / "first.csv").write_text("".join(first), encoding="utf-8")
    changed = [line.replace(",Aréna,", ",Web,") for line in lines]
    (folder / "second.csv").write_text("".join(changed), encoding="utf-8")
    base = folder / "base.db"
    ok(reconcile("load", str(folder / "first.csv"), "--db", str(base)))
    for name, argv in (("matched", ["auto", "--all"]), ("loaded", ["load", str(folder / "second.csv")])):
        shutil.copy(base, folder / f"{name}.db")
        ok(reconcile(*argv, "--db", str(folder / f"{name}.db")))
    return folder


def _argv(name: str, folder: Path) -> tuple[list[str], str | None]:
    return {
        "load": (["load", str(folder / "second.csv")], "base"),
        "auto": (["auto", "--all"], "base"),
        "unmatch": (["unmatch", "--account", "A000061", "--yes"], "matched"),
        "undo": (["undo", "2", "--yes"], "loaded"),
        "making the file": (["load", str(folder / "first.csv")], None),
    }[name]


@pytest.fixture(params=["load", "auto", "unmatch", "undo", "making the file"])
def case(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Case:
    """A command whose undisturbed run was measured."""
    argv, template = _argv(request.param, folder)
    data = None if template is None else (folder / f"{template}.db").read_bytes()
    case = Case(request.param, argv, tmp_path, data)
    case.restore()
    case.before = case.says()
    case.timing = timed(*case.line, folder=tmp_path, restore=case.restore)
    case.after = case.says()
    assert case.before != case.after
    return case


def test_a_killed_command_did_all_or_nothing(case: Case) -> None:
    """SIGKILL, then a second one during the next command, which needs no repair; `check` is clean."""
    rng = random.Random(case.name)  # noqa: S311 - no secret
    sides = {"before": 0, "after": 0}
    again = missed = 0
    for moment in case.timing.moments(rng):
        case.restore()
        process = case.timing.signalled(signal.SIGKILL, moment, *case.line, folder=case.folder)
        if process.ended().code != -signal.SIGKILL:
            missed += 1
            case.timing.late(moment)
            assert missed < 20 * KILLS, "the moments lie behind the end of the run"
            continue
        killed = _copy(case)
        said = case.says()
        assert said in (case.before, case.after)
        sides["before" if said == case.before else "after"] += 1
        assert not case.path.exists() or findings(case.path) == []
        _put(case, killed)
        again += _second_kill(case, case.timing.anywhere(rng))
        run(*case.line, folder=case.folder)
        assert case.says() == case.after
        assert [path.name for path in case.path.parent.iterdir()] == ["books.db"]
        assert sum(sides.values()) < 3 * KILLS, sides
        if sum(sides.values()) >= KILLS and min(sides.values()) >= LEAST_SHARE * KILLS:
            break
    tell(
        f"kill -9 of {case.name}: {sum(sides.values())} hits, {sides['before']} before the commit and"
        f" {sides['after']} after it; {again} more during the command after that"
    )


def _second_kill(case: Case, moment: float) -> int:
    process = start(*case.line, folder=case.folder)
    process.kill(signal.SIGKILL, moment)
    hit = process.ended().code == -signal.SIGKILL
    assert case.says() in (case.before, case.after)
    assert not case.path.exists() or findings(case.path) == []
    return int(hit)


def _copy(case: Case) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in case.path.parent.iterdir()}


def _put(case: Case, files: dict[str, bytes]) -> None:
    shutil.rmtree(case.path.parent)
    case.path.parent.mkdir()
    for name, data in files.items():
        (case.path.parent / name).write_bytes(data)


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)])
def test_a_stopped_command_did_all_or_nothing(case: Case, stop: signal.Signals, code: Exit) -> None:
    """Ctrl-C and SIGTERM: exit 130 and 143, one line, nothing left beside the file."""
    rng = random.Random(f"{case.name} {stop}")  # noqa: S311 - no secret
    hits = missed = 0
    for moment in case.timing.moments(rng):
        case.restore()
        process = case.timing.signalled(stop, moment, *case.line, folder=case.folder)
        answer = process.ended()
        said = case.says()
        assert said in (case.before, case.after)
        assert not case.path.exists() or findings(case.path) == []
        run(*case.line, folder=case.folder)  # a draft left by the one unlucky moment goes with the next command
        assert [path.name for path in case.path.parent.iterdir()] == ["books.db"]
        if answer.code == Exit.DONE or not process.entered:
            missed += 1
            case.timing.late(moment)
            assert missed < 20 * STOPS, answer
            continue
        assert answer.code == code, answer
        lines = answer.err.splitlines()
        assert "Interrupted" in lines[-1]
        assert "Traceback" not in answer.err
        assert "defect" not in answer.err
        assert len(lines) == 1 or said == case.after, "what was done may be said before"
        hits += 1
        if hits == STOPS:
            break
    tell(f"{stop.name} to {case.name}: {hits} hits, exit {int(code)}")
