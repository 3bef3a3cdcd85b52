"""What is wrong with the input: a table for who watches, a sentence each for a log (R23)."""

from collections.abc import Sequence
from typing import Final

from reconcile_cli.errors import Problem
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _, figures, ngettext

SHOWN: Final = 20

_FILE: Final = Column[Problem](N_("File"), lambda problem: problem.file, rank=1)
_PLACE: Final = (
    Column[Problem](N_("Line"), lambda problem: problem.line, Shape.COUNT),
    Column[Problem](N_("Column"), lambda problem: problem.column, hide_empty=True),
    Column[Problem](N_("Value"), lambda problem: problem.value, hide_empty=True),
    Column[Problem](N_("Expected"), lambda problem: problem.expected, rank=2, titled=True),
)


def write_problems(target: Target, problems: Sequence[Problem], count: int) -> None:
    """Write the first problems, each where it stands, what stood there and what was expected (R23)."""
    shown = problems[:SHOWN]
    if target.look.terminal:
        files = {problem.file for problem in shown}
        if len(files) == 1:
            target.line(shown[0].file, "bold")
        columns = _PLACE if len(files) == 1 else (_FILE, *_PLACE)
        write_list(target, Listing[Problem](columns, lambda _problem: ""), shown, Limit(0))
    else:
        for problem in shown:
            target.line(problem_sentence(problem))
    if count > SHOWN:
        target.line(
            ngettext(
                "... and {count} more problem; all of them: -f json",
                "... and {count} more problems; all of them: -f json",
                count - SHOWN,
            ).format(count=figures.count(count - SHOWN))
        )


def problem_sentence(problem: Problem) -> str:
    """Say one problem in a line: `sales.csv line 14, amount "12,345": ...`."""
    where = problem.file
    if problem.line:
        where = _("{file} line {line}").format(file=problem.file, line=problem.line)
    if problem.column and problem.value:
        return _('{where}, {column} "{value}"; expected: {expected}').format(
            where=where, column=problem.column, value=problem.value, expected=problem.expected
        )
    if problem.column:
        return _("{where}, {column}; expected: {expected}").format(
            where=where, column=problem.column, expected=problem.expected
        )
    if problem.value:
        return _('{where}, "{value}"; expected: {expected}').format(
            where=where, value=problem.value, expected=problem.expected
        )
    return _("{where}; expected: {expected}").format(where=where, expected=problem.expected)
