"""The list of what is not reconciled, oldest first, with its totals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from reconcile_cli.domain.kinds import Side, State
from reconcile_cli.domain.lists import OpenLine
from reconcile_cli.render import words
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _

_DEBITS: Final = N_("Open debit")
_CREDITS: Final = N_("Open credit")


def _note(line: OpenLine) -> str:
    notes = [_("held")] if line.held else []
    if line.state is State.PLANNED:
        notes.append(_("overdue") if line.days_past_due else _("planned"))
    return ", ".join(notes)


def _open(side: Side, line: OpenLine) -> int | None:
    return line.open_minor if line.side is side else None


UNRECONCILED: Final = Listing[OpenLine](
    columns=(
        Column(N_("Status"), lambda line: line.status, Shape.STATUS, "status", rank=3),
        Column(N_("Account"), lambda line: line.account, key="account", floor=14),
        Column(N_("Name"), lambda line: line.name, key="name", floor=14, rank=10, spare=True),
        Column(
            N_("Kind"),
            lambda line: line.kind.code,
            key="kind",
            words=lambda line: words.kind(line.kind),
            rank=6,
            spare=True,
        ),
        Column(N_("Item"), lambda line: f"{line.document}:{line.line}", floor=18),
        Column(N_("Date"), lambda line: line.date, Shape.DATE, "date", rank=2),
        Column(N_("Due"), lambda line: line.due_date, Shape.DATE, "due_date", rank=8, spare=True, hide_empty=True),
        Column(
            N_("Days late"),
            lambda line: line.days_past_due,
            Shape.COUNT,
            "days_past_due",
            rank=5,
            spare=True,
            hide_empty=True,
        ),
        Column("", lambda line: line.currency, key="currency"),
        Column(N_("Amount"), lambda line: line.amount_minor, Shape.AMOUNT, "amount", rank=11, spare=True),
        Column(_DEBITS, lambda line: _open(Side.DEBIT, line), Shape.AMOUNT),
        Column(_CREDITS, lambda line: _open(Side.CREDIT, line), Shape.AMOUNT),
        Column(
            N_("Ledger code"), lambda line: line.ledger_code, key="ledger_code", rank=12, spare=True, hide_empty=True
        ),
        Column(
            N_("Description"),
            lambda line: line.description,
            key="description",
            floor=14,
            rank=9,
            spare=True,
            hide_empty=True,
        ),
        Column(N_("Note"), lambda line: line.held, Shape.FLAG, "held", words=_note, rank=1, hide_empty=True),
        Column("", lambda line: line.document, key="document", shown=False),
        Column("", lambda line: line.line, Shape.COUNT, "line", shown=False),
        Column("", lambda line: line.side.name.lower(), key="side", shown=False),
        Column("", lambda line: line.state.code, key="state", shown=False),
        Column("", lambda line: line.open_minor, Shape.AMOUNT, "open", shown=False),
    ),
    currency=lambda line: line.currency,
    keys=(
        "account name kind document line side date due_date state currency amount open status ledger_code "
        "days_past_due description held"
    ),
    title=N_("Not reconciled"),
)


def write_unreconciled(target: Target, lines: Iterable[OpenLine], limit: Limit, nothing: str) -> int:
    """Write the open items with totals of what was written, and return how many there are; `nothing` says if none."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: {_DEBITS: 0, _CREDITS: 0})

    def adding() -> Iterator[OpenLine]:
        for line in lines:
            sums[line.currency][_DEBITS if line.side is Side.DEBIT else _CREDITS] += line.open_minor
            yield line

    def totals() -> Iterator[TotalRow]:
        if not limit.cut:
            for currency, figures in sorted(sums.items()):
                yield TotalRow(currency, figures)

    count = write_list(target, UNRECONCILED, adding(), limit, totals)
    return or_say(target, count, nothing)
