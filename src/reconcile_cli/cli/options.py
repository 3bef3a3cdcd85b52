"""Options and arguments that commands share."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from reconcile_cli.cli.words import as_path, as_text, is_text
from reconcile_cli.domain.dates import from_date
from reconcile_cli.render.look import Format
from reconcile_cli.render.safe import clean
from reconcile_cli.text import _

MOST: Final = 10**15
_LONGEST: Final = 16
_TYPEABLE: Final = r"\w(?: ?[\w.,:/+@%=#-])*"
"""A name that a shell takes as it stands, but for spaces. Shells run parts of what they complete: no other is told."""
_PLAIN: Final = (Format.TABLE, Format.CSV, Format.JSON)
_ISO: Final = r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})"


class Day(int):
    """A day of the calendar as the books write it, `yyyymmdd`."""


def parse_day(text: str | Day) -> Day:
    """Read a date of the command line: ISO alone, `2026-01-31`."""
    if isinstance(text, Day):
        return text
    found = re.fullmatch(_ISO, text)
    with suppress(ValueError):
        if found is not None:
            return Day(from_date(date(*map(int, found.groups()))))
    raise typer.BadParameter(_("{text} is not a date: write it as 2026-01-31").format(text=text))


class Count(int):
    """A whole number that is not negative."""


def parse_count(text: str | Count) -> Count:
    """Read a whole number, ASCII digits alone. One beyond every count in any books reads as `MOST`."""
    if isinstance(text, Count):
        return text
    if not (text.isascii() and text.isdecimal()):
        raise typer.BadParameter(_("{text} is not a whole number of 0 or more").format(text=text))
    return Count(min(int(text[-_LONGEST:]), MOST) if len(text.lstrip("0")) <= _LONGEST else MOST)


def parse_format(text: str | Format) -> Format:
    """Read a format in which every command answers."""
    if text in _PLAIN:
        return Format(text)
    raise typer.BadParameter(_("{value} is not one of {choices}.").format(value=text, choices=", ".join(_PLAIN)))


def parse_code(text: str) -> str:
    """Read a ledger code: a text without control characters."""
    code = as_text(text).strip()
    if not code or not is_text(code) or not code.isprintable():
        raise typer.BadParameter(_("a ledger code is a text without control characters"))
    return code


def complete(
    what: Literal["account", "document", "item", "operation"], prefix: str, db: Path | None = None
) -> list[tuple[str, str]]:
    """Return what a name may go on to, from the books. Completion never fails: it is silent instead."""
    try:
        from reconcile_cli.cli.context import Session  # noqa: PLC0415 - read only where a shell asks
        from reconcile_cli.store.listing import completion_names  # noqa: PLC0415 - the same

        kind, slash, rest = prefix.rpartition("/") if what != "account" else ("", "", prefix)
        with Session(db).read() as books:
            names = completion_names(books, prefix, what)
            if slash:  # `[KIND/]DOCUMENT`
                found = completion_names(books, rest, what)
                names += [(f"{kind}/{name}", about) for name, about in found if about.startswith(f"{kind} ")]
            if what == "item" and ":" in prefix and not names:
                names = [
                    found for found in complete(what, prefix.rpartition(":")[0], db) if found[0].startswith(prefix)
                ]
        return [(name, harmless(about)) for name, about in names if re.fullmatch(_TYPEABLE, name)]
    except Exception:  # noqa: BLE001 - a shell shows tracebacks in the middle of what the user types
        return []


def harmless(about: str) -> str:
    """Take out of a help text what zsh would run and Typer would read as markup."""
    return " ".join(re.sub(r"""[\\$`"'\[\]]""", " ", clean(about)).split())


def account_names(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the code of an account."""
    return complete("account", incomplete, _named_db(ctx))


def item_names(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the name of an open item."""
    return complete("item", incomplete, _named_db(ctx))


def shown_names(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete what `show` takes: accounts first, then documents."""
    db = _named_db(ctx)
    return [*complete("account", incomplete, db), *complete("document", incomplete, db)]


def operation_numbers(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the number of an operation, newest first."""
    return complete("operation", incomplete, _named_db(ctx))


def _named_db(ctx: typer.Context) -> Path | None:
    """Return `--db` of the line being typed: while it is completed no command runs that would keep it."""
    named = ctx.find_root().params.get("db")
    return as_path(named) if named else None


FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        parser=parse_format,
        metavar=f"<{'|'.join(_PLAIN)}>",
        autocompletion=lambda incomplete: [word for word in _PLAIN if word.startswith(incomplete)],
        envvar="RECONCILE_FORMAT",
        show_envvar=False,
        help=_("table, csv or json."),
    ),
]
"""For a command whose answer is no list; a list has `output.Output`."""
LimitOption = Annotated[
    Count | None,
    typer.Option(
        "--limit",
        parser=parse_count,
        metavar=_("N"),
        help=_("Rows to show; 0 for all. On a terminal a table stops at 200."),
    ),
]
NoteOption = Annotated[str, typer.Option("--note", metavar=_("TEXT"), help=_("Why, for the auditor."))]
_BY = _("Who, for the auditor; else RECONCILE_BY, else the user of the system.")
AuthorOption = Annotated[
    str, typer.Option("--by", "--author", envvar="RECONCILE_BY", show_envvar=False, metavar=_("NAME"), help=_BY)
]
AuthorOnlyOption = Annotated[
    str, typer.Option("--author", envvar="RECONCILE_BY", show_envvar=False, metavar=_("NAME"), help=_BY)
]
"""For a command in which `--by` means something else."""
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask."))]
RejectsOption = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        parser=as_path,
        metavar=_("FILE"),
        help=_("Load what is good; write documents with a problem to this file, whole."),
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Show what would be done and write nothing."))]
SaveOption = Annotated[
    Path | None,
    typer.Option("--save", parser=as_path, metavar=_("PLAN"), help=_("Keep what is proposed in this file, for apply.")),
]
PlannedOption = Annotated[bool, typer.Option("--include-planned", help=_("Planned payments too."))]
FromOption = Annotated[
    Day | None, typer.Option("--from", parser=parse_day, metavar=_("DATE"), help=_("The first day, as 2026-01-31."))
]
ToOption = Annotated[
    Day | None, typer.Option("--to", parser=parse_day, metavar=_("DATE"), help=_("The last day, as 2026-01-31."))
]
UntilOption = Annotated[
    Day | None,
    typer.Option(
        "--until", parser=parse_day, metavar=_("DATE"), help=_("Only items dated on or before this day, on both sides.")
    ),
]
KnownAtOption = Annotated[
    str,
    typer.Option(
        "--known-at",
        metavar=_("TIME|OPERATION"),
        autocompletion=operation_numbers,
        help=_("As it was known then: a date, a time as 2026-01-31T17:30, or the number of an operation."),
    ),
]
WriteOffOption = Annotated[
    str | None,
    typer.Option(
        "--write-off",
        parser=parse_code,
        metavar=_("CODE"),
        help=_("Close the difference that is left, by an adjustment under this ledger code."),
    ),
]
AccountsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar=_("[ACCOUNT]..."), autocompletion=account_names, help=_("Codes of accounts.")),
]
ItemsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar=_("ITEM..."), autocompletion=item_names, help=_("[KIND/]DOCUMENT[:LINE], as invoice/INV-9:1.")
    ),
]
HeldArgument = Annotated[
    list[str],
    typer.Argument(
        metavar=_("NAME..."),
        autocompletion=item_names,
        help=_("Items or documents, as INV-9:1 or INV-9; or accounts: all their items, later ones too."),
    ),
]
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar=_("ACCOUNT|DOCUMENT"), autocompletion=shown_names, help=_("An account code, or [KIND/]DOCUMENT.")
    ),
]
AccountOption = Annotated[
    str | None,
    typer.Option("--account", metavar=_("CODE"), autocompletion=account_names, help=_("Everything of this account.")),
]
FilesArgument = Annotated[
    list[str], typer.Argument(metavar=_("FILE..."), help=_("CSV files or workbooks; - is standard input."))
]
