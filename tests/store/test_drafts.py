"""Drafts of killed processes leave with the next command, wherever the sweeping itself was cut off (R21)."""

from pathlib import Path

import pytest

from reconcile_cli.store import drafts


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_a_sweep_that_was_cut_off_is_finished_by_the_next(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, draft = tmp_path / "books.db", tmp_path / ".books.db.1.new"
    for suffix in ("", *drafts.BESIDE):
        draft.with_name(draft.name + suffix).touch()
    really, left = Path.unlink, steps

    def unlink(file: Path, *, missing_ok: bool = False) -> None:
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        really(file, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            drafts.remove(draft)
    drafts.sweep(path)
    assert list(tmp_path.iterdir()) == []


def test_what_only_looks_like_a_draft_is_left_alone(tmp_path: Path) -> None:
    others = {".books.db.new", ".books.db.mine.new", ".books.db.1.newer", ".books.version-2.new", "books.db.1.new"}
    others.add(".books.db.csv.1.new")  # of an export named after the books
    for name in (*others, ".books.db.1.new", ".books.version-1.20261124T171500Z.db.12.new"):
        (tmp_path / name).touch()
    drafts.sweep(tmp_path / "books.db")
    drafts.sweep(tmp_path / "books.db", "books.version-")
    assert {path.name for path in tmp_path.iterdir()} == others
