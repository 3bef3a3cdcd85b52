"""`reconcile lock`: closes a period (R25)."""

from typing import Annotated

import typer

from reconcile_cli.cli.closing import how_to_undo
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import AuthorOption, Day, FormatOption, NoteOption, parse_day
from reconcile_cli.render.locking import write_lock, write_locked
from reconcile_cli.render.look import Format
from reconcile_cli.store.locking import last_change, lock_in_force
from reconcile_cli.text import _
from reconcile_cli.workflows.lock import lock, reopen


def lock_command(
    ctx: typer.Context,
    *,
    date: Annotated[
        Day | None,
        typer.Argument(parser=parse_day, metavar=_("[DATE]"), help=_("The last day to close; without one: tell.")),
    ] = None,
    day: Annotated[
        Day | None,
        typer.Option("--reopen", parser=parse_day, metavar=_("DATE"), help=_("The first day to open again.")),
    ] = None,
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Close a period, open it again, or tell."""
    session = session_of(ctx)
    if date is not None and day is not None:
        raise typer.BadParameter(_("Give the last day to close, or --reopen with the first to open again."), ctx=ctx)
    if date is None and day is None:
        with session.read() as books:
            write_lock(session.target(form), lock_in_force(books.connection), last_change(books.connection))
        return
    stamp = session.stamp(note, author)
    with session.change() as books:
        result = reopen(books, day, stamp) if day is not None else lock(books, date or 0, stamp)
    try:
        write_locked(session.target(form), result)
    finally:  # the books were changed, whether or not somebody takes the data
        if (result.until or 0) > session.today:
            session.say(_("That day is yet to come: nothing dated up to it can be added."))
        session.say(*how_to_undo(result.operation))
