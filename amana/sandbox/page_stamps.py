"""What an open page was built from. The page sends it along each time that it asks by
itself, so that nothing is built for it while nothing has changed, and of what has not
changed but the time, the time alone."""

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Self

from django.http import HttpResponse
from django_htmx.http import reswap, retarget

from amana.sandbox.stage import Stage
from amana.trust.access.http import BY_ITSELF, Request
from amana.trust.audit.models import AuditEvent
from amana.ui.http import asks_for_part, show

CLOCK = "sandbox/clock.html"
SEEN = "seen"


@dataclass(frozen=True)
class PageStamp:
    """How far everything was from which a page is built."""

    entries: int
    """How many the file of the stage has: clock, injects, notes, marks."""
    logged: int
    """The last entry of the engine’s log; 0 where the page shows nothing of it."""
    minute: int
    """Of the time of the exercise that the page shows."""
    until: int = 0
    """When it changes though no one does anything, in seconds; 0 for never."""

    def __str__(self) -> str:
        return "-".join(map(str, astuple(self)))

    @classmethod
    def parse(cls, words: str) -> Self | None:
        """Parse what a browser sent; None where it is no stamp."""
        try:
            return cls(*map(int, words.split("-")))
        except (TypeError, ValueError):
            return None

    def until_first(self, times: Iterable[datetime]) -> Self:
        """Return the same of a page that changes when the first of these times
        comes."""
        # Rounded up: before it has come, nothing else would be built.
        seconds = (math.ceil(time.timestamp()) for time in times)
        return replace(self, until=min(seconds, default=0))


def read_stamp(stage: Stage, *, with_log: bool = False) -> PageStamp:
    """Read it, before anything is read that it stands for: what changes in between is
    then on the page twice, and not never."""
    entries, logged = stage.count_entries(), 0
    if with_log:
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)
        logged = last.first() or 0
    return PageStamp(entries, logged, int(stage.now().timestamp() // 60))


def answer_unchanged(
    request: Request, stage: Stage, stamp: PageStamp
) -> HttpResponse | None:
    """Answer an open page of which at most the time has changed; None where all that is
    new in it has to be built."""
    seen = PageStamp.parse(request.GET.get(SEEN, ""))
    now = stage.now()
    if BY_ITSELF not in request.headers or not asks_for_part(request) or seen is None:
        return None
    if (seen.entries, seen.logged) != (stamp.entries, stamp.logged):
        return None
    if seen.until and now.timestamp() >= seen.until:
        return None
    if seen.minute == stamp.minute:
        return HttpResponse(status=204)
    context = build_clock(stage) | {"stamp": replace(seen, minute=stamp.minute)}
    answer = show(request, CLOCK, context)
    return reswap(retarget(answer, "#exercise-clock"), "outerHTML")


def build_clock(stage: Stage) -> dict[str, object]:
    return {"now": stage.now(), "stage": stage, "runs": stage.speed > 0}
