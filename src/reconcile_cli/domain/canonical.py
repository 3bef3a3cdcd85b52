"""The canonical form of a document and its digest: what R22 compares and R26 proves.

Version 1. Fields are joined by U+001F and lines by U+001E; neither can stand in a text, since control
characters are refused at the door. An absent text is empty. Whole numbers are written in decimal.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

FIELD = "\x1f"
LINE = "\x1e"


def document_digest(header: Iterable[object], lines: Iterable[Iterable[object]]) -> bytes:
    """32 bytes over a document and its lines, both in the order of `HEADER_FIELDS` and `LINE_FIELDS`."""
    records = [FIELD.join(["" if field is None else str(field) for field in header])]
    records += [FIELD.join(["" if field is None else str(field) for field in line]) for line in lines]
    return sha256(LINE.join(records).encode()).digest()


HEADER_FIELDS = (
    "kind",
    "document",
    "account",
    "currency",
    "date",
    "due_date",
    "state",
    "order",
    "register",
    "method",
)
LINE_FIELDS = (
    "line",
    "side",
    "amount_minor",
    "description",
    "ledger_code",
    "applies_to",
    "match_code",
)

_KEPT = 10_000


class _Texts(dict[int | None, str]):
    """Whole numbers in decimal; the first so many are kept, for they come again and again. None is absent."""

    def __missing__(self, number: int) -> str:
        text = str(number)
        if len(self) < _KEPT:
            self[number] = text
        return text


_TEXT = _Texts({None: ""}).__getitem__


def head_texts(columns: Sequence[Sequence[Any]]) -> list[str]:
    """The canonical form of heads, given as a column for each of `HEADER_FIELDS`; an absent text is empty."""
    kind, document, account, currency, date, due_date, state, *texts = columns
    dates = map(_TEXT, date), map(_TEXT, due_date)
    return list(
        map(
            FIELD.join,
            zip(map(_TEXT, kind), document, account, currency, *dates, map(_TEXT, state), *texts, strict=True),
        )
    )


def line_texts(columns: Sequence[Sequence[Any]]) -> list[str]:
    """The canonical form of lines, given as a column for each of `LINE_FIELDS`; an absent text is empty."""
    line, side, amount_minor, *texts = columns
    return list(map(FIELD.join, zip(map(_TEXT, line), map(_TEXT, side), map(str, amount_minor), *texts, strict=True)))


def digests(heads: Iterable[str], lines: Sequence[str], bounds: Iterable[tuple[int, int]]) -> list[bytes]:
    """`document_digest` of many documents; each pair of `bounds` tells where the lines of one begin and end."""
    return [
        sha256((head + LINE + LINE.join(lines[start:end])).encode()).digest()
        for head, (start, end) in zip(heads, bounds, strict=True)
    ]
