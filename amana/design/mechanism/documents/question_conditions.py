"""When a question of a form is asked, in words that a reader with a pen can follow.

What the page would calculate is put in place of its name first, so that only questions
with a number on the sheet are named.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from django.utils.translation import gettext as _

from amana.design.forms.engine.expressions import Tree
from amana.design.forms.engine.form_model import Form, Question
from amana.ui.labels import format_list

type Branch = tuple[Tree, str]
"""What has to be so, and the code that it gives; the last holds otherwise."""

ALWAYS: Tree = ["f", "true"]


class NumberedSheet(Protocol):
    """A sheet with numbered questions."""

    form: Form
    numbers: Mapping[str, int]

    def choice(self, question: Question, code: str) -> str: ...


def format_condition(condition: Tree, sheet: NumberedSheet) -> str:
    """Format “question 4 is “A child””; empty for what has no simple words."""
    return format_tree(resolve_condition(condition, sheet.form), sheet)


# --- what the page calculates


def list_branches(calculation: Tree | None) -> list[Branch]:
    """List the branches of `if(a, 'x', if(b, 'y', 'z'))`, in its order; nothing for
    another calculation."""
    found: list[Branch] = []
    while True:
        match calculation:
            case ["f", "if", condition, ["'", str(code)], otherwise]:
                found.append((condition, code))
                calculation = otherwise
            case ["'", str(code)]:
                return [*found, (ALWAYS, code)]
            case _:
                return []


def match_calculated(condition: Tree, form: Form) -> tuple[str, str] | None:
    """Match `${level} = 'high'`, and return the two, if the page calculates it by
    branches."""
    match condition:
        case ["=", ["$", str(name)], ["'", str(code)]]:
            question = form.questions.get(name)
            if question and any(gives == code for _c, gives in get_branches(question)):
                return name, code
    return None


def get_branches(question: Question) -> list[Branch]:
    return list_branches(question.calculation) if question.kind == "calculate" else []


def resolve_condition(condition: Tree, form: Form) -> Tree:
    """Resolve a condition to one without calculations, and with “not” at single
    questions alone."""
    if found := match_calculated(condition, form):
        name, code = found
        before: list[Tree] = []
        ways: list[Tree] = []
        for when, gives in get_branches(form.questions[name]):
            if gives == code:
                ways.append(join_and([*before, resolve_condition(when, form)]))
            # A branch is reached only if none before it was: the page goes through them
            # in order.
            before.append(negate_condition(resolve_condition(when, form)))
        return join_or(ways)
    match condition:
        case ["and", *parts]:
            return join_and(resolve_condition(part, form) for part in parts)
        case ["or", *parts]:
            return join_or(resolve_condition(part, form) for part in parts)
        case ["f", "not", inner]:
            return negate_condition(resolve_condition(inner, form))
    return condition


def join_and(parts: Iterable[Tree]) -> Tree:
    found = [part for part in flatten_parts("and", parts) if part != ALWAYS]
    return join_parts("and", found) if found else ALWAYS


def join_or(parts: Iterable[Tree]) -> Tree:
    return join_parts("or", list(flatten_parts("or", parts)))


def join_parts(word: str, parts: list[Tree]) -> Tree:
    return [word, *parts] if len(parts) > 1 else parts[0]


def flatten_parts(word: str, parts: Iterable[Tree]) -> Iterator[Tree]:
    for part in parts:
        match part:
            case [str(same), *inside] if same == word:
                yield from flatten_parts(word, inside)
            case _:
                yield part


def negate_condition(condition: Tree) -> Tree:
    match condition:
        case ["and", *parts]:
            return join_or(map(negate_condition, parts))
        case ["or", *parts]:
            return join_and(map(negate_condition, parts))
        case ["f", "not", inner]:
            denied: Tree = inner
            return denied
        case ["=", one, other]:
            return ["!=", one, other]
        case ["!=", one, other]:
            return ["=", one, other]
    return ["f", "not", condition]


# --- in words


type Answer = tuple[str, str]
"""A question by its name, and the code of an answer to it."""


def format_tree(condition: Tree, sheet: NumberedSheet) -> str:
    match condition:
        case ["and", *parts]:
            return format_all(parts, sheet)
        case ["or", *parts]:
            return format_any(parts, sheet)
        case [">" | ">=" | "<" | "<=" as sign, ["$", str(name)], int() | float() as n]:
            if name in sheet.numbers:
                return f"{_('question')} {sheet.numbers[name]} {sign} {n:g}"
        case ["!=", ["$", str(name)], ["'", ""]] if name in sheet.numbers:
            sentence = _("question %(number)s was answered")
            return sentence % {"number": sheet.numbers[name]}
    if wished := match_wished(condition):
        return format_wished([wished], sheet)
    if refused := match_refused(condition):
        return format_refused([refused], sheet)
    return ""


def format_all(parts: list[Tree], sheet: NumberedSheet) -> str:
    if words := format_ticked(parts, sheet):
        return words
    refused = [one for part in parts if (one := match_refused(part))]
    spoken_of = {name for name, _code in refused}
    others = [
        add_brackets("or", part, sheet)
        for part in parts
        if not match_refused(part) and match_answered(part) not in spoken_of
    ]
    return join_words(
        _(" and "), [*others, *([format_refused(refused, sheet)] * bool(refused))]
    )


def format_any(parts: list[Tree], sheet: NumberedSheet) -> str:
    wished = [one for part in parts if (one := match_wished(part))]
    others = [
        add_brackets("and", part, sheet) for part in parts if not match_wished(part)
    ]
    return join_words(
        _(" or "), [*([format_wished(wished, sheet)] * bool(wished)), *others]
    )


def add_brackets(word: str, part: Tree, sheet: NumberedSheet) -> str:
    """Add brackets to what would be read together with its neighbours."""
    words = format_tree(part, sheet)
    match part:
        case [str(same), *inside] if same == word and words:
            found = [match_wished(condition) or ("", "") for condition in inside]
            if "" in dict(found) or len(dict(found)) > 1:
                return f"({words})"
    return words


def format_ticked(parts: list[Tree], sheet: NumberedSheet) -> str:
    """Format `count-selected(${signs}) > 0 and not(selected(${signs}, 'none'))`."""
    match parts:
        case [
            [">", ["f", "count-selected", ["$", str(name)]], _zero],
            ["f", "not", ["f", "selected", ["$", str(same)], ["'", str(code)]]],
        ] if name == same and name in sheet.numbers:
            sentence = _("question %(number)s has a tick other than %(answer)s")
            return sentence % {
                "number": sheet.numbers[name],
                "answer": format_quoted(sheet, name, [code]),
            }
    return ""


def match_answered(condition: Tree) -> str:
    match condition:
        case ["!=", ["$", str(name)], ["'", ""]]:
            return name
    return ""


def match_wished(condition: Tree) -> Answer | None:
    """Return which answer is asked for."""
    match condition:
        case ["f", "selected", ["$", str(name)], ["'", str(code)]]:
            return name, code
        case ["=", ["$", str(name)], ["'", str(code)]] if code:
            return name, code
    return None


def match_refused(condition: Tree) -> Answer | None:
    """Return which answer must not be there."""
    match condition:
        case ["f", "not", inner]:
            return match_wished(inner)
        case ["!=", ["$", str(name)], ["'", str(code)]] if code:
            return name, code
    return None


def format_wished(wished: list[Answer], sheet: NumberedSheet) -> str:
    one = _("question %(number)s is %(answer)s")
    several = _("one of the questions %(number)s is %(answer)s")
    return format_answers(wished, (one, several), _(" or "), sheet)


def format_refused(refused: list[Answer], sheet: NumberedSheet) -> str:
    one = _("question %(number)s is not %(answer)s")
    several = _("none of the questions %(number)s is %(answer)s")
    return format_answers(refused, (one, several), _(" and "), sheet)


def format_answers(
    answers: list[Answer], sentences: tuple[str, str], word: str, sheet: NumberedSheet
) -> str:
    """Format each answer once, with all the questions of which it is asked for."""
    codes: dict[str, list[str]] = {}
    for name, code in answers:
        codes.setdefault(name, []).append(code)
    # A question without a number is not on the sheet, so a pen can't look it up.
    if not codes.keys() <= sheet.numbers.keys():
        return ""
    numbers: dict[str, list[int]] = {}
    for name, asked in codes.items():
        same = numbers.setdefault(format_quoted(sheet, name, asked), [])
        same.append(sheet.numbers[name])
    return word.join(
        sentences[len(found) > 1]
        % {"number": format_list(sorted(found)), "answer": answer}
        for answer, found in numbers.items()
    )


def join_words(word: str, parts: Iterable[str]) -> str:
    """Join all of them, or return nothing when one has no words."""
    found = list(parts)
    return word.join(found) if all(found) else ""


def format_quoted(sheet: NumberedSheet, name: str, codes: Iterable[str]) -> str:
    """Quote answers as the sheet has them, in its order."""
    question = sheet.form.questions[name]
    order = [choice.name for choice in question.choices]
    known = sorted(codes, key=lambda one: order.index(one) if one in order else -1)
    labels = (
        _("“%(answer)s”") % {"answer": sheet.choice(question, code)} for code in known
    )
    return _(" or ").join(labels)
