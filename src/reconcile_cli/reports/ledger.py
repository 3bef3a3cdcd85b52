"""The proof of the report by ledger code: every row adds up, and what was set off adds up to zero."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconcile_cli.domain.reporting import ReportLine


@dataclass(slots=True)
class LedgerProof:
    """What was proved of the lines that passed: currencies whose offset is not zero, and lines that do not add up."""

    wrong_lines: int = 0
    offsets: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether everything adds up."""
        return not self.wrong_lines and not any(self.offsets.values())

    def proving(self, lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
        """Pass lines on and look at each: sold = paid + offset + covered + open."""
        for line in lines:
            sold, *parts = line.figures
            self.wrong_lines += sold != sum(parts)
            self.offsets[line.currency] = self.offsets.get(line.currency, 0) + line.figures[2]
            yield line
