"""A customer's statement in every format (R20)."""

from collections.abc import Iterator
from typing import Final

from reconcile_cli.domain.reporting import Period
from reconcile_cli.domain.statement import Row, Statement, StatementLine
from reconcile_cli.render import words
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import N_, _

_DATA: Final = (Format.CSV, Format.JSON)
_DEBIT: Final = N_("Debit")
_CREDIT: Final = N_("Credit")


def _kind(line: StatementLine) -> str:
    if line.row is Row.OPENING:
        return _("opening balance")
    if line.row is Row.CLOSING:
        return _("closing balance")
    return words.kind(line.kind) if line.kind is not None else ""


def _described(line: StatementLine) -> str:
    if not line.description or not line.more:
        return line.description
    return _("{description} (+{count})").format(description=line.description, count=line.more)


_ALL: Final = Listing[StatementLine](
    columns=(
        Column("", lambda line: line.row, key="row"),
        Column("", lambda line: line.account, key="account"),
        Column("", lambda line: line.name, key="name"),
        Column("", lambda line: line.currency, key="currency"),
        Column("", lambda line: line.date, Shape.DATE, "date"),
        Column("", lambda line: line.due_date, Shape.DATE, "due_date"),
        Column("", lambda line: line.kind.code if line.kind is not None else "", key="kind"),
        Column("", lambda line: line.document, key="document"),
        Column("", lambda line: line.description, key="description"),
        Column("", lambda line: line.method, key="method"),
        Column("", lambda line: line.amount_minor, Shape.AMOUNT, "amount"),
        Column("", lambda line: line.balance_minor, Shape.BALANCE, "balance"),
    ),
    currency=lambda line: line.currency,
    keys="row account name currency date due_date kind document description method amount balance",
)
_PLANNED: Final = Listing[StatementLine](
    columns=(
        Column(N_("To be taken"), lambda line: line.due_date, Shape.DATE),
        Column(N_("Kind"), _kind, rank=3),
        Column(N_("Document"), lambda line: line.document, floor=18),
        Column(N_("Agreed"), lambda line: line.date, Shape.DATE, rank=2),
        Column(N_("Method"), lambda line: line.method, rank=5, spare=True, hide_empty=True),
        Column(N_("Description"), _described, floor=14, rank=4, spare=True, hide_empty=True),
        Column("", lambda line: line.currency, key="currency"),
        Column(N_("Amount"), lambda line: -(line.amount_minor or 0), Shape.AMOUNT),
    ),
    currency=lambda line: line.currency,
    title=N_("Planned payments"),
)


def _lines(account: Statement, period: str) -> Listing[StatementLine]:
    """The columns of the transactions; the currency where there are several."""
    currency = Column[StatementLine]("", lambda line: line.currency, key="currency")
    return Listing(
        columns=(
            Column(N_("Date"), lambda line: line.date, Shape.DATE),
            Column(N_("Kind"), _kind, rank=5),
            Column(N_("Document"), lambda line: line.document, floor=12, rank=3),
            Column(N_("Due"), lambda line: line.due_date, Shape.DATE, rank=8, spare=True, hide_empty=True),
            Column(N_("Description"), _described, floor=14, rank=6, spare=True, hide_empty=True),
            Column(N_("Method"), lambda line: line.method, rank=9, spare=True, hide_empty=True),
            *([currency] if account.currencies > 1 else []),
            Column(_DEBIT, lambda line: line.debit_minor, Shape.AMOUNT, rank=2),
            Column(_CREDIT, lambda line: line.credit_minor, Shape.AMOUNT, rank=2),
            Column(N_("Balance"), lambda line: line.balance_minor, Shape.BALANCE),
        ),
        currency=lambda line: line.currency,
        strong=lambda line: line.kind is None,
        title=N_("Statement"),
        period=period,
    )


def write_statement(target: Target, account: Statement, period: Period, limit: Limit) -> None:
    """Write the statement of one account: in CSV and JSON planned payments are lines like the others."""
    if target.format in _DATA:
        write_list(target, _ALL, _every_line(account), limit)
        return
    target.line(f"{account.account}  {account.name}".rstrip(), "bold")
    told = words.period(period) or _("All transactions.")
    if target.format is Format.TABLE:
        target.line(told)
        target.line()
    planned: list[StatementLine] = []

    def lines() -> Iterator[StatementLine]:
        for part in account.parts:
            yield from part.lines
            planned.extend(part.planned)

    if not write_list(target, _lines(account, told), lines(), limit):
        target.line(_("No transaction to show."))
    for _part in account.parts:
        planned.extend(_part.planned)  # of currencies beyond where a screen stops
    if planned:
        if target.format is Format.TABLE:
            target.line()
            target.line(_("Planned payments, not in the balance:"))
        write_list(target, _PLANNED, planned, Limit(limit.asked))


def _every_line(account: Statement) -> Iterator[StatementLine]:
    for part in account.parts:
        yield from part.lines
        yield from part.planned
