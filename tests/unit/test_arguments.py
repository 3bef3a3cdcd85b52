"""Global options are accepted before or after the command (design, section 5)."""

import pytest

from reconcile_cli.cli.arguments import globals_first

GLOBAL = {"--db": 1, "--lang": 1, "--ascii": 0}
OWN = {
    ("match",): {"--note": 1, "--dry-run": 0, "-f": 1},
    ("export",): {"--lang": 1},
    ("report",): None,
    ("report", "sales"): {"--by": 1},
}


@pytest.mark.parametrize(
    ("given", "parsed"),
    [
        ("match A B --db x.db", "--db x.db match A B"),
        ("match --ascii A --db=x.db B", "--ascii --db=x.db match A B"),
        ("--lang fr match A --ascii", "--lang fr --ascii match A"),
        ("match --note --db A --db x", "--db x match --note --db A"),
        ("match --note=--db A", "match --note=--db A"),
        ("match -f csv --dry-run A --ascii", "--ascii match -f csv --dry-run A"),
        ("match A -- --db", "match A -- --db"),
        ("match --ascii -- --db x", "--ascii match -- --db x"),
        ("export --lang fr", "export --lang fr"),
        ("--lang fr export", "--lang fr export"),
        ("unknown --db x", "--db x unknown"),
        ("match A --db", "--db"),
        ("report sales --by --db A --db x", "--db x report sales --by --db A"),
        ("report --db x sales --by A --ascii", "--db x --ascii report sales --by A"),
        ("report other --by --db x", "--db x report other --by"),
        ("report --ascii", "--ascii report"),
        ("match - --ascii", "--ascii match -"),
        ("", ""),
    ],
)
def test_global_options_move_in_front(given: str, parsed: str) -> None:
    assert globals_first(given.split(), GLOBAL, lambda *names: OWN.get(names, {})) == parsed.split()
