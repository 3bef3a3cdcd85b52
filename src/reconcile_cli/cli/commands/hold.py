"""`reconcile hold`: keeps items out of auto."""

import typer

from reconcile_cli.cli.closing import how_to_see_held, how_to_undo
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import AuthorOption, FormatOption, HeldArgument, NoteOption
from reconcile_cli.render.books import write_hold
from reconcile_cli.render.look import Format
from reconcile_cli.workflows.hold import hold


def hold_command(
    ctx: typer.Context,
    *,
    items: HeldArgument,
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Hold items."""
    session = session_of(ctx)
    with session.change() as books:
        result = hold(books, items, session.stamp(note, author))
    try:
        write_hold(session.target(form), result, held=True)
    finally:  # the books were changed, whether or not somebody takes the data
        session.say(*how_to_see_held(), *how_to_undo(result.operation))
