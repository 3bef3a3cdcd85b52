"""Stage `reference`: an item names a document or an order of the other side.

A name counts where it stands whole: `INV-14` is not found in `INV-145` nor in `INV-14-2`; case, accents and the signs
between letters and digits play no part (`inv 14`). A name that could be any number (`12`, `2026`) needs proof: the
amounts are equal, or the word invoice or order stands before it.
"""

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import Kind, Side
from reconcile_cli.domain.matching import Link, Stage, Why, chronological
from reconcile_cli.domain.stages.items import NAMED, Doubt, Found, OpenItem, Place, Proposal, Settings, Unit, documents

_PART: Final = re.compile(r"[^\W\d_]+|\d+")
_WORDS: Final = frozenset(["invoice", "inv", "facture", "fact", "fac", "order", "commande", "cmd"])
_NUMBER_SIGNS: Final = frozenset(["n", "no", "nr", "num", "numero", "number"])
_ENOUGH: Final = 4
_ENOUGH_DIGITS: Final = 5
_LONGEST: Final = 12
_NAMES: Final = 5
_WIDEST_JOINT: Final = 2
_DAY: Final = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])|([0-2]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d")

Parts = tuple[str, ...]


class _Named:
    """What the same names mean, once for all that name it; `names` are the first of them as the books have them."""

    def __init__(self, units: Iterable[Unit], names: Iterable[str]) -> None:
        self.units = tuple({unit.place: unit for unit in units}.values())
        self.names = ", ".join(islice(names, _NAMES))
        self.open_minor = sum(unit.open_minor for unit in self.units)
        self._left = deque(self.items())

    def items(self) -> Iterator[OpenItem]:
        """The items in the order named."""
        return (item for unit in self.units for item in unit.items)

    def run(self, rest: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        """What is open of them; what is used up is not looked at again."""
        while self._left and not rest[self._left[0].id]:
            self._left.popleft()
        return ((item.id, rest[item.id]) for item in self._left if rest[item.id])


class _Claim(NamedTuple):
    """What an item names."""

    item: OpenItem
    named: _Named


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def reference(items: Sequence[OpenItem], settings: Settings) -> Found:
    """Link what an item names: exactly equal amounts first, then as much as both allow. `items` in the total order."""
    found = Found()
    claims = [claim for side in Side for claim in _claims(items, side)]
    rest = {item.id: item.open_minor for item in items}
    exact = [claim for claim in claims if claim.named.open_minor == claim.item.open_minor]
    partly = [claim for claim in claims if claim.named.open_minor != claim.item.open_minor]
    doubtful: dict[_Named, None] = {}
    for group, wanted in ((exact, exact), (partly, claims)):
        contested = _contested(wanted, rest) if settings.careful else frozenset()
        for claim in group:
            if claim.named not in contested:
                _follow(claim, rest, found)
            elif rest[claim.item.id]:
                units = claim.named.units
                names = tuple(unit.name for unit in units[:NAMED])
                found.doubts.append(Doubt(Stage.REFERENCE, Why.EQUALLY_GOOD, claim.item.name, names, len(units)))
                found.doubtful.add(claim.item.id)
                doubtful[claim.named] = None
    found.doubtful.update(item.id for named in doubtful for item in named.items())
    return found


def _contested(claims: Sequence[_Claim], rest: dict[int, int]) -> frozenset[_Named]:
    """What holds a document that several name whose open amounts together are more than what is open of it."""
    groups: dict[_Named, list[int]] = {}
    for claim in claims:
        groups.setdefault(claim.named, []).extend(filter(None, [rest[claim.item.id]]))
    times: Counter[Place] = Counter()
    wanted_minor: Counter[Place] = Counter()
    for named, by in groups.items():
        sum_minor = sum(by)
        for unit in named.units:
            times[unit.place] += len(by)
            wanted_minor[unit.place] += sum_minor
    units = {unit.place: unit for named in groups for unit in named.units}
    opens = {place: sum(rest[item.id] for item in unit.items) for place, unit in units.items()}
    contested = {place for place, by in times.items() if by > 1 and 0 < opens[place] < wanted_minor[place]}
    return frozenset(named for named in groups if any(unit.place in contested for unit in named.units))


def _follow(claim: _Claim, rest: dict[int, int], found: Found) -> None:
    if not rest[claim.item.id]:
        return
    mine, theirs = [(claim.item.id, rest[claim.item.id])], claim.named.run(rest)
    runs = (mine, theirs) if claim.item.side is Side.DEBIT else (theirs, mine)
    links: tuple[Link, ...] = tuple(chronological(*runs))
    for link in links:
        rest[link.debit_id] -= link.amount_minor
        rest[link.credit_id] -= link.amount_minor
    if links:
        found.proposals.append(Proposal(Stage.REFERENCE, links, {"names": claim.named.names}))


def _claims(items: Sequence[OpenItem], side: Side) -> Iterator[_Claim]:
    """What the items of a side name of the other. An invoice names nothing: it is what is named."""
    by_name: dict[Parts, list[Unit]] = {}
    by_order: dict[str, list[Unit]] = {}
    spelt: dict[Parts, str] = {}
    for unit in documents(items, Side(-side)):
        first = unit.items[0]
        by_order.setdefault(first.order, []).append(unit)
        names = {tuple(word.text for word in _parts(name)): name for name in (first.order, first.document)}
        for parts, name in names.items():
            by_name.setdefault(parts, []).append(unit)
            spelt.setdefault(parts, name)
    by_name.pop((), None)
    opens = {parts: sum(unit.open_minor for unit in units) for parts, units in by_name.items()}
    known: dict[tuple[str, ...], _Named] = {}
    for item in items:
        if item.side == side and item.kind is not Kind.INVOICE:
            named = {spelt[parts]: by_name[parts] for parts in _named(item, opens)}
            if item.order in by_order and item.order:
                named.setdefault(item.order, by_order[item.order])
            if named:
                if (key := tuple(named)) not in known:
                    known[key] = _Named((unit for units in named.values() for unit in units), key)
                yield _Claim(item, known[key])


def _named(item: OpenItem, opens: Mapping[Parts, int]) -> Iterator[Parts]:
    """The names that stand whole in an item's text, in its order; of two that begin at one place the longer."""
    words = _parts(item.text)
    begin = 0
    while begin < len(words):
        for end in range(min(len(words), begin + _LONGEST), begin, -1):
            parts = tuple(word.text for word in words[begin:end])
            if (
                parts in opens
                and _is_whole(item.text, words, begin, end)
                and (is_telling(parts) or opens[parts] == item.open_minor or _is_announced(words, begin))
            ):
                yield parts
                begin = end - 1
                break
        begin += 1


def is_telling(parts: Parts) -> bool:
    """Whether a name could hardly stand in a text by chance: five digits, or letters and digits, four at least."""
    text = "".join(parts)
    if text.isdigit():
        return len(text) >= _ENOUGH_DIGITS and not _DAY.fullmatch(text)
    return len(text) >= _ENOUGH and any(part.isdigit() for part in parts)


def _is_announced(words: Sequence[_Word], begin: int) -> bool:
    before = [word.text for word in words[max(0, begin - 2) : begin]]
    if before and before[-1] in _NUMBER_SIGNS:
        before.pop()
    return bool(before) and before[-1] in _WORDS


def _is_whole(text: str, words: Sequence[_Word], begin: int, end: int) -> bool:
    """Whether nothing belongs to the name that it does not have: no sign but one within, no letter or number joined."""
    joints = [text[one.end : other.start] for one, other in zip(words[begin:end], words[begin + 1 : end], strict=False)]
    if any(len(joint.strip()) > 1 or len(joint) > _WIDEST_JOINT for joint in joints):
        return False
    before = text[words[begin - 1].end : words[begin].start] if begin else " "
    after = text[words[end - 1].end : words[end].start] if end < len(words) else " "
    digit_after = end < len(words) and words[end].text.isdigit()
    digit_before = begin > 0 and words[begin - 1].text.isdigit()
    return not (
        before in ("", "-", "_")
        or (before in (".", ",", "/") and digit_before)
        or after in ("", "-", "_")
        or (after in (".", ",", "/") and digit_after)
    )


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[_Word, ...]:
    """The runs of letters and of digits, without case and accents, with where they stand."""
    return tuple(_Word(_folded(found[0]), found.start(), found.end()) for found in _PART.finditer(text))


def _folded(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(sign))
