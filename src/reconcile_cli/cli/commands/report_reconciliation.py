"""`reconcile report reconciliation`: how far the books are reconciled."""

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import KnownAtOption, LimitOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.progress import write_progress
from reconcile_cli.store.report_progress import progress


def report_reconciliation_command(
    ctx: typer.Context,
    *,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Tell how far the books are reconciled."""
    session = session_of(ctx)
    with session.read() as books, output.open(ctx) as target:
        today = as_known(session, books, known_at)
        write_progress(target, progress(books, today=today), Limit(limit))
