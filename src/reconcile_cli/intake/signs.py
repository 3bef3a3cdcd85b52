"""What signs and states may mean together (section 2; section 4, amount)."""

from collections.abc import Sequence
from itertools import compress
from typing import Final

from reconcile_cli.domain.kinds import PLANNABLE, State
from reconcile_cli.intake.problems import Refused
from reconcile_cli.text import _

_PAYMENTS: Final = frozenset(int(kind) for kind in PLANNABLE)


class SignWatch:
    """Whether a file has payments, and all negative: then its signs need explaining (section 4, amount)."""

    def __init__(self) -> None:
        self.first_negative: tuple[int, str] | None = None
        self.explained = False

    @property
    def unexplained(self) -> tuple[int, str] | None:
        """Line and text of the first negative payment of a file without a positive one."""
        return None if self.explained else self.first_negative

    def see(self, kinds: Sequence[int], amounts: Sequence[int], numbers: Sequence[int], cells: Sequence[str]) -> None:
        """Look at rows until one positive payment is seen."""
        for kind, amount_minor, number, cell in zip(kinds, amounts, numbers, cells, strict=True):
            if kind in _PAYMENTS:
                if amount_minor > 0:
                    self.explained = True
                    return
                if amount_minor < 0 and self.first_negative is None:
                    self.first_negative = number, cell


def check_states(kinds: Sequence[int], states: Sequence[int], sides: Sequence[int], amounts: Sequence[int]) -> None:
    """Only payments and deposits are planned or declined (section 2), and planned ones bring money in."""
    for kind, state, side, amount_minor in compress(zip(kinds, states, sides, amounts, strict=True), states):
        if state in {State.PLANNED, State.DECLINED} and kind not in _PAYMENTS:
            raise Refused(_("posted or void: only payments and deposits can be planned or declined"), "state")
        if state == State.PLANNED and side > 0 and amount_minor:
            raise Refused(_("posted, or another sign: a planned payment is money to come in"), "state")
