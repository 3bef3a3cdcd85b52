"""How a changing command ends: its data on stdout; on stderr what was done, how to see it, how to take it back."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile_cli.cli.context import Session
from reconcile_cli.domain.results import MatchResult
from reconcile_cli.render.allocations import write_allocations
from reconcile_cli.render.lists import SCREENFUL, Limit
from reconcile_cli.render.look import Format
from reconcile_cli.text import _

if TYPE_CHECKING:  # only loads report so much
    from reconcile_cli.domain.load_results import LoadResult


def close(
    session: Session, form: Format, result: MatchResult, sentences: Sequence[str], limit: int | None = None
) -> None:
    """Write the allocations of a change and say what was done; `sentences` says it in the words of the command.

    A table shows the first screenful of them, in a pipe too; CSV and JSON have all.
    """
    try:
        write_allocations(
            session.target(form), result, Limit(SCREENFUL if limit is None and form is Format.TABLE else limit)
        )
    finally:  # the books were changed, whether or not somebody takes the data
        session.say(*result.notes, *(sentences or [_("Nothing to do; nothing was changed.")]))
        if result.dry_run and sentences:
            session.say(_("Nothing was written (--dry-run)."))
        elif result.operation is not None:
            session.say(*how_to_see(result.accounts), *how_to_undo(result.operation))


def how_to_see(accounts: Sequence[str]) -> list[str]:
    """Say which command shows what was changed."""
    one = f"reconcile show {_quoted(accounts[0])} --matches" if len(accounts) == 1 else "reconcile accounts"
    return [_("See it: {command}").format(command=one)]


def how_to_apply(plan: Path) -> str:
    """Say which command does what a plan says."""
    return _("Plan kept. Do it: {command}").format(command=f"reconcile apply {_quoted(str(plan))}")


def how_to_see_held() -> list[str]:
    """Say which command lists what is held."""
    return [_("See what is held: {command}").format(command="reconcile unreconciled --held")]


def how_to_undo(operation: int | None) -> list[str]:
    """Say which command takes the operation back."""
    if operation is None:
        return []
    return [_("Take it back: {command}").format(command=f"reconcile undo {operation}")]


def how_to_go_on(result: "LoadResult") -> list[str]:
    """Say what a load did in a line, and the next commands to type."""
    if result.dry_run:
        return [_("Nothing was written (--dry-run).")]
    if result.operation is None and result.rejected:
        return [_("Nothing was left to load; nothing was changed.")]
    if result.operation is None and not result.rows:
        return [_("There was nothing to load; nothing was changed.")]
    if result.operation is None:
        return [_("Everything was in the books already; nothing was changed.")]
    open_too = result.open_debits and result.open_credits
    following = "reconcile auto --all --dry-run" if open_too else "reconcile unreconciled"
    return [
        _("Loaded as operation {number}.").format(number=result.operation),
        *how_to_see(result.accounts),
        *how_to_undo(result.operation),
        _("Next: {command}").format(command=following),
    ]


def _quoted(word: str) -> str:
    """Write a word as a shell takes it."""
    if word.isascii() and word.replace("-", "").isalnum():
        return word  # as most codes of accounts are
    from shlex import quote  # noqa: PLC0415 - see above

    return quote(word)
