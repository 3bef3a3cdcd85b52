"""What the commands that keep the books report back: copies, locks, holds, what the file is."""

from collections.abc import Sequence
from typing import NamedTuple


class BackupResult(NamedTuple):
    """A copy of the database: where, how large, its last operation and that one's hash in hexadecimal."""

    path: str
    size_bytes: int
    operation: int
    head: str


class Head(NamedTuple):
    """The last operation and its hash, in hexadecimal; `found` is the operation of the hash that was asked for."""

    operation: int
    hash: str
    found: int | None = None


class LockChange(NamedTuple):
    """The operation that put the lock where it is."""

    operation: int
    made_at: str
    author: str
    note: str


class LockResult(NamedTuple):
    """The lock before and after, the last day that it closes; `operation` is None where it stood there already."""

    operation: int | None
    before: int | None
    until: int | None


class HoldResult(NamedTuple):
    """What `hold` or `release` changed; `already` was so before."""

    operation: int | None
    changed: Sequence[str]
    already: Sequence[str]


class Information(NamedTuple):
    """What the database is. `head` is the hash of the last operation in hexadecimal."""

    path: str
    size_bytes: int
    schema_version: int
    accounts: int
    transactions: int
    items: int
    allocations: int
    operations: int
    head: str
    locked_until: int | None
