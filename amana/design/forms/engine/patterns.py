"""Which regular expressions a form may hold: those that every reader understands in
the same way, and that can't be made to run for minutes.
"""

import re
from dataclasses import dataclass

from amana.design.forms.engine.faults import Broken, gettext_noop

MOST_OPEN_REPEATS = 3
"""With answers of at most 200 characters, more could take seconds."""

TOKEN = re.compile(
    r"""(?P<escape>\\[dDwWsStnr.\\/^$*+?()\[\]{}|-])
    | (?P<set>\[\^?(?:\\[dDwWsStnr.\\/^$*+?()\[\]{}|-]|[^\]\\\[])+\])
    | (?P<open>\((?:\?:)?(?!\?))
    | (?P<close>\))
    | (?P<repeat>[*+?]|\{\d{1,3}(?:,\d{0,3})?\})
    | (?P<or>\|)
    | (?P<anchor>[\^$])
    | (?P<plain>[^\\\[\](){}*+?|^$])""",
    re.VERBOSE,
)
UNREADABLE = gettext_noop(
    "The pattern “%(pattern)s” can't be read. Patterns may hold letters, \\d \\w \\s, "
    "[sets], (groups), | and the repeats * + ? {n,m}."
)
TOO_SLOW = gettext_noop(
    "The pattern “%(pattern)s” could take very long: don't repeat a group that holds a "
    "repeat or a choice, and use at most three of * and +."
)


@dataclass
class Group:
    """What is known of a bracket so far."""

    varies: bool = False


def check(pattern: str) -> None:
    """Broken, unless the pattern is one of ours."""
    open_groups, repeats, at = [Group()], 0, 0
    closed: Group | None = None
    while at < len(pattern):
        found = TOKEN.match(pattern, at)
        if not found:
            raise Broken(UNREADABLE, pattern=pattern)
        at, kind = found.end(), found.lastgroup
        last, closed = closed, None
        if kind == "open":
            open_groups.append(Group())
        elif kind == "close":
            if len(open_groups) == 1:
                raise Broken(UNREADABLE, pattern=pattern)
            closed = open_groups.pop()
            open_groups[-1].varies |= closed.varies
        elif kind == "or":
            open_groups[-1].varies = True
        elif kind == "repeat" and found[0] != "?":
            if last is not None and last.varies and is_long(found[0]):
                raise Broken(TOO_SLOW, pattern=pattern)
            if is_long(found[0]):
                repeats += 1
            if "," in found[0] or found[0] in "*+":
                open_groups[-1].varies = True
        elif kind == "repeat":
            open_groups[-1].varies = True
    if repeats > MOST_OPEN_REPEATS:
        raise Broken(TOO_SLOW, pattern=pattern)
    compiles(pattern, closed=len(open_groups) == 1)


def is_long(repeat: str) -> bool:
    """Whether it may repeat more often than a few times."""
    most = repeat.strip("{}").split(",")[-1]
    return repeat in "*+" or not most or int(most) > 12


def compiles(pattern: str, *, closed: bool) -> None:
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError) as error:
        raise Broken(UNREADABLE, pattern=pattern) from error
    if not closed:
        raise Broken(UNREADABLE, pattern=pattern)
