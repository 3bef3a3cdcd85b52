"""Commands that concern a few rows, on the small books: what `test_plans` explains and `test_work` counts."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from reconcile_cli.domain.aging import Ages
from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.operations import OperationDetail
from reconcile_cli.domain.reporting import By, Grouping, Period
from reconcile_cli.domain.writing_off import Tolerance, WriteOff
from reconcile_cli.intake.source import Source
from reconcile_cli.store import lookup
from reconcile_cli.store.accounts import Choice, account_totals, found
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import Window, account_card, transaction_card
from reconcile_cli.store.customer_statement import one_account, statement
from reconcile_cli.store.history import history
from reconcile_cli.store.listing import completion_names, find
from reconcile_cli.store.operation_detail import detail
from reconcile_cli.store.proving import proved
from reconcile_cli.store.report_aging import aging, aging_items, unapplied
from reconcile_cli.store.report_ledger import ledger
from reconcile_cli.store.report_payments import payments
from reconcile_cli.store.report_progress import overview, progress
from reconcile_cli.store.report_sales import sales
from reconcile_cli.store.touching import operations_of
from reconcile_cli.store.unreconciled import Wanted, unreconciled
from reconcile_cli.workflows import auto as auto_workflow
from reconcile_cli.workflows.apply import apply
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.lock import lock
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.suggest import suggest
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from reconcile_cli.workflows.why import why
from tests.store.small_books import HEADER, SMALL, STAMP, TODAY, load_text

Act = Callable[[Books], object]
_MATCH: Final = ["PAY-2", "INV-2:2=10.00"]
_FEW: Final = (
    HEADER + "C3,New,invoice,N-1,2024-05-01,,,Ice,10.00,CAD,CMD-9,\nC1,,payment,N-2,2024-05-01,,,,9.00,CAD,CMD-9,N-1\n"
)
_CHANGED: Final = HEADER + "C2,Luc Cote,invoice,INV-6,2024-04-01,,,Two balls,24.00,CAD,,\n"


_CANCELLED: Final = (
    HEADER
    + "C1,,cancellation,CN-1,2024-05-01,,,,80.00,CAD,CMD-1,\nC2,,cancellation,CN-2,2024-05-01,,,,75.00,CAD,,INV-5\n"
)
_AGES: Final = Ages(20240131)
_CLOSING: Final = auto_workflow.Choice(write_off=WriteOff("6590", Tolerance("10", 100_000)))


def _apply(books: Books) -> object:
    with TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.csv"
        plan.write_text(
            "account,currency,credit,debit,amount\nC1,CAD,payment/PAY-2:1,invoice/INV-2:2,10.00\n", encoding="utf-8"
        )
        return apply(books, Source(str(plan)), STAMP, told="plan.csv")


def _yes(_removal: object) -> bool:
    return True


def _list(rows: Callable[[Books], Any]) -> Act:
    return lambda books: list(rows(books))


def _statement(period: Period) -> Act:
    def read(books: Books) -> list[object]:
        parts = statement(books, one_account(books, "C1"), period).parts
        return [(list(part.lines), part.planned) for part in parts]

    return read


def _account(window: Window) -> Act:
    return lambda books: [*account_card(books, "C1", window, today=TODAY).transactions]


def _document(books: Books) -> object:
    return [transaction_card(books, found.id, today=TODAY) for found in lookup.find_transactions(books, "INV-1")]


def _detail(books: Books) -> OperationDetail:
    found = detail(books, 2)
    assert found is not None
    return found


def _unknown(books: Books) -> object:
    return lookup.unknown(books, "INV-99").sentence()


# What is done before, and the command itself.
COMMANDS: Final[dict[str, tuple[list[Act], Act]]] = {
    "match": ([], lambda books: match(books, _MATCH, STAMP)),
    "unmatch of a pair": (
        [lambda books: match(books, _MATCH, STAMP)],
        lambda books: unmatch(books, ["PAY-2", "INV-2:2"], STAMP, confirm=_yes),
    ),
    "unmatch of a document": ([], lambda books: unmatch(books, ["INV-1"], STAMP, confirm=_yes)),
    "unmatch of an account": ([], lambda books: unmatch(books, [], STAMP, account="C1", confirm=_yes)),
    "undo of a match": (
        [lambda books: match(books, _MATCH, STAMP)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of an unmatch": (
        [lambda books: unmatch(books, ["PAY-5"], STAMP, confirm=_yes)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of a hold": (
        [lambda books: hold(books, ["INV-6"], STAMP)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of a small load": (
        [lambda books: load_text(books, _FEW)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of an update": (
        [lambda books: load_text(books, _CHANGED)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "load of cancellations": ([], lambda books: load_text(books, _CANCELLED).paid_already),
    "hold an item": ([], lambda books: hold(books, ["INV-6"], STAMP)),
    "hold an account": ([], lambda books: hold(books, ["C2"], STAMP)),
    "auto of an account": ([], lambda books: auto(books, ["C1"], STAMP)),
    "auto of an account, rehearsed": (
        [],
        lambda books: auto(books, ["C1"], STAMP, auto_workflow.Choice(dry_run=True, include_planned=True, by_due=True)),
    ),
    "auto of an account with write-offs": ([], lambda books: auto(books, ["C1", "C2"], STAMP, _CLOSING)),
    "match with a write-off": ([], lambda books: match(books, ["PAY-6", "INV-6"], STAMP, write_off="6590")),
    "undo of a write-off": (
        [lambda books: match(books, ["PAY-6", "INV-6"], STAMP, write_off="6590")],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "auto of all with write-offs": ([], lambda books: auto(books, None, STAMP, _CLOSING)),
    "auto of all": ([], lambda books: auto(books, None, STAMP)),
    "auto of an account, by stages": (
        [],
        lambda books: auto(
            books, ["C1"], STAMP, auto_workflow.Choice(smart=True, then_date=True, include_planned=True)
        ),
    ),
    "auto of all, by stages": ([], lambda books: auto(books, None, STAMP, auto_workflow.Choice(smart=True))),
    "suggest for an account": ([], lambda books: suggest(books, "C1")),
    "apply": ([], _apply),
    "show of an account": ([], _account(Window())),
    "show of an account from a day on": ([], _account(Window(date_from=20240201, date_to=20240301))),
    "statement of an account": ([], _statement(Period())),
    "statement of an account up to a day": ([], _statement(Period(20240111, 20240131))),
    "report of aging": ([], _list(lambda books: aging(books, _AGES))),
    "report of aging, items": ([], _list(lambda books: aging_items(books, _AGES))),
    "report of unapplied money": ([], _list(lambda books: unapplied(books, _AGES))),
    "report of reconciliation": ([], lambda books: progress(books, today=TODAY)),
    "state in short": ([], lambda books: overview(books, today=TODAY)),
    "show of a document": ([], _document),
    "show of an unknown name": ([], _unknown),
    "unreconciled of an account": (
        [],
        _list(lambda books: unreconciled(books, ["C1"], Wanted(include_planned=True), today=TODAY)),
    ),
    "unreconciled debits of an account": (
        [],
        _list(lambda books: unreconciled(books, ["C1"], Wanted(side=Side.DEBIT), today=TODAY, limit=50)),
    ),
    "held of an account": ([], _list(lambda books: unreconciled(books, ["C1"], Wanted(held=True), today=TODAY))),
    "why of a partial item": (
        [lambda books: load_text(books, _CHANGED)],
        lambda books: why(books, "INV-6", today=TODAY),
    ),
    "why of a payment": (
        [lambda books: unmatch(books, ["INV-1"], STAMP, confirm=_yes)],
        lambda books: why(books, "PP-1", today=TODAY),
    ),
    "why of a reconciled item": ([], lambda books: why(books, "PAY-5", today=TODAY)),
    "find of a document": ([], _list(lambda books: find(books, "INV-1", today=TODAY))),
    "history of an account": ([], lambda books: operations_of(books, "C1")),
    "history of a document": ([], lambda books: operations_of(books, "INV-1")),
    "history of one operation": (
        [lambda books: match(books, _MATCH, STAMP)],
        lambda books: [list(part) for part in (_detail(books).changes, _detail(books).added, _detail(books).removed)],
    ),
    "lock": ([], lambda books: lock(books, 20231231, STAMP)),
    "match under a lock": (
        [lambda books: lock(books, 20240630, STAMP)],
        lambda books: match(books, _MATCH, STAMP),
    ),
    "load of a change under a lock": (
        [lambda books: lock(books, 20231231, STAMP)],
        lambda books: load_text(books, _CHANGED),
    ),
    "history": ([], _list(lambda books: history(books, limit=50))),
    "accounts, first screen": (
        [],
        _list(lambda books: proved(books, found(books, Choice(), today=TODAY, limit=50))),
    ),
    "accounts, totals row": ([], lambda books: account_totals(books, Choice(), today=TODAY)),
    "report of sales": ([], _list(lambda books: sales(books, Grouping([By.REGISTER, By.LEDGER_CODE, By.ACCOUNT])))),
    "report of payments": ([], _list(lambda books: payments(books, Grouping([By.MONTH, By.LEDGER_CODE])))),
    "report of the ledger": ([], _list(lambda books: ledger(books, Grouping([By.LEDGER_CODE, By.ITEM])))),
    "completion of an account": ([], lambda books: completion_names(books, "C", "account")),
    "completion of a document": ([], lambda books: completion_names(books, "INV", "document")),
    "completion of an item": ([], lambda books: completion_names(books, "INV", "item")),
    "completion of an operation": ([], lambda books: completion_names(books, "", "operation")),
    "load of a few rows": ([], lambda books: load_text(books, _FEW)),
    "load of the same again": ([], lambda books: load_text(books, SMALL)),
    "load of a change": ([], lambda books: load_text(books, _CHANGED)),
    "load of a change of what is reconciled": (
        [],
        lambda books: load_text(
            books, SMALL.replace("Second child,-10.00", "Second child,-9.00"), Rules(update_reconciled=True)
        ),
    ),
}
