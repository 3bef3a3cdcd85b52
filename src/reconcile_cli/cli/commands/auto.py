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
    WriteOffOption,
)
from reconcile_cli.cli.progress import progress
from reconcile_cli.domain.writing_off import Tolerance
from reconcile_cli.domain.writing_off import tolerance as read_tolerance
from reconcile_cli.render.allocations import made, written_off
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.writing_off import WriteOff


class By(StrEnum):
    """What `--by` takes."""

    DATE = "date"
    DUE = "due"


def _tolerance(text: str | Tolerance) -> Tolerance:
    if isinstance(text, Tolerance):
        return text
    found = read_tolerance(text)
    if found is None:
        raise typer.BadParameter(_("{text} is not an amount above 0: write it as 0.05").format(text=text))
    return found


def auto_command(
    ctx: typer.Context,
    *,
    accounts: AccountsArgument = None,
    everything: Annotated[bool, typer.Option("--all", help=_("Every account."))] = False,
    dry_run: DryRunOption = False,
    until: UntilOption = None,
    by: Annotated[By, typer.Option("--by", help=_("date, or due: the due date where there is one."))] = By.DATE,
    include_planned: PlannedOption = False,
    tolerance: Annotated[
        Tolerance | None,
        typer.Option(
            "--tolerance",
            parser=_tolerance,
            metavar=_("AMOUNT"),
            help=_("With --write-off: the largest difference that is closed, as 0.05."),
        ),
    ] = None,
    write_off: WriteOffOption = None,
    limit: LimitOption = None,
    note: NoteOption = "",
    author: AuthorOnlyOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Reconcile by date and say what was done."""
    if bool(accounts) == everything:
        raise typer.BadParameter(_("Give accounts, or --all for every account."), ctx=ctx)
    closing = WriteOff(write_off, tolerance) if tolerance and write_off else None
    if closing is None and (tolerance or write_off):
        raise typer.BadParameter(_("--tolerance AMOUNT and --write-off CODE belong together."), ctx=ctx)
    session = session_of(ctx)
    with session.change() as books:
        with progress() as report:
            result = auto(
                books,
                None if everything else accounts,
                session.stamp(note, author),
                Choice(
                    dry_run=dry_run,
                    until=until,
                    by_due=by is By.DUE,
                    include_planned=include_planned,
                    write_off=closing,
                ),
                progress=report,
            )
        said = [*made(result.totals, dry_run=dry_run), *written_off(result, write_off or "")]
        close(session, form, result, said, limit)
