"""The patterns of `regex()`: read once, matched without ever going back (ADR 68).

`parse_pattern` reads a pattern to a tree of the characters that may follow each other,
in the grammar that ODK Collect (Java), browsers and Python read alike. RE2 is given the
tree's own writing, never the author's, since it misreads some patterns silently; the
browser is given the tree (`static/forms/patterns.js`). Both need a time that grows with
the answer's length alone. What the grammar lacks is refused, with what to write
instead.

    number              the place of a sign: pairs of code points, [48, 57] for 0-9
    ["&", part, …]      one after the other          ["|", part, …]   one of these
    ["*", part, least, most]   repeated; most None: without end
    ["^"]  ["$"]        the beginning and the end of the answer
"""

from amana.design.forms.engine.patterns.matching_patterns import (
    compile_pattern,
    format_re2,
    is_match,
    parse_pattern,
)
from amana.design.forms.engine.patterns.pattern_parser import LINE_ENDS, MOST_STEPS

__all__ = [
    "LINE_ENDS",
    "MOST_STEPS",
    "compile_pattern",
    "format_re2",
    "is_match",
    "parse_pattern",
]
