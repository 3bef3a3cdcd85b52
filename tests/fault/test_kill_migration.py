"""R21: whatever kills the migration of an older file, it is of the old version or of the new one, and sound."""

import random
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.store.books import Books
from tests.fault.forked import run, start
from tests.fault.scale import number, tell
from tests.fault.timing import timed
from tests.store.old_books import RELEASED, next_version, restored
from tests.store.small_books import content, findings

KILLS: Final = number(200, least=5)
LEAST_SHARE: Final = 0.2
__all__ = ["next_version"]


@pytest.mark.usefixtures("next_version")
def test_a_killed_migration_did_all_or_nothing(tmp_path: Path) -> None:
    """SIGKILL, then a second one during the next command; copies that were kept are whole, drafts of them go."""
    folder = tmp_path / "books"
    line = ["info", "--db", str(folder / "books.db")]

    def restore() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        restored(RELEASED[-1], folder)

    restore()
    path = folder / "books.db"
    old = _version(path)
    timing = timed(*line, folder=tmp_path, restore=restore)
    with Books.open(path) as books:
        said = content(books)
    rng = random.Random("migration")  # noqa: S311 - no secret
    sides, again, missed = [0, 0], 0, 0
    for moment in timing.moments(rng):
        restore()
        if timing.signalled(signal.SIGKILL, moment, *line, folder=tmp_path).ended().code != -signal.SIGKILL:
            missed += 1
            timing.late(moment)
            assert missed < 20 * KILLS, "the moments lie behind the end of the run"
            continue
        sides[_version(path) - old] += 1
        second = start(*line, folder=tmp_path)
        second.kill(signal.SIGKILL, timing.anywhere(rng))
        again += second.ended().code == -signal.SIGKILL
        assert _version(path) in (old, old + 1)
        assert run(*line, folder=tmp_path).code == 0
        assert _version(path) == old + 1
        with Books.open(path) as books:
            assert content(books) == said
        assert findings(path) == []
        _copies_are_whole(path, old)
        if sum(sides) >= KILLS and min(sides) >= LEAST_SHARE * KILLS:
            break
    tell(
        f"kill -9 of a migration: {sum(sides)} hits, {sides[0]} before the commit and {sides[1]} after it;"
        f" {again} more during the command after that"
    )


def _version(path: Path) -> int:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


def _copies_are_whole(path: Path, old: int) -> None:
    copies = set(path.parent.iterdir()) - {path}
    assert copies
    for copy in copies:
        assert copy.name.startswith(f"books.version-{old}.")
        assert copy.suffix == ".db", "a draft was left"
        assert _version(copy) == old
