"""Where a case stands, on the line of its mechanism: what was done, what is due and by
whom, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.care.pathways import telling, words
from amana.care.pathways.models import Course
from amana.care.pathways.telling import Told
from amana.design.mechanism import line, wording
from amana.design.mechanism.engine.facts import Kind
from amana.design.mechanism.engine.standing import parted
from amana.design.mechanism.line import Graph, Line, Stop
from amana.ui import clocks

PASSED = (Kind.DONE, Kind.SKIPPED, Kind.EXPIRED)
"""What leaves a step behind, by a person or by the clock."""
BY_ITSELF = frozenset({"choose", "together", "decide", "tell"})
"""Stations at which nothing is done by a person: a case runs through."""
LOOK_BACK = 2


@dataclass(frozen=True)
class Passed:
    step: str
    at: datetime
    is_done: bool
    """Otherwise left out, or waited for in vain."""


def passed(course: Course) -> dict[str, Passed]:
    """List the steps behind a case, the latest last. One query."""
    rows = course.facts.filter(kind__in=PASSED).order_by("number")
    found: dict[str, Passed] = {}
    for key, at, kind in rows.values_list("step", "at", "kind"):
        id = parted(key)[0]
        # Popped first, so that a step done again is the latest, not where it was done
        # before.
        found.pop(id, None)
        found[id] = Passed(id, at, kind == Kind.DONE)
    return found


def whole(course: Course) -> list[Line]:
    """Draw the pathway and its parts, with where the case is on them."""
    told, behind = telling.of(course), passed(course)
    here = standing(told)

    def marked(graph: Graph) -> Mapping[str, Stop]:
        return marks(graph, course, here, behind)

    seen = wording.outline_of(course.version)
    return line.lines(seen, urls(course), marked, urgency=course.case.urgency)


def nearby(course: Course) -> Line:
    """Draw what was done last, what is due, and what comes after that: in one
    stretch."""
    told, behind = telling.of(course), passed(course)
    here = standing(told)
    graph = graph_of(course)
    stations = marks(graph, course, here, behind)
    now = list(dict.fromkeys(graph.within[id] for id in here if id in graph.within))
    last = [id for id in behind if id in stations and id not in now][-LOOK_BACK:]
    ahead = following(graph, now, line.NARROW - len(last) - bool(now))
    found = around(graph, stations, last, now, ahead)
    while len(found.stretches) > 1 and ahead:
        # What several ways lead to stands behind the longest, and may have no room.
        too_far = {
            station.stop.id for part in found.stretches[1:] for station in part.stations
        }
        ahead = [id for id in ahead if id not in too_far][: len(ahead) - 1]
        found = around(graph, stations, last, now, ahead)
    return found


def around(
    graph: Graph,
    stations: Mapping[str, Stop],
    last: Sequence[str],
    now: Sequence[str],
    ahead: Sequence[str],
) -> Line:
    """Draw what was done in the order in which it was; what may come as the file has
    it."""
    links = [*pairwise(last), *((last[-1], id) for id in now if last)]
    links += [
        (this, other)
        for this, other in graph.links
        if other in ahead and (this in now or this in ahead)
    ]
    stops = [stations[id] for id in (*last, *now, *ahead)]
    stops = [replace(stop, when="") if stop.state == "done" else stop for stop in stops]
    return line.drawn(stops, links, columns=line.NARROW)


_graphs: dict[str, Graph] = {}


def graph_of(course: Course) -> Graph:
    """Build the pathway with all of its parts; once for each wording, language and
    urgency."""
    version, urgency = course.version, course.case.urgency
    key = f"{version.pk} {version.sha256} {get_language()} {urgency}"
    found = _graphs.get(key)
    if found is None:
        found, seen = Graph(), wording.outline_of(version)
        for part in ("", *seen.parts):
            other = line.graph_of(seen, urls(course), part, urgency)
            found.stops.update(other.stops)
            found.links.extend(other.links)
            found.within.update(other.within)
        wording.keep(_graphs, key, found)
    return found


def following(graph: Graph, now: Sequence[str], depth: int) -> list[str]:
    """List what may come in so many stations after these."""
    seen, level, found = set(now), list(now), list[str]()
    for _step in range(depth):
        level = [
            other
            for id in level
            for this, other in graph.links
            if this == id and other not in seen and other in graph.stops
        ]
        level = list(dict.fromkeys(level))
        seen.update(level)
        found += level
    return found


def standing(told: Told) -> dict[str, tuple[str, str, bool]]:
    """Map each step that is due or waited for: who, by when in words, and whether it is
    late. Of several items the first, which is the most urgent."""
    found: dict[str, tuple[str, str, bool]] = {}
    for now in told.now:
        read = clocks.read(now.due.due_at, None) if now.due.due_at else None
        by = read.words if read else _("due")
        if not now.due.given:
            by = _("%(due)s: choose a team") % {"due": by}
        late = read is not None and read.tone == "late"
        found.setdefault(parted(now.due.key)[0], (now.whose, by, late))
    for wanted in told.waits:
        words_ = _("Waiting")
        if wanted.until:
            words_ = _("Waiting until %(day)s") % {"day": day(wanted.until)}
        found.setdefault(parted(wanted.key)[0], ("", words_, False))
    return found


def marks(
    graph: Graph,
    course: Course,
    here: Mapping[str, tuple[str, str, bool]],
    behind: Mapping[str, Passed],
) -> dict[str, Stop]:
    found = dict(graph.stops)
    for id, was in behind.items():
        if id in found:
            said = _("Done %(day)s") if was.is_done else _("Not done (%(day)s)")
            status = said % {"day": day(was.at)}
            found[id] = replace(found[id], state="done", status=status, clock="")
    for id, (who, by, late) in here.items():
        at = graph.within.get(id, id)
        if at in found:
            stop = replace(found[at], state="now", status=by, late=late, when="")
            found[at] = replace(stop, who=who or stop.who, clock="")
    # Reversed, so that of several items the first, which is the most urgent, stays.
    keys = {parted(due.key)[0]: due.key for due in reversed(telling.dues_of(course))}
    for id, stop in found.items():
        if stop.state and stop.kind == "do":
            url = reverse("pathways:step", args=[course.pk, keys.get(id, id)])
            found[id] = replace(stop, url=url)
    run_through(found, graph.links)
    for this, other in graph.links:
        is_next = found[this].state == "now" and other in found
        if is_next and not found[other].state:
            found[other] = replace(found[other], state="next")
    return found


def run_through(found: dict[str, Stop], links: Iterable[tuple[str, str]]) -> None:
    """Mark a branching between what was done and what was done next as passed, too."""
    links = [link for link in links if link[1] in found]
    changed = True
    while changed:
        changed = False
        behind = {other for this, other in links if found[this].state == "done"}
        before = {
            this for this, other in links if found[other].state in ("done", "now")
        }
        for id in behind & before:
            if not found[id].state and found[id].kind in BY_ITSELF:
                found[id] = replace(found[id], state="done")
                changed = True


def urls(course: Course) -> dict[str, str]:
    """Map each step to its page in the mechanism, for what isn't due."""
    base = reverse("mechanism:steps", args=[course.version_id])
    return {id: f"{base}{id}/" for id in course.version.pack.pathway.steps}


def day(at: datetime) -> str:
    return date_format(localtime(at), _("j F Y"))


def title(course: Course) -> str:
    return words.here(course.version.pack.title, course.version.pack)
