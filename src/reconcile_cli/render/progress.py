"""How far the books are reconciled: three tables, or the same as one list of data; and the state in short."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from reconcile_cli.domain.progress import MonthLine, Obstacle, ObstacleLine, Overview, Progress, StatusLine
from reconcile_cli.render import symbols
from reconcile_cli.render.amounts import day, money
from reconcile_cli.render.chart import Bar, Chart
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Format, Look, Target
from reconcile_cli.text import N_, _, ngettext

_DATA: Final = (Format.CSV, Format.JSON)
_WHOLE: Final = 1000
_NEARLY: Final = 994  # shows as 99 %: 100 % promises every cent (R8)
_WORDS: Final = {
    Obstacle.PAID_LATER: N_("open on both sides: paid later"),
    Obstacle.NOT_PAID: N_("not paid: nothing came"),
    Obstacle.UNAPPLIED: N_("money without purpose"),
    Obstacle.OVERDUE: N_("overdue instalments"),
    Obstacle.MATCH_CODE: N_("match codes that do not balance"),
    Obstacle.HELD: N_("held items"),
}
_COMMANDS: Final = {
    Obstacle.PAID_LATER: "reconcile auto --all --dry-run",
    Obstacle.NOT_PAID: "reconcile report aging",
    Obstacle.UNAPPLIED: "reconcile report unapplied",
    Obstacle.OVERDUE: "reconcile payments --overdue",
    Obstacle.MATCH_CODE: "reconcile unreconciled",
    Obstacle.HELD: "reconcile unreconciled --held",
}
_ACCOUNTS: Final = N_("Accounts")
_ITEMS: Final = N_("Items")
_DEBITS: Final = N_("Debits")
_CREDITS: Final = N_("Credits")
_OPEN_DEBITS: Final = N_("Open debits")
_OPEN_CREDITS: Final = N_("Open credits")


class _Shared(NamedTuple):
    """A line of a status with its share of both sides, in thousandths."""

    line: StatusLine
    share: int


class _DataLine(NamedTuple):
    """Any line, as CSV and JSON have it."""

    row: str
    name: str
    currency: str
    number: int
    debit_minor: int
    credit_minor: int
    amount_minor: int
    accounts: int | None = None
    covered_minor: int | None = None
    open_debit_minor: int | None = None
    open_credit_minor: int | None = None


def _month(line: MonthLine) -> str:
    return f"{line.month // 100:04}-{line.month % 100:02}"


_STATUSES: Final = Listing[_Shared](
    columns=(
        Column(N_("Status"), lambda row: row.line.status, Shape.STATUS),
        Column("", lambda row: row.line.currency, key="currency"),
        Column(_ACCOUNTS, lambda row: row.line.accounts, Shape.COUNT, rank=4),
        Column(_ITEMS, lambda row: row.line.items, Shape.COUNT, rank=3),
        Column(_DEBITS, lambda row: row.line.debit_minor, Shape.AMOUNT),
        Column(_CREDITS, lambda row: row.line.credit_minor, Shape.AMOUNT),
        Column(_OPEN_DEBITS, lambda row: row.line.open_debit_minor, Shape.AMOUNT, rank=1),
        Column(_OPEN_CREDITS, lambda row: row.line.open_credit_minor, Shape.AMOUNT, rank=2),
        Column(N_("Share"), lambda row: row.share, Shape.SHARE, rank=5, spare=True),
    ),
    currency=lambda row: row.line.currency,
    title=N_("State of reconciliation"),
)
_OBSTACLES: Final = Listing[ObstacleLine](
    columns=(
        Column(N_("What stands in the way"), lambda line: line.obstacle, words=lambda line: _(_WORDS[line.obstacle])),
        Column("", lambda line: line.currency, key="currency"),
        Column(N_("Number"), lambda line: line.number, Shape.COUNT),
        Column(_DEBITS, lambda line: line.debit_minor, Shape.AMOUNT),
        Column(_CREDITS, lambda line: line.credit_minor, Shape.AMOUNT),
        Column(N_("See it"), lambda line: _COMMANDS[line.obstacle], rank=9, spare=True),
    ),
    currency=lambda line: line.currency,
    title=N_("What stands in the way"),
)
_MONTHS: Final = Listing[MonthLine](
    columns=(
        Column(N_("Month"), _month),
        Column("", lambda line: line.currency, key="currency"),
        Column(_ITEMS, lambda line: line.items, Shape.COUNT, rank=6, spare=True),
        Column(_DEBITS, lambda line: line.debit_minor, Shape.AMOUNT, rank=3),
        Column(_CREDITS, lambda line: line.credit_minor, Shape.AMOUNT, rank=4),
        Column(N_("Covered"), lambda line: line.covered_minor, Shape.AMOUNT, rank=5, spare=True, hide_empty=True),
        Column(_OPEN_DEBITS, lambda line: line.open_debit_minor, Shape.AMOUNT),
        Column(_OPEN_CREDITS, lambda line: line.open_credit_minor, Shape.AMOUNT),
        Column(N_("Reconciled"), lambda line: _share(line.reconciled_minor, line.whole_minor), Shape.SHARE, rank=1),
    ),
    currency=lambda line: line.currency,
    title=N_("By month"),
)
_ALL: Final = Listing[_DataLine](
    columns=(
        Column("", lambda line: line.row, key="row"),
        Column("", lambda line: line.name, key="name"),
        Column("", lambda line: line.currency, key="currency"),
        Column("", lambda line: line.accounts, Shape.COUNT, "accounts"),
        Column("", lambda line: line.number, Shape.COUNT, "count"),
        Column("", lambda line: line.debit_minor, Shape.AMOUNT, "debit"),
        Column("", lambda line: line.credit_minor, Shape.AMOUNT, "credit"),
        Column("", lambda line: line.covered_minor, Shape.AMOUNT, "covered"),
        Column("", lambda line: line.open_debit_minor, Shape.AMOUNT, "open_debit"),
        Column("", lambda line: line.open_credit_minor, Shape.AMOUNT, "open_credit"),
        Column("", lambda line: line.amount_minor, Shape.AMOUNT, "amount"),
    ),
    currency=lambda line: line.currency,
    keys="row name currency accounts count debit credit covered open_debit open_credit amount",
)


def write_progress(target: Target, progress: Progress, limit: Limit) -> None:
    """Write how far the books are reconciled."""
    if target.format in _DATA:
        write_list(target, _ALL, _data(progress), limit)
        return
    listing = replace(_STATUSES, charts=lambda: _charts(progress))
    count = write_list(target, listing, _shares(progress), Limit(0), lambda: _totals(progress))
    or_say(target, count, _("Nothing is posted yet."))
    if progress.obstacles:
        _gap(target)
        write_list(target, _OBSTACLES, progress.obstacles, Limit(0))
    if progress.months:
        _gap(target)
        write_list(target, _MONTHS, progress.months, limit)


def write_overview(target: Target, overview: Overview) -> None:
    """Write the state of the books in a few lines: accounts by status, then what is open in each currency."""
    look = target.look
    target.flow(
        (f"{symbols.label(status, look)} {count:,}", symbols.colour(status)) for status, count in overview.statuses
    )
    for total in overview.totals:
        currency = total.currency
        parts = [
            _("owed {amount}").format(amount=money(total.balance_minor, currency)),
            _("to be paid {amount}").format(amount=money(total.open_debit_minor, currency)),
            _("to be used {amount}").format(amount=money(total.open_credit_minor, currency)),
        ]
        if total.covered_minor:
            parts.append(_("covered {amount}").format(amount=money(total.covered_minor, currency)))
        if total.overdue:
            late = ngettext("{count} instalment overdue", "{count} instalments overdue", total.overdue)
            parts.append(late.format(count=f"{total.overdue:,}"))
        target.flow((look.text(part), "") for part in parts)
    if overview.locked_until is not None:
        target.line(_("Locked up to {day}.").format(day=day(overview.locked_until)))


def _gap(target: Target) -> None:
    if target.format is Format.TABLE:
        target.line()


def _share(part: int, whole: int) -> int:
    """Thousandths, rounded down; what is not the whole never reads as 100 %."""
    if part == whole:
        return _WHOLE
    return min(part * _WHOLE // whole, _NEARLY)


def _whole(progress: Progress) -> dict[str, int]:
    whole: dict[str, int] = {}
    for line in progress.statuses:
        whole[line.currency] = whole.get(line.currency, 0) + line.debit_minor + line.credit_minor
    return whole


def _shares(progress: Progress) -> Iterator[_Shared]:
    whole = _whole(progress)
    for line in progress.statuses:
        yield _Shared(line, _share(line.debit_minor + line.credit_minor, whole[line.currency]))


def _totals(progress: Progress) -> Iterator[TotalRow]:
    for currency in _whole(progress):
        lines = [line for line in progress.statuses if line.currency == currency]
        figures = {
            _ACCOUNTS: sum(line.accounts for line in lines),
            _ITEMS: sum(line.items for line in lines),
            _DEBITS: sum(line.debit_minor for line in lines),
            _CREDITS: sum(line.credit_minor for line in lines),
            _OPEN_DEBITS: sum(line.open_debit_minor for line in lines),
            _OPEN_CREDITS: sum(line.open_credit_minor for line in lines),
        }
        yield TotalRow(currency, figures)


def _charts(progress: Progress) -> Iterator[Chart]:
    for currency in _whole(progress):
        bars = [
            Bar(
                symbols.label(line.status, Look()),
                line.debit_minor + line.credit_minor,
                money(line.debit_minor + line.credit_minor, currency),
                line.status.value,
            )
            for line in progress.statuses
            if line.currency == currency
        ]
        yield Chart(_("State of reconciliation, {currency}").format(currency=currency), bars)


def _data(progress: Progress) -> Iterator[_DataLine]:
    for one in progress.statuses:
        yield _DataLine(
            row="status",
            name=one.status,
            currency=one.currency,
            accounts=one.accounts,
            number=one.items,
            debit_minor=one.debit_minor,
            credit_minor=one.credit_minor,
            open_debit_minor=one.open_debit_minor,
            open_credit_minor=one.open_credit_minor,
            amount_minor=one.debit_minor + one.credit_minor,
        )
    for way in progress.obstacles:
        yield _DataLine(
            row="obstacle",
            name=way.obstacle,
            currency=way.currency,
            number=way.number,
            debit_minor=way.debit_minor,
            credit_minor=way.credit_minor,
            amount_minor=way.debit_minor + way.credit_minor,
        )
    for month in progress.months:
        yield _DataLine(
            row="month",
            name=_month(month),
            currency=month.currency,
            number=month.items,
            debit_minor=month.debit_minor,
            credit_minor=month.credit_minor,
            covered_minor=month.covered_minor,
            open_debit_minor=month.open_debit_minor,
            open_credit_minor=month.open_credit_minor,
            amount_minor=month.whole_minor,
        )
