"""What lists show at 160 columns."""

# ruff: noqa: E501 - lines of 160 columns

from tests.unit.render.samples import shown
from tests.unit.render.screens import (
    accounts,
    card,
    found,
    payments,
    unreconciled,
)


def test_accounts_at_160() -> None:
    assert (
        shown(accounts, 160)
        == """\
                                                                                             Open       Open           Items
Status          Account  Name                                                     Balance  debits    credits  Covered   open  Note
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
◐ partial       A-1001   Léa Tremblay                                     CAD       50.00  175.00      25.00   100.00      3  1 overdue
✓ reconciled    A-1002   Club de natation de la Rive-Sud et des environs  CAD        0.00       -          -        -      -
⚠ unreconciled  A-1003   O'Brien, Kim                                     CAD  -12,345.50       -  12,345.50        -      1  held
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
Total                                                                     CAD  -12,295.50  175.00  12,370.50   100.00      4
✓ reconciled: every cent is allocated   ◐ partial: a part is allocated   ⚠ unreconciled: nothing is allocated
"""
    )


def test_card_at_160() -> None:
    assert (
        shown(card, 160)
        == """\
A-1001  Léa Tremblay
◐ partial   owes 65.00 CAD

                                                                                          Not in
Date        Status              Kind     Document  Description             Sales   Cash  balance  Balance   Open  Note
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-01-05  ◐ partial           invoice  INV-1001  Swimming, winter (+1)  150.00                   150.00  25.00
2026-01-06  ✓ reconciled        payment  PAY-77                                   85.00             65.00      -
2026-03-01  ☑ covered, overdue  payment  PP-12                                             40.00               -  agreed 2026-01-06
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
Total                                                                     150.00  85.00             65.00  25.00
✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it   ◐ partial: a part is allocated
"""
    )


def test_unreconciled_at_160() -> None:
    assert (
        shown(unreconciled, 160)
        == """\
                                                                                    Days                Open    Open
Status          Account  Name          Kind     Item        Date        Due         late       Amount  debit  credit  Ledger code  Description  Note
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
◐ partial       A-1001   Léa Tremblay  invoice  INV-1001:2  2026-01-05  2026-02-04    41  CAD   50.00  25.00          4300         Yoga mat
⚠ unreconciled  A-1001   Léa Tremblay  payment  PP-12:1     2026-01-05  2026-02-04    41  CAD   50.00          25.00  4300                      overdue
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
Total                                                                                     CAD          25.00   25.00
◐ partial: a part is allocated   ⚠ unreconciled: nothing is allocated
"""
    )


def test_found_at_160() -> None:
    assert (
        shown(found, 160)
        == """\
Status              Account  Name          Kind     Document  Date        Due              Amount   Open  Description            Method  Order  Register
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
◐ partial           A-1001   Léa Tremblay  invoice  INV-1001  2026-01-05  2026-02-04  CAD  150.00  25.00  Swimming, winter (+1)          7731   Front desk
✓ reconciled        A-1001   Léa Tremblay  payment  PAY-77    2026-01-06              CAD  -85.00      -                         card    7731
☑ covered, overdue  A-1001   Léa Tremblay  payment  PP-12     2026-01-06  2026-03-01  CAD  -40.00      -
✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it   ◐ partial: a part is allocated
"""
    )


def test_payments_at_160() -> None:
    assert (
        shown(payments, 160)
        == """\
Status              Account  Name          Kind     Document  Date        Due              Amount  Open  Method  Order
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
✓ reconciled        A-1001   Léa Tremblay  payment  PAY-77    2026-01-06              CAD   85.00     -  card    7731
☑ covered, overdue  A-1001   Léa Tremblay  payment  PP-12     2026-01-06  2026-03-01  CAD   40.00     -
✓ reconciled: every cent is allocated   ☑ covered: planned payments will pay it
"""
    )
