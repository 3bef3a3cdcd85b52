"""What is reconciled with what, as a tree from either side: payment to items, item to payments."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.text import Text
from rich.tree import Tree

from reconcile_cli.domain.cards import Counterpart, ItemCard, TransactionCard
from reconcile_cli.domain.status import Status
from reconcile_cli.render import reasons, symbols, words
from reconcile_cli.render.amounts import grouped, money
from reconcile_cli.render.look import Look, Part, Target
from reconcile_cli.render.screen import flowed
from reconcile_cli.render.transactions import beside_status
from reconcile_cli.text import _
from reconcile_cli.text.figures import day

_GUIDE: Final = 4
_GAP: Final = 2
_LEAST: Final = 12


class Branch(NamedTuple):
    """One line under a node: a name, its amount, and what is said of it."""

    name: str
    amount: str
    remark: Part


def write_matches(target: Target, cards: Iterable[TransactionCard], *, legend: bool = True) -> int:
    """Write one tree per transaction and return how many there were."""
    statuses: set[Status] = set()
    count = 0
    for card in cards:
        count += 1
        statuses |= {status for status in (card.status, *(item.status for item in card.items)) if status}
        target.screen.draw(_tree(card, target.look))
    if not count:
        target.line(_("No transaction to show."))
    elif legend and target.look.terminal:
        target.line()
        target.flow(symbols.legend(statuses, target.look))
    return count


def _tree(card: TransactionCard, look: Look) -> Tree:
    heading = (
        (look.text(f"{words.kind(card.kind)} {card.document}"), "bold"),
        (day(card.date), ""),
        (look.text(money(abs(card.amount_minor), card.currency)), "bold"),
        symbols.sign(card.status, look, beside_status(card)),
    )
    tree = Tree(flowed(heading, look.width, _GAP), guide_style="dim")
    leaves = [_leaves(card, item, look) for item in card.items]
    nodes, room = [tree], look.width - _GUIDE
    if len(card.items) > 1:
        items = [_item(card, item, look) for item in card.items]
        spoken = max(cell_len(item.remark[0]) for item in items) + _GAP
        nodes = [tree.add(text) for text in _aligned(items, room, spoken)]
        room -= _GUIDE
    texts = _aligned([leaf for group in leaves for leaf in group], room)
    for node, group in zip(nodes, leaves, strict=True):
        for text in islice(texts, len(group)):
            node.add(text)
    return tree


def _item(card: TransactionCard, item: ItemCard, look: Look) -> Branch:
    name = look.text(f"{item.line}. {item.description}".strip())
    return Branch(name, look.text(money(item.amount_minor, card.currency)), symbols.sign(item.status, look))


def _leaves(card: TransactionCard, item: ItemCard, look: Look) -> list[Branch]:
    """What the item is allocated to, and what of it is left over; all or nothing open is said by its status."""
    leaves = [
        Branch(
            look.text(words.item(counterpart.name)),
            look.text(grouped(counterpart.amount_minor, card.currency)),
            (look.text(_why(counterpart)), ""),
        )
        for counterpart in item.allocations
    ]
    if leaves and item.open_minor and card.state.counts:
        leaves.append(Branch(look.text(_("open")), look.text(grouped(item.open_minor, card.currency)), ("", "")))
    return leaves


def _why(counterpart: Counterpart) -> str:
    parts = [
        reasons.worded(counterpart.stage, counterpart.reason),
        _("operation {number}").format(number=counterpart.operation),
    ]
    return ", ".join([_("planned"), *parts] if counterpart.planned else parts)


def _aligned(branches: Sequence[Branch], room: int, remarks: int = 0) -> Iterator[Text]:
    """Write names and amounts under each other.

    Names give way to amounts, and to remarks unless that cuts them short; else remarks go to a second line.
    """
    amounts = max((len(branch.amount) for branch in branches), default=0)
    longest = max((cell_len(branch.name) for branch in branches), default=0)
    left = room - amounts - _GAP
    if left - remarks >= min(longest, _LEAST):
        left -= remarks
    for name, amount, remark in branches:
        text = Text(name)
        text.truncate(min(longest, max(left, _LEAST)), overflow="ellipsis", pad=True)
        yield flowed([(f"{text.plain}{' ' * _GAP}{amount:>{amounts}}", ""), remark], room, _GAP)
