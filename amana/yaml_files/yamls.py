"""YAML as we read it: plain values only, and the line of each.

YAML can do far more than a list of agreed words needs: anchors that multiply a file
into gigabytes, tags that build objects, keys that silently overwrite one another. All
that is refused. The file is read as a stream of events, so that nothing in it can be
deeper than what is allowed here. As in YAML 1.2, `yes` and `no` are words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from amana.faults import Fault, gettext_noop

type Place = tuple[str | int, ...]

DEEPEST = 16
MOST_VALUES = 50_000

NOT_UTF8 = gettext_noop(
    "This file is not text in UTF-8. Save it again with that encoding."
)
ANCHOR = gettext_noop(
    "Anchors (&) and references (*) are not allowed: write the words out, or "
    "put them in quotes if they are text."
)
TAG = gettext_noop(
    "Tags (!) are not allowed: put the words in quotes if they are text."
)
TWICE = gettext_noop("“%(key)s” appears twice; the first is on line %(first)s.")
KEY = gettext_noop("What comes before a colon has to be one word or code.")
DEEP = gettext_noop("This is nested too deeply: at most %(most)s levels.")
TOO_MUCH = gettext_noop("This file has too many values: at most %(most)s.")
SECOND = gettext_noop("A file holds one document: remove the line of three hyphens.")
HIDDEN = gettext_noop(
    "There is a hidden character here that reverses the direction of the text."
)

UNDISPLAYABLE = gettext_noop("There is a character here that can’t be displayed.")

PROBLEMS = [
    (
        "mapping values are not allowed",
        gettext_noop(
            "There is a colon inside a text: put this text in quotes. Or the line is "
            "indented too far."
        ),
    ),
    (
        "did not find expected key",
        gettext_noop(
            "This line does not fit in with those above it: check the indentation, "
            "and quotation marks inside a text."
        ),
    ),
    (
        "did not find expected ',' or",
        gettext_noop(
            "A bracket is not closed here, or a text inside brackets holds a comma "
            "or colon: put that text in quotes."
        ),
    ),
    (
        "did not find expected '-'",
        gettext_noop("In this list each line begins with a hyphen."),
    ),
    (
        "found character that cannot start any token",
        gettext_noop(
            "A text can’t begin with this character: put the text in quotes. Indent "
            "with spaces, never with tabs."
        ),
    ),
    (
        "could not find expected ':'",
        gettext_noop(
            "A name, a colon and a value are expected here: the colon is missing."
        ),
    ),
    (
        "found unexpected end of stream",
        gettext_noop("A quotation mark is opened here and never closed."),
    ),
    (
        "exceeded maximum nesting depth",
        gettext_noop("This is nested too deeply."),
    ),
    (
        "control characters are not allowed",
        UNDISPLAYABLE,
    ),
]
NOT_YAML = gettext_noop("This can’t be read as YAML: %(problem)s.")

INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?[0-9]{0,15}\.[0-9]{1,15}|[-+]?[0-9]{1,15}\.")
WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "True": True,
    "false": False,
    "False": False,
}
TURNING = re.compile("[\u202d\u202e]")
"""Isolates and embeddings are needed where Arabic and Latin meet in a line."""
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class UnreadableYAML(Exception):
    """A file that can't be read at all: its first fault."""

    def __init__(self, file: str, line: int, sentence: str, **values: object):
        self.fault = Fault(file, line, sentence, values)
        super().__init__(str(self.fault))


@dataclass(frozen=True)
class YAMLSource:
    """The values of a file, and the line of each."""

    file: str
    plain: Any
    lines: Mapping[Place, int] = field(repr=False)

    def line(self, *place: str | int) -> int:
        """Find the line of this place, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, sentence: str, /, **values: object) -> Fault:
        return Fault(self.file, self.line(*place), sentence, values, place)


def decode_text(file: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableYAML(file, line, NOT_UTF8) from error
    refuse_hidden(file, 1, text)
    return text


def refuse_hidden(file: str, line: int, text: str) -> None:
    """Refuse what no reader sees, in a text that begins on this line."""
    # Such a character shows a rule in another order than the one in which it is read: a
    # person would sign something else than what runs. And PostgreSQL keeps no NUL.
    for pattern, sentence in ((TURNING, HIDDEN), (CONTROL, UNDISPLAYABLE)):
        if found := pattern.search(text):
            at = line + text.count("\n", 0, found.start())
            raise UnreadableYAML(file, at, sentence)


def read_yaml(file: str, content: bytes) -> YAMLSource:
    text = decode_text(file, content)
    builder = SourceBuilder(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Where the quotation mark was opened, not at the end of the file, where nothing
        # is wrong.
        if (error.problem or "") == "found unexpected end of stream":
            mark = error.context_mark or mark
        line = mark.line + 1 if mark else 0
        raise explain_problem(file, line, error.problem or "") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise explain_problem(file, line, error.reason) from error
    return YAMLSource(file, builder.root, builder.lines)


def explain_problem(file: str, line: int, problem: str) -> UnreadableYAML:
    for beginning, sentence in PROBLEMS:
        if beginning in problem:
            return UnreadableYAML(file, line, sentence)
    return UnreadableYAML(file, line, NOT_YAML, problem=problem)


@dataclass
class OpenNode:
    """A list or a mapping whose end has not come yet."""

    values: Any
    place: Place
    key: str | None = None


class SourceBuilder:
    """Takes one event after the other, and never goes deeper than it may."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.lines: dict[Place, int] = {}
        self.open: list[OpenNode] = []
        self.documents = 0
        self.count = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        assert mark is not None
        line = mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise UnreadableYAML(self.file, line, SECOND)
        elif isinstance(event, yaml.NodeEvent):
            self.node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def node(self, event: yaml.NodeEvent, line: int) -> None:
        self.count += 1
        # Before the value is stored, so that a large file stops here and not in memory.
        if self.count > MOST_VALUES:
            raise UnreadableYAML(self.file, line, TOO_MUCH, most=MOST_VALUES)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise UnreadableYAML(self.file, line, ANCHOR)
        if getattr(event, "tag", None) is not None:
            raise UnreadableYAML(self.file, line, TAG)
        if isinstance(event, yaml.ScalarEvent):
            # What is written as an escape, “\\u202e”, is in no line of the file.
            refuse_hidden(self.file, line, event.value)
        if self.awaits_key():
            self.name(event, line)
        elif isinstance(event, yaml.ScalarEvent):
            self.put(convert_scalar(event), line)
        else:
            begun = self.put(
                {} if isinstance(event, yaml.MappingStartEvent) else [], line
            )
            # Here and not after reading: what is too deep would exhaust the stack of
            # whatever walks through it.
            if len(self.open) == DEEPEST:
                raise UnreadableYAML(self.file, line, DEEP, most=DEEPEST)
            self.open.append(begun)

    def awaits_key(self) -> bool:
        return bool(
            self.open
            and isinstance(self.open[-1].values, dict)
            and self.open[-1].key is None
        )

    def name(self, event: yaml.NodeEvent, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise UnreadableYAML(self.file, line, KEY)
        around = self.open[-1]
        # YAML would silently use the last of the two.
        if event.value in around.values:
            first = self.lines[*around.place, event.value]
            raise UnreadableYAML(self.file, line, TWICE, key=event.value, first=first)
        around.key = event.value
        self.lines[*around.place, event.value] = line

    def put(self, value: Any, line: int) -> OpenNode:
        if not self.open:
            self.root = value
            self.lines[()] = line
            return OpenNode(value, ())
        around = self.open[-1]
        if isinstance(around.values, dict):
            assert around.key is not None
            around.values[around.key] = value
            place = (*around.place, around.key)
            around.key = None
        else:
            place = (*around.place, len(around.values))
            around.values.append(value)
            self.lines[place] = line
        return OpenNode(value, place)


def convert_scalar(event: yaml.ScalarEvent) -> object:
    """Convert a value: quoted it is a text, bare it may be a number or true, false,
    nothing."""
    value = event.value
    # Quoted: “08” and “no” are texts then, whatever they look like.
    if not event.implicit[0]:
        return value
    if value in WORDS:
        return WORDS[value]
    if INTEGER.fullmatch(value):
        return int(value)
    if DECIMAL.fullmatch(value):
        return float(value)
    return value
