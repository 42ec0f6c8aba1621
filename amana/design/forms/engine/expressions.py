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
from amana.design.forms.engine.form_faults import UnreadablePart
from amana.design.forms.engine.functions import FUNCTIONS, compute_function
from amana.design.forms.engine.values import (
    Value,
    convert_to_number,
    convert_to_text,
    convert_to_truth,
)
from amana.faults import find_near_name, gettext_noop

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


class ExpressionParser:
    def __init__(self, source: str) -> None:
        self.source = source.strip()
        self.depth = 0
        if len(self.source) > LONGEST:
            raise UnreadablePart(TOO_LONG, text=self.source[:60] + "…")
        self.tokens = list(self.read_tokens())
        self.at = 0

    def read_tokens(self) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(self.source):
            found = TOKEN.match(self.source, at)
            if not found:
                rest = self.source[at : at + 20].strip()
                sentence = QUOTES if CURLY.match(rest) else UNREADABLE
                raise UnreadablePart(sentence, rest=rest, text=self.source)
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
            raise UnreadablePart(EXPECTED, sign=sign, found=found, text=self.source)
        self.at += 1

    def require_more(self) -> None:
        if self.next[0] == "end":
            raise UnreadablePart(ENDS_EARLY, text=self.source)

    def whole(self) -> Tree:
        tree = self.expression(0)
        kind, found = self.next
        if kind != "end":
            raise UnreadablePart(OUT_OF_PLACE, found=found, text=self.source)
        return tree

    def expression(self, least: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadablePart(TOO_DEEP, text=self.source)
        left = self.operand()
        length = 0
        while self.operator() > least:
            _kind, sign = self.take()
            left = [sign, left, self.expression(BINDS[sign])]
            length += 1
            # A long chain of operators makes a tree that leans to the left, as deep as
            # it is long.
            if length > DEEPEST * 2:
                raise UnreadablePart(TOO_LONG, text=self.source[:60] + "…")
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
            raise UnreadablePart(DOTS, text=self.source)
        if found == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if found == "-":
            self.depth += 1
            if self.depth > DEEPEST:
                raise UnreadablePart(TOO_DEEP, text=self.source)
            negated: Tree = ["neg", self.operand()]
            self.depth -= 1
            return negated
        raise UnreadablePart(OUT_OF_PLACE, found=found, text=self.source)

    def call(self, name: str) -> Tree:
        if name not in FUNCTIONS:
            raise build_function_error(name)
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
            raise UnreadablePart(DOTS, text=self.source)
        if name == "jr:choice-name":
            return build_choice_name(arguments)
        return ["f", name, *arguments]

    def count(self, name: str, given: int) -> None:
        function = FUNCTIONS[name]
        if not function.least <= given <= function.most:
            least, most = function.least, function.most
            wanted = str(least) if least == most else f"{least}–{most}"
            raise UnreadablePart(
                ARGUMENTS, name=name, wanted=wanted, given=given, text=self.source
            )


def build_function_error(name: str) -> UnreadablePart:
    if near := find_near_name(name, FUNCTIONS):
        return UnreadablePart(NO_FUNCTION, name=name, near=f"{near}()")
    return UnreadablePart(NO_SUCH_FUNCTION, name=name)


def build_choice_name(arguments: list[Tree]) -> Tree:
    value, of = arguments
    named = isinstance(of, list) and of[0] == "'" and of[1]
    found = re.fullmatch(r"\$\{\s*([\w.-]+)\s*\}", named or "", re.ASCII)
    if not found:
        raise UnreadablePart(CHOICE_NAME.replace("%", "%%"))
    return ["f", "jr:choice-name", value, ["$", found[1]]]


def parse_expression(source: str) -> Tree:
    """Parse an expression to its tree. Raises `UnreadablePart` with a sentence for its
    author."""
    return ExpressionParser(source).whole()


def iterate_parts(tree: Tree | None) -> Iterator[list[Any]]:
    """Yield the tree and every part of it that is not a number."""
    if isinstance(tree, list):
        yield tree
        if tree[0] != "'":
            for part in tree[1:]:
                yield from iterate_parts(part)


def list_named_questions(tree: Tree | None) -> set[str]:
    """List the questions that an expression asks for."""
    return {part[1] for part in iterate_parts(tree) if part[0] == "$"}


class ExpressionScope(Protocol):
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


def evaluate(tree: Tree, scope: ExpressionScope) -> Value:
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
            return call_function(tree[1], tree[2:], scope)
        # Lazily, as in XPath: the second part may make sense only where the first is
        # true.
        case "and":
            return convert_to_truth(evaluate(tree[1], scope)) and convert_to_truth(
                evaluate(tree[2], scope)
            )
        case "or":
            return convert_to_truth(evaluate(tree[1], scope)) or convert_to_truth(
                evaluate(tree[2], scope)
            )
        case "neg":
            return -convert_to_number(evaluate(tree[1], scope))
    return apply_operator(tree[0], evaluate(tree[1], scope), evaluate(tree[2], scope))


def apply_operator(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "=":
            return values.is_equal(left, right)
        case "!=":
            return values.is_different(left, right)
        case "<":
            return values.is_below(left, right)
        case "<=":
            return values.is_at_most(left, right)
        case ">":
            return values.is_below(right, left)
        case ">=":
            return values.is_at_most(right, left)
    a, b = convert_to_number(left), convert_to_number(right)
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "div":
            return values.divide_numbers(a, b)
        case "mod":
            return values.compute_remainder(a, b)
    raise AssertionError(f"no operator {sign}")


def call_function(name: str, arguments: list[Tree], scope: ExpressionScope) -> Value:
    match name:
        case "if":
            first, second, third = arguments
            return evaluate(
                second if convert_to_truth(evaluate(first, scope)) else third, scope
            )
        case "once":
            return scope.dot or evaluate(arguments[0], scope)
        case "today":
            return scope.today()
        case "now":
            return scope.now()
        case "jr:choice-name":
            value, question = arguments
            assert isinstance(question, list)
            return scope.label(question[1], convert_to_text(evaluate(value, scope)))
        case "indexed-repeat":
            return get_repeated_answer(arguments, scope)
    given = [evaluate(each, scope) for each in arguments]
    try:
        return compute_function(name, given)
    # The answer is empty and the form reports it: evaluating has to come to an end for
    # every other question.
    except values.ExpressionTooLong:
        scope.note_too_long()
        return ""


def get_repeated_answer(arguments: list[Tree], scope: ExpressionScope) -> Value:
    """Get the answer to a question in one of its repeats, counted from 1."""
    question, _repeat, place = arguments
    assert isinstance(question, list)
    answers, at = scope.all_of(question[1]), convert_to_number(evaluate(place, scope))
    return answers[int(at) - 1] if 1 <= at < len(answers) + 1 else ""
