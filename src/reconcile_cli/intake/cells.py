"""Cells of a column to values, field by field; what is refused raises Refused."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.intake.caches import Cache
from reconcile_cli.intake.datetexts import Dates
from reconcile_cli.intake.problems import Refused
from reconcile_cli.intake.words import read_held, read_kind, read_state
from reconcile_cli.text import _

Cells = Sequence[str]
Reader = Callable[[Cells], Sequence[Any]]

TEXTS: Final = ("description", "ledger_code", "order", "applies_to", "match_code", "register", "method")
_LARGEST_LINE: Final = 10**9


def readers(dates: Dates, default_currency: str) -> dict[str, Reader]:
    """A reader for each field but the amounts. Fields of few values are read once for each value.

    An absent text is empty.
    """
    return {
        "account": _needed_texts,
        "document": _needed_texts,
        "kind": _cached(read_kind),
        "date": _mapped(dates.needed),
        "due_date": _mapped(dates.optional),
        "state": _cached(read_state),
        "currency": _cached(lambda text: read_currency(text, default_currency)),
        "line": _cached(_read_line),
        "held": _cached(read_held),
        **dict.fromkeys(TEXTS, _texts),
    }


def read_currency(text: str, default: str) -> str:
    """An ISO 4217 code in either case; the default where the cell is empty. Raises Refused."""
    currency = text.strip().upper() or default
    if currency not in EXPONENTS:
        raise Refused(_("an ISO 4217 currency code, as in CAD, EUR or USD"))
    return currency


def _texts(cells: Cells) -> Cells:
    return list(map(str.strip, cells)) if any(cells) else cells


def _needed_texts(cells: Cells) -> Cells:
    texts = _texts(cells)
    if "" in texts:
        raise Refused(_("a value is needed"))
    return texts


def _read_line(text: str) -> int | None:
    """A number of the column `line`: ASCII digits, from 1; None where the position tells it."""
    stripped = text.strip()
    if not stripped:
        return None
    if not (stripped.isascii() and stripped.isdigit()) or len(stripped) > 10 or not 0 < int(stripped) <= _LARGEST_LINE:  # noqa: PLR2004
        raise Refused(_("a whole number from 1; empty for the position in the document"))
    return int(stripped)


def _mapped(cache: Cache[Any]) -> Callable[[Cells], list[Any]]:
    return lambda cells: list(map(cache.__getitem__, cells))


def _cached(read: Callable[[str], Any]) -> Callable[[Cells], list[Any]]:
    return _mapped(Cache(read))
