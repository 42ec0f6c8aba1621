"""From a mechanism to stops and links."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.documents.way import list_told_before
from amana.design.mechanism.line.line_drawing import OPEN, PathwayLine, StationText
from amana.design.mechanism.line.line_layout import build_line
from amana.design.mechanism.outline import Outline, OutlineBranch, OutlineStep
from amana.printing.layout import Link, list_forward_links


@dataclass(frozen=True)
class PathwayGraph:
    """A pathway, or one part of it, before it is drawn."""

    stops: dict[str, StationText] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)
    """The station of each step: its own, or that of the step whose branching it is."""


def build_graph(
    seen: Outline, urls: Mapping[str, str], part: str = "", urgency: str = ""
) -> PathwayGraph:
    """Build the graph of the pathway or of a part, each step in one station; also of an
    unfinished draft.
    """
    inside = {id: step for id, step in seen.steps.items() if step.part == part}
    within = {id: id for id in inside} | dict(iterate_branchings(seen, inside))
    after = map_joins(inside)
    leads = [
        (within[id], lead)
        for id in inside
        for lead in list_leads(inside, id, after)
        if lead.to in inside and within[lead.to] != within[id]
    ]
    links = [(id, within[lead.to]) for id, lead in leads]
    order = [id for id in sort_as_in_file(seen, inside, part) if within[id] == id]
    forward = set(list_forward_links(order, links))
    conditions: dict[str, list[str]] = {}
    backs: dict[str, list[str]] = {}
    for id, lead in leads:
        if (id, within[lead.to]) in forward:
            conditions.setdefault(lead.to, []).append(format_condition(lead))
        else:
            backs.setdefault(id, []).append(labels.format_step_title(seen, lead.to))
    graph = PathwayGraph(within=within, links=links)
    for id in order:
        step = inside[id]
        whens = conditions.get(id, [])
        forks = [inside[fork] for fork in inside if within[fork] == id != fork]
        graph.stops[id] = StationText(
            id,
            kind=step.kind,
            title=format_title(seen, step),
            url=urls.get(id, ""),
            # With several ways to a station no single condition is true, so none is
            # shown.
            when=whens[0] if len(whens) == 1 else "",
            who=labels.format_role_title(seen, step.role) if step.role else "",
            clock=format_clock(step, urgency),
            notes=tuple(iterate_notes(step, backs.get(id, ()))),
            ways=tuple(
                way for source in (step, *forks) for way in iterate_ways(seen, source)
            ),
            forks=bool(forks),
        )
    if not part:
        for key, interrupt in seen.interrupts.items():
            to = str(interrupt.get("next", ""))
            on = labels.format_message(str(interrupt.get("on", key)))
            words = _("At any time: %(what)s") % {"what": on}
            way = ("", labels.format_step_title(seen, to))
            graph.stops[OPEN + key] = StationText(
                OPEN + key, "open", words, ways=(way,)
            )
            graph.links.append((OPEN + key, within.get(to, to)))
    return graph


def iterate_branchings(
    seen: Outline, inside: Mapping[str, OutlineStep]
) -> Iterator[tuple[str, str]]:
    """Yield the branchings that always follow one and the same step, with that step.
    What follows a block is alone: the ends of its branches lead there.
    """
    told = list_told_before(seen)
    for id in inside:
        before = seen.leading_to(id)
        if id in told and len(before) == 1:
            step = before[0]
            if step.kind != "choose" and not step.beside:
                yield id, step.id


def sort_as_in_file(
    seen: Outline, inside: Mapping[str, OutlineStep], part: str
) -> list[str]:
    """Sort as in the file, but the step at which it begins first."""
    parts = outlines.read_map(
        outlines.read_map(seen.plain.get("pathway.yaml")).get("parts")
    )
    begin = (
        str(outlines.read_map(parts.get(part)).get("start", "")) if part else seen.start
    )
    return sorted(inside, key=lambda id: id != begin)


def map_joins(inside: Mapping[str, OutlineStep]) -> dict[str, list[OutlineBranch]]:
    """Map the steps that end a branch to where they continue: after their block."""
    found: dict[str, list[OutlineBranch]] = {}
    todo: list[tuple[str, list[OutlineBranch]]] = []
    for step in inside.values():
        if step.beside:
            todo += [(first, list(step.leads)) for first in step.beside]
    # The innermost block is written last in a file, and counts.
    while todo:
        id, after = todo.pop()
        step_ = inside.get(id)
        if step_ is None or id in found:
            continue
        found[id] = after
        todo += [(lead.to, after) for lead in step_.leads if lead.to]
        if step_.beside and not step_.leads:
            todo += [(first, after) for first in step_.beside]
    return found


def list_leads(
    inside: Mapping[str, OutlineStep], id: str, after: Mapping[str, list[OutlineBranch]]
) -> list[OutlineBranch]:
    """List all ways out of a step: to what begins in it, to what follows, or to what
    follows the block that it ends.
    """
    step = inside[id]
    if step.beside:
        return [OutlineBranch(first) for first in step.beside]
    then = after.get(id, [])
    if not step.leads and not step.end:
        return list(then)
    ways = []
    for lead in step.leads:
        if lead.to:
            ways.append(lead)
        else:
            ways += [replace(lead, to=other.to) for other in then]
    return ways


def format_title(seen: Outline, step: OutlineStep) -> str:
    """Format a station's title. A fork names itself as one; its branches are drawn."""
    if step.kind == "together" and not step.each:
        return _("All of these at the same time")
    return labels.format_step_title(seen, step.id)


def format_condition(lead: OutlineBranch) -> str:
    """Format a way's condition in few words: the station before it shows what is
    asked."""
    if lead.when:
        return labels.format_answers(lead.when)
    if lead.message:
        return labels.format_message(lead.message)
    if lead.after:
        return _("After %(time)s") % {"time": format_range(lead.after)}
    return _("Otherwise") if lead.otherwise else ""


def iterate_notes(step: OutlineStep, backs: Iterable[str]) -> Iterator[str]:
    for title in backs:
        yield _("Back to: %(step)s") % {"step": title}
    if step.end:
        yield _("Ends: %(how)s") % {"how": labels.format_ending(step.end)}


def iterate_ways(seen: Outline, step: OutlineStep) -> Iterator[tuple[str, str]]:
    """Yield the ways for screen readers, as they can be seen on the line."""
    for lead in step.leads:
        way = labels.build_way(seen, lead)
        if way.words:
            yield way.words, way.title or _("nothing more here")
    for first in step.beside:
        yield "", labels.format_branch_title(seen, first)


def format_clock(step: OutlineStep, urgency: str) -> str:
    if urgency in step.due:
        return labels.format_span(step.due[urgency])
    return format_range(step.due)


def format_range(due: Mapping[str, str]) -> str:
    """Format the range from the shortest time to the longest."""
    clocks = list(
        dict.fromkeys(shown_clock.words for shown_clock in labels.list_clocks(due))
    )
    if len(clocks) < 2:
        return "".join(clocks)
    return _("%(shortest)s to %(longest)s") % {
        "shortest": clocks[0],
        "longest": clocks[-1],
    }


def build_lines(
    seen: Outline,
    urls: Mapping[str, str],
    marked: Callable[[PathwayGraph], Mapping[str, StationText]] | None = None,
    *,
    urgency: str = "",
) -> list[PathwayLine]:
    """Build the line of the pathway, then of each part; `marked` gives a case's
    stops."""
    named = [("", _("Case pathway"))]
    named += [
        (part, _("Part: %(name)s") % {"name": labels.format_part_title(seen, part)})
        for part in seen.parts
    ]
    found = []
    for part, title in named:
        graph = build_graph(seen, urls, part, urgency)
        stops = marked(graph) if marked else graph.stops
        found.append(
            build_line(list(stops.values()), graph.links, title=title, part=part)
        )
    return [line for line in found if line.stretches]
