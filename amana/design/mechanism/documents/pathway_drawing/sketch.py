"""From the pathway to boxes."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.documents.pathway_drawing.svg import (
    COLOURS,
    DEEPEST,
    QUIET,
    WIDEST,
    BoxText,
    PathwayDrawing,
)
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.documents.way import get_ways_on
from amana.design.mechanism.outline import Outline, OutlineBranch, OutlineStep
from amana.design.pathway.pathway_model import Pathway
from amana.printing.layout import DrawingTooLarge, lay_out


def draw_pathway(source: PrintSource) -> list[PathwayDrawing]:
    """Draw the pathway, then each of its parts."""
    pathway = source.pack.pathway
    found = [*draw_readable(source, "", pathway.start, _("Case pathway"))]
    for part, start in pathway.parts.items():
        title = labels.format_part_title(source.seen, part)
        found += draw_readable(
            source, part, start, _("Part: %(name)s") % {"name": title}
        )
    return found


def draw_readable(
    source: PrintSource, part: str, start: str, title: str
) -> Iterator[PathwayDrawing]:
    """Draw one drawing; of one that would be too wide, what is done at the same time is
    drawn by itself."""
    whole = PartSketch(source, part, start).drawing(title)
    if whole.width <= WIDEST:
        yield whole
        return
    sketch = PartSketch(source, part, start, apart=True)
    yield sketch.drawing(title)
    for fork, first in sketch.branches:
        branch = PartSketch(source, part, first, join=f"join:{fork}")
        named = labels.format_branch_title(source.seen, first)
        yield branch.drawing(_("At the same time: %(steps)s") % {"steps": named})


class PartSketch:
    """The boxes of one part, and what leads from which to which."""

    def __init__(
        self,
        source: PrintSource,
        part: str,
        start: str,
        *,
        apart: bool = False,
        join: str = "",
    ) -> None:
        self.source, self.part, self.start = source, part, start
        self.apart, self.join = apart, join
        self.branches: list[tuple[str, str]] = []
        """Drawn by themselves: the step at which they part, and their first."""
        self.seen: Outline = source.seen
        self.pathway: Pathway = source.pack.pathway
        self.words: dict[str, BoxText] = {}
        self.links: list[tuple[str, str]] = []
        self.colours = {
            role: COLOURS[nth % len(COLOURS)]
            for nth, role in enumerate(source.pack.roles)
        }

    def drawing(self, title: str) -> PathwayDrawing:
        if self.join:
            self.words[self.join] = BoxText("join", _("When all are done"))
        self.follow(self.start, (), self.join)
        if not self.part and not self.join:
            for id, interrupt in self.seen.interrupts.items():
                self.interrupt(id, interrupt)
        sizes = {id: words.size for id, words in self.words.items()}
        links = list(dict.fromkeys(self.links))
        layout = lay_out(sizes, links)
        return PathwayDrawing(title, self.source.language, layout, self.words)

    def interrupt(self, id: str, said: object) -> None:
        plain = outlines.read_map(said)
        on = labels.format_message(str(plain.get("on", id)))
        name = f"open:{id}"
        self.words[name] = BoxText("open", _("At any time: %(what)s") % {"what": on})
        self.lead(name, str(plain.get("next", "")), (), "")

    def follow(self, id: str, above: tuple[str, ...], join: str) -> None:
        """Draw a step and what comes after it; `above` are those on the way to it,
        `join` is the box in which its branch ends. Raises TooLarge."""
        step = self.seen.steps[id]
        self.words[id] = self.said(step)
        above = (*above, id)
        if len(above) > DEEPEST:
            raise DrawingTooLarge
        if step.beside:
            return self.fork(step, above, join)
        leads = get_ways_on(self.seen, step)
        if not leads:
            return self.finish(step, join)
        for lead in leads:
            self.take(step, lead, above, join)
        return None

    def take(
        self, step: OutlineStep, lead: OutlineBranch, above: tuple[str, ...], join: str
    ) -> None:
        """Draw one way on; what it depends on is a box of its own."""
        when = labels.build_way(self.seen, lead).words
        at = step.id
        if when:
            at = f"way:{step.id}:{lead.to}:{len(self.words)}"
            self.words[at] = BoxText("way", when)
            self.links.append((step.id, at))
        if lead.to:
            self.lead(at, lead.to, above, join)
        elif join:
            self.links.append((at, join))

    def lead(self, at: str, to: str, above: tuple[str, ...], join: str) -> None:
        # Written out and not drawn: a line back up would cross the boxes, and the
        # layers need a drawing without rings.
        if to in above:
            back = f"back:{at}:{to}"
            title = self.source.step(to)
            self.words[back] = BoxText("back", _("Back to: %(step)s") % {"step": title})
            self.links.append((at, back))
            return
        self.links.append((at, to))
        if to not in self.words:
            self.follow(to, above, join)

    def fork(self, step: OutlineStep, above: tuple[str, ...], join: str) -> None:
        together = f"join:{step.id}"
        self.words[together] = BoxText("join", _("When all are done"))
        if self.apart and len(step.beside) > 1:
            self.words[step.id] = self.side_by_side(step)
            self.branches += [(step.id, first) for first in step.beside]
            self.links.append((step.id, together))
        else:
            for first in step.beside:
                self.links.append((step.id, first))
                if first not in self.words:
                    self.follow(first, above, together)
        for lead in step.leads:
            self.lead(together, lead.to, above, join)
        if not step.leads and join:
            self.links.append((together, join))

    def side_by_side(self, step: OutlineStep) -> BoxText:
        """Name what is drawn by itself, one below the other."""
        named = (
            labels.format_branch_title(self.seen, branch) for branch in step.beside
        )
        lines = "\n".join(f"• {title}" for title in named)
        return BoxText("part", lines, _("All of these at the same time"))

    def finish(self, step: OutlineStep, join: str) -> None:
        if step.end:
            end = f"end:{step.id}"
            how = labels.format_ending(step.end)
            self.words[end] = BoxText("end", _("Ends: %(how)s") % {"how": how})
            self.links.append((step.id, end))
        elif join:
            self.links.append((step.id, join))

    def said(self, step: OutlineStep) -> BoxText:
        title = self.source.step(step.id)
        if step.kind == "do":
            role = self.source.role(step.role)
            return BoxText("do", title, role, self.colours.get(step.role, QUIET))
        if step.kind == "together" and not step.each:
            return BoxText("join", _("All of these at the same time"))
        return BoxText(step.kind, title)
