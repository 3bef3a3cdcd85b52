"""Reading a value once: a bounded memory of the texts of a column and what they mean."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
CACHE_SIZE: Final = 50_000


class Cache(dict[str, T], Generic[T]):
    """Text → value. An unknown text is read; what is refused is never kept. Empties itself at CACHE_SIZE texts."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T:
        value = self._read(text)
        if len(self) >= CACHE_SIZE:
            self.clear()
        self[text] = value
        return value
