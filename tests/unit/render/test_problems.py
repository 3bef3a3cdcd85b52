"""Problems: a table on a terminal, a sentence each elsewhere (R23)."""

from reconcile_cli.errors import Problem
from reconcile_cli.render.problems import write_problems
from tests.unit.render.samples import target

PROBLEMS = [
    Problem("sales.csv", 14, "amount", "12,345", "an amount with a decimal point"),
    Problem("photo.csv", 0, "", "", "a table as CSV or .xlsx; this is an image (PNG)"),
    Problem("old.csv", 3, "", "0x81", "text in UTF-8"),
]


def _written(problems: list[Problem], count: int, *, terminal: bool) -> list[str]:
    to, stream = target(100, terminal=terminal)
    write_problems(to, problems, count)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_person_sees_a_table() -> None:
    assert _written(PROBLEMS, 3, terminal=True) == [
        "File       Line  Column  Value   Expected",
        "────────────────────────────────────────────────────────────────────────────────",
        "sales.csv    14  amount  12,345  an amount with a decimal point",
        "photo.csv     -                  a table as CSV or .xlsx; this is an image (PNG)",
        "old.csv       3          0x81    text in UTF-8",
    ]


def test_the_file_of_all_problems_is_told_once() -> None:
    assert _written(PROBLEMS[:1], 1, terminal=True) == [
        "sales.csv",
        "Line  Column  Value   Expected",
        "────────────────────────────────────────────────────",
        "  14  amount  12,345  an amount with a decimal point",
    ]


def test_a_log_has_a_sentence_for_each() -> None:
    assert _written(PROBLEMS, 3, terminal=False) == [
        'sales.csv line 14, amount "12,345"; expected: an amount with a decimal point',
        "photo.csv; expected: a table as CSV or .xlsx; this is an image (PNG)",
        'old.csv line 3, "0x81"; expected: text in UTF-8',
    ]


def test_the_first_twenty_and_the_count() -> None:
    lines = _written(PROBLEMS[:1] * 25, 1234, terminal=True)
    assert len(lines) == 3 + 20 + 1
    assert lines[-1] == "... and 1,214 more problems; all of them: -f json"
