"""Records made by hand, for the screens to show."""

# ruff: noqa: FBT003 - short records are given by position

import io
from collections.abc import Callable

from reconcile_cli.domain.cards import AccountCard, Balance, Counterpart, ItemCard, TransactionCard
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.lists import AccountLine, OpenLine
from reconcile_cli.domain.load_results import FieldChange, Freed, LoadResult, Unmet
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.operations import OperationLine
from reconcile_cli.domain.outcomes import Outcome
from reconcile_cli.domain.records import AllocationLine, ItemName, Total
from reconcile_cli.domain.results import MatchResult
from reconcile_cli.domain.status import Status
from reconcile_cli.errors import Problem
from reconcile_cli.render.look import Format, Look, Target

INV_1 = ItemName(Kind.INVOICE, "INV-1001", 1)
INV_2 = ItemName(Kind.INVOICE, "INV-1001", 2)
PAY_1 = ItemName(Kind.PAYMENT, "PAY-77", 1)
PLAN_1 = ItemName(Kind.PAYMENT, "PP-12", 1)
ORDER = '{"order": "7731"}'


def target(
    width: int = 80, *, plain: bool = False, terminal: bool = True, form: Format = Format.TABLE, colour: bool = False
) -> tuple[Target, io.StringIO]:
    """A target to write to, and the stream that keeps what was written."""
    stream = io.StringIO()
    return Target(stream, form, Look(width, ascii=plain, colour=colour, terminal=terminal)), stream


def shown(write: Callable[[Target], object], width: int = 80, **how: object) -> str:
    """What a screen writes, for a person at a terminal of that width."""
    to, stream = target(width, **how)  # type: ignore[arg-type]
    write(to)
    return stream.getvalue()


def account(code: str = "A-1001", name: str = "Léa Tremblay", **changes: object) -> AccountLine:
    line = AccountLine(code, name, "CAD", Status.PARTIAL, 5_000, 17_500, 2_500, 10_000, 3, 1, held=False)
    return line._replace(**changes)  # type: ignore[arg-type]


def item(line: int = 1, amount_minor: int = 10_000, open_minor: int = 0, **changes: object) -> ItemCard:
    card = ItemCard(
        line,
        Side.DEBIT,
        "Swimming, winter",
        "4100",
        amount_minor,
        open_minor,
        Status.RECONCILED,
        held=False,
        applies_to="",
        match_code="",
        allocations=(),
    )
    return card._replace(**changes)  # type: ignore[arg-type]


def transaction(kind: Kind, document: str, amount_minor: int, *items: ItemCard, **changes: object) -> TransactionCard:
    card = TransactionCard(
        "A-1001",
        "Léa Tremblay",
        kind,
        document,
        20260105,
        None,
        State.POSTED,
        "CAD",
        amount_minor,
        0,
        0,
        Status.RECONCILED,
        False,
        "",
        "",
        "",
        "",
        items,
    )
    return card._replace(**changes)  # type: ignore[arg-type]


def invoice() -> TransactionCard:
    """An invoice of two items: the first paid at checkout and by an instalment to come, the second in part by hand."""
    paid = (
        Counterpart(PAY_1, 6_000, 4, Stage.CHECKOUT, ORDER, planned=False),
        Counterpart(PLAN_1, 4_000, 4, Stage.CHECKOUT, ORDER, planned=True),
    )
    part = (Counterpart(PAY_1, 2_500, 9, Stage.BY_HAND, None, planned=False),)
    return transaction(
        Kind.INVOICE,
        "INV-1001",
        15_000,
        item(1, 10_000, status=Status.COVERED, allocations=paid),
        item(2, 5_000, 2_500, status=Status.PARTIAL, description="Yoga mat", ledger_code="4300", allocations=part),
        open_debit_minor=2_500,
        status=Status.PARTIAL,
        order="7731",
        register="Front desk",
        due_date=20260204,
    )


def payment() -> TransactionCard:
    """A payment that paid both items."""
    uses = (
        Counterpart(INV_1, 6_000, 4, Stage.CHECKOUT, ORDER, planned=False),
        Counterpart(INV_2, 2_500, 9, Stage.BY_HAND, None, planned=False),
    )
    one = item(1, 8_500, side=Side.CREDIT, description="", ledger_code="", allocations=uses)
    return transaction(Kind.PAYMENT, "PAY-77", -8_500, one, order="7731", method="card", date=20260106)


def instalment() -> TransactionCard:
    """A planned payment, overdue, that covers a part of the invoice."""
    uses = (Counterpart(INV_1, 4_000, 4, Stage.CHECKOUT, ORDER, planned=False),)
    one = item(1, 4_000, side=Side.CREDIT, description="", ledger_code="", status=Status.COVERED, allocations=uses)
    return transaction(
        Kind.PAYMENT,
        "PP-12",
        -4_000,
        one,
        state=State.PLANNED,
        status=Status.COVERED,
        overdue=True,
        due_date=20260301,
        date=20260106,
    )


def card(*transactions: TransactionCard, balance_minor: int = 6_500, opening_minor: int = 0) -> AccountCard:
    return AccountCard(
        "A-1001",
        "Léa Tremblay",
        False,
        Status.PARTIAL,
        [Balance("CAD", balance_minor, opening_minor)],
        iter(transactions),
    )


def open_line(**changes: object) -> OpenLine:
    line = OpenLine(
        "A-1001",
        "Léa Tremblay",
        Kind.INVOICE,
        "INV-1001",
        2,
        Side.DEBIT,
        20260105,
        20260204,
        State.POSTED,
        "CAD",
        5_000,
        2_500,
        Status.PARTIAL,
        "4300",
        "Yoga mat",
        False,
        41,
    )
    return line._replace(**changes)  # type: ignore[arg-type]


def allocation(**changes: object) -> AllocationLine:
    line = AllocationLine("A-1001", "CAD", INV_2, PAY_1, 2_500, Stage.DATE, None)
    return line._replace(**changes)  # type: ignore[arg-type]


def match_result(**changes: object) -> MatchResult:
    result = MatchResult(
        12,
        False,
        [allocation(), allocation(debit=INV_1, amount_minor=123_456)],
        [Total("CAD", 2, 125_956)],
        [Total("CAD", 1, 2_500)],
        [Total("CAD", 3, 99_00)],
        1,
    )
    return result._replace(**changes)  # type: ignore[arg-type]


def outcome(**changes: object) -> Outcome:
    line = Outcome("A-1001", "Léa Tremblay", "CAD", 125_956, 2_500, 0, 0)
    return line._replace(**changes)  # type: ignore[arg-type]


def operation(**changes: object) -> OperationLine:
    line = OperationLine(4, "2026-01-06T14:03:22Z", "lea", "load", "{}", "", None, None, 412, 3, 0, 96, 2, "ab" * 32)
    return line._replace(**changes)  # type: ignore[arg-type]


def load_result(**changes: object) -> LoadResult:
    result = LoadResult(
        False,
        1_412,
        380,
        3,
        25,
        1,
        12,
        30,
        80,
        2,
        changes=[
            FieldChange("invoice/INV-1001", "due_date", "2026-02-04", "2026-03-01"),
            FieldChange("invoice/INV-1001:2", "description", "", "Yoga mat"),
        ],
        freed=[Freed(allocation(), "its amount changed", 2_500, None)],
        unmet=[Unmet("payment/PAY-9:1", "INV-3000", "no such document yet; it is used when it comes")],
        problems=[Problem("sales.csv", 14, "amount", "12,345", "an amount with a point before the decimals")],
        problem_count=1,
        open_debits=[Total("CAD", 14, 210_050)],
        open_credits=[Total("CAD", 1, 5_000)],
        operation=12,
    )
    return result._replace(**changes)  # type: ignore[arg-type]
