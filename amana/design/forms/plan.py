"""The form for the browser, which does by itself what `engine.filling` does: the same
trees, in the same order, without the texts that the page has anyway.

    [name, kind, group around, extras]
    extras: r relevant  q required  c constraint  v calculation  f choice filter
            d default  t times  p a repeat  x the text for a wrong answer
            m the text for a missing one  o choices  k their columns  b bounds
            l only read
"""

from typing import Any

from django.utils.translation import gettext as _

from amana.design.forms.engine import patterns
from amana.design.forms.engine.checking import PIPED
from amana.design.forms.engine.expressions import Tree, iterate_parts
from amana.design.forms.engine.filling import Code, get_bounds
from amana.design.forms.engine.form_model import (
    MOST_REPEATS,
    SELECTS,
    Form,
    Item,
    Question,
    QuestionGroup,
    choose_text,
)


def get_error_sentences() -> dict[Code, str]:
    """Get the sentences about invalid answers, for forms whose author has written
    none."""
    return {
        "required": _("Please answer this question."),
        "constraint": _("This answer can’t be right. Please check it."),
        "integer": _("Enter a whole number, such as 12."),
        "number": _("Enter a number, such as 12 or 7.5."),
        "range": _("This number is too small or too large."),
        "date": _("Enter a valid date."),
        "time": _("Enter a time, such as 14:30."),
        "moment": _("Enter a date and a time."),
        "place": _("Enter latitude and longitude, such as: 36.81 10.18"),
        "too_long": _("This is too long: at most 10,000 characters."),
        "grown": _(
            "What this form works out from your answers is too long. Your answers "
            "are kept. Shorten the longest ones."
        ),
    }


def build_plan(form: Form, language: str) -> dict[str, object]:
    shown = find_needed_labels(form)
    return {
        "items": [
            build_entry(form, form.everything[name], shown, language)
            for name in form.in_order
        ],
        "says": get_error_sentences(),
        "most": MOST_REPEATS,
    }


def build_entry(form: Form, item: Item, shown: set[str], language: str) -> list[Any]:
    around = form.above[item.name]
    extras = (
        build_group_extras(item)
        if isinstance(item, QuestionGroup)
        else build_question_extras(item, language)
    )
    if isinstance(item, Question) and item.choice_filter is not None:
        # Only the columns that the filter reads: a list of ten thousand choices travels
        # with the page.
        columns = [
            part[1] for part in iterate_parts(item.choice_filter) if part[0] == "c"
        ]
        extras["k"] = columns
        extras["o"] = [
            [
                c.name,
                choose_text(c.label, language),
                *(c.columns.get(k, "") for k in columns),
            ]
            for c in item.choices
        ]
    elif isinstance(item, Question) and item.name in shown:
        extras["o"] = [[c.name, choose_text(c.label, language)] for c in item.choices]
    kind = "group" if isinstance(item, QuestionGroup) else item.kind
    entry = [item.name, kind, around[-1].name if around else 0, extras]
    return entry if extras else entry[:3]


def build_group_extras(group: QuestionGroup) -> dict[str, object]:
    return drop_missing(
        {"r": group.relevant, "p": group.repeats or None, "t": group.count}
    )


def build_question_extras(question: Question, language: str) -> dict[str, object]:
    return drop_missing(
        {
            "r": question.relevant,
            "q": question.required if question.is_answered else None,
            "c": question.constraint if question.is_answered else None,
            "v": question.calculation,
            "f": question.choice_filter,
            "d": question.default,
            "x": choose_text(question.constraint_message, language) or None,
            "m": choose_text(question.required_message, language) or None,
            "b": get_bounds(question) if question.kind == "range" else None,
            "l": question.read_only or None,
        }
    )


def drop_missing(extras: dict[str, object]) -> dict[str, object]:
    return {
        key: shorten_tree(extra) for key, extra in extras.items() if extra is not None
    }


def shorten_tree(tree: object) -> object:
    """Shorten a tree: whole numbers without `.0`, and patterns as they were parsed."""
    if isinstance(tree, list):
        # Parsed here, so that both sides match by the same tree (ADR 68).
        if tree[:2] == ["f", "regex"]:
            pattern = ["/", patterns.parse_pattern(tree[3][1])]
            return ["f", "regex", shorten_tree(tree[2]), pattern]
        return [shorten_tree(part) for part in tree]
    return int(tree) if isinstance(tree, float) and tree.is_integer() else tree


def find_needed_labels(form: Form) -> set[str]:
    """Find the questions whose choices appear elsewhere by their labels."""
    found: set[str] = set()
    for item in form.everything.values():
        for words in (item.label, item.hint):
            for text in words.values():
                found.update(name.strip() for name in PIPED.findall(text))
        for tree in list_trees(item):
            for part in iterate_parts(tree):
                if part[:2] == ["f", "jr:choice-name"]:
                    found.add(part[3][1])
    return {name for name, q in form.questions.items() if q.kind in SELECTS} & found


def list_trees(item: Item) -> list[Tree | None]:
    if isinstance(item, QuestionGroup):
        return [item.relevant, item.count]
    return [
        item.relevant,
        item.required,
        item.constraint,
        item.calculation,
        item.choice_filter,
        item.default,
    ]
