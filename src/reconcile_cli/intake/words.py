"""Words in English and French: how they are compared, and those for kinds and states (design, section 4)."""

import unicodedata
from typing import Final

from reconcile_cli.domain.kinds import Kind, State
from reconcile_cli.intake.problems import Refused
from reconcile_cli.text import _


def bare(text: str) -> str:
    """The text without case, accents, spaces, punctuation or underscores: "N° de pièce" gives "nodepiece"."""
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("°", "o").replace("œ", "oe").casefold())
    return "".join(filter(str.isalnum, decomposed))


_KIND_WORDS: Final = {
    Kind.INVOICE: "invoice, facture",
    Kind.PAYMENT: "payment, paiement, versement, règlement, encaissement, reçu de paiement",
    Kind.DEPOSIT: "deposit, dépôt, dépôt au compte, acompte, avance",
    Kind.CREDIT_NOTE: "credit_note, credit, crédit, credit memo, note de crédit, avoir",
    Kind.CANCELLATION: "cancellation, annulation",
    Kind.REFUND: "refund, remboursement",
    Kind.ADJUSTMENT: "adjustment, ajustement",
}
_STATE_WORDS: Final = {
    State.POSTED: "posted, comptabilisé, comptabilisée",
    State.PLANNED: "planned, prévu, prévue, postdaté, postdatée",
    State.DECLINED: "declined, refusé, refusée",
    State.VOID: "void, annulé, annulée, invalidé, invalidée",
}
KINDS: Final = {bare(word): int(kind) for kind, words in _KIND_WORDS.items() for word in words.split(",")}
STATES: Final = {bare(word): int(state) for state, words in _STATE_WORDS.items() for word in words.split(",")}
HELD_ITEM: Final = 1
HELD_ACCOUNT: Final = 2
_HELD: Final = {
    "": 0,
    "no": 0,
    "non": 0,
    "yes": HELD_ITEM,
    "oui": HELD_ITEM,
    "account": HELD_ACCOUNT,
    "compte": HELD_ACCOUNT,
}
_TWO_MEANINGS: Final = frozenset({"receipt", "recu"})


def read_kind(text: str) -> int:
    """The Kind that a word names. Raises Refused."""
    word = bare(text)
    kind = KINDS.get(word)
    if kind is not None:
        return kind
    if word in _TWO_MEANINGS:
        raise Refused(
            _("invoice or payment (facture, paiement): a receipt is the sale to some and the payment to others")
        )
    known = ", ".join(kind.code for kind in Kind)
    if not word:
        raise Refused(_("a kind: {known}").format(known=known))
    raise Refused(_("a kind: {known}").format(known=known))


def read_state(text: str) -> int:
    """The State that a word names; posted where the cell is empty. Raises Refused."""
    if not text.strip():
        return int(State.POSTED)
    state = STATES.get(bare(text))
    if state is None:
        raise Refused(_("a state: {known}").format(known=", ".join(state.code for state in State)))
    return state


def read_held(text: str) -> int:
    """Whether `auto` leaves the item alone: 0 no, HELD_ITEM, or HELD_ACCOUNT for the whole account. Raises Refused."""
    held = _HELD.get(bare(text))
    if held is None:
        raise Refused(_("yes, no or account (the whole account is held)"))
    return held
