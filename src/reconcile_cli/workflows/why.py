"""Why an item is open: the facts of the books, what follows from them, and what to do next."""

from reconcile_cli.domain.concluding import commands, reasons, suggested
from reconcile_cli.domain.whys import Why
from reconcile_cli.store import explaining
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import transaction_card
from reconcile_cli.store.selecting import select
from reconcile_cli.workflows.naming import refuse_amount


def why(books: Books, name: str, *, today: int) -> list[Why]:
    """The answer for each item that a name means, line by line.

    Of a document without a line, those with something open; all of them where nothing is.

    Raises:
        UnknownName, AmbiguousName: the name means nothing, or more than one document.
    """
    selection = refuse_amount(select(books, name))
    card = transaction_card(books, selection.named.txn.id, today=today)
    by_line = {item.line: item for item in card.items}
    rows = [row for row in selection.items if row.open_minor] or selection.items
    answers = []
    for row in rows:
        facts = explaining.facts(books, card, by_line[row.line], row)
        suggestion = suggested(facts)
        answers.append(Why(facts, list(reasons(facts)), suggestion, list(commands(facts, suggestion))))
    return answers
