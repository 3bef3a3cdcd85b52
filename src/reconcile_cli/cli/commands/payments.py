"""`reconcile payments`: payments and deposits by state."""

from enum import StrEnum
from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import LimitOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.domain.kinds import State
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.transactions import write_payments
from reconcile_cli.store.listing import payments
from reconcile_cli.text import _


class StateName(StrEnum):
    """What `--state` takes."""

    POSTED = "posted"
    PLANNED = "planned"
    DECLINED = "declined"
    VOID = "void"


def payments_command(
    ctx: typer.Context,
    *,
    state: Annotated[StateName | None, typer.Option("--state", help=_("posted, planned, declined or void."))] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("Planned and past their due date."))] = False,
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """List payments and deposits."""
    if overdue and state not in (None, StateName.PLANNED):
        raise typer.BadParameter(_("Only planned payments can be overdue: leave out --state."), ctx=ctx)
    session = session_of(ctx)
    with session.read() as books, output.open(ctx) as target:
        wanted = None if state is None else State[state.name]
        found = payments(books, today=session.today, state=wanted, overdue=overdue)
        write_payments(target, found, Limit(limit))
