"""`reconcile check`: proves the books."""

import re
from typing import Annotated, Final

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import FormatOption
from reconcile_cli.errors import Exit
from reconcile_cli.render.books import write_findings
from reconcile_cli.render.look import Format
from reconcile_cli.text import _
from reconcile_cli.workflows.check import check, compare

_DIGITS: Final = 64


def check_command(
    ctx: typer.Context,
    *,
    quick: Annotated[bool, typer.Option("--quick", help=_("Without the chain of operations and the indexes."))] = False,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar=_("HASH"),
            help=_("Find this hash, written down elsewhere, in the history."),
        ),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> int:
    """Prove the books; the exit code says whether anything was found."""
    session = session_of(ctx)
    written_down = None if against is None else _hash(against)
    if quick and written_down:
        raise typer.BadParameter(_("--against needs the whole chain: leave out --quick."), ctx=ctx)
    with session.read() as books:
        findings = check(books, quick=quick, progress=session.report)
        head, differing = compare(books, written_down)
    findings += differing
    write_findings(session.target(form), findings, head, quick=quick)
    return Exit.FINDINGS if findings else Exit.DONE


def _hash(text: str) -> str:
    """Read a hash as `check` writes it."""
    digits = text.strip().lower()
    if re.fullmatch(rf"[0-9a-f]{{{_DIGITS}}}", digits) is None:
        raise typer.BadParameter(
            _("{text} is no hash: it has 64 digits of 0 to 9 and a to f").format(text=text), param_hint="--against"
        )
    return digits
