"""What a file decides once for all its values: the decimal mark, the order of day and month (C1)."""

from collections.abc import Callable
from typing import Final, NamedTuple

from reconcile_cli.errors import Problem
from reconcile_cli.intake.problems import shown
from reconcile_cli.text import N_, _

UNDECIDED: Final = "?"


class Sighting(NamedTuple):
    """A value of the file and where it stands."""

    line: int
    column: str
    value: str


Evidence = dict[str, Sighting]
"""For each reading the first value that has only this one, and under UNDECIDED the first that has both."""

_READINGS: Final = {
    ".": N_("a decimal point"),
    ",": N_("a decimal comma"),
    "dmy": N_("the day before the month"),
    "mdy": N_("the month before the day"),
}


class Convention:
    """One choice between two readings, made by an option or by the first value that has only one of them.

    A value with both readings makes it look through the whole file for one that decides. Where there is none,
    or where values decide both ways, the file is refused, once, by `take_problem`, and `refused` is true: whatever
    is read afterwards is of no use and needs no further complaint. `proof` is the value that decided; its line is 0
    where it was the first to be read.
    """

    def __init__(self, option: str, file: str, given: str | None, look: Callable[[], Evidence]) -> None:
        self.option = option
        self.chosen = given
        self.given = given is not None
        self.refused = False
        self.proof = Sighting(0, "", "")
        self._problem: Problem | None = None
        self._file = file
        self._look = look

    def prove(self, reading: str, value: str) -> None:
        """A value has this reading only. A file that has chosen the other is refused."""
        if self.chosen is None:
            self.chosen = reading
            self.proof = Sighting(0, "", value)
        elif self.chosen != reading and not self.refused:
            self._refuse(self._look())

    def decide(self) -> None:
        """A value has both readings: look through the file for one that has not."""
        if self.chosen is not None or self.refused:
            return
        evidence = self._look()
        readings = [reading for reading in evidence if reading != UNDECIDED]
        if len(readings) == 1:
            self.chosen = readings[0]
            self.proof = evidence[readings[0]]
        else:
            self._refuse(evidence)

    def take_problem(self) -> Problem | None:
        """The problem of the file, told once."""
        problem, self._problem = self._problem, None
        return problem

    def _refuse(self, evidence: Evidence) -> None:
        self.refused = True
        proofs = sorted((seen, reading) for reading, seen in evidence.items() if reading != UNDECIDED)
        if len(proofs) > 1:
            (first, one), (seen, other) = proofs
            expected = _(
                "one way of writing for the whole file: {value} in line {line} proves {one}, this proves {other}; "
                "correct the file, or say with {option} which is meant"
            ).format(
                value=shown(first.value),
                line=first.line,
                one=_(_READINGS[one]),
                other=_(_READINGS[other]),
                option=self.option,
            )
        else:
            seen = evidence.get(UNDECIDED, Sighting(0, "", ""))
            first_way, second_way = (".", ",") if self.option == "--decimal" else ("dmy", "mdy")
            expected = _(
                "proof of {one} or {other}, which no value of this file gives; "
                "say which with {option} {first_way} or {option} {second_way}"
            ).format(
                one=_(_READINGS[first_way]),
                other=_(_READINGS[second_way]),
                option=self.option,
                first_way=first_way,
                second_way=second_way,
            )
        self._problem = Problem(self._file, seen.line, seen.column, shown(seen.value), expected)
