"""What the tests of books share: small books driven from Python, and what they say without numbers of their own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconcile_cli.domain.findings import Finding
from reconcile_cli.domain.load_results import LoadResult
from reconcile_cli.domain.results import Stamp
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.load import Rules, load

STAMP: Final = Stamp("Anne", "2024-06-30T12:00:00Z", 20240630)
TODAY: Final = STAMP.today
HEADER: Final = "account,account_name,kind,document,date,due_date,state,description,amount,currency,order,applies_to\n"

# Two accounts, a discount, a checkout, a planned payment that covers, a void and a second currency: every rule that
# allocates has something to do, and something stays open on both sides.
SMALL: Final = (
    HEADER
    + """\
C1,Anne Roy,invoice,INV-1,2024-01-10,,,Hockey,100.00,CAD,CMD-1,
C1,Anne Roy,invoice,INV-1,2024-01-10,,,Second child,-10.00,CAD,CMD-1,
C1,Anne Roy,payment,PAY-1,2024-01-10,,,,60.00,CAD,CMD-1,
C1,Anne Roy,payment,PP-1,2024-01-10,2024-09-10,planned,,20.00,CAD,CMD-1,
C1,Anne Roy,invoice,INV-2,2024-02-01,,,Swimming,50.00,CAD,,
C1,Anne Roy,invoice,INV-2,2024-02-01,,,Membership,35.00,CAD,,
C1,Anne Roy,payment,PAY-2,2024-03-05,,,,40.00,CAD,,
C1,Anne Roy,invoice,INV-3,2024-02-02,,void,Never taken,9.00,CAD,,
C1,Anne Roy,invoice,INV-4,2024-02-02,,,Ice,30.00,USD,,
C1,Anne Roy,payment,PAY-4,2024-02-03,,,,30.00,USD,,
C2,Luc Côté,invoice,INV-5,2024-01-15,,,Skating,75.00,CAD,,
C2,Luc Côté,payment,PAY-5,2024-01-20,,,,75.00,CAD,,INV-5
C2,Luc Côté,invoice,INV-6,2024-04-01,,,Ball,12.00,CAD,,
C2,Luc Côté,payment,PAY-6,2024-04-02,,,,5.00,CAD,,
"""
)
_VIEWS: Final = (
    """SELECT account, name, currency, status, balance_minor, open_debit_minor, open_credit_minor, covered_minor,
    open_items, held FROM v_accounts""",
    """SELECT account, name, currency, kind, document, line, date, due_date, state, side, amount_minor, open_minor,
    status, held, description, ledger_code, order_code, register, method, applies_to, match_code FROM v_items""",
    """SELECT account, currency, debit_kind, debit_document, debit_line, credit_kind, credit_document, credit_line,
    amount_minor FROM v_allocations""",
)
Content = list[list[str]]
_AS_EVER: Final = Rules()


def load_text(
    books: Books,
    text: str,
    rules: Rules = _AS_EVER,
    *,
    arguments: Mapping[str, object] | None = None,
) -> LoadResult:
    """Load the text of one CSV file; negative payments are meant as they stand."""
    return load_texts(books, [text], rules, arguments=arguments)


def load_texts(
    books: Books,
    texts: list[str],
    rules: Rules = _AS_EVER,
    *,
    arguments: Mapping[str, object] | None = None,
) -> LoadResult:
    """Load several CSV files at once."""
    paths = [books.path.with_name(f"rows-{place}.csv") for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    try:
        sources = [Source(str(path)) for path in paths]
        return load(books, sources, ReadOptions(signed=False), STAMP, rules, arguments=arguments or {})
    finally:
        for path in paths:
            path.unlink()


def make_small_books(path: Path) -> None:
    """Write the small books to a new file, in one operation."""
    with Books.open(path, change=True) as books:
        load_text(books, SMALL)


def findings(path: Path, *, quick: bool = False) -> list[Finding]:
    """What `check` finds in a file."""
    with Books.open(path) as books:
        return check(books, quick=quick)


def content(books: Books) -> Content:
    """What the books say to a person, in any order: the views without ids and operations."""
    return [sorted(map(repr, books.connection.execute(sql))) for sql in _VIEWS]
