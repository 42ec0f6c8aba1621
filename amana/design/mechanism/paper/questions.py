"""Forms on paper: every question with room for its answer, and in words when to ask it.

Whoever fills it in by hand sees what the page would have hidden, so each question that
depends on another says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from amana.design.forms.engine.expressions import Tree
from amana.design.forms.engine.model import Form, Group, Item, Question, said
from amana.design.mechanism import prose
from amana.design.mechanism.paper import document as tree
from amana.design.mechanism.paper.document import (
    Blank,
    Block,
    Boxes,
    Document,
    Heading,
    Line,
    Paragraph,
    Run,
)
from amana.design.mechanism.paper.source import Source

MOST_BOXES = 40
"""A longer list of choices is not printed; the answer is written."""
LINES = {"text": 3, "image": 1, "audio": 1, "video": 1, "file": 1}

type Numbers = Mapping[str, int]


def form_on_paper(source: Source, name: str) -> Document:
    form = source.pack.forms[name]
    language = form.language_for(source.language)
    asked = [q for q in form.questions.values() if q.is_shown and q.kind != "note"]
    numbers = {question.name: nth for nth, question in enumerate(asked, 1)}
    sheet = Sheet(form, language, numbers)
    blocks: list[Block] = [
        Blank(_("Number of the case (no name)")),
        Blank(_("Day, and who asks")),
        *sheet.items(form.items, 1),
    ]
    return source.document(source.form(name), blocks)


class Sheet:
    """One form in one language."""

    def __init__(self, form: Form, language: str, numbers: Numbers) -> None:
        self.form, self.language, self.numbers = form, language, numbers

    def items(self, items: tuple[Item, ...], level: int) -> Iterator[Block]:
        for item in items:
            if not item.is_shown:
                continue
            if isinstance(item, Group):
                yield from self.group(item, level)
            else:
                yield from self.question(item)

    def group(self, group: Group, level: int) -> Iterator[Block]:
        if words := self.words(group.label):
            yield Heading(level, "".join(run.words for run in words))
        if group.repeats:
            once = _("Once for each; take a new sheet if you need one.")
            yield Paragraph(tree.plain(once), "hint")
        yield from self.condition(group.relevant)
        if hint := self.words(group.hint):
            yield Paragraph(hint, "hint")
        yield from self.items(group.items, min(level + 1, 3))

    def question(self, question: Question) -> Iterator[Block]:
        label = self.words(question.label)
        if question.kind == "note":
            yield from self.condition(question.relevant)
            yield Paragraph(label)
            return
        number = Run(f"{self.numbers[question.name]}. ", strong=True)
        must = (Run(" *"),) if question.required is not None else ()
        asked = (Run(run.words, strong=True) for run in label)
        yield Paragraph((number, *asked, *must), "ask")
        yield from self.condition(question.relevant)
        if hint := self.words(question.hint):
            yield Paragraph(hint, "hint")
        yield self.room(question)

    def room(self, question: Question) -> Block:
        if question.choices and len(question.choices) <= MOST_BOXES:
            labels = tuple(
                self.plain(one.label) or one.name for one in question.choices
            )
            return Boxes(labels, one_only=question.kind == "select_one")
        if question.kind == "acknowledge":
            return Boxes((_("Yes"),))
        return Blank("", LINES.get(question.kind, 1))

    def condition(self, relevant: Tree | None) -> Iterator[Block]:
        if relevant is not None:
            words = in_words(relevant, self)
            said_so = (
                _("Only if %(condition)s.") % {"condition": words}
                if words
                else _("Only if the answers before lead here.")
            )
            yield Paragraph((Run(said_so, emphasis=True),), "hint")

    def words(self, text: Mapping[str, str]) -> Line:
        return runs(prose.runs(said(text, self.language)))

    def choice(self, question: Question, code: str) -> str:
        found = question.choice.get(code)
        return self.plain(found.label) if found else code

    def plain(self, text: Mapping[str, str]) -> str:
        return "".join(run.words for run in self.words(text))


def runs(line: prose.Line, *, strong: bool = False) -> Line:
    """The emphasis that a label may have; its ${names} as room to write on."""
    found: list[Run] = []
    for run in line:
        if run.within:
            found += runs(run.within, strong=run.kind == "strong" or strong)
        else:
            found.append(Run(piped(run.words), strong))
    return tuple(found)


def piped(words: str) -> str:
    before, *others = words.split("${")
    return before + "".join("……" + rest.partition("}")[2] for rest in others)


# --- conditions


def in_words(condition: Tree, sheet: Sheet) -> str:
    """“question 4 is “Child””; empty for what has no simple words."""
    say = partial(in_words, sheet=sheet)
    match condition:
        case ["and", *parts]:
            return joined(_(" and "), map(say, parts))
        case ["or", *parts] if codes := of_one_question(condition):
            return answered(sheet, *codes, _("question %(number)s is %(answer)s"))
        case ["or", *parts]:
            return joined(_(" or "), map(say, parts))
        case ["f", "not", ["f", "selected", ["$", str(name)], ["'", str(code)]]] | [
            "!=",
            ["$", str(name)],
            ["'", str(code)],
        ] if code:
            sentence = _("question %(number)s is not %(answer)s")
            return answered(sheet, name, [code], sentence)
        case ["!=", ["$", str(name)], ["'", ""]] if name in sheet.numbers:
            sentence = _("question %(number)s was answered")
            return sentence % {"number": sheet.numbers[name]}
        case [">" | ">=" | "<" | "<=" as sign, ["$", str(name)], int() | float() as n]:
            if name in sheet.numbers:
                return f"{_('question')} {sheet.numbers[name]} {sign} {n:g}"
    if codes := of_one_question(condition):
        return answered(sheet, *codes, _("question %(number)s is %(answer)s"))
    return ""


def of_one_question(condition: Tree) -> tuple[str, list[str]] | None:
    """The question, and the answers to it, one of which is asked for."""
    match condition:
        case ["f", "selected", ["$", str(name)], ["'", str(code)]] | [
            "=",
            ["$", str(name)],
            ["'", str(code)],
        ]:
            return name, [code]
        case ["or", *parts]:
            found = [of_one_question(part) for part in parts]
            named = {one[0] for one in found if one}
            if all(found) and len(named) == 1:
                return named.pop(), [code for one in found if one for code in one[1]]
    return None


def joined(word: str, parts: Iterable[str]) -> str:
    """All of them, or nothing when one has no words."""
    found = list(parts)
    return word.join(found) if all(found) else ""


def answered(sheet: Sheet, name: str, codes: list[str], sentence: str) -> str:
    question = sheet.form.questions.get(name)
    if question is None or name not in sheet.numbers:
        return ""
    labels = [
        _("“%(answer)s”") % {"answer": sheet.choice(question, code)} for code in codes
    ]
    return sentence % {"number": sheet.numbers[name], "answer": _(" or ").join(labels)}


# --- all fields


def fields_by_compartment(source: Source) -> dict[str, list[str]]:
    """By the part of a case: each question that any form asks, once."""
    found: dict[str, dict[str, None]] = {}
    for form in source.pack.forms.values():
        sheet = Sheet(form, form.language_for(source.language), {})
        for question in form.questions.values():
            if question.is_answered and question.is_shown:
                asked = found.setdefault(compartment_of(form, question), {})
                asked[sheet.plain(question.label)] = None
    return {compartment: list(asked) for compartment, asked in found.items()}


def compartment_of(form: Form, question: Question) -> str:
    """Its own, else that of the group around it."""
    groups: Any = reversed(form.above[question.name])
    inherited = (group.compartment for group in groups if group.compartment)
    return question.compartment or next(inherited, "narrative")
