"""What stages propose, and what they leave open."""

from collections.abc import Sequence
from typing import NamedTuple

from reconcile_cli.domain.matching import Stage, Why
from reconcile_cli.domain.records import AllocationLine


class Doubtful(NamedTuple):
    """What a stage left open though it could have been linked; `others` are the first that it might go with."""

    account: str
    currency: str
    item: str
    stage: Stage
    why: Why
    others: Sequence[str]
    choices: int


class Suggestion(NamedTuple):
    """Allocations that belong together, proposed; `choices` 1: no other answer. `matches` are the words of `match`."""

    account: str
    currency: str
    amount_minor: int
    stage: Stage
    reason: str | None
    choices: int
    allocations: Sequence[AllocationLine]
    matches: Sequence[Sequence[str]]


class Suggestions(NamedTuple):
    """What is suggested, the most certain first, and what was left open."""

    suggestions: Sequence[Suggestion]
    doubts: Sequence[Doubtful]
