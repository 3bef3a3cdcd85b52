"""What a scenario may expect, after `expect`; several are separated by commas. Names are `[KIND/]DOCUMENT[:LINE]`.

Of the books:
    P1→I1 100.00, P1→I2 30.00   all that P1 pays (what a line of expectations tells of a credit must be all of it)
    P1→nothing                  nothing is put against anything of P1
    dated I1 2024-01-05
    open I2 20.00               status I1 ✓ (✓ ☑ ⚠ ◐, none)         state PP1 planned
    held I1 yes                 overdue PP1 yes
    account A ✓                 balance A 12.00     debits A 20.00 (open)    credits A 8.00 (open)    covered A 60.00
                                each with a currency behind it where the account has several
    unreconciled A I1 I2:2      the rows of `unreconciled A`, in order; `nothing` where there is none
    same WORD                   the books show what they showed at `remember WORD`
    operation 2 unmatch +0 -1   the operation of that number, allocations made and removed
    why I1 no_order held        all causes why an item (of a document: its open lines) is open; `nothing`
    next I1 match invoice/I1:1 payment/P2:1     a command that `why` proposes; `next I1 nothing`
    sales ..., payments ..., ledger ..., aging ...   what the reports say (see reporting.py)
Of the last step:
    refused CODE [words]        it was refused with this code, and the sentence holds these words
    problem 3 amount 12.345 [words]    a bad row: line of the file (2:3 is line 3 of the second file), column, value
    problems 2                  left-out I1 I1 P2 (the documents of the rows in the file of rejects)
    loaded added=1 updated=0 unchanged=2 rejected=0 within=1 stated=0 checkout=2 removed=0 (any of them)
    freed P1→I1 100.00          all that the load removed; `freed nothing`
    paid-before P1→I1 60.00     all that was paid before of what the load cancels; `paid-before nothing`
    unmet P1:1 I9 [words]       what the source states and could not be done; `unmet nothing`
    change payment/PP-1 due_date 2024-02-01 2024-03-01     changes 1     (- for what is empty)
    made 2 (`made nothing`: no operation)      proposed P1→I1 100.00 (all that --dry-run shows)
    wrote-off I1 0.02           all that the last step wrote off, or would; `wrote-off nothing`
    because P1→I1 [words]       the sentence that says why, of a link made or proposed
    doubt payment/P1 I1 I2      left open by a stage, and what it may go with; `doubt nothing`
    says [words]                a note of the result        asked yes        already I1 (held or released before)
"""

import re
import shlex
from collections.abc import Callable
from typing import Final, TypeVar

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.keeping import HoldResult
from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.domain.load_results import LoadResult
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.records import AllocationLine
from reconcile_cli.domain.results import MatchResult
from reconcile_cli.domain.whys import Why
from reconcile_cli.errors import BadInput, Problem
from reconcile_cli.render.reasons import worded
from reconcile_cli.store import history
from reconcile_cli.store.books import Books
from reconcile_cli.store.unreconciled import Wanted, unreconciled
from reconcile_cli.workflows.why import why
from tests.scenarios.language import NotUnderstoodError, Session
from tests.scenarios.reporting import expect_aging, expect_ledger, expect_payments, expect_sales
from tests.scenarios.seen import SYMBOLS, Part

_COUNTS: Final = {
    "within": "within_document",
    **{name: name for name in ("rows", "added", "updated", "unchanged", "rejected", "stated", "checkout", "removed")},
}
_FIGURES: Final[dict[str, Callable[[AccountLine], int]]] = {
    "balance": lambda line: line.balance_minor,
    "debits": lambda line: line.open_debit_minor,
    "credits": lambda line: line.open_credit_minor,
    "covered": lambda line: line.covered_minor,
}
T = TypeVar("T")


def expect(session: Session, text: str) -> None:
    """Check what a line expects; raises AssertionError where it is not so."""
    expected = _split(text)
    if not expected or not all(expected):
        raise NotUnderstoodError("an expectation that checks nothing")
    arrows = [words for words in expected if "→" in words[0]]
    for words in expected:
        if words not in arrows:
            check = _CHECKS.get(words[0])
            if check is None:
                raise NotUnderstoodError(f"unknown expectation {words[0]}")
            check(session, words[1:])
    if arrows:
        _all_paid(session, arrows)


def _split(text: str) -> list[list[str]]:
    expected: list[list[str]] = [[]]
    for word in shlex.split(text):
        if word.endswith(","):
            expected[-1].append(word[:-1])
            expected.append([])
        else:
            expected[-1].append(word)
    return expected


def _take(words: list[str], *names: str) -> list[str]:
    if len(words) != len(names):
        raise NotUnderstoodError(f"expected: {' '.join(names)}")
    return words


def _arrow(words: list[str]) -> tuple[str, str, str]:
    credit, _arrow, debit = words[0].partition("→")
    if debit == "nothing":
        _take(words, "CREDIT→nothing")
        return credit, "", ""
    _take(words, "CREDIT→DEBIT", "AMOUNT")
    return credit, debit, words[1]


# the books


def _all_paid(session: Session, arrows: list[list[str]]) -> None:
    told: dict[str, list[str]] = {}
    for credit, debit, amount in map(_arrow, arrows):
        told.setdefault(credit, [])
        if debit:
            told[credit].append(f"{debit} {amount}")
    for credit, expected in told.items():
        mine = session.seen.part(credit)
        others = [line.rpartition(" ")[0] for line in expected]
        theirs = {name: session.seen.part(name) for name in others}
        found: dict[str, int] = {}
        for link in (part for item in mine.items for part in item.allocations if item.side < 0):
            name = next(
                (n for n in others if _is(theirs[n], link.name.kind.code, link.name.document, link.name.line)), ""
            )
            name = name or str(link.name)
            found[name] = found.get(name, 0) + link.amount_minor
        shown = [f"{name} {mine.amount(amount)}" for name, amount in found.items()]
        assert sorted(shown) == sorted(expected), f"{credit} pays {', '.join(shown) or 'nothing'}"


def _is(part: Part, kind: str, document: str, line: int) -> bool:
    return part.is_named(kind, document, line)


def _open(session: Session, words: list[str]) -> None:
    name, amount = _take(words, "NAME", "AMOUNT")
    part = session.seen.part(name)
    sides = {item.side for item in part.items if item.open_minor}
    assert len(sides) < 2, f"{name} is open on both sides; name a line"
    found = part.amount(sum(item.open_minor for item in part.items))
    assert found == amount, f"open on {name}: {found}"


def _status(session: Session, words: list[str]) -> None:
    name, symbol = _take(words, "NAME", "SYMBOL")
    _symbol(SYMBOLS[session.seen.part(name).status], symbol, name)


def _account(session: Session, words: list[str]) -> None:
    code, symbol, *currency = words
    line = session.seen.account(code, _currency(currency))
    _symbol(SYMBOLS[line.status], symbol, code)


def _symbol(found: str, symbol: str, name: str) -> None:
    if symbol not in SYMBOLS.values():
        raise NotUnderstoodError(f"unknown symbol {symbol}")
    assert found == symbol, f"status of {name}: {found}"


def _currency(words: list[str]) -> str | None:
    if len(words) > 1:
        raise NotUnderstoodError("an account, a figure and at most a currency")
    return words[0] if words else None


def _figure(name: str) -> Callable[[Session, list[str]], None]:
    def check(session: Session, words: list[str]) -> None:
        code, amount, *currency = words
        line = session.seen.account(code, _currency(currency))
        found = plain(_FIGURES[name](line), line.currency)
        assert found == amount, f"{name} of {code}: {found}"

    return check


def _state(session: Session, words: list[str]) -> None:
    name, state = _take(words, "NAME", "STATE")
    found = session.seen.part(name).card.state.code
    assert found == state, f"state of {name}: {found}"


def _yes_no(session: Session, words: list[str], found: Callable[[Part], bool]) -> None:
    name, answer = _take(words, "NAME", "yes|no")
    if answer not in ("yes", "no"):
        raise NotUnderstoodError("yes or no")
    assert found(session.seen.part(name)) == (answer == "yes"), name


def _dated(session: Session, words: list[str]) -> None:
    name, date = _take(words, "NAME", "DATE")
    assert iso(session.seen.part(name).card.date) == date, f"{name} is dated {session.seen.part(name).card.date}"


def _held(session: Session, words: list[str]) -> None:
    _yes_no(session, words, lambda part: all(item.held for item in part.items))


def _overdue(session: Session, words: list[str]) -> None:
    _yes_no(session, words, lambda part: part.card.overdue)


def _unreconciled(session: Session, words: list[str]) -> None:
    if len(words) < 2:
        raise NotUnderstoodError("unreconciled ACCOUNT NAME... or nothing")
    with Books.open(session.path) as books:
        rows = list(unreconciled(books, [words[0]], Wanted(), today=session.today))
    shown = [f"{row.kind.code}/{row.document}:{row.line}" for row in rows]
    expected = [] if words[1:] == ["nothing"] else [session.seen.part(name) for name in words[1:]]
    same = len(rows) == len(expected) and all(
        part.is_named(row.kind.code, row.document, row.line) for part, row in zip(expected, rows, strict=True)
    )
    assert same, f"unreconciled: {', '.join(shown) or 'nothing'}"


def _same(session: Session, words: list[str]) -> None:
    (word,) = _take(words, "WORD")
    if word not in session.remembered:
        raise NotUnderstoodError(f"nothing was remembered as {word}")
    assert session.seen.plainly() == session.remembered[word].plainly(), f"the books are not as they were: {word}"


def _operation(session: Session, words: list[str]) -> None:
    number, command, made, removed = _take(words, "NUMBER", "COMMAND", "+MADE", "-REMOVED")
    with Books.open(session.path) as books:
        line = history.one(books, int(number))
    assert line is not None, f"there is no operation {number}"
    found = [line.command, f"+{line.allocations_made}", f"-{line.allocations_removed}"]
    assert found == [command, made, removed], f"operation {number}: {' '.join(found)}"


def _whys(session: Session, name: str) -> list[Why]:
    with Books.open(session.path) as books:
        return why(books, name, today=session.today)


def _why(session: Session, words: list[str]) -> None:
    name, *causes = words
    found = [str(reason.cause) for one in _whys(session, name) for reason in one.reasons]
    assert found == ([] if causes == ["nothing"] else causes), f"why {name}: {' '.join(found) or 'nothing'}"


def _next(session: Session, words: list[str]) -> None:
    name, *command = words
    found = [" ".join(command) for one in _whys(session, name) for command in one.commands]
    if command == ["nothing"]:
        assert not found, f"next {name}: {found}"
    else:
        assert " ".join(command) in found, f"next {name}: {found}"


# the last step


def _last(session: Session, kind: type[T]) -> T:
    result = session.last.result
    assert isinstance(result, kind), f"the last step gave {type(result).__name__}, not {kind.__name__}"
    return result


def _contains(words: list[str], sentence: str) -> None:
    for word in words:
        assert word.lower() in sentence.lower(), f"it said: {sentence}"


def _refused(session: Session, words: list[str]) -> None:
    code, *sentence = words
    refusal = session.last.refusal
    assert refusal is not None, "the step was not refused"
    assert refusal.code == code, f"refused as {refusal.code}: {refusal.sentence()}"
    _contains(sentence, refusal.sentence())


def _problems_of(session: Session) -> list[Problem]:
    refusal = session.last.refusal
    if isinstance(refusal, BadInput):
        return refusal.problems
    return list(_last(session, LoadResult).problems)


def _problem(session: Session, words: list[str]) -> None:
    if len(words) < 3 or not re.fullmatch(r"(\d+:)?\d+", words[0]):
        raise NotUnderstoodError("problem LINE COLUMN VALUE words")
    file, line = f"1:{words[0]}".split(":")[-2:]
    place = (session.last.files[int(file) - 1], int(line), words[1], "" if words[2] == "-" else words[2])
    problems = _problems_of(session)
    found = [problem for problem in problems if tuple(problem)[:4] == place]
    assert found, f"the problems are {problems}"
    _contains(words[3:], found[0].expected)


def _count_problems(session: Session, words: list[str]) -> None:
    (count,) = _take(words, "COUNT")
    problems = _problems_of(session)
    assert len(problems) == int(count), f"the problems are {problems}"


def _left_out(session: Session, words: list[str]) -> None:
    expected = [] if words == ["nothing"] else words
    if not words:
        raise NotUnderstoodError("left-out DOCUMENT..., or nothing")
    assert session.last.left_out == expected, f"left out: {session.last.left_out}"


def _loaded(session: Session, words: list[str]) -> None:
    if not words or not all(re.fullmatch(r"[a-z]+=\d+", word) for word in words):
        raise NotUnderstoodError("loaded added=1 ...")
    result = _last(session, LoadResult)
    for word in words:
        name, _equals, count = word.partition("=")
        if name not in _COUNTS:
            raise NotUnderstoodError(f"unknown count {name}")
        found = getattr(result, _COUNTS[name])
        assert found == int(count), f"{name}: {found}"


def _freed(session: Session, words: list[str]) -> None:
    _links(session, words, [freed.allocation for freed in _last(session, LoadResult).freed])


def _paid_before(session: Session, words: list[str]) -> None:
    _links(session, words, [paid.allocation for paid in _last(session, LoadResult).paid_already])


def _proposed(session: Session, words: list[str]) -> None:
    assert _last(session, MatchResult).dry_run
    _links(session, words, session.last.links)


def _links(session: Session, words: list[str], lines: list[AllocationLine]) -> None:
    shown = [f"{line.credit}→{line.debit} {plain(line.amount_minor, line.currency)}" for line in lines]
    expected = []
    if words != ["nothing"]:
        if not words or len(words) % 2:
            raise NotUnderstoodError("CREDIT→DEBIT AMOUNT, or nothing")
        for pair in zip(words[::2], words[1::2], strict=True):
            credit, debit, amount = _arrow([*pair])
            expected.append(f"{_full(session, credit)}→{_full(session, debit)} {amount}")
    assert sorted(shown) == sorted(expected), f"{', '.join(shown) or 'nothing'}"


def _full(session: Session, name: str) -> str:
    """`KIND/DOCUMENT:LINE`; a line that the books no longer have is named in full by the scenario."""
    if re.fullmatch(r"[a-z_]+/.+:\d+", name):
        return name
    part = session.seen.part(name)
    assert len(part.items) == 1, f"{name} has several lines; say which"
    return f"{part.card.kind.code}/{part.card.document}:{part.items[0].line}"


def _unmet(session: Session, words: list[str]) -> None:
    unmet = _last(session, LoadResult).unmet
    if words == ["nothing"]:
        assert not unmet, f"unmet: {unmet}"
        return
    if len(words) < 2:
        raise NotUnderstoodError("unmet ITEM TARGET words, or nothing")
    names = (words[0], _full(session, words[0]) if words[0] not in {one.item for one in unmet} else words[0])
    found = [one for one in unmet if one.item in names and one.target == words[1]]
    assert found, f"unmet: {unmet}"
    _contains(words[2:], found[0].reason)


def _change(session: Session, words: list[str]) -> None:
    document, field, old, new = _take(words, "DOCUMENT", "FIELD", "OLD", "NEW")
    place = (document, field, *("" if value == "-" else value for value in (old, new)))
    changes = _last(session, LoadResult).changes
    assert place in [tuple(change) for change in changes], f"changes: {changes}"


def _count_changes(session: Session, words: list[str]) -> None:
    (count,) = _take(words, "COUNT")
    changes = _last(session, LoadResult).changes
    assert len(changes) == int(count), f"changes: {changes}"


def _made(session: Session, words: list[str]) -> None:
    (count,) = _take(words, "COUNT")
    result = session.last.result
    assert result is not None, "the last step made nothing because it was refused"
    if count == "nothing":
        assert result.operation is None, f"it made operation {result.operation}"
        return
    assert result.operation is not None
    assert len(session.last.links) == int(count), f"made or removed: {session.last.links}"


def _wrote_off(session: Session, words: list[str]) -> None:
    found = [
        word
        for one in _last(session, MatchResult).written_off
        for word in (f"{one.item.document}:{one.item.line}", plain(one.amount_minor, one.currency))
    ]
    pairs = () if words == ["nothing"] else zip(words[::2], words[1::2], strict=True)
    expected = [word for name, amount in pairs for word in (name if ":" in name else f"{name}:1", amount)]
    assert found == expected, f"wrote off: {' '.join(found) or 'nothing'}"


def _says(session: Session, words: list[str]) -> None:
    result = session.last.result
    assert isinstance(result, LoadResult | MatchResult), "it says nothing"
    if not words:
        raise NotUnderstoodError("says words")
    _contains(words, " ".join(result.notes))


def _because(session: Session, words: list[str]) -> None:
    names, *sentence = words
    credit, _arrow, debit = names.partition("→")
    ends = (_full(session, credit), _full(session, debit))
    said = [
        worded(line.stage, line.reason) for line in session.last.links if (str(line.credit), str(line.debit)) == ends
    ]
    assert said == [" ".join(sentence)], f"because: {said}"


def _doubt(session: Session, words: list[str]) -> None:
    doubts = _last(session, MatchResult).doubts
    told = [[doubt.item, *(name.partition("/")[2] for name in doubt.others)] for doubt in doubts]
    assert words in told or (words == ["nothing"] and not told), f"doubts: {told}"


def _asked(session: Session, words: list[str]) -> None:
    (answer,) = _take(words, "yes|no")
    if answer not in ("yes", "no"):
        raise NotUnderstoodError("yes or no")
    assert (session.last.asked is not None) == (answer == "yes"), f"asked: {session.last.asked}"


def _already(session: Session, words: list[str]) -> None:
    assert list(_last(session, HoldResult).already) == words


_CHECKS: Final[dict[str, Callable[[Session, list[str]], None]]] = {
    "open": _open,
    "status": _status,
    "state": _state,
    "dated": _dated,
    "held": _held,
    "overdue": _overdue,
    "account": _account,
    **{name: _figure(name) for name in _FIGURES},
    "unreconciled": _unreconciled,
    "same": _same,
    "operation": _operation,
    "why": _why,
    "next": _next,
    "refused": _refused,
    "problem": _problem,
    "problems": _count_problems,
    "left-out": _left_out,
    "loaded": _loaded,
    "freed": _freed,
    "paid-before": _paid_before,
    "proposed": _proposed,
    "unmet": _unmet,
    "change": _change,
    "changes": _count_changes,
    "made": _made,
    "wrote-off": _wrote_off,
    "because": _because,
    "doubt": _doubt,
    "says": _says,
    "asked": _asked,
    "already": _already,
    "aging": expect_aging,
    "sales": expect_sales,
    "payments": expect_payments,
    "ledger": expect_ledger,
}
