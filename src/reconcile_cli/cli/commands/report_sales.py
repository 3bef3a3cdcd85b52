"""`reconcile report sales`: the sales column of a period (R18)."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import FromOption, KnownAtOption, LimitOption, ToOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.cli.report_options import ByOption, by_keys, codes, period
from reconcile_cli.domain.reporting import Grouping
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.reports import write_sales
from reconcile_cli.store.report_sales import sales, unknown_codes
from reconcile_cli.text import _


def report_sales_command(
    ctx: typer.Context,
    *,
    date_from: FromOption = None,
    date_to: ToOption = None,
    by: ByOption = "register,ledger_code",
    without: Annotated[
        list[str] | None,
        typer.Option("--except", metavar=_("CODE,..."), help=_("Without these ledger codes, as those of taxes.")),
    ] = None,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Sum sales, reconciled or not."""
    session = session_of(ctx)
    grouping = Grouping(by_keys(by), period(date_from, date_to), codes(without or ()))
    with session.read() as books, output.open(ctx) as target:
        as_known(session, books, known_at, links=True)
        for code in unknown_codes(books, grouping.without):
            session.say(_("No item has the ledger code {code}.").format(code=code))
        write_sales(target, grouping, sales(books, grouping), Limit(limit))
