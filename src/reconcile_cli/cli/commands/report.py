"""`reconcile report`: the group of reports. Each is a command with a module of its own, `report_NAME`."""

from typing import Final

from reconcile_cli.cli.lazily import Entry
from reconcile_cli.cli.translated import Section
from reconcile_cli.text import N_

MEMBERS: Final = {
    "sales": Entry(Section.REPORT, N_("Sales of a period by ledger code, register, month and more.")),
    "payments": Entry(Section.REPORT, N_("Where the money of a period went, by ledger code and more.")),
    "ledger": Entry(Section.REPORT, N_("What was sold: how much is paid, offset, covered or open.")),
    "aging": Entry(Section.REPORT, N_("What is owed by days past due, as of a day.")),
    "unapplied": Entry(Section.REPORT, N_("Money without purpose, by account and age.")),
    "reconciliation": Entry(Section.REPORT, N_("How far the books are reconciled, and what is in the way.")),
}
