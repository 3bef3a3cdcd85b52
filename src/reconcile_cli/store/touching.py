"""Which operations touched an account or a document: made, changed or removed it, its items or allocations of them."""

from reconcile_cli.domain.naming import readings
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import UnknownName
from reconcile_cli.store.lookup import find_account, unknown

# The transactions that are, or were, of an account. What left it is found among all that was ever changed.
_OF_ACCOUNT = """
SELECT id FROM txn WHERE removed_by IS NULL AND pocket_id IN (SELECT id FROM pocket WHERE account_id = {account})
UNION SELECT id FROM txn INDEXED BY txn_removed
  WHERE removed_by IS NOT NULL AND pocket_id IN (SELECT id FROM pocket WHERE account_id = {account})
UNION SELECT txn_id FROM txn_was WHERE pocket_id IN (SELECT id FROM pocket WHERE account_id = {account})"""
_OF_DOCUMENT = """
SELECT id FROM txn WHERE removed_by IS NULL AND document = :document AND (:kind IS NULL OR kind = :kind)
UNION SELECT id FROM txn INDEXED BY txn_removed
  WHERE removed_by IS NOT NULL AND document = :document AND (:kind IS NULL OR kind = :kind)"""
_ACCOUNT_ROWS = """
UNION SELECT made_by FROM account WHERE id = {account}
UNION SELECT changed_by FROM account_was WHERE account_id = {account}"""
_OPERATIONS = """
WITH mine (id) AS MATERIALIZED ({txns}), own (id, made_by, removed_by) AS MATERIALIZED (
  SELECT i.id, i.made_by, i.removed_by FROM mine CROSS JOIN item i ON i.txn_id = mine.id AND i.removed_by IS NULL
  UNION ALL SELECT i.id, i.made_by, i.removed_by FROM item i INDEXED BY item_removed
    WHERE i.removed_by IS NOT NULL AND i.txn_id IN mine),
links (made_by, removed_by) AS MATERIALIZED (
  SELECT n.made_by, n.removed_by FROM own CROSS JOIN allocation n ON n.debit_id = own.id AND n.removed_by IS NULL
  UNION ALL
  SELECT n.made_by, n.removed_by FROM own CROSS JOIN allocation n ON n.debit_id = own.id AND n.removed_by IS NOT NULL
  UNION ALL
  SELECT n.made_by, n.removed_by FROM own CROSS JOIN allocation n ON n.credit_id = own.id AND n.removed_by IS NULL
  UNION ALL
  SELECT n.made_by, n.removed_by FROM own CROSS JOIN allocation n ON n.credit_id = own.id AND n.removed_by IS NOT NULL)
SELECT t.made_by FROM mine CROSS JOIN txn t ON t.id = mine.id
UNION SELECT t.removed_by FROM mine CROSS JOIN txn t ON t.id = mine.id
UNION SELECT w.changed_by FROM mine CROSS JOIN txn_was w ON w.txn_id = mine.id
UNION SELECT made_by FROM own UNION SELECT removed_by FROM own
UNION SELECT w.changed_by FROM own CROSS JOIN item_was w ON w.item_id = own.id
UNION SELECT made_by FROM links UNION SELECT removed_by FROM links
{account}
"""
_ANY = "SELECT 1 FROM ({txns}) LIMIT 1"


def operations_of(books: Books, name: str) -> list[int]:
    """The operations that touched what a name means: an account, else a document, also one that was taken back.

    Raises:
        UnknownName: nothing is or was called so.
    """
    try:
        account = find_account(books, name)
    except UnknownName:
        return _of_document(books, name)
    txns, rows = _OF_ACCOUNT.format(account=account), _ACCOUNT_ROWS.format(account=account)
    return _numbers(books, _OPERATIONS.format(txns=txns, account=rows), {})


def _of_document(books: Books, name: str) -> list[int]:
    for reading in readings(name):
        if reading.line is None and reading.amount is None:
            parameters: dict[str, object] = {"document": reading.document, "kind": reading.kind}
            if books.connection.execute(_ANY.format(txns=_OF_DOCUMENT), parameters).fetchone():
                return _numbers(books, _OPERATIONS.format(txns=_OF_DOCUMENT, account=""), parameters)
    raise unknown(books, name)


def _numbers(books: Books, sql: str, parameters: dict[str, object]) -> list[int]:
    rows = books.connection.execute(sql, parameters)
    return sorted(number for (number,) in rows if number is not None)
