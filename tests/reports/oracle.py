"""The reports worked out slowly from the rows of the books, by the words of the design and without its SQL.

Everything is read plainly, one table at a time; a cent is never summed in SQL.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import KIND_BY_CODE, Kind
from reconcile_cli.domain.reporting import By, Grouping
from reconcile_cli.store.books import Books
from tests.properties.test_report_aging import Slow, day_of

CASH: Final = {"payment", "deposit", "refund"}
GIVEN: Final = {"credit_note", "cancellation"}
NONE: Final = "(none)"
Keys = tuple[str | int | None, ...]
Told = Counter[tuple[str, str | None, str, Keys]]
"""Minor units by row, of (what a moved row speaks of), currency and keys."""


@dataclass(frozen=True)
class Item:
    """One item that is in the books, of whatever state."""

    id: int
    account: str
    currency: str
    kind: str
    document: str
    line: int
    side: int
    date: int
    due_date: int | None
    state: str
    amount: int
    open: int
    code: str | None
    applies_to: str
    register: str
    method: str

    @property
    def sold(self) -> bool:
        return self.kind not in CASH

    def keys(self, by: Iterable[By], code: str | None, day: int) -> Keys:
        found: dict[By, str | int | None] = {
            By.REGISTER: self.register or NONE,
            By.LEDGER_CODE: code,
            By.MONTH: day // 100,
            By.DAY: day,
            By.ACCOUNT: self.account,
            By.METHOD: self.method or NONE,
            By.ITEM: f"{self.kind}/{self.document}:{self.line}",
        }
        return tuple(found[name] for name in by)


class Link(NamedTuple):
    """One allocation, or the part of it that lies between two ledger codes."""

    id: int
    debit: Item
    credit: Item
    effective: int
    amount: int
    debit_code: str
    credit_code: str


class Pencil:
    """The books as a person copies them out."""

    def __init__(self, books: Books) -> None:
        self.slow = Slow(books)
        self.items = {item.id: item for item in _items(books)}
        self.live = [item for item in self.items.values() if item.state == "posted"]
        self.parts = {item.id: self._codes(item) for item in self.live}
        self.rest = {item_id: dict(parts) for item_id, parts in self.parts.items()}
        self.links = list(self._split(_links(books, self.items)))

    def _codes(self, item: Item) -> dict[str, int]:
        """R18: a credit note or cancellation without a code takes that of the line that its `applies_to` names."""
        if item.code or item.kind not in GIVEN:
            return {item.code or NONE: item.amount}
        parts: dict[str, int] = {}
        rest, over = item.amount, NONE
        for target in filter(None, (part.strip() for part in item.applies_to.split(";"))):
            name, equals, amount = target, "", ""
            if "=" in target and self._named(target, item) is None:
                name, equals, amount = target.rpartition("=")
            most = min(rest, _minor(amount, item.currency)) if equals else rest
            over = NONE
            found = self._named(name, item)
            for line in found[0] if found else ():
                taken = min(most, line.amount)
                parts[line.code or NONE] = parts.get(line.code or NONE, 0) + taken
                most, rest = most - taken, rest - taken
                over = (line.code or NONE) if found and found[1] and not equals else NONE
        parts[over] = parts.get(over, 0) + rest
        return {code: amount for code, amount in parts.items() if amount} or {over: 0}

    def _named(self, name: str, item: Item) -> tuple[list[Item], bool] | None:
        """The lines on the other side that a name means, dated by then; and whether it names one line."""
        for kind, rest in (
            (None, name),
            *((kind, name[len(kind) + 1 :]) for kind in KIND_BY_CODE if name.startswith(f"{kind}/")),
        ):
            for document, line in ((rest, None), _line(rest)):
                own = [
                    other
                    for other in self.live
                    if other.document == document
                    and other.kind == (KIND_BY_CODE[kind].code if kind else "invoice")
                    and other.date <= item.date
                    and other.currency == item.currency
                ]
                if document and own:
                    fitting = [other for other in own if other.side == -item.side and line in (None, other.line)]
                    return sorted(fitting, key=lambda other: other.line), line is not None
        return None

    def _split(self, links: Iterable[Link]) -> Iterator[Link]:
        """Share what is allocated among the codes of both sides: equal codes first, the rest as listed."""
        for link in sorted(links, key=lambda link: (link.credit.state == "planned", link.effective, link.id)):
            left = self.rest[link.debit.id]
            right = (
                self.rest[link.credit.id] if link.credit.state == "posted" else {link.credit.code or NONE: link.amount}
            )
            amount = link.amount
            pairs = [(code, code) for code in right if code in left]
            for one, other in [*pairs, *((one, other) for other in right for one in left)]:
                part = min(amount, left[one], right[other])
                left[one] -= part
                right[other] -= part
                amount -= part
                if part:
                    yield link._replace(amount=part, debit_code=one, credit_code=other)
            assert amount == 0

    # R18

    def sales(self, grouping: Grouping) -> Told:
        """The sales column by date, reconciled or not."""
        told: Told = Counter()
        for item in self.live:
            if item.sold and grouping.period.first <= item.date <= grouping.period.last:
                for code, amount in self.parts[item.id].items():
                    if code not in grouping.without:
                        told["sales", None, item.currency, item.keys(grouping.by, code, item.date)] += (
                            item.side * amount
                        )
        return told

    # R19

    def payments(self, grouping: Grouping) -> Told:
        """Each cent of the period's cash in one row, as it stood at the end of the period; then what was moved."""
        told: Told = Counter()
        for first, last in _periods(grouping):
            for item in self.live:
                if not item.sold and first <= item.date <= last:
                    self._add_cash(told, grouping, item, last)
            for link in self.links:
                if link.credit.state == "posted" and first <= link.effective <= last:
                    self._add_moved(told, grouping, link, first)
        return Counter({key: amount for key, amount in told.items() if amount or key[0] == "code"})

    def _add_cash(self, told: Told, grouping: Grouping, item: Item, last: int) -> None:
        sign, left = -item.side, item.amount
        for link in self.links:
            if item in (link.debit, link.credit) and link.credit.state == "posted" and link.effective <= last:
                row, code = _use(link, item)
                told[row, None, item.currency, item.keys(grouping.by, code, item.date)] += sign * link.amount
                left -= link.amount
        told["not_reconciled", None, item.currency, item.keys(grouping.by, None, item.date)] += sign * left

    def _add_moved(self, told: Told, grouping: Grouping, link: Link, first: int) -> None:
        for item in (link.debit, link.credit):
            if not item.sold and item.date < first:
                row, code = _use(link, item)
                for of, key, sign in ((row, code, -item.side), ("not_reconciled", None, item.side)):
                    told["moved", of, item.currency, item.keys(grouping.by, key, link.effective)] += sign * link.amount
        if link.credit.kind in GIVEN and link.debit.sold and link.debit_code != link.credit_code:
            for code, sign in ((link.debit_code, 1), (link.credit_code, -1)):
                keys = link.credit.keys(grouping.by, code, link.effective)
                told["moved", "code", link.credit.currency, keys] += sign * link.amount

    def cash(self, first: int, last: int) -> Counter[str]:
        """The cash column of a period (R3)."""
        told: Counter[str] = Counter()
        for item in self.live:
            if not item.sold and first <= item.date <= last:
                told[item.currency] -= item.side * item.amount
        return told

    # per ledger code

    def ledger(self, grouping: Grouping) -> dict[tuple[str, Keys], list[int]]:
        """What was sold up to a day and how it stood at its end: sold, paid, offset, covered, open."""
        told: dict[tuple[str, Keys], list[int]] = defaultdict(lambda: [0] * 5)
        last = grouping.period.last
        for item in self.live:
            if item.sold and item.date <= last:
                for code, amount in self.parts[item.id].items():
                    figures = told[item.currency, item.keys(grouping.by, code, item.date)]
                    figures[0] += item.side * amount
                    figures[4] += item.side * amount
        for link in self.links:
            for item, other, code in (
                (link.debit, link.credit, link.debit_code),
                (link.credit, link.debit, link.credit_code),
            ):
                place = self._became(link, other, last)
                if place and item.state == "posted" and item.sold and item.date <= last:
                    figures = told[item.currency, item.keys(grouping.by, code, item.date)]
                    figures[place] += item.side * link.amount
                    figures[4] -= item.side * link.amount
        return dict(told)

    def _became(self, link: Link, other: Item, last: int) -> int:
        """The figure that an allocation is of by a day: paid or offset, covered as aging has it, or 0: still open."""
        if link.credit.state == "posted" and link.effective <= last:
            return 2 if other.sold else 1
        day = day_of(min(last, 29991231))
        plan = self.slow.planned_on(self.slow.txns[self.slow.items[link.credit.id]["txn_id"]], day)
        (row,) = [row for row in self.slow.links if row["id"] == link.id]
        in_time = plan and any(self.slow.made_in_time(self.slow.first_made(row, name), day) for name in plan[1])
        return 3 if in_time else 0


def _use(link: Link, item: Item) -> tuple[str, str | None]:
    other, code = (link.credit, link.credit_code) if item is link.debit else (link.debit, link.debit_code)
    return ("code", code) if other.sold else ("returned", None)


def _periods(grouping: Grouping) -> Iterator[tuple[int, int]]:
    """The period, or each month or day of it."""
    first, last = grouping.period
    if By.DAY in grouping.by:
        step: Callable[[int], tuple[int, int]] = lambda day: (day, day)  # noqa: E731
    elif By.MONTH in grouping.by:
        step = lambda day: (day // 100 * 100 + 1, day // 100 * 100 + 99)  # noqa: E731
    else:
        yield first, last
        return
    day = date(2023, 12, 1)
    seen = set()
    while day < date(2025, 6, 1):
        begin, end = step(day.year * 10000 + day.month * 100 + day.day)
        span = max(begin, first), min(end, last)
        if span not in seen and span[0] <= span[1]:
            seen.add(span)
            yield span
        day += timedelta(days=1)


def _line(text: str) -> tuple[str, int | None]:
    document, colon, line = text.rpartition(":")
    return (document, int(line)) if colon and line.isdecimal() else ("", None)


def _minor(text: str, currency: str) -> int:
    whole, _point, part = text.partition(".")
    if not (whole + part).isdecimal():
        return 0
    return int(whole + part.ljust(0 if currency == "JPY" else 2, "0"))


def _items(books: Books) -> Iterator[Item]:
    pockets = {
        row[0]: row[1:]
        for row in books.connection.execute(
            "SELECT p.id, a.code, p.currency FROM pocket p JOIN account a ON a.id = p.account_id"
        )
    }
    columns = "id, kind, document, date, due_date, register, method, pocket_id"
    txns = {row[0]: row[1:] for row in books.connection.execute(f"SELECT {columns} FROM txn WHERE removed_by IS NULL")}
    states = ("posted", "planned", "declined", "void")
    sql = """SELECT id, txn_id, line, side, state, amount_minor, open_minor, ledger_code, applies_to FROM item
    WHERE removed_by IS NULL"""
    for row in books.connection.execute(sql):
        kind, document, day, due, register, method, pocket = txns[row[1]]
        account, currency = pockets[pocket]
        yield Item(
            row[0], account, currency, Kind(kind).code, document, row[2], row[3], day, due, states[row[4]], row[5],
            row[6], row[7], row[8] or "", register or "", method or "",
        )  # fmt: skip


def _links(books: Books, items: dict[int, Item]) -> Iterator[Link]:
    locks = dict(books.connection.execute("SELECT id, locked_until FROM operation"))
    sql = "SELECT id, debit_id, credit_id, amount_minor, made_by FROM allocation WHERE removed_by IS NULL"
    for number, debit_id, credit_id, amount, made_by in books.connection.execute(sql):
        debit, credit = items[debit_id], items[credit_id]
        lock = locks[made_by]
        day = 0 if lock is None else _day_after(lock)
        yield Link(number, debit, credit, max(debit.date, credit.date, day), amount, "", "")


def _day_after(day: int) -> int:
    after = date(day // 10000, day // 100 % 100, day % 100) + timedelta(days=1)
    return after.year * 10000 + after.month * 100 + after.day
