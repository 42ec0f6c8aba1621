"""When a question of a form is asked, in words that somebody with a pen can follow.

What the page would calculate is put in place of its name first, so that only questions
with a number on the sheet are spoken of.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from django.utils.translation import gettext as _

from amana.design.forms.engine.expressions import Tree
from amana.design.forms.engine.model import Form, Question
from amana.ui.sentences import listed

type Branch = tuple[Tree, str]
"""What has to be so, and the code that it gives; the last holds otherwise."""

ALWAYS: Tree = ["f", "true"]


class Asking(Protocol):
    """A sheet with numbered questions."""

    form: Form
    numbers: Mapping[str, int]

    def choice(self, question: Question, code: str) -> str: ...


def in_words(condition: Tree, sheet: Asking) -> str:
    """Format “question 4 is “A child””; empty for what has no simple words."""
    return said(settled(condition, sheet.form), sheet)


# --- what the page calculates


def branches(calculation: Tree | None) -> list[Branch]:
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


def calculated(condition: Tree, form: Form) -> tuple[str, str] | None:
    """Match `${level} = 'high'`, and return the two, if the page calculates it by
    branches."""
    match condition:
        case ["=", ["$", str(name)], ["'", str(code)]]:
            question = form.questions.get(name)
            if question and any(gives == code for _c, gives in branches_of(question)):
                return name, code
    return None


def branches_of(question: Question) -> list[Branch]:
    return branches(question.calculation) if question.kind == "calculate" else []


def settled(condition: Tree, form: Form) -> Tree:
    """Resolve a condition to one without calculations, and with “not” at single
    questions alone."""
    if found := calculated(condition, form):
        name, code = found
        before: list[Tree] = []
        ways: list[Tree] = []
        for when, gives in branches_of(form.questions[name]):
            if gives == code:
                ways.append(both([*before, settled(when, form)]))
            # A branch is reached only if none before it was: the page goes through them
            # in order.
            before.append(opposite(settled(when, form)))
        return either(ways)
    match condition:
        case ["and", *parts]:
            return both(settled(part, form) for part in parts)
        case ["or", *parts]:
            return either(settled(part, form) for part in parts)
        case ["f", "not", inner]:
            return opposite(settled(inner, form))
    return condition


def both(parts: Iterable[Tree]) -> Tree:
    found = [part for part in flat("and", parts) if part != ALWAYS]
    return several("and", found) if found else ALWAYS


def either(parts: Iterable[Tree]) -> Tree:
    return several("or", list(flat("or", parts)))


def several(word: str, parts: list[Tree]) -> Tree:
    return [word, *parts] if len(parts) > 1 else parts[0]


def flat(word: str, parts: Iterable[Tree]) -> Iterator[Tree]:
    for part in parts:
        match part:
            case [str(same), *inside] if same == word:
                yield from flat(word, inside)
            case _:
                yield part


def opposite(condition: Tree) -> Tree:
    match condition:
        case ["and", *parts]:
            return either(map(opposite, parts))
        case ["or", *parts]:
            return both(map(opposite, parts))
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


def said(condition: Tree, sheet: Asking) -> str:
    match condition:
        case ["and", *parts]:
            return all_of(parts, sheet)
        case ["or", *parts]:
            return one_of(parts, sheet)
        case [">" | ">=" | "<" | "<=" as sign, ["$", str(name)], int() | float() as n]:
            if name in sheet.numbers:
                return f"{_('question')} {sheet.numbers[name]} {sign} {n:g}"
        case ["!=", ["$", str(name)], ["'", ""]] if name in sheet.numbers:
            sentence = _("question %(number)s was answered")
            return sentence % {"number": sheet.numbers[name]}
    if wished := answer_to(condition):
        return is_so([wished], sheet)
    if refused := answer_against(condition):
        return is_not_so([refused], sheet)
    return ""


def all_of(parts: list[Tree], sheet: Asking) -> str:
    if words := something_ticked(parts, sheet):
        return words
    refused = [one for part in parts if (one := answer_against(part))]
    spoken_of = {name for name, _code in refused}
    others = [
        within_brackets("or", part, sheet)
        for part in parts
        if not answer_against(part) and answered_at_all(part) not in spoken_of
    ]
    return joined(_(" and "), [*others, *([is_not_so(refused, sheet)] * bool(refused))])


def one_of(parts: list[Tree], sheet: Asking) -> str:
    wished = [one for part in parts if (one := answer_to(part))]
    others = [
        within_brackets("and", part, sheet) for part in parts if not answer_to(part)
    ]
    return joined(_(" or "), [*([is_so(wished, sheet)] * bool(wished)), *others])


def within_brackets(word: str, part: Tree, sheet: Asking) -> str:
    """Add brackets to what would be read together with its neighbours."""
    words = said(part, sheet)
    match part:
        case [str(same), *inside] if same == word and words:
            found = [answer_to(condition) or ("", "") for condition in inside]
            if "" in dict(found) or len(dict(found)) > 1:
                return f"({words})"
    return words


def something_ticked(parts: list[Tree], sheet: Asking) -> str:
    """Format `count-selected(${signs}) > 0 and not(selected(${signs}, 'none'))`."""
    match parts:
        case [
            [">", ["f", "count-selected", ["$", str(name)]], _zero],
            ["f", "not", ["f", "selected", ["$", str(same)], ["'", str(code)]]],
        ] if name == same and name in sheet.numbers:
            sentence = _("question %(number)s has a tick other than %(answer)s")
            return sentence % {
                "number": sheet.numbers[name],
                "answer": quoted(sheet, name, [code]),
            }
    return ""


def answered_at_all(condition: Tree) -> str:
    match condition:
        case ["!=", ["$", str(name)], ["'", ""]]:
            return name
    return ""


def answer_to(condition: Tree) -> Answer | None:
    """Return which answer is asked for."""
    match condition:
        case ["f", "selected", ["$", str(name)], ["'", str(code)]]:
            return name, code
        case ["=", ["$", str(name)], ["'", str(code)]] if code:
            return name, code
    return None


def answer_against(condition: Tree) -> Answer | None:
    """Return which answer must not be there."""
    match condition:
        case ["f", "not", inner]:
            return answer_to(inner)
        case ["!=", ["$", str(name)], ["'", str(code)]] if code:
            return name, code
    return None


def is_so(wished: list[Answer], sheet: Asking) -> str:
    one = _("question %(number)s is %(answer)s")
    several = _("one of the questions %(number)s is %(answer)s")
    return grouped(wished, (one, several), _(" or "), sheet)


def is_not_so(refused: list[Answer], sheet: Asking) -> str:
    one = _("question %(number)s is not %(answer)s")
    several = _("none of the questions %(number)s is %(answer)s")
    return grouped(refused, (one, several), _(" and "), sheet)


def grouped(
    answers: list[Answer], sentences: tuple[str, str], word: str, sheet: Asking
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
        same = numbers.setdefault(quoted(sheet, name, asked), [])
        same.append(sheet.numbers[name])
    return word.join(
        sentences[len(found) > 1] % {"number": listed(sorted(found)), "answer": answer}
        for answer, found in numbers.items()
    )


def joined(word: str, parts: Iterable[str]) -> str:
    """Join all of them, or return nothing when one has no words."""
    found = list(parts)
    return word.join(found) if all(found) else ""


def quoted(sheet: Asking, name: str, codes: Iterable[str]) -> str:
    """Quote answers as the sheet has them, in its order."""
    question = sheet.form.questions[name]
    order = [choice.name for choice in question.choices]
    known = sorted(codes, key=lambda one: order.index(one) if one in order else -1)
    labels = (
        _("“%(answer)s”") % {"answer": sheet.choice(question, code)} for code in known
    )
    return _(" or ").join(labels)
