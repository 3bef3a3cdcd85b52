"""Take allocations back by hand; each removal is recorded (R7)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.results import SHOWN, MatchResult, Removal, Stamp
from reconcile_cli.store import allocating, locking, selecting
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.operation import operation
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import Declined, NothingToRemove, Refused
from reconcile_cli.workflows.naming import refuse_amount
from reconcile_cli.workflows.results import removed

Confirm = Callable[[Removal], bool]
_PAIR = 2


def unmatch(
    books: Books, names: Sequence[str], stamp: Stamp, *, account: str | None = None, confirm: Confirm
) -> MatchResult:
    """Remove the allocations of the named items or documents; two names mean those between them; or a whole account's.

    `confirm` is asked where more than one allocation goes, before the write lock is taken.

    Raises:
        UnknownName, AmbiguousName: a name means nothing, or more than one document.
        NothingToRemove: nothing is allocated there.
        Locked: one of them counts in a closed period (R25).
        Declined: `confirm` said no.
    """
    arguments: dict[str, object] = {"names": list(names)} if account is None else {"account": account}
    seen, _codes = _chosen(books, names, account)
    locked_until = locking.lock_in_force(books.connection)
    if locked_until is not None:
        locking.refuse_breach(locking.breaches_of_removal(books.connection, seen, locked_until), locked_until)
    if len(seen) > 1 and not confirm(
        Removal(account or ", ".join(names), len(seen), partial(selecting.totals, books, seen))
    ):
        raise Declined
    with operation(books, "unmatch", arguments, stamp) as op:
        ids, codes = _chosen(books, names, account)
        if ids != seen:
            raise Refused(_("The books changed while you were asked, so nothing was done. Try again."))
        for allocation_id in ids:
            allocating.free_allocation(op.connection, allocation_id, "")
        allocating.remove_freed(op)
    result = removed(op, codes)
    return result._replace(notes=[*result.notes, *_opened_again(result)])


def _opened_again(result: MatchResult) -> Iterator[str]:
    """What to do about a write-off that closes nothing any more; the first ones."""
    written = (line for line in islice(result.allocations, SHOWN) if line.stage == Stage.WRITE_OFF)
    for line in written:
        from shlex import quote  # noqa: PLC0415 - few differences are written off

        adjustment = line.credit if line.credit.kind is Kind.ADJUSTMENT else line.debit
        yield _(
            "{adjustment} wrote a difference off and is open now: match it again, or take back the operation that made"
            " it. See: reconcile why {adjustment}"
        ).format(adjustment=quote(str(adjustment)))


def _chosen(books: Books, names: Sequence[str], account: str | None) -> tuple[list[int], list[str]]:
    if account is not None:
        ids = selecting.allocations_of_account(books, find_account(books, account))
        if not ids:
            raise NothingToRemove(_("Nothing in account {account} is reconciled.").format(account=account))
        return ids, [account]
    selections = [refuse_amount(selecting.select(books, name)) for name in names]
    codes = sorted({item.account for selection in selections for item in selection.items})
    if len(selections) == _PAIR:
        ids = selecting.allocations_between(books, *selections)
        if not ids:
            raise NothingToRemove(
                _(
                    "{one} and {other} are not reconciled with each other. See what is with:"
                    " reconcile show {one} --matches"
                ).format(one=names[0], other=names[1])
            )
        return ids, codes
    ids = selecting.allocations_around(books, selections)
    if not ids:
        raise NothingToRemove(_("Nothing is reconciled with {names}.").format(names=", ".join(names)))
    return ids, codes
