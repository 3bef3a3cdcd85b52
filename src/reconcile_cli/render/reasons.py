"""Why an allocation was made, worded from its stage and the reason kept with it."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from reconcile_cli.domain.matching import Stage
from reconcile_cli.text import N_, _, ngettext

_PLAIN: Final = {
    Stage.WITHIN_DOCUMENT: N_("within the document"),
    Stage.STATED: N_("stated by the source"),
    Stage.CHECKOUT: N_("at checkout"),
    Stage.BY_HAND: N_("by hand"),
    Stage.DATE: N_("oldest to oldest"),
    Stage.REFERENCE: N_("names it"),
    Stage.AMOUNT: N_("same amount"),
    Stage.SUM: N_("exact sum"),
    Stage.BALANCE: N_("nets to zero"),
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
    if not reason:
        return _(_PLAIN[stage])
    try:
        arguments = json.loads(reason)
    except ValueError:
        arguments = reason
    if not isinstance(arguments, dict):
        arguments = {"": reason}
    if stage in _SENTENCES:
        with suppress(KeyError, TypeError, AttributeError):  # a plan may have been written by hand
            return _SENTENCES[stage](arguments)
    if stage in _ARGUED:
        return _(_ARGUED[stage]).format(reason=" ".join(map(str, arguments.values())))
    return _(_PLAIN[stage])


def _names(arguments: Mapping[str, Any]) -> str:
    return _("names {document}").format(document=arguments["names"])


def _apart(arguments: Mapping[str, Any]) -> str:
    days = arguments["days"]
    if days == 0:
        return _("same amount, same day")
    return ngettext("same amount, {days} day apart", "same amount, {days} days apart", days).format(days=days)


def _sum(arguments: Mapping[str, Any]) -> str:
    """`INV-14 + INV-15 = 240.00`; of many parts the first."""
    parts = [part.partition("/")[2] for part in arguments["parts"]]
    more = arguments["count"] - len(parts)
    if more:
        parts.append(ngettext("{count} more", "{count} more", more).format(count=more))
    return f"{' + '.join(parts)} = {arguments['sum']}"


def _net(arguments: Mapping[str, Any]) -> str:
    return _("everything up to {day} nets to zero").format(day=arguments["until"])


_SENTENCES: Final[Mapping[Stage, Callable[[Mapping[str, Any]], str]]] = {
    Stage.REFERENCE: _names,
    Stage.AMOUNT: _apart,
    Stage.SUM: _sum,
    Stage.BALANCE: _net,
}
