"""`match --write-off` and `auto --tolerance --write-off` on the command line."""

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import ok, reconcile

pytestmark = pytest.mark.usefixtures("club")

TIED = [
    ["auto", "--all", "--tolerance", "0.05"],
    ["auto", "--all", "--write-off", "6590"],
    ["auto", "--all", "--write-off", "6590", "--tolerance", "1,000"],
    ["auto", "--all", "--write-off", "6590", "--tolerance", "0"],
    ["auto", "--all", "--write-off", "6590", "--tolerance", "-1"],
    ["auto", "--all", "--write-off", " ", "--tolerance", "1"],
    ["auto", "--all", "--write-off", "6590", "--tolerance", "1", "--dry-run", "--save", "plan.csv"],
    ["match", "P-1", "I-1", "--write-off", ""],
    ["match", "P-1", "I-1", "--write-off", "65\t90"],
    ["match", "P-1", "I-1", "--write-off", "65\x1b90"],
    ["match", "P-1", "I-1", "--write-off", "65\udc8090"],
]


@pytest.mark.parametrize("argv", TIED)
def test_what_is_no_ledger_code_and_no_tolerance_is_wrong_usage(argv: list[str]) -> None:
    answer = reconcile(*argv)
    assert (answer.code, answer.out) == (Exit.USAGE, "")
    assert ok(reconcile("history", "-f", "json")).json[0]["operation"] == 1


def test_the_json_names_what_was_written_off() -> None:
    made = ok(reconcile("match", "P-1", "I-1:1", "--write-off", "Écarts", "-f", "json")).json
    assert made["written_off"] == [
        {
            "document": "adjustment/WO-2-1",
            "item": "payment/P-1:1",
            "account": "A-1",
            "currency": "CAD",
            "amount": "10.00",
        }
    ]
    assert made["allocations"][-1] | {"account": ""} == {
        "account": "",
        "currency": "CAD",
        "credit": "payment/P-1:1",
        "debit": "adjustment/WO-2-1:1",
        "amount": "10.00",
        "stage": "write_off",
        "reason": {"ledger_code": "Écarts"},
    }
    (shown,) = ok(reconcile("show", "WO-2-1", "-f", "json")).json["transactions"]
    assert (shown["kind"], shown["amount"], shown["items"][0]["ledger_code"]) == ("adjustment", "10.00", "Écarts")


def test_a_dry_run_names_no_document_and_makes_none() -> None:
    words = ["auto", "A-1", "--tolerance", "10", "--write-off", "6590", "-f", "json"]
    told = ok(reconcile(*words, "--dry-run"))
    assert [(one["document"], one["item"], one["amount"]) for one in told.json["written_off"]] == [
        (None, "invoice/I-1:2", "10.00")
    ]
    assert "Would write off 10.00 CAD under 6590 in 1 adjustment." in told.err
    assert ok(reconcile(*words)).json["written_off"][0]["document"] == "adjustment/WO-2-1"


def test_what_was_done_is_said_and_kept() -> None:
    ok(reconcile("unmatch", "I-2"))
    assert "Nothing was left to write off." in ok(reconcile("match", "P-2", "I-2", "--write-off", "6590")).err
    assert "Wrote off 30.00 CAD under 6590" in ok(reconcile("match", "P-1", "I-1", "--write-off", "6590")).err
    said = ok(reconcile("history", "show", "4", "-f", "json")).json
    assert said["arguments"] == {"names": ["P-1", "I-1"], "write_off": "6590"}


def test_an_adjustment_that_closes_nothing_any_more_is_told() -> None:
    ok(reconcile("match", "P-1", "I-1:1", "--write-off", "6590"))
    answer = ok(reconcile("unmatch", "P-1", "--yes"))
    assert "adjustment/WO-2-1:1 wrote a difference off and is open now" in answer.err
    assert "reconcile why adjustment/WO-2-1:1" in answer.err
