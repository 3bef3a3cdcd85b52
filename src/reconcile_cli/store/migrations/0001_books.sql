-- The books. Money is integer minor units, dates are integers yyyymmdd, kinds, states, sides and stages are
-- the numbers of domain/kinds.py and domain/matching.py. Rows are never deleted: removed_by names the operation
-- that took a row out; the *_was tables keep what a row said before an operation changed it.
-- Derived figures are item.open_minor, item.planned_minor, item.state and all sums of pocket; an operation
-- proves them before it is sealed. All else is recorded fact.

CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
INSERT INTO seal VALUES (1);

CREATE TABLE operation (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  arguments TEXT NOT NULL,
  note TEXT NOT NULL,
  author TEXT NOT NULL,
  made_at TEXT NOT NULL,
  undoes INTEGER REFERENCES operation,
  locked_until INTEGER,               -- the lock in force after it
  first_txn INTEGER NOT NULL,         -- rows it made have ids from here on, up to the next operation's
  first_item INTEGER NOT NULL,
  first_allocation INTEGER NOT NULL,
  txns_made INTEGER NOT NULL DEFAULT 0,
  txns_changed INTEGER NOT NULL DEFAULT 0,
  txns_removed INTEGER NOT NULL DEFAULT 0,
  allocations_made INTEGER NOT NULL DEFAULT 0,
  allocations_removed INTEGER NOT NULL DEFAULT 0,
  hash BLOB,
  sealed INTEGER NOT NULL DEFAULT 0 REFERENCES seal (id) DEFERRABLE INITIALLY DEFERRED, -- 0 cannot be committed
  CHECK ((sealed = 1) = (hash IS NOT NULL)),
  CHECK (hash IS NULL OR length(hash) = 32)
) STRICT;
CREATE INDEX operation_undoes ON operation (undoes) WHERE undoes IS NOT NULL;
CREATE UNIQUE INDEX operation_unsealed ON operation (sealed) WHERE sealed = 0;

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  held INTEGER NOT NULL DEFAULT 0 CHECK (held = 0 OR held = 1),
  made_by INTEGER NOT NULL REFERENCES operation
) STRICT;
CREATE INDEX account_made ON account (made_by);
CREATE TABLE account_was (
  account_id INTEGER NOT NULL REFERENCES account,
  changed_by INTEGER NOT NULL REFERENCES operation,
  name TEXT NOT NULL,
  held INTEGER NOT NULL,
  PRIMARY KEY (changed_by, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_was_account ON account_was (account_id, changed_by);

-- One account in one currency: nothing is ever reconciled across pockets (R4). Planned, declined and void
-- items count in no amount here (R3); covered_minor is what planned payments cover of posted debits.
CREATE TABLE pocket (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  exponent INTEGER NOT NULL CHECK (exponent BETWEEN 0 AND 4),
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
  UNIQUE (account_id, currency),
  CHECK (debit_minor - credit_minor = open_debit_minor + covered_minor - open_credit_minor) -- R3
) STRICT;
CREATE INDEX pocket_both_open ON pocket (id) WHERE open_debit_minor > 0 AND open_credit_minor > 0;
CREATE INDEX pocket_open ON pocket (id) WHERE open_items > 0;
CREATE INDEX pocket_open_planned ON pocket (id) WHERE open_planned > 0;

CREATE TABLE txn (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 6),
  document TEXT NOT NULL CHECK (document <> ''),
  pocket_id INTEGER NOT NULL REFERENCES pocket,
  date INTEGER NOT NULL CHECK (date BETWEEN 19000101 AND 29991231),
  due_date INTEGER CHECK (due_date BETWEEN 19000101 AND 29991231),
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  order_code TEXT,
  register TEXT,
  method TEXT,
  replaced_by INTEGER REFERENCES txn, -- the posted payment that took a planned one's place (R14)
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  made_by INTEGER NOT NULL REFERENCES operation,
  removed_by INTEGER REFERENCES operation,
  CHECK (state = 0 OR state = 3 OR kind = 1 OR kind = 2)
) STRICT;
CREATE UNIQUE INDEX txn_key ON txn (document, kind) WHERE removed_by IS NULL;
CREATE INDEX txn_pocket ON txn (pocket_id, date) WHERE removed_by IS NULL;
CREATE INDEX txn_order ON txn (pocket_id, order_code) WHERE order_code IS NOT NULL AND removed_by IS NULL;
CREATE INDEX txn_planned ON txn (pocket_id, coalesce(due_date, date))
  WHERE state = 1 AND replaced_by IS NULL AND removed_by IS NULL;
CREATE INDEX txn_replaced ON txn (replaced_by) WHERE replaced_by IS NOT NULL;
CREATE INDEX txn_removed ON txn (removed_by) WHERE removed_by IS NOT NULL;
CREATE TABLE txn_was (
  txn_id INTEGER NOT NULL REFERENCES txn,
  changed_by INTEGER NOT NULL REFERENCES operation,
  pocket_id INTEGER NOT NULL,
  date INTEGER NOT NULL,
  due_date INTEGER,
  state INTEGER NOT NULL,
  order_code TEXT,
  register TEXT,
  method TEXT,
  replaced_by INTEGER,
  digest BLOB NOT NULL,
  PRIMARY KEY (changed_by, txn_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX txn_was_txn ON txn_was (txn_id, changed_by);

-- pocket_id and date repeat those of the transaction, state too (void where it was replaced), for the indexes.
CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  txn_id INTEGER NOT NULL REFERENCES txn,
  line INTEGER NOT NULL CHECK (line > 0),
  pocket_id INTEGER NOT NULL REFERENCES pocket,
  side INTEGER NOT NULL CHECK (side = 1 OR side = -1),
  date INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
  open_minor INTEGER NOT NULL CHECK (open_minor BETWEEN 0 AND amount_minor), -- R5
  planned_minor INTEGER NOT NULL DEFAULT 0 CHECK (planned_minor BETWEEN 0 AND amount_minor - open_minor),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held = 0 OR held = 1),
  description TEXT,
  ledger_code TEXT,
  applies_to TEXT,
  match_code TEXT,
  made_by INTEGER NOT NULL REFERENCES operation,
  removed_by INTEGER REFERENCES operation,
  CHECK (open_minor = amount_minor OR (removed_by IS NULL AND state <= 1)), -- R15: only what counts is allocated
  CHECK (state <> 1 OR side = -1 OR amount_minor = 0)
) STRICT;
CREATE UNIQUE INDEX item_line ON item (txn_id, line) WHERE removed_by IS NULL;
CREATE INDEX item_open ON item (side, pocket_id, date) WHERE open_minor > 0 AND state = 0 AND removed_by IS NULL;
CREATE INDEX item_held ON item (pocket_id) WHERE held = 1 AND removed_by IS NULL;
CREATE INDEX item_removed ON item (removed_by) WHERE removed_by IS NOT NULL;
CREATE TABLE item_was (
  item_id INTEGER NOT NULL REFERENCES item,
  changed_by INTEGER NOT NULL REFERENCES operation,
  pocket_id INTEGER NOT NULL,
  side INTEGER NOT NULL,
  date INTEGER NOT NULL,
  state INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  held INTEGER NOT NULL,
  description TEXT,
  ledger_code TEXT,
  applies_to TEXT,
  match_code TEXT,
  PRIMARY KEY (changed_by, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_was_item ON item_was (item_id, changed_by);

CREATE TABLE allocation (
  id INTEGER PRIMARY KEY,
  debit_id INTEGER NOT NULL REFERENCES item,
  credit_id INTEGER NOT NULL REFERENCES item,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  stage INTEGER NOT NULL,
  reason TEXT,                        -- arguments of the stage's sentence, as JSON
  made_by INTEGER NOT NULL REFERENCES operation,
  origin INTEGER NOT NULL,            -- the operation whose work it is: an undo that brings it back only restores it
  removed_by INTEGER REFERENCES operation,
  CHECK (removed_by >= made_by),
  CHECK (origin <= made_by)
) STRICT;
CREATE UNIQUE INDEX allocation_live ON allocation (debit_id, credit_id, made_by) WHERE removed_by IS NULL;
CREATE INDEX allocation_credit ON allocation (credit_id) WHERE removed_by IS NULL;
CREATE INDEX allocation_was_debit ON allocation (debit_id) WHERE removed_by IS NOT NULL;
CREATE INDEX allocation_was_credit ON allocation (credit_id) WHERE removed_by IS NOT NULL;
CREATE INDEX allocation_removed ON allocation (removed_by) WHERE removed_by IS NOT NULL;

-- Documents that an item's applies_to names and that have not arrived yet (R11).
CREATE TABLE awaited (
  id INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item,
  name TEXT NOT NULL,                 -- the whole name in applies_to that means this document
  made_by INTEGER NOT NULL REFERENCES operation,
  removed_by INTEGER REFERENCES operation
) STRICT;
CREATE INDEX awaited_document ON awaited (document) WHERE removed_by IS NULL;
CREATE INDEX awaited_item ON awaited (item_id) WHERE removed_by IS NULL;
CREATE INDEX awaited_made ON awaited (made_by);
CREATE INDEX awaited_removed ON awaited (removed_by) WHERE removed_by IS NOT NULL;

-- For people and other programs: the books in words. Statuses are those of the design, R7 and R8.
CREATE VIEW v_accounts AS
SELECT a.code AS account, a.name, p.currency, p.exponent,
  CASE WHEN p.items = 0 THEN NULL
    WHEN p.open_items + p.open_planned = 0 THEN CASE WHEN p.planned_items > 0 THEN 'covered' ELSE 'reconciled' END
    WHEN p.allocated_items = 0 THEN 'unreconciled' ELSE 'partial' END AS status,
  p.debit_minor - p.credit_minor AS balance_minor, p.open_debit_minor, p.open_credit_minor, p.covered_minor,
  p.open_items, a.held
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
  i.amount_minor, i.open_minor,
  CASE WHEN i.state > 1 THEN NULL WHEN i.open_minor = 0 THEN CASE WHEN i.state = 1 OR i.planned_minor > 0 THEN 'covered' ELSE 'reconciled' END
    WHEN i.open_minor = i.amount_minor THEN 'unreconciled' ELSE 'partial' END AS status,
  i.held, i.description, i.ledger_code, t.order_code, t.register, t.method, i.applies_to, i.match_code,
  i.made_by AS operation
FROM item i JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = i.pocket_id JOIN account a ON a.id = p.account_id
WHERE i.removed_by IS NULL;

CREATE VIEW v_allocations AS
SELECT n.id AS allocation, d.account, d.currency, d.exponent,
  d.kind AS debit_kind, d.document AS debit_document, d.line AS debit_line,
  c.kind AS credit_kind, c.document AS credit_document, c.line AS credit_line,
  n.amount_minor, max(d.date, c.date) AS date, n.stage, n.reason, n.made_by AS operation
FROM allocation n JOIN v_items d ON d.item = n.debit_id JOIN v_items c ON c.item = n.credit_id
WHERE n.removed_by IS NULL;
