"""What an XLSForm may hold, and the sentences of its faults."""

import re
from dataclasses import dataclass, field
from typing import get_args

from amana.design.forms.engine.form_model import Item, Kind, QuestionGroup
from amana.design.forms.engine.workbook import Row
from amana.faults import gettext_noop

KINDS: frozenset[str] = frozenset(get_args(Kind.__value__))
SPELLINGS = {
    "datetime": "dateTime",
    "int": "integer",
    "string": "text",
    "select one": "select_one",
    "select multiple": "select_multiple",
    "trigger": "acknowledge",
    "photo": "image",
    "hidden": "hidden",
    "location": "geopoint",
}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
CHOICE = re.compile(r"[^\s'\"]+")
RESERVED = frozenset({"meta", "instanceID", "_once", "_unlock", "csrfmiddlewaretoken"})
COLUMNS = (
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default",
    "appearance",
    "parameters",
    "read_only",
    "readonly",
    "compartment",
    "source",
)
UNSUPPORTED = ("trigger", "media", "image", "audio", "video", "big-image")
RANGE = {"start": "0", "end": "10", "step": "1"}
MESSAGES = ("required_message", "constraint_message")
MOST_ROWS = 1000
MOST_CHOICES = 10_000
DEEPEST = 12
NO_SHEET = gettext_noop("There is no sheet “%(sheet)s”.")
NO_COLUMN = gettext_noop("There is no column “%(head)s”.")
NO_COMPARTMENTS = gettext_noop(
    "There is no column “compartment”. Each question must name the "
    "compartment in which its answer is sealed: %(known)s."
)
NOT_DONE = gettext_noop("The column “%(head)s” is not supported here.")
EMPTY = gettext_noop("The form asks nothing.")
TOO_LONG = gettext_noop("The sheet has more than %(most)s rows.")
TOO_DEEP = gettext_noop("Groups are nested more than %(most)s levels deep.")
NO_TYPE = gettext_noop("This row has no type.")
UNKNOWN_TYPE = gettext_noop("There is no question type “%(type)s”.")
NO_NAME = gettext_noop("This row has no name.")
BAD_NAME = gettext_noop(
    "“%(name)s” can’t be a name: letters without accents, digits, _ and -, "
    "and no digit at the beginning."
)
TAKEN_NAME = gettext_noop("“%(name)s” can’t be a name, because the system uses it.")
TWICE = gettext_noop("The name “%(name)s” is already used in row %(row)s.")
NOT_OPEN = gettext_noop("Nothing is open here, so there is nothing to end.")
WRONG_END = gettext_noop(
    "This ends a %(ends)s, but “%(name)s” (row %(row)s) is a %(is)s."
)
NOT_CLOSED = gettext_noop("“%(name)s” begins here and never ends.")
NO_LIST = gettext_noop("Name the list of choices: %(type)s LIST.")
UNKNOWN_LIST = gettext_noop("There is no list “%(list)s” on the sheet “choices”.")
OR_OTHER = gettext_noop(
    "“or_other” is not supported. Add the choice “other”, and a question after it."
)
TOO_MANY_WORDS = gettext_noop(
    "“%(type)s” has too many parts: write a type and one list."
)
BAD_YES_NO = gettext_noop("This must be yes, no or a condition, not “%(said)s”.")
BAD_PARAMETERS = gettext_noop(
    "The parameters of a range are three numbers, such as: start=0 end=10 step=1"
)
BAD_COMPARTMENT = gettext_noop(
    "There is no compartment “%(said)s”. Choose from: %(known)s."
)
NO_CALCULATION = gettext_noop("“%(name)s” has no calculation.")
CHOICE_NO_NAME = gettext_noop("This choice has no name.")
CHOICE_NO_LIST = gettext_noop("This choice does not belong to any list.")
CHOICE_BAD_NAME = gettext_noop(
    "“%(name)s” can’t be the name of a choice: no spaces or quotation marks."
)
CHOICE_TWICE = gettext_noop("The list “%(list)s” has the choice “%(name)s” twice.")
CHOICE_NO_LABEL = gettext_noop("The choice “%(name)s” has no label.")
HTCDS = gettext_noop("The standard HTCDS 2.0 has no field “%(name)s”.")


@dataclass
class OpenGroup:
    """A group that has begun."""

    row: Row
    repeats: bool
    group: QuestionGroup
    items: list[Item] = field(default_factory=list)


def parse_language_code(language: str) -> str:
    """Parse the code of a language, as in `Français (fr)`; without a code its name is
    the code."""
    found = re.search(r"\(([\w-]+)\)\s*$", language)
    return found[1] if found else language.strip()


def get_stem(file: str) -> str:
    """Get a file's name without folder and ending."""
    return file.rpartition("/")[2].removesuffix(".xlsx")
