"""Why an allocation was made, worded from its stage and the reason kept with it."""

import json
from typing import Final

from reconcile_cli.domain.matching import Stage
from reconcile_cli.text import N_, _

_PLAIN: Final = {
    Stage.WITHIN_DOCUMENT: N_("within the document"),
    Stage.STATED: N_("stated by the source"),
    Stage.CHECKOUT: N_("at checkout"),
    Stage.BY_HAND: N_("by hand"),
    Stage.DATE: N_("oldest to oldest"),
    Stage.WRITE_OFF: N_("written off"),
}
_ARGUED: Final = {
    Stage.STATED: N_("stated by the source: {reason}"),
    Stage.CHECKOUT: N_("at checkout, order {reason}"),
    Stage.BY_HAND: N_("by hand: {reason}"),
    Stage.WRITE_OFF: N_("written off: {reason}"),
}


def worded(stage: Stage, reason: str | None) -> str:
    """Say why: `at checkout, order 7731`. `reason` is JSON: what the stage went by, under its name."""
    if reason and stage in _ARGUED:
        return _(_ARGUED[stage]).format(reason=_argument(reason))
    return _(_PLAIN[stage])


def _argument(reason: str) -> str:
    try:
        arguments = json.loads(reason)
    except ValueError:
        return reason
    return " ".join(map(str, arguments.values())) if isinstance(arguments, dict) else reason
