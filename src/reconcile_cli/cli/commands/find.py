"""`reconcile find`: transactions in all accounts."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import LimitOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.transactions import write_transactions
from reconcile_cli.store.listing import find
from reconcile_cli.text import _


def find_command(
    ctx: typer.Context,
    *,
    text: Annotated[str, typer.Argument(metavar=_("TEXT"), help=_("A part of a text, or an amount as 120.00."))],
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """List what was found."""
    session = session_of(ctx)
    with session.read() as books, output.open(ctx) as target:
        found = find(books, text, today=session.today)
        write_transactions(target, found, Limit(limit), _("Nothing found for {text}.").format(text=text))
