"""Small books in which much happens: one account, few days, and everything that reports tell apart.

Credit notes and cancellations take the ledger codes of what they name, refunds give back, instalments cover, locks
stand between; the rest is matched at random.
"""

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st

from reconcile_cli.errors import ReconcileError
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.lock import lock
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.unmatch import unmatch
from tests.properties.strategies import Row, as_csv
from tests.store.small_books import STAMP, load_text

Step = Callable[[Books], object]
DAYS: Final = ("2024-01-10", "2024-01-31", "2024-02-01", "2024-02-15", "2024-03-05", "2024-03-31")
_DAY: Final = st.sampled_from(DAYS)
_AMOUNT: Final = st.sampled_from(["10.00", "20.00", "25.00", "40.00", "7.50"])
_CODE: Final = st.sampled_from(["4000", "4100", "4200", ""])
_NUMBER: Final = st.integers(1, 5)


@st.composite
def _document(draw: st.DrawFn, place: int) -> list[Row]:
    kind = draw(
        st.sampled_from(["invoice"] * 3 + ["payment"] * 3 + ["cancellation", "credit_note", "refund", "adjustment"])
    )
    row = {
        "account": draw(st.sampled_from(["A", "A", "A", "B"])),
        "kind": kind,
        "document": str(place),
        "date": draw(_DAY),
        "register": draw(st.sampled_from(["", "Web", "Rink"])),
        "method": draw(st.sampled_from(["", "card"])),
        "order": draw(st.sampled_from(["", "", "O-1"])),
        "currency": draw(st.sampled_from(["CAD"] * 7 + ["USD"])),
    }
    lines = draw(st.integers(1, 3)) if kind == "invoice" else 1
    if kind == "payment" and draw(st.integers(0, 3)) == 0:
        row |= {"state": "planned", "due_date": draw(_DAY)}
    elif kind == "payment" and draw(st.integers(0, 3)) == 0:
        row["due_date"] = draw(_DAY)
    return [
        row | {"line": str(line), "amount": draw(_amount(kind, line))} | draw(_marks(kind))
        for line in range(1, lines + 1)
    ]


@st.composite
def _amount(draw: st.DrawFn, kind: str, line: int) -> str:
    minus = draw(st.integers(0, 4)) == 0 and (kind in ("adjustment", "credit_note") or line > 1)
    return f"{'-' * minus}{draw(_AMOUNT)}"


@st.composite
def _marks(draw: st.DrawFn, kind: str) -> Row:
    if kind in ("invoice", "adjustment"):
        return {"ledger_code": draw(_CODE)}
    if kind in ("cancellation", "credit_note"):
        one = draw(_NUMBER.map(str) | st.tuples(_NUMBER, st.integers(1, 3)).map("{0[0]}:{0[1]}".format))
        two = draw(st.sampled_from(["", "", f"{one}=5.00", f"{one}=5.00;{draw(_NUMBER)}", f"{one};{draw(_NUMBER)}:2"]))
        return {"ledger_code": draw(st.sampled_from(["", "", "", "4100"])), "applies_to": two or one}
    if kind == "refund":
        names = st.tuples(st.sampled_from(["payment", "cancellation", "credit_note"]), _NUMBER).map(
            "{0[0]}/{0[1]}".format
        )
        return {"applies_to": draw(names)}
    return {"applies_to": draw(st.sampled_from(["", "", f"{draw(_NUMBER)}"]))}


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """The rows of a first load."""
    count = draw(st.integers(4, 9))
    first: list[Row] = [
        {"account": "A", "kind": "invoice", "document": "1", "line": str(line), "date": DAYS[0], "amount": "40.00",
         "ledger_code": code, "currency": "CAD"} for line, code in ((1, "4000"), (2, "4100"))
    ]  # fmt: skip
    return [*first, *(row for place in range(2, count) for row in draw(_document(place)))]


def _pair(one: int, other: int) -> Step:
    def step(books: Books) -> None:
        sql = (
            "SELECT kind || '/' || document || ':' || line FROM v_items WHERE side = ? AND open_minor > 0 ORDER BY item"
        )
        debits, credits_ = ([row[0] for row in books.connection.execute(sql, (side,))] for side in ("debit", "credit"))
        if debits and credits_:
            match(books, [debits[one % len(debits)], credits_[other % len(credits_)]], STAMP)

    return step


def _unmatch(place: int) -> Step:
    def step(books: Books) -> None:
        sql = "SELECT debit_kind || '/' || debit_document FROM v_allocations ORDER BY allocation"
        names = [row[0] for row in books.connection.execute(sql)]
        if names:
            unmatch(books, [names[place % len(names)]], STAMP, confirm=lambda _removal: True)

    return step


def tried(step: Step) -> Step:
    """A step whose refusal changes nothing."""

    def trying(books: Books) -> None:
        try:
            step(books)
        except ReconcileError:
            assert not books.connection.in_transaction

    return trying


_PLACES: Final = st.integers(0, 8)
MATCHES: Final = st.one_of(
    st.builds(_pair, _PLACES, _PLACES),
    st.builds(_pair, _PLACES, _PLACES),
    _PLACES.map(_unmatch),
    st.booleans().map(lambda planned: lambda books: auto(books, None, STAMP, Choice(include_planned=planned))),
).map(tried)
LOCKS: Final = (
    st.sampled_from([20240110, 20240131, 20240229]).map(lambda day: lambda books: lock(books, day, STAMP)).map(tried)
)
FIRST: Final = rows().map(lambda found: lambda books: load_text(books, as_csv(found)))
STEPS: Final = st.tuples(
    st.lists(MATCHES, max_size=3), LOCKS, st.lists(MATCHES, min_size=1, max_size=4), st.lists(LOCKS, max_size=1)
).map(lambda found: [*found[0], found[1], *found[2], *found[3], *found[2]])
