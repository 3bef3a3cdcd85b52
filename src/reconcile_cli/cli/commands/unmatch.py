"""`reconcile unmatch`: takes allocations apart."""

import typer

from reconcile_cli.cli.closing import close
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import AccountOption, AuthorOption, FormatOption, ItemsArgument, NoteOption, YesOption
from reconcile_cli.render.allocations import removed
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.unmatch import unmatch


def unmatch_command(
    ctx: typer.Context,
    *,
    items: ItemsArgument = [],  # noqa: B006 - Typer needs the default itself
    account: AccountOption = None,
    yes: YesOption = False,
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Remove allocations, asking first where there are several."""
    if bool(items) == bool(account):
        raise typer.BadParameter(_("Give items, or --account CODE for a whole account."), ctx=ctx)
    session = session_of(ctx)
    with session.change() as books:
        result = unmatch(books, items, session.stamp(note, author), account=account, confirm=session.confirm(yes=yes))
        close(session, form, result, removed(result.totals))
