"""The canonical form by columns, as reading makes it, is that of each document alone (R22, R26)."""

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.domain.canonical import digests, document_digest, head_texts, line_texts

Fields = tuple[object, ...]
_texts = st.text(max_size=5)
_numbers = st.integers(-3, 10**15)
_heads = st.tuples(_numbers, _texts, _texts, _texts, _numbers, st.none() | _numbers, _numbers, _texts, _texts, _texts)
_lines = st.lists(st.tuples(_numbers, _numbers, _numbers, _texts, _texts, _texts, _texts), min_size=1, max_size=4)


@given(st.lists(st.tuples(_heads, _lines), min_size=1, max_size=5))
def test_columns_give_the_digest_of_each_document(documents: list[tuple[Fields, list[Fields]]]) -> None:
    heads = head_texts(list(zip(*(head for head, _lines in documents), strict=True)))
    lines = line_texts(list(zip(*(line for _head, lines in documents for line in lines), strict=True)))
    bounds = pairwise(accumulate((len(lines) for _head, lines in documents), initial=0))

    assert digests(heads, lines, bounds) == [
        document_digest([None if field == "" else field for field in head], lines) for head, lines in documents
    ]
