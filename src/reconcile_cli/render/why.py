"""Why an item is open: short and in order for people, every fact for scripts."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.concluding import ranked
from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.whys import Candidate, Event, Happened, Suggestion, Why
from reconcile_cli.render import causes, reasons, symbols, words
from reconcile_cli.render.amounts import grouped, money
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.data import csv_writer, parsed
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.safe import json_text
from reconcile_cli.render.transactions import beside_status
from reconcile_cli.text import N_, _, figures, ngettext
from reconcile_cli.text.figures import day

_SHOWN: Final = 8
_COLUMNS: Final = ("item", "part", "code", "other", "operation", "when", "currency", "value", "text")


class _Other(NamedTuple):
    """A row of the list of the other side."""

    why: Why
    candidate: Candidate


_OTHERS: Final = Listing[_Other](
    columns=(
        Column(N_("Item"), lambda row: words.item(row.candidate.name), floor=18),
        Column(N_("Date"), lambda row: row.candidate.date, Shape.DATE, rank=1),
        Column("", lambda row: row.candidate.currency, key="currency"),
        Column(N_("Open"), lambda row: row.candidate.open_minor, Shape.AMOUNT),
        Column(N_("What stops it"), lambda row: causes.stop(row.candidate, row.why.facts), floor=20),
    ),
    currency=lambda row: row.candidate.currency,
)


def write_whys(target: Target, whys: Sequence[Why]) -> None:
    """Write the answers in the format asked for."""
    if target.format is Format.JSON:
        target.stream.write(json_text([_object(why) for why in whys]) + "\n")
    elif target.format is Format.CSV:
        rows = csv_writer(target, _COLUMNS)
        for why in whys:
            for row in _rows(why):
                rows.write(row)
    else:
        for number, why in enumerate(whys):
            if number:
                target.line()
            _write_one(target, why)


def _write_one(target: Target, why: Why) -> None:
    card, item = why.facts.card, why.facts.item
    target.line(f"{words.item(why.facts.name)}  {item.description}".rstrip(), "bold")
    amount = money(item.amount_minor, card.currency)
    if item.open_minor and card.state.counts:
        part = _("open {amount}") if item.open_minor == item.amount_minor else _("open {part} of {amount}")
        amount = part.format(part=grouped(item.open_minor, card.currency), amount=amount)
    due = "" if card.due_date is None else _("due {date}").format(date=day(card.due_date))
    owner = f"{card.account}  {card.name}".rstrip()
    beside = beside_status(card) if card.state is not State.POSTED else ""
    parts = [symbols.sign(item.status, target.look, beside)]
    target.flow([*parts, *((target.look.text(text), "") for text in (amount, owner, day(card.date), due))])
    _titled(target, _("What happened"))
    for line in _story(why):
        target.line(line)
    if why.reasons:
        _titled(target, _("Why it is open"))
        for reason in why.reasons:
            target.line("  " + causes.sentence(reason, card.currency))
    if item.open_minor and card.state.counts:
        _write_others(target, why)
    if why.suggestion is not None:
        _titled(target, _("Suggestion"))
        for name, amount_minor in why.suggestion.parts:
            target.line(f"  {words.item(name)}  {money(amount_minor, card.currency)}")
        target.line("  " + reasons.worded(why.suggestion.stage, why.suggestion.reason))
    if why.commands:
        _titled(target, _("Next"))
        for command in why.commands:
            target.line("  " + typed(command))


def _titled(target: Target, title: str) -> None:
    target.line()
    target.line(title, "bold")


def _story(why: Why) -> Iterator[str]:
    """What happened, operation by operation."""
    currency = why.facts.card.currency
    for _number, group in groupby(why.facts.events, key=attrgetter("operation")):
        events = list(group)
        first = events[0]
        heading = _("  operation {number}, {command}, {date}").format(
            number=first.operation, command=first.command, date=first.made_at[:10]
        )
        if first.undone_by is not None:
            heading += " " + _("(taken back by operation {number})").format(number=first.undone_by)
        yield heading
        for event in events:
            yield "    " + _told(event, currency)
            yield from ("      " + line for line in _changed(event))
        if first.note:
            yield "    " + _("Note: {note}").format(note=first.note)


def _told(event: Event, currency: str) -> str:
    if event.what is Happened.ADDED:
        return _("added")
    if event.what is Happened.CHANGED or event.other is None or event.amount_minor is None:
        return _("changed")
    amount, other = money(event.amount_minor, currency), words.item(event.other)
    if event.what is Happened.RECONCILED and event.stage is not None:
        why = reasons.worded(event.stage, event.reason)
        return _("{amount} with {item}: {reason}").format(amount=amount, item=other, reason=why)
    if event.undoes is not None:
        return _("{amount} with {item} removed: operation {number} was taken back").format(
            amount=amount, item=other, number=event.undoes
        )
    return _("{amount} with {item} removed").format(amount=amount, item=other)


def _changed(event: Event) -> Iterator[str]:
    for change in event.changes:
        yield _("{document}, {field}: {before} → {after}").format(
            document=change.document,
            field=words.field(change.field),
            before=change.old or _("(empty)"),
            after=change.new or _("(empty)"),
        )


def _write_others(target: Target, why: Why) -> None:
    card = why.facts.card
    others = ranked(why.facts)
    _titled(target, _("On the other side of account {account}").format(account=target.look.text(card.account)))
    if not others:
        target.line("  " + _("Nothing is open there."))
        return
    write_list(target, _OTHERS, (_Other(why, one) for one in others[:_SHOWN]), Limit(0))
    if len(others) > _SHOWN:
        more = len(others) - _SHOWN
        target.line(
            ngettext("... and {count} more", "... and {count} more", more).format(count=figures.count(more)), "dim"
        )


def typed(command: Sequence[str]) -> str:
    """Write a command as it is typed, quoted for a shell."""
    from shlex import join  # noqa: PLC0415 - data need none

    return join(("reconcile", *command))


def _object(why: Why) -> dict[str, Any]:
    card, item, currency = why.facts.card, why.facts.item, why.facts.card.currency
    return {
        "account": card.account,
        "name": card.name,
        "item": str(why.facts.name),
        "side": item.side.name.lower(),
        "date": iso(card.date),
        "due_date": None if card.due_date is None else iso(card.due_date),
        "state": card.state.code,
        "currency": currency,
        "amount": plain(item.amount_minor, currency),
        "open": plain(item.open_minor, currency),
        "status": item.status,
        "held": item.held,
        "history": [_event_object(event, currency) for event in why.facts.events],
        "causes": [
            {
                "cause": reason.cause,
                "name": reason.name,
                "other": reason.other,
                "date": None if reason.date is None else iso(reason.date),
                "debits": None if reason.debit_minor is None else plain(reason.debit_minor, currency),
                "credits": None if reason.credit_minor is None else plain(reason.credit_minor, currency),
                "operation": reason.operation,
                "sentence": causes.sentence(reason, currency),
            }
            for reason in why.reasons
        ],
        "other_side": [_candidate_object(candidate) for candidate in ranked(why.facts)],
        "suggestion": _suggestion_object(why.suggestion, currency),
        "commands": [typed(command) for command in why.commands],
    }


def _suggestion_object(suggestion: Suggestion | None, currency: str) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    return {
        "stage": suggestion.stage.code,
        "reason": parsed(suggestion.reason),
        "items": [
            {"item": str(name), "amount": plain(amount_minor, currency)} for name, amount_minor in suggestion.parts
        ],
    }


def _event_object(event: Event, currency: str) -> dict[str, Any]:
    made = {
        "operation": event.operation,
        "made_at": event.made_at,
        "command": event.command,
        "note": event.note,
        "undoes": event.undoes,
        "undone_by": event.undone_by,
        "event": event.what,
        "changes": [change._asdict() for change in event.changes],
    }
    if event.other is not None and event.amount_minor is not None:
        made |= {
            "with": str(event.other),
            "amount": plain(event.amount_minor, currency),
            "stage": None if event.stage is None else event.stage.code,
            "reason": parsed(event.reason),
        }
    return made


def _candidate_object(candidate: Candidate) -> dict[str, Any]:
    return {
        "item": str(candidate.name),
        "date": iso(candidate.date),
        "currency": candidate.currency,
        "amount": plain(candidate.amount_minor, candidate.currency),
        "open": plain(candidate.open_minor, candidate.currency),
        "stops": list(candidate.stops),
        "used_by": None if candidate.used_by is None else str(candidate.used_by),
        "order": candidate.order,
        "applies_to": candidate.applies_to,
    }


def _rows(why: Why) -> Iterator[tuple[str | int, ...]]:
    """The CSV: one row for each fact."""
    card, item, name = why.facts.card, why.facts.item, str(why.facts.name)
    opened = plain(item.open_minor, card.currency)
    yield name, "status", item.status or "", "", "", iso(card.date), card.currency, opened, item.description
    for event in why.facts.events:
        amount = "" if event.amount_minor is None else plain(event.amount_minor, card.currency)
        other = str(event.other or "")
        told = "; ".join([_told(event, card.currency), *_changed(event)])
        yield name, "history", event.what, other, event.operation, event.made_at, card.currency, amount, told
    for reason in why.reasons:
        sentence = causes.sentence(reason, card.currency)
        yield name, "cause", reason.cause, reason.other or reason.name, "", "", "", "", sentence
    for one in ranked(why.facts):
        code, opened = " ".join(one.stops) or "free", plain(one.open_minor, one.currency)
        stop = causes.stop(one, why.facts)
        yield name, "other_side", code, str(one.name), "", iso(one.date), one.currency, opened, stop
    if why.suggestion is not None:
        worded = reasons.worded(why.suggestion.stage, why.suggestion.reason)
        for other_name, amount_minor in why.suggestion.parts:
            part = plain(amount_minor, card.currency)
            yield name, "suggestion", why.suggestion.stage.code, str(other_name), "", "", card.currency, part, worded
    for command in why.commands:
        yield name, "command", command[0], "", "", "", "", "", typed(command)
