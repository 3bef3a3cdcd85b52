"""What is measured, each against what, and how far it may be from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median

from measure import Output, Sample


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing to measure.

    `bars` names what it is measured against and the ratio of CPU times not to exceed (None: none is set); several
    names in one are added up. `before` and `after` are commands beside the measurement, which bring about what it
    needs and take back what it did. `copy` runs all of it on a copy of the books. `quick` commands run several times
    in a round. `large` ones are also measured on the largest books.
    """

    name: str
    arguments: str
    bars: Mapping[str, float | None]
    peak_mb: int | None = None
    more_s: float | None = None
    output: Output = Output.NOWHERE
    before: str = ""
    after: str = ""
    books: str = "books"
    copy: bool = False
    quick: bool = False
    large: bool = False


def instant(name: str, arguments: str, *, before: str = "", after: str = "") -> tuple[Figure, Figure]:
    """A command that changes a little: no dearer than starting up, as data and in its own format, a table."""
    csv = Figure(
        f"{name}, as CSV", f"{arguments} -f csv", {"T P": 1.0}, before=before, after=after, quick=True, large=True
    )
    return csv, replace(csv, name=name, arguments=arguments, bars={"T P": 1.0, "R P": None})


def reading(name: str, arguments: str) -> tuple[Figure, Figure]:
    """A command that reads a little, as data and as a table."""
    return (
        Figure(f"{name}, as CSV", f"{arguments} -f csv", {"T P": 1.0}, quick=True, large=True),
        Figure(f"{name}, table", arguments, {"R P": 1.0}, output=Output.SCREEN, quick=True, large=True),
    )


UNDO = "undo --yes"
MATCH = "match {credit} {debit}"
FIGURES = (
    Figure("load", "load {csv}", {"L": 4.5, "S": 2.2, "I": None}, 300, large=True),
    Figure("load again", "load {csv}", {"L": 2.5}, 300),
    Figure("load 1,000 new rows", "load {new}", {"T P": None}, more_s=2.0, after=UNDO, large=True),
    Figure("unreconciled, as CSV", "unreconciled -f csv", {"W": 3.0}, 100, output=Output.PIPE),
    *reading("unreconciled ACCOUNT", "unreconciled {account}"),
    *instant("match of two", MATCH, after=UNDO),
    *instant("unmatch of two", "unmatch {credit} {debit} --yes", before=MATCH, after=f"{UNDO};{UNDO}"),
    *instant("undo of a match", UNDO, before=MATCH),
    *instant("auto ACCOUNT", "auto {account}", after=UNDO),
    Figure("undo of the load", "undo 1 --yes", {"L": 3.5}, copy=True),
    Figure("auto --all", "auto --all", {"A": 2.5, "D": None}, 250),
    Figure("auto --all again", "auto --all", {"T P": 1.0}, quick=True),
    Figure("check", "check", {"L": 4.0, "C": None, "K": None}),
    Figure("check --quick", "check --quick", {"L": 1.5, "Q": None}),
    Figure("accounts, all as CSV", "accounts -f csv", {"L": None}),
    Figure("accounts, first screen", "accounts", {"R P": 1.0}, output=Output.SCREEN, quick=True, large=True),
    *reading("show ACCOUNT", "show {account}"),
    *reading("find DOCUMENT", "find {document}"),
    *reading("history", "history"),
    Figure("auto, one account of half the rows", "auto ONE", {"N": 12.0}, 250, books="one", copy=True),
    Figure(
        "unreconciled, one account of half the rows",
        "unreconciled ONE -f csv",
        {"N": 12.0},
        books="one",
        output=Output.PIPE,
    ),
    Figure("--version", "--version", {"P": 1.5}, quick=True),
    Figure("--help", "--help", {"P": 7.5}, quick=True),
)
NEEDED = ("load", "auto --all")
"""What later figures stand on: run in every round, whatever is asked for."""


@dataclass(slots=True)
class Result:
    """Every run of one figure, and beside it, by name, every run of what it is measured against."""

    figure: Figure
    own: list[Sample] = field(default_factory=list)
    references: dict[str, list[Sample]] = field(default_factory=dict)

    def cpu_ratio(self, name: str) -> float:
        """CPU time in units of a reference: the median over the pairs."""
        return median(one.cpu_s / other.cpu_s for one, other in self.pairs(name))

    def wall_ratio(self, name: str) -> float:
        """Wall time in units of a reference: the median over the pairs."""
        return median(one.wall_s / other.wall_s for one, other in self.pairs(name))

    def more_s(self, name: str) -> float:
        """CPU seconds above a reference: the median over the pairs."""
        return median(one.cpu_s - other.cpu_s for one, other in self.pairs(name))

    def pairs(self, name: str) -> list[tuple[Sample, Sample]]:
        """Each run with the run of the reference beside it."""
        return list(zip(self.own, self.references[name], strict=True))

    def cpu_s(self) -> float:
        """CPU seconds: the median."""
        return median(one.cpu_s for one in self.own)

    def wall_s(self) -> float:
        """Seconds on the clock: the median."""
        return median(one.wall_s for one in self.own)

    def first_s(self) -> float | None:
        """Seconds until the first output: the median, where it was read."""
        seen = [one.first_s for one in self.own if one.first_s is not None]
        return median(seen) if seen else None

    def peak_mb(self) -> float:
        """The largest peak of all runs."""
        return max(one.peak_mb for one in self.own)
