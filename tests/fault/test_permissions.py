"""Who may read what is written, and what is said where nothing may be written: as another user than root."""

import importlib
import json
import os
import pickle  # noqa: F401 - of Python's own, which the other user may not reach
import pkgutil
import re
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import pytest

import reconcile_cli
from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.main import main
from reconcile_cli.errors import Exit
from reconcile_cli.store import backing_up
from reconcile_cli.store import connection as recipe
from tests.cli.driving import CLUB, ok, reconcile
from tests.fault.forked import run
from tests.fault.scale import number, tell
from tests.fault.test_injection import APART, CHANGES, NOT_CHANGING
from tests.store.small_books import findings

NOBODY: Final = 65534
READING: Final = {"show": ["show", "A-1"], "find": ["find", "Hockey"]}


def _as_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may reach, whatever other sessions do, with a database and a file to load."""
    way = Path(tempfile.mkdtemp())
    way.chmod(0o755)
    folder = way / "books"
    folder.mkdir()
    (folder / "club.csv").write_text(CLUB, encoding="utf-8")
    (folder / "more.csv").write_text(CLUB.replace("Hockey", "Ice hockey"), encoding="utf-8")
    (folder / "bad.csv").write_text(CLUB.replace("90.00", "9O.00"), encoding="utf-8")
    monkeypatch.setenv("RECONCILE_DB", str(folder / "books.db"))
    ok(reconcile("load", str(folder / "club.csv")))
    monkeypatch.chdir(folder)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(way)


def _import_everything() -> None:
    """Find all modules now: the other user may not reach them, nor Python's own."""
    for module in pkgutil.walk_packages(reconcile_cli.__path__, "reconcile_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


WRITING: Final = {
    "load": ["load", "more.csv"],
    "rejects": ["load", "bad.csv", "--rejects", "rejects.csv"],
    "a first load": ["load", "club.csv", "--db", "new.db"],
    "backup": ["backup", "copy.db"],
    "backup over a file": ["backup", "taken.db", "--force"],
}
WRITTEN: Final = {
    "load": {"books.db"},
    "rejects": {"books.db", ".rejects.csv.new", "rejects.csv"},
    "a first load": {"books.db", ".new.db.new", "new.db"},
    "backup": {"books.db", ".copy.db.new", "copy.db"},
    "backup over a file": {"books.db", ".taken.db.new", "taken.db"},
}
BESIDE: Final = ("-wal", "-shm", "-journal")
OWN: Final = str(Path(recipe.__file__).parents[1])


def each_moment(look: Callable[[], object]) -> None:
    """Call `look` at each call and return within the program, from here on, and at each page of a backup."""
    backing_up._PAGES_AT_ONCE = 1
    busy = False

    def moment(frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal busy
        if not busy and frame.f_code.co_filename.startswith(OWN):
            busy = True
            look()
            busy = False

    sys.setprofile(moment)


def modes_of(folder: Path) -> dict[str, int]:
    """The permissions of each file that the program wrote; numbers of processes are left out of their names."""
    return {
        re.sub(r"[.]\d+[.]new", ".new", entry.name): stat.S_IMODE(entry.stat().st_mode)
        for entry in os.scandir(folder)
        if entry.name not in {"club.csv", "more.csv", "bad.csv"}
    }


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
@pytest.mark.parametrize("name", WRITING)
def test_whatever_is_written_is_its_owners_alone(name: str, umask: int, folder: Path, tmp_path: Path) -> None:
    """The database, its log, drafts, rejects and copies; looked at whenever the program calls anything.

    What is made under a umask that takes everything away has nothing for a moment, and never more than it should.
    """

    def change() -> None:
        seen: dict[str, set[int]] = {}

        def look() -> None:
            for file, mode in modes_of(folder).items():
                seen.setdefault(file, set()).add(mode)

        os.umask(umask)
        each_moment(look)
        main(WRITING[name])
        sys.setprofile(None)
        look()
        told.write_text(json.dumps({file: sorted(modes) for file, modes in seen.items()}))

    told = tmp_path / "modes.json"
    told.touch()
    if "taken.db" in WRITING[name]:
        (folder / "taken.db").touch(0o600)
    run("--version", folder=tmp_path, prepare=change)
    modes = json.loads(told.read_text())
    assert {file for file in modes if not file.endswith(BESIDE)} == WRITTEN[name]
    assert any(file.endswith(BESIDE) for file in modes), "what SQLite keeps beside a file is seen too"
    for file, seen in modes.items():
        assert set(seen) <= ({0o600, 0o600 & ~umask} if ".new" in file else {0o600}), (file, seen)


@pytest.mark.parametrize("name", ["backup", "backup over a file"])
def test_a_killed_backup_leaves_nothing_that_others_can_read(name: str, folder: Path, tmp_path: Path) -> None:
    """What was there stays, or the copy is there whole; the next backup sweeps away the draft of the killed one."""

    def killed_at(moment: int) -> Callable[[], None]:
        def change() -> None:
            passed = 0

            def look() -> None:
                nonlocal passed
                passed += 1
                if passed == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

            each_moment(look)
            main(WRITING[name])
            sys.setprofile(None)
            told.write_text(str(passed))

        return change

    told, copy = tmp_path / "moments.txt", folder / WRITING[name][1]
    run("--version", folder=tmp_path, prepare=killed_at(0))
    moments = int(told.read_text())
    whole = drafts = 0
    for nth in range(number(200, least=12)):
        copy.unlink(missing_ok=True)
        if "--force" in WRITING[name]:
            copy.touch(0o600)
        moment = 1 + moments * nth // number(200, least=12)
        assert run("--version", folder=tmp_path, prepare=killed_at(moment)).code == -signal.SIGKILL
        modes = modes_of(folder)
        assert set(modes.values()) == {0o600}
        drafts += f".{copy.name}.new" in modes
        if copy.exists() and copy.stat().st_size:
            whole += 1
            assert findings(copy) == []
        assert run("backup", copy.name, "--force", folder=tmp_path).code == Exit.DONE
        assert set(modes_of(folder)) == {"books.db", copy.name}
        assert findings(copy) == []
    assert drafts
    assert whole
    tell(f"kill -9 of {name}: {number(200, least=12)} hits, {whole} after the copy was there, {drafts} drafts swept")


def _lines() -> list[list[str]]:
    return [READING.get(name, [name]) for name in sorted(NOT_CHANGING)]


def test_every_command_is_one_or_the_other() -> None:
    assert NOT_CHANGING | APART | {argv[0] for argv in CHANGES.values()} == set(COMMANDS)


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_where_nothing_may_be_written(what: str, folder: Path, tmp_path: Path) -> None:
    """Reading commands answer as ever; changing ones say why not, with exit 5, and leave no trace."""
    _import_everything()
    for argv in (*_lines(), *CHANGES.values()):  # which imports and reads what commands look for late
        reconcile(*argv, "--db", str(tmp_path / "other.db"))
    right = [run(*argv, folder=tmp_path) for argv in _lines()]
    if what in ("file", "both"):
        (folder / "books.db").chmod(0o444)
    else:
        (folder / "books.db").chmod(0o666)
    folder.chmod(0o555 if what in ("folder", "both") else 0o777)
    data, beside = (folder / "books.db").read_bytes(), sorted(folder.iterdir())
    for argv, expected in zip(_lines(), right, strict=True):
        assert run(*argv, folder=tmp_path, prepare=_as_nobody) == expected, argv
    for name, argv in CHANGES.items():
        answer = run(*argv, folder=tmp_path, prepare=_as_nobody)
        assert answer.code == Exit.UNUSABLE, (name, answer)
        assert answer.err.startswith("Error: "), (name, answer)
        assert "you may only read it" in answer.err, (name, answer)
        assert len(answer.err.splitlines()) == 1, (name, answer)
    assert (folder / "books.db").read_bytes() == data
    assert sorted(folder.iterdir()) == beside
