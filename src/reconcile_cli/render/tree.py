"""What is reconciled with what, as a tree from either side: payment to items, item to payments."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final, NamedTuple

from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.records import ItemCard, TransactionCard
from reconcile_cli.domain.status import Status
from reconcile_cli.render import reasons, safe, symbols, words
from reconcile_cli.render.amounts import day, grouped, money
from reconcile_cli.render.look import Look, Target
from reconcile_cli.render.transactions import beside_status
from reconcile_cli.text import _

_BRANCH: Final = "\N{BOX DRAWINGS LIGHT VERTICAL AND RIGHT}\N{BOX DRAWINGS LIGHT HORIZONTAL} "
_LAST: Final = "\N{BOX DRAWINGS LIGHT UP AND RIGHT}\N{BOX DRAWINGS LIGHT HORIZONTAL} "
_TRUNK: Final = "\N{BOX DRAWINGS LIGHT VERTICAL}  "
_LEAST: Final = 12


class Leaf(NamedTuple):
    """One line under a node: a name, the amount put against it, and why."""

    name: str
    amount: str
    why: str


def write_matches(target: Target, cards: Iterable[TransactionCard], *, legend: bool = True) -> int:
    """Write one tree per transaction and return how many there were."""
    look = target.look
    statuses: set[Status] = set()
    count = 0
    for card in cards:
        count += 1
        statuses |= {status for status in (card.status, *(item.status for item in card.items)) if status}
        for line in _tree(card, look):
            target.stream.write(line + "\n")
    if not count:
        target.line(_("No transaction to show."))
    elif legend and look.terminal:
        target.line()
        for line in symbols.legend(statuses, look):
            target.stream.write(line + "\n")
    return count


def _tree(card: TransactionCard, look: Look) -> Iterator[str]:
    heading = f"{words.kind(card.kind)} {card.document}"
    facts = "  ".join((day(card.date), money(abs(card.amount_minor), card.currency)))
    head = f"{look.paint(look.text(heading), 'bold')}  {look.text(facts)}"
    sign = symbols.sign(card.status, look, beside_status(card))
    label = symbols.label(card.status, look, beside_status(card))
    if safe.cells(look.text(heading)) + safe.cells(facts) + safe.cells(label) + 4 <= look.width:
        yield f"{head}  {sign}".rstrip()
    else:
        yield head
        yield from [f"  {sign}"] if label.strip() else []
    if len(card.items) == 1:
        yield from _leaves(card, card.items[0], "", look)
        return
    for position, item in enumerate(card.items):
        last = position == len(card.items) - 1
        guide, trunk = _guides(look, last=last)
        text = f"{item.line}. {item.description}".rstrip(". ") if item.description else f"{item.line}."
        amount = money(item.amount_minor, card.currency)
        sign = symbols.label(item.status, look)
        name = safe.fit(look.text(text), max(look.width - len(guide + amount + sign) - 4, _LEAST), look.ellipsis)
        painted = look.paint(sign, symbols.colour(item.status))
        yield f"{look.paint(guide, 'dim')}{name}  {amount}  {painted}".rstrip()
        yield from _leaves(card, item, trunk, look)


def _guides(look: Look, *, last: bool) -> tuple[str, str]:
    """Give the lines before a node and before what hangs under it."""
    if look.ascii:
        return ("`- ", "   ") if last else ("|- ", "|  ")
    return (_LAST, "   ") if last else (_BRANCH, _TRUNK)


def _leaves(card: TransactionCard, item: ItemCard, indent: str, look: Look) -> Iterator[str]:
    leaves = [
        Leaf(
            look.text(words.item(counterpart.name)),
            grouped(counterpart.amount_minor, card.currency),
            look.text(_why(counterpart.stage, counterpart.reason, counterpart.operation, planned=counterpart.planned)),
        )
        for counterpart in item.allocations
    ]
    if item.open_minor and card.state.counts:
        leaves.append(Leaf(look.text(_("open")), grouped(item.open_minor, card.currency), ""))
    names = max((safe.cells(leaf.name) for leaf in leaves), default=0)
    figures = max((len(leaf.amount) for leaf in leaves), default=0)
    names = min(names, max(look.width - len(indent) - 3 - 2 - figures, _LEAST))
    for position, leaf in enumerate(leaves):
        guide, trunk = _guides(look, last=position == len(leaves) - 1)
        name = safe.fit(leaf.name, names, look.ellipsis)
        line = f"{name}{' ' * (names - safe.cells(name))}  {leaf.amount:>{figures}}"
        before = look.paint(indent + guide, "dim")
        if len(indent + guide) + safe.cells(line) + 2 + safe.cells(leaf.why) <= look.width:
            yield f"{before}{line}  {leaf.why}".rstrip()
            continue
        yield f"{before}{line}"
        room = max(look.width - len(indent + trunk) - 2, _LEAST)
        for part in wrap(leaf.why, room):
            yield f"{look.paint(indent + trunk, 'dim')}  {part}"


def _why(stage: Stage, reason: str | None, operation: int, *, planned: bool) -> str:
    parts = [reasons.worded(stage, reason), _("operation {number}").format(number=operation)]
    return ", ".join([_("planned"), *parts] if planned else parts)
