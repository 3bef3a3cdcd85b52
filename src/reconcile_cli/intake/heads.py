"""The head of a document: what all its rows must say alike (design, section 4)."""

from collections.abc import Sequence
from typing import Final

from reconcile_cli.domain.canonical import HEADER_FIELDS
from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import State
from reconcile_cli.intake.problems import shown
from reconcile_cli.text import _

Head = tuple[int, str, str, str, int, int | None, int, str | None, str | None, str | None]
_DATES: Final = frozenset({"date", "due_date"})


def disagreement(first: Sequence[object], other: Sequence[object], row: int) -> list[tuple[str, str, str]]:
    """Each field on which a row does not say what the first row of its document says: field, value, expected."""
    return [
        (
            name,
            shown(_word(name, told)),
            _("{value}, as in line {row}: the rows of one document agree").format(
                value=shown(_word(name, said)) or _("nothing"), row=row
            ),
        )
        for name, said, told in zip(HEADER_FIELDS, first, other, strict=True)
        if said != told
    ]


def _word(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in _DATES and isinstance(value, int):
        return iso(value)
    if name == "state" and isinstance(value, int):
        return State(value).code
    return str(value)
