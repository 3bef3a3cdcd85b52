"""`reconcile export`: everything as CSV that `load` takes back."""

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.render.data import csv_writer
from reconcile_cli.render.look import Format
from reconcile_cli.store.exporting import COLUMNS, exported


def export_command(ctx: typer.Context) -> None:
    """Write the books to standard output."""
    session = session_of(ctx)
    with session.read() as books:
        rows = csv_writer(session.target(Format.CSV), COLUMNS)
        for row in exported(books):
            rows.write(row)
