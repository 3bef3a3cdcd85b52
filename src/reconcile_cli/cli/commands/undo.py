"""`reconcile undo`: takes an operation back."""

from typing import Annotated

import typer

from reconcile_cli.cli.closing import close
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import (
    AuthorOption,
    Count,
    FormatOption,
    NoteOption,
    YesOption,
    operation_numbers,
    parse_count,
)
from reconcile_cli.render.allocations import undone
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.undo import undo


def undo_command(
    ctx: typer.Context,
    *,
    operation: Annotated[
        Count | None,
        typer.Argument(
            metavar=_("[OPERATION]"),
            parser=parse_count,
            autocompletion=operation_numbers,
            help=_("Its number in history; else the last one."),
        ),
    ] = None,
    yes: YesOption = False,
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Take an operation back, asking first."""
    session = session_of(ctx)
    with session.change() as books:
        done = undo(books, operation, session.stamp(note, author), confirm=session.confirm(yes=yes, always=True))
        close(session, form, done.result, undone(done))
