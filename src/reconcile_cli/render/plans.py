"""Plans as files, and what is wrong with one."""

from collections.abc import Iterable
from typing import Final, TextIO

from reconcile_cli.domain.records import AllocationLine
from reconcile_cli.errors import BadInput
from reconcile_cli.render import reasons
from reconcile_cli.render.allocations import ALLOCATIONS
from reconcile_cli.render.columns import Column, Listing
from reconcile_cli.render.data import write_csv
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.problems import write_problems
from reconcile_cli.render.safe import json_text

PLAN: Final = Listing[AllocationLine](
    columns=(*ALLOCATIONS.columns, Column("", lambda line: reasons.worded(line.stage, line.reason), key="why")),
    currency=ALLOCATIONS.currency,
    keys="account currency credit debit amount why stage reason",
)


def write_plan(stream: TextIO, lines: Iterable[AllocationLine]) -> None:
    """Write proposed allocations as CSV: `why` is for people, `stage` and `reason` are what the books will keep."""
    write_csv(Target(stream, Format.CSV), PLAN, lines)


def write_plan_refusal(target: Target, messages: Target, refusal: BadInput) -> None:
    """Write the lines for which a plan was refused: for people to `messages`, for scripts as the result."""
    if target.format is Format.JSON:
        problems = [problem._asdict() for problem in refusal.problems]
        target.stream.write(json_text({"operation": None, "problems": problems}) + "\n")
    else:
        write_problems(messages, refusal.problems, refusal.count)
