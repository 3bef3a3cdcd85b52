"""What a rehearsal would leave, account by account."""

from collections.abc import Iterable
from itertools import chain, islice
from typing import Final

from reconcile_cli.domain.outcomes import Outcome
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _, ngettext


def _why_open(outcome: Outcome) -> str:
    held = [ngettext("{count} item held", "{count} items held", outcome.held).format(count=outcome.held)]
    if outcome.open_debit_minor and outcome.open_credit_minor:
        if outcome.searched:
            return _("nothing fits exactly")
        return held[0] if outcome.held else _("dated later")
    if outcome.open_debit_minor:
        return ", ".join([_("no payment left"), *(held if outcome.held else ())])
    if outcome.open_credit_minor:
        return ", ".join([_("nothing left to pay"), *(held if outcome.held else ())])
    return ""


OUTCOMES: Final = Listing[Outcome](
    columns=(
        Column(N_("Account"), lambda outcome: outcome.account, floor=10),
        Column(N_("Name"), lambda outcome: outcome.name, floor=14, rank=2, spare=True),
        Column("", lambda outcome: outcome.currency, key="currency"),
        Column(N_("Reconciled"), lambda outcome: outcome.amount_minor, Shape.AMOUNT),
        Column(N_("Still to be paid"), lambda outcome: outcome.open_debit_minor, Shape.AMOUNT),
        Column(N_("Still to be used"), lambda outcome: outcome.open_credit_minor, Shape.AMOUNT),
        Column(N_("Why"), _why_open, floor=14, rank=1, hide_empty=True),
    ),
    currency=lambda outcome: outcome.currency,
)


def write_outcomes(target: Target, outcomes: Iterable[Outcome], limit: Limit) -> None:
    """Write the accounts under a title; nothing where there are none."""
    records = iter(outcomes)
    for first in islice(records, 1):
        target.line()
        target.line(_("Account by account"), "bold")
        write_list(target, OUTCOMES, chain([first], records), limit)
        target.line()
