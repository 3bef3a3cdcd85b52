"""Open items and what a stage makes of them, as lines: the tests of stages are read by accountants too.

invoice INV-14 2026-01-05 50.00 [order=..] [text=".."] [line=2]
"""

import shlex
from collections.abc import Iterable

from reconcile_cli.domain.kinds import KIND_BY_CODE
from reconcile_cli.domain.matching import Stage, matching_key
from reconcile_cli.domain.stages.items import OpenItem, Settings
from reconcile_cli.domain.stages.run import SEARCHES, staged


def items(text: str) -> list[OpenItem]:
    """The open items told, one a line; ids count from 1."""
    return [_item(number, line) for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1)]


def _item(number: int, text: str) -> OpenItem:
    word, document, day, amount, *rest = shlex.split(text)
    more = dict(part.split("=", 1) for part in rest)
    kind, date, line = KIND_BY_CODE[word], int(day.replace("-", "")), int(more.get("line", 1))
    return OpenItem(
        id=number,
        side=kind.side,
        kind=kind,
        document=document,
        line=line,
        date=date,
        open_minor=int(amount.replace(".", "")),
        place=(0, *matching_key(date, document, kind, line)),
        order=more.get("order", ""),
        text=more.get("text", ""),
    )


def made(open_items: Iterable[OpenItem], stage: Stage, settings: Settings = Settings()) -> list[str]:  # noqa: B008
    """The links of one stage, and behind them its doubts: `P1→INV-14 50.00`, `? P2: INV-15 INV-16`."""
    open_items = list(open_items)
    by_id = {item.id: item for item in open_items}
    found = staged(open_items, [(stage, settings)])
    links = [
        f"{_short(by_id[link.credit_id])}→{_short(by_id[link.debit_id])} {link.amount_minor / 100:.2f}"
        for proposal in found.proposals
        for link in proposal.links
    ]
    doubts = [
        f"? {doubt.item.partition('/')[2]}: {' '.join(name.partition('/')[2] for name in doubt.others) or doubt.why}"
        for doubt in found.doubts
    ]
    return [*links, *doubts]


def _short(item: OpenItem) -> str:
    return item.document if item.line == 1 else f"{item.document}:{item.line}"


CAREFUL = Settings(careful=True)
STAGES = tuple(SEARCHES)
