"""Read a condition, or say why it is none."""

import re
from collections.abc import Iterator
from typing import NoReturn

from amana.design.pathway.conditions.condition import (
    CHAINED,
    CONSTANT,
    DEEPEST,
    EMPTY,
    LONGEST,
    NOT_A_LIST,
    NOT_CLOSED,
    NOT_WORDS,
    ONE_EQUALS,
    STRANGE,
    TOO_DEEP,
    TOO_LARGE,
    TOO_LONG,
    UNEXPECTED,
    UNFINISHED,
    AllTests,
    AnyTest,
    ComparedValue,
    Condition,
    Constant,
    Data,
    Name,
    Node,
    NotACondition,
    NotTest,
    Operand,
    Value,
    iterate_nodes,
)
from amana.design.pathway.conditions.holding import compile_test


def iterate_holding_names(condition: Condition, data: Data) -> Iterator[str]:
    """Yield what is compared in it, where the comparison by itself holds."""
    for compared in condition.compared():
        if compile_test(compared)(data):
            yield from iterate_names(compared)


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
