"""Where profiles are kept: those of the package, the user's folder, or any file given by its path."""

import os
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.intake.problems import UnreadableFile, shown
from reconcile_cli.intake.profile import BadProfile, Document, Profile, as_profile, is_profile_name
from reconcile_cli.text import _

SHIPPED: Final = Path(__file__).parent / "profiles"
_SUFFIX: Final = ".toml"
_MAX_BYTES: Final = 1 << 18


class UnknownProfile(ReconcileError):
    """No profile has this name, here or in the package."""

    code = "unknown-profile"
    exit_code = Exit.USAGE

    def __init__(self, name: str, nearest: list[str]) -> None:
        super().__init__()
        self.name = name
        self.nearest = nearest

    def sentence(self) -> str:
        """Name the nearest, or how to list them."""
        if self.nearest:
            return _("There is no profile {name}. Did you mean {nearest}?").format(
                name=shown(self.name), nearest=", ".join(self.nearest)
            )
        return _("There is no profile {name}; `reconcile profile list` tells which there are.").format(
            name=shown(self.name)
        )


def names(folder: Path) -> list[tuple[str, Path]]:
    """Every profile by name: the user's, and those of the package that no profile of the user's replaces."""
    found = {path.stem: path for path in sorted(SHIPPED.glob(f"*{_SUFFIX}"))}
    found |= {path.stem: path for path in sorted(folder.glob(f"*{_SUFFIX}")) if is_profile_name(path.stem)}
    return sorted(found.items())


def find(name: str, folder: Path) -> Profile:
    """The profile of this name, or in the file of this path (which ends in .toml or holds a separator).

    Raises UnknownProfile, UnreadableFile or BadProfile.
    """
    if name.endswith(_SUFFIX) or os.sep in name or (os.altsep and os.altsep in name):
        return read(Path(name))
    known = dict(names(folder))
    if name not in known:
        raise UnknownProfile(name, get_close_matches(name, known, n=2))
    return read(known[name])


def read(path: Path) -> Profile:
    """The profile in a file. Raises UnreadableFile or BadProfile."""
    return as_profile(path.stem, str(path), parsed(path, text_of(path)))


def text_of(path: Path) -> str:
    """The text of a profile. Raises UnreadableFile or BadProfile."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableFile(str(path), _("there is no such file.")) from None
    except OSError as error:
        raise UnreadableFile(str(path), f"{error.strerror or error}.") from None
    if len(data) > _MAX_BYTES:
        raise BadProfile(str(path), "", _("too long for a profile"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadProfile(str(path), "", _("not UTF-8 text")) from None


def parsed(path: Path, text: str) -> Document:
    """The TOML of a profile. Raises BadProfile."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        expected = _("not TOML: {reason}").format(reason=str(error) or "...")
        raise BadProfile(str(path), "", expected) from None


def all_profiles(folder: Path, beginning: str = "") -> Iterator[tuple[str, Path, Profile | None]]:
    """Every profile whose name begins so, with its file; None where it cannot be read as one."""
    for name, path in names(folder):
        if not name.startswith(beginning):
            continue
        try:
            yield name, path, read(path)
        except ReconcileError:
            yield name, path, None


def save(name: str, folder: Path, document: Document) -> Path:
    """Write a profile into the folder, whole or not at all, and return its file. Raises BadProfile."""
    import tomli_w  # noqa: PLC0415 - only where something is saved

    path = folder / f"{name}{_SUFFIX}"
    as_profile(name, str(path), document)
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{name}.{os.getpid()}.new")
    try:
        draft.write_text(tomli_w.dumps(document), encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
