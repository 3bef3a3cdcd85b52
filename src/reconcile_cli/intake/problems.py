"""What can be wrong with what is read, and how a value from a file is shown."""

from typing import Final

from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.text import N_, _

SHOWN: Final = 40


class Refused(Exception):
    """A value is not understood. `expected` is the sentence of the Problem, `field` is told where several meet."""

    def __init__(self, expected: str, field: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.field = field


class UnreadableFile(ReconcileError):
    """A file cannot be opened or read: missing, a folder, forbidden, too large."""

    code = "unreadable-file"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__()
        self.file = file
        self.reason = reason

    def sentence(self) -> str:
        """Name the file and the reason."""
        return _("Cannot read {file}: {reason}").format(file=self.file, reason=self.reason)


class BadReadOption(ReconcileError):
    """An option of reading that means nothing, such as an unknown encoding."""

    code = "bad-read-option"
    exit_code = Exit.USAGE

    def __init__(self, option: str, value: str, expected: str) -> None:
        super().__init__()
        self.option = option
        self.value = value
        self.expected = expected

    def sentence(self) -> str:
        """Name the option, its value and what it takes."""
        return f"{self.option} {shown(self.value)}: {self.expected}"


class MissingExtra(ReconcileError):
    """A format whose library comes with an extra that is not installed."""

    code = "missing-extra"

    def __init__(self, file: str, extra: str, library: str, otherwise: str = N_("Or save the sheet as CSV.")) -> None:
        super().__init__()
        self.file = file
        self.extra = extra
        self.library = library
        self.otherwise = otherwise

    def sentence(self) -> str:
        """Name the file, the extra and how to install it."""
        install = _(
            "{file} needs the extra [{extra}]. Install it with: pip install 'reconcile-cli[{extra}]' (pipx: pipx"
            " inject reconcile-cli {library})."
        ).format(file=self.file, extra=self.extra, library=self.library)
        return f"{install} {_(self.otherwise)}"


def shown(value: str) -> str:
    """The value as a message shows it: about 40 characters, those that do not print escaped."""
    cut = str(value) if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(
        character
        if character.isprintable() or character in " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
        else character.encode("unicode_escape").decode("ascii")
        for character in cut
    )
