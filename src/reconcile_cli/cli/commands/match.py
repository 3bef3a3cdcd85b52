"""`reconcile match`: by hand."""

from typing import Annotated

import typer

from reconcile_cli.cli.closing import close
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import AuthorOption, FormatOption, NoteOption, WriteOffOption, item_names
from reconcile_cli.render.allocations import made, written_off
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.match import match


def match_command(
    ctx: typer.Context,
    *,
    items: Annotated[
        list[str],
        typer.Argument(
            metavar=_("ITEM ITEM[=AMOUNT]..."),
            autocompletion=item_names,
            help=_("One item, then those of the opposite side; without an amount, as much as both allow."),
        ),
    ],
    write_off: WriteOffOption = None,
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Reconcile by hand and say what was done."""
    if len(items) == 1:
        raise typer.BadParameter(_("Give at least two items: one, then those of the opposite side."), ctx=ctx)
    session = session_of(ctx)
    with session.change() as books:
        result = match(books, items, session.stamp(note, author), write_off=write_off or "")
        close(session, form, result, [*made(result.totals), *written_off(result, write_off or "")])
