"""A brief that is written out, without a database: for what is printed."""

from datetime import UTC, datetime

from django.utils.translation import override

from amana.insight.briefs import drafting, naming
from amana.insight.briefs.drafting import Start
from amana.insight.briefs.models import Brief, Passage, State
from amana.insight.briefs.texts import LANGUAGES, Text

FIGURES = {
    name: {
        "name": name,
        "shown": {
            "value": value,
            "low": value * 0.9,
            "high": value * 1.1,
            "counted": round(of * 0.4),
            "of": of,
            "unknown": 15,
        },
    }
    for name, value, of in (
        ("I26", 0.38, 1240),
        ("I20", 0.64, 830),
        ("I24", 156.5, 410),
    )
}
CHART = {
    "name": "I26",
    "by": "sex",
    "groups": [
        ["female", FIGURES["I26"]],
        ["male", {"name": "I26", "shown": {"value": 0.52, "of": 600}}],
        ["other", None],
    ],
}
VOICES = ["Waiting too long", "Getting there, and what it costs", "Being told no twice"]
MISSING = "The Council of Ministers, on a proposal of the Ministry of Social Affairs."


def a_text(**written: str) -> Text:
    """As drafted, its open places filled, published; `written` instead of the draft."""
    brief = Brief(
        pk=7,
        about="I26",
        year=2026,
        state=State.PUBLISHED,
        published_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        languages=list(LANGUAGES),
        counted={"figures": FIGURES, "chart": CHART, "until": "2026-10-31"},
    )
    passages = {}
    for language in LANGUAGES:
        with override(language):
            said = drafting.spoken(a_start())
        for part, words in (said | written).items():
            whole = words.replace("[…]", MISSING)
            passages[part, language] = Passage(pk=1, part=part, words=whole)
    for part, words in drafting.unspoken(a_start()).items():
        passages[part, ""] = Passage(pk=1, part=part, words=words)
    passages["by_when", ""] = Passage(pk=1, part="by_when", words="2027-03-31")
    return Text(brief, passages)


def a_start() -> Start:
    return Start(
        what=naming.title("I26"),
        code="I26",
        figures=list(FIGURES),
        kind="insufficient",
        voices=VOICES,
        cost="The first option costs 412,000 a year; 165,000 of it is missing.",
        effect="With twenty more places the wait falls from 9 to 3 days.",
        titles={name: naming.title(name) for name in FIGURES},
    )
