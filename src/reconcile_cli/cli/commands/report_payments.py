"""`reconcile report payments`: the cash of a period by what it paid (R19)."""

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import FromOption, KnownAtOption, LimitOption, ToOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.cli.report_options import ByOption, by_keys, period
from reconcile_cli.domain.reporting import Grouping
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.reports import write_payments
from reconcile_cli.store.report_payments import payments


def report_payments_command(
    ctx: typer.Context,
    *,
    date_from: FromOption = None,
    date_to: ToOption = None,
    by: ByOption = "ledger_code",
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Sum payments, deposits and refunds by what they were used for within the period."""
    session = session_of(ctx)
    grouping = Grouping(by_keys(by), period(date_from, date_to))
    with session.read() as books, output.open(ctx) as target:
        as_known(session, books, known_at, links=True)
        write_payments(target, grouping, payments(books, grouping), Limit(limit))
