"""What is configured."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from reconcile_cli.render.columns import Column, Listing
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _


class SettingLine(NamedTuple):
    """A key of the configuration; `value` is None where the file does not say it."""

    key: str
    value: str | None


SETTINGS: Final = Listing[SettingLine](
    columns=(
        Column(N_("Key"), lambda line: line.key, key="key"),
        Column(N_("Value"), lambda line: line.value, key="value", words=lambda line: line.value or _("not set")),
    ),
    currency=lambda _line: "",
    keys="key value",
    title=N_("Configuration"),
)


def write_settings(target: Target, lines: Sequence[SettingLine]) -> None:
    """Write every key, set or not."""
    write_list(target, SETTINGS, lines, Limit(0))
