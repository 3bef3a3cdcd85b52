"""Stages one after the other, each on what those before it left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.matching import Stage, chronological
from reconcile_cli.domain.stages.amount import amount
from reconcile_cli.domain.stages.balance import balance
from reconcile_cli.domain.stages.items import Found, OpenItem, Proposal, Settings, left, of_side
from reconcile_cli.domain.stages.reference import reference
from reconcile_cli.domain.stages.sums import sums

Searching = Callable[[Sequence[OpenItem], Settings], Found]


def by_date(items: Sequence[OpenItem], settings: Settings) -> Found:  # noqa: ARG001 - a stage takes both
    """Oldest to oldest (R16), each link by itself."""
    debits, credits_ = ([(item.id, item.open_minor) for item in of_side(items, side)] for side in Side)
    return Found([Proposal(Stage.DATE, (link,), {}) for link in chronological(debits, credits_)])


SEARCHES: Final[Mapping[Stage, Searching]] = {
    Stage.REFERENCE: reference,
    Stage.AMOUNT: amount,
    Stage.SUM: sums,
    Stage.BALANCE: balance,
    Stage.DATE: by_date,
}
SMART: Final = (Stage.REFERENCE, Stage.AMOUNT, Stage.SUM, Stage.BALANCE)


def staged(items: Iterable[OpenItem], steps: Iterable[tuple[Stage, Settings]]) -> Found:
    """Run stages over the open items of one account and currency; the order of `items` plays no part (R16).

    `doubts` are those about items that no later stage linked.
    """
    rest = sorted(items, key=lambda item: item.place)
    found = Found()
    for stage, settings in steps:
        if not (any(item.side is Side.DEBIT for item in rest) and any(item.side is Side.CREDIT for item in rest)):
            break
        more = SEARCHES[stage](rest, settings)
        rest = left(rest, more.proposals)
        found.proposals.extend(more.proposals)
        found.doubts.extend(doubt for doubt in more.doubts if doubt not in found.doubts)
    return found
