"""How much of the fault tests is run: all of it by `make torture`, a small share by `make check`.

The share stands in the variable TORTURE: 1 is the full number, 0.02 the fiftieth part.
"""

import os
from math import ceil
from typing import Final

SHARE: Final = float(os.environ.get("TORTURE", "0.02"))
told: Final[list[str]] = []
"""What was tried and seen, in sentences, for the end of the run."""


def number(full: int, least: int = 1) -> int:
    """A number of cases: `full` under `make torture`, its share otherwise, never below `least`."""
    return max(least, ceil(full * SHARE))


def tell(sentence: str) -> None:
    """Say at the end of the run what this test tried and saw."""
    told.append(sentence)
