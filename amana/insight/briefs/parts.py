"""What a brief consists of, in the order in which it is written and read.

A section is what one edits at a time; its parts are what is stored, each by its code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PartShape(StrEnum):
    LINE = "line"
    TEXT = "text"
    POINTS = "points"
    """One on each line."""
    DAY = "day"
    SCORE = "score"
    FIGURE = "figure"
    GROUPS = "groups"
    """By what the chart splits the first number."""


UNSPOKEN = frozenset(
    {PartShape.DAY, PartShape.SCORE, PartShape.FIGURE, PartShape.GROUPS}
)
"""The same in each language."""


@dataclass(frozen=True)
class BriefPart:
    code: str
    label: str | Promise
    shape: PartShape = PartShape.TEXT
    hint: str | Promise = ""
    most: int = 700
    """Letters: the whole has to fit on two pages."""
    may_be_empty: bool = False

    @property
    def is_spoken(self) -> bool:
        return self.shape not in UNSPOKEN


@dataclass(frozen=True)
class BriefSection:
    code: str
    title: str | Promise
    parts: tuple[BriefPart, ...]
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


def iterate_option_parts() -> Iterator[BriefPart]:
    for option, title in OPTIONS.items():
        yield BriefPart(option, title, PartShape.LINE, most=90)
        for criterion, name in CRITERIA.items():
            yield BriefPart(f"{option}_{criterion}", name, PartShape.SCORE)
            yield BriefPart(
                f"{option}_{criterion}_why", _("Why"), PartShape.LINE, most=80
            )


LIMITS = BriefSection(
    "limits",
    _("How it was counted, and what we do not know"),
    (BriefPart("limits", _("Method and limits"), most=800),),
)
CONTACTS = BriefSection(
    "contacts",
    _("Who to ask"),
    (
        BriefPart(
            "contacts",
            _("Who to ask"),
            PartShape.LINE,
            _("An office with its address."),
            most=200,
        ),
    ),
)
PLAIN = BriefSection(
    "plain",
    _("In plain language"),
    (
        BriefPart("plain_what", _("What is wrong"), most=500),
        BriefPart("plain_ask", _("What should change"), most=500),
        BriefPart("plain_next", _("What happens next"), most=500),
    ),
    _(
        "Short sentences and no foreign words, so that the people concerned can "
        "read it."
    ),
    is_plain=True,
)

BRIEF = (
    BriefSection(
        "ask",
        _("What we ask for"),
        (
            BriefPart(
                "title",
                _("A title that states what you ask for"),
                PartShape.LINE,
                _("A verb, and what should change."),
                most=110,
            ),
            BriefPart("message", _("The message in one sentence"), most=300),
        ),
    ),
    BriefSection(
        "decision",
        _("Who decides, and by when"),
        (
            BriefPart(
                "who", _("Who decides"), PartShape.LINE, _("An office, not a person.")
            ),
            BriefPart("by_when", _("By when"), PartShape.DAY),
        ),
    ),
    BriefSection(
        "numbers",
        _("The problem in three numbers"),
        (
            BriefPart(FIGURES[0], _("First number"), PartShape.FIGURE),
            BriefPart(FIGURES[1], _("Second number"), PartShape.FIGURE),
            BriefPart(FIGURES[2], _("Third number"), PartShape.FIGURE),
            BriefPart(
                "chart",
                _("A chart of the first number"),
                PartShape.GROUPS,
                may_be_empty=True,
            ),
            BriefPart("numbers", _("What they show together"), most=350),
        ),
        _("Figures that could identify a person are not offered."),
    ),
    BriefSection(
        "voices",
        _("What we heard from people"),
        (
            BriefPart(
                "voices",
                _("What we heard from people"),
                PartShape.POINTS,
                _(
                    "What many people reported, combined. Never the story of one "
                    "person."
                ),
            ),
        ),
    ),
    BriefSection(
        "causes",
        _("Why this is so"),
        (
            BriefPart(
                "causes",
                _("Causes"),
                PartShape.POINTS,
                _("One on each line."),
                most=500,
            ),
        ),
    ),
    BriefSection(
        "options",
        _("Options"),
        tuple(iterate_option_parts()),
        _(
            "5 is best for people and for the budget, 1 is worst. Give a reason for "
            "each."
        ),
    ),
    BriefSection(
        "recommendation",
        _("What we recommend"),
        (BriefPart("recommendation", _("What we recommend"), most=500),),
    ),
    BriefSection(
        "cost",
        _("Cost and funding"),
        (
            BriefPart("cost", _("What it costs"), most=300),
            BriefPart(
                "funding",
                _("Who pays, until when, and what is missing"),
                PartShape.POINTS,
                _("As in the ledger. One on each line."),
            ),
            BriefPart(
                "inaction",
                _("Cost of doing nothing"),
                hint=_("Only with a source from this country. You can leave it empty."),
                most=400,
                may_be_empty=True,
            ),
        ),
    ),
    BriefSection(
        "action",
        _("Who does what, by when"),
        (
            BriefPart(
                "action",
                _("Who does what, by when"),
                PartShape.POINTS,
                _("One step on each line."),
                most=500,
            ),
        ),
    ),
    BriefSection(
        "risks",
        _("Risks"),
        (
            BriefPart(
                "risks",
                _("Risks, and what is done about each"),
                PartShape.POINTS,
                _("One on each line."),
                most=500,
            ),
        ),
    ),
    BriefSection(
        "watch",
        _("How we will know"),
        (
            BriefPart(
                "watch",
                _("Indicators to watch"),
                PartShape.POINTS,
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
    BriefSection(
        "opening",
        _("The year in short"),
        (
            BriefPart("title", _("Title"), PartShape.LINE, most=110),
            BriefPart("summary", _("The year in short"), most=1500),
        ),
    ),
    BriefSection(
        "done",
        _("What was done"),
        (
            BriefPart(
                "done",
                _("What was done"),
                PartShape.POINTS,
                _("Include progress on earlier recommendations."),
                most=3000,
            ),
        ),
    ),
    BriefSection(
        "recommendations",
        _("What we recommend"),
        (
            BriefPart(
                "recommendations",
                _("What we recommend"),
                PartShape.POINTS,
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
