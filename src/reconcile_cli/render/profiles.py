"""The profiles there are."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _

SHIPPED: Final = (
    N_("French audit file: accounts 411"),
    N_("Payments: report Payments Collected"),
    N_("Invoices: report Invoice Details"),
    N_("Refunds, of the same export"),
    N_("Payments, exported by the Dashboard"),
)
"""What the profiles of the package say of themselves, in English as their files do."""


class ProfileLine(NamedTuple):
    """A profile by name; `about` is None where its file cannot be read as one."""

    name: str
    shipped: bool
    about: str | None
    file: str


def _about(line: ProfileLine) -> str:
    if line.about is None:
        return _("cannot be read; `reconcile profile show` says why")
    return _(line.about) if line.shipped else line.about


PROFILES: Final = Listing[ProfileLine](
    columns=(
        Column(N_("Profile"), lambda line: line.name, key="name"),
        Column(
            N_("Whose"),
            lambda line: line.shipped,
            Shape.FLAG,
            key="shipped",
            words=lambda line: _("the program's") if line.shipped else _("yours"),
        ),
        Column(
            N_("For"),
            lambda line: line.about,
            key="about",
            floor=30,
            words=_about,
        ),
        Column("", lambda line: line.file, key="file", shown=False),
    ),
    currency=lambda _line: "",
    keys="name shipped about file",
)


def write_profiles(target: Target, lines: Sequence[ProfileLine]) -> None:
    """Write the list of profiles."""
    write_list(target, PROFILES, lines, Limit(0))
