"""Why an item is open: the facts of the books, what follows from them, and what to do next."""

from reconcile_cli.domain.concluding import commands, reasons
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.stages.items import Settings
from reconcile_cli.domain.stages.run import smart
from reconcile_cli.domain.whys import Facts, Suggestion, Why
from reconcile_cli.store import explaining
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import transaction_card
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.open_items import Scope
from reconcile_cli.store.selecting import SelectedItem, select
from reconcile_cli.workflows.naming import refuse_amount
from reconcile_cli.workflows.proposing import proposals, reason_of


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
        suggestion = _suggestion(books, facts, row)
        answers.append(Why(facts, list(reasons(facts)), suggestion, list(commands(facts, suggestion))))
    return answers


def _suggestion(books: Books, facts: Facts, row: SelectedItem) -> Suggestion | None:
    """What `auto --smart` would put against an open item; None where it would leave it open."""
    if not any(candidate.free for candidate in facts.candidates):
        return None
    scope = Scope([find_account(books, facts.card.account)])
    for one in proposals(books, scope, smart(Settings(), then_date=False), [], None):
        mine = [link for link in one.proposal.links if row.id in (link.debit_id, link.credit_id)]
        if mine:
            others = (one.items[link.credit_id if link.debit_id == row.id else link.debit_id] for link in mine)
            parts = [
                (ItemName(other.kind, other.document, other.line), link.amount_minor)
                for link, other in zip(mine, others, strict=True)
            ]
            return Suggestion(one.proposal.stage, reason_of(one.proposal, one.pocket.currency), parts)
    return None
