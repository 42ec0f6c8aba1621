"""Whether a text fits a pattern."""

from functools import lru_cache
from typing import Any

import re2

from amana.design.forms.engine.form_faults import UnreadablePart
from amana.design.forms.engine.patterns.pattern_parser import (
    LONGEST,
    LONGEST_MATCHED,
    MEMORY,
    MOST_STEPS,
    REPLACEMENT,
    SURROGATES,
    TOO_LARGE,
    TOO_LONG,
    Node,
    PatternParser,
    count_places,
)


def parse_pattern(pattern: str) -> Node:
    """Parse a pattern to its tree. Raises `UnreadablePart` with a sentence for its
    author."""
    if len(pattern) > LONGEST:
        raise UnreadablePart(TOO_LONG, most=LONGEST)
    tree = PatternParser(pattern).whole()
    if count_places(tree) > MOST_STEPS:
        raise UnreadablePart(TOO_LARGE, pattern=pattern)
    return tree


def format_re2(node: Node) -> str:
    """Format the tree as RE2 writes it, with nothing that it could read otherwise."""
    match node:
        case ["^"]:
            return r"\A"
        case ["$"]:
            return r"\z"
        case ["&", *parts]:
            return f"(?:{''.join(map(format_re2, parts))})"
        case ["|", *parts]:
            return f"(?:{'|'.join(map(format_re2, parts))})"
        case ["*", part, least, most]:
            return f"(?:{format_re2(part)}){{{least},{'' if most is None else most}}}"
    pairs = zip(node[::2], node[1::2], strict=True)
    return f"[{''.join(rf'\x{{{low:x}}}-\x{{{high:x}}}' for low, high in pairs)}]"


@lru_cache(maxsize=128)
def compile_pattern(pattern: str) -> Any:
    """Compile RE2's matcher for a pattern, or raise `UnreadablePart`; few are kept,
    each within
    `MEMORY`."""
    tree = parse_pattern(pattern)
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    # Only yes or no is asked, and without groups RE2 can use its fastest matcher.
    options.never_capture = True
    try:
        return re2.compile(format_re2(tree), options)
    except re2.error as error:
        raise UnreadablePart(TOO_LARGE, pattern=pattern) from error


def is_match(pattern: str, answer: str) -> bool:
    """Check that the whole answer is one that the pattern allows."""
    # The time is the pattern's size times the answer's length, so both are bounded (ADR
    # 68).
    if len(answer) > LONGEST_MATCHED:
        return False
    # half a sign, which no text in UTF-8 holds
    whole = "".join(REPLACEMENT if ord(c) in SURROGATES else c for c in answer)
    return compile_pattern(pattern).fullmatch(whole) is not None
