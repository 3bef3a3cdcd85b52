"""`reconcile why`: why an item is open, or what it is reconciled with."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption, item_names
from reconcile_cli.render.look import Format
from reconcile_cli.render.why import write_whys
from reconcile_cli.text import _
from reconcile_cli.workflows.why import why


def why_command(
    ctx: typer.Context,
    *,
    item: Annotated[
        str,
        typer.Argument(
            metavar=_("ITEM"),
            autocompletion=item_names,
            help=_("[KIND/]DOCUMENT[:LINE]; of a document, each line that is open."),
        ),
    ],
    form: FormatOption = Format.TABLE,
) -> None:
    """Say why an item is open."""
    session = session_of(ctx)
    target = session.target(form)
    with session.read() as books:
        write_whys(target, why(books, item, today=session.today))
