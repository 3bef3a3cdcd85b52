"""The list of accounts: one row per account and currency, totals per currency."""

from collections.abc import Callable, Iterable
from typing import Final

from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _, ngettext


def _note(line: AccountLine) -> str:
    notes = [_("held")] if line.held else []
    if line.overdue:
        notes.append(ngettext("{count} overdue", "{count} overdue", line.overdue).format(count=line.overdue))
    return ", ".join(notes)


ACCOUNTS: Final = Listing[AccountLine](
    columns=(
        Column(N_("Status"), lambda line: line.status, Shape.STATUS, "status", rank=1),
        Column(N_("Account"), lambda line: line.account, key="account", floor=14),
        Column(N_("Name"), lambda line: line.name, key="name", floor=14, rank=5),
        Column("", lambda line: line.currency, key="currency"),
        Column(N_("Balance"), lambda line: line.balance_minor, Shape.BALANCE, "balance"),
        Column(N_("Open debits"), lambda line: line.open_debit_minor, Shape.AMOUNT, "open_debit", rank=3),
        Column(N_("Open credits"), lambda line: line.open_credit_minor, Shape.AMOUNT, "open_credit", rank=2),
        Column(
            N_("Covered"), lambda line: line.covered_minor, Shape.AMOUNT, "covered", rank=9, spare=True, hide_empty=True
        ),
        Column(N_("Items open"), lambda line: line.open_items, Shape.COUNT, "open_items", rank=8, spare=True),
        Column(N_("Note"), lambda line: line.held, Shape.FLAG, "held", words=_note, rank=7, hide_empty=True),
        Column("", lambda line: line.overdue, Shape.COUNT, "overdue", shown=False),
    ),
    currency=lambda line: line.currency,
    keys="account name currency status balance open_debit open_credit covered open_items overdue held",
    title=N_("Accounts"),
)


def write_accounts(
    target: Target, lines: Iterable[AccountLine], totals: Callable[[], Iterable[AccountLine]], limit: Limit
) -> int:
    """Write the accounts; the totals, one per currency, only in the table."""
    count = write_list(target, ACCOUNTS, lines, limit, lambda: [_total(total) for total in totals()])
    return or_say(target, count, _("No account fits."))


def _total(line: AccountLine) -> TotalRow:
    return TotalRow(
        line.currency,
        {
            "Balance": line.balance_minor,
            "Open debits": line.open_debit_minor,
            "Open credits": line.open_credit_minor,
            "Covered": line.covered_minor,
            "Items open": line.open_items,
        },
    )
