"""The statuses and clocks of referrals, written into the manual from the same data."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from amana.care.cases.models import Urgency
from amana.care.referrals.clocks import TABLE, Clock
from amana.care.referrals.states import NEXT, STAGE, WAITS, Stage, Status
from amana.design.mechanism.engine.calendar import Days, Hours, Minutes, Span

PAGE = Path(settings.ROOT) / "docs/manual/referrals.md"
BEGIN, END = "<!-- drawn: {} -->", "<!-- end of what is drawn -->"

SIDE = {
    Stage.ANSWER: "recipient",
    Stage.SERVICE: "recipient",
    Stage.WORD: "sender",
    Stage.ENDED: "–",
}
CLOCKS = {
    Clock.RECEIPT: "acknowledged",
    Clock.ANSWER: "answered",
    Clock.CONTACT: "first contact",
    Clock.FOLLOW_UP: "first report",
    Clock.NEXT_FOLLOW_UP: "each later report",
    Clock.ESCALATION: "from one notification to the next",
}


def states() -> Iterator[str]:
    yield "| status | next statuses | who acts | clock |"
    yield "|---|---|---|---|"
    for status in Status:
        after = ", ".join(str(s.label) for s in Status if s in NEXT[status])
        clock = CLOCKS[WAITS[status][1]] if status in WAITS else "–"
        row = (status.label, after or "–", SIDE[STAGE[status]], clock)
        yield f"| {' | '.join(map(str, row))} |"


def diagram() -> Iterator[str]:
    """Yield a state diagram in Mermaid, without what can always end a referral."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {Status.SENT.value}"
    for status in Status:
        yield f"    {status.value}: {status.label}"
    for status in Status:
        for following in Status:
            if following in NEXT[status] and following not in ALWAYS:
                yield f"    {status.value} --> {following.value}"
        if not NEXT[status] and status not in ALWAYS:
            yield f"    {status.value} --> [*]"
    yield "```"


ALWAYS = frozenset({Status.RECALLED, Status.WITHDRAWN, Status.EXPIRED})


def clocks() -> Iterator[str]:
    names = [f"{u.value} {u.label}" for u in Urgency]
    yield f"| clock | {' | '.join(names)} |"
    yield "|---|" + "---|" * len(names)
    for clock, words in CLOCKS.items():
        spans = [said(TABLE[urgency.value][clock]) for urgency in Urgency]
        yield f"| {words} | {' | '.join(spans)} |"


def said(span: Span) -> str:
    kinds: dict[type[Span], str] = {Minutes: "minute", Hours: "hour", Days: "day"}
    unit = kinds.get(type(span), "working day")
    return f"{span.amount} {unit}{'' if span.amount == 1 else 's'}"


PARTS = {"states": states, "diagram": diagram, "clocks": clocks}


def drawn(text: str) -> str:
    """Write each drawn part of the page as the code has it now."""
    with translation.override("en"):
        for name, draw in PARTS.items():
            before, rest = text.split(BEGIN.format(name))
            _old, after = rest.split(END, 1)
            part = "\n".join(draw())
            text = f"{before}{BEGIN.format(name)}\n{part}\n{END}{after}"
    return text
