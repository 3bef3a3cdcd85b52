-- The same two items may be linked by several operations (R6), which one undo brings back together: each stays one.
DROP INDEX allocation_live;
CREATE UNIQUE INDEX allocation_live ON allocation (debit_id, credit_id, made_by, origin) WHERE removed_by IS NULL;
