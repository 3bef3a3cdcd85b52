"""`reconcile history`: the operations, and all that one of them did."""

from typing import Annotated, Final

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import LimitOption, operation_numbers, parse_count, shown_names
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.render.history import write_history
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.operation import write_operation
from reconcile_cli.store.history import history
from reconcile_cli.store.operation_detail import detail
from reconcile_cli.store.touching import operations_of
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import NoOperation

_SHOW: Final = "show"
_BOTH: Final = 2


def _names(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    if list(ctx.params.get("what") or ()) == [_SHOW]:
        return operation_numbers(ctx, incomplete)
    shown = [(_SHOW, _("all that one operation did"))] if _SHOW.startswith(incomplete) else []
    return [*shown, *shown_names(ctx, incomplete)]


def history_command(
    ctx: typer.Context,
    *,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=_("[ACCOUNT|DOCUMENT] | show OPERATION"),
            autocompletion=_names,
            help=_("What touched an account or a document; or all that one operation did."),
        ),
    ] = None,
    limit: LimitOption = None,
    output: Output = OUTPUT,
) -> None:
    """List the operations, or show one."""
    words = what or []
    session = session_of(ctx)
    if words[:1] == [_SHOW] and len(words) == _BOTH:
        number = parse_count(words[1])
        with session.read() as books, output.open(ctx) as target:
            found = detail(books, number)
            if found is None:
                raise NoOperation(number)
            write_operation(target, found, Limit(limit))
        return
    if len(words) > 1:
        raise typer.BadParameter(_("Give one account or document, or: history show OPERATION"), ctx=ctx)
    with session.read() as books, output.open(ctx) as target:
        numbers = operations_of(books, words[0]) if words else None
        write_history(target, history(books, numbers=numbers), Limit(limit))
