"""Instalments that a day saw as planned, though they were posted after it.

A planned payment is no money yet (R3). As of a day before it was taken it was planned, whatever it is today: turned
posted (R14), replaced by its receipt (R14), or loaded posted with the due date that tells an instalment of its order
(R12).
"""

# What was posted and is dated after :day, of pockets that {pockets} tells.
AFTER = """after AS MATERIALIZED (SELECT t.id, t.pocket_id, t.kind, t.due_date, t.order_code
  FROM {pockets} p CROSS JOIN txn t ON t.pocket_id = p.id AND t.date > :day AND t.removed_by IS NULL
  WHERE t.state = 0)"""
# Of those that are instalments: the transaction, the one that was planned, when that was agreed, and when it was due.
# What was undone never was; what was planned last before it was posted holds.
POSTED_LATER = """
SELECT came.id AS txn_id, came.id AS planned_id, w.date AS agreed, coalesce(w.due_date, w.date) AS due
FROM after came CROSS JOIN txn_was w ON w.txn_id = came.id
WHERE w.changed_by = (SELECT max(x.changed_by) FROM txn_was x JOIN operation o ON o.id = x.changed_by
  WHERE x.txn_id = came.id AND x.state = 1 AND x.replaced_by IS NULL AND o.undoes IS NULL)
UNION ALL
SELECT came.id, r.id, r.date, coalesce(r.due_date, r.date)
FROM after came CROSS JOIN txn r ON r.replaced_by = came.id AND r.removed_by IS NULL
UNION ALL
SELECT came.id, came.id, (SELECT min(+s.date) FROM txn s WHERE s.pocket_id = came.pocket_id
  AND s.order_code = came.order_code AND s.order_code IS NOT NULL
  AND s.kind = 0 AND s.state = 0 AND s.removed_by IS NULL), came.due_date
FROM after came WHERE came.kind IN (1, 2) AND came.due_date IS NOT NULL AND came.order_code IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM txn r WHERE r.replaced_by = came.id AND r.removed_by IS NULL)
AND NOT EXISTS (SELECT 1 FROM txn_was w JOIN operation o ON o.id = w.changed_by
  WHERE w.txn_id = came.id AND w.state = 1 AND w.replaced_by IS NULL AND o.undoes IS NULL)
"""
# Those that were agreed by :day, one for each posted transaction.
LATER = f"""later AS MATERIALIZED (SELECT txn_id, planned_id, agreed, min(due) AS due
  FROM ({POSTED_LATER}) WHERE agreed <= :day GROUP BY txn_id)"""
# Which operation first put the instalment `s` against a debit, by allocation `n`: a receipt inherits what its planned
# payment had.
FIRST_MADE = """CASE WHEN s.planned_id = s.txn_id THEN n.made_by ELSE coalesce((
  SELECT min(w.made_by) FROM main.allocation w CROSS JOIN main.item wi ON wi.id = w.credit_id
  WHERE w.debit_id = n.debit_id AND w.removed_by IS NOT NULL AND +w.removed_by = n.made_by
  AND wi.txn_id = s.planned_id), n.made_by) END"""
