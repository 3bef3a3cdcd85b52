"""The profiles there are."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _


class ProfileLine(NamedTuple):
    """A profile by name; `about` is None where its file cannot be read as one."""

    name: str
    shipped: bool
    about: str | None
    file: str


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
            words=lambda line: (
                _("cannot be read; `reconcile profile show` says why") if line.about is None else line.about
            ),
        ),
        Column("", lambda line: line.file, key="file", shown=False),
    ),
    currency=lambda _line: "",
    keys="name shipped about file",
)


def write_profiles(target: Target, lines: Sequence[ProfileLine]) -> None:
    """Write the list of profiles."""
    write_list(target, PROFILES, lines, Limit(0))
