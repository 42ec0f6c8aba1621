"""What a brief consists of, in the order in which it is written and read.

A section is what one edits at a time; its parts are what is stored, each by its code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Shape(StrEnum):
    LINE = "line"
    TEXT = "text"
    POINTS = "points"
    """One on each line."""
    DAY = "day"
    SCORE = "score"
    FIGURE = "figure"
    GROUPS = "groups"
    """By what the chart splits the first number."""


UNSPOKEN = frozenset({Shape.DAY, Shape.SCORE, Shape.FIGURE, Shape.GROUPS})
"""The same in each language."""


@dataclass(frozen=True)
class Part:
    code: str
    label: str | Promise
    shape: Shape = Shape.TEXT
    hint: str | Promise = ""
    most: int = 700
    """Letters: the whole has to fit on two pages."""
    may_be_empty: bool = False

    @property
    def is_spoken(self) -> bool:
        return self.shape not in UNSPOKEN


@dataclass(frozen=True)
class Section:
    code: str
    title: str | Promise
    parts: tuple[Part, ...]
    about: str | Promise = ""
    is_plain: bool = False
    """Belongs to the version in plain language."""


OPTIONS: dict[str, str | Promise] = {
    "none": _("Do nothing"),
    "a": _("Option A"),
    "b": _("Option B"),
}
CRITERIA: dict[str, str | Promise] = {
    "impact": _("Impact"),
    "cost": _("Cost"),
    "feasibility": _("Feasibility"),
    "rights": _("Rights"),
    "equity": _("Equity"),
}
BEST = 5

FIGURES = ("figure_1", "figure_2", "figure_3")


def option_parts() -> Iterator[Part]:
    for option, title in OPTIONS.items():
        yield Part(option, title, Shape.LINE, most=90)
        for criterion, name in CRITERIA.items():
            yield Part(f"{option}_{criterion}", name, Shape.SCORE)
            yield Part(f"{option}_{criterion}_why", _("Why"), Shape.LINE, most=80)


LIMITS = Section(
    "limits",
    _("How it was counted, and what we do not know"),
    (Part("limits", _("Method and limits"), most=800),),
)
CONTACTS = Section(
    "contacts",
    _("Who to ask"),
    (
        Part(
            "contacts",
            _("Who to ask"),
            Shape.LINE,
            _("An office with its address."),
            most=200,
        ),
    ),
)
PLAIN = Section(
    "plain",
    _("In plain language"),
    (
        Part("plain_what", _("What is wrong"), most=500),
        Part("plain_ask", _("What should change"), most=500),
        Part("plain_next", _("What happens next"), most=500),
    ),
    _(
        "Short sentences and no foreign words, so that the people concerned can "
        "read it."
    ),
    is_plain=True,
)

BRIEF = (
    Section(
        "ask",
        _("What we ask for"),
        (
            Part(
                "title",
                _("A title that states what you ask for"),
                Shape.LINE,
                _("A verb, and what should change."),
                most=110,
            ),
            Part("message", _("The message in one sentence"), most=300),
        ),
    ),
    Section(
        "decision",
        _("Who decides, and by when"),
        (
            Part("who", _("Who decides"), Shape.LINE, _("An office, not a person.")),
            Part("by_when", _("By when"), Shape.DAY),
        ),
    ),
    Section(
        "numbers",
        _("The problem in three numbers"),
        (
            Part(FIGURES[0], _("First number"), Shape.FIGURE),
            Part(FIGURES[1], _("Second number"), Shape.FIGURE),
            Part(FIGURES[2], _("Third number"), Shape.FIGURE),
            Part(
                "chart",
                _("A chart of the first number"),
                Shape.GROUPS,
                may_be_empty=True,
            ),
            Part("numbers", _("What they show together"), most=350),
        ),
        _("Figures that could identify a person are not offered."),
    ),
    Section(
        "voices",
        _("What we heard from people"),
        (
            Part(
                "voices",
                _("What we heard from people"),
                Shape.POINTS,
                _(
                    "What many people reported, combined. Never the story of one "
                    "person."
                ),
            ),
        ),
    ),
    Section(
        "causes",
        _("Why this is so"),
        (Part("causes", _("Causes"), Shape.POINTS, _("One on each line."), most=500),),
    ),
    Section(
        "options",
        _("Options"),
        tuple(option_parts()),
        _(
            "5 is best for people and for the budget, 1 is worst. Give a reason for "
            "each."
        ),
    ),
    Section(
        "recommendation",
        _("What we recommend"),
        (Part("recommendation", _("What we recommend"), most=500),),
    ),
    Section(
        "cost",
        _("Cost and funding"),
        (
            Part("cost", _("What it costs"), most=300),
            Part(
                "funding",
                _("Who pays, until when, and what is missing"),
                Shape.POINTS,
                _("As in the ledger. One on each line."),
            ),
            Part(
                "inaction",
                _("Cost of doing nothing"),
                hint=_("Only with a source from this country. You can leave it empty."),
                most=400,
                may_be_empty=True,
            ),
        ),
    ),
    Section(
        "action",
        _("Who does what, by when"),
        (
            Part(
                "action",
                _("Who does what, by when"),
                Shape.POINTS,
                _("One step on each line."),
                most=500,
            ),
        ),
    ),
    Section(
        "risks",
        _("Risks"),
        (
            Part(
                "risks",
                _("Risks, and what is done about each"),
                Shape.POINTS,
                _("One on each line."),
                most=500,
            ),
        ),
    ),
    Section(
        "watch",
        _("How we will know"),
        (
            Part(
                "watch",
                _("Indicators to watch"),
                Shape.POINTS,
                _("One on each line."),
                most=500,
            ),
        ),
    ),
    LIMITS,
    CONTACTS,
    PLAIN,
)
"""What is asked of those who decide, on two pages."""

REPORT = (
    Section(
        "opening",
        _("The year in short"),
        (
            Part("title", _("Title"), Shape.LINE, most=110),
            Part("summary", _("The year in short"), most=1500),
        ),
    ),
    Section(
        "done",
        _("What was done"),
        (
            Part(
                "done",
                _("What was done"),
                Shape.POINTS,
                _("Include progress on earlier recommendations."),
                most=3000,
            ),
        ),
    ),
    Section(
        "recommendations",
        _("What we recommend"),
        (
            Part(
                "recommendations",
                _("What we recommend"),
                Shape.POINTS,
                _("One on each line."),
                most=3000,
            ),
        ),
    ),
    LIMITS,
    CONTACTS,
    PLAIN,
)
"""The yearly report that others cite."""

KINDS = {"brief": BRIEF, "report": REPORT}
PARTS = {part.code: part for section in (*BRIEF, *REPORT) for part in section.parts}
