"""Stage `balance`: everything open up to a day nets to zero, so it belongs together."""

from collections.abc import Sequence
from itertools import groupby

from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.stages.items import Found, OpenItem, Proposal, Settings, Unit, put


def balance(items: Sequence[OpenItem], settings: Settings) -> Found:  # noqa: ARG001 - a stage takes both
    """Link all that is open up to the first day at whose end it nets to zero, then what follows likewise."""
    found = Found()
    since: list[OpenItem] = []
    net_minor = 0
    for day, of_day in groupby(sorted(items, key=lambda item: (item.date, item.place)), key=lambda item: item.date):
        for item in of_day:
            since.append(item)
            net_minor += item.side * item.open_minor
        if net_minor == 0:
            sides = ([Unit((item,)) for item in since if item.side == side] for side in (1, -1))
            found.proposals.append(Proposal(Stage.BALANCE, put(*sides), {"until": day, "items": len(since)}))
            since = []
    return found
