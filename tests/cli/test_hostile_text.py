"""Text from data reaches a terminal neither as markup nor as control characters, whatever a file holds.

C0 and C1 characters are refused at load; what remains are bidirectional and invisible characters, Rich's markup,
wide and combining characters, emoji, and very long texts.
"""

import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import Answer, ok, on_terminal, reconcile

NASTY: Final = {
    "markup": "[red]x[/red]",
    "unopened": "x[/b]",
    "link": "[link=file:///etc/passwd]x[/link]",
    "codes": ":smile: {0} {name} {x!r} %s %(x)d [bold",
    "backslash": "x\\[b]\\",
    "bidi": "\u202egpj.exe\u202c\u2066x\u2069\u2067y\u200e\u200f\u061c",
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\U000e0041\U000e0042\u3164\u115f\uffa0",
    "separators": "a\u2028b\u2029c",
    "wide": "東京都水泳連盟",
    "emoji": "\u0301\ue000\uf8ff\ufffe\uffff👩‍👩‍👧‍👦 ⚠️ 🏊🏽",
    "combining": "Z" + "\u0301\u0302\u0330" * 20,
    "long": "x" * 2_000,
    "long words": "mot " * 500,
    "option": "--db",
    "quotes": "\"'`$(touch pwned)`&|<>\\",
    "semicolon": "x;y",
    "marks of ours": "⟦✓⟧ reconciled",
}
HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
COLUMNS: Final = (
    "account,account_name,kind,document,date,due_date,state,description,ledger_code,amount,order,register,method,"
    "applies_to,match_code"
)


def _rows(text: str, amount: str = "10.00") -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS.split(","))
    for kind, document, date, order, applies_to, match_code in (
        ("invoice", text, "2024-01-05", text, "", ""),
        ("payment", text, "2024-01-05", text, "", ""),
        ("invoice", f"{text}2", "2024-01-06", "", "", text),
        ("payment", f"{text}2", "2024-01-07", "", f"{text}9", ""),
        ("credit_note", text, "2024-01-07", "", "", text),
    ):
        value = amount if kind != "credit_note" else "3.00"
        given = (text, text, kind, document, date, "", "", text, text, value, order, text, text, applies_to, match_code)
        rows.writerow(given)
    return out.getvalue()


def _screens(text: str, folder: Path) -> list[tuple[str, Answer]]:
    """Run every command over books in which every text is this one, on a terminal and on pipes."""
    changed, bad = folder / f"{len(text)}-changed.csv", folder / "[red]bad[bold\u202e.csv"
    changed.write_text(_rows(text, "9.00"), encoding="utf-8")
    bad.write_text(_rows(text, text[:3_000]), encoding="utf-8")
    first, second = f"invoice/{text}2", f"payment/{text}2"
    answers = []
    for argv in (
        ["accounts"],
        ["show", "--", text],
        ["show", "--matches", "--", text],
        ["show", "--matches", "--", f"invoice/{text}"],
        ["find", "--", text],
        ["unreconciled"],
        ["payments"],
        ["auto", "--all", "--dry-run"],
        ["match", "--note", text, "--", first, second],
        ["hold", "--", first],
        ["unreconciled", "--held"],
        ["unmatch", "--", second],
        ["history"],
        ["load", str(changed)],
        ["load", str(changed), "--update-reconciled", "--dry-run"],
        ["load", str(bad)],
        ["load", str(folder / f"{text[:50]}.csv".replace("/", "|"))],
        ["show", "--", f"{text}no such thing"],
    ):
        where = " ".join(argv)[:60]
        answers.append((f"{where} on a terminal", on_terminal(*argv)))
        if argv[0] in ("accounts", "find", "load"):
            answers.append((f"{where} on pipes", reconcile(*argv)))
    return answers


@pytest.mark.parametrize("what", NASTY)
def test_no_text_steers_the_terminal(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    text = NASTY[what]
    loaded = reconcile("load", "-", stdin=_rows(text))
    if loaded.code != Exit.DONE:  # refused at load, harmlessly
        assert not HARMFUL.search(loaded.err)
        return
    for where, answer in _screens(text, tmp_path):
        assert not (found := HARMFUL.search(answer.out + answer.err)), (where, found)
        assert "defect" not in answer.out + answer.err, (where, answer)
        assert answer.code in (Exit.DONE, Exit.REFUSED, Exit.FINDINGS), (where, answer)


@pytest.mark.parametrize("what", [what for what in NASTY if NASTY[what].isprintable() and NASTY[what].isascii()])
def test_harmless_text_is_shown_as_it_stands(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    monkeypatch.setenv("COLUMNS", "200")
    text = NASTY[what].strip()
    ok(reconcile("load", "-", stdin=_rows(text)))
    begin = text[:8]
    for argv in (["accounts"], ["show", "--", text], ["unreconciled"], ["find", "--", text]):
        assert begin in on_terminal(*argv).out, argv
        assert begin in reconcile(*argv).out, argv
    assert f"{text}!" in reconcile("show", "--", f"{text}!").err


@pytest.mark.parametrize("what", NASTY)
def test_data_formats_give_back_what_was_loaded(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    if reconcile("load", "-", stdin=_rows(NASTY[what])).code != Exit.DONE:
        return
    text = NASTY[what].strip()
    answer = ok(reconcile("accounts", "-f", "json"))
    assert answer.json[0]["name"] in (text, " ".join(text.split()))
    assert not HARMFUL.search(answer.out)
    name = answer.json[0]["name"]
    assert ok(reconcile("accounts", "-f", "csv")).rows[0]["name"] == name
    on_screen = on_terminal("accounts", "-f", "csv").out
    assert not HARMFUL.search(on_screen)
    assert json.loads(on_terminal("accounts", "-f", "json").out)[0]["name"] == name
    exported = ok(reconcile("export")).out
    second = str(tmp_path / "second.db")
    ok(reconcile("load", "-", "--db", second, stdin=exported))
    assert ok(reconcile("export", "--db", second)).out == exported


@pytest.mark.parametrize("code", [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0)])
def test_a_control_character_in_a_cell_is_refused_and_not_repeated(code: int) -> None:
    answer = reconcile("load", "-", "--dry-run", stdin=_rows(f"x{chr(code)}[31my").encode())
    if code == 0x85 and answer.code == Exit.DONE:  # a line end to some
        return
    assert answer.code == Exit.REFUSED
    assert not HARMFUL.search(answer.out + answer.err)
    assert "Traceback" not in answer.err


def test_columns_stand_under_each_other_whatever_the_width_of_a_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    for text in ("wide", "combining", "markup", "long"):
        rows = _rows(NASTY[text]).splitlines()
        only = "\n".join([rows[0], rows[3].replace(f"{NASTY[text]},{NASTY[text]}", f"{text},{NASTY[text]}", 1)])
        reconcile("load", "-", stdin=only + "\n")
    lines = [line for line in ok(reconcile("accounts")).out.splitlines() if " CAD " in line]
    assert len({_cells(line.partition(" CAD ")[0]) for line in lines}) == 1


def _cells(text: str) -> int:
    """The cells that a text takes on a terminal, by Unicode alone."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def test_a_command_line_is_data_too() -> None:
    for word in ("\x1b[31mx", "\u202ex", "[/b]", "[red]x", "\x9b31m", "a\nb", "\r", "\x07"):
        for argv in (["show", word], [word], ["accounts", "--" + word], ["--db", word, "accounts"], ["load", word]):
            answer = reconcile(*argv, "--db", "/dev/null") if "--db" not in argv else reconcile(*argv)
            assert answer.code in (Exit.REFUSED, Exit.USAGE, Exit.UNUSABLE)
            assert not HARMFUL.search(answer.err), (argv, answer.err)
