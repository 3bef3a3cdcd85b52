"""Close small differences by adjustments, as a part of the operation that leaves them."""

from collections.abc import Sequence
from typing import NamedTuple

from reconcile_cli.domain.results import Stamp
from reconcile_cli.domain.writing_off import Difference, Tolerance, WrittenOff
from reconcile_cli.store import writing_off
from reconcile_cli.store.operation import Operation
from reconcile_cli.text import _


class WriteOff(NamedTuple):
    """Which differences `auto` closes, and under which ledger code."""

    ledger_code: str
    tolerance: Tolerance

    def given(self) -> dict[str, object]:
        """As the operation keeps it."""
        return {"write_off": self.ledger_code, "tolerance": self.tolerance.text}


def close(op: Operation, differences: Sequence[Difference], ledger_code: str, stamp: Stamp) -> list[WrittenOff]:
    """Make an adjustment for each difference; TEMP `plan` then holds what closes it."""
    posting = writing_off.Posting(ledger_code, stamp.today, _("Difference written off"))
    return writing_off.write_off(op, differences, posting)
