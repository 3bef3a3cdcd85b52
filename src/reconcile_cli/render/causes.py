"""Why an item is open, and what stops others from paying it, in sentences."""

from typing import Final

from reconcile_cli.domain.dates import days_between
from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.whys import Candidate, Cause, Facts, Reason, Stop
from reconcile_cli.render import words
from reconcile_cli.render.amounts import money
from reconcile_cli.text import N_, _, ngettext
from reconcile_cli.text.figures import day

_SENTENCES: Final = {
    Cause.NOT_COUNTED: N_("It is {other}: it counts for nothing and is reconciled with nothing."),
    Cause.PLANNED: N_("It is planned for {date}: money that has not come yet."),
    Cause.REMOVED: N_(
        "Operation {operation} ({name}) removed {amount} with {other}; it stays open until you match it."
    ),
    Cause.TARGET_AWAITED: N_("It names {name}, which is not here yet; it will be used when it comes."),
    Cause.TARGET_ELSEWHERE: N_("It names {name}, which is in another account or currency ({other})."),
    Cause.TARGET_USED_UP: N_("It names {name}, of which nothing is open that it could take."),
    Cause.STAYS_OPEN: N_("The source says that the rest stays open: a - ends what it applies to."),
    Cause.CODE_ALONE: N_("Match code {name}: nothing of the other side in this account has it."),
    Cause.CODE_UNBALANCED: N_("Match code {name} does not balance: {debit} debits, {credit} credits; all stay open."),
    Cause.NO_CHECKOUT: N_("It was loaded with --no-match, so nothing was reconciled at checkout."),
    Cause.NO_ORDER: N_("It names no order, so it was part of no checkout; what belongs to it is not guessed."),
    Cause.ORDER_ALONE: N_("Nothing of the other side in this account has its order {name}."),
    Cause.ORDER_OTHER_CURRENCY: N_("Of its order {name}, {other} is in another currency."),
    Cause.ORDER_OTHER_DATE: N_("Of its order {name}, {other} is of another date ({date}): not the same checkout."),
    Cause.ORDER_OPEN: N_("Of its order {name}, {other} is open too, and stays so until you match it."),
    Cause.ORDER_PART: N_("What came with its order {name} covers it only in part."),
    Cause.HELD: N_("It is held: auto leaves it alone."),
    Cause.ACCOUNT_HELD: N_("Account {other} is held: auto leaves it alone."),
}
_STOPS: Final = {
    Stop.OTHER_CURRENCY: N_("other currency"),
    Stop.HELD: N_("held"),
    Stop.PLANNED: N_("planned"),
}


def sentence(reason: Reason, currency: str) -> str:
    """Say a cause: `It names no order, so it was part of no checkout`."""
    if reason.cause is Cause.ORDER_USED_UP:
        return _used_up(reason)
    other = words.state(State[reason.other.upper()]) if reason.cause is Cause.NOT_COUNTED else reason.other
    return _(_SENTENCES[reason.cause]).format(
        name=reason.name,
        other=other,
        date="" if reason.date is None else day(reason.date),
        debit=_money(reason.debit_minor, currency),
        credit=_money(reason.credit_minor, currency),
        amount=_money(reason.amount_minor, currency),
        operation=reason.operation,
    )


def _money(amount_minor: int | None, currency: str) -> str:
    return "" if amount_minor is None else money(amount_minor, currency)


def _used_up(reason: Reason) -> str:
    if not reason.more:
        return _("Of its order {name}, {other} is used up.").format(name=reason.name, other=reason.other)
    return ngettext(
        "Of its order {name}, {other} and {count} more are used up.",
        "Of its order {name}, {other} and {count} more are used up.",
        reason.more,
    ).format(name=reason.name, other=reason.other, count=reason.more)


def stop(candidate: Candidate, facts: Facts) -> str:
    """Say what stands between: `held`, `used up, on invoice INV-1:1`; of a free one, how near it is."""
    if candidate.free:
        return near(candidate, facts)
    parts = [_(_STOPS[one]) for one in candidate.stops if one is not Stop.USED_UP]
    if Stop.USED_UP in candidate.stops:
        used = _("used up")
        if candidate.used_by is not None:
            used = _("used up, on {item}").format(item=words.item(candidate.used_by))
        parts.append(used)
    return ", ".join(parts)


def near(candidate: Candidate, facts: Facts) -> str:
    """Say how near a free candidate is: `free, same amount, 3 days later`."""
    parts = [_("free")]
    if candidate.open_minor == facts.item.open_minor:
        parts.append(_("same amount"))
    days = days_between(facts.day, candidate.date)
    if days == 0:
        parts.append(_("same day"))
    elif days > 0:
        parts.append(ngettext("{count} day later", "{count} days later", days).format(count=days))
    else:
        parts.append(ngettext("{count} day before", "{count} days before", -days).format(count=-days))
    return ", ".join(parts)
