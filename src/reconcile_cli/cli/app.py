"""The application: global options, and the commands, each imported only when it runs.

Typer's classes for contexts are private: they stand as Any here.
"""

# ruff: noqa: ANN401

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from reconcile_cli import __version__
from reconcile_cli.cli import configuration, translated
from reconcile_cli.cli.context import Colour, Session
from reconcile_cli.cli.lazily import Entry, LazyGroup
from reconcile_cli.cli.translated import Section
from reconcile_cli.cli.words import as_path
from reconcile_cli.text import N_, _
from reconcile_cli.text.languages import LANGUAGES

COMMANDS: Final = {
    "load": Entry(Section.LOAD, N_("Load CSV files, and reconcile what was paid at checkout.")),
    "profile": Entry(Section.LOAD, N_("List, show or save what a source needs to be loaded.")),
    "demo": Entry(Section.LOAD, N_("Make sample books to play with, and say what to try.")),
    "accounts": Entry(Section.LOOK, N_("List accounts with their balance and what is open.")),
    "show": Entry(Section.LOOK, N_("Show an account or a document; --matches: what pays what.")),
    "why": Entry(Section.LOOK, N_("Say why an item is open, and what would close it.")),
    "find": Entry(Section.LOOK, N_("Find transactions by any text or an amount, in all accounts.")),
    "unreconciled": Entry(Section.LOOK, N_("List what is not reconciled, oldest first.")),
    "payments": Entry(Section.LOOK, N_("List payments and deposits by state, or those overdue.")),
    "auto": Entry(Section.RECONCILE, N_("Reconcile oldest to oldest; --smart: as an accountant does.")),
    "suggest": Entry(Section.RECONCILE, N_("Say what fits, surest first, with the command that does it.")),
    "apply": Entry(Section.RECONCILE, N_("Make the allocations of a plan that auto --save kept.")),
    "match": Entry(Section.RECONCILE, N_("Reconcile by hand one item with others.")),
    "unmatch": Entry(Section.RECONCILE, N_("Take allocations apart, of items, a pair or an account.")),
    "hold": Entry(Section.RECONCILE, N_("Keep items out of auto.")),
    "release": Entry(Section.RECONCILE, N_("Let auto use held items again.")),
    "report": Entry(Section.REPORT, N_("Reports that close a month: sales, payments, ledger, aging.")),
    "statement": Entry(Section.REPORT, N_("Write a customer's statement, or those of all.")),
    "lock": Entry(Section.KEEP, N_("Close a period, open it again, or tell how far it is closed.")),
    "history": Entry(Section.KEEP, N_("List the operations, newest first.")),
    "undo": Entry(Section.KEEP, N_("Take an operation back, the last one without a number.")),
    "export": Entry(Section.KEEP, N_("Write everything as CSV that load takes back.")),
    "check": Entry(Section.KEEP, N_("Prove every sum and the whole history.")),
    "backup": Entry(Section.KEEP, N_("Copy the database to a file while others work.")),
    "info": Entry(Section.KEEP, N_("Tell where the database is and what it holds.")),
    "config": Entry(Section.KEEP, N_("Show or change what holds where a command line says nothing.")),
}


class Commands(LazyGroup):
    """The whole program, with the commands of the list."""

    entries = COMMANDS

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the command line, with what is configured for options that it does not give."""
        asked = next((word for word in args if word in COMMANDS), "")
        configured = {} if asked == "config" else configuration.defaults(COMMANDS)
        return super().make_context(info_name, args, parent, default_map=configured, **extra)


app = translated.application(_("Reconcile customer accounts: which payment pays which invoice item."), group=Commands)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reconcile {__version__}")
        raise typer.Exit


def _languages(incomplete: str) -> list[str]:
    return [language for language in LANGUAGES if language.startswith(incomplete)]


@app.callback(invoke_without_command=True, no_args_is_help=False)
def start(
    ctx: typer.Context,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db", parser=as_path, metavar=_("FILE"), help=_("The database; else RECONCILE_DB, else your own.")
        ),
    ] = None,
    lang: Annotated[
        str,
        typer.Option("--lang", metavar=_("LANGUAGE"), autocompletion=_languages, help=_("en, fr or fr_CA.")),
    ] = "",
    color: Annotated[Colour, typer.Option("--color", help=_("auto, always or never."))] = Colour.AUTO,
    ascii_: Annotated[bool, typer.Option("--ascii", help=_("Plain ASCII for symbols, lines and letters."))] = False,
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Tell the version and stop."))
    ] = False,
) -> None:
    """Keep what the global options say."""
    if lang and lang not in LANGUAGES:
        raise typer.BadParameter(_("{lang} is not one of: en, fr, fr_CA").format(lang=lang), param_hint="--lang")
    ctx.obj = Session(db, color, ascii_)
    if ctx.invoked_subcommand is None:
        from reconcile_cli.cli.bare import bare  # noqa: PLC0415 - commands are the rule

        raise typer.Exit(bare(ctx))


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    return translated.run(app, argv)
