"""What `hold`, `release`, `check` and `info` report of the books."""

from collections.abc import Sequence
from typing import Final

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.findings import Finding
from reconcile_cli.domain.keeping import BackupResult, Head, HoldResult, Information
from reconcile_cli.render.columns import Column, Listing
from reconcile_cli.render.data import as_object, csv_writer, write_csv
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.safe import json_text
from reconcile_cli.text import N_, _, figures, ngettext


def _advice(finding: Finding) -> str:
    """What to do about a finding."""
    if finding.rule == "file":
        return _("The file itself is damaged: restore a backup. Most of it may still be read: reconcile export")
    return _(
        "No command of reconcile does this: another program did. Restore a backup from before, and do again what came"
        " since, as reconcile history tells."
    )


FINDINGS: Final = Listing[Finding](
    columns=(
        Column(N_("Rule"), lambda finding: finding.rule, key="rule"),
        Column(N_("Where"), lambda finding: finding.where, key="where"),
        Column(N_("Finding"), lambda finding: finding.message, key="message"),
        Column(N_("What to do"), _advice, key="action"),
    ),
    currency=lambda _finding: "",
    keys="rule where message action",
)

_UNITS: Final = (N_("{size} bytes"), N_("{size} kB"), N_("{size} MB"), N_("{size} GB"))
_STEP: Final = 1_000
_SMALL: Final = 100


def write_hold(target: Target, result: HoldResult, *, held: bool) -> None:
    """Write which items are now held or released, and which were already."""
    if target.format is Format.JSON:
        value = {"operation": result.operation, "changed": list(result.changed), "already": list(result.already)}
        target.stream.write(json_text(value) + "\n")
    elif target.format is Format.CSV:
        rows = csv_writer(target, ("item", "held", "changed"))
        for names, changed in ((result.changed, True), (result.already, False)):
            for name in names:
                rows.write((name, held, changed))
    else:
        for name in result.changed:
            target.line(
                _("{item} is held: auto leaves it alone.").format(item=name)
                if held
                else _("{item} is released: auto may use it.").format(item=name)
            )
        for name in result.already:
            target.line(
                _("{item} was held already.").format(item=name) if held else _("{item} was not held.").format(item=name)
            )


def write_findings(target: Target, findings: Sequence[Finding], head: Head, *, quick: bool) -> None:
    """Write what `check` found; in the table one paragraph each, or that the books are proved."""
    if target.format is Format.JSON:
        value = {
            "ok": not findings,
            "findings": [as_object(FINDINGS, finding) for finding in findings],
            "operations": head.operation,
            "head": head.hash,
            "found": head.found,
        }
        target.stream.write(json_text(value) + "\n")
        return
    if target.format is Format.CSV:
        write_csv(target, FINDINGS, findings)
        return
    for finding in findings:
        target.line(f"{finding.rule}  {finding.where}: {finding.message}")
    if findings:
        text = ngettext("{count} finding.", "{count} findings.", len(findings))
        target.line(text.format(count=figures.count(len(findings))), "bold red")
        for advice in dict.fromkeys(map(_advice, findings)):
            target.line(advice)
    elif quick:
        target.line(_("All sums are proved; the chain of operations and the indexes were not read (--quick)."), "green")
    else:
        target.line(_("The books are in order: every sum and the whole history are proved."), "green")

    _write_head(target, head)


def _write_head(target: Target, head: Head) -> None:
    if head.found is not None:
        since = head.operation - head.found
        told = _("The hash given is that of the last operation, {number}.")
        if since:
            told = ngettext(
                "The hash given is that of operation {number}; {since} operation came since.",
                "The hash given is that of operation {number}; {since} operations came since.",
                since,
            )
        target.line(told.format(number=head.found, since=figures.count(since)))
    if head.operation:
        target.line(_("Last operation {number}, hash {head}").format(number=head.operation, head=head.hash), "dim")


def write_information(target: Target, information: Information) -> None:
    """Write where the database is and what it holds."""
    locked = information.locked_until
    values: dict[str, str | int | None] = {
        "path": information.path,
        "size_bytes": information.size_bytes,
        "schema_version": information.schema_version,
        "accounts": information.accounts,
        "transactions": information.transactions,
        "items": information.items,
        "allocations": information.allocations,
        "operations": information.operations,
        "head": information.head,
        "locked_until": None if locked is None else iso(locked),
    }
    if target.format is Format.JSON:
        target.stream.write(json_text(values) + "\n")
    elif target.format is Format.CSV:
        csv_writer(target, values).write(values.values())
    else:
        _write_facts(target, information)


def write_backup(target: Target, result: BackupResult) -> None:
    """Write where the copy is, and what to write down elsewhere to know it again."""
    values: dict[str, str | int] = {
        "path": result.path,
        "size_bytes": result.size_bytes,
        "operations": result.operation,
        "head": result.head,
    }
    if target.format is Format.JSON:
        target.stream.write(json_text(values) + "\n")
    elif target.format is Format.CSV:
        csv_writer(target, values).write(values.values())
    else:
        size = _size(result.size_bytes)
        target.line(_("Copied to {path} ({size}).").format(path=result.path, size=size))
        target.line(_("Last operation {number}, hash {head}").format(number=result.operation, head=result.head))


def _write_facts(target: Target, information: Information) -> None:
    from reconcile_cli.render.table import write_facts  # noqa: PLC0415 - Rich is imported when something is drawn

    locked = information.locked_until
    facts = [
        (_("Database"), information.path),
        (_("Size"), _size(information.size_bytes)),
        (_("Schema"), str(information.schema_version)),
        (_("Accounts"), figures.count(information.accounts)),
        (_("Transactions"), figures.count(information.transactions)),
        (_("Items"), figures.count(information.items)),
        (_("Allocations"), figures.count(information.allocations)),
        (_("Operations"), figures.count(information.operations)),
        (_("Locked until"), iso(locked) if locked is not None else _("not locked")),
        (_("Last hash"), information.head or "-"),
    ]
    write_facts(target, facts)


def _size(size_bytes: int) -> str:
    size, step = float(size_bytes), 0
    while size >= _STEP and step < len(_UNITS) - 1:
        size, step = size / _STEP, step + 1
    digits = 0 if not step or size >= _SMALL else 1
    return _(_UNITS[step]).format(size=f"{size:,.{digits}f}")
