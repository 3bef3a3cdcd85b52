"""Scenarios read from their text and told, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.expecting import expect
from tests.scenarios.language import NotUnderstoodError, Session


@dataclass(frozen=True)
class Scenario:
    """A title, which cites its rules (`R12.`), and its lines with their numbers in the file."""

    file: str
    title: str
    lines: tuple[tuple[int, str], ...]


def scenarios(file: Path) -> Iterator[Scenario]:
    """The scenarios of a file."""
    return scenarios_in(file.read_text(encoding="utf-8").splitlines(), file.name)


def scenarios_in(lines: Iterable[str], file: str = "") -> Iterator[Scenario]:
    """Titles begin at the margin, lines are indented; `#` begins a remark, empty lines mean nothing."""
    title = ""
    told: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace():
            if not title:
                raise NotUnderstoodError(f"{file}:{number}: a line before any title")
            told.append((number, line.strip()))
            continue
        if title:
            yield Scenario(file, title, tuple(told))
        title, told = line.strip(), []
    if title:
        yield Scenario(file, title, tuple(told))


def tell(scenario: Scenario, folder: Path) -> None:
    """Run a scenario on a new database in a folder.

    Raises:
        AssertionError: something is not as expected.
        NotUnderstoodError: a line says nothing, or the scenario checks nothing at its end.
    """
    session = Session(folder)
    expecting = refused = False
    for number, line in scenario.lines:
        word, _blank, rest = line.partition(" ")
        if refused and not rest.strip().startswith("refused "):
            raise AssertionError(f"{scenario.file}:{number}: refused before this line: {session.last.refusal}")
        before = session.last
        try:
            if word == "expect":
                expect(session, rest)
            else:
                session.say(line)
        except AssertionError as error:
            raise AssertionError(f"{scenario.file}:{number}: {line}\n{error}") from error
        except NotUnderstoodError as error:
            raise NotUnderstoodError(f"{scenario.file}:{number}: {line}\n{error}") from error
        expecting = word == "expect"
        refused = session.last is not before and session.last.refusal is not None
    if not expecting:
        raise NotUnderstoodError(f"{scenario.file}: {scenario.title}: it must end with what is expected")
    if session.pending_rows:
        raise NotUnderstoodError(f"{scenario.file}: {scenario.title}: rows that were never loaded")
