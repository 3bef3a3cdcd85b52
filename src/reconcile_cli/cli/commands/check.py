"""`reconcile check`: proves the books."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption
from reconcile_cli.cli.progress import progress
from reconcile_cli.errors import Exit
from reconcile_cli.render.books import write_findings
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.check import check


def check_command(
    ctx: typer.Context,
    *,
    quick: Annotated[bool, typer.Option("--quick", help=_("Without the chain of operations."))] = False,
    form: FormatOption = Format.TABLE,
) -> int:
    """Prove the books; the exit code says whether anything was found."""
    session = session_of(ctx)
    with session.read() as books, progress() as report:
        findings = check(books, quick=quick, progress=report)
    write_findings(session.target(form), findings, quick=quick)
    return Exit.FINDINGS if findings else Exit.DONE
