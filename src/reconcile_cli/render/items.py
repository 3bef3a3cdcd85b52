"""Items: the transaction card of `show DOCUMENT`, and items as rows of CSV."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.cards import Counterpart, ItemCard, TransactionCard
from reconcile_cli.domain.kinds import State
from reconcile_cli.render import symbols, words
from reconcile_cli.render.amounts import money
from reconcile_cli.render.columns import Column, Listing, Shape, Value
from reconcile_cli.render.data import write_csv, write_object
from reconcile_cli.render.lists import draw_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.transactions import beside_status, transaction_object
from reconcile_cli.text import N_, _
from reconcile_cli.text.figures import day


class ItemRow(NamedTuple):
    """An item in its transaction, with one of its allocations where these are listed."""

    card: TransactionCard
    item: ItemCard
    counterpart: Counterpart | None = None


def _signed(row: ItemRow, amount_minor: int) -> int:
    """Give an amount its sign: a discount on an invoice is negative, a payment is positive (R1)."""
    return amount_minor if row.item.side is row.card.kind.side else -amount_minor


def _note(row: ItemRow) -> str:
    notes = [_("held")] if row.item.held else []
    if row.item.applies_to:
        notes.append(_("applies to {target}").format(target=row.item.applies_to))
    if row.item.match_code:
        notes.append(_("match code {code}").format(code=row.item.match_code))
    return ", ".join(notes)


def _beside(row: ItemRow) -> str:
    return beside_status(row.card) if row.card.state is not State.POSTED else ""


ITEMS: Final = Listing[ItemRow](
    columns=(
        Column(N_("Line"), lambda row: row.item.line, Shape.COUNT),
        Column(N_("Status"), lambda row: row.item.status, Shape.STATUS, words=_beside, rank=2),
        Column(N_("Description"), lambda row: row.item.description, floor=14, rank=3, hide_empty=True),
        Column(N_("Ledger code"), lambda row: row.item.ledger_code, floor=12, rank=4, hide_empty=True),
        Column(N_("Amount"), lambda row: _signed(row, row.item.amount_minor), Shape.AMOUNT),
        Column(N_("Open"), lambda row: _signed(row, row.item.open_minor), Shape.AMOUNT, rank=1),
        Column(N_("Note"), _note, floor=12, rank=5, hide_empty=True),
    ),
    currency=lambda row: row.card.currency,
)


def _of(row: ItemRow) -> Counterpart:
    if row.counterpart is None:
        raise LookupError
    return row.counterpart


_ITEM_COLUMNS: Final = (
    Column[ItemRow]("", lambda row: row.card.account, key="account"),
    Column[ItemRow]("", lambda row: row.card.kind.code, key="kind"),
    Column[ItemRow]("", lambda row: row.card.document, key="document"),
    Column[ItemRow]("", lambda row: row.item.line, Shape.COUNT, "line"),
    Column[ItemRow]("", lambda row: row.item.side.name.lower(), key="side"),
    Column[ItemRow]("", lambda row: row.card.date, Shape.DATE, "date"),
    Column[ItemRow]("", lambda row: row.card.due_date, Shape.DATE, "due_date"),
    Column[ItemRow]("", lambda row: row.card.state.code, key="state"),
    Column[ItemRow]("", lambda row: row.card.currency, key="currency"),
    Column[ItemRow]("", lambda row: row.item.amount_minor, Shape.AMOUNT, "amount"),
    Column[ItemRow]("", lambda row: row.item.open_minor, Shape.AMOUNT, "open"),
    Column[ItemRow]("", lambda row: row.item.status, Shape.STATUS, "status"),
    Column[ItemRow]("", lambda row: row.item.held, Shape.FLAG, "held"),
    Column[ItemRow]("", lambda row: row.item.description, key="description"),
    Column[ItemRow]("", lambda row: row.item.ledger_code, key="ledger_code"),
    Column[ItemRow]("", lambda row: row.card.order, key="order"),
    Column[ItemRow]("", lambda row: row.card.register, key="register"),
)


def _with(column: str, shape: Shape, value: Callable[[Counterpart], Value]) -> Column[ItemRow]:
    return Column("", lambda row: None if row.counterpart is None else value(row.counterpart), shape, column)


_MATCH_COLUMNS: Final = (
    _with("with", Shape.TEXT, lambda counterpart: str(counterpart.name)),
    _with("allocated", Shape.AMOUNT, lambda counterpart: counterpart.amount_minor),
    _with("operation", Shape.COUNT, lambda counterpart: counterpart.operation),
    _with("stage", Shape.TEXT, lambda counterpart: counterpart.stage.code),
    _with("reason", Shape.TEXT, lambda counterpart: counterpart.reason),
)


def _keyed(columns: tuple[Column[ItemRow], ...]) -> Listing[ItemRow]:
    return Listing(columns, lambda row: row.card.currency, " ".join(column.key for column in columns))


ITEM_DATA: Final = _keyed(_ITEM_COLUMNS)
MATCH_DATA: Final = _keyed(_ITEM_COLUMNS + _MATCH_COLUMNS)


def match_rows(cards: Iterable[TransactionCard]) -> Iterator[ItemRow]:
    """One row per allocation of an item, an item without any having one row too."""
    for card in cards:
        for item in card.items:
            for counterpart in item.allocations or (None,):
                yield ItemRow(card, item, counterpart)


def write_item_rows(target: Target, cards: Iterable[TransactionCard], *, matches: bool) -> None:
    """Write CSV: one row per item, or per allocation of an item, an item without any having one row too."""
    if matches:
        write_csv(target, MATCH_DATA, match_rows(cards))
    else:
        write_csv(target, ITEM_DATA, (ItemRow(card, item) for card in cards for item in card.items))


def write_transaction_cards(target: Target, cards: Sequence[TransactionCard], *, matches: bool = False) -> None:
    """Write transactions of one name, each with its facts and its items."""
    if target.format is Format.CSV:
        write_item_rows(target, cards, matches=matches)
        return
    if target.format is Format.JSON:
        owners = {(card.account, card.name) for card in cards}
        account, name = owners.pop() if len(owners) == 1 else (None, None)
        head: dict[str, Any] = {
            "account": account,
            "name": name,
            "status": cards[0].status if len(cards) == 1 else None,
            "balances": [],
        }
        objects = (transaction_object(card, with_account=True) for card in cards)
        write_object(target, head, "transactions", objects, {})
        return
    if matches and target.format.is_document:
        draw_list(target, MATCH_DATA, match_rows(cards))
        return
    from reconcile_cli.render.tree import write_matches  # noqa: PLC0415 - Rich is imported when something is drawn

    for number, card in enumerate(cards):
        if number:
            target.line()
        if matches:
            write_matches(target, [card], legend=number == len(cards) - 1)
        else:
            _write_card(target, card)


def _write_card(target: Target, card: TransactionCard) -> None:
    from reconcile_cli.render.table import write_facts  # noqa: PLC0415 - Rich is imported when something is drawn

    target.line(f"{words.kind(card.kind)} {card.document}", "bold")
    target.flow([symbols.sign(card.status, target.look, beside_status(card))])
    write_facts(target, _facts(card))
    target.line()
    draw_list(target, ITEMS, (ItemRow(card, item) for item in card.items))


def _facts(card: TransactionCard) -> list[tuple[str, str]]:
    amount_minor = card.amount_minor if card.kind.side > 0 else -card.amount_minor
    opens = [
        text
        for text in (
            card.open_debit_minor
            and _("{amount} to be paid").format(amount=money(card.open_debit_minor, card.currency)),
            card.open_credit_minor
            and _("{amount} to be used").format(amount=money(card.open_credit_minor, card.currency)),
        )
        if text
    ]
    return [
        (_("Account"), f"{card.account}  {card.name}".rstrip()),
        (_("Date"), day(card.date)),
        (_("Due"), day(card.due_date) if card.due_date is not None else ""),
        (_("State"), words.state(card.state)),
        (_("Amount"), money(amount_minor, card.currency)),
        (_("Open"), ", ".join(opens) or _("nothing")),
        (_("Order"), card.order),
        (_("Register"), card.register),
        (_("Method"), card.method),
        (_("Replaced by"), card.replaced_by),
    ]
