"""What the books show after a step, read through the program's own readers, and what must hold in every book."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconcile_cli.domain.cards import Counterpart, ItemCard, TransactionCard
from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.status import Status
from reconcile_cli.store import accounts, cards
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.check import check

SYMBOLS: Final = {
    Status.ERROR: "✗",
    Status.RECONCILED: "✓",
    Status.COVERED: "☑",
    Status.UNRECONCILED: "⚠",
    Status.PARTIAL: "◐",
    None: "none",
}


@dataclass(frozen=True)
class Part:
    """A transaction, or one line of it, that a scenario names."""

    card: TransactionCard
    items: tuple[ItemCard, ...]
    whole: bool

    @property
    def status(self) -> Status | None:
        return self.card.status if self.whole else self.items[0].status

    def is_named(self, kind: str, document: str, line: int) -> bool:
        own = (self.card.kind.code, self.card.document) == (kind, document)
        return own and any(item.line == line for item in self.items)

    def amount(self, amount_minor: int) -> str:
        return plain(amount_minor, self.card.currency)


@dataclass(frozen=True)
class Seen:
    """Every account and every transaction, declined and void ones too."""

    accounts: list[AccountLine]
    cards: list[TransactionCard]

    def part(self, name: str) -> Part:
        """What `[KIND/]DOCUMENT[:LINE]` means; the whole text is tried first."""
        found = [
            Part(card, card.items, whole=True)
            for card in self.cards
            if name in (card.document, f"{card.kind.code}/{card.document}")
        ] or [
            Part(card, (item,), whole=False)
            for card in self.cards
            for item in card.items
            if name in (f"{card.document}:{item.line}", f"{card.kind.code}/{card.document}:{item.line}")
        ]
        assert found, f"nothing in the books is called {name}"
        assert len(found) == 1, f"{name} is the name of several; say which kind"
        return found[0]

    def account(self, code: str, currency: str | None = None) -> AccountLine:
        """An account; where it has several currencies, one must be named."""
        found = [line for line in self.accounts if line.account == code and currency in (None, line.currency)]
        assert found, f"there is no account {code} {currency or ''}"
        assert len(found) == 1, f"account {code} has several currencies; say which"
        return found[0]

    def plainly(self) -> list[object]:
        """The books without the numbers of operations, and with one sum for each pair: what undo must restore."""
        return [*self.accounts, *map(_plain_card, self.cards)]


def look(books: Books, today: int) -> Seen:
    """Read the books, and prove that they hold."""
    lines = list(accounts.accounts(books, accounts.Choice(), today=today))
    window = cards.Window(everything=True)
    codes = dict.fromkeys(line.account for line in lines)
    every = [card for code in codes for card in cards.account_card(books, code, window, today=today).transactions]
    seen = Seen(lines, every)
    findings = check(books)
    assert findings == [], f"check finds {findings}"
    _prove(seen)
    return seen


def _prove(seen: Seen) -> None:
    for line in seen.accounts:
        own = [card for card in seen.cards if (card.account, card.currency) == (line.account, line.currency)]
        posted = sum(card.amount_minor for card in own if card.state is State.POSTED)
        assert line.balance_minor == posted, f"{line.account}: balance = posted debits - posted credits (R3)"
        parts = line.open_debit_minor + line.covered_minor - line.open_credit_minor
        assert line.balance_minor == parts, f"{line.account}: balance = open debits + covered - open credits (R3)"
        open_debit = sum(card.open_debit_minor for card in own)
        open_credit = sum(card.open_credit_minor for card in own if card.state is State.POSTED)
        assert (line.open_debit_minor, line.open_credit_minor) == (open_debit, open_credit), line.account
    for card in seen.cards:
        for item in card.items:
            given = sum(part.amount_minor for part in item.allocations)
            name = f"{card.kind.code}/{card.document}:{item.line}"
            assert item.open_minor + given == item.amount_minor, f"{name}: open + allocated = amount (R5)"
            assert all(part.amount_minor > 0 for part in item.allocations), f"{name}: allocations are above 0 (R4)"
            assert card.state.counts or not given, f"{name}: what does not count is not allocated (R15)"
    assert Counter(_links(seen, 1)) == Counter(_links(seen, -1)), "both sides tell of the same allocations"


def _links(seen: Seen, side: int) -> Iterator[tuple[str, str, int]]:
    for card in seen.cards:
        for item in card.items:
            mine = f"{card.kind.code}/{card.document}:{item.line}"
            for part in item.allocations:
                if item.side == side:
                    yield (*((mine, str(part.name)) if side > 0 else (str(part.name), mine)), part.amount_minor)


def _plain_card(card: TransactionCard) -> TransactionCard:
    return card._replace(items=tuple(_plain_item(item) for item in card.items))


def _plain_item(item: ItemCard) -> ItemCard:
    sums: dict[str, int] = {}
    first: dict[str, Counterpart] = {}
    for part in item.allocations:
        sums[str(part.name)] = sums.get(str(part.name), 0) + part.amount_minor
        first.setdefault(str(part.name), part)
    merged = [first[name]._replace(amount_minor=sums[name], operation=0) for name in sorted(sums)]
    return item._replace(allocations=tuple(merged))
