-- Overdue payments and accounts with something open are counted from indexes alone, and no row is read for it.
CREATE INDEX item_planned ON item (txn_id) WHERE state = 1 AND amount_minor > 0 AND removed_by IS NULL;
CREATE INDEX pocket_open_debit ON pocket (currency) WHERE open_debit_minor > 0;
CREATE INDEX pocket_open_credit ON pocket (currency) WHERE open_credit_minor > 0;
