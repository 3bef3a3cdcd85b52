"""`reconcile suggest`: what `auto --smart` would do, each with its command."""

from typing import Annotated

import typer

from reconcile_cli.cli.closing import how_to_apply
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption, LimitOption, SaveOption, account_names
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.look import Format
from reconcile_cli.render.plans import write_plan
from reconcile_cli.render.suggestions import write_suggestions
from reconcile_cli.text import _
from reconcile_cli.workflows.saving import new_file, refuse_existing
from reconcile_cli.workflows.suggest import suggest


def suggest_command(
    ctx: typer.Context,
    *,
    account: Annotated[
        str | None,
        typer.Argument(metavar=_("[ACCOUNT]"), autocompletion=account_names, help=_("An account code; else all.")),
    ] = None,
    save: SaveOption = None,
    limit: LimitOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what fits, and change nothing."""
    session = session_of(ctx)
    if save is not None:
        refuse_existing(save)
    with session.read() as books:
        found = suggest(books, account, progress=session.report)
    if save is not None:
        with new_file(save) as file:
            write_plan(file, (line for one in found.suggestions for line in one.allocations))
    write_suggestions(session.target(form), found, Limit(limit))
    if save is not None:
        session.say(how_to_apply(save))
    elif found.suggestions:
        session.say(_("All of it: {command}").format(command=f"reconcile auto {_scope(account)} --smart"))


def _scope(account: str | None) -> str:
    from shlex import quote  # noqa: PLC0415 - see closing

    return "--all" if account is None else quote(account)
