"""All that one operation did: `history show`."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final, NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.load_results import FieldChange
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.operations import OperationDetail, OperationLine, TransactionLine
from reconcile_cli.render import words
from reconcile_cli.render.allocations import ALLOCATIONS
from reconcile_cli.render.columns import Column, Listing, Record, Shape
from reconcile_cli.render.data import JsonArray, as_object, parsed, write_csv
from reconcile_cli.render.history import OPERATIONS
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.loading import CHANGES
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.safe import json_text
from reconcile_cli.text import N_, _

_SHOWN: Final = 20

TRANSACTIONS: Final = Listing[TransactionLine](
    columns=(
        Column(N_("Account"), lambda line: line.account, key="account", floor=10),
        Column(N_("Kind"), lambda line: line.kind.code, key="kind", words=lambda line: words.kind(line.kind), rank=2),
        Column(N_("Document"), lambda line: line.document, key="document", floor=12),
        Column(N_("Date"), lambda line: line.date, Shape.DATE, "date", rank=1),
        Column(
            N_("State"),
            lambda line: line.state.code,
            key="state",
            words=lambda line: words.state(line.state),
            rank=3,
            spare=True,
        ),
        Column("", lambda line: line.currency, key="currency"),
        Column(N_("Amount"), lambda line: line.amount_minor, Shape.BALANCE, "amount"),
    ),
    currency=lambda line: line.currency,
    keys="account kind document date state currency amount",
)

_NAMES: Final = Listing[str](columns=(Column(N_("Item"), lambda name: name, floor=18),), currency=lambda _name: "")


class _Effect(NamedTuple):
    """One line of the CSV: everything that an operation did in one shape."""

    effect: str
    account: str = ""
    item: str = ""
    other: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    currency: str = ""
    amount: str = ""


_EFFECTS: Final = Listing[_Effect](
    columns=(
        Column("", lambda effect: effect.effect, key="effect"),
        Column("", lambda effect: effect.account, key="account"),
        Column("", lambda effect: effect.item, key="item"),
        Column("", lambda effect: effect.other, key="other"),
        Column("", lambda effect: effect.field, key="field"),
        Column("", lambda effect: effect.before, key="before"),
        Column("", lambda effect: effect.after, key="after"),
        Column("", lambda effect: effect.currency, key="currency"),
        Column("", lambda effect: effect.amount, Shape.AMOUNT, "amount"),
    ),
    currency=lambda effect: effect.currency,
    keys="effect account item other field before after currency amount",
)


def write_operation(target: Target, detail: OperationDetail, limit: Limit) -> None:
    """Write what an operation did. A table shows the first 20 rows of each list; data have all."""
    if target.format is Format.JSON:
        _write_json(target, detail)
    elif target.format is Format.CSV:
        write_csv(target, _EFFECTS, _effects(detail))
    else:
        first = 0 if target.format.is_document else _SHOWN
        _write_table(target, detail, first if limit.asked is None else limit.asked)


def _day(day: int | None) -> str:
    return "" if day is None else iso(day)


def _write_json(target: Target, detail: OperationDetail) -> None:
    head = as_object(OPERATIONS, detail.line)
    if detail.lock is not None:
        before, after = (_day(day) or None for day in detail.lock)
        head["locked_until"] = {"before": before, "after": after}
    head |= {"held": list(detail.held), "released": list(detail.released)}
    fields = [f"{json_text(name)}: {json_text(value)}" for name, value in head.items()]
    target.stream.write("{" + ", ".join(fields) + ', "transactions": {"added": ')
    _array(target, TRANSACTIONS, detail.added)
    target.stream.write(', "removed": ')
    _array(target, TRANSACTIONS, detail.removed)
    target.stream.write('}, "changes": ')
    _array(target, CHANGES, (FieldChange(*change) for change in detail.changes))
    target.stream.write(', "allocations": {"made": ')
    _array(target, ALLOCATIONS, detail.allocations_made)
    target.stream.write(', "removed": ')
    _array(target, ALLOCATIONS, detail.allocations_removed)
    target.stream.write("}}\n")


def _array(target: Target, listing: Listing[Record], records: Iterable[Record]) -> None:
    array = JsonArray(target.stream)
    for record in records:
        array.add(as_object(listing, record))
    array.end("")


def _effects(detail: OperationDetail) -> Iterator[_Effect]:
    if detail.lock is not None:
        before, after = map(_day, detail.lock)
        yield _Effect("lock", field="locked_until", before=before, after=after)
    for effect, lines in (("transaction_added", detail.added), ("transaction_removed", detail.removed)):
        for line in lines:
            amount = plain(line.amount_minor, line.currency)
            yield _Effect(effect, line.account, _name(line), currency=line.currency, amount=amount)
    for document, field, old, new in detail.changes:
        yield _Effect("changed", item=document, field=field, before=old, after=new)
    for effect, names in (("held", detail.held), ("released", detail.released)):
        for name in names:
            yield _Effect(effect, item=name)
    for effect, links in (
        ("allocation_made", detail.allocations_made),
        ("allocation_removed", detail.allocations_removed),
    ):
        for link in links:
            amount = plain(link.amount_minor, link.currency)
            credit, debit = str(link.credit), str(link.debit)
            yield _Effect(effect, link.account, credit, debit, currency=link.currency, amount=amount)


def _name(line: TransactionLine) -> str:
    return f"{line.kind.code}/{line.document}"


def _write_table(target: Target, detail: OperationDetail, rows: int) -> None:
    for text, style in _facts(detail.line):
        target.line(text, style)
    if detail.lock is not None:
        before, after = (_day(day) or _("not locked") for day in detail.lock)
        _titled(target, _("Locked until"))
        target.line(_("  {after}; before: {before}").format(after=after, before=before))
    _list(target, _("Transactions added"), TRANSACTIONS, detail.added, rows)
    _list(target, _("Transactions removed"), TRANSACTIONS, detail.removed, rows)
    _list(target, _("What changed"), CHANGES, (FieldChange(*change) for change in detail.changes), rows)
    _list(target, _("Held"), _NAMES, detail.held, rows)
    _list(target, _("Released"), _NAMES, detail.released, rows)
    _list(target, _("Allocations made"), ALLOCATIONS, detail.allocations_made, rows)
    _list(target, _("Allocations removed"), ALLOCATIONS, detail.allocations_removed, rows)
    target.line()
    target.line(_("Hash: {hash}").format(hash=detail.line.hash), "dim")


def _facts(line: OperationLine) -> Iterator[tuple[str, str]]:
    yield _("Operation {number}: {command}").format(number=line.number, command=line.command), "bold"
    when = line.made_at.replace("T", " ").rstrip("Z")
    yield _("{when} (UTC), by {author}").format(when=when, author=line.author), ""
    if given := _given(line.arguments):
        yield _("Given: {arguments}").format(arguments=given), ""
    if line.note:
        yield _("Note: {note}").format(note=line.note), ""
    if line.undoes is not None:
        yield _("It takes back operation {number}.").format(number=line.undoes), ""
    if line.undone_by is not None:
        yield _("It was taken back by operation {number}.").format(number=line.undone_by), "yellow"


def _given(arguments: str) -> str:
    """The words and options of the command: `names INV-9 PAY-4; by_due`."""
    told = []
    for name, value in (parsed(arguments) or {}).items():
        if value is None:  # accounts of an auto over all of them
            told.append("--all")
            continue
        words_ = [str(word) for word in (value if isinstance(value, list) else [value]) if word is not True]
        told.append(" ".join([name, *words_]))
    return "; ".join(told)


def _titled(target: Target, title: str) -> None:
    target.line()
    target.line(title, "bold")


def _list(target: Target, title: str, listing: Listing[Record], records: Iterable[Record], rows: int) -> None:
    """Write the first rows of a list under its title; nothing where it is empty."""
    source = iter(records)
    for first in islice(source, 1):
        _titled(target, title)
        write_list(target, listing, chain([first], islice(source, max(rows - 1, 0) if rows else None)), Limit(0))
        if next(source, None) is not None:
            target.line(_("... and more; all of them: --limit 0, or -f csv"), "dim")
