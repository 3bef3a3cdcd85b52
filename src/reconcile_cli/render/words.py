"""The words of kinds, states, sides and periods in the user's language, and why an allocation was made."""

from typing import TYPE_CHECKING, Final

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.records import ItemName
from reconcile_cli.text import N_, _
from reconcile_cli.text.figures import day

if TYPE_CHECKING:  # reports alone have periods
    from reconcile_cli.domain.reporting import Period

_KINDS: Final = {
    Kind.INVOICE: N_("invoice"),
    Kind.PAYMENT: N_("payment"),
    Kind.DEPOSIT: N_("deposit"),
    Kind.CREDIT_NOTE: N_("credit note"),
    Kind.CANCELLATION: N_("cancellation"),
    Kind.REFUND: N_("refund"),
    Kind.ADJUSTMENT: N_("adjustment"),
}
_STATES: Final = {
    State.POSTED: N_("posted"),
    State.PLANNED: N_("planned"),
    State.DECLINED: N_("declined"),
    State.VOID: N_("void"),
}
_SIDES: Final = {Side.DEBIT: N_("debit"), Side.CREDIT: N_("credit")}


_FIELDS: Final = {
    "account": N_("account"),
    "account_name": N_("account name"),
    "currency": N_("currency"),
    "date": N_("date"),
    "due_date": N_("due date"),
    "state": N_("state"),
    "order": N_("order"),
    "register": N_("register"),
    "method": N_("method"),
    "line": N_("line"),
    "amount": N_("amount"),
    "side": N_("side"),
    "description": N_("description"),
    "ledger_code": N_("ledger code"),
    "applies_to": N_("applies to"),
    "match_code": N_("match code"),
    "replaced_by": N_("replaced by"),
}


def field(name: str) -> str:
    """The word for a field of the input."""
    return _(_FIELDS[name])


def kind(value: Kind) -> str:
    """Say a kind: `credit note`."""
    return _(_KINDS[value])


def state(value: State) -> str:
    """Say a state: `planned`."""
    return _(_STATES[value])


def side(value: Side) -> str:
    """Say a side: `debit`."""
    return _(_SIDES[value])


def item(name: ItemName) -> str:
    """Say an item for reading: `invoice INV-9:1`. What is typed is `str(name)`."""
    return f"{kind(name.kind)} {name.document}:{name.line}"


def period(days: "Period") -> str:
    """Say which days a report is about; nothing where it is about all."""
    from reconcile_cli.domain.reporting import FIRST_DAY, LAST_DAY  # noqa: PLC0415 - see above

    first, last = day(days.first), day(days.last)
    if days.first == FIRST_DAY and days.last == LAST_DAY:
        return ""
    if days.first == FIRST_DAY:
        return _("Up to {day}.").format(day=last)
    if days.last == LAST_DAY:
        return _("From {day} on.").format(day=first)
    return _("From {first} to {last}.").format(first=first, last=last)
