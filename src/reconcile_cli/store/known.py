"""Documents that the books already hold exactly as a file has them: counted while reading, never staged (R22)."""

import sqlite3
from collections.abc import Collection
from functools import reduce
from itertools import compress
from operator import or_

from reconcile_cli.domain.documents import Documents
from reconcile_cli.store import bulk

# A digest stands for the whole document, kind and number with it; so it alone tells.
_JOINED = "SELECT CAST(group_concat(digest, '') AS BLOB) FROM txn WHERE id BETWEEN ? AND ? AND removed_by IS NULL"
_NEXT = "SELECT digest, id FROM txn WHERE id BETWEEN ? AND ? AND removed_by IS NULL"
_FIND = """
WITH seen (kind, document, digest) AS (VALUES {rows})
SELECT t.digest, t.id FROM seen s CROSS JOIN txn t
ON t.document = s.document AND t.kind = s.kind AND t.digest = s.digest AND t.removed_by IS NULL
"""
_STAGED = """
SELECT t.id FROM temp.stage_txn s
CROSS JOIN txn t ON t.document = s.document AND t.kind = s.kind AND t.removed_by IS NULL
"""
_BOUNDS = "SELECT coalesce((SELECT min(id) FROM txn), 0), coalesce((SELECT max(id) FROM txn), 0)"
_HAS_MATCH_CODE = 4


class NotPlain(Exception):
    """The files hold something that only the staging of all their documents can settle."""


class Known:
    """The documents of a load that the books hold as they are. Lives in the transaction of the staging.

    Memory holds one byte for each transaction of the books.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (self.operation,) = connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()
        (lowest, highest) = connection.execute(_BOUNDS).fetchone()
        self._seen = bytearray(highest + 1)
        self._next = lowest

    def take(self, documents: Documents) -> Collection[int]:
        """The sequence numbers of the documents that are known and unchanged.

        Those with match codes are left out: R11 looks at whole groups, changed or not. A file often has its documents
        in the order of the books, so the next ones there are looked at before any is searched: all at once, then each.

        Raises:
            NotPlain: a document came in two pieces or two files.
        """
        if self._are_next(documents):
            begin, self._next = self._next, self._next + len(documents.digests)
            if any(self._seen[begin : self._next]):
                raise NotPlain
            self._seen[begin : self._next] = b"\1" * len(documents.digests)
            return documents.seqs()
        taken = self._found(documents)
        for txn in taken.values():
            if self._seen[txn]:
                raise NotPlain
            self._seen[txn] = 1
        self._next = max(taken.values(), default=self._next - 1) + 1
        return taken

    def _are_next(self, documents: Documents) -> bool:
        """Whether these documents, and no others, are the next ones in the books."""
        if reduce(or_, documents.flags, 0) & _HAS_MATCH_CODE:
            return False
        (joined,) = self._connection.execute(_JOINED, (self._next, self._next + len(documents.digests) - 1)).fetchone()
        return joined is not None and joined == b"".join(documents.digests)

    def _found(self, documents: Documents) -> dict[int, int]:
        """The sequence number and the transaction of each that is known."""
        kinds, names = (compress(column, documents.begins) for column in documents.heads[:2])
        rows = zip(documents.seqs(), kinds, names, documents.digests, documents.flags, strict=True)
        plain = [row for row in rows if not row[4] & _HAS_MATCH_CODE]
        known = dict(self._connection.execute(_NEXT, (self._next, self._next + len(plain) - 1)))
        others = [row[1:4] for row in plain if row[3] not in known]
        known.update(bulk.find(self._connection, _FIND, 3, others))
        return {row[0]: known[row[3]] for row in plain if row[3] in known}

    def finish(self) -> None:
        """All documents are in.

        Raises:
            NotPlain: a piece of a document was taken for the whole of it.
        """
        if any(self._seen[txn] for (txn,) in self._connection.execute(_STAGED)):
            raise NotPlain

    def count(self) -> int:
        """How many there are."""
        return self._seen.count(1)

    def check_still_true(self, operation: int) -> None:
        """Under the write lock of operation number `operation`: nothing was changed since the reading.

        Raises:
            NotPlain: other operations were quicker.
        """
        if operation != self.operation + 1:
            raise NotPlain
