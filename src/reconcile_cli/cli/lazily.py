"""Commands that are listed without being imported, and groups of them.

Typer's classes for contexts are private: they stand as Any here.
"""

# ruff: noqa: ANN401

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, Final, NamedTuple

import typer

from reconcile_cli.cli import translated
from reconcile_cli.cli.translated import Section, TranslatedCommand, TranslatedGroup
from reconcile_cli.text import _

_PLAIN: Final[dict[str, Any]] = {"no_args_is_help": True, "rich_markup_mode": None}


class Entry(NamedTuple):
    """A command that is not imported yet: all that the list of commands says of it."""

    section: Section
    about: str


class LazyGroup(TranslatedGroup):
    """A group whose commands come from `entries`, in their order.

    The module of a command is `cli.commands.NAME`, its function `NAME_command`. A module with MEMBERS instead is a
    group of commands whose modules are `cli.commands.NAME_MEMBER`.
    """

    entries: ClassVar[Mapping[str, Entry]] = {}
    prefix: ClassVar[str] = ""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.commands = _Commands(self.entries, self.prefix)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the name of a command, of which the list says enough."""
        self.commands = dict(self.commands.items())  # those of the list, which import nothing
        return super().shell_complete(ctx, incomplete)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Name the commands in the order of the list."""
        return list(self.entries)


class _Commands(dict[str, Any]):
    """The commands by name. Listing them imports nothing; taking one imports its module."""

    def __init__(self, entries: Mapping[str, Entry], prefix: str) -> None:
        super().__init__(
            {
                name: TranslatedCommand(name, help=_(entry.about), rich_help_panel=entry.section)
                for name, entry in entries.items()
            }
        )
        self._entries = entries
        self._prefix = prefix
        self._loaded: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        if name in self and name not in self._loaded:
            self[name] = _loaded(name, self._prefix + name, self._entries[name])
            self._loaded.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - dict.get would not import


def _loaded(name: str, module_name: str, entry: Entry) -> Any:
    """Import the module of a command or of a group."""
    module = import_module(f"reconcile_cli.cli.commands.{module_name}")
    members = getattr(module, "MEMBERS", None)
    if members is not None:
        group = type("Members", (LazyGroup,), {"entries": members, "prefix": f"{module_name}_"})
        return group(name=name, help=_(entry.about), rich_help_panel=entry.section, **_PLAIN)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(module, f"{module_name}_command")
    translated.command(alone, entry.section, _(entry.about), name=name)(function)
    return typer.main.get_command(alone)
