"""What the user said about the files: the options of reading."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.intake.columns import FIELDS
from reconcile_cli.intake.problems import BadReadOption
from reconcile_cli.intake.recipes import Recipe
from reconcile_cli.text import _

_NOT_OF_FILES: Final = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf_7", "undefined"})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How the files are to be read; None leaves it to what the file proves (C1, C4).

    `currency` counts where no column tells. `decimal` is "." or ",", `date_order` "dmy" or "mdy" (year first is
    always understood). `columns` says which header a field is read from; an empty header leaves the field out.
    `signed` True: the sign alone tells the side; False: negative payments are meant; None: not said.
    `sheet` names the sheet of a workbook; None: the first that is visible. `recipe` is what a profile says beyond that.
    """

    currency: str = "CAD"
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    signed: bool | None = None
    sheet: str | None = None
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def headers(self) -> set[str]:
        """Every header that is named, whatever it is called."""
        return {header for header in self.columns.values() if header} | self.recipe.headers()

    def check(self) -> None:
        """Raise BadReadOption for what means nothing."""
        if self.currency not in EXPONENTS:
            raise BadReadOption("--currency", self.currency, _("an ISO 4217 code is expected, as in CAD, EUR or USD"))
        if self.encoding is not None and not _is_text_encoding(self.encoding):
            raise BadReadOption("--encoding", self.encoding, _("not an encoding known here; for example utf-8, cp1252"))
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '\r\n"\0 '):
            raise BadReadOption("--delimiter", self.delimiter, _("one character is expected, as in ; or a tab"))
        if self.decimal not in {None, ".", ","}:
            raise BadReadOption("--decimal", str(self.decimal), _("a point or a comma is expected"))
        if self.date_order not in {None, "dmy", "mdy", "ymd"}:
            raise BadReadOption("--date-order", str(self.date_order), _("dmy, mdy or ymd is expected"))
        for name in self.columns:
            if name not in FIELDS:
                fields = ", ".join(FIELDS)
                raise BadReadOption("--map", name, _("no such field; the fields are {fields}").format(fields=fields))


def _is_text_encoding(name: str) -> bool:
    try:
        known = codecs.lookup(name)
        known.incrementaldecoder("strict").decode(b"")
        "".encode(name)
    except (LookupError, TypeError, ValueError):
        return False
    return known.name.replace("-", "_") not in _NOT_OF_FILES
