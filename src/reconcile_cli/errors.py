"""What can go wrong, in one place: problems found in data (values) and acts refused (exceptions)."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """Exit codes, a contract with scripts (design, section 5)."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    FINDINGS = 3
    UNUSABLE = 5
    INTERRUPTED = 130
    CLOSED_PIPE = 141
    TERMINATED = 143


class Problem(NamedTuple):
    """One finding in the input: where it stands, what stood there and what was expected (R23).

    `line` is the physical line on which the record begins, counted from 1; 0 speaks of the whole file.
    `expected` is a sentence in the user's language.
    """

    file: str
    line: int
    column: str
    value: str
    expected: str


class ReconcileError(Exception):
    """An act refused. A subclass takes typed arguments and owns its sentence; `code` never changes."""

    code = "refused"
    exit_code = Exit.REFUSED

    def sentence(self) -> str:
        """Say what, where and what to do, in the user's language."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.sentence()


class BadInput(ReconcileError):
    """The input holds problems; nothing was loaded (R23). `files`: how each was understood, where that is asked."""

    code = "bad-input"

    def __init__(self, problems: list[Problem], count: int | None = None, *, rows: int = 0) -> None:
        super().__init__()
        self.rows = rows
        self.files: Sequence[object] = ()
        self.problems = problems
        self.count = len(problems) if count is None else count

    def sentence(self) -> str:
        from reconcile_cli.text import ngettext  # noqa: PLC0415

        return ngettext(
            "{count} problem in the input; nothing was loaded.",
            "{count} problems in the input; nothing was loaded.",
            self.count,
        ).format(count=self.count)
