"""`reconcile config`: what holds where a command line says nothing, kept in one file."""

from enum import StrEnum
from typing import Annotated

import typer

from reconcile_cli.cli import configuration
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.output import OUTPUT, Output
from reconcile_cli.render.settings import SettingLine, write_settings
from reconcile_cli.text import _


class Action(StrEnum):
    """What `config` takes."""

    SHOW = "show"
    SET = "set"
    PATH = "path"


def _keys(incomplete: str) -> list[str]:
    return [key for key in configuration.KEYS if key.startswith(incomplete)]


def config_command(
    ctx: typer.Context,
    *,
    action: Annotated[
        Action, typer.Argument(metavar="[<show|set|path>]", show_default=False, help=_("What to do."))
    ] = Action.SHOW,
    key: Annotated[
        str,
        typer.Argument(
            metavar=_("[KEY]"),
            autocompletion=_keys,
            help=_("One of {keys}.").format(keys=", ".join(configuration.KEYS)),
        ),
    ] = "",
    value: Annotated[str, typer.Argument(metavar=_("[VALUE]"), help=_("Without one the key is forgotten."))] = "",
    output: Output = OUTPUT,
) -> None:
    """Show what is configured, change it, or tell where the file is."""
    session = session_of(ctx)
    if action is not Action.SET and key:
        raise typer.BadParameter(_("a key is for `reconcile config set KEY VALUE`"))
    if action is Action.PATH:
        session.target().line(str(configuration.path()))
        return
    if action is Action.SET:
        if not key:
            raise typer.BadParameter(_("which key? `reconcile config set KEY VALUE`"))
        configuration.keep(key, value)
    said = configuration.settings()
    with output.open(ctx) as target:
        write_settings(target, [SettingLine(name, _shown(said.get(name))) for name in configuration.KEYS])


def _shown(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
