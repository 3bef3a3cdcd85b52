"""`--known-at`: the books as they were known at a moment, or after an operation."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import typer

from reconcile_cli.cli.context import Session
from reconcile_cli.domain.dates import from_date
from reconcile_cli.text import _

if TYPE_CHECKING:  # imported where the option is given
    from reconcile_cli.store.books import Books

_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"  # compiled where the option is given
_TIME: Final = _DAY + r"[Tt ][0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2})?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
_NUMBER: Final = r"[0-9]{1,15}"


def as_known(
    session: Session, books: "Books", text: str, *, names: Sequence[str] | None = None, links: bool = False
) -> int:
    """Let the books answer as they were known then; gives the day of that moment, by which things are overdue.

    `names`, of accounts or documents, are all that will be asked for; None: everything. Without a text the books
    stay as they are, and the day is today.

    Raises:
        NoOperation: there is no operation of this number.
    """
    if not text:
        return session.today
    from reconcile_cli.store import history, known_at  # noqa: PLC0415 - see above
    from reconcile_cli.workflows.errors import NoOperation  # noqa: PLC0415

    connection = books.connection
    if re.fullmatch(_NUMBER, text):
        number, moment = int(text), None
        if not 0 < number <= known_at.last_operation(connection):
            raise NoOperation(number)
    else:
        moment = end_of(text)
        number = known_at.operation_at(connection, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
    line = history.one(books, number) if number else None
    if line is None:
        session.say(_("Nothing was known then: the first operation came later."))
    else:
        when = line.made_at.replace("T", " ")[:16]
        session.say(
            _("As it was known after operation {number} ({command}, {when} UTC).").format(
                number=number, command=line.command, when=when
            )
        )
        moment = moment or datetime.fromisoformat(line.made_at)
    accounts = None if names is None else known_at.accounts_named(connection, names, number)
    known_at.know_at(connection, number, accounts=accounts, links=links)
    return session.today if moment is None else from_date(moment.astimezone().date())


def end_of(text: str) -> datetime:
    """The last second that a date or a time of the command line means, in UTC; local where it names no zone."""
    try:
        if re.fullmatch(_DAY, text):
            day = datetime.fromisoformat(text) + timedelta(days=1)
            return (day.astimezone() - timedelta(seconds=1)).astimezone(UTC)
        if found := re.fullmatch(_TIME, text):
            moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
            return moment if found["seconds"] else moment + timedelta(seconds=59)
    except (ValueError, OverflowError):
        pass
    raise typer.BadParameter(
        _("{text} is no date, no time as 2026-01-31T17:30, and no number of an operation").format(text=text),
        param_hint="--known-at",
    )
