"""Whole books under any sequence of commands: a simple model says what must come of it, `check` finds nothing ever."""

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.records import AllocationLine
from reconcile_cli.errors import BadInput
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.errors import BuiltUpon, NothingToMatch, NothingToRemove, NothingToUndo
from reconcile_cli.workflows.hold import hold, release
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.fault.scale import number
from tests.properties import strategies
from tests.properties.strategies import DECIMALS, Row, as_csv, interleaved
from tests.store.small_books import HEADER, STAMP, Content, content, load_text, load_texts

Key = tuple[str, str, int]  # kind, document, line
Pair = tuple[Key, Key]  # debit, credit
Pocket = tuple[str, str]  # account, currency
_BOOKS = strategies.books(most_documents=6)
_DEBIT_KINDS = {"invoice", "refund", "adjustment"}


# --- the model -----------------------------------------------------------------------------------------------


class Item(NamedTuple):
    """An item as its row says it."""

    pocket: Pocket
    debit: bool
    amount_minor: int
    date: str
    due_date: str
    state: str


@dataclass
class Model:
    """What a person with a pencil would keep: the rows that count, what is put against what, what is held."""

    items: dict[Key, Item] = field(default_factory=dict)
    links: Counter[Pair] = field(default_factory=Counter)
    held: set[Key] = field(default_factory=set)
    held_accounts: set[str] = field(default_factory=set)
    replaced: set[tuple[str, str]] = field(default_factory=set)

    def load(self, rows: list[Row]) -> None:
        """R22: the rows of a document are the whole of it; a document that is absent stays."""
        documents = {(row["kind"], row["document"]) for row in rows}
        known, known_held = self.items, self.held
        self.items = {key: item for key, item in self.items.items() if key[:2] not in documents}
        self.held = {key for key in self.held if key in self.items}
        for row in rows:
            key = (row["kind"], row["document"], int(row["line"]))
            minor = minor_of(row["amount"], row["currency"])
            self.items[key] = Item(
                (row["account"], row["currency"]),
                (row["kind"] in _DEBIT_KINDS) == (minor >= 0),
                abs(minor),
                row["date"],
                row["due_date"],
                row["state"],
            )
            stays = key in known and known[key].pocket[0] == row["account"]
            if key in known_held or (row["account"] in self.held_accounts and not stays):
                self.held.add(key)

    def state(self, key: Key) -> str:
        """The state; one that a receipt replaced counts no more (R14)."""
        return "void" if key[:2] in self.replaced else self.items[key].state

    def open_minor(self, key: Key) -> int:
        """What is not put against anything."""
        used = sum(minor for pair, minor in self.links.items() if key in pair)
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
                self.links[debit, credit] += minor
                made[debit, credit] += minor
        return made


def minor_of(text: str, currency: str) -> int:
    """The minor units of an amount as the strategies write it."""
    whole, _point, part = text.lstrip("-").partition(".")
    minor = int(whole + part.ljust(DECIMALS[currency], "0"))
    return -minor if text.startswith("-") else minor


# --- what the books say --------------------------------------------------------------------------------------


def links_of(books: Books) -> Counter[Pair]:
    """The allocations, summed by pair."""
    sql = """SELECT debit_kind, debit_document, debit_line, credit_kind, credit_document, credit_line, amount_minor
    FROM v_allocations"""
    links: Counter[Pair] = Counter()
    for row in books.connection.execute(sql):
        links[(row[0], row[1], row[2]), (row[3], row[4], row[5])] += row[6]
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


@contextmanager
def new_books() -> Iterator[Books]:
    """Books of their own, which last no longer than the test; nothing waits for the disk."""
    folder = tempfile.mkdtemp()
    try:
        with Books.open(Path(folder) / "books.db", change=True) as books:
            books.connection.execute("PRAGMA synchronous = OFF")
            yield books
    finally:
        shutil.rmtree(folder)


def assert_sound(books: Books) -> None:
    """R3 to R5 in plain words, and `check`."""
    assert check(books) == []
    items, links = items_of(books), links_of(books)
    used: Counter[Key] = Counter()
    for (debit, credit), minor in links.items():
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


# --- any sequence of commands --------------------------------------------------------------------------------


class AnyCommands(RuleBasedStateMachine):
    """Loads, matches and undoes in any order; the model is told the same and must agree after each step."""

    @initialize()
    def begin(self) -> None:
        self._held = new_books()
        self.books = self._held.__enter__()
        self.model = Model()
        self.before: dict[int, tuple[Content, Model]] = {}
        self.was: tuple[Content, Model] = (content(self.books), Model())

    def teardown(self) -> None:
        if hasattr(self, "books"):
            self._held.__exit__(None, None, None)

    def _note(self, operation: int | None) -> None:
        """Keep what was before an operation; without one, nothing may have changed."""
        if operation is None:
            assert content(self.books) == self.was[0]
        else:
            self.before[operation] = self.was
        self.was = (content(self.books), deepcopy(self.model))

    @rule(rows=_BOOKS, update=st.booleans(), checkout=st.booleans())
    def load(self, rows: list[Row], *, update: bool, checkout: bool) -> None:
        try:
            result = load_text(self.books, as_csv(rows), Rules(match=checkout, update_reconciled=update))
        except BadInput:
            assert not update, "R24: with --update-reconciled the rows are good"
            self._note(None)
            return
        self.model.load(rows)
        self._adopt()
        self._note(result.operation)
        self.rows = rows
        again = load_text(self.books, as_csv(rows), Rules(match=checkout, update_reconciled=update))
        assert again.operation is None, "R22: the same content again changes nothing"
        assert (again.added, again.updated) == (0, 0)

    @precondition(lambda self: hasattr(self, "rows"))
    @rule(data=st.data(), cents=st.integers(1, 500))
    def reload_changed(self, data: st.DataObject, *, cents: int) -> None:
        """R22, R24: the last file again, with one amount and one text changed."""
        place = data.draw(st.integers(0, len(self.rows) - 1))
        row = self.rows[place]
        minor = minor_of(row["amount"], row["currency"])
        changed = row | {
            "amount": strategies.plain(minor + (cents if minor >= 0 else -cents), row["currency"]),
            "description": "corrected",
            "applies_to": "",
        }
        rows = [*self.rows[:place], changed, *self.rows[place + 1 :]]
        self.load(rows, update=True, checkout=data.draw(st.booleans()))

    def _adopt(self) -> None:
        """What the load rules reconciled is tested elsewhere; here it is taken as it stands."""
        self.model.links = links_of(self.books)
        self.model.replaced = replaced_of(self.books)

    @rule(
        accounts=st.none() | st.sets(st.sampled_from(["C1", "C2", "00123"]), min_size=1),
        by_due=st.booleans(),
        include_planned=st.booleans(),
    )
    def auto(self, accounts: set[str] | None, *, by_due: bool, include_planned: bool) -> None:
        if accounts is not None:
            accounts &= {item.pocket[0] for item in self.model.items.values()}
        choice = Choice(by_due=by_due, include_planned=include_planned)
        codes = None if accounts is None else sorted(accounts)
        rehearsed = auto(self.books, codes, STAMP, choice._replace(dry_run=True))
        proposed = [as_tuple(line) for line in rehearsed.allocations]
        result = auto(self.books, codes, STAMP, choice)
        assert [as_tuple(line) for line in result.allocations] == proposed
        made = self.model.auto(accounts, by_due=by_due, include_planned=include_planned)
        assert pairs_of(proposed) == made, "R16"
        assert (result.operation is None) is (not made)
        assert auto(self.books, codes, STAMP, choice).operation is None, "R17"
        self._note(result.operation)

    @precondition(lambda self: len(self.model.items) > 1)
    @rule(data=st.data())
    def match(self, data: st.DataObject) -> None:
        keys = sorted(self.model.items)
        one, other = data.draw(st.sampled_from(keys)), data.draw(st.sampled_from(keys))
        rest = min(self.model.open_minor(one), self.model.open_minor(other))
        minor = data.draw(st.none() | st.integers(1, max(1, rest)))
        amount = "" if minor is None else f"={strategies.plain(minor, self.model.items[one].pocket[1])}"
        items = self.model.items[one], self.model.items[other]
        possible = (
            items[0].pocket == items[1].pocket
            and items[0].debit != items[1].debit
            and {self.model.state(one), self.model.state(other)} <= {"posted", "planned"}
            and rest > 0
        )
        try:
            result = match(self.books, [name(one), name(other) + amount], STAMP)
        except NothingToMatch:
            assert not possible
            self._note(None)
            return
        assert possible
        self.model.links[(one, other) if items[0].debit else (other, one)] += rest if minor is None else minor
        self._note(result.operation)

    @precondition(lambda self: self.model.items)
    @rule(data=st.data())
    def unmatch(self, data: st.DataObject) -> None:
        a_pair: bool = data.draw(st.booleans())
        if self.model.links and a_pair:
            pair = data.draw(st.sampled_from(sorted(self.model.links)))
            names, gone = [name(key) for key in pair], {pair}
        else:
            key = data.draw(st.sampled_from(sorted(self.model.items)))
            names, gone = [name(key)], {pair for pair in self.model.links if key in pair}
        try:
            result = unmatch(self.books, names, STAMP, confirm=lambda _removal: True)
        except NothingToRemove:
            assert not gone
            self._note(None)
            return
        assert gone
        for pair in gone:
            del self.model.links[pair]
        self._note(result.operation)

    @precondition(lambda self: self.model.items)
    @rule(data=st.data(), held=st.booleans())
    def hold_item(self, data: st.DataObject, *, held: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.items)))
        result = (hold if held else release)(self.books, [name(key)], STAMP)
        assert (result.operation is None) is ((key in self.model.held) is held)
        (self.model.held.add if held else self.model.held.discard)(key)
        self._note(result.operation)

    @precondition(lambda self: self.model.items)
    @rule(data=st.data(), held=st.booleans())
    def hold_account(self, data: st.DataObject, *, held: bool) -> None:
        account = data.draw(st.sampled_from(sorted({item.pocket[0] for item in self.model.items.values()})))
        result = (hold if held else release)(self.books, [account], STAMP)
        own = {key for key, item in self.model.items.items() if item.pocket[0] == account}
        if held:
            self.model.held |= own
            self.model.held_accounts.add(account)
        else:
            self.model.held -= own
            self.model.held_accounts.discard(account)
        self._note(result.operation)

    @precondition(lambda self: self.before)
    @rule()
    def undo_the_last(self) -> None:
        last = max(self.before)
        result = undo(self.books, None, STAMP, confirm=lambda _removal: True)
        assert content(self.books) == self.before[last][0], "undo restores"
        self.model = deepcopy(self.before[last][1])
        self._note(result.by.number)

    @precondition(lambda self: len(self.before) > 1)
    @rule(data=st.data())
    def undo_any(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.before)))
        try:
            result = undo(self.books, number, STAMP, confirm=lambda _removal: True)
        except (BuiltUpon, NothingToUndo):
            self._note(None)
            return
        self._read_again()
        self._note(result.by.number)

    def _read_again(self) -> None:
        """After an undo of something older the model begins anew from what the books say."""
        sql = """SELECT kind, document, line, account, currency, side, amount_minor, date, coalesce(due_date, ''),
        held FROM v_items"""
        states = {
            (list(Kind)[row[0]].code, row[1]): ["posted", "planned", "declined", "void"][row[2]]
            for row in self.books.connection.execute("SELECT kind, document, state FROM txn WHERE removed_by IS NULL")
        }
        self.model = Model()
        for row in self.books.connection.execute(sql):
            key = (row[0], row[1], row[2])
            self.model.items[key] = Item(
                (row[3], row[4]), row[5] == "debit", row[6], row[7], row[8], states[row[0], row[1]]
            )
            if row[9]:
                self.model.held.add(key)
        accounts = self.books.connection.execute("SELECT code FROM account WHERE held = 1")
        self.model.held_accounts = {row[0] for row in accounts}
        self._adopt()

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "books"):
            return
        assert_sound(self.books)
        assert links_of(self.books) == +self.model.links
        assert items_of(self.books) == {
            key: (
                item.pocket,
                item.debit,
                item.amount_minor,
                self.model.open_minor(key),
                self.model.state(key),
                key in self.model.held,
            )
            for key, item in self.model.items.items()
        }
        sums = "SELECT account, currency, balance_minor FROM v_accounts"
        assert {(row[0], row[1]): row[2] for row in self.books.connection.execute(sums)} == self.model.balances()


def name(key: Key) -> str:
    """`KIND/DOCUMENT:LINE`."""
    return f"{key[0]}/{key[1]}:{key[2]}"


def as_tuple(line: AllocationLine) -> tuple[str, str, int]:
    """Debit, credit and amount of an allocation."""
    return str(line.debit), str(line.credit), line.amount_minor


def pairs_of(lines: list[tuple[str, str, int]]) -> Counter[Pair]:
    """The same by pairs."""
    pairs: Counter[Pair] = Counter()
    for debit, credit, minor in lines:
        pairs[key_of(debit), key_of(credit)] += minor
    return pairs


def key_of(text: str) -> Key:
    """The key of a name written by `name`."""
    kind, _slash, rest = text.partition("/")
    document, _colon, line = rest.rpartition(":")
    return kind, document, int(line)


AnyCommands.TestCase.settings = settings(max_examples=number(500, least=50), stateful_step_count=12, deadline=None)
test_any_commands = pytest.mark.torture(AnyCommands.TestCase)


# --- what does not matter ------------------------------------------------------------------------------------


def loaded(texts: list[str]) -> Content:
    """What new books say after one load of these files."""
    with new_books() as books:
        load_texts(books, texts)
        assert_sound(books)
        return content(books)


@settings(max_examples=25, deadline=None)
@given(st.data(), _BOOKS)
def test_the_order_of_the_rows_does_not_matter(data: st.DataObject, rows: list[Row]) -> None:
    """R16, R22."""
    assert loaded([as_csv(data.draw(interleaved(rows)))]) == loaded([as_csv(rows)])


@settings(max_examples=25, deadline=None)
@given(st.data(), _BOOKS)
def test_the_order_of_the_files_does_not_matter(data: st.DataObject, rows: list[Row]) -> None:
    """R16, R22: documents spread over files, and one that stands in two of them counts once."""
    names = sorted({(row["kind"], row["document"]) for row in rows})
    first = data.draw(st.sets(st.sampled_from(names)))
    second = set(names) - first | data.draw(st.sets(st.sampled_from(names), max_size=1))
    texts = [as_csv([row for row in rows if (row["kind"], row["document"]) in part]) for part in (first, second)]
    whole = loaded([as_csv(rows)])
    assert loaded(texts) == whole
    assert loaded(texts[::-1]) == whole


@settings(max_examples=20, deadline=None)
@given(_BOOKS, st.booleans())
def test_auto_empties_a_side_of_every_account(rows: list[Row], include_planned: bool) -> None:  # noqa: FBT001
    """R16: it ends when one side has nothing open; R17: then it adds nothing."""
    with new_books() as books:
        load_text(books, as_csv(rows))
        auto(books, None, STAMP, Choice(include_planned=include_planned))
        counted = ("posted", "planned") if include_planned else ("posted",)
        sides: dict[Pocket, set[bool]] = defaultdict(set)
        for pocket, debit, _amount, open_minor, state, _held in items_of(books).values():
            if open_minor and state in counted:
                sides[pocket].add(debit)
        assert all(len(open_sides) < 2 for open_sides in sides.values())
        assert auto(books, None, STAMP, Choice(include_planned=include_planned)).operation is None


# --- what the sequences above found, in few words ------------------------------------------------------------

_ONE_LINE = HEADER + "C1,,invoice,INV-1,2024-01-31,,,Ice,10.00,CAD,,\n"
_TWO_LINES = _ONE_LINE + "C1,,invoice,INV-1,2024-01-31,,,Ball,5.00,CAD,,\n"


def test_a_load_can_be_undone_when_what_took_a_line_from_it_was_undone_before() -> None:
    """R7: operation 2 took a line out and was taken back; it builds on nothing any more."""
    with new_books() as books:
        load_text(books, _TWO_LINES)
        load_text(books, _ONE_LINE)
        undo(books, 2, STAMP, confirm=lambda _removal: True)
        undo(books, 1, STAMP, confirm=lambda _removal: True)
        assert items_of(books) == {}
        assert_sound(books)


def test_a_name_that_came_with_an_undone_load_is_gone() -> None:
    """R7: the next load, which names nobody, shows the account without a name."""
    with new_books() as books:
        load_text(books, _ONE_LINE.replace("C1,,", "C1,Anne,"))
        undo(books, None, STAMP, confirm=lambda _removal: True)
        load_text(books, _ONE_LINE)
        assert "Anne" not in repr(content(books))


def test_what_moves_to_a_held_account_is_held() -> None:
    """An account's code means all its items, now and later."""
    with new_books() as books:
        load_text(books, _ONE_LINE + "C2,,invoice,INV-2,2024-01-31,,,Ice,10.00,CAD,,\n")
        hold(books, ["C2"], STAMP)
        load_text(books, _ONE_LINE.replace("C1,", "C2,"))
        assert [item[-1] for item in items_of(books).values()] == [True, True]


@settings(max_examples=15, deadline=None)
@given(st.lists(_BOOKS, min_size=1, max_size=3))
def test_undoing_everything_leaves_nothing(loads: list[list[Row]]) -> None:
    """R7: each undo restores what was before; check holds at every step."""
    with new_books() as books:
        said = [content(books)]
        numbers = []
        for rows, number in zip(loads, count(1), strict=False):
            result = load_text(books, as_csv(rows), Rules(update_reconciled=True))
            if result.operation is not None:
                numbers.append(result.operation)
                said.append(content(books))
            made = auto(books, None, STAMP, Choice(include_planned=number % 2 == 0))
            if made.operation is not None:
                numbers.append(made.operation)
                said.append(content(books))
        for number in reversed(numbers):
            assert content(books) == said.pop()
            undo(books, number, STAMP, confirm=lambda _removal: True)
            assert_sound(books)
        assert content(books) == said.pop()


@settings(max_examples=20, deadline=None)
@given(_BOOKS, _BOOKS, _BOOKS)
def test_what_was_undone_leaves_no_trace_for_later_loads(first: list[Row], undone: list[Row], last: list[Row]) -> None:
    """R7, R11, R12: what waits for a document, and what lost an allocation, are as if it had never been."""
    rules = Rules(update_reconciled=True)
    with new_books() as books, new_books() as others:
        for either in (books, others):
            load_text(either, as_csv(first))
        result = load_text(books, as_csv([row | {"account_name": ""} for row in undone]), rules)
        if result.operation is not None:
            undo(books, None, STAMP, confirm=lambda _removal: True)
        assert content(books) == content(others)
        for either in (books, others):
            load_text(either, as_csv(last), rules)
        assert content(books) == content(others)
        assert_sound(books)


@settings(max_examples=20, deadline=None)
@given(_BOOKS, _BOOKS)
def test_what_was_undone_and_done_again_is_as_if_never_undone(first: list[Row], last: list[Row]) -> None:
    """R7: an undo can itself be undone; what comes back is known by later loads as it was."""
    rules = Rules(update_reconciled=True)
    with new_books() as books, new_books() as others:
        for either in (books, others):
            load_text(either, as_csv(first))
        for _again in range(2):
            undo(books, None, STAMP, confirm=lambda _removal: True)
        assert content(books) == content(others)
        for either in (books, others):
            load_text(either, as_csv(last), rules)
        assert content(books) == content(others)
        assert_sound(books)
