"""Files to damage, ways of damaging them, and a slow reader that shares nothing with intake."""

import csv
import io
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

_ENGLISH = "account,kind,document,date,amount,currency,description\n" + "".join(
    f"A-{n % 4},{('invoice', 'payment', 'credit_note', 'refund')[n % 4]},D-{n},2026-01-{n + 10},{n * 37 + 1}.{n:02},"
    f'{("CAD", "EUR")[n % 3 == 0]},"Lesson {n}, ""evening"""\n'
    for n in range(12)
)
_FRENCH = "Club\n\nCompte;Type;Pièce;Date;Libellé;Débit;Crédit\n" + "".join(
    f"41{n % 3};{('Facture', 'Règlement')[n % 2]};P{n};{n + 10}/03/2026;Été {n};"
    + (f"1 {n + 100},5{n % 10};" if n % 2 == 0 else f";{n},75")
    + "\n"
    for n in range(12)
)
_LINES = "account|kind|document|line|date|amount\n" + "".join(
    f"C|invoice|I-{n // 3}|{n % 3 + 1}|2026-05-0{n // 3 + 1}|{n}'000.5{n}\n" for n in range(1, 10)
)
SEEDS = (
    _ENGLISH.encode(),
    _ENGLISH.replace("\n", "\r\n").encode("utf-8-sig"),
    _ENGLISH.replace(",", "\t").encode("utf-16"),
    _FRENCH.encode("cp1252"),
    _FRENCH.replace("\n", "\r").encode(),
    ("sep=;\n" + _FRENCH[6:]).encode(),
    _LINES.encode(),
)
_PIECES = (
    b'"',
    b"\n",
    b"\r",
    b";",
    b",",
    b"\t",
    b"|",
    b"\0",
    b"\xe9",
    b"\xa0",
    b",,",
    b"1,234",
    b"-",
    b"'",
    b".",
    b" ",
)

Sums = dict[tuple[str, str], Decimal]
"""By account and currency: what is owed less what was paid."""


def damaged(seed: int) -> bytes:
    """One of the files with one to four damages; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    data = bytearray(SEEDS[seed % len(SEEDS)])
    for _damage in range(chance.randint(1, 4)):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.randint(1, 40))
        match chance.choice(["flip", "cut", "double", "row", "swap", "replace", "end", "digit"]):
            case "flip":
                data[start] ^= 1 << chance.randrange(8)
            case "cut":
                del data[start:end]
            case "double":
                data[end:end] = data[start:end]
            case "row":
                rows = bytes(data).splitlines(keepends=True)
                row = chance.randrange(len(rows))
                rows.insert(chance.randrange(len(rows) + 1), rows[row])
                data[:] = b"".join(rows)
            case "swap":
                one, other = chance.sample([b",", b";", b"\t", b"|", b"."], 2)
                table = bytes.maketrans(one + other, other + one)
                data[:] = (
                    data.translate(table) if chance.random() < 0.5 else data[:start] + data[start:].translate(table)
                )
            case "replace":
                data[start:end] = chance.choice(_PIECES)
            case "end":
                del data[start:]
            case _:
                data[start:start] = str(chance.randrange(1000)).encode()
    return bytes(data)


_NAMES = {
    "account": "account compte client customer noclient tiers compteauxiliaire",
    "kind": "kind type genre nature",
    "amount": "amount montant",
    "debit": "debit",
    "credit": "credit",
    "currency": "currency devise",
}
_OWED = ["invoice", "facture", "refund", "remboursement", "adjustment", "ajustement"]
_PAID = [
    *("payment", "paiement", "versement", "reglement", "encaissement", "recudepaiement"),
    *("deposit", "depot", "depotaucompte", "acompte", "avance"),
    *("creditnote", "credit", "creditmemo", "notedecredit", "avoir", "cancellation", "annulation"),
]


def readings(data: bytes) -> Iterator[Sums]:
    """The sums of every way in which the file can be read: each delimiter, each decimal mark."""
    text = _decoded(data)
    for delimiter in ",;\t|":
        for mark in ".,":
            try:
                yield _sums(text, delimiter, mark)
            except (csv.Error, ValueError, KeyError, IndexError, InvalidOperation):
                continue


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if data[1::2].count(0) * 10 > len(data) * 3:
        return data.decode("utf-16-le")
    if data[::2].count(0) * 10 > len(data) * 3:
        return data.decode("utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _word(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("°", "o")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _sums(text: str, delimiter: str, mark: str) -> Sums:
    rows = [row for row in csv.reader(io.StringIO(text, ""), delimiter=delimiter, skipinitialspace=True) if any(row)]
    field = {name: field for field, names in _NAMES.items() for name in names.split()}
    headers = [[field.get(_word(cell), "") for cell in row] for row in rows]
    top = max(range(len(rows)), key=lambda at: (len({name for name in headers[at] if name}), -at))
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows[top + 1 :]:
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(headers[top], row, strict=True))
        side = 1 if _word(cells["kind"]) in _OWED else -1
        if side < 0 and _word(cells["kind"]) not in _PAID:
            raise ValueError(cells["kind"])
        if "amount" in cells:
            amount = side * _number(cells["amount"], mark)
        else:
            amount = _number(cells["debit"] or "0", mark) - _number(cells["credit"] or "0", mark)
        account = " ".join(cells["account"].split())
        sums[account, cells.get("currency", "").strip().upper() or "CAD"] += amount  # type: ignore[assignment]
    return {place: Decimal(amount) for place, amount in sums.items() if amount}


def _number(text: str, mark: str) -> Decimal:
    negative = bool(re.search(r"[-−(]|CR", text))
    digits = re.sub(r"[^0-9.,]", "", text).replace("," if mark == "." else ".", "").replace(mark, ".")
    return -Decimal(digits) if negative else Decimal(digits)
