"""The rules of the books: pure functions over integers, without input, output or clock."""
