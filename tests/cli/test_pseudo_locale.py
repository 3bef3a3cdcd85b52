"""With RECONCILE_LANG=xx every sentence is marked ⟦…⟧: letters outside of the marks escaped translation.

The data of these books has no letters. What else stands outside is no language: names of commands, options,
currencies, what is typed.
"""

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import reconcile_cli
from reconcile_cli import text
from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.commands import report
from reconcile_cli.domain.reporting import By
from reconcile_cli.errors import Problem, ReconcileError
from reconcile_cli.intake.columns import FIELDS
from tests.cli.driving import Answer, many

HEADER: Final = (
    "account,account_name,kind,document,line,date,due_date,state,description,ledger_code,amount,currency,order,"
    "register,applies_to,match_code,method\n"
)
BOOKS: Final = (
    HEADER
    + """\
1,11,invoice,101,1,2024-01-05,2024-02-04,,1,4020,60.00,CAD,,7,,,
1,11,invoice,101,2,2024-01-05,2024-02-04,,2,4050,40.00,CAD,,7,,,
1,11,invoice,101,3,2024-01-05,2024-02-04,,3,4050,-5.00,CAD,,7,,,
1,11,payment,201,1,2024-01-20,,,,,70.00,CAD,,7,,,5
1,11,payment,202,1,2024-01-21,,,,,20.00,CAD,,7,999,,
2,22,invoice,102,1,2024-01-06,,,4,4040,50.00,CAD,31,7,,,
2,22,payment,203,1,2024-01-06,,,,,50.00,CAD,31,7,,,
3,33,invoice,103,1,2024-01-07,,,5,4030,80.00,CAD,32,8,,,
3,33,payment,204,1,2024-01-07,,,,,30.00,CAD,32,8,,,
3,33,payment,205,1,2024-01-07,2999-01-01,planned,,,50.00,CAD,32,8,,,
4,44,invoice,104,1,2024-01-08,,,6,4010,90.00,CAD,33,8,,,
4,44,payment,206,1,2024-01-08,2024-03-01,planned,,,90.00,CAD,33,8,,,
5,55,invoice,105,1,2024-01-09,,,7,4010,1500,JPY,34,7,,,
5,55,payment,207,1,2024-01-09,,,,,500,JPY,34,7,,,
6,66,invoice,106,1,2024-01-10,,void,8,4010,15.00,CAD,,7,,,
6,66,payment,208,1,2024-01-10,,declined,,,15.00,CAD,,7,,,
7,77,deposit,301,1,2024-01-11,,,,,25.00,CAD,,7,,,
7,77,refund,401,1,2024-01-12,,,,,5.00,CAD,,7,deposit/301,,
7,77,credit_note,501,1,2024-01-12,,,,,5.00,CAD,,7,,,
7,77,cancellation,601,1,2024-01-12,,,,,6.00,CAD,,7,,,
7,77,adjustment,701,1,2024-01-12,,,,,7.00,CAD,,7,,,
8,88,invoice,108,1,2024-01-12,,,,,7.00,CAD,,7,,9,
8,88,payment,208,1,2024-01-12,,,,,6.00,CAD,,7,,9,
"""
).replace("payment,208,1,2024-01-12", "payment,209,1,2024-01-12")
CHANGED: Final = HEADER + "2,22,invoice,102,1,2024-01-06,2024-01-09,,4,4040,45.00,CAD,31,7,,,\n"
PLANNED: Final = HEADER + "3,33,payment,205,1,2024-01-07,2999-01-01,planned,,,40.00,CAD,32,8,,,\n"
LONG: Final = HEADER + "".join(f"9,99,invoice,9{n:03},1,2024-01-06,,,,,1,CAD,,,,,\n" for n in range(230))
WRONG: Final = (
    HEADER
    + """\
1,,invoice,1,1,2024-01-06,,,,,x,CAD,,,,,
1,,9,2,1,2024-01-06,,,,,1,CAD,,,,,
1,,receipt,2,1,2024-01-06,,,,,1,CAD,,,,,
1,,invoice,3,1,2024-13-06,,,,,1,CAD,,,,,
1,,invoice,4,1,45000,,,,,1,CAD,,,,,
1,,invoice,5,1,2024-01-06,,,,,1.005,CAD,,,,,
1,,invoice,6,1,2024-01-06,,,,,1,QQQ,,,,,
1,,invoice,7,1,2024-01-06,,planned,,,1,CAD,,,,,
1,,invoice,8,x,2024-01-06,,,,,1,CAD,,,,,
,,invoice,9,1,2024-01-06,,,,,1,CAD,,,,,
1,,invoice,,1,2024-01-06,,,,,1,CAD,,,,,
1,,payment,10,1,2024-01-06,,9,,,1,CAD,,,,,
1,,invoice,11,1,2024-01-06,,,,,99999999999999999999,CAD,,,,,
1,,invoice,12,1,2024-01-06,,,,,1_0,CAD,,,,,
1,,invoice,13,1,2024-01-06,,,,,1
1,,invoice,14,1,2024-01-06,,,,,1,CAD,,,/::=,,
2,,invoice,15,1,2024-01-06,,,,,1,CAD,,,,,
3,,invoice,15,2,2024-01-06,,,,,1,CAD,,,,,
1,,invoice,16,1,2024-01-06,,,,,1,CAD,,,,,
1,,invoice,16,1,2024-01-06,,,,,2,CAD,,,,,
1,,invoice,17,1,2024-01-06,2024-02-31,,,,2,CAD,,,,,
1,,payment,18,1,2024-01-06,,planned,,,-2,CAD,,,,,
"""
)

STORY: Final = (
    *((["load", *options], BOOKS) for options in (["-", "--dry-run"], ["-"], ["-"])),
    *(
        (argv, "")
        for argv in (
            ["accounts"],
            ["accounts", "9999"],
            ["unreconciled"],
            ["unreconciled", "2"],
            ["unreconciled", "--held"],
            ["unreconciled", "--include-planned"],
            ["payments"],
            ["payments", "--overdue"],
            ["payments", "--state", "void"],
            ["report", "sales", "--by", "register,ledger_code"],
            ["report", "sales", "--except", "999"],
            ["report", "sales", "--to", "1999-01-01"],
            ["report", "payments", "--by", "month,register"],
            ["report", "payments", "--to", "1999-01-01"],
            ["report", "ledger"],
            ["report", "ledger", "--as-of", "1999-01-01"],
            ["report"],
            ["report", "9"],
            ["report", "sales", "--by", "9"],
            ["report", "sales", "--by", "9,9"],
            ["report", "sales", "--by", "month,month"],
            ["report", "payments", "--from", "2024-01-02", "--to", "2024-01-01"],
            ["find", "10"],
            ["find", "987654"],
            ["history"],
            ["info"],
            ["check"],
            ["check", "--quick"],
            *(["show", code, *more] for code in "12345678" for more in ([], ["--matches"], ["--open"], ["--all"])),
            ["show", "6", "--all", "--matches"],
            ["show", "1", "--from", "2024-01-20"],
            ["show", "1", "--to", "2020-01-20"],
            *(
                ["show", name, *more]
                for name in ("101", "103", "205", "206", "106", "301")
                for more in ([], ["--matches"])
            ),
            ["match", "101", "201=12.50", "--note", "7"],
            ["match", "301", "701"],
            ["auto", "--all", "--dry-run"],
            ["hold", "202", "202"],
            ["accounts"],
            ["unreconciled"],
            ["show", "1"],
            ["show", "1", "--matches"],
            ["auto", "--all"],
            ["auto", "--all"],
            ["auto", "--all", "--dry-run"],
            ["release", "202", "201"],
            ["match", "101", "202"],
            ["undo"],
            ["undo", "--yes"],
            ["undo", "--yes"],
            ["undo", "2", "--yes"],
            ["undo", "1", "--yes"],
            ["unmatch", "103"],
            ["unmatch", "--account", "3", "--yes"],
            ["unmatch", "101", "--yes"],
            ["unmatch", "101", "--yes"],
            ["history"],
        )
    ),
    (["load", "-"], CHANGED),
    (["load", "-", "--update-reconciled"], CHANGED),
    (["load", "-"], PLANNED),
    (["load", "-"], WRONG),
    (["load", "-", "--rejects", "{folder}/1.csv", "--dry-run"], WRONG),
    (["load", "-"], "1,2\n3,4\n"),
    (["load", "-"], HEADER),
    (["load", "-"], HEADER + '1,"2\n'),
    (["load", "-"], "account,kind,document,date,amount\n1,payment,1,2024-01-01,-5\n"),
    (["load", "-"], "account,kind,document,date,amount\n1,payment,1,05/01/2024,5\n"),
    (["load", "-"], 'account,kind,document,date,amount\n1,payment,1,2024-01-01,"12,345"\n'),
    (["load", "-"], "account,kind,document,date,amount,9\n1,payment,88,2024-01-01,5,5\n"),
    (["load", "-"], "account,client,kind,document,date,amount\n1,1,payment,1,2024-01-01,5\n"),
    (["load", "-"], "account,kind,document,date,amount,debit,credit\n1,payment,1,2024-01-01,5,1,1\n"),
    (["load", "-"], LONG),
    *(
        (argv, "")
        for argv in (
            ["accounts"],
            ["unreconciled"],
            ["find", "9"],
            ["show", "9"],
            ["show", "9", "--matches"],
            ["undo"],
            ["load", "{folder}/0.csv"],
            ["load", "{folder}"],
            ["load", "-"],
            ["load", "-", "--encoding", "9"],
            ["load", "-", "--decimal", "9"],
            ["load", "-", "--date-order", "9"],
            ["load", "-", "--delimiter", "99"],
            ["load", "-", "--map", "9"],
            ["load", "-", "--map", "9=9"],
            ["load", "-", "--currency", "9"],
            ["show", "999999"],
            ["show", "1010"],
            ["match", "101", "999999"],
            ["match", "101", "201=999"],
            ["match", "101", "201=9.9.9"],
            ["match", "101", "203"],
            ["match", "101", "102"],
            ["match", "101", "106"],
            ["match", "101"],
            ["unmatch", "201"],
            ["unmatch"],
            ["undo", "99", "--yes"],
            ["undo", "9x"],
            ["auto"],
            ["auto", "999999"],
            ["show"],
            ["9"],
            ["show", "1", "2"],
            ["show", "1", "--from", "9"],
            ["show", "1", "--limit", "-9"],
            ["show", "1", "--9"],
            ["show", "1", "--from"],
            ["show", "1", "--all=9"],
            ["accounts", "--status", "9"],
            ["payments", "--overdue", "--state", "void"],
            ["accounts", "-f", "9"],
            ["accounts", "--color", "9"],
            ["accounts", "--db", "{folder}/0.db"],
            ["accounts", "--db", "{folder}"],
            ["accounts", "--db", "{folder}/foreign.db"],
            ["accounts", "--db", "{folder}/newer.db"],
            ["accounts", "--db", "/dev/null"],
        )
    ),
)
HELP: Final = (
    ([], ""),
    (["--help"], ""),
    *(([name, "--help"], "") for name in COMMANDS),
    *((["report", name, "--help"], "") for name in report.MEMBERS),
)

_NO_LANGUAGE: Final = re.compile(
    r"\b(?:reconcile|CAD|JPY|QQQ|"  # the program, currencies
    r"receipt|planned|invoice|"  # cells of files
    + "|".join((*COMMANDS, *report.MEMBERS, *FIELDS, *By, "utf-8"))  # and fields, as --map and --by name them
    + r"|\w+/\d+(?::\d+)?"  # names as they are typed: invoice/101:1
    + r"|root|nobody|unknown|[0-9a-f]{64})\b"  # author and hash
    + r"|(?<![\w-])--?[a-z][a-z-]*"  # options
    + r"|<[a-z|-]+>|\bplain\b"  # their choices
)


def _outside(answer: Answer, folder: Path) -> list[str]:
    """Return the words outside of the marks."""
    said = re.sub(r"⟦[^⟦⟧\n]*\.\.\.$", "", answer.out + answer.err, flags=re.MULTILINE)  # cut in the list of commands
    depth, kept = 0, []
    for character in said.replace(str(folder), ""):
        depth += (character == "⟦") - (character == "⟧")
        assert depth >= 0, answer
        kept.append(character if depth == 0 and character != "⟧" else "" if depth else " ")
    assert depth == 0, answer
    return re.findall(r"[^\W\d_]{2,}", _NO_LANGUAGE.sub(" ", "".join(kept)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import sqlite3

    made = tmp_path_factory.mktemp("0")
    (made / "foreign.db").write_bytes(b"0" * 5000)
    with sqlite3.connect(made / "newer.db") as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE t (a)")
    database.close()
    return made


@pytest.mark.parametrize("terminal", [False, True])
def test_no_sentence_of_any_command_or_refusal_escapes(folder: Path, *, terminal: bool) -> None:
    lines = [([word.format(folder=folder) for word in argv], given) for argv, given in STORY]
    lines = [(argv, "y\n" if terminal and argv[0] in ("undo", "unmatch") else given) for argv, given in lines]
    env = {
        "RECONCILE_LANG": "xx",
        "COLUMNS": "500",
        "RECONCILE_DB": str(folder / f"{int(terminal)}0"),
        "LOGNAME": "root",
    }
    answers = many(lines, env, terminal=terminal)
    escaped = {
        " ".join(argv).replace(str(folder), ""): words
        for (argv, _given), answer in zip(lines, answers, strict=True)
        if (words := _outside(answer, folder))
    }
    assert escaped == {}
    assert not [answer for answer in answers if "defect" in answer.err]
    assert {0, 1, 2, 5} <= {answer.code for answer in answers}


def test_no_word_of_help_escapes(folder: Path) -> None:
    answers = many(HELP, {"RECONCILE_LANG": "xx", "COLUMNS": "100"})
    escaped = {
        " ".join(argv): words
        for (argv, _given), answer in zip(HELP, answers, strict=True)
        if (words := _outside(answer, folder))
    }
    assert escaped == {}


def _refusals() -> Iterator[type[ReconcileError]]:
    for module in pkgutil.walk_packages(reconcile_cli.__path__, "reconcile_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = ReconcileError.__subclasses__()
    while waiting:
        refusal = waiting.pop()
        waiting += refusal.__subclasses__()
        if refusal.__module__.startswith("reconcile_cli"):
            yield refusal


def _any_value(kind: Any) -> Any:
    """Return a value of a type, without letters."""
    options = typing.get_args(kind)
    origin = typing.get_origin(kind) or kind
    if inspect.isclass(origin) and issubclass(origin, str):
        return "7"
    if inspect.isclass(origin) and issubclass(origin, int):
        return 7
    if inspect.isclass(origin) and issubclass(origin, Path):
        return Path("7")
    if kind is Problem:
        return Problem("7", 7, "7", "7", "7")
    if inspect.isclass(origin) and not issubclass(origin, type(None)):  # a sequence
        return [_any_value(options[0])] * 2
    return _any_value(options[0])  # a union


def test_every_class_of_refusal_has_a_marked_sentence_and_a_code_of_its_own() -> None:
    text.choose("xx")
    codes: dict[str, type[ReconcileError]] = {}
    for refusal in _refusals():
        if "sentence" not in vars(refusal):
            continue
        hints = typing.get_type_hints(refusal.__init__)
        wanted = [name for name in inspect.signature(refusal.__init__).parameters if name in hints]
        sentence = refusal(**{name: _any_value(hints[name]) for name in wanted}).sentence()
        if not any(map(str.isalpha, sentence)):  # it says what it was given: the story above meets those
            continue
        assert _outside(Answer(1, sentence), Path("/nowhere")) == [], refusal
        assert "⟦" in sentence
        assert codes.setdefault(refusal.code, refusal) is refusal
    assert len(codes) > 10
