"""Who may read what is written, and what is said where nothing may be written: as another user than root."""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.main import main
from reconcile_cli.errors import Exit
from reconcile_cli.store import connection as recipe
from tests.cli.driving import CLUB, ok, reconcile
from tests.fault.forked import run
from tests.fault.test_injection import APART, CHANGES, NOT_CHANGING

NOBODY: Final = 65534
READING: Final = {"show": ["show", "A-1"], "find": ["find", "Hockey"]}


def _as_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may reach, with a database and a file to load."""
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "club.csv").write_text(CLUB, encoding="utf-8")
    (folder / "more.csv").write_text(CLUB.replace("Hockey", "Ice hockey"), encoding="utf-8")
    (folder / "bad.csv").write_text(CLUB.replace("90.00", "9O.00"), encoding="utf-8")
    monkeypatch.setenv("RECONCILE_DB", str(folder / "books.db"))
    ok(reconcile("load", str(folder / "club.csv")))
    monkeypatch.chdir(folder)
    ways = [*tmp_path.parents, tmp_path]
    before = {way: stat.S_IMODE(way.stat().st_mode) for way in ways if way.stat().st_uid == os.getuid() != NOBODY}
    for way, mode in before.items():
        way.chmod(mode | 0o111)
    yield folder
    for way, mode in before.items():
        way.chmod(mode)
    folder.chmod(0o755)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_whatever_is_written_is_its_owners_alone(umask: int, folder: Path, tmp_path: Path) -> None:
    """The database, its log, the draft of a first one and the rejects; looked at whenever something is committed."""

    def change() -> None:
        os.umask(umask)
        seen: dict[str, int] = {}
        configured = recipe._configured

        def look() -> None:
            for path in folder.iterdir():
                if path.suffix != ".csv" or path.name == "rejects.csv":
                    seen[path.name] = stat.S_IMODE(path.stat().st_mode)

        def looking(connection: sqlite3.Connection) -> sqlite3.Connection:
            configured(connection)
            connection.set_trace_callback(lambda statement: look() if statement == "COMMIT" else None)
            return connection

        recipe._configured = looking
        for argv in (["more.csv"], ["bad.csv", "--rejects", "rejects.csv"], ["club.csv", "--db", "new.db"]):
            main(["load", *argv])
        look()
        (tmp_path / "modes.json").touch()
        (tmp_path / "modes.json").chmod(0o600)
        (tmp_path / "modes.json").write_text(json.dumps(seen))

    run("--version", folder=tmp_path, prepare=change)
    modes = json.loads((tmp_path / "modes.json").read_text())
    assert {"books.db", "books.db-wal", "new.db", "rejects.csv"} <= set(modes)
    assert any(name.endswith(".new") for name in modes)
    assert set(modes.values()) == {0o600}, modes


def _lines() -> list[list[str]]:
    return [READING.get(name, [name]) for name in sorted(NOT_CHANGING)]


def test_every_command_is_one_or_the_other() -> None:
    assert NOT_CHANGING | APART | {argv[0] for argv in CHANGES.values()} == set(COMMANDS)


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_where_nothing_may_be_written(what: str, folder: Path, tmp_path: Path) -> None:
    """Reading commands answer as ever; changing ones say why not, with exit 5, and leave no trace."""
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
