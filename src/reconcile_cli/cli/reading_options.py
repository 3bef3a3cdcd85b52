"""The options that say how files are to be read (design, section 4)."""

from typing import Annotated

import typer

from reconcile_cli.text import _

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
