"""`reconcile apply`: a plan that was reviewed."""

from typing import Annotated

import typer

from reconcile_cli.cli.closing import close
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import AuthorOption, FormatOption, NoteOption
from reconcile_cli.cli.words import as_file, printable
from reconcile_cli.errors import BadInput
from reconcile_cli.intake.source import Source
from reconcile_cli.render.allocations import made
from reconcile_cli.render.look import Format
from reconcile_cli.render.plans import write_plan_refusal
from reconcile_cli.text import _
from reconcile_cli.workflows.apply import apply


def apply_command(
    ctx: typer.Context,
    *,
    plan: Annotated[
        str, typer.Argument(metavar=_("PLAN"), help=_("What --save wrote, thinned out or not; - is standard input."))
    ],
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Make exactly the allocations of a plan, or none."""
    session = session_of(ctx)
    try:
        with session.change() as books:
            result = apply(books, Source(as_file(plan)), session.stamp(note, author), told=printable(plan))
            close(session, form, result, made(result.totals))
    except BadInput as refusal:
        write_plan_refusal(session.target(form), session.messages(), refusal)
        raise
