"""`reconcile export`: everything as CSV that `load` takes back, or the lettering as a FEC."""

from enum import StrEnum
from itertools import chain
from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.output import FileOption, ForceOption, stream_to
from reconcile_cli.render.data import csv_writer
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import _


class Shape(StrEnum):
    """What `--profile` takes."""

    FEC = "fec"


def export_command(
    ctx: typer.Context,
    *,
    profile: Annotated[
        Shape | None,
        typer.Option("--profile", help=_("fec: a French audit file, with the lettering of what is reconciled.")),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar=_("CODE"), help=_("The currency of a FEC, where the books hold several.")),
    ] = None,
    file: FileOption = None,
    force: ForceOption = False,
) -> None:
    """Write the books to standard output or to a file."""
    if currency is not None and profile is None:
        raise typer.BadParameter(_("it goes with --profile fec"), ctx=ctx, param_hint="--currency")
    session = session_of(ctx)
    with session.read() as books, stream_to(ctx, file, force=force) as stream:
        target = session.target(Format.CSV) if stream is None else Target(stream, Format.CSV)
        if profile is Shape.FEC:
            from reconcile_cli.store import fec  # noqa: PLC0415 - each shape reads its own module

            lines = chain([fec.COLUMNS], fec.fec(books, currency))
            target.stream.writelines("\t".join(line) + "\r\n" for line in lines)
        else:
            from reconcile_cli.store.exporting import COLUMNS, exported  # noqa: PLC0415 - see above

            rows = csv_writer(target, COLUMNS)
            for row in exported(books):
                rows.write(row)
