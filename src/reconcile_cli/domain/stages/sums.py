"""Stage `sum`: one item equals an exact sum of several of the other side.

Runs without a gap in the total order come first, then the fewest items, of several the nearest in time. A sum found
among many is no proof: where so many were tried that one could fit by chance, the careful search takes none.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, islice
from math import comb, gcd
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.matching import Stage, Why
from reconcile_cli.domain.stages.amount import lateness
from reconcile_cli.domain.stages.items import (
    NAMED,
    Doubt,
    Found,
    OpenItem,
    Place,
    Proposal,
    Settings,
    Unit,
    cuts,
    left,
    put,
)

POOL: Final = 24
"""Of how many items, those nearest in time, sums with gaps are made."""
MOST_PARTS: Final = 5
LONGEST_RUN: Final = 500
STEPS: Final = 1_500_000
"""How much is tried for sums with gaps in one account, before the search stops and says so."""
MOST_CHOICES: Final = 20
BY_CHANCE: Final = 2
_SEEN_THROUGH: Final = 100
"""Of so few sums one that may fit by chance is told as a doubt."""
_FORTNIGHT: Final = 15
_RUNS_A_STEP: Final = 12
_STEPS_A_POOL: Final = 250
_STEPS_A_PART: Final = 10


class _Sum(NamedTuple):
    """A target and the units that make it up, so many days away on average; how many such sums, and the next best."""

    target: Unit
    parts: tuple[Unit, ...]
    days: int
    choices: int
    rival: tuple[Unit, ...] = ()
    rival_days: int = 0
    is_chance: bool = False

    def units(self) -> tuple[Unit, ...]:
        """All that it takes."""
        return (self.target, *self.parts)

    def is_unrivalled(self) -> bool:
        """Whether no other sum for the target is as good."""
        return not self.rival or _is_clear(self.days, self.rival_days)


def sums(items: Sequence[OpenItem], settings: Settings) -> Found:
    """Link exact sums: of whole documents first, then of single lines. `items` in the total order."""
    found = Found()
    for cut in cuts(items):
        rest = left(items, found.proposals)
        search = _Search({side: cut(rest, side) for side in Side}, careful=settings.careful)
        for size in (None, *range(2, MOST_PARTS + 1)):
            search.barren.clear()
            while sums_found := list(search.runs() if size is None else search.with_gaps(size)):
                _decide(sums_found, search, found)
        if search.stopped_at is not None:
            found.doubts.append(Doubt(Stage.SUM, Why.BOUND, search.stopped_at.name, choices=STEPS))
    return found


def _decide(sums_found: Sequence[_Sum], search: "_Search", found: Found) -> None:
    """Take the nearest sums; in a careful search leave out those that are not clearly the best, with all they touch."""
    used: set[Place] = set()
    claims: dict[Place, list[int]] = {}
    for one in sums_found:
        for unit in one.units():
            claims.setdefault(unit.place, []).append(one.days)
    for one in sorted(sums_found, key=lambda one: (one.days, one.target.place)):
        places = {unit.place for unit in one.units()}
        if not places.isdisjoint(used):
            continue
        used |= places
        is_first = one.is_unrivalled() and all(_has_first(one.days, claims[place]) for place in places)
        if search.careful and not (is_first and not one.is_chance):
            others = tuple(dict.fromkeys(unit.name for unit in (*one.parts, *one.rival)))[:NAMED]
            why = Why.BY_CHANCE if is_first else Why.EQUALLY_GOOD
            found.doubts.append(Doubt(Stage.SUM, why, one.target.name, others, one.choices))
            if why is Why.EQUALLY_GOOD:
                found.doubtful.update(item.id for unit in (*one.units(), *one.rival) for item in unit.items)
        else:
            reason = {
                "parts": [unit.name for unit in one.parts[:NAMED]],
                "count": len(one.parts),
                "sum": one.target.open_minor,
            }
            found.proposals.append(Proposal(Stage.SUM, put([one.target], one.parts), reason, one.choices))
    search.take(used)


def _has_first(days: int, claims: Sequence[int]) -> bool:
    """Whether a claim of so many days is clearly the first of those on one unit."""
    return len(claims) == 1 or (days == min(claims) and _is_clear(days, sorted(claims)[1]))


def _is_clear(days: int, other: int) -> bool:
    """Whether `days` is so much nearer that the other is no rival."""
    return other > 2 * days + _FORTNIGHT


class _Search:
    """The units of both sides that are still free, and how much may still be tried.

    `barren` are the targets that no sum of the kind in question makes up, as long as their pool stays as it is.
    """

    def __init__(self, units: dict[Side, list[Unit]], *, careful: bool) -> None:
        self.units = units
        self.careful = careful
        self.steps = STEPS
        self.stopped_at: Unit | None = None
        self.barren: set[Place] = set()
        self._pools: dict[Place, list[Unit]] = {}

    def take(self, places: AbstractSet[Place]) -> None:
        """Take units out of the search."""
        self.units = {side: [unit for unit in units if unit.place not in places] for side, units in self.units.items()}
        changed = {
            place for place, pool in self._pools.items() if not places.isdisjoint(unit.place for unit in pool)
        } | places
        self._pools = {place: pool for place, pool in self._pools.items() if place not in changed}
        self.barren -= changed

    def runs(self) -> Iterator[_Sum]:
        """For each unit the nearest run without a gap, of two or more of the other side, that sums up to it."""
        for side, targets in self.units.items():
            others = self.units[Side(-side)]
            if not targets or not self._go_on(targets[0], len(others) * min(len(others), LONGEST_RUN) // _RUNS_A_STEP):
                continue
            runs = _runs(others, {target.open_minor for target in targets})
            tried = comb(len(others), 2)
            step = gcd(*(unit.open_minor for unit in others))
            for target in targets:
                found = [tuple(others[begin:end]) for begin, end in runs.get(target.open_minor, ())]
                is_chance = self._is_chance(tried, target, step)
                if found and not (is_chance and tried > _SEEN_THROUGH):
                    self.steps -= _STEPS_A_PART * sum(map(len, found))
                    yield _nearest(target, found)._replace(is_chance=is_chance)

    def with_gaps(self, size: int) -> Iterator[_Sum]:
        """For each unit the nearest sum of `size` units of the other side."""
        for side, targets in self.units.items():
            for target in targets:
                if target.place in self.barren:
                    continue
                self.barren.add(target.place)
                pool = self._pool(target, self.units[Side(-side)])
                if len(pool) < size:
                    continue
                if not self._go_on(target, len(pool)):
                    return
                tried = comb(len(pool), size)
                is_chance = self._is_chance(tried, target, gcd(*(unit.open_minor for unit in pool)))
                if is_chance and tried > _SEEN_THROUGH:
                    continue
                found = list(islice(self._sums(pool, size, target.open_minor), MOST_CHOICES))
                if found:
                    yield _nearest(target, found)._replace(is_chance=is_chance)

    def _go_on(self, target: Unit, steps: int) -> bool:
        """Count steps; tells whether so many were left, and remembers where there were not."""
        if self.steps < steps:
            self.stopped_at = self.stopped_at or target
            return False
        self.steps -= steps
        return True

    def _is_chance(self, tried: int, target: Unit, step: int) -> bool:
        """Whether so many sums are tried that one could fit by chance: as many as there are different amounts."""
        return self.careful and tried * gcd(step, target.open_minor) * BY_CHANCE > target.open_minor

    def _pool(self, target: Unit, others: Sequence[Unit]) -> list[Unit]:
        """The units nearest in time that can be a part of the target, the nearest first; `others` go by date."""
        known = self._pools.get(target.place)
        if known is not None:
            return known
        self.steps -= _STEPS_A_POOL
        here = bisect(others, target.day, key=lambda unit: unit.day)
        around = others[max(0, here - 2 * POOL) : here + 2 * POOL]
        fitting = [unit for unit in around if unit.open_minor < target.open_minor]
        pool = sorted(fitting, key=lambda unit: (lateness(target, unit), unit.place))[:POOL]
        self._pools[target.place] = pool
        return pool

    def _sums(self, pool: Sequence[Unit], size: int, rest_minor: int) -> Iterator[tuple[Unit, ...]]:
        """All sums of `size` units that make `rest_minor`."""
        self.steps -= len(pool)
        if size == 2:  # noqa: PLR2004 - a pair
            seen: dict[int, list[Unit]] = {}
            for unit in pool:
                yield from ((other, unit) for other in seen.get(rest_minor - unit.open_minor, ()))
                seen.setdefault(unit.open_minor, []).append(unit)
            return
        for index, unit in enumerate(pool):
            if unit.open_minor < rest_minor:
                for others in self._sums(pool[index + 1 :], size - 1, rest_minor - unit.open_minor):
                    yield (unit, *others)


def _runs(units: Sequence[Unit], wanted: AbstractSet[int]) -> dict[int, list[tuple[int, int]]]:
    """Where the runs of two or more begin and end that sum up to a wanted amount, the first ones of each amount."""
    ends = [0, *accumulate(unit.open_minor for unit in units)]
    most = max(wanted)
    found: dict[int, list[tuple[int, int]]] = {}
    for begin, before in enumerate(ends):
        stop = min(bisect(ends, before + most), begin + LONGEST_RUN + 1)
        for sum_minor in [end - before for end in ends[begin + 2 : stop] if end - before in wanted]:
            of_amount = found.setdefault(sum_minor, [])
            if len(of_amount) < MOST_CHOICES:
                of_amount.append((begin, bisect_left(ends, before + sum_minor)))
    return found


def _nearest(target: Unit, found: Iterable[tuple[Unit, ...]]) -> _Sum:
    """The nearest of several sums for one target, and the next."""
    in_order = (tuple(sorted(parts, key=lambda unit: unit.place)) for parts in found)
    rated = sorted(
        ((sum(lateness(target, unit) for unit in parts) // len(parts), parts) for parts in in_order),
        key=lambda one: (one[0], [unit.place for unit in one[1]]),
    )
    days, parts = rated[0]
    rival_days, rival = rated[1] if len(rated) > 1 else (0, ())
    return _Sum(target, parts, days, len(rated), rival, rival_days)
