"""Documents on their way from a file into the books, as columns."""

from collections.abc import Sequence
from itertools import compress
from typing import Any, NamedTuple

Columns = Sequence[Sequence[Any]]
_FIRST_TEXT_OF_HEADER = 7
_FIRST_TEXT_OF_LINE = 4


class Documents(NamedTuple):
    """Documents that stand one after the other in a file; what only new ones need is made when it is asked for.

    `first` is the sequence number of the first document. For each row of the file: `rows`, its place there; `begins`,
    whether it begins a document; `owners`, of which document it is, counted from 1; `heads`, a column for each of
    `HEADER_FIELDS`; and `contents`, columns of what `lines` gives after seq, in the order of its lines. An absent text
    is empty here and `absent` in what the methods give, None where it is not said.
    """

    first: int
    file: int
    rows: Sequence[int]
    begins: Sequence[bool]
    owners: Sequence[int]
    heads: Columns
    contents: Columns
    flags: Sequence[int]
    digests: Sequence[bytes]

    def seqs(self) -> range:
        """The sequence numbers of the documents."""
        return range(self.first, self.first + len(self.flags))

    def headers(self, absent: str | None = None) -> Columns:
        """Seq, file and row of each document, its `HEADER_FIELDS`, its flags and its digest."""
        row, *head = (list(compress(column, self.begins)) for column in (self.rows, *self.heads))
        texts = (_with(absent, column) for column in head[_FIRST_TEXT_OF_HEADER:])
        return self.seqs(), [self.file] * len(row), row, *head[:_FIRST_TEXT_OF_HEADER], *texts, self.flags, self.digests

    def lines(self, absent: str | None = None) -> Columns:
        """Seq and row of each line, and its `LINE_FIELDS`; amounts are >= 0."""
        seqs = list(map((self.first - 1).__add__, self.owners))
        texts = (_with(absent, column) for column in self.contents[_FIRST_TEXT_OF_LINE:])
        return seqs, *self.contents[:_FIRST_TEXT_OF_LINE], *texts


NO_DOCUMENTS = Documents(1, 0, (), (), (), [()] * 10, [()] * 8, (), ())


def _with(absent: str | None, texts: Sequence[str]) -> Sequence[str | None]:
    if absent == "":
        return texts
    return [text or absent for text in texts] if any(texts) else [absent] * len(texts)
