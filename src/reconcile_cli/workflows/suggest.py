"""What `auto --smart` would do, most certain first, each with the command that does it alone."""

from collections.abc import Sequence
from typing import Final

from reconcile_cli.domain.matching import SMART, Link, Stage
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.records import AllocationLine, ItemName
from reconcile_cli.domain.stages.items import OpenItem, Settings
from reconcile_cli.domain.stages.run import smart
from reconcile_cli.domain.suggestions import Doubtful, Suggestion, Suggestions
from reconcile_cli.domain.telling import Report
from reconcile_cli.store.atomic import one_view
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.open_items import Scope
from reconcile_cli.workflows.proposing import Proposed, proposals, reason_of

_RANK: Final = {stage: rank for rank, stage in enumerate(SMART)}


def suggest(books: Books, account: str | None, *, progress: Report | None = None) -> Suggestions:
    """What the careful stages propose for an account, or for all; the most certain first. Nothing is written.

    First come those that are the only answer, in the order of the stages; then those with the fewest rivals.

    Raises:
        UnknownName: the account is not known.
    """
    scope = Scope(None if account is None else [find_account(books, account)])
    doubts: list[Doubtful] = []
    with one_view(books.connection):
        found = list(proposals(books, scope, smart(Settings(), then_date=False), doubts, progress))
    found.sort(key=lambda one: (one.proposal.choices, _RANK[one.proposal.stage], one.pocket.account))
    return Suggestions([_suggestion(one) for one in found], doubts)


def _suggestion(proposed: Proposed) -> Suggestion:
    proposal, pocket = proposed.proposal, proposed.pocket
    lines = [_line(proposed, link) for link in proposal.links]
    return Suggestion(
        account=pocket.account,
        currency=pocket.currency,
        amount_minor=sum(link.amount_minor for link in proposal.links),
        stage=proposal.stage,
        reason=reason_of(proposal, pocket.currency),
        choices=proposal.choices,
        allocations=lines,
        matches=_matches(lines),
    )


def _line(proposed: Proposed, link: Link) -> AllocationLine:
    return AllocationLine(
        account=proposed.pocket.account,
        currency=proposed.pocket.currency,
        debit=_name(proposed.items[link.debit_id]),
        credit=_name(proposed.items[link.credit_id]),
        amount_minor=link.amount_minor,
        stage=Stage(proposed.proposal.stage),
        reason=reason_of(proposed.proposal, proposed.pocket.currency),
    )


def _name(item: OpenItem) -> ItemName:
    return ItemName(item.kind, item.document, item.line)


def _matches(lines: Sequence[AllocationLine]) -> list[list[str]]:
    """The words of `match`: one item and those put against it; once for each credit where both sides are several."""
    if len({line.debit for line in lines}) == 1:
        return [[str(lines[0].debit), *(_part(line.credit, line) for line in lines)]]
    by_credit: dict[ItemName, list[str]] = {}
    for line in lines:
        by_credit.setdefault(line.credit, [str(line.credit)]).append(_part(line.debit, line))
    return list(by_credit.values())


def _part(name: ItemName, line: AllocationLine) -> str:
    return f"{name}={plain(line.amount_minor, line.currency)}"
