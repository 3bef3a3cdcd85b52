"""Stages one after the other, each on what those before it left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.matching import SMART, Stage, Why, chronological
from reconcile_cli.domain.stages.amount import amount
from reconcile_cli.domain.stages.balance import balance
from reconcile_cli.domain.stages.items import Doubt, Found, OpenItem, Proposal, Settings, left, of_side
from reconcile_cli.domain.stages.reference import reference
from reconcile_cli.domain.stages.sums import sums

Step = tuple[Stage, Settings]
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


def staged(items: Iterable[OpenItem], steps: Iterable[Step]) -> Found:
    """Run stages over the open items of one account and currency; the order of `items` plays no part (R16).

    `doubts` are those about what is still open afterwards, each once, and those of searches that stopped.
    """
    rest = sorted(items, key=lambda item: item.place)
    found = Found()
    doubts: dict[Doubt, None] = {}
    doubtful: set[int] = set()
    for stage, settings in steps:
        if len({item.side for item in rest}) < len(Side):
            break
        more = SEARCHES[stage](rest, settings)
        if settings.careful and stage is Stage.BALANCE:
            more = _without(doubtful, more)
        rest = left(rest, more.proposals)
        found.proposals.extend(more.proposals)
        doubts |= dict.fromkeys(more.doubts)
        doubtful |= more.doubtful
    still_open = {name for item in rest for name in (item.name, item.document_name)}
    found.doubts.extend(doubt for doubt in doubts if doubt.item in still_open or doubt.why is Why.BOUND)
    return found


def _without(doubtful: AbstractSet[int], found: Found) -> Found:
    """Without the proposals that would decide what a stage before left open: of equal amounts nobody knows which."""
    return Found(
        [
            proposal
            for proposal in found.proposals
            if doubtful.isdisjoint(item for link in proposal.links for item in (link.debit_id, link.credit_id))
        ]
    )


def smart(settings: Settings, *, then_date: bool) -> tuple[Step, ...]:
    """The steps of `--smart`: carefully; `then_date` decides what is doubtful, and the rest by date."""
    careful = settings._replace(careful=True)
    steps = [(stage, careful) for stage in SMART]
    if then_date:
        steps += [(stage, settings) for stage in (*SMART, Stage.DATE)]
    return tuple(steps)
