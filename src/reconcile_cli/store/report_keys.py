"""What reports group by, as SQL: of a transaction `t`, its item `i` and its pocket `p`."""

from collections.abc import Iterator, Sequence
from typing import Final

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.reporting import NONE, By

SALES: Final = ", ".join(str(int(kind)) for kind in Kind if kind.in_sales)
"""The kinds of the sales column (R3)."""
CASH: Final = ", ".join(str(int(kind)) for kind in Kind if not kind.in_sales)
_KIND: Final = "CASE t.kind " + " ".join(f"WHEN {int(kind)} THEN '{kind.code}/'" for kind in Kind) + " END"
_KEYS: Final = {
    By.REGISTER: f"coalesce(t.register, '{NONE}')",
    By.LEDGER_CODE: "{code}",
    By.MONTH: "{day} / 100",
    By.DAY: "{day}",
    By.ACCOUNT: "a.code",
    By.METHOD: f"coalesce(t.method, '{NONE}')",
    By.ITEM: f"{_KIND} || t.document || ':' || i.line",
}
ACCOUNT: Final = "JOIN account a ON a.id = p.account_id"


def key_columns(by: Sequence[By], *, code: str, day: str = "i.date") -> str:
    """The keys as columns `k0, k1, ...`; `code` and `day` are SQL for the ledger code and the day."""
    return "".join(f", {_KEYS[name].format(code=code, day=day)} AS k{place}" for place, name in enumerate(by))


def key_names(by: Sequence[By]) -> str:
    """The names of these columns."""
    return "".join(f", k{place}" for place in range(len(by)))


def key_order(by: Sequence[By]) -> str:
    """How lines follow each other: by text, items shorter names first, so that INV-9 precedes INV-10."""
    return "".join(
        f", length(k{place}), k{place}" if name is By.ITEM else f", k{place}" for place, name in enumerate(by)
    )


def account_join(by: Sequence[By]) -> str:
    """The account, where it is asked for."""
    return ACCOUNT if By.ACCOUNT in by else ""


def without_codes(codes: Sequence[str]) -> dict[str, str]:
    """The parameters of `--except`, by name."""
    return dict(zip(_names(), codes, strict=False))


def _names() -> Iterator[str]:
    place = 0
    while True:
        yield f"without_{place}"
        place += 1
