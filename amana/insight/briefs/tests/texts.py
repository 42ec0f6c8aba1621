"""A brief that is written out, without a database: for what is printed."""

from datetime import UTC, date, datetime

from django.utils.translation import override

from amana.insight.briefs import drafting, labels
from amana.insight.briefs.cited_figures import FigureChart, SafeFigure
from amana.insight.briefs.drafting import DraftBeginning
from amana.insight.briefs.models import Brief, BriefState, Passage
from amana.insight.briefs.texts import LANGUAGES, BriefText
from amana.insight.measure.engine.visible_figures import ShownValue

FIGURES = {
    name: SafeFigure(
        name,
        ShownValue(
            value=value,
            low=value * 0.9,
            high=value * 1.1,
            counted=round(of * 0.4),
            of=of,
            unknown=15,
        ),
        until=date(2026, 10, 31),
        release=3,
    )
    for name, value, of in (
        ("I26", 0.38, 1240),
        ("I20", 0.64, 830),
        ("I24", 156.5, 410),
    )
}
MEN = SafeFigure("I26", ShownValue(value=0.52, of=600))
CHART = FigureChart(
    *("I26", "sex"),
    (("female", FIGURES["I26"]), ("male", MEN), ("other", None)),
    date(2026, 10, 31),
    release=3,
)
VOICES = ["Waiting too long", "Getting there, and what it costs", "Being told no twice"]
FUNDING = [
    "Promised for 2026: 247,000, 40 % of it by this country.",
    "Ministry of Social Affairs: 99,000; its last grant ends in December 2027.",
    "Island Fund: 148,000; its last grant ends in March 2027.",
    "Grants that end within a year, with no known successor: Island Fund.",
]
MISSING = "The Council of Ministers, on a proposal of the Ministry of Social Affairs."


def a_text(**written: str) -> BriefText:
    """As drafted, its open places filled, published; `written` instead of the draft."""
    brief = Brief(
        pk=7,
        about="I26",
        year=2026,
        state=BriefState.PUBLISHED,
        published_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        languages=list(LANGUAGES),
    )
    passages = {}
    for language in LANGUAGES:
        with override(language):
            said = drafting.draft_sections(a_start())
        for part, words in (said | written).items():
            whole = words.replace("[…]", MISSING)
            passages[part, language] = Passage(pk=1, part=part, words=whole)
    for part, words in drafting.draft_untranslated(a_start()).items():
        passages[part, ""] = Passage(pk=1, part=part, words=words)
    passages["by_when", ""] = Passage(pk=1, part="by_when", words="2027-03-31")
    text = BriefText(brief, passages)
    text.__dict__.update(figures=FIGURES, chart=CHART)  # as if read from a release
    return text


def a_start() -> DraftBeginning:
    return DraftBeginning(
        what=labels.format_title("I26"),
        code="I26",
        figures=list(FIGURES),
        kind="insufficient",
        voices=VOICES,
        cost="The first option costs 412,000 a year.",
        funding=FUNDING,
        effect="With twenty more places the wait falls from 9 to 3 days.",
        titles={name: labels.format_title(name) for name in FIGURES},
    )
