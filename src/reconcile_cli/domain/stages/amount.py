"""Stage `amount`: equal amounts, the nearest in time, the oldest on ties.

Of one amount as many pairs as possible are made, and of all ways to make them the one with the fewest days between
the two of each pair. Pairs never cross: twelve equal invoices and twelve payments pair off in sequence.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.matching import Stage, Why
from reconcile_cli.domain.stages.items import (
    Doubt,
    Found,
    OpenItem,
    Proposal,
    Settings,
    Unit,
    by_amount,
    cuts,
    documents,
    left,
    put,
)

PAIRS_COMPARED: Final = 50_000
"""Pairs of one amount that are compared (some 220 items on each side), where they do not simply go in sequence."""
_EARLY_FACTOR: Final = 2
_FORTNIGHT: Final = 15
_UNPAIRED: Final = 10**9

Cost = Callable[[Unit, Unit], int]
Pairs = dict[int, int]
"""Of each unit of the fewer side its partner of the other, both by their place."""


def amount(items: Sequence[OpenItem], settings: Settings) -> Found:
    """Link what is equal: whole documents first, then single lines of what is left. `items` in the total order."""
    found = Found()
    for cut in cuts(items):
        rest = left(items, found.proposals)
        _leave_to_lines(found, rest)
        debits, credits_ = by_amount(cut(rest, Side.DEBIT)), by_amount(cut(rest, Side.CREDIT))
        for open_minor, ones in debits.items():
            others = credits_.get(open_minor, [])
            few, many = (ones, others) if len(ones) <= len(others) else (others, ones)
            if few:
                _pair_off(few, many, settings, found)
    return found


def _leave_to_lines(found: Found, rest: Sequence[OpenItem]) -> None:
    """Forget the doubts about documents of one line: they come again where lines are looked at."""
    units = (unit for side in Side for unit in documents(rest, side))
    several = {unit.name for unit in units if len(unit.items) > 1}
    found.doubts[:] = [
        doubt for doubt in found.doubts if doubt.why is Why.BOUND or not several.isdisjoint((doubt.item, *doubt.others))
    ]


def days_apart(one: Unit, other: Unit) -> int:
    """Whole days between two, whichever comes first."""
    return abs(one.day - other.day)


def lateness(one: Unit, other: Unit) -> int:
    """Days apart; where money came before its bill, twice as many and a fortnight more: bills come first."""
    if one.is_money is other.is_money:
        return days_apart(one, other)
    money, bill = (one, other) if one.is_money else (other, one)
    days = money.day - bill.day
    return days if days >= 0 else _EARLY_FACTOR * -days + _FORTNIGHT


def _pair_off(few: list[Unit], many: list[Unit], settings: Settings, found: Found) -> None:
    sequence = {place: place for place in range(len(few))}
    near = {place: place for place in sequence if _is_near(few[place], many[place], settings)}
    in_sequence = len(few) == len(many) == len(near)
    if in_sequence and (not settings.careful or _is_regular(few, many)):
        answers = [sequence]
    elif len(few) * len(many) <= PAIRS_COMPARED:
        answers = [sequence] if in_sequence else [*_best(few, many, lateness, settings)]
        if settings.careful:
            answers += [*_best(few, many, days_apart, settings), _nearest_first(few, many, settings)]
    else:
        answers = [{} if settings.careful else near]
        found.doubts.append(Doubt(Stage.AMOUNT, Why.BOUND, few[0].name, choices=len(many)))
        found.doubtful.update(item.id for unit in (*few, *many) for item in unit.items)
    for place, unit in enumerate(few):
        partners = {answer.get(place) for answer in (answers if settings.careful else answers[:1])}
        chosen = answers[0].get(place)
        if len(partners) > 1:
            rivals = [many[other] for other in sorted(other for other in partners if other is not None)]
            others = tuple(rival.name for rival in rivals)
            found.doubtful.update(item.id for one in (unit, *rivals) for item in one.items)
            found.doubts.append(Doubt(Stage.AMOUNT, Why.EQUALLY_GOOD, unit.name, others, len(many)))
        elif chosen is not None:
            reason = {"days": days_apart(unit, many[chosen])}
            found.proposals.append(Proposal(Stage.AMOUNT, put([unit], [many[chosen]]), reason, len(many)))


def _is_near(one: Unit, other: Unit, settings: Settings) -> bool:
    return settings.days is None or days_apart(one, other) <= settings.days


def _is_regular(few: list[Unit], many: list[Unit]) -> bool:
    """Whether all pairs in sequence are about as far apart, as where a fee is paid every month."""
    gaps = [one.day - other.day for one, other in zip(few, many, strict=True)]
    return max(gaps) - min(gaps) <= _FORTNIGHT


def _nearest_first(few: list[Unit], many: list[Unit], settings: Settings) -> Pairs:
    """The answer of somebody who takes the nearest two, then the nearest of the others; these may cross."""
    rated = sorted(
        (lateness(one, other), place, other_place)
        for place, one in enumerate(few)
        for other_place, other in enumerate(many)
        if _is_near(one, other, settings)
    )
    pairs: Pairs = {}
    taken: set[int] = set()
    for _days, place, other_place in rated:
        if place not in pairs and other_place not in taken:
            pairs[place] = other_place
            taken.add(other_place)
    return pairs


def _best(few: list[Unit], many: list[Unit], cost: Cost, settings: Settings) -> Iterator[Pairs]:
    """The cheapest answer that takes the oldest where several are as cheap, and the one that takes the latest.

    Those that agree on a pair leave no other answer for it, since no two pairs cross.
    """
    costs = [[cost(one, other) if _is_near(one, other, settings) else _UNPAIRED for other in many] for one in few]
    after = [[0] * (len(many) + 1)]
    for row in reversed(costs):
        below = after[-1]
        best = [below[-1] + _UNPAIRED]
        for place in range(len(many) - 1, -1, -1):
            best.append(min(best[-1], row[place] + below[place + 1], below[place] + _UNPAIRED))
        after.append(best[::-1])
    after.reverse()
    for latest in (False, True):
        yield _walk(costs, after, latest=latest)


def _walk(costs: list[list[int]], after: list[list[int]], *, latest: bool) -> Pairs:
    pairs: Pairs = {}
    many = 0
    for few, (here, below) in enumerate(pairwise(after)):
        row = costs[few]
        while many < len(row):
            is_pair = row[many] < _UNPAIRED and row[many] + below[many + 1] == here[many]
            is_skip = here[many + 1] == here[many]
            if is_pair and not (latest and is_skip):
                pairs[few] = many
                many += 1
                break
            if not is_skip:
                break
            many += 1
    return pairs
