"""Read a pattern from left to right."""

import re
from typing import Any, Final

from amana.design.forms.engine.form_faults import UnreadablePart
from amana.faults import gettext_noop

type Node = list[Any]


LONGEST = 500
"""Signs of a pattern."""


LONGEST_MATCHED: Final = 1_000
"""Longer answers match no pattern."""


MOST_STEPS = 2_000
"""Places in the matcher: each sign of an answer may be compared with all of them."""


MOST_DEPTH = 20


MEMORY = 4 << 20
"""Bytes that RE2 may take for one pattern."""


ALL = [0, 0x10FFFF]


DIGITS = [0x30, 0x39]


LETTERS = [0x30, 0x39, 0x41, 0x5A, 0x5F, 0x5F, 0x61, 0x7A]


SPACES = [0x09, 0x0D, 0x20, 0x20]


LINE_ENDS = [0x0A, 0x0A, 0x0D, 0x0D, 0x85, 0x85, 0x2028, 0x2029]


CONTROLS = {"n": 0x0A, "t": 0x09, "r": 0x0D, "f": 0x0C}


SURROGATES = range(0xD800, 0xE000)


REPLACEMENT = "\ufffd"


COUNT = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{0,4}))?\}")


POSIX = re.compile(r"\[[:.=]")


TOO_LONG = gettext_noop("A pattern has at most %(most)s characters.")


TOO_LARGE = gettext_noop(
    "The pattern “%(pattern)s” is too large: its repeats multiply to a "
    "thousand characters or more. Use smaller numbers, or compare "
    "string-length(.) with a number."
)


TOO_DEEP = gettext_noop(
    "The pattern “%(pattern)s” has more than %(most)s nested brackets. Use fewer."
)


UNREADABLE = gettext_noop(
    "“%(sign)s” can’t be used here in the pattern “%(pattern)s”. If you mean "
    "the character itself, write \\%(sign)s."
)


NEVER_CLOSED = gettext_noop(
    "In the pattern “%(pattern)s”, a “%(sign)s” is never closed. If you mean "
    "the character itself, write \\%(sign)s."
)


NOTHING_TO_REPEAT = gettext_noop(
    "In the pattern “%(pattern)s”, there is nothing for “%(sign)s” to "
    "repeat. Repeat a character, a [set] or a (group); for the character "
    "itself, write \\%(sign)s."
)


BACKWARDS = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” ends before it begins. Write the smaller "
    "one first."
)


EMPTY_SET = gettext_noop(
    "A set in the pattern “%(pattern)s” is empty. Write the characters that "
    "are allowed there, as in [abc]; for the character ], write \\]."
)


SET_IN_SET = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not read the same way by all "
    "programs. Write one set of all the characters you mean, as in "
    "[b-df-hj-np-tv-z]; for the character itself, write \\%(sign)s."
)


DASH = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not a range. To use the "
    "character -, write it last in the set."
)


NAMED_SET = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not read the same way by all "
    "programs. Write the characters themselves as ranges, as in [A-Za-zÀ-ÿ] "
    "or [ء-ي]."
)


LOOKS_AROUND = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” looks ahead or back, which can take very "
    "long. Write two conditions: regex(., '…') and not(regex(., '…'))."
)


REFERS_BACK = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” refers back to what a group has "
    "matched, which can take very long. Compare parts of the answer with "
    "substr() instead."
)


SWITCH = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not read the same way by all "
    "programs. Write ( or (?: for a group, and both upper- and lower-case "
    "letters, as in [Aa]."
)


POSSESSIVE = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not read the same way by all "
    "programs. Leave out the last +."
)


EDGE = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not needed: a pattern always "
    "applies to the whole answer. Write what may come before and after, as "
    "in (.* )?word( .*)?"
)


UNKNOWN_ESCAPE = gettext_noop(
    "“%(part)s” in the pattern “%(pattern)s” is not read the same way by all "
    "programs. Write the character itself, or its number, as in \\u0041."
)


class PatternParser:
    """Reads a pattern from left to right; each method takes what it is named after."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0

    def broken(self, sentence: str, **values: object) -> UnreadablePart:
        return UnreadablePart(sentence, pattern=self.pattern, **values)

    @property
    def next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        sign = self.next
        self.at += 1
        return sign

    def whole(self) -> Node:
        tree = self.choice()
        if self.next:  # choice() stops at nothing else
            raise self.broken(UNREADABLE, sign=")")
        return tree

    def choice(self) -> Node:
        parts = [self.sequence()]
        while self.next == "|":
            self.take()
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else ["|", *parts]

    def sequence(self) -> Node:
        parts = []
        while self.next and self.next not in "|)":
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else ["&", *parts]

    def repeated(self) -> Node:
        part = self.one()
        start = self.at
        count = self.count()
        if count is None:
            return part
        if part[0] in ("^", "$"):
            raise self.broken(NOTHING_TO_REPEAT, sign=self.pattern[start])
        if self.next == "?":  # as few as possible: of a whole answer the same
            self.take()
        # Java reads `a++` as possessive, browsers refuse it: the same form would differ
        # between devices.
        if self.next == "+":
            said = self.pattern[start : self.at + 1]
            raise self.broken(POSSESSIVE, part=said)
        if self.next and self.next in "*?{":
            raise self.broken(NOTHING_TO_REPEAT, sign=self.next)
        return ["*", part, *count]

    def count(self) -> tuple[int, int | None] | None:
        if self.next == "{":
            found = COUNT.match(self.pattern, self.at)
            if not found:
                raise self.broken(UNREADABLE, sign="{")
            self.at = found.end()
            least = int(found[1])
            most = None if found[2] and not found[3] else int(found[3] or found[1])
            if most is not None and most < least:
                raise self.broken(BACKWARDS, part=found[0])
            return least, most
        known: dict[str, tuple[int, int | None]] = {
            "*": (0, None),
            "+": (1, None),
            "?": (0, 1),
        }
        return known[self.take()] if self.next in known else None

    def one(self) -> Node:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.signs()
        if sign == "\\":
            return self.escaped()
        if sign == ".":
            return invert_ranges(LINE_ENDS)
        if sign in "^$":
            return [sign]
        if sign in "*+?":
            raise self.broken(NOTHING_TO_REPEAT, sign=sign)
        if sign in "{}]":
            raise self.broken(UNREADABLE, sign=sign)
        return [ord(sign), ord(sign)]

    def group(self) -> Node:
        if self.next == "?":
            said = re.match(r"\?(?:<?[=!]|P?<?\w*|.?)", self.pattern[self.at :])
            part = "(" + (said[0] if said else "?")
            if part[2:] in ("=", "!", "<=", "<!"):
                raise self.broken(LOOKS_AROUND, part=part)
            if self.pattern[self.at + 1 : self.at + 2] != ":":
                raise self.broken(SWITCH, part=part)
            self.at += 2
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.broken(TOO_DEEP, most=MOST_DEPTH)
        inner = self.choice()
        self.depth -= 1
        if self.take() != ")":
            raise self.broken(NEVER_CLOSED, sign="(")
        return ["&", inner] if inner[0] in ("^", "$") else inner

    def escaped(self) -> Node:
        sign = self.take()
        if sign == "u":
            return self.numbered()
        if sign in CONTROLS:
            return [CONTROLS[sign], CONTROLS[sign]]
        known = {"d": DIGITS, "w": LETTERS, "s": SPACES}.get(sign.lower())
        if known:
            return known if sign.islower() else invert_ranges(known)
        if not sign:
            raise self.broken(UNREADABLE, sign="\\")
        if not (sign.isascii() and sign.isalnum()):
            return [ord(sign), ord(sign)]
        part = f"\\{sign}"
        if sign in "123456789":
            raise self.broken(REFERS_BACK, part=part)
        if sign in "pP":
            found = re.match(r"\{\w*\}?", self.pattern[self.at :])
            raise self.broken(NAMED_SET, part=part + (found[0] if found else ""))
        if sign in "bBAzZG":
            raise self.broken(EDGE, part=part)
        raise self.broken(UNKNOWN_ESCAPE, part=part)

    def numbered(self) -> Node:
        digits = self.pattern[self.at : self.at + 4]
        if not re.fullmatch("[0-9A-Fa-f]{4}", digits) or int(digits, 16) in SURROGATES:
            raise self.broken(UNKNOWN_ESCAPE, part=f"\\u{digits}")
        self.at += 4
        return [int(digits, 16)] * 2

    def signs(self) -> Node:
        turned = self.next == "^"
        if turned:
            self.take()
        ranges: list[int] = []
        while self.next != "]":
            ranges += self.range()
        self.take()
        found = invert_ranges(ranges) if turned and ranges else merge_ranges(ranges)
        if not found:
            raise self.broken(EMPTY_SET)
        return found

    def range(self) -> list[int]:
        """Read one sign of a set, or all from one to another."""
        start = self.at
        first = self.member()
        if self.next != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", ""):
            return first
        self.take()
        last = self.member()
        part = self.pattern[start : self.at]
        if not (is_one(first) and is_one(last)):
            raise self.broken(DASH, part=part)
        if last[0] < first[0]:
            raise self.broken(BACKWARDS, part=part)
        return [first[0], last[0]]

    def member(self) -> Node:
        sign = self.take()
        if not sign:
            raise self.broken(NEVER_CLOSED, sign="[")
        if sign == "\\":
            if self.next in "bB":  # in a set, a control sign to some
                raise self.broken(UNKNOWN_ESCAPE, part=f"\\{self.next}")
            return self.escaped()
        if sign == "[":
            said = POSIX.match(self.pattern, self.at - 1)
            sentence = NAMED_SET if said else SET_IN_SET
            raise self.broken(sentence, part=said[0] if said else sign, sign=sign)
        if sign == "&" and self.next == "&":
            raise self.broken(SET_IN_SET, part="&&", sign=sign)
        return [ord(sign), ord(sign)]


def is_one(signs: Node) -> bool:
    return len(signs) == 2 and signs[0] == signs[1]


def merge_ranges(ranges: list[int]) -> list[int]:
    """Merge ranges to the same signs, in order and each once."""
    found: list[int] = []
    for low, high in sorted(zip(ranges[::2], ranges[1::2], strict=True)):
        if found and low <= found[-1] + 1:
            found[-1] = max(found[-1], high)
        else:
            found += [low, high]
    return found


def invert_ranges(ranges: list[int]) -> list[int]:
    """Invert ranges to all other signs."""
    found, free = [], 0
    ordered = merge_ranges(ranges)
    for low, high in zip(ordered[::2], ordered[1::2], strict=True):
        if free < low:
            found += [free, low - 1]
        free = high + 1
    return [*found, free, ALL[1]] if free <= ALL[1] else found


def count_places(node: Node) -> int:
    """Count the places that a matcher needs for it."""
    match node:
        case ["&" | "|", *parts]:
            return 1 + sum(map(count_places, parts))
        case ["*", part, least, most]:
            # Repeats multiply: `(a{50}){50}` is short, and needs 2,500 places.
            copies: int = least + 1 if most is None else max(most, 1)
            return 1 + copies * (count_places(part) + 1)
    return 1
