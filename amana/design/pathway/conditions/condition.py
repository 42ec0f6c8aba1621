"""What a condition is made of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from amana.faults import ReadableError, gettext_noop

LONGEST = 500
"""Characters of a condition."""


DEEPEST = 20
"""Brackets and nots inside each other."""


NOT_WORDS = gettext_noop('A condition is written like this: answer == "yes".')


EMPTY = gettext_noop("The condition is empty.")


TOO_LONG = gettext_noop("The condition is longer than %(most)s characters.")


TOO_DEEP = gettext_noop("The condition has too many nested brackets.")


TOO_LARGE = gettext_noop("The number “%(found)s” is too large for a condition.")


NOT_CLOSED = gettext_noop("The condition has a quote that is not closed.")


STRANGE = gettext_noop("“%(found)s” can’t be used in a condition.")


UNEXPECTED = gettext_noop("“%(found)s” is not expected here in the condition.")


UNFINISHED = gettext_noop("The condition ends too early.")


ONE_EQUALS = gettext_noop("To compare, write == (two signs) in a condition.")


NOT_A_LIST = gettext_noop('After “in” comes a list, such as ["yes", "unsure"].')


CHAINED = gettext_noop("Compare two things at a time, and join them with “and”.")


CONSTANT = gettext_noop("The condition compares nothing that a step gives.")


type Data = Mapping[str, object]


type Value = str | int


class NotACondition(ReadableError):
    """These words are not a condition; says why."""


@dataclass(frozen=True, slots=True)
class Name:
    """The value that a step gave, or the answer to a question."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value | tuple[Value, ...]


type Operand = Name | Constant


@dataclass(frozen=True, slots=True)
class ComparedValue:
    left: Operand
    sign: str
    right: Operand


@dataclass(frozen=True, slots=True)
class NotTest:
    part: "Node"


@dataclass(frozen=True, slots=True)
class AllTests:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyTest:
    parts: tuple["Node", ...]


type Node = Name | ComparedValue | NotTest | AllTests | AnyTest


type Test = Callable[[Data], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """Words that hold or don't hold for what is known of a case."""

    words: str
    tree: Node = field(compare=False)
    names: frozenset[str] = field(compare=False)
    test: Test = field(compare=False, repr=False)

    def holds(self, data: Data) -> bool:
        return self.test(data)

    def __str__(self) -> str:
        return self.words

    def compared(self) -> Iterator[ComparedValue]:
        return (
            node for node in iterate_nodes(self.tree) if isinstance(node, ComparedValue)
        )

    def bare(self) -> Iterator[Name]:
        """Yield names that are alone, as in `not children`."""
        return (node for node in iterate_nodes(self.tree) if isinstance(node, Name))


def iterate_nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, NotTest):
        yield from iterate_nodes(node.part)
    elif isinstance(node, AllTests | AnyTest):
        for part in node.parts:
            yield from iterate_nodes(part)
