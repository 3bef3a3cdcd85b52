"""Why an item is open: what follows from the facts that the books hold of it. Pure."""

from collections.abc import Container, Iterator, Sequence
from typing import Final

from reconcile_cli.domain.dates import days_between
from reconcile_cli.domain.kinds import PLANNABLE, Kind, Side, State
from reconcile_cli.domain.matching import matching_key
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.naming import nothing_else
from reconcile_cli.domain.whys import Candidate, Cause, Facts, Happened, Reason, Stop, Suggestion

_CHOICES: Final = 3
_PARTS: Final = 6


def reasons(facts: Facts) -> Iterator[Reason]:
    """Why an open item is open, in the order in which a load reconciles; nothing for one that is reconciled."""
    card, item = facts.card, facts.item
    if not card.state.counts:
        yield Reason(Cause.NOT_COUNTED, other=card.state.code)
        return
    if not item.open_minor:
        return
    if card.state is State.PLANNED:
        yield Reason(Cause.PLANNED, date=facts.day)
    removed = list(_removed(facts))
    yield from removed
    yield from _stated(facts)
    yield from _at_checkout(facts, {reason.other for reason in removed})
    if facts.account_held:
        yield Reason(Cause.ACCOUNT_HELD, other=card.account)
    elif item.held:
        yield Reason(Cause.HELD)


def _removed(facts: Facts) -> Iterator[Reason]:
    """R7, R14, R24: the last allocation removed from each other item, where it did not come back."""
    back = {counterpart.name for counterpart in facts.item.allocations}
    gone = {
        event.other: event
        for event in facts.events
        if event.what is Happened.REMOVED and not (event.undoes or event.undone_by)
    }
    for other, event in gone.items():
        if other not in back and not any(change.field == "replaced_by" for change in event.changes):
            yield Reason(
                Cause.REMOVED, event.command, str(other), amount_minor=event.amount_minor, operation=event.operation
            )


def _stated(facts: Facts) -> Iterator[Reason]:
    """R11: what the source states of it, and what came of that."""
    card, item = facts.card, facts.item
    for target in facts.targets:
        if target.account is None:
            yield Reason(Cause.TARGET_AWAITED, target.name)
        elif (target.account, target.currency) != (card.account, card.currency):
            yield Reason(Cause.TARGET_ELSEWHERE, target.name, f"{target.account}, {target.currency}")
        elif not target.open_minor:
            yield Reason(Cause.TARGET_USED_UP, target.name)
    if nothing_else(item.applies_to):
        yield Reason(Cause.STAYS_OPEN)
    if item.match_code:
        debit, credit = facts.code_sums
        if not debit or not credit:
            yield Reason(Cause.CODE_ALONE, item.match_code)
        elif debit != credit:
            yield Reason(Cause.CODE_UNBALANCED, item.match_code, debit_minor=debit, credit_minor=credit)


def _at_checkout(facts: Facts, told: Container[str]) -> Iterator[Reason]:
    """R12: what was made at checkout, and what was not; `told` are the items that were spoken of already."""
    card = facts.card
    if not card.order:
        if card.kind is not Kind.ADJUSTMENT:
            yield Reason(Cause.NO_ORDER)
    elif facts.no_match:
        yield Reason(Cause.NO_CHECKOUT)
    elif not facts.mates:
        yield Reason(Cause.ORDER_ALONE, card.order)
    else:
        for mate in facts.mates:
            cause = _missed(facts, mate)
            if cause is not None and str(mate.name) not in told:
                yield Reason(cause, card.order, str(mate.name), mate.made)
        used = [mate for mate in facts.mates if not mate.open_minor and mate.currency == card.currency]
        mine = {counterpart.name for counterpart in facts.item.allocations}
        used, own = [mate for mate in used if mate.name not in mine], len(used)
        if own > len(used):
            yield Reason(Cause.ORDER_PART, card.order)
        if used:
            yield Reason(Cause.ORDER_USED_UP, card.order, str(used[0].name), more=len(used) - 1)


def _missed(facts: Facts, mate: Candidate) -> Cause | None:
    """Why checkout did not put an open item of the same order against this one."""
    if mate.currency != facts.card.currency:
        return Cause.ORDER_OTHER_CURRENCY
    if not mate.open_minor:
        return None
    if mate.made != facts.card.date and not _any_date(facts, mate):
        return Cause.ORDER_OTHER_DATE
    return Cause.ORDER_OPEN


def _any_date(facts: Facts, mate: Candidate) -> bool:
    """R12: a cancellation and an instalment go to any date of their order."""
    card = facts.card
    if facts.item.side is Side.DEBIT:
        return mate.instalment or mate.name.kind is Kind.CANCELLATION
    return card.kind is Kind.CANCELLATION or (
        card.kind in PLANNABLE and card.state is State.POSTED and card.due_date is not None
    )


def ranked(facts: Facts) -> list[Candidate]:
    """The candidates, most useful first: free ones, used up ones last, of the open amount, nearest in date, R16."""

    def key(candidate: Candidate) -> tuple[object, ...]:
        name = candidate.name
        return (
            not candidate.free,
            Stop.USED_UP in candidate.stops,
            candidate.open_minor != facts.item.open_minor,
            _days(candidate, facts),
            matching_key(candidate.date, name.document, name.kind, name.line),
        )

    return sorted(facts.candidates, key=key)


def _nearest(facts: Facts) -> list[Candidate]:
    """The free items of the same open amount that are nearest in date; two equally good ones are both told (R13)."""
    equal = [one for one in ranked(facts) if one.free and one.open_minor == facts.item.open_minor]
    return [one for one in equal if _days(one, facts) == _days(equal[0], facts)]


def _days(candidate: Candidate, facts: Facts) -> int:
    return abs(days_between(candidate.date, facts.day))


def commands(facts: Facts, suggestion: Suggestion | None) -> Iterator[Sequence[str]]:
    """The commands that would bring the item further, each as its words."""
    card, item, name = facts.card, facts.item, str(facts.name)
    if not card.state.counts:
        return
    if not item.open_minor:
        yield ("show", f"{card.kind.code}/{card.document}", "--matches")
        return
    if item.held:
        yield ("release", card.account if facts.account_held else name)
    order = ranked(facts)
    free = _nearest(facts)[:_CHOICES] or [one for one in order if one.free][:1]
    if suggestion is None:
        for one in free:
            yield ("match", name, str(one.name))
    elif len(suggestion.parts) <= _PARTS:
        yield ("match", name, *_parts(facts, suggestion))
    else:
        yield ("auto", card.account, "--smart", "--dry-run")
    planned = card.state is State.PLANNED or (not free and any(Stop.PLANNED in one.stops for one in order))
    if planned or (free and not item.held):
        yield ("auto", card.account, *(("--include-planned",) if planned else ()), "--dry-run")
    used = next((one for one in order if Stop.USED_UP in one.stops), None)
    if used is not None and not free:
        yield ("show", f"{used.name.kind.code}/{used.name.document}", "--matches")
    if not free:
        yield ("find", plain(item.open_minor, card.currency))


def _parts(facts: Facts, suggestion: Suggestion) -> Iterator[str]:
    """The items of a suggestion as `match` takes them, with an amount where it is not all that is open."""
    opened = {candidate.name: candidate.open_minor for candidate in facts.candidates}
    for name, amount_minor in suggestion.parts:
        part = "" if opened.get(name) == amount_minor else f"={plain(amount_minor, facts.card.currency)}"
        yield f"{name}{part}"
