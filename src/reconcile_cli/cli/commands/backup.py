"""`reconcile backup`: a consistent copy while others work."""

from pathlib import Path
from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption
from reconcile_cli.cli.words import as_path
from reconcile_cli.render.books import write_backup
from reconcile_cli.render.look import Format
from reconcile_cli.store.backing_up import copy_books
from reconcile_cli.text import _


def backup_command(
    ctx: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), parser=as_path, help=_("Where to."))],
    force: Annotated[bool, typer.Option("--force", help=_("Write over a file that is there."))] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Copy the database and say what the copy holds."""
    session = session_of(ctx)
    with session.read() as books:
        report = session.report
        tell = (lambda done, total: report(_("copying"), done, total, 0)) if report else None
        result = copy_books(books.connection, books.path, file, force=force, progress=tell)
    write_backup(session.target(form), result)
