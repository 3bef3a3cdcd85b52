"""The operations, newest first."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from reconcile_cli.domain.operations import OperationLine
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import N_, _, figures

_GIVEN: Final = ("files", "names", "accounts", "account", "operation")


def _changes(made: int, changed: int, gone: int) -> str:
    parts = [sign + figures.count(count) for sign, count in (("+", made), ("~", changed), ("-", gone)) if count]
    return " ".join(parts)


def _note(line: OperationLine) -> str:
    notes = [line.note] if line.note else []
    if line.undoes is not None:
        notes.append(_("takes back {number}").format(number=line.undoes))
    if line.undone_by is not None:
        notes.append(_("taken back by {number}").format(number=line.undone_by))
    return ", ".join(notes)


def _what(line: OperationLine) -> str:
    """Name what the command was given: its items, accounts, days or files (without their folders)."""
    import json  # noqa: PLC0415 - CSV has the arguments as they are

    try:
        arguments = json.loads(line.arguments)
    except ValueError:
        return ""
    if not isinstance(arguments, dict):
        return ""
    given = [arguments.get(name) or [] for name in _GIVEN]
    names = [str(name) for value in given for name in (value if isinstance(value, list) else [value])]
    if line.command == "lock":
        names = [str(arguments["until"])] if "until" in arguments else ["--reopen", str(arguments.get("reopen", ""))]
    return " ".join(PurePath(name).name if "files" in arguments else name for name in names)


OPERATIONS: Final = Listing[OperationLine](
    columns=(
        Column(N_("Operation"), lambda line: line.number, Shape.COUNT, "operation"),
        Column(
            N_("When (UTC)"),
            lambda line: line.made_at,
            key="made_at",
            words=lambda line: line.made_at.replace("T", " ")[:16],
            rank=1,
        ),
        Column(N_("Command"), lambda line: line.command, key="command"),
        Column(N_("What"), _what, floor=14, rank=4, spare=True, hide_empty=True),
        Column(N_("Author"), lambda line: line.author, key="author", floor=8, rank=6, spare=True),
        Column(
            N_("Transactions"),
            lambda line: _changes(line.transactions_made, line.transactions_changed, line.transactions_removed),
            rank=3,
            titled=True,
        ),
        Column(
            N_("Allocations"),
            lambda line: _changes(line.allocations_made, 0, line.allocations_removed),
            rank=2,
            titled=True,
        ),
        Column(N_("Note"), _note, floor=12, rank=5, hide_empty=True),
        Column("", lambda line: line.arguments, Shape.OBJECT, "arguments", shown=False),
        Column("", lambda line: line.note, key="note", shown=False),
        Column("", lambda line: line.undoes, Shape.COUNT, "undoes", shown=False),
        Column("", lambda line: line.undone_by, Shape.COUNT, "undone_by", shown=False),
        Column("", lambda line: line.transactions_made, Shape.COUNT, "transactions_made", shown=False),
        Column("", lambda line: line.transactions_changed, Shape.COUNT, "transactions_changed", shown=False),
        Column("", lambda line: line.transactions_removed, Shape.COUNT, "transactions_removed", shown=False),
        Column("", lambda line: line.allocations_made, Shape.COUNT, "allocations_made", shown=False),
        Column("", lambda line: line.allocations_removed, Shape.COUNT, "allocations_removed", shown=False),
        Column("", lambda line: line.hash, key="hash", shown=False),
    ),
    currency=lambda _line: "",
    keys=(
        "operation made_at author command arguments note undoes undone_by transactions_made transactions_changed "
        "transactions_removed allocations_made allocations_removed hash"
    ),
    title=N_("Operations"),
)


def write_history(target: Target, lines: Iterable[OperationLine], limit: Limit) -> int:
    """Write the operations and return how many there were."""
    count = or_say(target, write_list(target, OPERATIONS, lines, limit), _("Nothing has been done yet."))
    if count and target.look.terminal and target.format is Format.TABLE:
        target.line(_("+ added   ~ changed   - removed"), "dim")
    return count
