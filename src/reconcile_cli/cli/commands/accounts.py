"""`reconcile accounts`: one row per account and currency."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import KnownAtOption, LimitOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.domain.status import Status
from reconcile_cli.render.accounts import write_accounts
from reconcile_cli.render.lists import Limit
from reconcile_cli.store.accounts import Choice, Found, account_totals, accounts, found
from reconcile_cli.store.books import Books
from reconcile_cli.store.proving import proved
from reconcile_cli.text import _


class Sort(StrEnum):
    """What `--sort` takes."""

    CODE = "code"
    NAME = "name"
    BALANCE = "balance"
    OPEN = "open"


def accounts_command(
    ctx: typer.Context,
    *,
    text: Annotated[str, typer.Argument(metavar=_("[TEXT]"), help=_("Part of a code or name."))] = "",
    status: Annotated[Status | None, typer.Option("--status", help=_("Only accounts of this status."))] = None,
    owing: Annotated[bool, typer.Option("--owing", help=_("Only those who owe."))] = False,
    in_credit: Annotated[bool, typer.Option("--in-credit", help=_("Only those with a credit."))] = False,
    sort: Annotated[Sort, typer.Option("--sort", help=_("code, name, balance or open (largest first)."))] = Sort.CODE,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """List accounts."""
    session = session_of(ctx)
    in_error = status is Status.ERROR and not known_at
    choice = Choice(text, None if in_error else status, owing, in_credit)
    with session.read() as books, output.open(ctx) as target:
        today = as_known(session, books, known_at)
        write_accounts(
            target,
            _shown(books, found(books, choice, today=today, sort=sort), in_error=in_error)
            if not known_at
            else accounts(books, choice, today=today, sort=sort),
            lambda: () if in_error else account_totals(books, choice, today=today),
            Limit(limit),
        )


def _shown(books: Books, lines: Iterable[Found], *, in_error: bool) -> Iterable[AccountLine]:
    """Prove the first accounts; every one where those in error are asked for."""
    if not in_error:
        return proved(books, lines)
    return (line for line in proved(books, lines, whole=True) if line.status is Status.ERROR)
