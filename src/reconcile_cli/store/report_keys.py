"""What reports group by, as SQL: of an item and its transaction, its pocket `p` and its account `a`."""

from collections.abc import Sequence
from typing import Final

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.reporting import NONE, By

SALES: Final = ", ".join(str(int(kind)) for kind in Kind if kind.in_sales)
"""The kinds of the sales column (R3)."""
CASH: Final = ", ".join(str(int(kind)) for kind in Kind if not kind.in_sales)
_KIND: Final = "CASE {t}.kind " + " ".join(f"WHEN {int(kind)} THEN '{kind.code}/'" for kind in Kind) + " END"
_KEYS: Final = {
    By.REGISTER: f"coalesce({{t}}.register, '{NONE}')",
    By.LEDGER_CODE: "{code}",
    By.MONTH: "{day} / 100",
    By.DAY: "{day}",
    By.ACCOUNT: "a.code",
    By.METHOD: f"coalesce({{t}}.method, '{NONE}')",
    By.ITEM: f"{_KIND} || {{t}}.document || ':' || {{i}}.line",
}


def key_columns(by: Sequence[By], *, code: str, day: str, item: str = "i", txn: str = "t") -> str:
    """The keys as columns `k0, k1, ...` behind others; `code` and `day` are SQL for the ledger code and the day."""
    return "".join(
        f", {_KEYS[name].format(code=code, day=day, i=item, t=txn)} AS k{place}" for place, name in enumerate(by)
    )


def key_names(by: Sequence[By]) -> str:
    """The names of these columns, behind others."""
    return "".join(f", k{place}" for place in range(len(by)))


def key_order(by: Sequence[By], *, before_code: str = "") -> str:
    """How lines follow each other: by text; of items the shorter names first, so that INV-9 precedes INV-10.

    `before_code` comes before the ledger code, or last where there is none.
    """
    terms = []
    for place, name in enumerate(by):
        if name is By.LEDGER_CODE and before_code:
            terms.append(before_code)
        terms += [f"length(k{place})", f"k{place}"] if name is By.ITEM else [f"k{place}"]
    if before_code and By.LEDGER_CODE not in by:
        terms.append(before_code)
    return "".join(f", {term}" for term in terms)


def account_join(by: Sequence[By]) -> str:
    """The account, where it is asked for."""
    return "CROSS JOIN account a ON a.id = p.account_id" if By.ACCOUNT in by else ""


def without_codes(codes: Sequence[str]) -> dict[str, str]:
    """The parameters of `--except`, by name."""
    return {f"without_{place}": code for place, code in enumerate(codes)}
