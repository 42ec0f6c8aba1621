"""A filled form as templates draw it: each question with its look, texts and answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amana.design.forms.engine import values
from amana.design.forms.engine.expressions import iterate_parts
from amana.design.forms.engine.filling import (
    AnswerProblem,
    FilledForm,
    FormNode,
    build_key,
    get_bounds,
)
from amana.design.forms.engine.form_model import (
    FILES,
    SELECTS,
    Form,
    Item,
    Question,
    QuestionGroup,
    Words,
    choose_text,
)
from amana.design.forms.plan import get_error_sentences
from amana.ui.harmless import remove_tricks

type Look = Literal[
    "line", "lines", "radios", "boxes", "select", "tick", "note", "file", "hidden"
]
ROOM_FOR_CHOICES = 8
"""With more, one list that opens; else all are seen at once."""

INPUTS = {"date": "date", "time": "time", "dateTime": "datetime-local"}
KEYBOARDS = {"integer": "numeric", "range": "decimal", "decimal": "decimal"}
MARKS = re.compile(r"\*\*(.+?)\*\*|\$\{([^}]*)\}|\n")


@dataclass(frozen=True)
class DrawnOption:
    name: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class EarlierAnswer:
    """An answer that was given before the form was opened: by whom, and when."""

    answer: str
    by: str
    at: datetime


@dataclass(frozen=True)
class DrawnEarlierAnswer:
    """Such an answer as text, and whether it has been changed on this page."""

    given: EarlierAnswer
    words: str
    changed: bool


@dataclass(frozen=True)
class DrawnQuestion:
    key: str
    look: Look
    label: SafeString
    value: str = ""
    hint: SafeString | None = None
    options: Sequence[DrawnOption] = ()
    off: bool = False
    required: bool = False
    error: str = ""
    input: str = "text"
    keyboard: str = ""
    read_only: bool = False
    already: DrawnEarlierAnswer | None = None
    """Not asked again, unless the reader opens it."""
    of: Literal["question"] = "question"

    @property
    def anchor(self) -> str:
        """Where the list of errors leads: to the input, or to the first of several."""
        several = self.look in ("radios", "boxes")
        return f"q-{self.key}-{self.options[0].name}" if several else f"q-{self.key}"

    @property
    def described(self) -> str:
        ids = [f"q-{self.key}-hint"] if self.hint else []
        return " ".join([*ids, f"q-{self.key}-error"] if self.error else ids)


@dataclass(frozen=True)
class DrawnGroup:
    key: str
    label: SafeString
    items: Sequence["Drawn"]
    hint: SafeString | None = None
    off: bool = False
    of: Literal["group"] = "group"


@dataclass(frozen=True)
class DrawnRepeat:
    key: str
    label: SafeString
    count: int
    ones: Sequence["DrawnInstance"]
    blank: "DrawnInstance"
    """The next one, for the browser to add."""
    grows: bool
    """Whether people add and remove; else the form defines how many."""
    hint: SafeString | None = None
    off: bool = False
    of: Literal["repeat"] = "repeat"


@dataclass(frozen=True)
class DrawnInstance:
    """One child, one need: the questions of a repeat once."""

    key: str
    number: str
    items: Sequence["Drawn"]


type Drawn = DrawnQuestion | DrawnGroup | DrawnRepeat


@dataclass(frozen=True)
class DrawnSection:
    """One step of a form, where it is asked in steps."""

    number: int
    items: Sequence[Drawn]
    shown: bool


@dataclass
class FormRenderer:
    """Draws the nodes of one filled form in one language."""

    filled: FilledForm
    language: str
    errors: Mapping[str, AnswerProblem] = field(default_factory=dict)
    given: Mapping[str, EarlierAnswer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sentences = get_error_sentences()

    def items(
        self, items: Sequence[Item], place: tuple[int | str, ...] = ()
    ) -> Iterator[Drawn]:
        for item in items:
            if not item.is_shown and not is_carried(item):
                continue
            node = FormNode(item, place)  # type: ignore[arg-type]
            if isinstance(item, Question):
                yield self.question(item, node)
            elif item.repeats:
                yield self.repeat(item, node)
            else:
                yield self.group(item, node)

    def question(self, question: Question, node: FormNode) -> DrawnQuestion:
        look, key = choose_look(question), node.key
        answer = self.filled.answers.get(key, "")
        problem = self.errors.get(key)
        return DrawnQuestion(
            key=key,
            look=look,
            label=self.marked(question.label, node),
            value=remove_tricks(answer),
            hint=self.hint(question, node),
            options=self.options(question, node, answer),
            off=key in self.filled.off,
            required=question.required is not None and question.is_answered,
            error=self.sentence(problem, node) if problem else "",
            input=INPUTS.get(question.kind, "text"),
            keyboard=KEYBOARDS.get(question.kind, ""),
            read_only=question.read_only,
            already=self.already(question, answer, wrong=bool(problem)),
        )

    def already(
        self, question: Question, answer: str, *, wrong: bool
    ) -> DrawnEarlierAnswer | None:
        given = self.given.get(question.name)
        if given is None:
            return None
        words = self.filled.label(question.name, given.answer, self.language)
        return DrawnEarlierAnswer(
            given, remove_tricks(words), wrong or answer != given.answer
        )

    def group(self, group: QuestionGroup, node: FormNode) -> DrawnGroup:
        return DrawnGroup(
            key=node.key,
            label=self.marked(group.label, node),
            hint=self.marked(group.hint, node) if group.hint else None,
            items=list(self.items(group.items, node.place)),
            off=node.key in self.filled.off,
        )

    def repeat(self, group: QuestionGroup, node: FormNode) -> DrawnRepeat:
        count = self.filled.counts.get(node.key, 0)
        depth = len(node.place)
        return DrawnRepeat(
            key=node.key,
            label=self.marked(group.label, node),
            count=count,
            ones=[self.one(group, node, at) for at in range(count)],
            # “§” and the depth mark where the script inserts the number of a new
            # repetition.
            blank=self.one(group, node, f"§{depth}"),
            grows=group.count is None,
            hint=self.marked(group.hint, node) if group.hint else None,
            off=node.key in self.filled.off,
        )

    def one(self, group: QuestionGroup, node: FormNode, at: int | str) -> DrawnInstance:
        place: tuple[int | str, ...] = (*node.place, at)
        number = str(at + 1) if isinstance(at, int) else f"{at}+1"
        return DrawnInstance(
            key=build_key(group.name, place),  # type: ignore[arg-type]
            number=number,
            items=list(self.items(group.items, place)),
        )

    def options(
        self, question: Question, node: FormNode, answer: str
    ) -> Sequence[DrawnOption]:
        if question.kind not in SELECTS:
            return ()
        chosen = values.split_choices(answer)
        return [
            DrawnOption(
                c.name,
                remove_tricks(choose_text(c.label, self.language)),
                c.name in chosen,
            )
            for c in self.filled.choices(node)
        ]

    def hint(self, question: Question, node: FormNode) -> SafeString | None:
        hint = self.marked(question.hint, node) if question.hint else None
        if question.kind == "range":
            low, high = map(values.format_number, get_bounds(question))
            return format_html("{} {}", hint or "", _("%s to %s") % (low, high))
        return hint

    def sentence(self, problem: AnswerProblem, node: FormNode) -> str:
        said = self.filled.piped(problem.words, node, self.language)
        return remove_tricks(said) or self.sentences[problem.code]

    def marked(self, words: Words, node: FormNode) -> SafeString:
        """Render a text with its **strong** words, lines, and the answers that it
        names."""
        text, parts, at = choose_text(words, self.language), [], 0
        for found in MARKS.finditer(text):
            # Each part is escaped by itself: the text is the author's and the answer
            # the person's, and both may contain markup.
            parts.append(format_html("{}", remove_tricks(text[at : found.start()])))
            at = found.end()
            if found[1]:
                parts.append(format_html("<b>{}</b>", remove_tricks(found[1])))
            elif found[2]:
                name = found[2].strip()
                answer = self.filled.piped({"": found[0]}, node, self.language)
                parts.append(
                    format_html(
                        '<bdi data-says="{}">{}</bdi>', name, remove_tricks(answer)
                    )
                )
            else:
                parts.append(format_html("<br>"))
        parts.append(format_html("{}", remove_tricks(text[at:])))
        return format_html_join("", "{}", ((part,) for part in parts))


def choose_look(question: Question) -> Look:
    if question.kind == "note":
        return "note"
    if is_carried(question):
        return "hidden"
    if question.kind in FILES:
        return "file"
    if question.kind == "acknowledge":
        return "tick"
    if question.kind == "select_multiple":
        return "boxes"
    if question.kind == "select_one":
        folded = question.appearance.split(" ")[0] in ("minimal", "autocomplete")
        many = len(question.choices) > ROOM_FOR_CHOICES
        return "select" if folded or many else "radios"
    return "lines" if "multiline" in question.appearance else "line"


def is_carried(item: Item) -> bool:
    """Check for an item that is not seen but sent along, such as what is calculated
    once."""
    if isinstance(item, QuestionGroup):
        return False
    if item.kind in ("start", "hidden"):
        return True
    return any(part[:2] == ["f", "once"] for part in iterate_parts(item.calculation))


type Paged = Literal["", "group", "question"]


def split_into_steps(form: Form, paged: Paged) -> list[list[Item]]:
    """Split a form into steps: the whole, its groups, or one question at a time."""
    items = list(iterate_drawn(form.items, one_by_one=paged == "question"))
    steps: list[list[Item]] = []
    for item in items:
        if steps and (not paged or is_same_step(item, steps[-1], paged)):
            steps[-1].append(item)
        else:
            steps.append([item])
    return steps


def iterate_drawn(items: Sequence[Item], *, one_by_one: bool) -> Iterator[Item]:
    for item in items:
        divided = isinstance(item, QuestionGroup) and not item.repeats and one_by_one
        if divided and "field-list" not in item.appearance:
            assert isinstance(item, QuestionGroup)
            yield from iterate_drawn(item.items, one_by_one=True)
        elif item.is_shown or is_carried(item):
            yield item


def is_same_step(item: Item, step: Sequence[Item], paged: Paged) -> bool:
    """Check that an item is on the same step as what comes before it."""
    last = step[-1]
    if is_carried(item) or all(map(is_carried, step)):
        return True
    if isinstance(item, QuestionGroup) or isinstance(last, QuestionGroup):
        return False
    # A note explains the question after it, so it is no step of its own.
    only_read = all(isinstance(i, Question) and i.kind == "note" for i in step)
    return paged == "group" or only_read
