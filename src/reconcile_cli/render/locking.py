"""Up to which day the books are closed (R25)."""

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.keeping import LockChange, LockResult
from reconcile_cli.render.data import csv_writer
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.safe import json_text
from reconcile_cli.text import _


def write_lock(target: Target, locked_until: int | None, change: LockChange | None) -> None:
    """Write the lock in force, and who put it there."""
    values = {
        "locked_until": _day(locked_until),
        "operation": change.operation if change else None,
        "made_at": change.made_at if change else None,
        "author": change.author if change else None,
        "note": change.note if change else None,
    }
    if target.format is not Format.TABLE:
        _write_data(target, values)
        return
    target.line(_state(locked_until))
    if change:
        said = _("Since operation {number}, {when} (UTC), by {author}.").format(
            number=change.operation, when=change.made_at.replace("T", " ")[:16], author=change.author
        )
        target.line(f"{said} {change.note}".rstrip(), "dim")


def write_locked(target: Target, result: LockResult) -> None:
    """Write what `lock` did."""
    values = {
        "operation": result.operation,
        "locked_until": _day(result.until),
        "locked_before": _day(result.before),
    }
    if target.format is not Format.TABLE:
        _write_data(target, values)
    elif result.operation is None:
        target.line(_("The books are locked up to {lock} already.").format(lock=_day(result.until)))
    else:
        target.line(_state(result.until))
        if result.before is not None:
            target.line(_("Before: {lock}.").format(lock=_day(result.before)), "dim")


def _state(locked_until: int | None) -> str:
    if locked_until is None:
        return _("The books are not locked.")
    return _("The books are locked up to {lock}, that day included.").format(lock=_day(locked_until))


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)


def _write_data(target: Target, values: dict[str, str | int | None]) -> None:
    if target.format is Format.JSON:
        target.stream.write(json_text(values) + "\n")
    else:
        csv_writer(target, values).write(values.values())
