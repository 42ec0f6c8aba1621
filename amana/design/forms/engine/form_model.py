"""The model of a form. Immutable; `reading` has checked everything in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from amana.design.forms.engine.expressions import Tree, list_named_questions

type Words = Mapping[str, str]
"""One text in several languages, by their codes."""

type Kind = Literal[
    "text",
    "integer",
    "decimal",
    "range",
    "date",
    "time",
    "dateTime",
    "select_one",
    "select_multiple",
    "acknowledge",
    "geopoint",
    "barcode",
    "image",
    "audio",
    "video",
    "file",
    "note",
    "calculate",
    "hidden",
    "start",
    "end",
    "today",
    "deviceid",
    "phonenumber",
    "username",
    "email",
]

COMPARTMENTS = (
    "identity",
    "contact",
    "needs",
    "narrative",
    "health",
    "legal",
    "migration",
    "evidence",
)
"""The vault's compartments, by their codes; a test sees that they are the same."""

SELECTS = frozenset({"select_one", "select_multiple"})
FILES = frozenset({"image", "audio", "video", "file"})
ABOUT_THE_DEVICE = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "username", "email"}
)
"""Not asked and not about the person: without compartment, never sealed or kept. What
could name the one who asks or their device stays empty on our pages."""
SILENT = ABOUT_THE_DEVICE | {"calculate", "hidden"}
"""Never shown as something to answer."""
UNANSWERED = ABOUT_THE_DEVICE | {"note"}
"""Holds no answer of the person's."""

MOST_REPEATS = 50


def choose_text(words: Words, language: str) -> str:
    """Choose the text in this language, or the first that there is."""
    return words.get(language) or next(filter(None, words.values()), "")


@dataclass(frozen=True)
class Choice:
    name: str
    label: Words
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    name: str
    kind: Kind
    row: int
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    relevant: Tree | None = None
    required: Tree | None = None
    required_message: Words = field(default_factory=dict)
    constraint: Tree | None = None
    constraint_message: Words = field(default_factory=dict)
    calculation: Tree | None = None
    choice_filter: Tree | None = None
    default: Tree | None = None
    read_only: bool = False
    appearance: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    compartment: str = ""
    source: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether the person at the form answers it (not: calculated, or only read)."""
        return self.kind not in SILENT and self.kind != "note" and not self.read_only

    @property
    def is_shown(self) -> bool:
        return self.kind not in SILENT and bool(self.label)

    @cached_property
    def choice(self) -> Mapping[str, Choice]:
        return {choice.name: choice for choice in self.choices}

    @property
    def depends_on(self) -> set[str]:
        """The names that must be settled before this one can be."""
        parts = (self.relevant, self.calculation, self.choice_filter, self.default)
        return set().union(*map(list_named_questions, parts))


@dataclass(frozen=True)
class QuestionGroup:
    """Questions under one heading; a repeat is answered once for each child, need…"""

    name: str
    row: int
    items: tuple["Question | QuestionGroup", ...]
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    relevant: Tree | None = None
    repeats: bool = False
    count: Tree | None = None
    """How often, where the form defines it; else people add and remove."""
    appearance: str = ""
    compartment: str = ""

    @property
    def depends_on(self) -> set[str]:
        return list_named_questions(self.relevant) | list_named_questions(self.count)

    @property
    def is_shown(self) -> bool:
        return any(item.is_shown for item in self.items)


type Item = Question | QuestionGroup


@dataclass(frozen=True)
class Form:
    name: str
    """The id by which ODK knows it."""
    title: Words
    version: str
    languages: tuple[str, ...]
    items: tuple[Item, ...]
    instance_name: Tree | None = None
    root: str = "data"
    sha256: str = ""

    @cached_property
    def everything(self) -> Mapping[str, Item]:
        """Each question and group by its name, in the form's order."""
        return {item.name: item for item in walk_items(self.items)}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {n: q for n, q in self.everything.items() if isinstance(q, Question)}

    @cached_property
    def groups(self) -> Mapping[str, QuestionGroup]:
        return {
            n: g for n, g in self.everything.items() if isinstance(g, QuestionGroup)
        }

    @cached_property
    def above(self) -> Mapping[str, tuple[QuestionGroup, ...]]:
        """The groups that contain each item, outermost first."""
        return dict(iterate_with_groups(self.items, ()))

    @cached_property
    def repeats_above(self) -> Mapping[str, tuple[str, ...]]:
        """The repeats that contain each item, outermost first."""
        return {
            name: tuple(group.name for group in groups if group.repeats)
            for name, groups in self.above.items()
        }

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """So that each comes after what it depends on: one pass settles all."""
        order: dict[str, None] = {}

        def settle(name: str) -> None:
            if name in order:
                return
            # By their places in the form, so that the order is the same in each
            # process.
            for other in sorted(self.needed_by(name), key=self._places.__getitem__):
                settle(other)
            order[name] = None

        for name in self.everything:
            settle(name)
        return tuple(order)

    def needed_by(self, name: str) -> set[str]:
        around = self.above[name][-1:]
        needed = self.everything[name].depends_on | {group.name for group in around}
        # Only the repeat itself knows how many there are of what it contains.
        return needed.union(*(self.repeats_above[other] for other in needed))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.everything)}

    def language_for(self, wanted: str) -> str:
        """Find the form's own language that is nearest to the one wanted."""
        base = wanted.lower().split("-")[0]
        # Only the language counts: a form in fr-TN serves a page in fr.
        found = (code for code in self.languages if code.lower().split("-")[0] == base)
        return next(found, self.languages[0] if self.languages else "")


def walk_items(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, QuestionGroup):
            yield from walk_items(item.items)


def iterate_with_groups(
    items: Sequence[Item], above: tuple[QuestionGroup, ...]
) -> Iterator[tuple[str, tuple[QuestionGroup, ...]]]:
    for item in items:
        yield item.name, above
        if isinstance(item, QuestionGroup):
            yield from iterate_with_groups(item.items, (*above, item))
