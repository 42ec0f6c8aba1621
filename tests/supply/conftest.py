"""What is checked again and again here is checked once."""

import re
from functools import cache
from importlib import import_module
from typing import Any

grammar: Any = import_module("rfc3987_syntax.syntax_helpers")
as_it_is = grammar.parse


@cache
def parse_shape(term: str, value: str) -> None:
    as_it_is(term=term, value=value)


def parse(term: str, value: str) -> None:
    """Parse one of all addresses that differ in letters and digits alone: the official
    schema has a grammar in Python take 20 ms for each of 2,000."""
    if "%" not in value:
        value = re.sub(r"[A-Za-z0-9]+", "a", value)
    parse_shape(term, value)


grammar.parse = parse
