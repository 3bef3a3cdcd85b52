"""`reconcile auto`: oldest to oldest (R16), or by stages."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from reconcile_cli.cli.closing import close, how_to_apply
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import (
    AccountsArgument,
    AuthorOnlyOption,
    Count,
    DryRunOption,
    FormatOption,
    LimitOption,
    NoteOption,
    PlannedOption,
    SaveOption,
    UntilOption,
    WriteOffOption,
    parse_count,
)
from reconcile_cli.domain.matching import SMART, Stage
from reconcile_cli.domain.writing_off import Tolerance, WriteOff
from reconcile_cli.domain.writing_off import tolerance as read_tolerance
from reconcile_cli.render.allocations import made, written_off
from reconcile_cli.render.look import Format
from reconcile_cli.render.plans import write_plan
from reconcile_cli.text import _
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.saving import new_file, refuse_existing


class By(StrEnum):
    """What `--by` takes."""

    DATE = "date"
    DUE = "due"


STAGES: Final = (*SMART, Stage.DATE)


def parse_stages(text: str) -> tuple[Stage, ...]:
    """Read the stages of `--stages`, in the order given."""
    known = {stage.code: stage for stage in STAGES}
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in known or words.count(word) > 1:
            raise typer.BadParameter(
                _("{text} is not a list of stages: give some of {stages}, separated by commas").format(
                    text=text, stages=", ".join(known)
                )
            )
    return tuple(known[word] for word in words)


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
    stages: Annotated[
        str | None,
        typer.Option(
            "--stages", metavar=_("LIST"), help=_("Some of reference,amount,sum,balance,date in this order; else date.")
        ),
    ] = None,
    smart: Annotated[
        bool, typer.Option("--smart", help=_("reference,amount,sum,balance, and nothing doubtful."))
    ] = False,
    then_date: Annotated[bool, typer.Option("--then-date", help=_("After --smart, the rest by date."))] = False,
    days: Annotated[
        Count | None,
        typer.Option("--days", parser=parse_count, metavar=_("N"), help=_("Equal amounts at most N days apart.")),
    ] = None,
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
    save: SaveOption = None,
    limit: LimitOption = None,
    note: NoteOption = "",
    author: AuthorOnlyOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Reconcile by date or by stages and say what was done."""
    if bool(accounts) == everything:
        raise typer.BadParameter(_("Give accounts, or --all for every account."), ctx=ctx)
    if save is not None and not dry_run:
        raise typer.BadParameter(_("--save keeps a plan and changes nothing: give --dry-run as well."), ctx=ctx)
    if smart and stages is not None:
        raise typer.BadParameter(_("Give --smart or --stages, not both."), ctx=ctx)
    if then_date and not smart:
        raise typer.BadParameter(_("--then-date goes with --smart; else name date last in --stages."), ctx=ctx)
    order = (Stage.DATE,) if stages is None else parse_stages(stages)
    if days is not None and not smart and Stage.AMOUNT not in order:
        raise typer.BadParameter(_("--days is for equal amounts: give --smart, or --stages with amount."), ctx=ctx)
    if save is not None and write_off:
        raise typer.BadParameter(_("A plan holds no write-offs: apply it first, and write off then."), ctx=ctx)
    closing = WriteOff(write_off, tolerance) if tolerance and write_off else None
    if closing is None and (tolerance or write_off):
        raise typer.BadParameter(_("--tolerance AMOUNT and --write-off CODE belong together."), ctx=ctx)
    choice = Choice(
        dry_run=dry_run,
        until=until,
        by_due=by is By.DUE,
        include_planned=include_planned,
        stages=order,
        smart=smart,
        then_date=then_date,
        days=days,
        write_off=closing,
    )
    if save is not None:
        refuse_existing(save)
    session = session_of(ctx)
    with session.change() as books:
        scope, stamp = None if everything else accounts, session.stamp(note, author)
        result = auto(books, scope, stamp, choice, progress=session.report)
        if save is not None:
            with new_file(save) as file:
                write_plan(file, result.allocations)
            session.say(how_to_apply(save))
        said = [*made(result.totals, dry_run=dry_run), *written_off(result, write_off or "")]
        close(session, form, result, said, limit)
