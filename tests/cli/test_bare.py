"""`reconcile` without a command: how the books stand, or how to begin."""

from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import ok, on_terminal, reconcile

STATE = """\
✓ reconciled 1   ☑ covered 2   ◐ partial 1   ⚠ unreconciled 3
owed 125.00 CAD   to be paid 100.00 CAD   to be used 115.00 CAD   covered 140.00 CAD
1 instalment overdue
owed 1,000 JPY   to be paid 1,000 JPY   to be used 0 JPY
owed 12.345 KWD   to be paid 12.345 KWD   to be used 0.000 KWD
"""


@pytest.mark.usefixtures("club")
def test_a_terminal_is_told_the_state_and_what_to_type_next() -> None:
    answer = on_terminal()
    assert answer.code == Exit.DONE
    for line in STATE.splitlines():
        assert line in answer.out
    assert "1 account is open on both sides. Next: reconcile auto --all --dry-run\n" in answer.out
    ok(reconcile("lock", "2024-01-31"))
    ok(reconcile("auto", "--all"))
    after = on_terminal("--ascii").out
    assert "Locked up to 2024-01-31.\n" in after
    assert "both sides" not in after
    assert after.isascii()


@pytest.mark.usefixtures("club")
def test_a_script_that_forgot_the_command_is_told_so() -> None:
    answer = reconcile()
    assert (answer.code, answer.out) == (Exit.USAGE, STATE)
    assert answer.err.endswith("Error: no command was given; see: reconcile --help\n")


def test_without_books_it_says_how_to_begin(tmp_path: Path) -> None:
    answer = reconcile("--db", str(tmp_path / "none.db"))
    assert (answer.code, answer.out) == (Exit.USAGE, "")
    assert answer.err.startswith("Usage: reconcile")
    assert answer.err.endswith(
        f"There is no database at {tmp_path}/none.db yet. Start one with: reconcile load FILE\n"
        "To look around first, with sample books: reconcile demo\n"
    )
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_refused_as_ever(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_text("something else entirely")
    assert reconcile("--db", str(other)).code == Exit.UNUSABLE
