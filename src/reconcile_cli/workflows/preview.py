"""What the files of a load come to before it is done: first rows, kinds, sums. For `--dry-run` alone."""

from typing import Final

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.understanding import KindSums, SampleRow, Understanding
from reconcile_cli.intake.reading import DocumentBatch

SAMPLE: Final = 5


class Preview:
    """Sums up the batches of one file after the other."""

    def __init__(self) -> None:
        self._sample: list[SampleRow] = []
        self._sums: dict[tuple[int, str], KindSums] = {}

    def add(self, batch: DocumentBatch) -> None:
        """Count a batch."""
        heads = {header[0]: header for header in zip(*batch.documents.headers(), strict=True)}
        for header in heads.values():
            self._sums.setdefault((header[3], header[6]), KindSums()).documents += 1
        for seq, row, number, side, amount_minor, description, *_rest in zip(*batch.documents.lines(), strict=True):
            head = heads[seq]
            kind, document, account, currency, date = head[3], head[4], head[5], head[6], head[7]
            sums = self._sums[kind, currency]
            sums.rows += 1
            if side == Side.DEBIT:
                sums.debit_minor += amount_minor
            else:
                sums.credit_minor += amount_minor
            if len(self._sample) < SAMPLE:
                self._sample.append(
                    SampleRow(row, account, kind, document, number, date, currency, side * amount_minor, description)
                )

    def told(self, understood: Understanding) -> Understanding:
        """Give what was counted to the file that ends here, and begin anew."""
        understood.sample.extend(self._sample)
        understood.sums.update(sorted(self._sums.items()))
        self._sample, self._sums = [], {}
        return understood
