"""Forms on paper: every question with room for its answer, and in words when to ask it.

A colleague who fills it in by hand sees what the page would have hidden, so each
question that depends on another states this.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from amana.design.forms.engine.expressions import Tree
from amana.design.forms.engine.form_model import (
    Form,
    Item,
    Question,
    QuestionGroup,
    choose_text,
)
from amana.design.mechanism import prose
from amana.design.mechanism.documents import question_conditions
from amana.design.mechanism.documents.source import PrintSource
from amana.printing import document as tree
from amana.printing.document import (
    Blank,
    Block,
    Boxes,
    Document,
    Heading,
    Line,
    Paragraph,
    TextRun,
)

MOST_BOXES = 40
"""A longer list of choices is not printed; the answer is written."""
SHORT, LONG = 2, 3
"""Lines to write on, where words are asked for."""

type Numbers = Mapping[str, int]


def build_form(source: PrintSource, name: str) -> Document:
    form = source.pack.forms[name]
    language = form.language_for(source.language)
    asked = [q for q in form.questions.values() if q.is_shown and q.kind != "note"]
    numbers = {question.name: nth for nth, question in enumerate(asked, 1)}
    sheet = QuestionSheet(form, language, numbers)
    blocks: list[Block] = [
        Blank(_("Case number (no name)")),
        Blank(_("Date, and who asks")),
        *sheet.items(form.items, 1),
    ]
    return source.document(source.form(name), blocks)


class QuestionSheet:
    """One form in one language."""

    def __init__(self, form: Form, language: str, numbers: Numbers) -> None:
        self.form, self.language, self.numbers = form, language, numbers
        self.branch = ("", 0)
        """Which way of a calculation was told last."""

    def items(self, items: tuple[Item, ...], level: int) -> Iterator[Block]:
        for item in items:
            if not item.is_shown:
                continue
            if isinstance(item, QuestionGroup):
                yield from self.group(item, level)
            else:
                yield from self.question(item)

    def group(self, group: QuestionGroup, level: int) -> Iterator[Block]:
        if words := self.words(group.label):
            yield Heading(level, "".join(run.words for run in words))
        if group.repeats:
            once = _("Fill in once for each; use a new sheet if you need one.")
            yield Paragraph(tree.build_line(once), "hint")
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
        number = TextRun(f"{self.numbers[question.name]}. ", strong=True)
        must = (TextRun(" *"),) if question.required is not None else ()
        asked = (TextRun(run.words, strong=True) for run in label)
        yield Paragraph((number, *asked, *must), "ask")
        yield from self.condition(question.relevant)
        if hint := self.words(question.hint):
            yield Paragraph(hint, "hint")
        yield self.room(question)

    def room(self, question: Question) -> Block:
        if question.choices and len(question.choices) <= MOST_BOXES:
            labels = tuple(
                self.plain(choice.label) or choice.name for choice in question.choices
            )
            return Boxes(labels, one_only=question.kind == "select_one")
        if question.kind == "acknowledge":
            return Boxes((_("Yes"),))
        if question.kind == "text":
            return Blank("", LONG if question.appearance == "multiline" else SHORT)
        return Blank()

    def condition(self, relevant: Tree | None) -> Iterator[Block]:
        if relevant is not None:
            said_so = self.next_branch(relevant) or self.only_if(relevant)
            yield Paragraph((TextRun(said_so, emphasis=True),), "hint")

    def only_if(self, relevant: Tree) -> str:
        words = question_conditions.format_condition(relevant, self)
        if words:
            return _("Only if %(condition)s.") % {"condition": words}
        # Never the raw expression: who fills in paper by hand must not have to read a
        # formula.
        return _("Only if the earlier answers lead here.")

    def next_branch(self, relevant: Tree) -> str:
        """Format “Otherwise, if …”, where what comes before it is right before it."""
        found = question_conditions.match_calculated(relevant, self.form)
        if not found:
            return ""
        name, code = found
        ways = question_conditions.get_branches(self.form.questions[name])
        nth = [gives for _way, gives in ways].index(code)
        told, self.branch = self.branch, (name, nth)
        if nth == 0 or told != (name, nth - 1):
            return ""
        if nth == len(ways) - 1:
            return _("Otherwise.")
        words = question_conditions.format_condition(ways[nth][0], self)
        return _("Otherwise, if %(condition)s.") % {"condition": words} if words else ""

    def words(self, text: Mapping[str, str]) -> Line:
        return convert_runs(prose.parse_runs(choose_text(text, self.language)))

    def choice(self, question: Question, code: str) -> str:
        found = question.choice.get(code)
        return self.plain(found.label) if found else code

    def plain(self, text: Mapping[str, str]) -> str:
        return "".join(run.words for run in self.words(text))


def convert_runs(line: prose.Line, *, strong: bool = False) -> Line:
    """Convert the emphasis that a label may have; its ${names} become room to write
    on."""
    found: list[TextRun] = []
    for run in line:
        if run.within:
            found += convert_runs(run.within, strong=run.kind == "strong" or strong)
        else:
            found.append(TextRun(replace_names(run.words), strong))
    return tuple(found)


def replace_names(words: str) -> str:
    before, *others = words.split("${")
    return before + "".join("……" + rest.partition("}")[2] for rest in others)


# --- all fields


def group_fields(source: PrintSource) -> dict[str, list[str]]:
    """Group each question that any form asks, once, by the part of a case."""
    found: dict[str, dict[str, None]] = {}
    for form in source.pack.forms.values():
        sheet = QuestionSheet(form, form.language_for(source.language), {})
        for question in form.questions.values():
            if question.is_answered and question.is_shown:
                asked = found.setdefault(get_compartment(form, question), {})
                asked[sheet.plain(question.label)] = None
    return {compartment: list(asked) for compartment, asked in found.items()}


def get_compartment(form: Form, question: Question) -> str:
    """Get its own compartment, else that of the group around it."""
    groups: Any = reversed(form.above[question.name])
    inherited = (group.compartment for group in groups if group.compartment)
    return question.compartment or next(inherited, "narrative")
