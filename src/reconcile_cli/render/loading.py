"""What a load did: the summary for people, the counts for scripts."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from reconcile_cli.domain.load_results import FieldChange, Freed, LoadResult, PaidAlready, Unmet
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.understanding import Understanding
from reconcile_cli.errors import BadInput, Problem
from reconcile_cli.render import words
from reconcile_cli.render.allocations import ALLOCATIONS, still_open
from reconcile_cli.render.amounts import money
from reconcile_cli.render.columns import Column, Listing
from reconcile_cli.render.data import as_object, csv_writer
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.previewing import understanding_object, write_understanding
from reconcile_cli.render.problems import write_problems
from reconcile_cli.render.safe import json_text
from reconcile_cli.text import N_, _, figures, ngettext

SHOWN: Final = 20

CHANGES: Final = Listing[FieldChange](
    columns=(
        Column(N_("Document"), lambda change: change.document, key="document", floor=18),
        Column(N_("Field"), lambda change: change.field, key="field", words=lambda change: words.field(change.field)),
        Column(N_("Before"), lambda change: change.old or _("(empty)"), key="old", floor=10, rank=1, titled=True),
        Column(N_("Now"), lambda change: change.new or _("(empty)"), key="new", floor=10),
    ),
    currency=lambda _change: "",
)


def write_load(target: Target, result: LoadResult) -> None:
    """Write the result of a load in the format asked for."""
    if target.format is Format.JSON:
        target.stream.write(json_text(load_object(result)) + "\n")
    elif target.format is Format.CSV:
        counts = _counts(result)
        csv_writer(target, counts).write(counts.values())
    else:
        if result.dry_run:
            write_understanding(target, result.files)
        _write_summary(target, result)


def load_object(result: LoadResult) -> dict[str, Any]:
    """Give the result as JSON has it (design, section 5)."""
    return {
        "dry_run": result.dry_run,
        "rows": result.rows,
        "transactions": {
            "added": result.added,
            "updated": result.updated,
            "unchanged": result.unchanged,
            "rejected": result.rejected,
        },
        "allocations": {
            "within_document": result.within_document,
            "stated": result.stated,
            "checkout": result.checkout,
            "removed": result.removed,
        },
        "changes": [change._asdict() for change in result.changes],
        "freed": [_freed_object(freed) for freed in result.freed],
        "paid_already": [_paid_object(paid) for paid in result.paid_already],
        "unmet": [unmet._asdict() for unmet in result.unmet],
        "problems": problem_objects(result.problems),
        "problem_count": result.problem_count,
        "operation": result.operation,
        "files": [understanding_object(understood) for understood in result.files],
    }


def problem_objects(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Give problems as JSON has them."""
    return [problem._asdict() for problem in problems]


def write_refusal(target: Target, messages: Target, refusal: BadInput) -> None:
    """Write the problems for which nothing was loaded: for people to `messages`, for scripts as the result."""
    files = [understood for understood in refusal.files if isinstance(understood, Understanding)]
    if target.format is Format.JSON:
        nothing = LoadResult(
            dry_run=False,
            rows=refusal.rows,
            added=0,
            updated=0,
            unchanged=0,
            rejected=0,
            problems=refusal.problems,
            problem_count=refusal.count,
            files=files,
        )
        target.stream.write(json_text(load_object(nothing)) + "\n")
    else:
        if target.format is Format.TABLE:
            write_understanding(messages, files)
        write_problems(messages, refusal.problems, refusal.count)


def _counts(result: LoadResult) -> dict[str, int | None]:
    names = (
        "rows",
        "added",
        "updated",
        "unchanged",
        "rejected",
        "within_document",
        "stated",
        "checkout",
        "removed",
        "problem_count",
        "operation",
    )
    return {name: getattr(result, name) for name in names}


def _write_summary(target: Target, result: LoadResult) -> None:
    for line in _loaded(result):
        target.line(line)
    if result.changes:
        target.line()
        target.line(_("What changed"), "bold")
        write_list(target, CHANGES, result.changes[:SHOWN], Limit(0))
        _more(target, len(result.changes))
    _sentences(target, _("Set free, and open again"), [_freed(freed) for freed in result.freed])
    _sentences(target, _("Cancelled, and paid before"), [_paid(paid) for paid in result.paid_already])
    for paid in result.paid_already[:1]:
        target.line("  " + _("To free the money of the first:"))
        for name in ("unmatch", "match"):
            target.line("    " + _command(paid, name))
    _sentences(target, _("Stated by the source and not done"), [_unmet(unmet) for unmet in result.unmet])
    if result.problems:
        target.line()
        target.line(_("Problems"), "bold")
        write_problems(target, result.problems, result.problem_count)
    opens = still_open(result.open_debits, result.open_credits)
    if opens:
        target.line()
    for sentence in opens:
        target.line(sentence)


def _loaded(result: LoadResult) -> Iterator[str]:
    rows = ngettext("{count} row read.", "{count} rows read.", result.rows).format(count=figures.count(result.rows))
    yield rows
    yield _("Transactions: {parts}.").format(
        parts=_listed(
            (result.added, ngettext("{count} added", "{count} added", result.added)),
            (result.updated, ngettext("{count} updated", "{count} updated", result.updated)),
            (result.unchanged, ngettext("{count} unchanged", "{count} unchanged", result.unchanged)),
            (result.rejected, ngettext("{count} rejected", "{count} rejected", result.rejected)),
        )
    )
    if result.within_document or result.stated or result.checkout:
        yield _("Reconciled: {parts}.").format(
            parts=_listed(
                (result.within_document, _("{count} within documents")),
                (result.stated, _("{count} as the source states")),
                (result.checkout, _("{count} at checkout")),
            )
        )
    if result.removed:
        yield ngettext("{count} allocation removed.", "{count} allocations removed.", result.removed).format(
            count=figures.count(result.removed)
        )


def _listed(*parts: tuple[int, str]) -> str:
    return ", ".join(text.format(count=figures.count(count)) for count, text in parts if count) or _("none")


def _freed(freed: Freed) -> str:
    """Say what no longer pays what, why, and what of it is open then."""
    line, opened = freed.allocation, freed.credit_open_minor
    text = _("{credit} no longer pays {amount} of {debit}; open: {open} ({reason})")
    if opened is None:  # it counts no more, or another stands in its place
        text = _("{amount} of {credit} on {debit}: {reason}")
    return text.format(
        amount=money(line.amount_minor, line.currency),
        credit=words.item(line.credit),
        debit=words.item(line.debit),
        reason=freed.reason,
        open=money(opened or 0, line.currency),
    )


def _paid(paid: PaidAlready) -> str:
    """Say what a cancellation found paid: the money stays where it is until a person moves it."""
    line = paid.allocation
    text = (
        _("{credit}, planned, still covers {amount} of {debit}, cancelled by {cancellation} (open: {open})")
        if paid.planned
        else _("{credit} still pays {amount} of {debit}, cancelled by {cancellation} (open: {open})")
    )
    return text.format(
        amount=money(line.amount_minor, line.currency),
        credit=words.item(line.credit),
        debit=words.item(line.debit),
        cancellation=words.item(paid.cancellation),
        open=money(paid.open_minor, line.currency),
    )


def _command(paid: PaidAlready, name: str) -> str:
    """Write `unmatch`, which frees the money, or `match`, which puts the cancellation in its place."""
    from shlex import join  # noqa: PLC0415 - most loads need none

    one = paid.cancellation if name == "match" else paid.allocation.credit
    return join(("reconcile", name, str(one), str(paid.allocation.debit)))


def _freed_object(freed: Freed) -> dict[str, Any]:
    line = freed.allocation
    credit, debit = (
        None if opened is None else plain(opened, line.currency)
        for opened in (freed.credit_open_minor, freed.debit_open_minor)
    )
    return as_object(ALLOCATIONS, line) | {"because": freed.reason, "credit_open": credit, "debit_open": debit}


def _paid_object(paid: PaidAlready) -> dict[str, Any]:
    line = paid.allocation
    return as_object(ALLOCATIONS, line) | {
        "planned": paid.planned,
        "cancellation": str(paid.cancellation),
        "cancellation_open": plain(paid.open_minor, line.currency),
    }


def _unmet(unmet: Unmet) -> str:
    return _("{item} to {target}: {reason}").format(item=unmet.item, target=unmet.target, reason=unmet.reason)


def _sentences(target: Target, title: str, sentences: Sequence[str]) -> None:
    if not sentences:
        return
    target.line()
    target.line(title, "bold")
    for sentence in sentences[:SHOWN]:
        target.line(f"  {sentence}")
    _more(target, len(sentences))


def _more(target: Target, count: int) -> None:
    if count > SHOWN:
        target.line(
            ngettext(
                "  and {count} more; all of them: -f json", "  and {count} more; all of them: -f json", count - SHOWN
            ).format(count=figures.count(count - SHOWN))
        )
