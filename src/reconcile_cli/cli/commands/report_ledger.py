"""`reconcile report ledger`: what was sold, and how it stands as of a day."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import Day, KnownAtOption, LimitOption, parse_day
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.cli.report_options import ByOption, by_keys, period
from reconcile_cli.domain.reporting import Grouping
from reconcile_cli.errors import Exit
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.reports import write_ledger
from reconcile_cli.store.report_ledger import ledger
from reconcile_cli.text import _


def report_ledger_command(
    ctx: typer.Context,
    *,
    as_of: Annotated[
        Day | None,
        typer.Option(
            "--as-of",
            parser=parse_day,
            metavar=_("DATE"),
            help=_("What was sold up to this day, and how it stood then."),
        ),
    ] = None,
    by: ByOption = "ledger_code",
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> int:
    """Tell of each ledger code what was sold, paid, offset and covered and what is open; 3 where it does not add up."""
    session = session_of(ctx)
    grouping = Grouping(by_keys(by), period(None, as_of))
    with session.read() as books, output.open(ctx) as target:
        as_known(session, books, known_at, links=True)
        proof = write_ledger(target, grouping, ledger(books, grouping), Limit(limit))
    if proof.holds:
        return Exit.DONE
    session.say(_("This does not add up: the file may be damaged. `reconcile check` tells where."))
    return Exit.FINDINGS
