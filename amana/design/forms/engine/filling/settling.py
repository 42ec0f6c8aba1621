"""Settle a form: what is asked, and what is calculated."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from amana.design.forms.engine import values
from amana.design.forms.engine.expressions import Tree, evaluate
from amana.design.forms.engine.filling.form_nodes import (
    LONGEST_TOGETHER,
    AnswerProblem,
    FormNode,
    Place,
    build_key,
    clean_answer,
    iterate_nodes,
)
from amana.design.forms.engine.form_model import (
    ABOUT_THE_DEVICE,
    MOST_REPEATS,
    SELECTS,
    UNANSWERED,
    Choice,
    Form,
    Item,
    Question,
    QuestionGroup,
    Words,
    choose_text,
)
from amana.design.forms.engine.values import Value, convert_to_number, convert_to_truth


@dataclass(frozen=True)
class FilledForm:
    form: Form
    answers: Mapping[str, str]
    """All that was given, and calculated: also what isn't asked (any more)."""
    values: Mapping[str, str]
    """The answers in force: empty where it isn't asked."""
    off: frozenset[str]
    """The keys of what isn't asked."""
    counts: Mapping[str, int]
    """How many of each repeat."""
    errors: Mapping[str, AnswerProblem]
    options: Mapping[str, tuple[Choice, ...]]
    """What can be chosen, where this depends on other answers."""
    now: datetime
    language: str = ""

    def nodes(self) -> Iterator[FormNode]:
        """Yield everything in the form's order, repeats as often as they are
        answered."""
        return iterate_nodes(self.form.items, (), self.counts)

    def is_asked(self, key: str) -> bool:
        return key not in self.off

    def choices(self, node: FormNode) -> tuple[Choice, ...]:
        assert isinstance(node.item, Question)
        return self.options.get(node.key, node.item.choices)

    def answers_by_compartment(self) -> dict[str, dict[str, str]]:
        """Group what is to be sealed: each answer in the compartment that the form
        names.

        The number of repetitions is with the repeat; what is empty is left out, unless
        it would come back by its default."""
        found: dict[str, dict[str, str]] = {}
        for node in self.nodes():
            item, key = node.item, node.key
            if key in self.off or not item.compartment:
                continue
            if isinstance(item, QuestionGroup):
                if item.repeats:
                    count = str(self.counts[key])
                    found.setdefault(item.compartment, {})[key] = count
            elif item.kind not in UNANSWERED:
                value = self.values.get(key, "")
                if value or item.default is not None:
                    found.setdefault(item.compartment, {})[key] = value
        return found

    def label(self, name: str, value: str, language: str = "") -> str:
        """Name a choice, or each of several, by its label; any other answer stays as it
        is."""
        question = self.form.questions.get(name)
        if question is None or question.kind not in SELECTS:
            return value
        language = language or self.language
        return ", ".join(
            choose_text(question.choice[word].label, language)
            if word in question.choice
            else word
            for word in values.split_choices(value)
        )

    def piped(self, words: Words, node: FormNode, language: str) -> str:
        """Fill in the answers that a label names."""
        repeats = self.form.repeats_above[node.item.name]
        here = NodeScope(self.settled, repeats, node.place, language=language)

        def answer(found: re.Match[str]) -> str:
            name = found[1].strip()
            return self.label(name, values.convert_to_text(here.look(name)), language)

        return re.sub(r"\$\{([^}]*)\}", answer, choose_text(words, language))

    @cached_property
    def settled(self) -> "FormSettlement":
        return FormSettlement(
            self.form,
            dict(self.answers),
            self.now,
            self.language,
            dict(self.values),
            set(self.off),
            dict(self.counts),
        )


@dataclass
class FormSettlement:
    """A form while it is being settled."""

    form: Form
    answers: dict[str, str]
    now: datetime
    language: str
    values: dict[str, str] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    options: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    grown: set[str] = field(default_factory=set)
    """The keys where an expression put together too long a text, and gave none."""
    left: int = LONGEST_TOGETHER

    def settle(self) -> None:
        for name in self.form.in_order:
            item = self.form.everything[name]
            repeats = self.form.repeats_above[name]
            for place in self.places(repeats, ()):
                self.settle_one(item, repeats, place)

    def places(self, repeats: tuple[str, ...], start: Place) -> list[Place]:
        """List every repetition of `repeats` that begins with `start`."""
        places = [start]
        for repeat in repeats[len(start) :]:
            places = [
                (*place, at)
                for place in places
                for at in range(self.counts.get(build_key(repeat, place), 0))
            ]
        return places

    def settle_one(self, item: Item, repeats: tuple[str, ...], place: Place) -> None:
        key = build_key(item.name, place)
        here = NodeScope(self, repeats, place, dot=self.answers.get(key, ""), key=key)
        if self.is_off(item, here):
            self.off.add(key)
        if isinstance(item, QuestionGroup):
            if item.repeats:
                self.counts[key] = self.count(item, key, here)
            return
        if item.kind in ABOUT_THE_DEVICE:
            self.values[key] = self.answers[key] = self.about(item, key)
            return
        # Also of what isn't asked: a person who changes an answer back finds again what
        # they had written.
        self.answers[key] = answer = self.answer(item, key, here)
        self.values[key] = "" if key in self.off else answer

    def is_off(self, item: Item, here: "NodeScope") -> bool:
        for group in self.form.above[item.name][-1:]:
            depth = len(self.form.repeats_above[group.name])
            if build_key(group.name, here.place[:depth]) in self.off:
                return True
        return item.relevant is not None and not convert_to_truth(
            evaluate(item.relevant, here)
        )

    def count(self, group: QuestionGroup, key: str, here: "NodeScope") -> int:
        if group.count is None:
            wanted = convert_to_number(self.answers.get(key, "0"))
        else:
            wanted = convert_to_number(evaluate(group.count, here))
        count = int(max(0, min(wanted, MOST_REPEATS))) if wanted == wanted else 0
        self.answers[key] = str(count)
        return count

    def about(self, question: Question, key: str) -> str:
        """Answer a question about the device, with moments only: nothing that could
        name it or its owner."""
        if question.kind == "today":
            return self.now.date().isoformat()
        if question.kind == "start":
            return self.answers.get(key) or values.format_moment(self.now)
        return values.format_moment(self.now) if question.kind == "end" else ""

    def answer(self, question: Question, key: str, here: "NodeScope") -> str:
        if question.calculation is not None:
            return self.calculated(question.calculation, here)
        if key in self.answers:
            given = clean_answer(question, self.answers[key])
        elif question.default is not None:
            given = self.calculated(question.default, here)
        else:
            given = ""
        if question.kind not in SELECTS:
            return given
        return " ".join(self.possible(question, key, given, here))

    def calculated(self, tree: Tree, here: "NodeScope") -> str:
        """Calculate an answer; empty once all of them together are too long."""
        answer = values.format_result(evaluate(tree, here))
        self.left -= len(answer)
        if self.left >= 0:
            return answer
        here.note_too_long()
        return ""

    def possible(
        self, question: Question, key: str, given: str, here: "NodeScope"
    ) -> list[str]:
        """List what of this answer can be chosen at all."""
        offered = question.choices
        if question.choice_filter is not None:
            offered = tuple(
                choice
                for choice in question.choices
                if convert_to_truth(
                    evaluate(question.choice_filter, here.beside(choice))
                )
            )
            self.options[key] = offered
        # An answer that a changed filter no longer offers must not stay: no one can see
        # it on the page to remove it.
        names = {choice.name for choice in offered}
        return [word for word in values.split_choices(given) if word in names]

    # what an expression asks

    def look(self, name: str, repeats: tuple[str, ...], place: Place) -> Value:
        """Find the answer where both are in the same repetition, or a list of all."""
        around = self.form.repeats_above[name]
        shared = 0
        for mine, theirs in zip(repeats, around, strict=False):
            if mine != theirs:
                break
            shared += 1
        item = self.form.everything[name]
        if isinstance(item, QuestionGroup):
            if not item.repeats:
                return ""
            places = self.places((*around, name), place[:shared])
            return [""] * len(places)
        if shared == len(around):
            return self.values.get(build_key(name, place[:shared]), "")
        places = self.places(around, place[:shared])
        return [self.values.get(build_key(name, each), "") for each in places]


@dataclass
class NodeScope:
    """The place from which an expression is evaluated."""

    settled: FormSettlement
    repeats: tuple[str, ...]
    place: Place
    dot: str = ""
    choice: Choice | None = None
    language: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        self.language = self.language or self.settled.language

    def beside(self, choice: Choice) -> "NodeScope":
        return replace(self, choice=choice)

    def note_too_long(self) -> None:
        self.settled.grown.add(self.key)

    def look(self, name: str) -> Value:
        return self.settled.look(name, self.repeats, self.place)

    def all_of(self, name: str) -> list[str]:
        found = self.settled.look(name, self.repeats[:-1], self.place[:-1])
        return found if isinstance(found, list) else [values.convert_to_text(found)]

    def position(self) -> int:
        return self.place[-1] + 1 if self.place else 1

    def column(self, name: str) -> str:
        if self.choice is None:
            return ""
        if name == "name":
            return self.choice.name
        if name == "label":
            return choose_text(self.choice.label, self.language)
        return self.choice.columns.get(name, "")

    def label(self, name: str, value: str) -> str:
        question = self.settled.form.questions[name]
        choice = question.choice.get(value)
        return choose_text(choice.label, self.language) if choice else value

    def today(self) -> str:
        return self.settled.now.date().isoformat()

    def now(self) -> str:
        return values.format_moment(self.settled.now)
