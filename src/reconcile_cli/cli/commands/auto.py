"""`reconcile auto`: oldest to oldest (R16)."""

from enum import StrEnum
from typing import Annotated

import typer

from reconcile_cli.cli.closing import close
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import (
    AccountsArgument,
    AuthorOnlyOption,
    DryRunOption,
    FormatOption,
    LimitOption,
    NoteOption,
    PlannedOption,
    UntilOption,
)
from reconcile_cli.cli.progress import progress
from reconcile_cli.render.allocations import made
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.auto import Choice, auto


class By(StrEnum):
    """What `--by` takes."""

    DATE = "date"
    DUE = "due"


def auto_command(
    ctx: typer.Context,
    *,
    accounts: AccountsArgument = None,
    everything: Annotated[bool, typer.Option("--all", help=_("Every account."))] = False,
    dry_run: DryRunOption = False,
    until: UntilOption = None,
    by: Annotated[By, typer.Option("--by", help=_("date, or due: the due date where there is one."))] = By.DATE,
    include_planned: PlannedOption = False,
    limit: LimitOption = None,
    note: NoteOption = "",
    author: AuthorOnlyOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Reconcile by date and say what was done."""
    if bool(accounts) == everything:
        raise typer.BadParameter(_("Give accounts, or --all for every account."), ctx=ctx)
    session = session_of(ctx)
    with session.change() as books:
        with progress() as report:
            result = auto(
                books,
                None if everything else accounts,
                session.stamp(note, author),
                Choice(dry_run=dry_run, until=until, by_due=by is By.DUE, include_planned=include_planned),
                progress=report,
            )
        close(session, form, result, made(result.totals, dry_run=dry_run), limit)
