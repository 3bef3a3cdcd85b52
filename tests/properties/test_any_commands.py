"""Any sequence of commands: a simple model says what must come of it, `check` finds nothing ever.

At the end the books are asked what was known after each operation, and must say what they said then.
"""

import shutil
import tempfile
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reconcile_cli.domain.records import AllocationLine
from reconcile_cli.errors import BadInput
from reconcile_cli.store import known_at
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import Locked
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.errors import BuiltUpon, NothingToLock, NothingToMatch, NothingToRemove, NothingToUndo
from reconcile_cli.workflows.hold import hold, release
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.lock import lock, reopen
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.fault.scale import number
from tests.properties import strategies
from tests.properties.model import (
    Key,
    Model,
    Pair,
    assert_sound,
    corrected,
    day_before,
    items_of,
    key_of,
    links_of,
    name,
    read,
    replaced_of,
)
from tests.properties.strategies import Row, as_csv
from tests.store.small_books import STAMP, Content, content, load_text

_BOOKS = strategies.books(most_documents=6)
_DAYS = strategies.days().map(str)
_VIEWS = "SELECT sql FROM main.sqlite_schema WHERE type = 'view' ORDER BY name DESC"


class AnyCommands(RuleBasedStateMachine):
    """Loads, matches and undoes in any order; the model is told the same and must agree after each step."""

    @initialize()
    def begin(self) -> None:
        self.path = Path(tempfile.mkdtemp()) / "books.db"
        self.books = Books.open(self.path, change=True)
        self.books.connection.execute("PRAGMA synchronous = OFF")  # nothing waits for the disk
        self.model = Model()
        self.before: dict[int, tuple[Content, Model]] = {}
        self.was: tuple[Content, Model] = (content(self.books), Model())

    def teardown(self) -> None:
        if not hasattr(self, "books"):
            return
        try:
            self.books.__exit__(None, None, None)
            for operation, (said, _model) in self.before.items():
                if operation > 1:
                    assert self._known_after(operation - 1) == said
        finally:
            shutil.rmtree(self.path.parent)

    def _known_after(self, operation: int) -> Content:
        """What the views say, made once more in TEMP, where they read what was known then."""
        with Books.open(self.path) as books:
            known_at.know_at(books.connection, operation)
            books.connection.execute("PRAGMA query_only = OFF")
            for (sql,) in books.connection.execute(_VIEWS).fetchall():
                books.connection.execute(sql.replace("CREATE VIEW", "CREATE TEMP VIEW"))
            return content(books)

    def _note(self, operation: int | None) -> None:
        """Keep what was before an operation; without one, nothing may have changed."""
        if operation is None:
            assert content(self.books) == self.was[0]
        else:
            self.before[operation] = self.was
        self.was = (content(self.books), deepcopy(self.model))

    @rule(rows=_BOOKS, update=st.booleans(), checkout=st.booleans())
    def load(self, rows: list[Row], *, update: bool, checkout: bool) -> None:
        closed = self.model.is_closed_to(rows)
        try:
            result = load_text(self.books, as_csv(rows), Rules(match=checkout, update_reconciled=update))
        except BadInput:
            assert closed or not update, "R24: with --update-reconciled the rows are good"
            self._note(None)
            return
        assert not closed, "R25"
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
        rows = [*self.rows[:place], corrected(self.rows[place], cents), *self.rows[place + 1 :]]
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

    @rule(then_date=st.booleans(), days=st.none() | st.integers(0, 60))
    def smart_auto(self, *, then_date: bool, days: int | None) -> None:
        choice = Choice(smart=True, then_date=then_date, days=days)
        rehearsed = auto(self.books, None, STAMP, choice._replace(dry_run=True))
        proposed = [as_tuple(line) for line in rehearsed.allocations]
        result = auto(self.books, None, STAMP, choice)
        assert [as_tuple(line) for line in result.allocations] == proposed
        for (debit, credit), minor in pairs_of(proposed).items():
            ends = self.model.items[debit], self.model.items[credit]
            assert (ends[0].pocket, ends[0].debit, ends[1].debit) == (ends[1].pocket, True, False), "R4"
            assert self.model.held.isdisjoint((debit, credit)), "R16"
            assert {self.model.state(debit), self.model.state(credit)} == {"posted"}, "R16"
            assert minor <= min(self.model.open_minor(debit), self.model.open_minor(credit)), "R5"
            self.model.link(debit, credit, minor)
        assert (result.operation is None) is (not proposed)
        if then_date:
            assert auto(self.books, None, STAMP).operation is None, "nothing is left for the oldest to oldest"
        self._note(result.operation)

    @precondition(lambda self: len(self.model.items) > 1)
    @rule(data=st.data())
    def match(self, data: st.DataObject) -> None:
        keys = sorted(self.model.items)
        self._match(data, data.draw(st.sampled_from(keys)), data.draw(st.sampled_from(keys)))

    @precondition(lambda self: self.model.links)
    @rule(data=st.data())
    def match_again(self, data: st.DataObject) -> None:
        """R6: two items that are linked already, once more."""
        self._match(data, *data.draw(st.sampled_from(sorted(self.model.links)))[:2])

    def _match(self, data: st.DataObject, one: Key, other: Key) -> None:
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
        self.model.link(*((one, other) if items[0].debit else (other, one)), rest if minor is None else minor)
        self._note(result.operation)

    @precondition(lambda self: self.model.items)
    @rule(data=st.data())
    def unmatch(self, data: st.DataObject) -> None:
        a_pair: bool = data.draw(st.booleans())
        links = self.model.links
        keys = [data.draw(st.sampled_from(sorted(self.model.items)))]
        if links and a_pair:
            keys = list(data.draw(st.sampled_from(sorted(links)))[:2])
        gone = Counter({link: minor for link, minor in links.items() if set(keys) <= set(link[:2])})
        try:
            result = unmatch(self.books, list(map(name, keys)), STAMP, confirm=lambda _removal: True)
        except NothingToRemove:
            assert not gone
            self._note(None)
            return
        except Locked:
            assert self.model.keeps(gone)
            self._note(None)
            return
        assert gone
        assert not self.model.keeps(gone), "R25"
        self.model.links -= gone
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
        after, self.model = self.model, deepcopy(self.before[last][1])
        self.model.restored(after)
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
        except Locked:
            assert self.model.locked_until
            self._note(None)
            return
        self.model = read(self.books)  # after an undo of something older it begins anew
        self._note(result.by.number)

    @rule(day=_DAYS)
    def lock(self, day: str) -> None:
        """R25: a lock moves forward only."""
        before = self.model.locked_until
        try:
            result = lock(self.books, as_number(day), STAMP)
        except NothingToLock:
            assert before > day
            self._note(None)
            return
        assert (result.operation is None) is (before == day)
        assert before <= day
        self.model.locked_until = day
        self._note(result.operation)

    @rule(day=_DAYS)
    def reopen(self, day: str) -> None:
        """R25: that day and all after it are open again."""
        before = self.model.locked_until
        try:
            result = reopen(self.books, as_number(day), STAMP)
        except NothingToLock:
            assert before < day
            self._note(None)
            return
        assert before >= day
        self.model.locked_until = day_before(day)
        self._note(result.operation)

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "books"):
            return
        assert_sound(self.books)
        assert links_of(self.books) == +self.model.links
        assert read(self.books).locked_until == self.model.locked_until
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


def as_number(day: str) -> int:
    """The day as the books keep it."""
    return int(day.replace("-", ""))


def as_tuple(line: AllocationLine) -> tuple[str, str, int]:
    """Debit, credit and amount of an allocation."""
    return str(line.debit), str(line.credit), line.amount_minor


def pairs_of(lines: list[tuple[str, str, int]]) -> Counter[Pair]:
    """The same by pairs."""
    pairs: Counter[Pair] = Counter()
    for debit, credit, minor in lines:
        pairs[key_of(debit), key_of(credit)] += minor
    return pairs


AnyCommands.TestCase.settings = settings(max_examples=number(500, least=50), stateful_step_count=12, deadline=None)
test_any_commands = pytest.mark.torture(AnyCommands.TestCase)
