"""`reconcile info`: the database."""

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption
from reconcile_cli.render.books import write_information
from reconcile_cli.render.look import Format
from reconcile_cli.store.history import information


def info_command(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Tell about the database."""
    session = session_of(ctx)
    with session.read() as books:
        write_information(session.target(form), information(books))
