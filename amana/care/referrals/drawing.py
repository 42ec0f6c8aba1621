"""The statuses and clocks of referrals, written into the manual from the same data."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from amana.care.cases.models import Urgency
from amana.care.referrals.clocks import TABLE, ReferralClock
from amana.care.referrals.states import (
    NEXT,
    STAGE,
    WAITS,
    ReferralStage,
    ReferralStatus,
)
from amana.working_time import Days, Hours, Minutes, TimeSpan

PAGE = Path(settings.ROOT) / "docs/manual/referrals.md"
BEGIN, END = "<!-- drawn: {} -->", "<!-- end of what is drawn -->"

SIDE = {
    ReferralStage.ANSWER: "recipient",
    ReferralStage.SERVICE: "recipient",
    ReferralStage.WORD: "sender",
    ReferralStage.ENDED: "–",
}
CLOCKS = {
    ReferralClock.RECEIPT: "acknowledged",
    ReferralClock.ANSWER: "answered",
    ReferralClock.CONTACT: "first contact",
    ReferralClock.FOLLOW_UP: "first report",
    ReferralClock.NEXT_FOLLOW_UP: "each later report",
    ReferralClock.ESCALATION: "from one notification to the next",
}


def iterate_state_rows() -> Iterator[str]:
    yield "| status | next statuses | who acts | clock |"
    yield "|---|---|---|---|"
    for status in ReferralStatus:
        after = ", ".join(str(s.label) for s in ReferralStatus if s in NEXT[status])
        clock = CLOCKS[WAITS[status][1]] if status in WAITS else "–"
        row = (status.label, after or "–", SIDE[STAGE[status]], clock)
        yield f"| {' | '.join(map(str, row))} |"


def iterate_diagram_lines() -> Iterator[str]:
    """Yield a state diagram in Mermaid, without what can always end a referral."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {ReferralStatus.SENT.value}"
    for status in ReferralStatus:
        yield f"    {status.value}: {status.label}"
    for status in ReferralStatus:
        for following in ReferralStatus:
            if following in NEXT[status] and following not in ALWAYS:
                yield f"    {status.value} --> {following.value}"
        if not NEXT[status] and status not in ALWAYS:
            yield f"    {status.value} --> [*]"
    yield "```"


ALWAYS = frozenset(
    {ReferralStatus.RECALLED, ReferralStatus.WITHDRAWN, ReferralStatus.EXPIRED}
)


def iterate_clock_rows() -> Iterator[str]:
    names = [f"{u.value} {u.label}" for u in Urgency]
    yield f"| clock | {' | '.join(names)} |"
    yield "|---|" + "---|" * len(names)
    for clock, words in CLOCKS.items():
        spans = [format_span(TABLE[urgency.value][clock]) for urgency in Urgency]
        yield f"| {words} | {' | '.join(spans)} |"


def format_span(span: TimeSpan) -> str:
    kinds: dict[type[TimeSpan], str] = {Minutes: "minute", Hours: "hour", Days: "day"}
    unit = kinds.get(type(span), "working day")
    return f"{span.amount} {unit}{'' if span.amount == 1 else 's'}"


PARTS = {
    "states": iterate_state_rows,
    "diagram": iterate_diagram_lines,
    "clocks": iterate_clock_rows,
}


def insert_drawn_parts(text: str) -> str:
    """Write each drawn part of the page as the code has it now."""
    with translation.override("en"):
        for name, draw in PARTS.items():
            before, rest = text.split(BEGIN.format(name))
            _old, after = rest.split(END, 1)
            part = "\n".join(draw())
            text = f"{before}{BEGIN.format(name)}\n{part}\n{END}{after}"
    return text
