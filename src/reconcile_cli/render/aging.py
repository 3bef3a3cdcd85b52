"""Aging and money without purpose: what is owed and what is open, by age, with totals and shares of buckets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.aging import AgedItem, AgedLine, Ages, UnappliedLine
from reconcile_cli.domain.kinds import Side
from reconcile_cli.render import words
from reconcile_cli.render.amounts import day, money
from reconcile_cli.render.chart import Bar, Chart
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import N_, _

_CURRENT: Final = N_("Current")
_CREDITS: Final = N_("Open credits")
_BALANCE: Final = N_("Balance")
_COVERED: Final = N_("Thereof covered")
_TOTAL: Final = N_("Total")
_DEBIT: Final = N_("Owed")
_LATE: Final = "red"
_WHOLE: Final = 1000
_DATA: Final = (Format.CSV, Format.JSON)


class BucketLine(NamedTuple):
    """What stands in a bucket in one currency, of all that is shown; the share is in thousandths."""

    currency: str
    title: str
    amount_minor: int
    share: int
    last: bool


def _spans(ages: Ages, first: int) -> list[tuple[str, str]]:
    """The titles and keys of the buckets after `current`; the first begins at so many days."""
    spans = [(first, ages.spans()[0][1]), *ages.spans()[1:]]
    return [
        (f"> {start - 1}", f"over_{start - 1}") if end is None else (f"{start}-{end}", f"days_{start}_{end}")
        for start, end in spans
    ]


def aging_buckets(ages: Ages) -> list[tuple[str, str]]:
    """The titles and keys of the buckets of debits, current first."""
    return [(_CURRENT, "current"), *_spans(ages, 1)]


@dataclass(slots=True)
class _Sums:
    """The sums of all lines by currency, made as they pass."""

    titles: Sequence[str]
    by_currency: dict[str, list[int]] = field(default_factory=dict)

    def of(self, target: Target, lines: Iterable[Any], figures: Callable[[Any], Sequence[int]]) -> Iterator[Any]:
        """Pass lines on; where totals are shown, add them up."""
        return iter(lines) if target.format in _DATA else self._adding(lines, figures)

    def _adding(self, lines: Iterable[Any], figures: Callable[[Any], Sequence[int]]) -> Iterator[Any]:
        for line in lines:
            sums = self.by_currency.setdefault(line.currency, [0] * len(self.titles))
            for place, figure in enumerate(figures(line)):
                sums[place] += figure
            yield line

    def totals(self, passing: Iterator[Any]) -> Iterator[TotalRow]:
        """Give the sums, those of lines that a screen leaves out too."""
        for _line in passing:
            pass
        for currency, sums in sorted(self.by_currency.items()):
            yield TotalRow(currency, dict(zip(self.titles, sums, strict=True)))

    def buckets(self, count: int) -> Iterator[BucketLine]:
        """Give the first figures as shares of their sum."""
        for currency, sums in sorted(self.by_currency.items()):
            whole = sum(sums[:count])
            for place, (title, figure) in enumerate(zip(self.titles[:count], sums, strict=False)):
                yield BucketLine(currency, title, figure, figure * _WHOLE // whole if whole else 0, place == count - 1)


def write_aging(target: Target, ages: Ages, lines: Iterable[AgedLine], limit: Limit) -> int:
    """Write what is owed by account and bucket, open credits apart; the balance is the sum of both."""
    buckets = aging_buckets(ages)
    titles = [title for title, _key in buckets]
    sums = _Sums([*titles, _COVERED, _CREDITS, _BALANCE])
    passing = sums.of(
        target, lines, lambda line: (*line.figures, line.covered_minor, line.open_credit_minor, line.balance_minor)
    )
    keys = ["row", "account", "name", "currency", *(key for _title, key in buckets), "covered", "open_credit", "amount"]
    listing = Listing[AgedLine](
        columns=(
            Column("", lambda _line: "account", key="row", shown=False),
            Column(N_("Account"), lambda line: line.account, key="account", floor=8),
            Column(N_("Name"), lambda line: line.name, key="name", floor=10, rank=9, spare=True, hide_empty=True),
            Column("", lambda line: line.currency, key="currency"),
            *_figure_columns(buckets),
            Column(_COVERED, lambda line: line.covered_minor, Shape.AMOUNT, "covered", rank=8, spare=True),
            Column(_CREDITS, lambda line: line.open_credit_minor, Shape.AMOUNT, "open_credit", rank=1),
            Column(_BALANCE, lambda line: line.balance_minor, Shape.BALANCE, "amount"),
        ),
        currency=lambda line: line.currency,
        keys=" ".join(keys),
        title=N_("Aging"),
        period=_as_of(ages),
        charts=lambda: _charts(sums, len(buckets)),
    )
    _head(target, _("Days past due as of {day}.").format(day=day(ages.as_of)))
    count = write_list(target, listing, passing, limit, lambda: sums.totals(passing))
    _write_buckets(target, sums, len(buckets), count)
    return or_say(target, count, _("Nothing was open on {day}.").format(day=day(ages.as_of)))


def write_unapplied(target: Target, ages: Ages, lines: Iterable[UnappliedLine], limit: Limit) -> int:
    """Write money that pays nothing yet, by account and days since it came."""
    buckets = _spans(ages, 0)
    titles = [title for title, _key in buckets]
    items = N_("Items")
    sums = _Sums([*titles, items, _TOTAL])
    passing = sums.of(target, lines, lambda line: (*line.figures, line.items, line.amount_minor))
    listing = Listing[UnappliedLine](
        columns=(
            Column("", lambda _line: "account", key="row", shown=False),
            Column(N_("Account"), lambda line: line.account, key="account", floor=8),
            Column(N_("Name"), lambda line: line.name, key="name", floor=10, rank=9, spare=True, hide_empty=True),
            Column("", lambda line: line.currency, key="currency"),
            *_figure_columns(buckets),
            Column(items, lambda line: line.items, Shape.COUNT, "items", rank=5),
            Column(_TOTAL, lambda line: line.amount_minor, Shape.BALANCE, "amount"),
        ),
        currency=lambda line: line.currency,
        keys=" ".join(["row", "account", "name", "currency", *(key for _title, key in buckets), "items", "amount"]),
        title=N_("Money without purpose"),
        period=_as_of(ages),
        charts=lambda: _charts(sums, len(buckets)),
    )
    _head(target, _("Open credits by days since their date, as of {day}.").format(day=day(ages.as_of)))
    count = write_list(target, listing, passing, limit, lambda: sums.totals(passing))
    _write_buckets(target, sums, len(buckets), count)
    return or_say(target, count, _("No money without purpose on {day}.").format(day=day(ages.as_of)))


def write_aging_items(target: Target, ages: Ages, lines: Iterable[AgedItem], limit: Limit) -> int:
    """Write the items that aging consists of, with the payments that will be taken for them."""
    buckets = aging_buckets(ages)
    sums = _Sums([_DEBIT, _CREDITS])
    passing = sums.of(target, lines, lambda line: (_owed(line) or 0, _credit(line) or 0))
    listing = Listing[AgedItem](
        columns=(
            Column("", lambda _line: "item", key="row", shown=False),
            Column(N_("Account"), lambda line: line.account, key="account", floor=8),
            Column(N_("Name"), lambda line: line.name, key="name", floor=10, rank=9, spare=True, hide_empty=True),
            Column(
                N_("Kind"),
                lambda line: line.kind.code,
                key="kind",
                words=lambda line: words.kind(line.kind),
                rank=8,
                spare=True,
            ),
            Column(N_("Item"), lambda line: f"{line.document}:{line.line}", floor=14),
            Column(N_("Date"), lambda line: line.date, Shape.DATE, "date", rank=6, spare=True),
            Column(N_("Due"), lambda line: line.due, Shape.DATE, "due_date", rank=2),
            Column(
                N_("Days late"), lambda line: line.days_past_due, Shape.COUNT, "days_past_due", rank=4, hide_empty=True
            ),
            Column(N_("Covered by"), lambda line: line.planned, key="covered_by", floor=12, rank=3, hide_empty=True),
            Column("", lambda line: line.currency, key="currency"),
            Column(
                N_("Age"),
                lambda line: _key(line, buckets),
                key="bucket",
                words=lambda line: _title(line, buckets),
                rank=1,
                style=lambda line: _LATE if line.bucket == len(buckets) - 1 else "",
            ),
            Column(_DEBIT, _owed, Shape.AMOUNT),
            Column(_CREDITS, _credit, Shape.AMOUNT),
            Column("", lambda line: line.document, key="document", shown=False),
            Column("", lambda line: line.line, Shape.COUNT, "line", shown=False),
            Column("", lambda line: line.side.name.lower(), key="side", shown=False),
            Column("", lambda line: line.amount_minor, Shape.AMOUNT, "amount", shown=False),
        ),
        currency=lambda line: line.currency,
        keys="row account name kind document line side date due_date days_past_due bucket covered_by currency amount",
        title=N_("Aging"),
        period=_as_of(ages),
    )
    _head(target, _("Days past due as of {day}.").format(day=day(ages.as_of)))
    count = write_list(target, listing, passing, limit, lambda: sums.totals(passing))
    return or_say(target, count, _("Nothing was open on {day}.").format(day=day(ages.as_of)))


_BUCKETS: Final = Listing[BucketLine](
    columns=(
        Column(N_("Age"), lambda line: line.title, words=lambda line: _(line.title)),
        Column("", lambda line: line.currency, key="currency"),
        Column(
            N_("Amount"),
            lambda line: line.amount_minor,
            Shape.AMOUNT,
            style=lambda line: _LATE if line.last else "",
        ),
        Column(N_("Share"), lambda line: line.share, Shape.SHARE, style=lambda line: _LATE if line.last else ""),
    ),
    currency=lambda line: line.currency,
)


def _write_buckets(target: Target, sums: _Sums, count: int, written: int) -> None:
    """Under a table, show how the whole is spread over the buckets."""
    if target.format is Format.TABLE and written:
        target.line()
        write_list(target, _BUCKETS, sums.buckets(count), Limit(0))


def _charts(sums: _Sums, count: int) -> Iterator[Chart]:
    lines = list(sums.buckets(count))
    for currency in dict.fromkeys(line.currency for line in lines):
        bars = [
            Bar(
                _(line.title),
                line.amount_minor,
                money(line.amount_minor, currency),
                "late" if line.last else "",
            )
            for line in lines
            if line.currency == currency
        ]
        yield Chart(_("By age, {currency}").format(currency=currency), bars)


def _figure_columns(buckets: Sequence[tuple[str, str]]) -> Iterator[Column[Any]]:
    for place, (title, key) in enumerate(buckets):
        late = place == len(buckets) - 1
        yield Column(
            title, partial(_figure, place), Shape.AMOUNT, key, rank=2, style=(lambda _line: _LATE) if late else None
        )


def _figure(place: int, line: AgedLine | UnappliedLine) -> int:
    return line.figures[place]


def _as_of(ages: Ages) -> str:
    return _("as of {day}").format(day=day(ages.as_of))


def _head(target: Target, sentence: str) -> None:
    if target.format is Format.TABLE:
        target.line(sentence)
        target.line()


def _owed(line: AgedItem) -> int | None:
    return line.amount_minor if line.side is Side.DEBIT else None


def _credit(line: AgedItem) -> int | None:
    return line.amount_minor if line.side is Side.CREDIT else None


def _key(line: AgedItem, buckets: Sequence[tuple[str, str]]) -> str:
    return buckets[line.bucket][1] if line.side is Side.DEBIT else "open_credit"


def _title(line: AgedItem, buckets: Sequence[tuple[str, str]]) -> str:
    return _(buckets[line.bucket][0]) if line.side is Side.DEBIT else _("credit")
