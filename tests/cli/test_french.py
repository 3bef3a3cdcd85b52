"""In French every sentence is French: nothing untranslated in the catalogue, no English word on any screen."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import reconcile_cli
from reconcile_cli.text import DOMAIN, LOCALES
from tests.cli.driving import Answer, many
from tests.cli.test_pseudo_locale import HELP, STORY, folder

__all__ = ["folder"]

_KEYWORDS: Final = {"_": None, "N_": None, "ngettext": (1, 2)}
_HOLE: Final = re.compile(r"\{\w*\}")
_TYPED: Final = re.compile(r"`[^`]*`|reconcile [a-z].*|(?<![\w-])--?[a-z][a-z-]*|<[a-z|]+>")
_ENGLISH: Final = re.compile(  # words that are no French ones, and that nobody types
    r"(?<![\w-])(?:the|of|is|was|were|are|not|and|with|without|this|that|these|its?|ha[sd]|have|nothing|there|tha?en|"
    r"only|by|from|to|for|in|at|more|one|some|every|any|another|other|which|what|when|where|who|until|since|"
    r"owe[sd]|rows?|header|amounts|changed|removed|added|loaded|locked|books|see|items)(?![\w-])"
)


def catalogue(language: str) -> Catalog:
    """Read the translations of a language from its source."""
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as source:
        return read_po(source, language)


def _said() -> set[object]:
    """Give every message of the program, with its plural where it has one."""
    package = Path(reconcile_cli.__file__).parent
    found = extract_from_dir(package, [("**.py", "python")], keywords=_KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def _forms(message: Message) -> list[tuple[str, str]]:
    """Pair what the program says with what the catalogue says instead."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string or (), strict=True))


def test_every_message_is_translated_and_none_is_doubtful_or_left_over() -> None:
    french = [message for message in catalogue("fr") if message.id]
    assert {message.id for message in french} == _said()
    assert [message.id for message in french if message.fuzzy or not all(said for _id, said in _forms(message))] == []


def test_no_message_stands_inside_an_f_string_where_python_3_11_does_not_find_it() -> None:
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in Path(reconcile_cli.__file__).parent.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _KEYWORDS
        if isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@pytest.mark.parametrize("language", ["fr", "fr_CA"])
def test_translations_have_the_same_holes(language: str) -> None:
    pairs = [pair for message in catalogue(language) if message.id for pair in _forms(message)]
    assert [pair for pair in pairs if sorted(_HOLE.findall(pair[0])) != sorted(_HOLE.findall(pair[1]))] == []


def test_canadian_french_says_otherwise_only_what_french_says() -> None:
    french = {message.id: message.string for message in catalogue("fr")}
    canadian = {message.id: message.string for message in catalogue("fr_CA") if message.id}
    assert canadian.keys() <= french.keys()
    assert [said for said, string in canadian.items() if string == french[said]] == []


def _english(answer: Answer, folder: Path) -> set[str]:
    said = _TYPED.sub(" ", (answer.out + answer.err).replace(str(folder), ""))
    return set(_ENGLISH.findall(said))


def test_no_english_word_on_any_screen(folder: Path) -> None:
    lines = [([word.format(folder=folder) for word in argv], given) for argv, given in STORY]
    lines = [(argv, "o\n" if argv[0] in ("undo", "unmatch") else given) for argv, given in lines]
    env = {"RECONCILE_LANG": "fr", "COLUMNS": "500", "RECONCILE_DB": str(folder / "fr"), "LOGNAME": "root"}
    answers = many(lines, env, terminal=True) + many(HELP, env)
    asked = [" ".join(argv) for argv, _given in [*lines, *HELP]]
    english = {line: words for line, answer in zip(asked, answers, strict=True) if (words := _english(answer, folder))}
    assert english == {}


def test_french_is_spelled_in_ascii_where_nothing_else_can_be_shown(folder: Path) -> None:
    lines = [([*(word.format(folder=folder) for word in argv), "--ascii"], given) for argv, given in STORY]
    env = {"RECONCILE_LANG": "fr_CA", "COLUMNS": "100", "RECONCILE_DB": str(folder / "ascii"), "LOGNAME": "root"}
    answers = many(lines, env, terminal=True)
    assert [answer for answer in answers if not (answer.out + answer.err).isascii()] == []
