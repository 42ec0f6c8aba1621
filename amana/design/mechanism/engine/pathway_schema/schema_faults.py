"""The sentences of these faults."""

import re
from collections.abc import Mapping

from amana.faults import gettext_noop

WORDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    word: (frozenset(needed), frozenset(allowed))
    for word, needed, allowed in (
        (
            "do",
            ("role",),
            (
                "how",
                "form",
                "screening",
                "gives",
                "due",
                "remind",
                "late",
                "next",
                "end",
            ),
        ),
        ("choose", (), ()),
        ("together", (), ("each", "next")),
        ("decide", ("gives",), ("next",)),
        ("tell", ("message",), ("next",)),
        ("wait", (), ()),
        ("part", (), ("next",)),
    )
}
"""The six words and `part`: what each needs, and what else it may have."""


# Neither "@" nor ".": they separate the step and the items in a case's keys.
ID = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


MOST_STEPS = 500


NOT_A_MAPPING = gettext_noop("Names are expected here, each with its own entries.")


NOT_TEXT = gettext_noop("A text is expected here, or one for each language.")


NOT_A_LIST = gettext_noop("A list is expected here, with at least one item.")


NOT_AN_ID = gettext_noop(
    "“%(name)s” can’t be a name: use lower-case letters a to z, digits and "
    "_, beginning with a letter."
)


TAKEN = gettext_noop("“%(name)s” is the name of another step.")


NO_WORD = gettext_noop(
    "State what happens in “%(step)s”: do, choose, together, decide, tell, "
    "wait or part."
)


TWO_WORDS = gettext_noop("“%(step)s” can be only one of “%(first)s” and “%(second)s”.")


MISSING = gettext_noop("“%(step)s” needs its “%(name)s”.")


FILE_MISSING = gettext_noop("The file needs its “%(name)s”.")


UNKNOWN_KEY = gettext_noop("“%(name)s” means nothing here.")


UNKNOWN_KEY_NEAR = gettext_noop(
    "“%(name)s” means nothing here. Did you mean “%(near)s”?"
)


NEXT_AND_END = gettext_noop(
    "“%(step)s” can’t both continue (next) and end the case (end)."
)


NO_STEP = gettext_noop("There is no step “%(name)s”.")


NO_STEP_NEAR = gettext_noop("There is no step “%(name)s”. Did you mean “%(near)s”?")


NO_ROLE = gettext_noop("There is no role “%(name)s”.")


NO_ROLE_NEAR = gettext_noop("There is no role “%(name)s”. Did you mean “%(near)s”?")


NOBODY = gettext_noop("There is no role or partner “%(name)s”.")


NOBODY_NEAR = gettext_noop(
    "There is no role or partner “%(name)s”. Did you mean “%(near)s”?"
)


NO_FORM = gettext_noop("There is no form “%(name)s”.")


NO_FORM_NEAR = gettext_noop("There is no form “%(name)s”. Did you mean “%(near)s”?")


NO_SCREENING = gettext_noop("There is no screening “%(name)s”.")


NO_SCREENING_NEAR = gettext_noop(
    "There is no screening “%(name)s”. Did you mean “%(near)s”?"
)


NO_TABLE = gettext_noop("There is no decision table “%(name)s”.")


NO_TABLE_NEAR = gettext_noop(
    "There is no decision table “%(name)s”. Did you mean “%(near)s”?"
)


NO_PART = gettext_noop("There is no part “%(name)s”.")


NO_PART_NEAR = gettext_noop("There is no part “%(name)s”. Did you mean “%(near)s”?")


OTHER_PART = gettext_noop(
    "“%(name)s” is in another part. To go there, use a step with part."
)


NOT_A_SPAN = gettext_noop(
    "“%(found)s” is not a length of time: write PT30M (minutes), PT24H (hours), "
    "P5D (days) or P5B (working days)."
)


NO_CODES = gettext_noop("“%(name)s” needs its codes, such as [yes, no], or “list”.")


LIST_AT_START = gettext_noop("A case can’t begin with a list.")


TWICE = gettext_noop("“%(name)s” is listed here twice.")


NO_CONDITION = gettext_noop("A path needs a condition (if), or else: true.")


ELSE_AND_IF = gettext_noop("A path has either a condition (if) or else: true.")


NO_ELSE = gettext_noop(
    "In “%(step)s”, add what happens otherwise: a last path with else: true."
)


ELSE_NOT_LAST = gettext_noop("After the path with else: true, no other is ever taken.")


MESSAGE_OR_AFTER = gettext_noop("A wait ends either with a message or with after.")


TWO_AFTERS = gettext_noop("“%(step)s” can time out only once: use one path with after.")


NO_AFTER = gettext_noop(
    "“%(step)s” could wait forever: add what happens after some time (after)."
)


SAME_MESSAGE = gettext_noop("“%(step)s” waits for “%(name)s” twice.")


TOO_MANY_STEPS = gettext_noop("A pathway has at most %(most)s steps.")


NO_STEPS = gettext_noop("There are no steps.")


INTERRUPT_MESSAGE = gettext_noop(
    "“%(name)s” interrupts the case, so “%(step)s” can’t wait for it too."
)


KEEPS_NOBODY = gettext_noop(
    "“%(name)s” is not a step that a person does, so it can’t be kept open."
)


FORM = (NO_FORM, NO_FORM_NEAR)


SCREENING = (NO_SCREENING, NO_SCREENING_NEAR)


TABLE = (NO_TABLE, NO_TABLE_NEAR)


PART = (NO_PART, NO_PART_NEAR)


ROLE = (NO_ROLE, NO_ROLE_NEAR)


SOMEBODY = (NOBODY, NOBODY_NEAR)


TITLES = frozenset({"title"})
