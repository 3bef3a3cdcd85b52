"""How a person or a file names a document or an item: `[KIND/]DOCUMENT[:LINE][=AMOUNT]` (design, section 5).

A document may itself hold `:`, `/` or `=`, so a text has several readings. They are tried in the order given
here until one is found in the books: the whole text first, then split at the last `:digits`, the first
`KIND/`, the last `=`.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import KIND_BY_CODE, Kind, Side

_AMOUNT: Final = r"(?P<whole>[0-9]{1,16})(?:(?P<mark>[.,])(?P<part>[0-9]+))?"  # compiled where it is needed
_LINE_DIGITS: Final = 9


class Reading(NamedTuple):
    """One way to understand a name; `amount` is the text after `=`."""

    document: str
    kind: Kind | None = None
    line: int | None = None
    amount: str | None = None


def readings(text: str) -> list[Reading]:
    """All readings of a name, the likeliest first; at least one for a text that is not empty."""
    text = text.strip()
    found = _without_amount(text)
    name, equals, amount = text.rpartition("=")
    if equals and name.strip() and amount.strip():
        found += [reading._replace(amount=amount.strip()) for reading in _without_amount(name.strip())]
    return found


def _without_amount(text: str) -> list[Reading]:
    found = _lines(Reading(text)) if text else []
    word, slash, rest = text.partition("/")
    kind = KIND_BY_CODE.get(word.strip().lower().replace("-", "_").replace(" ", "_"))
    if slash and kind is not None and rest.strip():
        found += _lines(Reading(rest.strip(), kind))
    return found


def _lines(reading: Reading) -> list[Reading]:
    document, _colon, line = reading.document.rpartition(":")
    if not (document and line.isascii() and line.isdecimal() and len(line) <= _LINE_DIGITS):
        return [reading]
    return [reading, reading._replace(document=document.strip(), line=int(line))]


NOTHING_ELSE: Final = "-"
_MOST_PARTS: Final = 4


def targets(applies_to: str | None) -> list[str]:
    """The names in an `applies_to` cell: several are separated by `;` (R11)."""
    parts = (piece.strip() for piece in (applies_to or "").split(";"))
    return [part for part in parts if part and part != NOTHING_ELSE]


def split_names(applies_to: str | None, is_known: Callable[[str], bool]) -> list[str]:
    """The names of a statement. A document may hold `;` itself, so the longest known name is tried first."""
    parts, names = targets(applies_to), []
    while parts:
        widths = range(min(_MOST_PARTS, len(parts)), 1, -1)
        width = next((width for width in widths if is_known(";".join(parts[:width]))), 1)
        names.append(";".join(parts[:width]))
        parts = parts[width:]
    return names


def nothing_else(applies_to: str | None) -> bool:
    """Whether an `applies_to` cell ends in `-`: what the names before it leave stays open at load."""
    return (applies_to or "").rpartition(";")[2].strip() == NOTHING_ELSE


def stated_kinds(side: Side) -> tuple[Kind, ...]:
    """The kinds that a target without a kind can be, for an item of `side` (R11).

    A credit pays an invoice; a debit that gives money back names the payment or credit that it gives back.
    """
    if side is Side.CREDIT:
        return (Kind.INVOICE,)
    return (Kind.PAYMENT, Kind.DEPOSIT, Kind.CREDIT_NOTE, Kind.CANCELLATION)


def part_amount(text: str, exponent: int) -> int | None:
    """The minor units of an amount written after `=`; None where it is none.

    `12.5` and `12.50` are understood, `12,50` too where the digits after the comma prove it to be the decimal mark.
    """
    match = re.fullmatch(_AMOUNT, text)
    if match is None:
        return None
    part = match["part"] or ""
    if len(part) > exponent or (match["mark"] == "," and (len(part) != exponent or exponent == 3)):  # noqa: PLR2004
        return None
    return int(match["whole"] + part.ljust(exponent, "0")) or None
