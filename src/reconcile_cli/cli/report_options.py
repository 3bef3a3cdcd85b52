"""Options that reports share."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from reconcile_cli.cli.options import Day, parse_day
from reconcile_cli.domain.aging import DAYS
from reconcile_cli.domain.reporting import FIRST_DAY, LAST_DAY, By, Period
from reconcile_cli.text import _

WORDS: Final = ", ".join(By)
ByOption = Annotated[
    str,
    typer.Option(
        "--by",
        metavar=_("KEY,..."),
        help=_("One or more of {keys}; several nest.").format(keys=WORDS),
    ),
]

AsOfOption = Annotated[
    Day | None,
    typer.Option(
        "--as-of", parser=parse_day, metavar=_("DATE"), help=_("As it was on this day, as 2026-01-31; else today.")
    ),
]
_MOST_BUCKETS: Final = 8
_LONGEST_BUCKET: Final = 36_500


def bucket_days(text: str) -> Sequence[int]:
    """Read `--buckets`: where each ends, in days, rising."""
    words = [word.strip() for word in text.split(",")]
    if all(word.isascii() and word.isdecimal() for word in words) and len(text) <= _LONGEST_BUCKET:
        days = [int(word[-9:]) if len(word.lstrip("0")) < 9 else _LONGEST_BUCKET + 1 for word in words]  # noqa: PLR2004
        rising = all(first < second for first, second in zip((0, *days), days, strict=False))
        if rising and days[-1] <= _LONGEST_BUCKET and len(days) <= _MOST_BUCKETS:
            return days
    raise typer.BadParameter(
        _("give up to {count} numbers of days that rise, as {example}").format(
            count=_MOST_BUCKETS, example=",".join(map(str, DAYS))
        ),
        param_hint="--buckets",
    )


def by_keys(text: str) -> Sequence[By]:
    """Read `--by`: keys with commas between them, each once."""
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in list(By):
            raise typer.BadParameter(
                _("{word} is not one of: {keys}").format(word=word or '""', keys=WORDS), param_hint="--by"
            )
    if len(set(words)) < len(words):
        raise typer.BadParameter(_("each key once"), param_hint="--by")
    return [By(word) for word in words]


def period(date_from: Day | None, date_to: Day | None) -> Period:
    """The days of `--from` and `--to`, both included."""
    found = Period(FIRST_DAY if date_from is None else date_from, LAST_DAY if date_to is None else date_to)
    if found.first > found.last:
        raise typer.BadParameter(_("it lies before --from"), param_hint="--to")
    return found


def codes(texts: Sequence[str]) -> Sequence[str]:
    """Ledger codes, also several with commas between them."""
    return [code.strip() for text in texts for code in text.split(",") if code.strip()]
