"""`reconcile history`: the operations, newest first."""

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption, LimitOption
from reconcile_cli.render.history import write_history
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.look import Format
from reconcile_cli.store.history import history


def history_command(ctx: typer.Context, limit: LimitOption = None, form: FormatOption = Format.TABLE) -> None:
    """List the operations."""
    session = session_of(ctx)
    with session.read() as books:
        write_history(session.target(form), history(books), Limit(limit))
