"""`reconcile` without a command: the state of the books in short and what to type next, or how to begin."""

from typing import Any

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.saying import say
from reconcile_cli.errors import Exit
from reconcile_cli.text import _, figures, ngettext


def bare(ctx: Any) -> int:  # noqa: ANN401 - see translated
    """Tell it and give the exit code: a script that forgot the command must not take the answer for success."""
    session = session_of(ctx)
    if not session.database.exists():
        say(ctx.get_help())
        session.say(
            "",
            _("There is no database at {path} yet. Start one with: {command}").format(
                path=session.database, command="reconcile load FILE"
            ),
            _("To look around first, with sample books: {command}").format(command="reconcile demo"),
        )
        return Exit.USAGE
    from reconcile_cli.render.progress import write_overview  # noqa: PLC0415 - help needs neither books nor tables
    from reconcile_cli.store.report_progress import overview  # noqa: PLC0415 - the same

    target = session.target()
    with session.read() as books:
        found = overview(books, today=session.today)
        write_overview(target, found)
    later = found.paid_later
    if later:
        told = ngettext(
            "{count} account is open on both sides. Next: {command}",
            "{count} accounts are open on both sides. Next: {command}",
            later,
        )
        session.say(told.format(count=figures.count(later), command="reconcile auto --all --dry-run"))
    session.say(
        _("What is open: {command}").format(command="reconcile unreconciled"),
        _("The whole state: {command}").format(command="reconcile report reconciliation"),
    )
    if target.look.terminal:
        session.say(_("All commands: {command}").format(command="reconcile --help"))
        return Exit.DONE
    session.say(_("Error: {sentence}").format(sentence=_("no command was given; see: reconcile --help")))
    return Exit.USAGE
