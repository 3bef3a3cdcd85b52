"""The application: global options, and the commands, each imported only when it runs.

Typer's classes for contexts are private: they stand as Any here.
"""

# ruff: noqa: ANN401

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer

from reconcile_cli import __version__
from reconcile_cli.cli import translated
from reconcile_cli.cli.context import Colour, Session
from reconcile_cli.cli.translated import Section, TranslatedCommand, TranslatedGroup
from reconcile_cli.cli.words import as_path
from reconcile_cli.text import N_, _
from reconcile_cli.text.languages import LANGUAGES


class Entry(NamedTuple):
    """A command that is not imported yet: all that the list of commands says of it."""

    section: Section
    about: str


COMMANDS: Final = {
    "load": Entry(Section.LOAD, N_("Load CSV files, and reconcile what was paid at checkout.")),
    "profile": Entry(Section.LOAD, N_("List, show or save what a source needs to be loaded.")),
    "accounts": Entry(Section.LOOK, N_("List accounts with their balance and what is open.")),
    "show": Entry(Section.LOOK, N_("Show an account or a document; --matches: what pays what.")),
    "why": Entry(Section.LOOK, N_("Say why an item is open, and what would close it.")),
    "find": Entry(Section.LOOK, N_("Find transactions by any text or an amount, in all accounts.")),
    "unreconciled": Entry(Section.LOOK, N_("List what is not reconciled, oldest first.")),
    "payments": Entry(Section.LOOK, N_("List payments and deposits by state, or those overdue.")),
    "auto": Entry(Section.RECONCILE, N_("Reconcile oldest to oldest, of accounts or of all.")),
    "suggest": Entry(Section.RECONCILE, N_("Say what fits, most certain first, with the command that does it.")),
    "apply": Entry(Section.RECONCILE, N_("Make the allocations of a plan that auto --save kept.")),
    "match": Entry(Section.RECONCILE, N_("Reconcile by hand one item with others.")),
    "unmatch": Entry(Section.RECONCILE, N_("Take allocations apart, of items, a pair or an account.")),
    "hold": Entry(Section.RECONCILE, N_("Keep items out of auto.")),
    "release": Entry(Section.RECONCILE, N_("Let auto use held items again.")),
    "lock": Entry(Section.KEEP, N_("Close a period, open it again, or tell up to when it is closed.")),
    "history": Entry(Section.KEEP, N_("List the operations, newest first.")),
    "undo": Entry(Section.KEEP, N_("Take an operation back, the last one without a number.")),
    "export": Entry(Section.KEEP, N_("Write everything as CSV that load takes back.")),
    "check": Entry(Section.KEEP, N_("Prove every sum and the whole history.")),
    "backup": Entry(Section.KEEP, N_("Copy the database to a file while others work.")),
    "info": Entry(Section.KEEP, N_("Tell where the database is and what it holds.")),
}


class _Commands(dict[str, Any]):
    """The commands by name. Listing them imports nothing; taking one imports its module."""

    def __init__(self) -> None:
        super().__init__(
            {
                name: TranslatedCommand(name, help=_(entry.about), rich_help_panel=entry.section)
                for name, entry in COMMANDS.items()
            }
        )
        self._loaded: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        if name in self and name not in self._loaded:
            self[name] = _loaded(name)
            self._loaded.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - dict.get would not import


def _loaded(name: str) -> Any:
    """Import a command's module, whose function has the command's name with `_command` behind it."""
    function = getattr(import_module(f"reconcile_cli.cli.commands.{name}"), f"{name}_command")
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    entry = COMMANDS[name]
    translated.command(alone, entry.section, _(entry.about), name=name)(function)
    return typer.main.get_command(alone)


class LazyGroup(TranslatedGroup):
    """A group whose commands come from COMMANDS."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.commands = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Name the commands in the order of the list."""
        return list(COMMANDS)


app = translated.application(_("Reconcile customer accounts: which payment pays which invoice item."), group=LazyGroup)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reconcile {__version__}")
        raise typer.Exit


@app.callback()
def start(
    ctx: typer.Context,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db", parser=as_path, metavar=_("FILE"), help=_("The database; else RECONCILE_DB, else your own.")
        ),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", metavar=_("LANGUAGE"), help=_("en, fr or fr_CA."))] = "",
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


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    return translated.run(app, argv)
