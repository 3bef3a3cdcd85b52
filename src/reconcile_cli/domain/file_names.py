"""Names of files made from names that people gave: safe on every system, and never twice the same."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

_LONGEST: Final = 60
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)", re.ASCII)
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])", re.IGNORECASE | re.ASCII)
_SHORT: Final = 10


def stems(names: Iterable[str]) -> Iterator[str]:
    """Give each name, in order, what a file is called before its ending.

    ASCII letters, digits, `_`, `-` and `.` alone, at most 71 characters; no device of Windows; no two equal where
    case does not matter. A name that can be a file's stays as it is; another has a part of its hash behind it.
    """
    known = list(names)
    counts = Counter(name.casefold() for name in known if _is_plain(name))
    for name in known:
        yield name if _is_plain(name) and counts[name.casefold()] == 1 else _spelled(name)


def _is_plain(name: str) -> bool:
    return (
        len(name) <= _LONGEST
        and _PLAIN.fullmatch(name) is not None
        and _DEVICES.fullmatch(name.partition(".")[0]) is None
    )


def _spelled(name: str) -> str:
    letters = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    plain = _STRANGE.sub("_", letters).strip("_-")[:_LONGEST] or "account"
    return f"{plain}~{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:_SHORT]}"
