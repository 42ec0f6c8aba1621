"""Expressions: text such as `${age} < 18 and selected(${signs}, 'debt')` to a small
tree, and the tree to a value. The browser is given the tree, which is JSON.

    5                      a number
    ["'", "yes"]           a text
    ["$", "age"]           the answer to a question
    ["."]                  the answer that is being checked
    ["#"]                  which of the repeats this is, from 1
    ["c", "province"]      a column of the choices sheet
    ["f", "selected", …]   a function
    ["and", …, …]          and the other operators; ["neg", …] is minus alone
"""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from amana.design.forms.engine import values
from amana.design.forms.engine.faults import Broken, gettext_noop
from amana.design.forms.engine.functions import FUNCTIONS, compute
from amana.design.forms.engine.values import Value, number, text, truth

type Tree = float | list[Any]

LONGEST = 4000
DEEPEST = 50

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | \$\{\s*(?P<name>[\w.-]+)\s*\}
    | (?P<sign><=|>=|!=|[()=<>+*,-])
    | (?P<dot>\.\.|\.)
    | (?P<word>[A-Za-z_][\w-]*(?::[A-Za-z_][\w-]*)?)
    )""",
    re.VERBOSE | re.ASCII,
)
BINDS = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}
CURLY = re.compile("[‘’“”„«»]")

UNREADABLE = gettext_noop("This can’t be read from “%(rest)s” onwards: %(text)s")
QUOTES = gettext_noop("Use straight quotation marks ( ' or \" ) here: %(text)s")
TOO_LONG = gettext_noop("This is too long: %(text)s")
TOO_DEEP = gettext_noop("This has too many nested brackets: %(text)s")
ENDS_EARLY = gettext_noop("Something is missing at the end of this: %(text)s")
EXPECTED = gettext_noop("“%(sign)s” is expected instead of “%(found)s”: %(text)s")
OUT_OF_PLACE = gettext_noop("“%(found)s” is out of place here: %(text)s")
NO_FUNCTION = gettext_noop("There is no function %(name)s(). Did you mean %(near)s?")
NO_SUCH_FUNCTION = gettext_noop("There is no function %(name)s().")
ARGUMENTS = gettext_noop("%(name)s() takes %(wanted)s values, not %(given)s: %(text)s")
DOTS = gettext_noop("“..” can only be used in position(..): %(text)s")
CHOICE_NAME = gettext_noop(
    "Write jr:choice-name(${question}, '${question}'), as in: "
    "jr:choice-name(${language}, '${language}')."
)


class Parser:
    def __init__(self, source: str) -> None:
        self.source = source.strip()
        self.depth = 0
        if len(self.source) > LONGEST:
            raise Broken(TOO_LONG, text=self.source[:60] + "…")
        self.tokens = list(self.read_tokens())
        self.at = 0

    def read_tokens(self) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(self.source):
            found = TOKEN.match(self.source, at)
            if not found:
                rest = self.source[at : at + 20].strip()
                sentence = QUOTES if CURLY.match(rest) else UNREADABLE
                raise Broken(sentence, rest=rest, text=self.source)
            kind = found.lastgroup
            assert kind is not None
            yield kind, found[kind]
            at = found.end()
        yield "end", ""

    @property
    def next(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def take(self) -> tuple[str, str]:
        token = self.next
        self.at += 1
        return token

    def expect(self, sign: str) -> None:
        _kind, found = self.next
        if found != sign:
            self.require_more()
            raise Broken(EXPECTED, sign=sign, found=found, text=self.source)
        self.at += 1

    def require_more(self) -> None:
        if self.next[0] == "end":
            raise Broken(ENDS_EARLY, text=self.source)

    def whole(self) -> Tree:
        tree = self.expression(0)
        kind, found = self.next
        if kind != "end":
            raise Broken(OUT_OF_PLACE, found=found, text=self.source)
        return tree

    def expression(self, least: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Broken(TOO_DEEP, text=self.source)
        left = self.operand()
        length = 0
        while self.operator() > least:
            _kind, sign = self.take()
            left = [sign, left, self.expression(BINDS[sign])]
            length += 1
            # A long chain of operators makes a tree that leans to the left, as deep as
            # it is long.
            if length > DEEPEST * 2:
                raise Broken(TOO_LONG, text=self.source[:60] + "…")
        self.depth -= 1
        return left

    def operator(self) -> int:
        kind, sign = self.next
        return BINDS.get(sign, 0) if kind in ("sign", "word") else 0

    def operand(self) -> Tree:
        self.require_more()
        kind, found = self.take()
        if kind == "number":
            return float(found)
        if kind == "text":
            return ["'", found[1:-1]]
        if kind == "name":
            return ["$", found]
        if kind == "word":
            return self.call(found) if self.next[1] == "(" else ["c", found]
        if kind == "dot" and found == ".":
            return ["."]
        if kind == "dot":
            raise Broken(DOTS, text=self.source)
        if found == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if found == "-":
            self.depth += 1
            if self.depth > DEEPEST:
                raise Broken(TOO_DEEP, text=self.source)
            negated: Tree = ["neg", self.operand()]
            self.depth -= 1
            return negated
        raise Broken(OUT_OF_PLACE, found=found, text=self.source)

    def call(self, name: str) -> Tree:
        if name not in FUNCTIONS:
            raise unknown_function(name)
        self.expect("(")
        # `..` has no value of its own, so it is no expression.
        if name == "position" and self.next[1] == "..":
            self.take()
            self.expect(")")
            return ["#"]
        arguments: list[Tree] = []
        while self.next[1] != ")":
            if arguments:
                self.expect(",")
            arguments.append(self.expression(0))
        self.expect(")")
        self.count(name, len(arguments))
        if name == "position":
            raise Broken(DOTS, text=self.source)
        if name == "jr:choice-name":
            return choice_name(arguments)
        return ["f", name, *arguments]

    def count(self, name: str, given: int) -> None:
        function = FUNCTIONS[name]
        if not function.least <= given <= function.most:
            least, most = function.least, function.most
            wanted = str(least) if least == most else f"{least}–{most}"
            raise Broken(
                ARGUMENTS, name=name, wanted=wanted, given=given, text=self.source
            )


def unknown_function(name: str) -> Broken:
    # Only when a form has a fault.
    from difflib import get_close_matches

    near = get_close_matches(name, FUNCTIONS, 1)
    if near:
        return Broken(NO_FUNCTION, name=name, near=f"{near[0]}()")
    return Broken(NO_SUCH_FUNCTION, name=name)


def choice_name(arguments: list[Tree]) -> Tree:
    value, of = arguments
    named = isinstance(of, list) and of[0] == "'" and of[1]
    found = re.fullmatch(r"\$\{\s*([\w.-]+)\s*\}", named or "", re.ASCII)
    if not found:
        raise Broken(CHOICE_NAME.replace("%", "%%"))
    return ["f", "jr:choice-name", value, ["$", found[1]]]


def parse(source: str) -> Tree:
    """Parse an expression to its tree. Raises `Broken` with a sentence for its
    author."""
    return Parser(source).whole()


def inside(tree: Tree | None) -> Iterator[list[Any]]:
    """Yield the tree and every part of it that is not a number."""
    if isinstance(tree, list):
        yield tree
        if tree[0] != "'":
            for part in tree[1:]:
                yield from inside(part)


def named(tree: Tree | None) -> set[str]:
    """List the questions that an expression asks for."""
    return {part[1] for part in inside(tree) if part[0] == "$"}


class Scope(Protocol):
    """The surroundings of an expression: what it can read."""

    dot: str

    def look(self, name: str) -> Value: ...
    def all_of(self, name: str) -> list[str]: ...
    def position(self) -> int: ...
    def column(self, name: str) -> str: ...
    def label(self, name: str, value: str) -> str: ...
    def today(self) -> str: ...
    def now(self) -> str: ...
    def note_too_long(self) -> None: ...


def evaluate(tree: Tree, scope: Scope) -> Value:
    if not isinstance(tree, list):
        return float(tree)
    match tree[0]:
        case "'":
            return str(tree[1])
        case "$":
            return scope.look(tree[1])
        case ".":
            return scope.dot
        case "#":
            return float(scope.position())
        case "c":
            return scope.column(tree[1])
        case "f":
            return call(tree[1], tree[2:], scope)
        # Lazily, as in XPath: the second part may make sense only where the first is
        # true.
        case "and":
            return truth(evaluate(tree[1], scope)) and truth(evaluate(tree[2], scope))
        case "or":
            return truth(evaluate(tree[1], scope)) or truth(evaluate(tree[2], scope))
        case "neg":
            return -number(evaluate(tree[1], scope))
    return operate(tree[0], evaluate(tree[1], scope), evaluate(tree[2], scope))


def operate(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "=":
            return values.same(left, right)
        case "!=":
            return values.differs(left, right)
        case "<":
            return values.below(left, right)
        case "<=":
            return values.at_most(left, right)
        case ">":
            return values.below(right, left)
        case ">=":
            return values.at_most(right, left)
    a, b = number(left), number(right)
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "div":
            return values.divided(a, b)
        case "mod":
            return values.remainder(a, b)
    raise AssertionError(f"no operator {sign}")


def call(name: str, arguments: list[Tree], scope: Scope) -> Value:
    match name:
        case "if":
            first, second, third = arguments
            return evaluate(second if truth(evaluate(first, scope)) else third, scope)
        case "once":
            return scope.dot or evaluate(arguments[0], scope)
        case "today":
            return scope.today()
        case "now":
            return scope.now()
        case "jr:choice-name":
            value, question = arguments
            assert isinstance(question, list)
            return scope.label(question[1], text(evaluate(value, scope)))
        case "indexed-repeat":
            return indexed(arguments, scope)
    given = [evaluate(each, scope) for each in arguments]
    try:
        return compute(name, given)
    # The answer is empty and the form reports it: evaluating has to come to an end for
    # every other question.
    except values.TooLong:
        scope.note_too_long()
        return ""


def indexed(arguments: list[Tree], scope: Scope) -> Value:
    """Get the answer to a question in one of its repeats, counted from 1."""
    question, _repeat, place = arguments
    assert isinstance(question, list)
    answers, at = scope.all_of(question[1]), number(evaluate(place, scope))
    return answers[int(at) - 1] if 1 <= at < len(answers) + 1 else ""
