"""Checks of a form's rows that are possible only once all of them are known."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from amana.design.forms.engine import patterns
from amana.design.forms.engine.expressions import (
    Tree,
    iterate_parts,
    list_named_questions,
)
from amana.design.forms.engine.form_faults import (
    FormFaults,
    SheetSource,
    UnreadablePart,
)
from amana.design.forms.engine.form_model import (
    COMPARTMENTS,
    SELECTS,
    UNANSWERED,
    Form,
    Item,
    Question,
    QuestionGroup,
    Words,
)
from amana.design.forms.engine.functions import FORMATS
from amana.design.forms.engine.values import convert_to_text
from amana.faults import Fault, gettext_noop

PIPED = re.compile(r"\$\{([^}]*)\}")

NO_LABEL = gettext_noop("“%(name)s” has no label, so no one could read it.")
NO_COMPARTMENT = gettext_noop(
    "“%(name)s” has no compartment, and no group around it has one. Choose from: "
    "%(known)s."
)
UNKNOWN_NAME = gettext_noop("There is no question “%(name)s”.")
NAMES_GROUP = gettext_noop("“%(name)s” is a group and has no answer.")
UNKNOWN_CHOICE = gettext_noop(
    "“%(choice)s” is not a choice of “%(name)s”. Choose from: %(known)s."
)
NO_DOT = gettext_noop("“.” has no meaning here.")
NO_SUCH_COLUMN = gettext_noop("“%(word)s” is neither in ${…} nor in quotation marks.")
NO_FILTER_COLUMN = gettext_noop(
    "The sheet “choices” has no column “%(word)s” for the list “%(list)s”."
)
BARE = gettext_noop(
    "“%(said)s” alone is not a condition. Compare it, for example: %(said)s = 'yes'"
)
NOT_ONCE = gettext_noop("%(name)s() changes every time. Write once(%(name)s()).")
NO_FORMAT = gettext_noop("%(letter)s is not a known part of a date.")
NOT_LITERAL = gettext_noop("Write the pattern of regex() in quotation marks.")
NOT_REPEATED = gettext_noop("“%(name)s” is not a repeat.")
NO_CHOICES = gettext_noop("“%(name)s” has no choices.")
CIRCLE = gettext_noop("“%(name)s” depends on itself: %(circle)s.")


class FormChecks(FormFaults):
    """The checks of rows once all of them are known."""

    def __init__(
        self,
        form: Form,
        *,
        file: str,
        names: frozenset[str],
        with_compartments: bool,
    ) -> None:
        super().__init__(file)
        self.form = form
        self.names = names
        """Also of rows that could not be read, whose faults are known already."""
        self.with_compartments = with_compartments

    def whole(self) -> list[Fault]:
        for item in self.form.everything.values():
            self.item(item)
        if self.form.instance_name is not None:
            self.expression(
                self.form.instance_name, "instance_name", 2, sheet="settings"
            )
        # Last and alone: with an unknown name or an unread expression, what depends on
        # what is not known.
        return self.faults or find_circles(self.form, self.file)

    def item(self, item: Item) -> None:
        self.compartment(item)
        if isinstance(item, QuestionGroup):
            self.condition(item.relevant, "relevant", item)
            self.expression_of(item.count, "repeat_count", item)
            self.piping(item, item.label, "label")
            return
        self.question(item)

    def question(self, question: Question) -> None:
        if (not question.label and question.kind == "note") or (
            question.is_answered and not question.label
        ):
            self.report(question.row, NO_LABEL, name=question.name)
        self.condition(question.relevant, "relevant", question)
        self.condition(question.required, "required", question)
        self.condition(question.constraint, "constraint", question)
        self.condition(question.choice_filter, "choice_filter", question)
        self.expression_of(question.calculation, "calculation", question)
        self.expression_of(question.default, "default", question)
        for words, column in (
            (question.label, "label"),
            (question.hint, "hint"),
            (question.constraint_message, "constraint_message"),
        ):
            self.piping(question, words, column)

    def compartment(self, item: Item) -> None:
        if not self.with_compartments or item.compartment:
            return  # reported once, for the whole sheet
        keeps = (
            item.repeats
            if isinstance(item, QuestionGroup)
            else item.kind not in UNANSWERED
        )
        if keeps:
            self.report(
                item.row, NO_COMPARTMENT, name=item.name, known=", ".join(COMPARTMENTS)
            )

    def piping(self, item: Item, words: Words, column: str) -> None:
        for name in {n.strip() for said in words.values() for n in PIPED.findall(said)}:
            self.known(name, column, item.row)

    def condition(self, tree: Tree | None, column: str, item: Item) -> None:
        self.expression_of(tree, column, item)
        for part in iterate_bare_answers(tree):
            said = "${" + part[1] + "}" if part[0] == "$" else "."
            if part[0] in ("$", "."):
                self.report(item.row, BARE, column=column, said=said)

    def expression_of(self, tree: Tree | None, column: str, item: Item) -> None:
        if tree is not None:
            self.expression(tree, column, item.row, item=item)

    def expression(
        self,
        tree: Tree,
        column: str,
        row: int,
        *,
        item: Item | None = None,
        sheet: str = "survey",
    ) -> None:
        def fault(sentence: str, **values: object) -> None:
            self.report(row, sentence, sheet=sheet, column=column, **values)

        for name in sorted(list_named_questions(tree)):
            self.known(name, column, row, sheet)
        for part in iterate_parts(tree):
            self.choices(part, item, fault)
            self.call(part, fault)
            if part[0] == "." and column not in ("constraint", "calculation"):
                fault(NO_DOT)
            if part[0] == "c":
                self.column(part[1], column, item, fault)
        if column != "default":
            for name in iterate_changing_calls(tree):
                fault(NOT_ONCE, name=name)

    def known(self, name: str, column: str, row: int, sheet: str = "survey") -> None:
        if name not in self.names:
            # Among questions alone: a group would only be the next fault.
            among = self.form.questions
            self.check_known(row, UNKNOWN_NAME, name, among, sheet=sheet, column=column)
        elif (group := self.form.groups.get(name)) and not group.repeats:
            self.report(row, NAMES_GROUP, sheet=sheet, column=column, name=name)

    def column(
        self, word: str, column: str, item: Item | None, fault: Callable[..., None]
    ) -> None:
        if column != "choice_filter" or not isinstance(item, Question):
            fault(NO_SUCH_COLUMN, word=word)
        elif item.choices and not any(
            word in choice.columns or word in ("name", "label")
            for choice in item.choices
        ):
            fault(NO_FILTER_COLUMN, word=word, list=item.list_name)

    def choices(
        self, part: list[Any], item: Item | None, fault: Callable[..., None]
    ) -> None:
        """Find comparisons with a choice that does not exist: `${sex} = 'female'` where
        the list has `f`."""
        for question, choice in iterate_comparisons(part):
            asked = item if question == "." else self.form.everything.get(question)
            if not isinstance(asked, Question) or asked.kind not in SELECTS:
                continue
            if asked.choices and choice and choice not in asked.choice:
                known = ", ".join(list(asked.choice)[:12])
                fault(UNKNOWN_CHOICE, choice=choice, name=asked.name, known=known)

    def call(self, part: list[Any], fault: Callable[..., None]) -> None:
        if part[0] != "f":
            return
        name, arguments = part[1], part[2:]
        if name == "regex":
            self.pattern(arguments[1], fault)
        elif name in ("format-date", "format-date-time"):
            form = arguments[1]
            for letter in re.findall(r"%.?", form[1]) if is_literal(form) else ():
                if letter[1:] not in FORMATS or len(letter) < 2:
                    fault(NO_FORMAT, letter=letter)
        elif name == "jr:choice-name":
            asked = self.form.questions.get(arguments[1][1])
            if asked is not None and asked.kind not in SELECTS:
                fault(NO_CHOICES, name=asked.name)
        elif name == "indexed-repeat":
            self.indexed(arguments, fault)

    def indexed(self, arguments: list[Any], fault: Callable[..., None]) -> None:
        for argument in arguments[:2]:
            if not (isinstance(argument, list) and argument[0] == "$"):
                fault(NO_SUCH_COLUMN, word="indexed-repeat")
                return
        repeat = self.form.groups.get(arguments[1][1])
        if repeat is None or not repeat.repeats:
            fault(NOT_REPEATED, name=arguments[1][1])

    def pattern(self, tree: Tree, fault: Callable[..., None]) -> None:
        if not is_literal(tree):
            fault(NOT_LITERAL)
            return
        assert isinstance(tree, list)
        try:
            patterns.compile_pattern(tree[1])
        except UnreadablePart as broken:
            fault(broken.sentence, **broken.values)


def is_literal(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "'"


def iterate_comparisons(part: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield the question and the choice that a comparison is about."""
    if part[0] in ("=", "!="):
        pairs = [(part[1], part[2]), (part[2], part[1])]
    elif part[0] == "f" and part[1] == "selected":
        pairs = [(part[2], part[3])]
    else:
        return
    for question, choice in pairs:
        if not isinstance(question, list) or question[0] not in ("$", "."):
            continue
        if isinstance(choice, float):
            yield (question[1] if question[0] == "$" else "."), convert_to_text(choice)
        elif is_literal(choice):
            yield (question[1] if question[0] == "$" else "."), choice[1]


def iterate_bare_answers(tree: Tree | None) -> Iterator[list[Any]]:
    """Yield the parts of a condition that are answers where yes or no is meant."""
    if not isinstance(tree, list):
        return
    if tree[0] in ("and", "or"):
        yield from iterate_bare_answers(tree[1])
        yield from iterate_bare_answers(tree[2])
    elif tree[0] == "f" and tree[1] == "not":
        yield from iterate_bare_answers(tree[2])
    # In XPath every text that is not empty is true, so “no” would count as yes.
    elif tree[0] in ("$", "."):
        yield tree


def iterate_changing_calls(tree: Tree) -> Iterator[str]:
    """Yield calls that return something else each time, outside once()."""
    if not isinstance(tree, list) or tree[0] == "'":
        return
    if tree[0] == "f" and tree[1] == "once":
        return
    if tree[0] == "f" and tree[1] in ("uuid", "now"):
        yield tree[1]
    for part in tree[1:]:
        yield from iterate_changing_calls(part)


def find_circles(form: Form, file: str) -> list[Fault]:
    """Find what would never come to rest. Each circle is reported once."""
    told: set[str] = set()
    faults: list[Fault] = []
    for name, item in form.everything.items():
        circle = [] if name in told else find_circle(form, name)
        if circle and told.isdisjoint(circle):
            told.update(circle)
            way = " → ".join([*circle, circle[0]])
            values = {"name": name, "circle": way}
            faults.append(SheetSource(file).fault((item.row, ""), CIRCLE, **values))
    return faults


def find_circle(form: Form, start: str) -> list[str]:
    """Find the way from a name back to itself; empty where there is none."""
    came: dict[str, str] = {}
    waiting = [start]
    # Without recursion: a form of a thousand rows would exceed Python's limit.
    while waiting:
        name = waiting.pop()
        for other in sorted(form.needed_by(name)):
            if other == start:
                way = [name]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if other not in came:
                came[other] = name
                waiting.append(other)
    return []
