"""The screens, each filled with the records of samples."""

from collections.abc import Iterator

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.lists import AccountLine, OpenLine
from reconcile_cli.domain.reporting import NONE, By, Grouping, ReportLine, Row
from reconcile_cli.domain.status import Status
from reconcile_cli.render.accounts import write_accounts
from reconcile_cli.render.allocations import write_allocations
from reconcile_cli.render.card import CardView, write_card
from reconcile_cli.render.history import write_history
from reconcile_cli.render.items import write_transaction_cards
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.loading import write_load
from reconcile_cli.render.look import Target
from reconcile_cli.render.reports import write_ledger, write_payments, write_sales
from reconcile_cli.render.transactions import write_payments as write_payment_list
from reconcile_cli.render.transactions import write_transactions
from reconcile_cli.render.unreconciled import write_unreconciled
from tests.unit.render import samples

_LINES = (
    ("Front desk", "4010", "CAD", 1_234_550),
    ("Front desk", "4020", "CAD", -2_500),
    ("O'Brien", None, "CAD", 2_500),
    ("O'Brien", "4010", "JPY", 500),
)


def sales(to: Target) -> None:
    lines = (ReportLine(Row.SALES, (key, code or NONE), currency, (minor,)) for key, code, currency, minor in _LINES)
    write_sales(to, Grouping([By.REGISTER, By.LEDGER_CODE]), lines, Limit())


def money(to: Target) -> None:
    lines = [
        ReportLine(Row.CODE if code else Row.NOT_RECONCILED, (202601, key, code), currency, (minor,))
        for key, code, currency, minor in _LINES
    ]
    moved = [
        ReportLine(Row.MOVED, (202601, "Front desk", code), "CAD", (minor,), of=of)
        for of, code, minor in ((Row.CODE, "4010", 500), (Row.RETURNED, None, 500), (Row.NOT_RECONCILED, None, -1_000))
    ]
    write_payments(to, Grouping([By.MONTH, By.REGISTER, By.LEDGER_CODE]), [*lines, *moved], Limit())


def ledger(to: Target) -> None:
    lines = (
        ReportLine(Row.SALES, (code or NONE,), currency, (minor, minor - 100, 0, 50, 50))
        for _key, code, currency, minor in _LINES
    )
    write_ledger(to, Grouping([By.LEDGER_CODE]), lines, Limit())


def accounts(to: Target) -> None:
    lines = (
        samples.account(),
        samples.account(
            "A-1002",
            "Club de natation de la Rive-Sud et des environs",
            status=Status.RECONCILED,
            balance_minor=0,
            open_debit_minor=0,
            open_credit_minor=0,
            covered_minor=0,
            open_items=0,
            overdue=0,
        ),
        samples.account(
            "A-1003",
            "O'Brien, Kim",
            status=Status.UNRECONCILED,
            balance_minor=-1_234_550,
            open_debit_minor=0,
            open_credit_minor=1_234_550,
            covered_minor=0,
            open_items=1,
            overdue=0,
            held=True,
        ),
    )
    total = samples.account(
        "",
        "",
        status=None,
        balance_minor=-1_229_550,
        open_debit_minor=17_500,
        open_credit_minor=1_237_050,
        open_items=4,
    )

    def totals() -> Iterator[AccountLine]:
        yield total

    write_accounts(to, lines, totals, Limit())


def card(to: Target) -> None:
    transactions = samples.invoice(), samples.payment(), samples.instalment()
    write_card(to, samples.card(*transactions), CardView(Limit()))


def matches(to: Target) -> None:
    transactions = samples.invoice(), samples.payment(), samples.instalment()
    write_card(to, samples.card(*transactions), CardView(Limit(), matches=True))


def since(to: Target) -> None:
    """An account from a day on: what was owed before stands first."""
    write_card(to, samples.card(samples.invoice(), samples.payment(), opening_minor=123_400), CardView(Limit()))


def document(to: Target) -> None:
    write_transaction_cards(to, [samples.invoice()])


def unreconciled(to: Target) -> None:
    overdue = samples.open_line(
        side=Side.CREDIT,
        kind=Kind.PAYMENT,
        document="PP-12",
        line=1,
        state=State.PLANNED,
        status=Status.UNRECONCILED,
        description="",
    )
    lines: list[OpenLine] = [samples.open_line(), overdue]
    write_unreconciled(to, lines, Limit(), "")


def found(to: Target) -> None:
    write_transactions(to, [samples.invoice(), samples.payment(), samples.instalment()], Limit(), "")


def payments(to: Target) -> None:
    write_payment_list(to, [samples.payment(), samples.instalment()], Limit())


def history(to: Target) -> None:
    undo = samples.operation(number=5, command="undo", undoes=4, arguments='{"operation": 4}')
    write_history(
        to, [undo, samples.operation(undone_by=5, note="January", arguments='{"files": ["sales.csv"]}')], Limit()
    )


def auto(to: Target) -> None:
    write_allocations(to, samples.match_result(), Limit())


def rehearsal(to: Target) -> None:
    outcomes = (
        samples.outcome(),
        samples.outcome(account="A-1002", amount_minor=5_000, open_debit_minor=0, open_credit_minor=9_900),
        samples.outcome(account="A-1003", amount_minor=0, open_credit_minor=700, held=1),
        samples.outcome(account="A-1004", amount_minor=0, open_credit_minor=700),
        samples.outcome(account="A-1005", open_debit_minor=0),
    )
    write_allocations(to, samples.match_result(operation=None, dry_run=True, outcomes=outcomes), Limit())


def load(to: Target) -> None:
    write_load(to, samples.load_result())
