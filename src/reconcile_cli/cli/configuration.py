"""The configuration file: what holds where neither the command line, a variable nor a profile says otherwise."""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typer

from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.text import _

Settings = Mapping[str, Any]


class BadConfiguration(ReconcileError):
    """The file says what no command can follow."""

    code = "bad-configuration"
    exit_code = Exit.USAGE

    def __init__(self, path: str, key: str, expected: str) -> None:
        super().__init__()
        self.path = path
        self.key = key
        self.expected = expected

    def sentence(self) -> str:
        """Say where the file is, and what is expected there."""
        where = f"{self.path}, {self.key}" if self.key else self.path
        return _("{where}; expected: {expected}").format(where=where, expected=self.expected)


def _one_of(*words: str) -> Callable[[object], Any]:
    def checked(value: object) -> object:
        if value not in words:
            raise ValueError(_("one of {choices}").format(choices=", ".join(words)))
        return value

    return checked


def _currency(value: object) -> object:
    from reconcile_cli.domain.money import UnknownCurrency, exponent  # noqa: PLC0415 - few configure a currency

    code = str(value).upper()
    try:
        exponent(code)
    except UnknownCurrency:
        raise ValueError(_("an ISO 4217 currency code, as in CAD, EUR or USD")) from None
    return code


def _buckets(value: object) -> object:
    from reconcile_cli.cli.report_options import bucket_days  # noqa: PLC0415 - reports alone have them

    try:
        bucket_days(str(value))
    except typer.BadParameter as error:
        raise ValueError(error.message) from None
    return str(value)


def _truth(value: object) -> object:
    said = {True: True, False: False, "true": True, "false": False}.get(value)
    if said is None:
        raise ValueError(_("true or false"))
    return said


KEYS: Final[Mapping[str, Callable[[object], Any]]] = {
    "currency": _currency,
    "language": _one_of("en", "fr", "fr_CA"),
    "date_order": _one_of("dmy", "mdy", "ymd"),
    "format": _one_of("table", "csv", "json", "html", "xlsx"),
    "buckets": _buckets,
    "ascii": _truth,
}
"""What can be configured, and what checks a value of it: ValueError tells what is expected."""


def path() -> Path:
    """Where the file is, or would be."""
    return folder() / "config.toml"


def folder() -> Path:
    """The user's folder for what is configured; a relative XDG_CONFIG_HOME, or an empty one, is none (XDG)."""
    named = Path(typer.get_app_dir("reconcile", roaming=False))
    if named.is_absolute():
        return named
    return Path(os.path.expanduser("~/.config"), named.name)  # noqa: PTH111 - where there is no home, Path has an error


@cache
def settings() -> Settings:
    """What the file says, checked; nothing where there is none.

    Raises:
        BadConfiguration: it is no TOML, or has a key or a value that means nothing.
    """
    file = path()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(str(file), "", getattr(error, "strerror", None) or _("UTF-8 text")) from None
    import tomllib  # noqa: PLC0415 - most have no such file

    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadConfiguration(str(file), "", _("not TOML: {reason}").format(reason=str(error) or "...")) from None
    return {key: checked(key, value) for key, value in document.items()}


def checked(key: str, value: object) -> Any:  # noqa: ANN401 - a text or a truth
    """Return the value of a key as it is kept. Raises BadConfiguration."""
    if key not in KEYS:
        raise BadConfiguration(str(path()), key, _("one of {choices}").format(choices=", ".join(KEYS)))
    try:
        return KEYS[key](value)
    except (ValueError, TypeError) as error:
        raise BadConfiguration(str(path()), key, str(error)) from None


def keep(key: str, value: str) -> None:
    """Write what a key is from now on; without a value it is forgotten. Raises BadConfiguration or NotWritten."""
    import tomli_w  # noqa: PLC0415 - only where something is kept

    from reconcile_cli.store.files import whole  # noqa: PLC0415 - the same

    said = {name: told for name, told in settings().items() if name != key}
    if value:
        said[key] = checked(key, value)
    elif key not in KEYS:
        checked(key, value)
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole(file, force=True) as kept:
        tomli_w.dump({name: said[name] for name in KEYS if name in said}, kept)
    settings.cache_clear()


def defaults(commands: Iterable[str]) -> dict[str, Any]:
    """What the parser takes for options that nobody gave: for the whole program, and by command.

    Raises BadConfiguration.
    """
    said = settings()
    if not said.keys() & {"ascii", "format", "buckets"}:
        return {}
    from reconcile_cli.cli.commands.report import MEMBERS  # noqa: PLC0415 - see above

    form = {"form": said["format"]} if "format" in said else {}
    found: dict[str, Any] = dict.fromkeys(commands, form) | {"report": dict.fromkeys(MEMBERS, form)}
    if "buckets" in said:
        found["report"]["aging"] = {**form, "buckets": said["buckets"]}
    return found | ({"ascii_": said["ascii"]} if "ascii" in said else {})
