"""`reconcile report aging`: what was owed on a day, by days past due."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import KnownAtOption, LimitOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.cli.report_options import AsOfOption, bucket_days
from reconcile_cli.domain.aging import Ages
from reconcile_cli.render.aging import write_aging, write_aging_items
from reconcile_cli.render.lists import Limit
from reconcile_cli.store.report_aging import aging, aging_items
from reconcile_cli.text import _


def report_aging_command(
    ctx: typer.Context,
    *,
    as_of: AsOfOption = None,
    detail: Annotated[bool, typer.Option("--detail", help=_("Every item instead of one line for an account."))] = False,
    buckets: Annotated[
        str, typer.Option("--buckets", metavar=_("DAYS,..."), help=_("Where buckets end, as 15,30,60."))
    ] = "30,60,90",
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Tell what is owed by days past due."""
    session = session_of(ctx)
    days = bucket_days(buckets)
    with session.read() as books, output.open(ctx) as target:
        today = as_known(session, books, known_at, links=True)
        ages = Ages(as_of or today, days)
        if detail:
            write_aging_items(target, ages, aging_items(books, ages), Limit(limit))
        else:
            write_aging(target, ages, aging(books, ages), Limit(limit))
