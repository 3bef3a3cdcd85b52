"""The simple model that sequences of commands are held against, and what the books say in its words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.check import check
from tests.properties.strategies import DECIMALS, Row, plain

Key = tuple[str, str, int]  # kind, document, line
Pair = tuple[Key, Key]  # debit, credit
Pocket = tuple[str, str]  # account, currency
_DEBIT_KINDS = {"invoice", "refund", "adjustment"}
_TAKES_A_CODE = {"credit_note", "cancellation"}


class Item(NamedTuple):
    """An item as its row says it."""

    pocket: Pocket
    debit: bool
    amount_minor: int
    date: str
    due_date: str
    state: str
    register: str
    ledger_code: str
    applies_to: str


class Link(NamedTuple):
    """Two items that are put against each other, and the lock in force when that was done, "" where there was none."""

    debit: Key
    credit: Key
    under: str


@dataclass
class Model:
    """What a person with a pencil would keep: the rows that count, what is put against what, what is held, the lock."""

    items: dict[Key, Item] = field(default_factory=dict)
    links: Counter[Link] = field(default_factory=Counter)
    held: set[Key] = field(default_factory=set)
    held_accounts: set[str] = field(default_factory=set)
    replaced: set[tuple[str, str]] = field(default_factory=set)
    locked_until: str = ""

    def load(self, rows: list[Row]) -> None:
        """R22: the rows of a document are the whole of it; a document that is absent stays."""
        documents = {(row["kind"], row["document"]) for row in rows}
        known, known_held = self.items, self.held
        self.items = {key: item for key, item in self.items.items() if key[:2] not in documents}
        self.held = {key for key in self.held if key in self.items}
        for row in rows:
            key, item = item_of(row)
            self.items[key] = item
            stays = key in known and known[key].pocket[0] == row["account"]
            if key in known_held or (row["account"] in self.held_accounts and not stays):
                self.held.add(key)

    def is_closed_to(self, rows: list[Row]) -> bool:
        """R25: whether loading these would change what is posted on or before the day of the lock."""
        documents = {(row["kind"], row["document"]) for row in rows}
        before = {key: item for key, item in self.items.items() if key[:2] in documents}
        after = dict(map(item_of, rows))
        for document in documents:
            was, now = (
                {key: figures(key, item) for key, item in side.items() if key[:2] == document}
                for side in (before, after)
            )
            if was != now and any(self._is_locked(item) for item in (*was.values(), *now.values())):
                return True
        return False

    def _is_locked(self, item: Item) -> bool:
        return item.state == "posted" and item.date <= self.locked_until

    def keeps(self, links: Counter[Link]) -> bool:
        """R25: whether one of these counts in the closed period and may not be removed."""
        return any(
            self.state(link.debit) == self.state(link.credit) == "posted"
            and max(self.items[link.debit].date, self.items[link.credit].date) <= self.locked_until
            and link.under < self.locked_until
            for link in links
        )

    def state(self, key: Key) -> str:
        """The state; one that a receipt replaced counts no more (R14)."""
        return "void" if key[:2] in self.replaced else self.items[key].state

    def pairs(self) -> Counter[Pair]:
        """What is put against what, whenever that was done."""
        pairs: Counter[Pair] = Counter()
        for link, minor in self.links.items():
            pairs[link.debit, link.credit] += minor
        return pairs

    def link(self, debit: Key, credit: Key, minor: int) -> None:
        """Put two items against each other, under the lock as it is."""
        self.links[Link(debit, credit, self.locked_until)] += minor

    def restored(self, after: "Model") -> None:
        """Be the model again that it was before an undone operation: what comes back does so under today's lock."""
        for link, minor in (self.links - after.links).items():
            self.links[link] -= minor
            self.links[link._replace(under=after.locked_until)] += minor
        self.links = +self.links

    def open_minor(self, key: Key) -> int:
        """What is not put against anything."""
        used = sum(minor for link, minor in self.links.items() if key in link[:2])
        return self.items[key].amount_minor - used

    def balances(self) -> dict[Pocket, int]:
        """R3: posted debits less posted credits."""
        sums: Counter[Pocket] = Counter()
        for key, item in self.items.items():
            sums[item.pocket] += (item.amount_minor if item.debit else -item.amount_minor) * (
                self.state(key) == "posted"
            )
        return dict(sums)

    def in_order(self, pocket: Pocket, state: str, *, debit: bool, by_due: bool = False) -> Iterator[Key]:
        """R16: the open items of a side, oldest first, held ones left out."""

        def place(key: Key) -> tuple[str, int, str, int, int]:
            item = self.items[key]
            day = (item.due_date or item.date) if by_due or state == "planned" else item.date
            return day, len(key[1]), key[1], [kind.code for kind in Kind].index(key[0]), key[2]

        return iter(
            sorted(
                (
                    key
                    for key, item in self.items.items()
                    if item.pocket == pocket
                    and item.debit is debit
                    and self.state(key) == state
                    and key not in self.held
                    and self.open_minor(key)
                ),
                key=place,
            )
        )

    def auto(self, accounts: set[str] | None, *, by_due: bool, include_planned: bool) -> Counter[Pair]:
        """R16, a part at a time: the oldest open credit against the oldest open debit."""
        made: Counter[Pair] = Counter()
        for pocket in {item.pocket for item in self.items.values()}:
            if accounts is not None and pocket[0] not in accounts:
                continue
            while True:
                debit = next(self.in_order(pocket, "posted", debit=True, by_due=by_due), None)
                credit = next(self.in_order(pocket, "posted", debit=False, by_due=by_due), None)
                if credit is None and include_planned:
                    credit = next(self.in_order(pocket, "planned", debit=False), None)
                if debit is None or credit is None:
                    break
                minor = min(self.open_minor(debit), self.open_minor(credit))
                self.link(debit, credit, minor)
                made[debit, credit] += minor
        return made


def item_of(row: Row) -> tuple[Key, Item]:
    """The item of a row of a file."""
    minor = minor_of(row["amount"], row["currency"])
    item = Item(
        (row["account"], row["currency"]),
        (row["kind"] in _DEBIT_KINDS) == (minor >= 0),
        abs(minor),
        row["date"],
        row["due_date"],
        row["state"],
        row["register"],
        row["ledger_code"],
        row["applies_to"],
    )
    return (row["kind"], row["document"], int(row["line"])), item


def figures(key: Key, item: Item) -> Item:
    """What a lock keeps of an item: what it applies to only where that gives it its ledger code (R18)."""
    named = key[0] in _TAKES_A_CODE and not item.ledger_code
    return item._replace(due_date="", applies_to=item.applies_to if named else "")


def minor_of(text: str, currency: str) -> int:
    """The minor units of an amount as the strategies write it."""
    whole, _point, part = text.lstrip("-").partition(".")
    minor = int(whole + part.ljust(DECIMALS[currency], "0"))
    return -minor if text.startswith("-") else minor


def day_before(day: str) -> str:
    """The day before, both as ISO says."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


# --- what the books say --------------------------------------------------------------------------------------


def links_of(books: Books) -> Counter[Link]:
    """The allocations, summed by pair and by the lock under which they were made."""
    sql = """SELECT debit_kind, debit_document, debit_line, credit_kind, credit_document, credit_line, locked_until,
    amount_minor FROM v_allocations v JOIN operation o ON o.id = v.operation"""
    links: Counter[Link] = Counter()
    for row in books.connection.execute(sql):
        links[Link((row[0], row[1], row[2]), (row[3], row[4], row[5]), iso(row[6]) if row[6] else "")] += row[7]
    return links


def items_of(books: Books) -> dict[Key, tuple[Pocket, bool, int, int, str, bool]]:
    """Pocket, debit or not, amount, open amount, state and held, of each item."""
    sql = """SELECT kind, document, line, account, currency, side, amount_minor, open_minor, state, held FROM v_items"""
    return {
        (row[0], row[1], row[2]): ((row[3], row[4]), row[5] == "debit", row[6], row[7], row[8], bool(row[9]))
        for row in books.connection.execute(sql)
    }


def replaced_of(books: Books) -> set[tuple[str, str]]:
    """The planned payments for which a receipt stands (R14)."""
    sql = "SELECT kind, document FROM txn WHERE replaced_by IS NOT NULL AND removed_by IS NULL"
    return {(list(Kind)[row[0]].code, row[1]) for row in books.connection.execute(sql)}


def read(books: Books) -> Model:
    """A model that begins with what the books say."""
    model = Model(links=links_of(books), replaced=replaced_of(books))
    states = {
        (list(Kind)[row[0]].code, row[1]): ["posted", "planned", "declined", "void"][row[2]]
        for row in books.connection.execute("SELECT kind, document, state FROM txn WHERE removed_by IS NULL")
    }
    sql = """SELECT kind, document, line, account, currency, side, amount_minor, date, coalesce(due_date, ''),
    coalesce(register, ''), coalesce(ledger_code, ''), coalesce(applies_to, ''), held FROM v_items"""
    for row in books.connection.execute(sql):
        key = (row[0], row[1], row[2])
        figures = ((row[3], row[4]), row[5] == "debit", row[6], row[7], row[8], states[row[0], row[1]])
        model.items[key] = Item(*figures, row[9], row[10], row[11])
        if row[12]:
            model.held.add(key)
    model.held_accounts = {row[0] for row in books.connection.execute("SELECT code FROM account WHERE held = 1")}
    last = books.connection.execute("SELECT locked_until FROM operation ORDER BY id DESC LIMIT 1").fetchone()
    model.locked_until = iso(last[0]) if last and last[0] else ""
    return model


def assert_sound(books: Books) -> None:
    """R3 to R5 in plain words, and `check`."""
    assert check(books) == []
    items, links = items_of(books), links_of(books)
    used: Counter[Key] = Counter()
    for (debit, credit, _under), minor in links.items():
        assert minor > 0
        assert items[debit][0] == items[credit][0], "allocated across accounts or currencies (R4)"
        assert items[debit][1]
        assert not items[credit][1]
        assert {items[debit][4], items[credit][4]} <= {"posted", "planned"}
        used[debit] += minor
        used[credit] += minor
    for key, (_pocket, _debit, amount_minor, open_minor, _state, _held) in items.items():
        assert open_minor + used[key] == amount_minor
        assert open_minor >= 0


def name(key: Key) -> str:
    """`KIND/DOCUMENT:LINE`."""
    return f"{key[0]}/{key[1]}:{key[2]}"


def key_of(text: str) -> Key:
    """The key of a name written by `name`."""
    kind, _slash, rest = text.partition("/")
    document, _colon, line = rest.rpartition(":")
    return kind, document, int(line)


def corrected(row: Row, cents: int) -> Row:
    """A row with another amount and text, which applies to nothing more."""
    minor = minor_of(row["amount"], row["currency"])
    amount = plain(minor + (cents if minor >= 0 else -cents), row["currency"])
    return row | {"amount": amount, "description": "corrected", "applies_to": ""}
