"""What the stages of `auto` left open, and why."""

import json
from collections.abc import Sequence
from typing import Final

from reconcile_cli.domain.matching import Stage, Why
from reconcile_cli.domain.suggestions import Doubtful
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _, figures

_EQUALLY_GOOD: Final = {
    Stage.REFERENCE: N_("also named by others, more than is open"),
    Stage.AMOUNT: N_("same amount, and none clearly the nearest"),
    Stage.SUM: N_("more than one sum is as good"),
}


def why(doubt: Doubtful) -> str:
    """Say why nothing was decided."""
    if doubt.why is Why.EQUALLY_GOOD:
        return _(_EQUALLY_GOOD[doubt.stage])
    if doubt.why is Why.BY_CHANCE:
        return _("an exact sum that may fit by chance")
    if doubt.stage is Stage.AMOUNT:
        return _("the search stopped: {count} of one amount on the other side").format(
            count=figures.count(doubt.choices)
        )
    return _("the search for sums stopped here, after {count} steps").format(count=figures.count(doubt.choices))


DOUBTS: Final = Listing[Doubtful](
    columns=(
        Column(N_("Account"), lambda doubt: doubt.account, key="account", floor=10),
        Column("", lambda doubt: doubt.currency, key="currency", shown=False),
        Column(N_("Item"), lambda doubt: doubt.item, key="item", floor=16),
        Column("", lambda doubt: doubt.stage.code, key="stage", shown=False),
        Column(N_("Why"), lambda doubt: doubt.why, key="why", words=why, floor=50, rank=1),
        Column(
            N_("May go with"),
            lambda doubt: json.dumps(list(doubt.others), ensure_ascii=False),
            Shape.OBJECT,
            "others",
            words=lambda doubt: ", ".join(doubt.others),
            floor=60,
            rank=2,
            titled=True,
        ),
        Column("", lambda doubt: doubt.choices, Shape.COUNT, "choices", shown=False),
    ),
    currency=lambda _doubt: "",
    keys="account currency item stage why others choices",
)


def write_doubts(target: Target, doubts: Sequence[Doubtful], limit: Limit) -> None:
    """Write what was left open under its title; nothing where nothing was."""
    if doubts:
        target.line()
        target.line(_("Left open: nothing was decided"), "bold")
        write_list(target, DOUBTS, doubts, Limit(limit.asked))
