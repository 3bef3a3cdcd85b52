"""What a rehearsal tells, account by account; amounts as in `records`."""

from typing import NamedTuple


class Outcome(NamedTuple):
    """What a rehearsal would leave of one account in one currency: reconciled, then what stays open and is held.

    `held` counts open items; planned payments are not in the open amounts. `searched`: what is open on both sides is
    what no stage links.
    """

    account: str
    name: str
    currency: str
    amount_minor: int
    open_debit_minor: int
    open_credit_minor: int
    held: int
    searched: bool = False
