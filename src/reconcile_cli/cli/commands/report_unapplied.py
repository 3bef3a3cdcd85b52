"""`reconcile report unapplied`: money without purpose."""

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import KnownAtOption, LimitOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.cli.report_options import AsOfOption
from reconcile_cli.domain.aging import Ages
from reconcile_cli.render.aging import write_unapplied
from reconcile_cli.render.lists import Limit
from reconcile_cli.store.report_aging import unapplied


def report_unapplied_command(
    ctx: typer.Context,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Tell which money pays nothing yet."""
    session = session_of(ctx)
    with session.read() as books, output.open(ctx) as target:
        today = as_known(session, books, known_at, links=True)
        ages = Ages(as_of or today)
        write_unapplied(target, ages, unapplied(books, ages), Limit(limit))
