"""Allocations made, removed or proposed: what `match`, `auto`, `unmatch` and `undo` report."""

from collections.abc import Sequence
from typing import Any, Final

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.records import AllocationLine, Total
from reconcile_cli.domain.results import MatchResult, Undone
from reconcile_cli.render import reasons, words
from reconcile_cli.render.amounts import money
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.data import as_object, write_csv, write_object
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import N_, _, figures, ngettext

_AMOUNT: Final = N_("Amount")

ALLOCATIONS: Final = Listing[AllocationLine](
    columns=(
        Column(N_("Account"), lambda line: line.account, key="account", floor=10),
        Column(
            N_("Credit"),
            lambda line: str(line.credit),
            key="credit",
            words=lambda line: words.item(line.credit),
            floor=16,
        ),
        Column(
            N_("Debit"),
            lambda line: str(line.debit),
            key="debit",
            words=lambda line: words.item(line.debit),
            floor=16,
            rank=1,
        ),
        Column("", lambda line: line.currency, key="currency"),
        Column(_AMOUNT, lambda line: line.amount_minor, Shape.AMOUNT, "amount"),
        Column(N_("Why"), lambda line: reasons.worded(line.stage, line.reason), floor=60, rank=2),
        Column("", lambda line: line.stage.code, key="stage", shown=False),
        Column("", lambda line: line.reason, Shape.OBJECT, "reason", shown=False),
    ),
    currency=lambda line: line.currency,
    keys="account currency credit debit amount stage reason",
)


def write_allocations(target: Target, result: MatchResult, limit: Limit) -> None:
    """Write the allocations of a change; in the table with their totals and what stays open."""
    if target.format is Format.JSON:
        from reconcile_cli.render.doubts import DOUBTS  # noqa: PLC0415 - tables of what left no doubt need none

        head = {"operation": result.operation, "dry_run": result.dry_run}
        tail = {
            "totals": total_objects(result.totals),
            "open_debits": total_objects(result.open_debits),
            "open_credits": total_objects(result.open_credits),
            "held": result.held,
            "written_off": [
                {
                    "document": f"{Kind.ADJUSTMENT.code}/{one.document}" if one.document else None,
                    "item": str(one.item),
                    "account": one.account,
                    "currency": one.currency,
                    "amount": plain(one.amount_minor, one.currency),
                }
                for one in result.written_off
            ],
            "doubts": [as_object(DOUBTS, doubt) for doubt in result.doubts],
        }
        objects = (as_object(ALLOCATIONS, line) for line in result.allocations)
        write_object(target, head, "allocations", objects, tail)
        return
    if target.format is Format.CSV:
        write_csv(target, ALLOCATIONS, result.allocations)
        return
    write_list(
        target,
        ALLOCATIONS,
        result.allocations,
        limit,
        totals=lambda: [TotalRow(total.currency, {_AMOUNT: total.amount_minor}) for total in result.totals],
    )
    if result.doubts:
        from reconcile_cli.render.doubts import write_doubts  # noqa: PLC0415 - see above

        write_doubts(target, result.doubts, limit)
    if result.dry_run:
        from reconcile_cli.render.outcomes import write_outcomes  # noqa: PLC0415 - rehearsals alone tell it

        write_outcomes(target, result.outcomes, Limit(limit.asked))
    for sentence in still_open(result.open_debits, result.open_credits, result.held):
        target.line(sentence)


def total_objects(totals: Sequence[Total]) -> list[dict[str, Any]]:
    """Give totals as JSON has them."""
    return [
        {"currency": total.currency, "count": total.count, "amount": plain(total.amount_minor, total.currency)}
        for total in totals
    ]


def still_open(debits: Sequence[Total], credits_: Sequence[Total], held: int = 0) -> list[str]:
    """Say what stays open in the accounts concerned, and why."""
    sentences = [
        ngettext(
            "Still to be paid: {amount} in {count} account.",
            "Still to be paid: {amount} in {count} accounts.",
            total.count,
        ).format(amount=money(total.amount_minor, total.currency), count=figures.count(total.count))
        for total in debits
        if total.count
    ]
    sentences += [
        ngettext(
            "Still to be used: {amount} in {count} account.",
            "Still to be used: {amount} in {count} accounts.",
            total.count,
        ).format(amount=money(total.amount_minor, total.currency), count=figures.count(total.count))
        for total in credits_
        if total.count
    ]
    if held:
        sentences.append(
            ngettext(
                "{count} open item is held: auto leaves it alone.",
                "{count} open items are held: auto leaves them alone.",
                held,
            ).format(count=held)
        )
    return sentences


def made(totals: Sequence[Total], *, dry_run: bool = False) -> list[str]:
    """Say in a line per currency what was, or would be, reconciled."""
    sentences = []
    for total in totals:
        text = (
            ngettext(
                "Would reconcile {amount} in {count} allocation.",
                "Would reconcile {amount} in {count} allocations.",
                total.count,
            )
            if dry_run
            else ngettext(
                "Reconciled {amount} in {count} allocation.", "Reconciled {amount} in {count} allocations.", total.count
            )
        )
        sentences.append(
            text.format(amount=money(total.amount_minor, total.currency), count=figures.count(total.count))
        )
    return sentences


def written_off(result: MatchResult, ledger_code: str) -> list[str]:
    """Say in a line per currency what was, or would be, written off, and by which documents."""
    sentences = []
    for currency in sorted({one.currency for one in result.written_off}):
        of_currency = [one for one in result.written_off if one.currency == currency]
        first, last = of_currency[0].document, of_currency[-1].document
        if result.dry_run:
            text = ngettext(
                "Would write off {amount} under {code} in {count} adjustment.",
                "Would write off {amount} under {code} in {count} adjustments.",
                len(of_currency),
            )
        else:
            text = ngettext(
                "Wrote off {amount} under {code}: adjustment {first}.",
                "Wrote off {amount} under {code} in {count} adjustments, {first} to {last}.",
                len(of_currency),
            )
        amount = money(sum(one.amount_minor for one in of_currency), currency)
        count = f"{len(of_currency):,}"
        sentences.append(text.format(amount=amount, code=ledger_code, count=count, first=first, last=last))
    if ledger_code and not sentences and not result.dry_run:
        sentences.append(_("Nothing was left to write off."))
    return sentences


def undone(undone: Undone) -> list[str]:
    """Say what an undo took back, and what came and went with it."""
    by = undone.by
    parts = [
        (
            by.allocations_removed,
            ngettext("{count} allocation removed", "{count} allocations removed", by.allocations_removed),
        ),
        (by.allocations_made, ngettext("{count} allocation back", "{count} allocations back", by.allocations_made)),
        (
            by.transactions_removed,
            ngettext("{count} transaction removed", "{count} transactions removed", by.transactions_removed),
        ),
        (by.transactions_made, ngettext("{count} transaction back", "{count} transactions back", by.transactions_made)),
        (
            by.transactions_changed,
            ngettext("{count} transaction as it was", "{count} transactions as they were", by.transactions_changed),
        ),
    ]
    what = ", ".join(text.format(count=figures.count(count)) for count, text in parts if count)
    sentence = (
        _("Took back operation {number} ({command}): {what}.")
        if what
        else _("Took back operation {number} ({command}).")
    )
    again = undone.taken_back.undoes
    holds = [_("Operation {number} holds again.").format(number=again)] if again else []
    return [*holds, sentence.format(number=undone.taken_back.number, command=undone.taken_back.command, what=what)]


def removed(totals: Sequence[Total]) -> list[str]:
    """Say in a line per currency what was taken apart."""
    return [
        ngettext(
            "Removed {count} allocation of {amount}.", "Removed {count} allocations of {amount} together.", total.count
        ).format(amount=money(total.amount_minor, total.currency), count=figures.count(total.count))
        for total in totals
    ]
