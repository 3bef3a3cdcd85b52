"""`reconcile show`: an account, or the transactions of a document's name."""

from typing import Annotated

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.known import as_known
from reconcile_cli.cli.options import FromOption, KnownAtOption, LimitOption, NameArgument, ToOption
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.render.card import CardView, write_card
from reconcile_cli.render.items import write_transaction_cards
from reconcile_cli.render.lists import Limit
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import Window, account_card, transaction_card
from reconcile_cli.store.errors import UnknownName
from reconcile_cli.store.lookup import FoundTxn, find_account, find_transactions, unknown
from reconcile_cli.text import _


def show_command(
    ctx: typer.Context,
    *,
    name: NameArgument,
    matches: Annotated[bool, typer.Option("--matches", help=_("What is reconciled with what, as a tree."))] = False,
    open_only: Annotated[bool, typer.Option("--open", help=_("Only transactions with something open."))] = False,
    date_from: FromOption = None,
    date_to: ToOption = None,
    everything: Annotated[bool, typer.Option("--all", help=_("Void and declined transactions too."))] = False,
    known_at: KnownAtOption = "",
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """Show an account or a document."""
    session = session_of(ctx)
    window = Window(everything, open_only, date_from, date_to)
    with session.read() as books, output.open(ctx) as target:
        today = as_known(session, books, known_at, names=[name], links=True)
        if (documents := shown_documents(books, name)) is None:
            card = account_card(books, name, window, today=today)
            write_card(target, card, CardView(Limit(limit), matches=matches, filtered=open_only))
        else:
            cards = [transaction_card(books, found.id, today=today) for found in documents]
            write_transaction_cards(target, cards, matches=matches)


def shown_documents(books: Books, name: str) -> list[FoundTxn] | None:
    """Return the transactions of a name, None where it is that of an account: an account's code wins."""
    try:
        find_account(books, name)
    except UnknownName:
        documents = find_transactions(books, name)
        if not documents:
            raise unknown(books, name) from None
        return documents
    return None
