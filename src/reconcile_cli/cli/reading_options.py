"""The options that say how files are to be read (design, section 4)."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from reconcile_cli.cli.configuration import settings
from reconcile_cli.cli.context import Session
from reconcile_cli.cli.options import harmless
from reconcile_cli.text import _

if TYPE_CHECKING:  # a shell that completes options waits for no reader
    from reconcile_cli.intake.options import ReadOptions
    from reconcile_cli.intake.profile import Document


def profile_names(incomplete: str) -> list[tuple[str, str]]:
    """Complete the name of a profile; silent whatever goes wrong."""
    with suppress(Exception):
        from reconcile_cli.intake import profile_files  # noqa: PLC0415 - see above

        found = profile_files.all_profiles(Session().profiles, incomplete)
        return [(name, harmless(profile.about)) for name, _path, profile in found if profile]
    return []


CurrencyOption = Annotated[
    str | None, typer.Option("--currency", metavar=_("CODE"), help=_("Where no column tells; else CAD."))
]
EncodingOption = Annotated[str | None, typer.Option("--encoding", metavar=_("NAME"), help=_("As utf-8 or cp1252."))]
DelimiterOption = Annotated[
    str | None, typer.Option("--delimiter", metavar=_("CHARACTER"), help=_("What stands between cells; tab for a tab."))
]
DecimalOption = Annotated[str | None, typer.Option("--decimal", metavar=_("MARK"), help=_("The decimal mark: . or ,"))]
DateOrderOption = Annotated[str | None, typer.Option("--date-order", metavar=_("ORDER"), help=_("dmy or mdy."))]
ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar=_("FIELD=HEADER"), help=_("Read a field from the column of this header; may be repeated.")
    ),
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", metavar=_("NAME"), help=_("Of a workbook; else the first that is not hidden."))
]
SignedOption = Annotated[
    bool | None,
    typer.Option("--signed/--unsigned", help=_("Whether the sign alone tells the side (+ owed, - paid).")),
]
ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar=_("NAME"),
        autocompletion=profile_names,
        help=_("What the source needs, said once: a name of `reconcile profile list`, or a .toml file."),
    ),
]
AccountsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accounts", metavar=_("BEGIN"), help=_("With a profile as fec: the accounts that begin so; may be repeated.")
    ),
]
NumberRowsOption = Annotated[
    bool,
    typer.Option("--number-rows", help=_("Number rows without a document by their content.")),
]


class Said(NamedTuple):
    """What a command line says of reading, each None or empty where it says nothing."""

    profile: str | None
    accounts: list[str] | None
    number_rows: bool
    currency: str | None
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    date_order: str | None
    columns: list[str] | None
    signed: bool | None
    sheet: str | None = None

    def options(self) -> dict[str, object]:
        """The options of reading that were said, under the names that profiles and readers have for them."""
        said = {
            "currency": self.currency and self.currency.upper(),
            "encoding": self.encoding,
            "delimiter": "\t" if self.delimiter in ("tab", "\\t") else self.delimiter,
            "decimal": self.decimal,
            "date_order": self.date_order,
            "signed": self.signed,
            "sheet": self.sheet,
        }
        return {name: value for name, value in said.items() if value is not None}

    def beginnings(self) -> tuple[str, ...]:
        """What `--accounts` names, also several with commas between them."""
        return tuple(part.strip() for text in self.accounts or () for part in text.split(",") if part.strip())


def read_options(session: Session, said: Said) -> "ReadOptions":
    """What the readers are told: the command line first, then the profile, then what is configured.

    Raises BadReadOption, and what `profile_files.find` raises.
    """
    from dataclasses import replace  # noqa: PLC0415 - see above

    from reconcile_cli.intake import profile_files  # noqa: PLC0415
    from reconcile_cli.intake.options import ReadOptions  # noqa: PLC0415
    from reconcile_cli.intake.problems import BadReadOption  # noqa: PLC0415
    from reconcile_cli.intake.recipes import Recipe  # noqa: PLC0415

    recipe, options = Recipe(), {}
    if said.profile is not None:
        profile = profile_files.find(said.profile, session.profiles)
        recipe, options = profile.recipe, dict(profile.options)
    beginnings = said.beginnings()
    if beginnings:
        if recipe.accounts is None:
            raise BadReadOption(
                "--accounts", ", ".join(beginnings), _("only with a profile that has [accounts], as fec")
            )
        recipe = replace(recipe, accounts=(recipe.accounts[0], beginnings))
    if said.number_rows:
        recipe = replace(recipe, number_rows=True)
    always = {key: value for key, value in settings().items() if key in ("currency", "date_order")}
    return ReadOptions(**{**always, **options, **said.options()}, columns=mapped(said.columns), recipe=recipe)


def saved_document(session: Session, said: Said) -> "Document":
    """What the options say as a profile: upon the profile that they name, if they name one."""
    from reconcile_cli.intake import profile_files  # noqa: PLC0415 - see above

    document: Document = {}
    if said.profile is not None:
        document = dict(profile_files.find(said.profile, session.profiles).document)
        document.pop("about", None)
    document |= said.options()
    if document.get("delimiter") == "\t":
        document["delimiter"] = "tab"
    if said.number_rows:
        document["number_rows"] = True
    if beginnings := said.beginnings():
        document["accounts"] = document["accounts"] | {"begin": list(beginnings)}
    by_hand = mapped(said.columns)
    for field in by_hand:
        for key in ("columns", "constants"):
            document[key] = {name: value for name, value in document.get(key, {}).items() if name != field}
    if "kind" in by_hand:
        document.pop("kinds", None)
    document["columns"] = document.get("columns", {}) | by_hand
    return {key: value for key, value in document.items() if value != {}}


def mapped(columns: list[str] | None) -> dict[str, str]:
    """Return what `--map` says, by field.

    Raises:
        BadParameter: one of them has no `=`.
    """
    pairs = [column.partition("=") for column in columns or ()]
    for field, equals, header in pairs:
        if not (field and equals):
            raise typer.BadParameter(
                _("{text} is not FIELD=HEADER, as in account=Client").format(text=f"{field}{equals}{header}"),
                param_hint="--map",
            )
    return {field.strip(): header.strip() for field, _equals, header in pairs}
