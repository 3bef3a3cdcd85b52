"""Each screen as a person sees it at 80 columns."""

from tests.unit.render.samples import shown
from tests.unit.render.screens import (
    accounts,
    auto,
    card,
    document,
    found,
    history,
    load,
    matches,
    payments,
    rehearsal,
    since,
    unreconciled,
)


def test_accounts_at_80() -> None:
    assert (
        shown(accounts, 80)
        == """\
                                                        Open      Open
Status         Account Name                   Balance debits   credits Note
────────────────────────────────────────────────────────────────────────────────
◐ partial      A-1001  Léa Tremblay    CAD      50.00 175.00     25.00 1 overdue
✓ reconciled   A-1002  Club de natati… CAD       0.00      -         -
⚠ unreconciled A-1003  O'Brien, Kim    CAD -12,345.50      - 12,345.50 held
────────────────────────────────────────────────────────────────────────────────
Total                                  CAD -12,295.50 175.00 12,370.50
✓ reconciled: every cent is allocated   ◐ partial: a part is allocated
⚠ unreconciled: nothing is allocated
"""
    )


def test_card_at_80() -> None:
    assert (
        shown(card, 80)
        == """\
A-1001  Léa Tremblay
◐ partial   owes 65.00 CAD

Date        Status              Kind     Document   Sales   Cash  Balance   Open
────────────────────────────────────────────────────────────────────────────────
2026-01-05  ◐ partial           invoice  INV-1001  150.00          150.00  25.00
2026-01-06  ✓ reconciled        payment  PAY-77            85.00    65.00      -
2026-03-01  ☑ covered, overdue  payment  PP-12                                 -
  Not in balance 40.00  agreed 2026-01-06
────────────────────────────────────────────────────────────────────────────────
Total                                              150.00  85.00    65.00  25.00
✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it
◐ partial: a part is allocated
"""
    )


def test_matches_at_80() -> None:
    assert (
        shown(matches, 80)
        == """\
A-1001  Léa Tremblay
◐ partial   owes 65.00 CAD

invoice INV-1001  2026-01-05  150.00 CAD  ◐ partial
├── 1. Swimming, winter  100.00 CAD  ☑ covered
│   ├── payment PAY-77:1  60.00  at checkout, order 7731, operation 4
│   └── payment PP-12:1   40.00  planned, at checkout, order 7731, operation 4
└── 2. Yoga mat           50.00 CAD  ◐ partial
    ├── payment PAY-77:1  25.00  by hand, operation 9
    └── open              25.00
payment PAY-77  2026-01-06  85.00 CAD  ✓ reconciled
├── invoice INV-1001:1  60.00  at checkout, order 7731, operation 4
└── invoice INV-1001:2  25.00  by hand, operation 9
payment PP-12  2026-01-06  40.00 CAD  ☑ covered, overdue
└── invoice INV-1001:1  40.00  at checkout, order 7731, operation 4

✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it
◐ partial: a part is allocated
"""
    )


def test_since_at_80() -> None:
    assert (
        shown(since, 80)
        == """\
A-1001  Léa Tremblay
◐ partial   owes 65.00 CAD

Date        Status        Kind     Document   Sales   Cash   Balance   Open
───────────────────────────────────────────────────────────────────────────
                          opening                           1,234.00
2026-01-05  ◐ partial     invoice  INV-1001  150.00         1,384.00  25.00
2026-01-06  ✓ reconciled  payment  PAY-77            85.00  1,299.00      -
───────────────────────────────────────────────────────────────────────────
Total                                        150.00  85.00  1,299.00  25.00
✓ reconciled: every cent is allocated   ◐ partial: a part is allocated
"""
    )


def test_document_at_80() -> None:
    assert (
        shown(document, 80)
        == """\
invoice INV-1001
◐ partial
Account   A-1001  Léa Tremblay
Date      2026-01-05
Due       2026-02-04
State     posted
Amount    150.00 CAD
Open      25.00 CAD to be paid
Order     7731
Register  Front desk

Line  Status     Description       Ledger code  Amount   Open
─────────────────────────────────────────────────────────────
   1  ☑ covered  Swimming, winter  4100         100.00      -
   2  ◐ partial  Yoga mat          4300          50.00  25.00
☑ covered: planned payments will pay it   ◐ partial: a part is allocated
"""
    )


def test_unreconciled_at_80() -> None:
    assert (
        shown(unreconciled, 80)
        == """\
                                                       Open    Open
Status          Account  Item        Date             debit  credit  Note
────────────────────────────────────────────────────────────────────────────
◐ partial       A-1001   INV-1001:2  2026-01-05  CAD  25.00
⚠ unreconciled  A-1001   PP-12:1     2026-01-05  CAD          25.00  overdue
────────────────────────────────────────────────────────────────────────────
Total                                            CAD  25.00   25.00
◐ partial: a part is allocated   ⚠ unreconciled: nothing is allocated
"""
    )


def test_found_at_80() -> None:
    assert (
        shown(found, 80)
        == """\
Status              Account  Kind     Document  Date             Amount   Open
──────────────────────────────────────────────────────────────────────────────
◐ partial           A-1001   invoice  INV-1001  2026-01-05  CAD  150.00  25.00
✓ reconciled        A-1001   payment  PAY-77    2026-01-06  CAD  -85.00      -
☑ covered, overdue  A-1001   payment  PP-12     2026-01-06  CAD  -40.00      -
✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it
◐ partial: a part is allocated
"""
    )


def test_payments_at_80() -> None:
    assert (
        shown(payments, 80)
        == """\
Status              Account  Document  Date        Due              Amount  Open
────────────────────────────────────────────────────────────────────────────────
✓ reconciled        A-1001   PAY-77    2026-01-06              CAD   85.00     -
☑ covered, overdue  A-1001   PP-12     2026-01-06  2026-03-01  CAD   40.00     -
✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it
"""
    )


def test_history_at_80() -> None:
    assert (
        shown(history, 80)
        == """\
Operation  When (UTC)        Command  What       Transactions  Allocations
──────────────────────────────────────────────────────────────────────────
        5  2026-01-06 14:03  undo     4          +412 ~3       +96 -2
  takes back 4
        4  2026-01-06 14:03  load     sales.csv  +412 ~3       +96 -2
  January, taken back by 5
+ added   ~ changed   - removed
"""
    )


def test_auto_at_80() -> None:
    assert (
        shown(auto, 80)
        == """\
Account  Credit            Debit                      Amount  Why
──────────────────────────────────────────────────────────────────────────────
A-1001   payment PAY-77:1  invoice INV-1001:2  CAD     25.00  oldest to oldest
A-1001   payment PAY-77:1  invoice INV-1001:1  CAD  1,234.56  oldest to oldest
──────────────────────────────────────────────────────────────────────────────
Total                                          CAD  1,259.56
Still to be paid: 25.00 CAD in 1 account.
Still to be used: 99.00 CAD in 3 accounts.
1 open item is held: auto leaves it alone.
"""
    )


def test_rehearsal_at_80() -> None:
    assert (
        shown(rehearsal, 80)
        == """\
Account  Credit            Debit                      Amount  Why
──────────────────────────────────────────────────────────────────────────────
A-1001   payment PAY-77:1  invoice INV-1001:2  CAD     25.00  oldest to oldest
A-1001   payment PAY-77:1  invoice INV-1001:1  CAD  1,234.56  oldest to oldest
──────────────────────────────────────────────────────────────────────────────
Total                                          CAD  1,259.56

Account by account
                                        Still  Still
                                        to be  to be
Account  Name               Reconciled   paid   used  Why
─────────────────────────────────────────────────────────────────────────
A-1001   Léa Tremblay  CAD    1,259.56  25.00      -  no payment left
A-1002   Léa Tremblay  CAD       50.00      -  99.00  nothing left to pay
A-1003   Léa Tremblay  CAD           -  25.00   7.00  1 item held
A-1004   Léa Tremblay  CAD           -  25.00   7.00  dated later
A-1005   Léa Tremblay  CAD    1,259.56      -      -

Still to be paid: 25.00 CAD in 1 account.
Still to be used: 99.00 CAD in 3 accounts.
1 open item is held: auto leaves it alone.
"""
    )


def test_load_at_80() -> None:
    assert (
        shown(load, 80)
        == """\
1,412 rows read.
Transactions: 380 added, 3 updated, 25 unchanged, 1 rejected.
Reconciled: 12 within documents, 30 as the source states, 80 at checkout.
2 allocations removed.

What changed
Document            Field        Before      Now
───────────────────────────────────────────────────────
invoice/INV-1001    due date     2026-02-04  2026-03-01
invoice/INV-1001:2  description  (empty)     Yoga mat

Set free, and open again
  payment PAY-77:1 no longer pays 25.00 CAD of invoice INV-1001:2; open: 25.00
  CAD (its amount changed)

Stated by the source and not done
  payment/PAY-9:1 to INV-3000: no such document yet; it is used when it comes

Problems
sales.csv
Line  Column  Value   Expected
────────────────────────────────────────────────────────────────
  14  amount  12,345  an amount with a point before the decimals

Still to be paid: 2,100.50 CAD in 14 accounts.
Still to be used: 50.00 CAD in 1 account.
"""
    )
