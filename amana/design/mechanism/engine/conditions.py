"""A condition: `route == "child" and consent != "no"`, read and never run.

What it may say is all here: names, codes in quotes, whole numbers, lists of them; == !=
< <= > >= in, not in; and, or, not; brackets. Anything else is refused with a sentence.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from amana.design.mechanism.engine.faults import ReadableError, gettext_noop

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

type Data = Mapping[str, Any]
type Value = str | int


class NotACondition(ReadableError):
    """These words are not a condition; says why."""


# -- what a condition is made of -------------------------------------------------------


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


def iterate_holding_names(condition: Condition, data: Data) -> Iterator[str]:
    """Yield what is compared in it, where the comparison by itself holds."""
    for compared in condition.compared():
        if compile_test(compared)(data):
            yield from iterate_names(compared)


def iterate_nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, NotTest):
        yield from iterate_nodes(node.part)
    elif isinstance(node, AllTests | AnyTest):
        for part in node.parts:
            yield from iterate_nodes(part)


# -- reading ---------------------------------------------------------------------------

TOKEN = re.compile(
    r"""\s*(?:
      (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>\d+)
    | "(?P<double>[^"\\\n]*)" | '(?P<single>[^'\\\n]*)'
    | (?P<sign>==|!=|<=|>=|<|>|[()\[\],])
    )""",
    re.VERBOSE | re.ASCII,
)
SIGNS = {"==", "!=", "<", "<=", ">", ">="}
WORDS = {"and", "or", "not", "in"}


def read_condition(words: object) -> Condition:
    """Read the condition that these words express. Raises `NotACondition`."""
    if not isinstance(words, str):
        raise NotACondition(NOT_WORDS)
    # Before anything is parsed: files come from others, and time must not grow with
    # them.
    if len(words) > LONGEST:
        raise NotACondition(TOO_LONG, most=LONGEST)
    if not words.strip():
        raise NotACondition(EMPTY)
    tree = ConditionParser(list(iterate_tokens(words))).whole()
    return Condition(
        words.strip(), tree, frozenset(iterate_names(tree)), compile_test(tree)
    )


type Token = tuple[str, str]


def iterate_tokens(words: str) -> Iterator[Token]:
    at, end = 0, len(words.rstrip())
    while at < end:
        found = TOKEN.match(words, at)
        if found is None:
            refuse_character(words[at:].lstrip())
        at = found.end()
        kind = str(found.lastgroup)
        yield ("code" if kind in ("double", "single") else kind), found[kind]


def refuse_character(rest: str) -> NoReturn:
    if rest[0] in "\"'":
        raise NotACondition(NOT_CLOSED)
    if rest[0] == "=":
        raise NotACondition(ONE_EQUALS)
    raise NotACondition(STRANGE, found=rest[0])


class ConditionParser:
    """or < and < not < comparison, as everywhere."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        tree = self.either()
        if self.at < len(self.tokens):
            self.unexpected()
        if not any(iterate_names(tree)):
            raise NotACondition(CONSTANT)
        return tree

    def either(self) -> Node:
        self.deeper()
        parts = [self.both()]
        while self.take("word", "or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else AnyTest(tuple(parts))

    def both(self) -> Node:
        parts = [self.one()]
        while self.take("word", "and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else AllTests(tuple(parts))

    def one(self) -> Node:
        if self.take("word", "not"):
            self.deeper()
            part = self.one()
            self.depth -= 1
            return NotTest(part)
        if self.take("sign", "("):
            tree = self.either()
            self.need("sign", ")")
            return tree
        return self.comparison()

    def comparison(self) -> Node:
        left = self.operand()
        sign = self.comparing()
        if sign is None:
            if isinstance(left, Constant):
                self.unexpected(back=1)
            return left
        right = self.operand()
        if sign in ("in", "not in") and isinstance(right, Constant):
            if not isinstance(right.value, tuple):
                raise NotACondition(NOT_A_LIST)
        elif isinstance(right, Constant) and isinstance(right.value, tuple):
            self.unexpected(back=1)
        if self.comparing() is not None:
            raise NotACondition(CHAINED)
        return ComparedValue(left, sign, right)

    def comparing(self) -> str | None:
        if self.take("word", "in"):
            return "in"
        if self.peek() == ("word", "not"):
            self.at += 1
            self.need("word", "in")
            return "not in"
        kind, found = self.peek()
        if kind == "sign" and found in SIGNS:
            self.at += 1
            return found
        return None

    def operand(self) -> Operand:
        kind, found = self.peek()
        if kind == "word" and found not in WORDS:
            self.at += 1
            return Name(found)
        if (kind, found) in (("sign", "["), ("sign", "(")):
            return self.listed()
        return Constant(self.value())

    def listed(self) -> Constant:
        closing = "]" if self.take("sign", "[") else ")"
        self.take("sign", "(")
        values = [self.value()]
        while self.take("sign", ","):
            if self.peek() == ("sign", closing):
                break
            values.append(self.value())
        self.need("sign", closing)
        return Constant(tuple(values))

    def value(self) -> Value:
        kind, found = self.peek()
        if kind == "code":
            self.at += 1
            return found
        if kind == "number":
            if len(found) > 6:
                raise NotACondition(TOO_LARGE, found=found[:12])
            self.at += 1
            return int(found)
        return self.unexpected()

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, kind: str, found: str) -> bool:
        if self.peek() != (kind, found):
            return False
        self.at += 1
        return True

    def need(self, kind: str, found: str) -> None:
        if not self.take(kind, found):
            self.unexpected()

    def deeper(self) -> None:
        self.depth += 1
        # The reader calls itself for each bracket; without a limit, a file could
        # exhaust Python's stack.
        if self.depth > DEEPEST:
            raise NotACondition(TOO_DEEP)

    def unexpected(self, back: int = 0) -> NoReturn:
        self.at -= back
        kind, found = self.peek()
        if kind == "end":
            raise NotACondition(UNFINISHED)
        raise NotACondition(UNEXPECTED, found=found)


def iterate_names(tree: Node) -> Iterator[str]:
    for node in iterate_nodes(tree):
        if isinstance(node, Name):
            yield node.name
        elif isinstance(node, ComparedValue):
            yield from (x.name for x in (node.left, node.right) if isinstance(x, Name))


# -- holding ---------------------------------------------------------------------------


def compile_test(node: Node) -> Test:
    match node:
        case Name(name):
            return lambda data: bool(data.get(name))
        case NotTest(part):
            test = compile_test(part)
            return lambda data: not test(data)
        case AllTests(parts):
            tests = [compile_test(part) for part in parts]
            return lambda data: all(test(data) for test in tests)
        case AnyTest(parts):
            tests = [compile_test(part) for part in parts]
            return lambda data: any(test(data) for test in tests)
        # The most frequent form, and the innermost loop of a simulation: one call, not
        # four.
        case ComparedValue(Name(name), "==", Constant(value)):
            return lambda data: bool(data.get(name) == value)
        case ComparedValue(left, sign, right):
            return build_comparison(
                build_getter(left), SENSE[sign], build_getter(right)
            )


type Sense = Callable[[Any, Any], bool]


def build_comparison(
    left: Callable[[Data], Any], sense: Sense, right: Callable[[Data], Any]
) -> Test:
    return lambda data: sense(left(data), right(data))


def build_getter(operand: Operand) -> Callable[[Data], Any]:
    if isinstance(operand, Name):
        name = operand.name
        return lambda data: data.get(name)
    value = operand.value
    return lambda data: value


def is_in(value: Any, among: Any) -> bool:
    """Check membership: of a list that no one gave, nothing is a member; of a text,
    only itself.
    """
    if isinstance(among, str):
        return bool(value == among)
    if isinstance(among, set | frozenset):
        among = tuple(among)  # compares, where a set would want what can be hashed
    return isinstance(among, list | tuple) and value in among


def restrict_to_numbers(sense: Sense) -> Sense:
    """Limit a comparison to numbers: only they have an order; what isn't known is
    neither more nor less.
    """

    def compare(left: Any, right: Any) -> bool:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        return numbers and sense(left, right)

    return compare


SENSE: dict[str, Sense] = {
    "==": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "in": is_in,
    "not in": lambda left, right: not is_in(left, right),
    "<": restrict_to_numbers(lambda left, right: left < right),
    "<=": restrict_to_numbers(lambda left, right: left <= right),
    ">": restrict_to_numbers(lambda left, right: left > right),
    ">=": restrict_to_numbers(lambda left, right: left >= right),
}
