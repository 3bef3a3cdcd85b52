"""The books that command lines are tried on."""

import shutil
from pathlib import Path

import pytest

from tests.cli.driving import CLUB, ok, reconcile


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    (folder / "club.csv").write_text(CLUB, encoding="utf-8")
    ok(reconcile("load", str(folder / "club.csv"), "--db", str(folder / "books.db")))
    return folder


@pytest.fixture
def club(_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `club.csv` and the books into which it was loaded, named by RECONCILE_DB."""
    for name in ("club.csv", "books.db"):
        shutil.copy(_template / name, tmp_path / name)
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    return tmp_path
