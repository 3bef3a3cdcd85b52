"""`reconcile unreconciled`: open items and overdue planned payments, oldest first."""

from enum import StrEnum
from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import (
    AccountsArgument,
    Count,
    KnownAtOption,
    LimitOption,
    PlannedOption,
    parse_count,
)
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.domain.kinds import Side
from reconcile_cli.errors import Exit
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.unreconciled import write_unreconciled
from reconcile_cli.store.unreconciled import Wanted, unreconciled
from reconcile_cli.text import _


class SideName(StrEnum):
    """What `--side` takes."""

    DEBIT = "debit"
    CREDIT = "credit"


def unreconciled_command(
    ctx: typer.Context,
    *,
    accounts: AccountsArgument = None,
    side: Annotated[SideName | None, typer.Option("--side", help=_("debit: to be paid; credit: to be used."))] = None,
    include_planned: PlannedOption = False,
    older_than: Annotated[
        Count | None,
        typer.Option(
            "--older-than",
            parser=parse_count,
            metavar=_("DAYS"),
            help=_("Only what is dated more than so many days ago."),
        ),
    ] = None,
    held: Annotated[bool, typer.Option("--held", help=_("Only held items."))] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help=_("Exit with 3 when there are any."))] = False,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> int:
    """List what is open; the exit code says whether there is any, where asked."""
    session = session_of(ctx)
    with session.read() as books, output.open(ctx) as target:
        today = as_known(session, books, known_at, names=accounts or None)
        wanted = Wanted(None if side is None else Side[side.name], include_planned, older_than, held)
        lines = unreconciled(books, accounts or (), wanted, today=today)
        nothing = _("Nothing was unreconciled then.") if known_at else _("Everything is reconciled.")
        if wanted != Wanted():
            nothing = _("Nothing of that kind is open.")
        elif accounts:
            nothing = _("Nothing is unreconciled in {accounts}.").format(accounts=", ".join(accounts))
        count = write_unreconciled(target, lines, Limit(limit), nothing)
    return Exit.FINDINGS if exit_code and count else Exit.DONE
