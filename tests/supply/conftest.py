"""What is checked again and again here is checked once."""

from functools import cache
from importlib import import_module
from typing import Any

grammar: Any = import_module("rfc3987_syntax.syntax_helpers")
as_it_is = grammar.parse


@cache
def parse(term: str, value: str) -> None:
    """Of each of 2,000 addresses, at each of a dozen builds, the official schema has it
    parsed by a grammar in Python. Nobody looks at the tree."""
    as_it_is(term=term, value=value)


grammar.parse = parse
