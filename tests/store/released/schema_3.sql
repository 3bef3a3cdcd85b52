BEGIN TRANSACTION;
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  held INTEGER NOT NULL DEFAULT 0 CHECK (held = 0 OR held = 1),
  made_by INTEGER NOT NULL REFERENCES operation
) STRICT;
INSERT INTO "account" VALUES(1,'C1','Anne Roy',0,1);
INSERT INTO "account" VALUES(2,'C2','Luc Côté',1,1);
INSERT INTO "account" VALUES(3,'C3','Zoe',0,11);
CREATE TABLE account_was (
  account_id INTEGER NOT NULL REFERENCES account,
  changed_by INTEGER NOT NULL REFERENCES operation,
  name TEXT NOT NULL,
  held INTEGER NOT NULL,
  PRIMARY KEY (changed_by, account_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "account_was" VALUES(2,7,'Luc Côté',0);
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
INSERT INTO "allocation" VALUES(1,1,2,1000,0,NULL,1,1,NULL);
INSERT INTO "allocation" VALUES(2,11,12,7500,1,'{"applies_to": "INV-5"}',1,1,6);
INSERT INTO "allocation" VALUES(3,1,3,6000,2,'{"order": "CMD-1"}',1,1,NULL);
INSERT INTO "allocation" VALUES(4,1,4,2000,2,'{"order": "CMD-1"}',1,1,8);
INSERT INTO "allocation" VALUES(5,6,7,1000,3,NULL,2,2,4);
INSERT INTO "allocation" VALUES(6,6,7,500,3,NULL,3,3,4);
INSERT INTO "allocation" VALUES(7,6,7,1000,3,NULL,5,2,14);
INSERT INTO "allocation" VALUES(8,6,7,500,3,NULL,5,3,14);
INSERT INTO "allocation" VALUES(9,1,7,2500,4,NULL,13,13,NULL);
INSERT INTO "allocation" VALUES(10,9,10,3000,4,NULL,13,13,NULL);
CREATE TABLE awaited (
  id INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item,
  name TEXT NOT NULL,                 -- the whole name in applies_to that means this document
  made_by INTEGER NOT NULL REFERENCES operation,
  removed_by INTEGER REFERENCES operation
) STRICT;
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
INSERT INTO "item" VALUES(1,2,1,1,1,20240110,0,10000,500,0,0,'Hockey',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(2,2,2,1,-1,20240110,0,1000,0,0,0,'Second child',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(3,3,1,1,-1,20240110,0,6000,0,0,0,NULL,NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(4,4,1,1,-1,20240110,2,2000,2000,0,0,NULL,NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(5,5,1,1,1,20240201,0,5000,5000,0,1,'Swimming',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(6,5,2,1,1,20240201,0,3500,3500,0,0,'Membership',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(7,6,1,1,-1,20240305,0,4000,1500,0,0,NULL,NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(8,7,1,1,1,20240202,3,900,900,0,0,'Never taken',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(9,8,1,2,1,20240202,0,3000,0,0,0,'Ice',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(10,9,1,2,-1,20240203,0,3000,0,0,0,NULL,NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(11,10,1,3,1,20240115,0,7500,7500,0,1,'Skating',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(12,11,1,3,-1,20240120,0,7500,7500,0,1,NULL,NULL,'INV-5',NULL,1,NULL);
INSERT INTO "item" VALUES(13,12,1,3,1,20240401,0,1200,1200,0,1,'Ball',NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(14,13,1,3,-1,20240402,0,500,500,0,1,NULL,NULL,NULL,NULL,1,NULL);
INSERT INTO "item" VALUES(15,15,1,1,-1,20240111,1,1500,1500,0,0,NULL,NULL,NULL,NULL,9,10);
INSERT INTO "item" VALUES(16,16,1,3,-1,20240111,1,200,200,0,1,NULL,NULL,NULL,NULL,9,10);
INSERT INTO "item" VALUES(17,18,1,1,-1,20240111,1,1500,1500,0,0,NULL,NULL,NULL,NULL,11,NULL);
INSERT INTO "item" VALUES(18,19,1,3,-1,20240111,1,200,200,0,1,NULL,NULL,NULL,NULL,11,NULL);
INSERT INTO "item" VALUES(19,20,1,4,1,20240501,0,1100,1100,0,0,'Ice',NULL,NULL,NULL,11,NULL);
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
INSERT INTO "item_was" VALUES(5,7,1,1,20240201,0,5000,0,'Swimming',NULL,NULL,NULL);
INSERT INTO "item_was" VALUES(11,7,3,1,20240115,0,7500,0,'Skating',NULL,NULL,NULL);
INSERT INTO "item_was" VALUES(12,7,3,-1,20240120,0,7500,0,NULL,NULL,'INV-5',NULL);
INSERT INTO "item_was" VALUES(13,7,3,1,20240401,0,1200,0,'Ball',NULL,NULL,NULL);
INSERT INTO "item_was" VALUES(14,7,3,-1,20240402,0,500,0,NULL,NULL,NULL,NULL);
INSERT INTO "item_was" VALUES(4,8,1,-1,20240110,1,2000,0,NULL,NULL,NULL,NULL);
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
INSERT INTO "operation" VALUES(1,'load','{}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,1,1,1,12,0,0,4,0,X'9CBF97425A7A7E27C160F3CCA268543B1E7F4D39356497C8F69A415EDF70A217',1);
INSERT INTO "operation" VALUES(2,'match','{"names": ["PAY-2", "INV-2:2=10.00"]}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,5,0,0,0,1,0,X'F6CDFA9B0008D370C56A4307577771860AD8F0EF3EE942ED141F49AD1436E39C',1);
INSERT INTO "operation" VALUES(3,'match','{"names": ["PAY-2", "INV-2:2=5.00"]}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,6,0,0,0,1,0,X'943F160096F28FC4EE47DCBDF902AF2793D90F584866D75B4CFFA24A5831485A',1);
INSERT INTO "operation" VALUES(4,'unmatch','{"names": ["PAY-2", "INV-2:2"]}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,7,0,0,0,0,2,X'7AB04412B91DBE167F2D5098ECAB88350191805FA814DFF63CF043BEA6457478',1);
INSERT INTO "operation" VALUES(5,'undo','{"operation": 4}','','Anne','2024-06-30T12:00:00Z',4,NULL,14,15,7,0,0,0,2,0,X'E3E8D9D2DEF0A496E94C0391B1E9C37B43223E95A60BE6F1AA462EC9464A2690',1);
INSERT INTO "operation" VALUES(6,'unmatch','{"names": ["PAY-5"]}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,9,0,0,0,0,1,X'32A4E7C022AD0F60E02DCD319EA822DB4A76C036B91052B4F52089A7E793B39A',1);
INSERT INTO "operation" VALUES(7,'hold','{"names": ["C2", "INV-2:1"]}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,9,0,0,0,0,0,X'FC153D69F48A2CB0681FED975DC4B1143FFC33838CAD15CCC379B194937526A0',1);
INSERT INTO "operation" VALUES(8,'load','{"unchanged": 11}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,9,0,1,0,0,1,X'547C680D012F14D9AC4EF063B02F5D7C6B63AEB577D04E79FCFD16DD1105D0BC',1);
INSERT INTO "operation" VALUES(9,'load','{}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,14,15,9,2,0,0,0,0,X'87BE852218472836460F238F2DC5D5613B8E0A982397226A56CF2B1FBA41FE1C',1);
INSERT INTO "operation" VALUES(10,'undo','{"operation": 9}','','Anne','2024-06-30T12:00:00Z',9,NULL,17,17,9,0,0,2,0,0,X'122E663F8249558B2ABAA59D539A8590CD764274D81D50CBBD074A385411BF1D',1);
INSERT INTO "operation" VALUES(11,'load','{}','','Anne','2024-06-30T12:00:00Z',NULL,NULL,17,17,9,3,0,0,0,0,X'1C8ABC5079932233F57873603C3334B277D890647365B0D94DAA58468AA01C23',1);
INSERT INTO "operation" VALUES(12,'lock','{"until": "2024-01-31"}','','Anne','2024-06-30T12:00:00Z',NULL,20240131,21,20,9,0,0,0,0,0,X'5F0522DF2BA1995126D26131CA4C4FECB18CD4F60721A54296050568FC3E35E3',1);
INSERT INTO "operation" VALUES(13,'auto','{"accounts": null}','','Anne','2024-06-30T12:00:00Z',NULL,20240131,21,20,9,0,0,0,2,0,X'39E69AC99454D424910F1A718960F0D8B3FA94BDC1D45EE36A681368FF3CA2DC',1);
INSERT INTO "operation" VALUES(14,'unmatch','{"names": ["INV-2:2"]}','','Anne','2024-06-30T12:00:00Z',NULL,20240131,21,20,11,0,0,0,0,2,X'E19D5CF816CB01E1EF5F4FF7F66EF330860639CB3087D2C076C9E98DD0D9921D',1);
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
INSERT INTO "pocket" VALUES(1,1,'CAD',2,18500,11000,9000,1500,0,7,4,1,1,4);
INSERT INTO "pocket" VALUES(2,1,'USD',2,3000,3000,0,0,0,2,0,0,0,2);
INSERT INTO "pocket" VALUES(3,2,'CAD',2,8700,8000,8700,8000,0,5,4,1,1,0);
INSERT INTO "pocket" VALUES(4,3,'CAD',2,1100,0,1100,0,0,1,1,0,0,0);
CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
INSERT INTO "seal" VALUES(1);
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
INSERT INTO "total" VALUES('CAD',28300,19000,18800,9500,0,13,9,2,2,4);
INSERT INTO "total" VALUES('USD',3000,3000,0,0,0,2,0,0,0,2);
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
INSERT INTO "txn" VALUES(2,0,'INV-1',1,20240110,NULL,0,'CMD-1',NULL,NULL,NULL,X'F0A39C1BEFCD286C787F151DB7A7A2EB533DCCEAB71360611EAB079E2D61719C',1,NULL);
INSERT INTO "txn" VALUES(3,1,'PAY-1',1,20240110,NULL,0,'CMD-1',NULL,NULL,NULL,X'A98ED6FEF6E20C07BF5AB0DC18F6533FFD73BAC0FA5A79F1B1BCAB59E2FE42E8',1,NULL);
INSERT INTO "txn" VALUES(4,1,'PP-1',1,20240110,20240910,2,'CMD-1',NULL,NULL,NULL,X'F5D070DBC73B8E65F16AC24FDBF33D321BE6915DF597D77A6AE2064D299AF131',1,NULL);
INSERT INTO "txn" VALUES(5,0,'INV-2',1,20240201,NULL,0,NULL,NULL,NULL,NULL,X'8A231E47CDFF98D4FCF9BCA0A562A01FC806ADD392F35C24B6253406A8DCACE9',1,NULL);
INSERT INTO "txn" VALUES(6,1,'PAY-2',1,20240305,NULL,0,NULL,NULL,NULL,NULL,X'934316D23F096201AE4D2FAB019B319AE35443FB485BCFC81BD6C68FF56B6C47',1,NULL);
INSERT INTO "txn" VALUES(7,0,'INV-3',1,20240202,NULL,3,NULL,NULL,NULL,NULL,X'B8CE521F7F47EF2AE566C8807E58DD8D68DA7D2E73535E1F1E70C40F3FA6126E',1,NULL);
INSERT INTO "txn" VALUES(8,0,'INV-4',2,20240202,NULL,0,NULL,NULL,NULL,NULL,X'043B1E891E19864B0574230EE9B8E32E095450CDE3F70BE7F7D6247C93A375D3',1,NULL);
INSERT INTO "txn" VALUES(9,1,'PAY-4',2,20240203,NULL,0,NULL,NULL,NULL,NULL,X'9C3701DE3A80B33DE3BAE7F95AC28DE7595D6D50703C0029BB8EF7215FA82727',1,NULL);
INSERT INTO "txn" VALUES(10,0,'INV-5',3,20240115,NULL,0,NULL,NULL,NULL,NULL,X'B6A7D580651A88E3A6D25C608B26398833A24D2B107D95BD3219E4EB9017EEEF',1,NULL);
INSERT INTO "txn" VALUES(11,1,'PAY-5',3,20240120,NULL,0,NULL,NULL,NULL,NULL,X'05854A0A0EB7E41609A12511B99DE0E5DF12531AAEBB7FEFEEC2F561F020811D',1,NULL);
INSERT INTO "txn" VALUES(12,0,'INV-6',3,20240401,NULL,0,NULL,NULL,NULL,NULL,X'33FE834381F3E49705D3F7E3E621850273B5FD3049A598A657FF21524CF67E39',1,NULL);
INSERT INTO "txn" VALUES(13,1,'PAY-6',3,20240402,NULL,0,NULL,NULL,NULL,NULL,X'9AA41F8E4C00832922D0AE7114F5ED884804818654F3A9AF91C6244E8B7E7558',1,NULL);
INSERT INTO "txn" VALUES(15,1,'PP-2',1,20240111,20240210,1,NULL,NULL,NULL,NULL,X'3FFB6C35A44880DBB4B36D9FEA8E9B401FCE46DA0C40F473C36E12CA46288E46',9,10);
INSERT INTO "txn" VALUES(16,1,'PP-3',3,20240111,20241210,1,NULL,NULL,NULL,NULL,X'0049A82B3A8555CAD0267C92ADA737D9F2EDEF78624364C17AC4C2196EF1ABF0',9,10);
INSERT INTO "txn" VALUES(18,1,'PP-2',1,20240111,20240210,1,NULL,NULL,NULL,NULL,X'3FFB6C35A44880DBB4B36D9FEA8E9B401FCE46DA0C40F473C36E12CA46288E46',11,NULL);
INSERT INTO "txn" VALUES(19,1,'PP-3',3,20240111,20241210,1,NULL,NULL,NULL,NULL,X'0049A82B3A8555CAD0267C92ADA737D9F2EDEF78624364C17AC4C2196EF1ABF0',11,NULL);
INSERT INTO "txn" VALUES(20,0,'INV-7',4,20240501,NULL,0,NULL,NULL,NULL,NULL,X'EA15EAC0FD475F99D7F9517FD7706BB14326E989501F7A6A505F55E7357D538D',11,NULL);
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
INSERT INTO "txn_was" VALUES(4,8,1,20240110,20240910,1,'CMD-1',NULL,NULL,NULL,X'4E99C4F695F8EA666C92948BE5E16B5F4C48DC30EAF1F2AECCA827A16CB9A613');
CREATE INDEX operation_undoes ON operation (undoes) WHERE undoes IS NOT NULL;
CREATE UNIQUE INDEX operation_unsealed ON operation (sealed) WHERE sealed = 0;
CREATE INDEX account_made ON account (made_by);
CREATE INDEX account_was_account ON account_was (account_id, changed_by);
CREATE INDEX pocket_both_open ON pocket (id) WHERE open_debit_minor > 0 AND open_credit_minor > 0;
CREATE INDEX pocket_open ON pocket (id) WHERE open_items > 0;
CREATE INDEX pocket_open_planned ON pocket (id) WHERE open_planned > 0;
CREATE INDEX txn_was_txn ON txn_was (txn_id, changed_by);
CREATE INDEX item_was_item ON item_was (item_id, changed_by);
CREATE INDEX allocation_credit ON allocation (credit_id) WHERE removed_by IS NULL;
CREATE INDEX allocation_was_debit ON allocation (debit_id) WHERE removed_by IS NOT NULL;
CREATE INDEX allocation_was_credit ON allocation (credit_id) WHERE removed_by IS NOT NULL;
CREATE INDEX allocation_removed ON allocation (removed_by) WHERE removed_by IS NOT NULL;
CREATE INDEX awaited_document ON awaited (document) WHERE removed_by IS NULL;
CREATE INDEX awaited_item ON awaited (item_id) WHERE removed_by IS NULL;
CREATE INDEX awaited_made ON awaited (made_by);
CREATE INDEX awaited_removed ON awaited (removed_by) WHERE removed_by IS NOT NULL;
CREATE UNIQUE INDEX allocation_live ON allocation (debit_id, credit_id, made_by, origin) WHERE removed_by IS NULL;
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
CREATE INDEX pocket_open_debit ON pocket (currency) WHERE open_debit_minor > 0;
CREATE INDEX pocket_open_credit ON pocket (currency) WHERE open_credit_minor > 0;
CREATE UNIQUE INDEX txn_key ON txn (document, kind) WHERE removed_by IS NULL;
CREATE INDEX txn_pocket ON txn (pocket_id, date) WHERE removed_by IS NULL;
CREATE INDEX txn_order ON txn (pocket_id, order_code) WHERE order_code IS NOT NULL AND removed_by IS NULL;
CREATE INDEX txn_planned ON txn (pocket_id, coalesce(due_date, date))
  WHERE state = 1 AND replaced_by IS NULL AND removed_by IS NULL;
CREATE INDEX txn_replaced ON txn (replaced_by) WHERE replaced_by IS NOT NULL;
CREATE INDEX txn_removed ON txn (removed_by) WHERE removed_by IS NOT NULL;
CREATE UNIQUE INDEX item_line ON item (txn_id, line) WHERE removed_by IS NULL;
CREATE INDEX item_held ON item (pocket_id) WHERE held = 1 AND removed_by IS NULL;
CREATE INDEX item_removed ON item (removed_by) WHERE removed_by IS NOT NULL;
CREATE INDEX item_planned ON item (txn_id) WHERE state = 1 AND amount_minor > 0 AND removed_by IS NULL;
CREATE INDEX item_open ON item (side, pocket_id, date) WHERE open_minor > 0 AND state = 0 AND removed_by IS NULL;
CREATE TRIGGER guard_seal_insert BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change seal'); END;
CREATE TRIGGER guard_seal_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change seal'); END;
CREATE TRIGGER guard_seal_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change seal'); END;
CREATE TRIGGER guard_operation_insert BEFORE INSERT ON operation BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change operation'); END;
CREATE TRIGGER guard_operation_update BEFORE UPDATE ON operation BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change operation'); END;
CREATE TRIGGER guard_operation_delete BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change operation'); END;
CREATE TRIGGER guard_account_insert BEFORE INSERT ON account BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change account'); END;
CREATE TRIGGER guard_account_update BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change account'); END;
CREATE TRIGGER guard_account_delete BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change account'); END;
CREATE TRIGGER guard_account_was_insert BEFORE INSERT ON account_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change account_was'); END;
CREATE TRIGGER guard_account_was_update BEFORE UPDATE ON account_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change account_was'); END;
CREATE TRIGGER guard_account_was_delete BEFORE DELETE ON account_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change account_was'); END;
CREATE TRIGGER guard_pocket_insert BEFORE INSERT ON pocket BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change pocket'); END;
CREATE TRIGGER guard_pocket_update BEFORE UPDATE ON pocket BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change pocket'); END;
CREATE TRIGGER guard_pocket_delete BEFORE DELETE ON pocket BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change pocket'); END;
CREATE TRIGGER guard_total_insert BEFORE INSERT ON total BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change total'); END;
CREATE TRIGGER guard_total_update BEFORE UPDATE ON total BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change total'); END;
CREATE TRIGGER guard_total_delete BEFORE DELETE ON total BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change total'); END;
CREATE TRIGGER guard_txn_insert BEFORE INSERT ON txn BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change txn'); END;
CREATE TRIGGER guard_txn_update BEFORE UPDATE ON txn BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change txn'); END;
CREATE TRIGGER guard_txn_delete BEFORE DELETE ON txn BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change txn'); END;
CREATE TRIGGER guard_txn_was_insert BEFORE INSERT ON txn_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change txn_was'); END;
CREATE TRIGGER guard_txn_was_update BEFORE UPDATE ON txn_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change txn_was'); END;
CREATE TRIGGER guard_txn_was_delete BEFORE DELETE ON txn_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change txn_was'); END;
CREATE TRIGGER guard_item_insert BEFORE INSERT ON item BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change item'); END;
CREATE TRIGGER guard_item_update BEFORE UPDATE ON item BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change item'); END;
CREATE TRIGGER guard_item_delete BEFORE DELETE ON item BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change item'); END;
CREATE TRIGGER guard_item_was_insert BEFORE INSERT ON item_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change item_was'); END;
CREATE TRIGGER guard_item_was_update BEFORE UPDATE ON item_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change item_was'); END;
CREATE TRIGGER guard_item_was_delete BEFORE DELETE ON item_was BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change item_was'); END;
CREATE TRIGGER guard_allocation_insert BEFORE INSERT ON allocation BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change allocation'); END;
CREATE TRIGGER guard_allocation_update BEFORE UPDATE ON allocation BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change allocation'); END;
CREATE TRIGGER guard_allocation_delete BEFORE DELETE ON allocation BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change allocation'); END;
CREATE TRIGGER guard_awaited_insert BEFORE INSERT ON awaited BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change awaited'); END;
CREATE TRIGGER guard_awaited_update BEFORE UPDATE ON awaited BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change awaited'); END;
CREATE TRIGGER guard_awaited_delete BEFORE DELETE ON awaited BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change awaited'); END;
COMMIT;
