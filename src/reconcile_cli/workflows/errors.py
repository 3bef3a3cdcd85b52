"""Why an act on the books is refused."""

from collections.abc import Sequence

from reconcile_cli.errors import ReconcileError
from reconcile_cli.text import _, ngettext


class Refused(ReconcileError):
    """An act refused; the sentence was worded where the facts are known."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def sentence(self) -> str:
        return self._sentence


def no_operation(number: int) -> str:
    """Say that there is no operation of this number, and where to see those that are."""
    return _("There is no operation {number}. See them with: reconcile history").format(number=number)


class NothingToMatch(Refused):
    """Two names of which nothing can be put against each other; the sentence names both open amounts."""

    code = "nothing-to-match"


class CannotWriteOff(Refused):
    """What is left open is no difference that could be written off; the sentence says why."""

    code = "cannot-write-off"


class NothingToRemove(Refused):
    """No allocation answers to the names."""

    code = "nothing-to-remove"


class NothingToUndo(Refused):
    """No such operation, or it was taken back already."""

    code = "nothing-to-undo"


class NoOperation(Refused):
    """There is no operation of this number."""

    code = "no-operation"

    def __init__(self, number: int) -> None:
        super().__init__(no_operation(number))


class NothingToLock(Refused):
    """The lock stands elsewhere than the command takes for granted."""

    code = "nothing-to-lock"


class BuiltUpon(ReconcileError):
    """Later operations stand in the way of an undo."""

    code = "built-upon"

    def __init__(self, operation: int, later: Sequence[int]) -> None:
        super().__init__()
        self.operation = operation
        self.later = later

    def sentence(self) -> str:
        return ngettext(
            "Operation {number} cannot be undone: operation {later} builds on it. Undo that first.",
            "Operation {number} cannot be undone: operations {later} build on it. Undo those first, the last one"
            " first.",
            len(self.later),
        ).format(number=self.operation, later=", ".join(map(str, self.later)))


class Declined(ReconcileError):
    """The person said no."""

    code = "declined"

    def sentence(self) -> str:
        return _("Nothing was changed.")


class NotEmpty(ReconcileError):
    """The folder for the demonstration holds something."""

    code = "not-empty"

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def sentence(self) -> str:
        return _("{folder} holds something already. Name a new folder: reconcile demo FOLDER").format(
            folder=self.folder
        )
