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

from amana.care.pathways import labels, run_history
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.run_history import RunDescription
from amana.design.mechanism import line, pack_memory, version_contents
from amana.design.mechanism.line import PathwayGraph, PathwayLine, StationText
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_state import split_key
from amana.ui import clocks

PASSED = (EventKind.DONE, EventKind.SKIPPED, EventKind.EXPIRED)
"""What leaves a step behind, by a person or by the clock."""
BY_ITSELF = frozenset({"choose", "together", "decide", "tell"})
"""Stations at which nothing is done by a person: a case runs through."""
LOOK_BACK = 2


@dataclass(frozen=True)
class PassedStep:
    step: str
    at: datetime
    is_done: bool
    """Otherwise left out, or waited for in vain."""


def list_passed(course: PathwayRun) -> dict[str, PassedStep]:
    """List the steps behind a case, the latest last. One query."""
    rows = course.facts.filter(kind__in=PASSED).order_by("number")
    found: dict[str, PassedStep] = {}
    for key, at, kind in rows.values_list("step", "at", "kind"):
        id = split_key(key)[0]
        # Popped first, so that a step done again is the latest, not where it was done
        # before.
        found.pop(id, None)
        found[id] = PassedStep(id, at, kind == EventKind.DONE)
    return found


def draw_whole(course: PathwayRun) -> list[PathwayLine]:
    """Draw the pathway and its parts, with where the case is on them."""
    told, behind = run_history.get_told(course), list_passed(course)
    here = map_standing(told)

    def marked(graph: PathwayGraph) -> Mapping[str, StationText]:
        return mark_stops(graph, course, here, behind)

    seen = version_contents.read_outline(course.version)
    return line.build_lines(seen, map_urls(course), marked, urgency=course.case.urgency)


def draw_nearby(course: PathwayRun) -> PathwayLine:
    """Draw what was done last, what is due, and what comes after that: in one
    stretch."""
    told, behind = run_history.get_told(course), list_passed(course)
    here = map_standing(told)
    graph = build_graph(course)
    stations = mark_stops(graph, course, here, behind)
    now = list(dict.fromkeys(graph.within[id] for id in here if id in graph.within))
    last = [id for id in behind if id in stations and id not in now][-LOOK_BACK:]
    ahead = list_following(graph, now, line.NARROW - len(last) - bool(now))
    found = draw_stretch(graph, stations, last, now, ahead)
    while len(found.stretches) > 1 and ahead:
        # What several ways lead to stands behind the longest, and may have no room.
        too_far = {
            station.stop.id for part in found.stretches[1:] for station in part.stations
        }
        ahead = [id for id in ahead if id not in too_far][: len(ahead) - 1]
        found = draw_stretch(graph, stations, last, now, ahead)
    return found


def draw_stretch(
    graph: PathwayGraph,
    stations: Mapping[str, StationText],
    last: Sequence[str],
    now: Sequence[str],
    ahead: Sequence[str],
) -> PathwayLine:
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
    return line.build_line(stops, links, columns=line.NARROW)


_graphs: dict[str, PathwayGraph] = {}


def build_graph(course: PathwayRun) -> PathwayGraph:
    """Build the pathway with all of its parts; once for each wording, language and
    urgency."""
    version, urgency = course.version, course.case.urgency
    key = f"{version.pk} {version.sha256} {get_language()} {urgency}"
    found = _graphs.get(key)
    if found is None:
        found, seen = PathwayGraph(), version_contents.read_outline(version)
        for part in ("", *seen.parts):
            other = line.build_graph(seen, map_urls(course), part, urgency)
            found.stops.update(other.stops)
            found.links.extend(other.links)
            found.within.update(other.within)
        pack_memory.keep_in_memory(_graphs, key, found)
    return found


def list_following(graph: PathwayGraph, now: Sequence[str], depth: int) -> list[str]:
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


def map_standing(told: RunDescription) -> dict[str, tuple[str, str, bool]]:
    """Map each step that is due or waited for: who, by when in words, and whether it is
    late. Of several items the first, which is the most urgent."""
    found: dict[str, tuple[str, str, bool]] = {}
    for now in told.now:
        read = clocks.read_clock(now.due.due_at, None) if now.due.due_at else None
        by = read.words if read else _("due")
        if not now.due.given:
            by = _("%(due)s: choose a team") % {"due": by}
        late = read is not None and read.tone == "late"
        found.setdefault(split_key(now.due.key)[0], (now.whose, by, late))
    for wanted in told.waits:
        words_ = _("Waiting")
        if wanted.until:
            words_ = _("Waiting until %(day)s") % {"day": format_day(wanted.until)}
        found.setdefault(split_key(wanted.key)[0], ("", words_, False))
    return found


def mark_stops(
    graph: PathwayGraph,
    course: PathwayRun,
    here: Mapping[str, tuple[str, str, bool]],
    behind: Mapping[str, PassedStep],
) -> dict[str, StationText]:
    found = dict(graph.stops)
    for id, was in behind.items():
        if id in found:
            said = _("Done %(day)s") if was.is_done else _("Not done (%(day)s)")
            status = said % {"day": format_day(was.at)}
            found[id] = replace(found[id], state="done", status=status, clock="")
    for id, (who, by, late) in here.items():
        at = graph.within.get(id, id)
        if at in found:
            stop = replace(found[at], state="now", status=by, late=late, when="")
            found[at] = replace(stop, who=who or stop.who, clock="")
    # Reversed, so that of several items the first, which is the most urgent, stays.
    keys = {
        split_key(due.key)[0]: due.key
        for due in reversed(run_history.load_dues(course))
    }
    for id, stop in found.items():
        if stop.state and stop.kind == "do":
            url = reverse("pathways:step", args=[course.pk, keys.get(id, id)])
            found[id] = replace(stop, url=url)
    mark_passed_branchings(found, graph.links)
    for this, other in graph.links:
        is_next = found[this].state == "now" and other in found
        if is_next and not found[other].state:
            found[other] = replace(found[other], state="next")
    return found


def mark_passed_branchings(
    found: dict[str, StationText], links: Iterable[tuple[str, str]]
) -> None:
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


def map_urls(course: PathwayRun) -> dict[str, str]:
    """Map each step to its page in the mechanism, for what isn't due."""
    base = reverse("mechanism:steps", args=[course.version_id])
    return {id: f"{base}{id}/" for id in course.version.pack.pathway.steps}


def format_day(at: datetime) -> str:
    return date_format(localtime(at), _("j F Y"))


def format_title(course: PathwayRun) -> str:
    return labels.format_text(course.version.pack.title, course.version.pack)
