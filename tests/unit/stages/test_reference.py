"""Stage `reference`: an item names a document or an order of the other side."""

import pytest

from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.stages.reference import reference
from tests.unit.stages.telling import CAREFUL, items, made


def found(text: str, *, document: str = "INV-14", amount: str = "30.00") -> bool:
    told = items(f"""
        invoice {document} 2026-01-05 50.00
        payment P-1 2026-02-01 {amount} text="{text}"
    """)
    return made(told, Stage.REFERENCE, CAREFUL) == [f"P-1→{document} {amount}"]


@pytest.mark.parametrize(
    "text", ["INV-14", "fees INV-14, thanks", "inv 14", "Inv14.", "(INV-14)", "INV-14/INV-15", "pays INV-14:1"]
)
def test_a_name_that_stands_whole(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    ["INV-145", "INV-1", "1INV-14", "INV-14-2", "INV-14.50", "XINV-14", "A-INV-14", "INV-14b", "INV - - 14", "14", ""],
)
def test_a_part_of_another_name(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(("document", "text"), [("12", "cheque 12"), ("2026", "fees 2026"), ("20260105", "20260105")])
def test_a_number_that_may_be_anything_needs_proof(document: str, text: str) -> None:
    assert not found(text, document=document)
    assert found(text, document=document, amount="50.00")
    assert found(f"invoice no {document}", document=document)


def test_accents_and_case_play_no_part() -> None:
    assert found("reglement été-2031 b", document="ÉTÉ-2031")


def test_several_are_paid_in_turn_and_the_rest_stays() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00
        invoice INV-15 2026-01-06 50.00
        invoice INV-16 2026-01-07 50.00
        payment P-1    2026-02-01 70.00 text="INV-16 and INV-14"
    """)
    assert made(told, Stage.REFERENCE) == ["P-1→INV-16 50.00", "P-1→INV-14 20.00"]


def test_all_that_is_named_is_the_reason() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00
        invoice INV-16 2026-01-07 50.00
        payment P-1    2026-02-01 70.00 text="INV-16 and INV-14"
    """)
    (proposal,) = reference(told, CAREFUL).proposals
    assert proposal.reason == {"names": "INV-16, INV-14"}


def test_the_same_order_is_a_name_however_short() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00 order=7
        payment P-1    2026-02-01 20.00 order=7
        payment P-2    2026-02-01 20.00 text=7
    """)
    assert made(told, Stage.REFERENCE) == ["P-1→INV-14 20.00"]


def test_an_order_stands_for_its_invoices() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00 order=WEB-7731
        invoice INV-15 2026-01-06 20.00 order=WEB-7731
        payment P-1    2026-02-01 70.00 text="order WEB-7731"
    """)
    assert made(told, Stage.REFERENCE) == ["P-1→INV-14 50.00", "P-1→INV-15 20.00"]


def test_exact_amounts_come_first() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00
        payment P-1    2026-02-01 30.00 text="INV-14"
        payment P-2    2026-02-02 50.00 text="INV-14"
    """)
    assert made(told, Stage.REFERENCE) == ["P-2→INV-14 50.00"]


def test_two_that_name_the_same_are_left_open_when_careful() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00
        payment P-1    2026-02-01 50.00 text="INV-14"
        payment P-2    2026-02-02 50.00 text="INV-14"
    """)
    assert made(told, Stage.REFERENCE) == ["P-1→INV-14 50.00"]
    assert made(told, Stage.REFERENCE, CAREFUL) == ["? P-1:1: INV-14", "? P-2:1: INV-14"]


def test_instalments_that_name_their_invoice() -> None:
    told = items("""
        invoice INV-14 2026-01-05 50.00
        payment P-1    2026-02-01 20.00 text="INV-14"
        payment P-2    2026-03-01 20.00 text="INV-14"
    """)
    assert made(told, Stage.REFERENCE, CAREFUL) == ["P-1→INV-14 20.00", "P-2→INV-14 20.00"]


def test_a_refund_names_what_it_gives_back() -> None:
    told = items("""
        credit_note CN-140 2026-01-05 50.00
        refund      RF-1   2026-02-01 50.00 text="for CN-140"
    """)
    assert made(told, Stage.REFERENCE) == ["CN-140→RF-1 50.00"]


def test_an_invoice_names_nothing() -> None:
    told = items("""
        payment P-2024 2026-01-05 50.00
        invoice INV-1  2026-02-01 50.00 text="P-2024 was declined"
    """)
    assert made(told, Stage.REFERENCE) == []
