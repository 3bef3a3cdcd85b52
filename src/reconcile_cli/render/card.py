"""The account card: transactions in date order, sales, cash, running balance, and what is open (R3)."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from reconcile_cli.domain.cards import AccountCard, Balance, TransactionCard
from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.status import Status
from reconcile_cli.render import symbols, words
from reconcile_cli.render.amounts import money
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.data import write_object
from reconcile_cli.render.items import MATCH_DATA, match_rows, write_item_rows
from reconcile_cli.render.lists import Limit, draw_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.transactions import beside_status, described, transaction_object
from reconcile_cli.text import N_, _
from reconcile_cli.text.figures import day

_SALES: Final = N_("Sales")
_CASH: Final = N_("Cash")
_BALANCE: Final = N_("Balance")
_OPEN: Final = N_("Open")


class CardRow(NamedTuple):
    """One row of the card. Sales and cash are signed as in R3: balance = sales - cash."""

    currency: str
    status: Status | None = None
    beside: str = ""
    date: int | None = None
    kind: str = ""
    document: str = ""
    description: str = ""
    sales_minor: int | None = None
    cash_minor: int | None = None
    uncounted_minor: int | None = None
    balance_minor: int | None = None
    open_minor: int | None = None
    note: str = ""


class Ledger:
    """Keeps the running balances and the sums of the columns while transactions pass by."""

    def __init__(self, balances: dict[str, int]) -> None:
        self.balances = balances
        self.sums: dict[str, dict[str, int]] = {}

    def row(self, card: TransactionCard) -> CardRow:
        """Add a transaction and give its row. Planned, declined and void ones count in no balance (R3, R15)."""
        posted = card.state is State.POSTED
        in_sales = card.kind.in_sales
        amount_minor = card.amount_minor if in_sales else -card.amount_minor
        open_minor = card.open_debit_minor - card.open_credit_minor
        if posted:
            self.balances[card.currency] = self.balances.get(card.currency, 0) + card.amount_minor
            sums = self.sums.setdefault(card.currency, {_SALES: 0, _CASH: 0, _OPEN: 0})
            sums[_SALES if in_sales else _CASH] += amount_minor
            sums[_OPEN] += open_minor
        return CardRow(
            currency=card.currency,
            status=card.status,
            beside=beside_status(card),
            date=_day(card),
            kind=words.kind(card.kind),
            document=card.document,
            description=described(card),
            sales_minor=amount_minor if posted and in_sales else None,
            cash_minor=amount_minor if posted and not in_sales else None,
            uncounted_minor=None if posted else amount_minor,
            balance_minor=self.balances[card.currency] if posted else None,
            open_minor=open_minor if card.state.counts else None,
            note=_note(card),
        )

    def totals(self) -> Iterator[TotalRow]:
        """Give the sums of what was shown, with the balance at its end."""
        for currency, sums in sorted(self.sums.items()):
            yield TotalRow(currency, sums | {_BALANCE: self.balances[currency]})


def _day(card: TransactionCard) -> int:
    """The day at which it stands: a planned payment at the day it will be taken."""
    return (card.due_date or card.date) if card.state is State.PLANNED else card.date


def _note(card: TransactionCard) -> str:
    notes = []
    if _day(card) != card.date:
        notes.append(_("agreed {date}").format(date=day(card.date)))
    if card.replaced_by:
        notes.append(_("replaced by {document}").format(document=card.replaced_by))
    if any(item.held for item in card.items):
        notes.append(_("held"))
    return ", ".join(notes)


def _listing(*, currencies: bool, running: bool) -> Listing[CardRow]:
    """Choose the columns: the currency where there are several, the balance unless transactions are left out."""
    return Listing(
        columns=(
            Column(N_("Date"), lambda row: row.date, Shape.DATE),
            Column(N_("Status"), lambda row: row.status, Shape.STATUS, words=lambda row: row.beside, rank=6),
            Column(N_("Kind"), lambda row: row.kind, rank=5),
            Column(N_("Document"), lambda row: row.document, floor=18, rank=1),
            Column(N_("Description"), lambda row: row.description, floor=14, rank=9, spare=True, hide_empty=True),
            *([Column[CardRow]("", lambda row: row.currency, key="currency")] if currencies else []),
            Column(_SALES, lambda row: row.sales_minor, Shape.AMOUNT, rank=3),
            Column(_CASH, lambda row: row.cash_minor, Shape.AMOUNT, rank=3),
            Column(N_("Not in balance"), lambda row: row.uncounted_minor, Shape.AMOUNT, rank=8, hide_empty=True),
            *([Column[CardRow](_BALANCE, lambda row: row.balance_minor, Shape.BALANCE)] if running else []),
            Column(_OPEN, lambda row: row.open_minor, Shape.AMOUNT, rank=2),
            Column(N_("Note"), lambda row: row.note, floor=14, rank=7, hide_empty=True),
        ),
        currency=lambda row: row.currency,
    )


class CardView(NamedTuple):
    """What of the card is asked for. `filtered` tells that transactions between the first and the last are left out."""

    limit: Limit
    matches: bool = False
    filtered: bool = False


def write_card(target: Target, card: AccountCard, view: CardView) -> None:
    """Write an account and its transactions in the format asked for."""
    cards = view.limit.apply(target, card.transactions)
    if target.format is Format.JSON:
        head = {
            "account": card.account,
            "name": card.name,
            "status": card.status,
            "held": card.held,
            "balances": [
                {"currency": balance.currency, "balance": plain(balance.balance_minor, balance.currency)}
                for balance in card.balances
            ],
        }
        write_object(target, head, "transactions", map(transaction_object, cards), {})
    elif target.format is Format.CSV:
        write_item_rows(target, cards, matches=view.matches)
    else:
        _write_heading(target, card)
        if view.matches and target.format.is_document:
            draw_list(target, MATCH_DATA, match_rows(cards))
        elif view.matches:
            from reconcile_cli.render.tree import write_matches  # noqa: PLC0415 - Rich is imported when something is drawn

            write_matches(target, cards)
        else:
            _write_rows(target, card, cards, view)
        view.limit.say(target)


def _write_heading(target: Target, card: AccountCard) -> None:
    look = target.look
    target.line(f"{card.account}  {card.name}".rstrip(), "bold")
    extra = _("held: auto leaves it alone") if card.held else ""
    balances = ((look.text(_balance(balance)), "bold") for balance in card.balances)
    target.flow([symbols.sign(card.status, look, extra), *balances])
    target.line()


def _balance(balance: Balance) -> str:
    amount = money(abs(balance.balance_minor), balance.currency)
    if balance.balance_minor > 0:
        return _("owes {amount}").format(amount=amount)
    if balance.balance_minor < 0:
        return _("has {amount} in credit").format(amount=amount)
    return _("owes nothing ({currency})").format(currency=balance.currency)


def _write_rows(target: Target, card: AccountCard, cards: Iterable[TransactionCard], view: CardView) -> None:
    ledger = Ledger({balance.currency: balance.opening_minor for balance in card.balances})
    opening = [
        CardRow(balance.currency, kind=_("opening"), balance_minor=balance.opening_minor)
        for balance in card.balances
        if balance.opening_minor and not view.filtered
    ]

    def rows() -> Iterator[CardRow]:
        yield from opening
        for transaction in cards:
            yield ledger.row(transaction)

    listing = _listing(currencies=len(card.balances) > 1, running=not view.filtered)
    count = draw_list(target, listing, rows(), lambda: () if view.limit.cut else ledger.totals())
    if not count:
        target.line(_("No transaction to show."))
