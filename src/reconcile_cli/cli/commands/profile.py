"""`reconcile profile`: what a source needs, said once and kept."""

from enum import StrEnum
from typing import Annotated

import typer

from reconcile_cli.cli.context import NeedsYes, Session, session_of
from reconcile_cli.cli.options import FormatOption, YesOption
from reconcile_cli.cli.reading_options import (
    AccountsOption,
    ColumnsOption,
    CurrencyOption,
    DateOrderOption,
    DecimalOption,
    DelimiterOption,
    EncodingOption,
    NumberRowsOption,
    ProfileOption,
    Said,
    SignedOption,
    profile_names,
    read_options,
    saved_document,
)
from reconcile_cli.cli.words import is_text
from reconcile_cli.intake import profile_files
from reconcile_cli.intake.profile import BadProfile, is_profile_name
from reconcile_cli.render.look import Format
from reconcile_cli.render.profiles import ProfileLine, write_profiles
from reconcile_cli.text import _


class Action(StrEnum):
    """What `profile` takes."""

    LIST = "list"
    SHOW = "show"
    SAVE = "save"


def profile_command(
    ctx: typer.Context,
    *,
    action: Annotated[
        Action, typer.Argument(metavar="[<list|show|save>]", show_default=False, help=_("What to do."))
    ] = Action.LIST,
    name: Annotated[str, typer.Argument(metavar=_("[NAME]"), autocompletion=profile_names, help=_("A profile."))] = "",
    profile: ProfileOption = None,
    accounts: AccountsOption = None,
    number_rows: NumberRowsOption = False,
    currency: CurrencyOption = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    decimal: DecimalOption = None,
    date_order: DateOrderOption = None,
    columns: ColumnsOption = None,
    signed: SignedOption = None,
    yes: YesOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List profiles, show one, or save the options of reading as one."""
    session = session_of(ctx)
    said = Said(profile, accounts, number_rows, currency, encoding, delimiter, decimal, date_order, columns, signed)
    if action is not Action.SAVE and any(value not in (None, False) for value in said):
        raise typer.BadParameter(_("options of reading are for `reconcile profile save NAME`"))
    if action is Action.LIST and name:
        raise typer.BadParameter(_("list takes no name; `reconcile profile show {name}`").format(name=name))
    if action is not Action.LIST and not name:
        raise typer.BadParameter(_("which profile? `reconcile profile {action} NAME`").format(action=action))
    if action is Action.SAVE:
        _save(session, name, said, yes=yes)
    elif action is Action.SHOW:
        _show(session, name)
    else:
        found = profile_files.all_profiles(session.profiles)
        write_profiles(
            session.target(form),
            [
                ProfileLine(one, path.parent == profile_files.SHIPPED, profile.about if profile else None, str(path))
                for one, path, profile in found
            ],
        )


def _show(session: Session, name: str) -> None:
    profile = profile_files.find(name, session.profiles)
    session.target(Format.CSV).stream.write(profile_files.text_of(profile.path))
    session.say(_("Stands in {file}").format(file=profile.path))


def _save(session: Session, name: str, said: Said, *, yes: bool) -> None:
    if not is_profile_name(name) or not is_text(name):
        raise BadProfile(name, "", _("a profile's name is letters, digits, - and _, at most 64"))
    read_options(session, said).check()
    path = session.profiles / f"{name}.toml"
    if path.exists() and not yes:
        raise NeedsYes(_("There is a profile {name} already.").format(name=name))
    kept = profile_files.save(name, session.profiles, saved_document(session, said))
    session.say(
        _("Saved as {file}").format(file=kept),
        _("Use it: {command}").format(command=f"reconcile load FILE --profile {name}"),
    )
