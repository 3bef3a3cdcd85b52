"""`why`: its JSON is a contract; what it says stays within the window and the alphabet."""

import pytest

from tests.cli.driving import ok, on_terminal, reconcile

pytestmark = pytest.mark.usefixtures("club")

KEYS = (
    "account name item side date due_date state currency amount open status held history causes other_side suggestion "
    "commands"
)


def test_the_json_of_an_open_item() -> None:
    first, second = ok(reconcile("why", "I-1", "-f", "json")).json
    assert " ".join(first) == KEYS
    assert (first["item"], first["open"], first["status"]) == ("invoice/I-1:1", "60.00", "unreconciled")
    assert [event["event"] for event in first["history"]] == ["added"]
    assert [cause["cause"] for cause in first["causes"]] == ["no_order"]
    assert [(one["item"], one["open"], one["stops"]) for one in first["other_side"]] == [
        ("payment/P-1:1", "70.00", []),
        ("payment/P-1b:1", "20.00", []),
    ]
    assert first["suggestion"] is None
    assert first["commands"] == [
        "reconcile match invoice/I-1:1 payment/P-1:1",
        "reconcile auto A-1 --dry-run",
    ]
    assert second["item"] == "invoice/I-1:2"


def test_the_json_of_a_reconciled_item_says_with_what_and_by_which_operation() -> None:
    (one,) = ok(reconcile("why", "P-2", "-f", "json")).json
    assert (one["open"], one["status"], one["causes"], one["other_side"]) == ("0.00", "reconciled", [], [])
    made = one["history"][-1]
    assert (made["event"], made["operation"], made["with"], made["amount"]) == (
        "reconciled",
        1,
        "invoice/I-2:1",
        "50.00",
    )
    assert (made["stage"], made["reason"]) == ("checkout", {"order": "O-1"})


def test_its_commands_do_what_they_say() -> None:
    (one,) = ok(reconcile("why", "I-1:1", "-f", "json")).json
    ok(reconcile(*one["commands"][0].split()[1:]))
    (after,) = ok(reconcile("why", "I-1:1", "-f", "json")).json
    assert (after["open"], after["status"]) == ("0.00", "reconciled")


def test_names_with_blanks_are_quoted() -> None:
    rows = "account,kind,document,date,amount\nA 9,invoice,I 9,2024-01-05,10\nA 9,payment,P'9,2024-01-06,10\n"
    ok(reconcile("load", "-", stdin=rows))
    (one,) = ok(reconcile("why", "I 9", "-f", "json")).json
    assert one["commands"] == [
        """reconcile match 'invoice/I 9:1' 'payment/P'"'"'9:1'""",
        "reconcile auto 'A 9' --dry-run",
    ]


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("more", [[], ["--ascii"]])
def test_it_fits_the_window(monkeypatch: pytest.MonkeyPatch, width: int, more: list[str]) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for name in ("I-1", "I-3", "PP-2", "DEP-1"):
        out = ok(on_terminal("why", name, *more)).out
        assert all(len(line) <= width for line in out.splitlines() if "reconcile " not in line), out
        assert out.isascii() or not more


def test_an_amount_is_refused_and_an_unknown_name_too() -> None:
    assert reconcile("why", "I-1=5").code == 1
    assert "I-99" in reconcile("why", "I-99").err


def test_the_json_of_a_load_says_how_what_it_frees_stands_and_what_a_cancellation_found_paid() -> None:
    rows = "account,kind,document,date,state,amount,order\n"
    rows += "B-1,cancellation,CN-1,2024-02-06,,50.00,O-1\nC-1,payment,P-3,2024-01-07,void,30.00,O-2\n"
    loaded = ok(reconcile("load", "-", "--update-reconciled", "-f", "json", stdin=rows)).json
    (paid,) = loaded["paid_already"]
    wanted = ("payment/P-2:1", "invoice/I-2:1", "50.00", False, "cancellation/CN-1:1", "50.00")
    keys = ("credit", "debit", "amount", "planned", "cancellation", "cancellation_open")
    assert tuple(paid[key] for key in keys) == wanted
    (freed,) = loaded["freed"]
    keys = ("credit", "debit", "amount", "because", "credit_open", "debit_open")
    gone = ("payment/P-3:1", "invoice/I-3:1", "30.00", "payment/P-3 is void now", None, "30.00")
    assert tuple(freed[key] for key in keys) == gone
