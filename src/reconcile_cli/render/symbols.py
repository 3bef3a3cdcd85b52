"""The sign of each status: symbol, ASCII symbol, colour and word, always together (R8).

The colours are those of the 16 that can be read on white and on black in the common palettes: yellow and cyan cannot.
"""

from collections.abc import Iterable
from typing import Final

from reconcile_cli.domain.status import Status
from reconcile_cli.render.look import Look, Part
from reconcile_cli.text import N_, _

_SYMBOLS: Final = {
    Status.ERROR: ("\N{BALLOT X}", "X", "bold reverse red"),
    Status.RECONCILED: ("\N{CHECK MARK}", "v", "green"),
    Status.COVERED: ("\N{BALLOT BOX WITH CHECK}", "p", "bright_blue"),
    Status.UNRECONCILED: ("\N{WARNING SIGN}", "!", "bright_red"),
    Status.PARTIAL: ("\N{CIRCLE WITH LEFT HALF BLACK}", "~", "bright_magenta"),
}
_WORDS: Final = {
    Status.ERROR: N_("error"),
    Status.RECONCILED: N_("reconciled"),
    Status.COVERED: N_("covered"),
    Status.UNRECONCILED: N_("unreconciled"),
    Status.PARTIAL: N_("partial"),
}
_MEANINGS: Final = {
    Status.ERROR: N_("error: the figures disagree, run `reconcile check`"),
    Status.RECONCILED: N_("reconciled: every cent is allocated"),
    Status.COVERED: N_("covered: planned payments will pay it"),
    Status.UNRECONCILED: N_("unreconciled: nothing is allocated"),
    Status.PARTIAL: N_("partial: a part is allocated"),
}
LEGEND_ORDER: Final = (Status.RECONCILED, Status.COVERED, Status.PARTIAL, Status.UNRECONCILED, Status.ERROR)


def symbol(status: Status | None, look: Look) -> str:
    """Give the sign of a status, one cell wide; a space where there is no status."""
    if status is None:
        return " "
    sign, plain, _colour = _SYMBOLS[status]
    return plain if look.ascii else sign


def colour(status: Status | None) -> str:
    """Name the colour that goes with a status; it never stands for it."""
    return "" if status is None else _SYMBOLS[status][2]


def label(status: Status | None, look: Look, extra: str = "") -> str:
    """Write symbol and word, and what is to be said beside them: `☑ covered, overdue`."""
    word = "" if status is None else _(_WORDS[status])
    said = ", ".join(look.text(part) for part in (word, extra) if part)
    return f"{symbol(status, look)} {said}".rstrip()


def sign(status: Status | None, look: Look, extra: str = "") -> Part:
    """Write what `label` does, in the colour of the status."""
    return label(status, look, extra).strip(), colour(status)


def legend(statuses: Iterable[Status], look: Look) -> list[Part]:
    """Explain the symbols that a screen shows."""
    shown = set(statuses)
    return [
        (f"{symbol(status, look)} {look.text(_(_MEANINGS[status]))}", "dim")
        for status in LEGEND_ORDER
        if status in shown
    ]
