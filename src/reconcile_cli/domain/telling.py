"""How a long job tells how far it is."""

from collections.abc import Callable

Report = Callable[[str, int, int | None, int], None]
"""Takes a label, how much is done, of how much (None: nobody knows), and how many rows that were (0: not counted)."""
