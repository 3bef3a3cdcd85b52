"""What is suggested: most certain first, each with its reason and the command that does it alone."""

from shlex import join
from typing import Final

from reconcile_cli.domain.suggestions import Suggestion, Suggestions
from reconcile_cli.render import reasons
from reconcile_cli.render.allocations import ALLOCATIONS
from reconcile_cli.render.amounts import money
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.data import as_object, write_csv, write_object
from reconcile_cli.render.doubts import DOUBTS, write_doubts
from reconcile_cli.render.lists import Limit, or_say
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import _


def command(suggestion: Suggestion) -> str:
    """The command that does a suggestion alone, quoted for a shell; several where one cannot."""
    return " && ".join(join(["reconcile", "match", *words]) for words in suggestion.matches)


SUGGESTIONS: Final = Listing[Suggestion](
    columns=(
        Column("", lambda suggestion: suggestion.account, key="account"),
        Column("", lambda suggestion: suggestion.currency, key="currency"),
        Column("", lambda suggestion: suggestion.amount_minor, Shape.AMOUNT, "amount"),
        Column("", lambda suggestion: suggestion.choices, Shape.COUNT, "choices"),
        Column("", lambda suggestion: suggestion.stage.code, key="stage"),
        Column("", lambda suggestion: suggestion.reason, Shape.OBJECT, "reason"),
        Column("", lambda suggestion: reasons.worded(suggestion.stage, suggestion.reason), key="why"),
        Column("", command, key="command"),
    ),
    currency=lambda suggestion: suggestion.currency,
    keys="account currency amount choices stage reason why command",
)


def write_suggestions(target: Target, result: Suggestions, limit: Limit) -> None:
    """Write suggestions, and what was left open behind them."""
    if target.format is Format.JSON:
        objects = (
            as_object(SUGGESTIONS, one) | {"allocations": [as_object(ALLOCATIONS, line) for line in one.allocations]}
            for one in result.suggestions
        )
        write_object(target, {}, "suggestions", objects, {"doubts": [as_object(DOUBTS, one) for one in result.doubts]})
        return
    if target.format is Format.CSV:
        write_csv(target, SUGGESTIONS, result.suggestions)
        return
    for one in limit.apply(target, result.suggestions):
        target.line(
            _("{account}  {amount}  {why}  ({certainty})").format(
                account=one.account,
                amount=money(one.amount_minor, one.currency),
                why=reasons.worded(one.stage, one.reason),
                certainty=_certainty(one),
            ),
            "bold",
        )
        target.stream.write(f"  {target.look.text(command(one))}\n")  # whole, so that it can be copied
    limit.say(target)
    or_say(target, limit.written, _("Nothing fits by name, amount, sum or balance."))
    write_doubts(target, result.doubts, limit)


def _certainty(suggestion: Suggestion) -> str:
    if suggestion.choices == 1:
        return _("unique")
    return _("best of {count}").format(count=f"{suggestion.choices:,}")
