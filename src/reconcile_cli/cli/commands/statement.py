"""`reconcile statement`: what a customer is sent, no trace of reconciliation in it (R20)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.folders import Opening, open_folder
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import FromOption, KnownAtOption, LimitOption, ToOption, account_names
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.cli.report_options import period
from reconcile_cli.cli.words import as_path
from reconcile_cli.domain.file_names import stems
from reconcile_cli.domain.reporting import Period
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.statement import write_statement
from reconcile_cli.store.books import Books
from reconcile_cli.store.customer_statement import AccountName, all_accounts, one_account, statement
from reconcile_cli.text import _, ngettext


def statement_command(
    ctx: typer.Context,
    *,
    account: Annotated[
        str, typer.Argument(metavar=_("[ACCOUNT]"), autocompletion=account_names, help=_("The code of an account."))
    ] = "",
    every: Annotated[bool, typer.Option("--all", help=_("Every account, a file each."))] = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", parser=as_path, metavar=_("FOLDER"), help=_("Where --all puts the files.")),
    ] = None,
    date_from: FromOption = None,
    date_to: ToOption = None,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Write statements."""
    if bool(account) == every:
        raise typer.BadParameter(_("Give one account, or --all --into FOLDER."), ctx=ctx)
    if every != (into is not None):
        raise typer.BadParameter(_("--all and --into FOLDER go together."), ctx=ctx)
    session = session_of(ctx)
    days = period(date_from, date_to)
    with session.read() as books:
        as_known(session, books, known_at, names=[account] if account else None)
        if into is not None:
            names = all_accounts(books)
            opening = open_folder(ctx, output, into, [*stems(one.code for one in names)])
            _write_each(books, names, days, opening)
            told = ngettext(
                "{count} statement written into {folder}", "{count} statements written into {folder}", len(names)
            )
            session.say(told.format(count=f"{len(names):,}", folder=into))
            return
        found = one_account(books, account)
        with output.open(ctx, told=False) as target:
            write_statement(target, statement(books, found, days), days, Limit(limit))


def _write_each(books: Books, accounts: Sequence[AccountName], days: Period, opening: Opening) -> None:
    for place, account in enumerate(accounts):
        with opening(place) as target:
            write_statement(target, statement(books, account, days), days, Limit(0))
