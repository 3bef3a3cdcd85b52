-- The same two items may be linked by several operations (R6), which one undo brings back together: each stays one.
DROP INDEX allocation_live;
CREATE UNIQUE INDEX allocation_live ON allocation (debit_id, credit_id, made_by, origin) WHERE removed_by IS NULL;

-- The sums of all accounts in one currency, kept with those of the accounts: nobody adds up half a million of them for
-- the last line of a list.
CREATE TABLE total (
  currency TEXT PRIMARY KEY CHECK (length(currency) = 3),
  debit_minor INTEGER NOT NULL DEFAULT 0,
  credit_minor INTEGER NOT NULL DEFAULT 0,
  open_debit_minor INTEGER NOT NULL DEFAULT 0 CHECK (open_debit_minor >= 0),
  open_credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (open_credit_minor >= 0),
  covered_minor INTEGER NOT NULL DEFAULT 0 CHECK (covered_minor >= 0),
  items INTEGER NOT NULL DEFAULT 0 CHECK (items >= 0),
  open_items INTEGER NOT NULL DEFAULT 0 CHECK (open_items >= 0),
  open_planned INTEGER NOT NULL DEFAULT 0 CHECK (open_planned >= 0),
  planned_items INTEGER NOT NULL DEFAULT 0 CHECK (planned_items >= 0),
  allocated_items INTEGER NOT NULL DEFAULT 0 CHECK (allocated_items >= 0),
  CHECK (debit_minor - credit_minor = open_debit_minor + covered_minor - open_credit_minor) -- R3
) STRICT;
INSERT INTO total
SELECT currency, sum(debit_minor), sum(credit_minor), sum(open_debit_minor), sum(open_credit_minor), sum(covered_minor),
  sum(items), sum(open_items), sum(open_planned), sum(planned_items), sum(allocated_items)
FROM pocket GROUP BY currency;

-- The views that are promised to other programs (docs/database.md). Statuses are those of the design, R7 and R8.
DROP VIEW v_allocations;
DROP VIEW v_items;
DROP VIEW v_accounts;

CREATE VIEW v_accounts AS
SELECT a.code AS account, a.name, p.currency, p.exponent,
  CASE WHEN p.items = 0 THEN NULL
    WHEN p.open_items + p.open_planned = 0 THEN CASE WHEN p.planned_items > 0 THEN 'covered' ELSE 'reconciled' END
    WHEN p.allocated_items = 0 THEN 'unreconciled' ELSE 'partial' END AS status,
  p.debit_minor, p.credit_minor, p.debit_minor - p.credit_minor AS balance_minor,
  p.open_debit_minor, p.open_credit_minor, p.covered_minor, p.open_items, p.open_planned AS open_planned_items, a.held
FROM pocket p JOIN account a ON a.id = p.account_id
WHERE EXISTS (SELECT 1 FROM txn t WHERE t.pocket_id = p.id AND t.removed_by IS NULL);

CREATE VIEW v_items AS
SELECT i.id AS item, a.code AS account, a.name, p.currency, p.exponent,
  CASE t.kind WHEN 0 THEN 'invoice' WHEN 1 THEN 'payment' WHEN 2 THEN 'deposit' WHEN 3 THEN 'credit_note'
    WHEN 4 THEN 'cancellation' WHEN 5 THEN 'refund' ELSE 'adjustment' END AS kind,
  t.document, i.line,
  printf('%04d-%02d-%02d', t.date / 10000, t.date / 100 % 100, t.date % 100) AS date,
  CASE WHEN t.due_date IS NOT NULL
    THEN printf('%04d-%02d-%02d', t.due_date / 10000, t.due_date / 100 % 100, t.due_date % 100) END AS due_date,
  CASE i.state WHEN 0 THEN 'posted' WHEN 1 THEN 'planned' WHEN 2 THEN 'declined' ELSE 'void' END AS state,
  CASE i.side WHEN 1 THEN 'debit' ELSE 'credit' END AS side,
  i.amount_minor, iif(i.state = 0, i.side * i.amount_minor, 0) AS balance_minor, i.open_minor,
  i.planned_minor AS covered_minor,
  CASE WHEN i.state > 1 THEN NULL
    WHEN i.open_minor = 0 THEN CASE WHEN i.state = 1 OR i.planned_minor > 0 THEN 'covered' ELSE 'reconciled' END
    WHEN i.open_minor = i.amount_minor THEN 'unreconciled' ELSE 'partial' END AS status,
  i.held, i.description, i.ledger_code, t.register, t.method, t.order_code, i.applies_to, i.match_code,
  i.made_by AS operation
FROM item i JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = i.pocket_id JOIN account a ON a.id = p.account_id
WHERE i.removed_by IS NULL;

CREATE VIEW v_allocations AS
SELECT n.id AS allocation, d.account, d.name, d.currency, d.exponent,
  n.debit_id AS debit_item, d.kind AS debit_kind, d.document AS debit_document, d.line AS debit_line,
  n.credit_id AS credit_item, c.kind AS credit_kind, c.document AS credit_document, c.line AS credit_line,
  n.amount_minor, iif(c.state = 'planned', 'planned', d.state) AS state,
  max(d.date, c.date, coalesce(date(printf('%04d-%02d-%02d', o.locked_until / 10000, o.locked_until / 100 % 100,
    o.locked_until % 100), '+1 day'), '')) AS date,
  CASE n.stage WHEN 0 THEN 'within_document' WHEN 1 THEN 'stated' WHEN 2 THEN 'checkout' WHEN 3 THEN 'by_hand'
    WHEN 4 THEN 'date' WHEN 5 THEN 'reference' WHEN 6 THEN 'amount' WHEN 7 THEN 'sum' WHEN 8 THEN 'balance'
    WHEN 9 THEN 'write_off' END AS stage,
  n.reason, n.made_by AS operation, n.origin
FROM allocation n JOIN operation o ON o.id = n.made_by
JOIN v_items d ON d.item = n.debit_id JOIN v_items c ON c.item = n.credit_id
WHERE n.removed_by IS NULL;
