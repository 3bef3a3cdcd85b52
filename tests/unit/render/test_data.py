"""CSV and JSON: the shapes of the design, section 5."""

import csv
import io
import json
from collections.abc import Iterator

import pytest

from reconcile_cli.domain.keeping import Information
from reconcile_cli.errors import BadInput
from reconcile_cli.render import (
    accounts,
    allocations,
    books,
    history,
    items,
    loading,
    transactions,
    unreconciled,
)
from reconcile_cli.render.card import CardView, write_card
from reconcile_cli.render.columns import Listing
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.look import Format, Target
from tests.unit.render import samples
from tests.unit.render.samples import shown, target

LISTINGS: list[Listing] = [  # type: ignore[type-arg]
    accounts.ACCOUNTS,
    allocations.ALLOCATIONS,
    books.FINDINGS,
    history.OPERATIONS,
    items.ITEM_DATA,
    items.MATCH_DATA,
    transactions.TRANSACTIONS,
    transactions.PAYMENTS,
    unreconciled.UNRECONCILED,
]


@pytest.mark.parametrize("listing", LISTINGS)
def test_every_key_has_one_column_and_every_column_its_key(listing: Listing) -> None:  # type: ignore[type-arg]
    keys = [column.key for column in listing.columns if column.key]
    assert sorted(keys) == sorted(listing.keys.split())


def test_accounts_as_json() -> None:
    lines = [samples.account(), samples.account("A-2", 'a "b"; c', balance_minor=-1)]
    written = shown(lambda to: accounts.write_accounts(to, lines, tuple, Limit()), form=Format.JSON)
    first, second = json.loads(written)
    assert first == {
        "account": "A-1001",
        "name": "Léa Tremblay",
        "currency": "CAD",
        "status": "partial",
        "balance": "50.00",
        "open_debit": "175.00",
        "open_credit": "25.00",
        "covered": "100.00",
        "open_items": 3,
        "overdue": 1,
        "held": False,
    }
    assert (second["name"], second["balance"]) == ('a "b"; c', "-0.01")
    assert "Léa" in written


def test_accounts_as_csv_have_no_totals() -> None:
    def never() -> Iterator[object]:
        raise AssertionError

    written = shown(
        lambda to: accounts.write_accounts(to, [samples.account()], never, Limit()),  # type: ignore[arg-type]
        form=Format.CSV,
    )
    header, row = csv.reader(io.StringIO(written))
    assert header == accounts.ACCOUNTS.keys.split()
    assert row[-1] == "false"
    assert written.count("\n") == 2
    assert "\r" not in written


def test_nothing_is_an_empty_array_and_a_header() -> None:
    assert shown(lambda to: unreconciled.write_unreconciled(to, [], Limit(), ""), form=Format.JSON) == "[]\n"
    assert shown(lambda to: unreconciled.write_unreconciled(to, [], Limit(), "All is done.")) == "All is done.\n"
    assert shown(lambda to: unreconciled.write_unreconciled(to, [], Limit(), ""), form=Format.CSV).count("\n") == 1


def test_unreconciled_as_json() -> None:
    written = shown(
        lambda to: unreconciled.write_unreconciled(to, [samples.open_line()], Limit(), ""), form=Format.JSON
    )
    (line,) = json.loads(written)
    expected = (
        "account",
        "kind",
        "document",
        "line",
        "side",
        "date",
        "due_date",
        "currency",
        "amount",
        "open",
        "status",
    )
    assert set(expected) | {"ledger_code", "days_past_due"} <= set(line)
    assert (line["date"], line["open"], line["side"], line["days_past_due"]) == ("2026-01-05", "25.00", "debit", 41)


def test_an_account_as_json() -> None:
    written = shown(
        lambda to: write_card(to, samples.card(samples.invoice(), samples.payment()), CardView(Limit())),
        form=Format.JSON,
    )
    card = json.loads(written)
    assert card["balances"] == [{"currency": "CAD", "balance": "65.00"}]
    invoice, payment = card["transactions"]
    assert (invoice["amount"], payment["amount"], payment["open_credit"]) == ("150.00", "-85.00", "0.00")
    assert invoice["items"][0]["allocations"][1] == {
        "kind": "payment",
        "document": "PP-12",
        "line": 1,
        "amount": "40.00",
        "operation": 4,
        "stage": "checkout",
        "reason": {"order": "7731"},
        "planned": True,
    }


def test_an_account_as_csv_has_a_row_for_each_item_or_allocation() -> None:
    def rows(*, matches: bool) -> list[dict[str, str]]:
        card = samples.card(samples.invoice(), samples.payment())
        written = shown(lambda to: write_card(to, card, CardView(Limit(), matches=matches)), form=Format.CSV)
        return list(csv.DictReader(io.StringIO(written)))

    assert [(row["document"], row["line"], row["open"]) for row in rows(matches=False)] == [
        ("INV-1001", "1", "0.00"),
        ("INV-1001", "2", "25.00"),
        ("PAY-77", "1", "0.00"),
    ]
    assert [(row["document"], row["with"], row["allocated"]) for row in rows(matches=True)] == [
        ("INV-1001", "payment/PAY-77:1", "60.00"),
        ("INV-1001", "payment/PP-12:1", "40.00"),
        ("INV-1001", "payment/PAY-77:1", "25.00"),
        ("PAY-77", "invoice/INV-1001:1", "60.00"),
        ("PAY-77", "invoice/INV-1001:2", "25.00"),
    ]


def test_a_change_as_json() -> None:
    written = shown(lambda to: allocations.write_allocations(to, samples.match_result(), Limit()), form=Format.JSON)
    result = json.loads(written)
    assert (result["operation"], result["dry_run"]) == (12, False)
    assert result["allocations"][0] == {
        "account": "A-1001",
        "currency": "CAD",
        "credit": "payment/PAY-77:1",
        "debit": "invoice/INV-1001:2",
        "amount": "25.00",
        "stage": "date",
        "reason": None,
    }
    assert result["totals"] == [{"currency": "CAD", "count": 2, "amount": "1259.56"}]


def test_a_load_as_json() -> None:
    result = json.loads(shown(lambda to: loading.write_load(to, samples.load_result()), form=Format.JSON))
    assert result["transactions"] == {"added": 380, "updated": 3, "unchanged": 25, "rejected": 1}
    assert result["allocations"] == {"within_document": 12, "stated": 30, "checkout": 80, "removed": 2}
    assert result["problems"][0] == {
        "file": "sales.csv",
        "line": 14,
        "column": "amount",
        "value": "12,345",
        "expected": "an amount with a point before the decimals",
    }
    assert (result["rows"], result["operation"]) == (1_412, 12)


def test_a_refused_load_names_its_problems_in_every_format() -> None:
    refusal = BadInput(list(samples.load_result().problems) * 25, 30)
    (to, out), (messages, said) = target(form=Format.JSON), target(width=200)
    loading.write_refusal(to, messages, refusal)
    assert (json.loads(out.getvalue())["problem_count"], json.loads(out.getvalue())["operation"]) == (30, None)
    assert said.getvalue() == ""
    (to, out), (messages, said) = target(), target(terminal=False)
    loading.write_refusal(to, messages, refusal)
    assert out.getvalue() == ""
    lines = said.getvalue().splitlines()
    assert lines[0] == 'sales.csv line 14, amount "12,345"; expected: an amount with a point before the decimals'
    assert lines[20:] == ["... and 10 more problems; all of them: -f json"]


def test_information_as_json() -> None:
    information = Information("/x.db", 1_234_567, 1, 2, 3, 4, 5, 6, "ab", 20260131)
    written = json.loads(shown(lambda to: books.write_information(to, information), form=Format.JSON))
    assert (written["size_bytes"], written["locked_until"]) == (1_234_567, "2026-01-31")
    assert "1.2 MB" in shown(lambda to: books.write_information(to, information))


def test_csv_is_exact_in_a_pipe_and_harmless_on_a_terminal() -> None:
    lines = [samples.account(name="a\x1b[2J")]

    def written(*, terminal: bool) -> str:
        return shown(lambda to: accounts.write_accounts(to, lines, tuple, Limit()), form=Format.CSV, terminal=terminal)

    assert "a\x1b[2J" in written(terminal=False)
    assert "\x1b" not in written(terminal=True)


class TestLongLists:
    """On a terminal a table stops at 200 rows and says so; pipes get all (design, section 5)."""

    def rows(self, asked: int | None, *, terminal: bool = True, form: Format = Format.TABLE) -> str:
        lines = (samples.open_line(document=f"I-{number}") for number in range(2_500))

        def put(to: Target) -> None:
            unreconciled.write_unreconciled(to, lines, Limit(asked), "")

        return shown(put, terminal=terminal, form=form)

    def test_a_terminal_stops(self) -> None:
        written = self.rows(None)
        assert written.count("I-") == 200
        assert "The first 200 rows; there are more." in written
        assert "Total" not in written

    def test_all_on_request(self) -> None:
        written = self.rows(0)
        assert written.count("I-") == 2_500
        assert "62,500.00" in written

    def test_a_pipe_gets_all(self) -> None:
        assert self.rows(None, terminal=False).count("I-") == 2_500
        assert self.rows(None, form=Format.CSV).count("I-") == 2_500
        assert len(json.loads(self.rows(None, form=Format.JSON))) == 2_500

    def test_a_limit_counts_everywhere(self) -> None:
        assert len(json.loads(self.rows(7, form=Format.JSON))) == 7
        assert self.rows(7, terminal=False).count("I-") == 7

    def test_csv_and_json_hold_one_row_at_a_time(self) -> None:
        to, stream = target(form=Format.CSV)
        written: list[int] = []

        def lines() -> Iterator[object]:
            for number in range(3):
                written.append(stream.getvalue().count("\n"))
                yield samples.open_line(document=f"I-{number}")

        unreconciled.write_unreconciled(to, lines(), Limit(), "")  # type: ignore[arg-type]
        assert written == [1, 2, 3]
