"""Documents that the books already hold exactly as a file has them: counted while reading, never staged (R22)."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from reconcile_cli.store import bulk

_TABLE = "CREATE TEMP TABLE stage_known (txn_id INTEGER PRIMARY KEY, stage_id INTEGER)"
_TAKE = """
WITH seen (stage_id, kind, document, digest) AS (VALUES {rows})
INSERT INTO temp.stage_known (txn_id, stage_id)
SELECT t.id, s.stage_id FROM seen s CROSS JOIN txn t
ON t.document = s.document AND t.kind = s.kind AND t.digest = s.digest AND t.removed_by IS NULL RETURNING stage_id
"""
_IN_PIECES = """
SELECT 1 FROM temp.stage_txn s CROSS JOIN txn t ON t.document = s.document AND t.kind = s.kind AND t.removed_by IS NULL
CROSS JOIN temp.stage_known k ON k.txn_id = t.id LIMIT 1
"""
_HAS_MATCH_CODE = 4


class NotPlain(Exception):
    """The files hold something that only the staging of all their documents can settle."""


class Known:
    """The documents of a load that the books hold as they are. Lives in the transaction of the staging."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE IF EXISTS temp.stage_known")
        connection.execute(_TABLE)
        self._connection = connection
        (self.operation,) = connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()

    def take(self, headers: Sequence[tuple[Any, ...]]) -> set[int]:
        """The sequence numbers of the documents that are known and unchanged.

        Those with match codes are left out: R11 looks at whole groups, changed or not.

        Raises:
            NotPlain: a document came in two pieces or two files.
        """
        keys = [(row[0], row[3], row[4], row[14]) for row in headers if not row[13] & _HAS_MATCH_CODE]
        try:
            return {stage_id for (stage_id,) in bulk.find(self._connection, _TAKE, 4, keys)}
        except sqlite3.IntegrityError:
            raise NotPlain from None

    def finish(self) -> None:
        """All documents are in.

        Raises:
            NotPlain: a piece of a document was taken for the whole of it.
        """
        if self._connection.execute(_IN_PIECES).fetchone():
            raise NotPlain

    def count(self) -> int:
        """How many there are."""
        return int(self._connection.execute("SELECT count(*) FROM temp.stage_known").fetchone()[0])

    def check_still_true(self, operation: int) -> None:
        """Under the write lock of operation number `operation`: nothing was changed since the reading.

        Raises:
            NotPlain: other operations were quicker.
        """
        if operation != self.operation + 1:
            raise NotPlain
