"""What `check` finds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """Something that `check` found: the rule, the place, and what is wrong."""

    rule: str
    where: str
    message: str
