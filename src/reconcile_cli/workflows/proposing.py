"""What stages propose in the open books, account by account."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.results import SHOWN
from reconcile_cli.domain.stages.items import OpenItem, Proposal
from reconcile_cli.domain.stages.run import Step, staged
from reconcile_cli.domain.suggestions import Doubtful
from reconcile_cli.domain.telling import Report
from reconcile_cli.store.allocating import PlanRow
from reconcile_cli.store.books import Books
from reconcile_cli.store.open_items import Scope, count_pockets
from reconcile_cli.store.open_pockets import Pocket, open_pockets
from reconcile_cli.text import _

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class Proposed(NamedTuple):
    """A proposal for one account and currency; `items` are those of its links, as they were before any."""

    pocket: Pocket
    proposal: Proposal
    items: Mapping[int, OpenItem]

    def rows(self) -> Iterator[PlanRow]:
        """Its links as TEMP `plan` takes them."""
        reason = reason_of(self.proposal, self.pocket.currency)
        for link in self.proposal.links:
            yield *link, self.proposal.stage, reason, self.items[link.credit_id].place[0]


def proposals(
    books: Books, scope: Scope, steps: Sequence[Step], doubts: list[Doubtful], progress: Report | None
) -> Iterator[Proposed]:
    """What the stages propose; the first doubts go to `doubts`."""
    count = 0
    pockets = count_pockets(books, scope) if progress else 0
    for place, (pocket, open_items) in enumerate(open_pockets(books, scope), 1):
        found = staged(open_items, steps)
        items = {item.id: item for item in open_items}
        told = (
            Doubtful(pocket.account, pocket.currency, doubt.item, doubt.stage, doubt.why, doubt.others, doubt.choices)
            for doubt in found.doubts
        )
        doubts.extend(doubt for doubt, _place in zip(told, range(SHOWN - len(doubts)), strict=False))
        for proposal in found.proposals:
            yield Proposed(pocket, proposal, items)
        count += len(found.proposals)
        if progress:
            progress(_("matching"), place, pockets, count)


def plan_rows(proposed: Iterable[Proposed]) -> Iterator[PlanRow]:
    """The links of proposals as TEMP `plan` takes them."""
    for one in proposed:
        yield from one.rows()


def reason_of(proposal: Proposal, currency: str) -> str | None:
    """The reason as the books keep it: JSON with amounts as plain text and ISO dates; None where there is none."""
    told = dict(proposal.reason)
    for key, word in (("sum", lambda value: plain(value, currency)), ("until", iso)):
        if key in told:
            told[key] = word(told[key])
    if proposal.choices > 1:
        told["choices"] = proposal.choices
    return _encode(told) if told else None
