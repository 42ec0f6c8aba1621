"""The way of a case, step by step, in words. What only branches has no heading of its
own: it is told where it is come from, as people would say it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from amana.design.mechanism import outline as outlines
from amana.design.mechanism import sentences
from amana.design.mechanism.outline import Lead, Outline, Step
from amana.design.mechanism.paper.document import (
    Block,
    Heading,
    Line,
    Paragraph,
    Points,
    labelled,
    plain,
    said,
    strong,
)
from amana.design.mechanism.paper.source import Source
from amana.ui.sentences import listed


def way(source: Source) -> list[Block]:
    """Describe every step in the order of the file; then what may happen at any
    time."""
    blocks: list[Block] = []
    told = told_before(source.seen)
    for part, inside in outlines.in_order(source.seen):
        blocks.append(Heading(2, part_title(source, part)))
        for step in inside:
            if step.id not in told:
                blocks += step_in_words(source, step)
    for interrupt in source.seen.interrupts.values():
        blocks += at_any_time(source, interrupt)
    return blocks


def part_title(source: Source, part: str) -> str:
    if not part:
        return _("Step by step")
    return _("Part: %(name)s") % {"name": sentences.part_title(source.seen, part)}


def told_before(seen: Outline) -> set[str]:
    """List the branchings that follow a step whatever it gives, and so are told
    there."""
    steps = seen.steps
    leads = [lead for step in steps.values() for lead in step.leads]
    follows = {lead.to for lead in leads if bare(lead)}
    branched_to = {lead.to for lead in leads if not bare(lead)}
    first = {branch for step in steps.values() for branch in step.beside}
    return {
        id
        for id in (follows - branched_to - first) & steps.keys()
        if steps[id].kind == "choose"
    }


def ways_on(seen: Outline, step: Step) -> tuple[Lead, ...]:
    """Return the ways on from a step; if a branching follows, its ways."""
    if len(step.leads) == 1 and bare(step.leads[0]):
        then = seen.steps.get(step.leads[0].to)
        if then and then.kind == "choose":
            return then.leads
    return step.leads


def bare(lead: Lead) -> bool:
    return not (lead.when or lead.otherwise or lead.message or lead.after)


def step_in_words(source: Source, step: Step) -> list[Block]:
    blocks: list[Block] = [Heading(3, source.step(step.id))]
    if step.role:
        blocks.append(Paragraph(strong(source.role(step.role))))
    if how := source.says(step.how):
        blocks.append(said(how))
    if lines := tuple(said_of(source, step)):
        blocks.append(Points(lines))
    return blocks


def said_of(source: Source, step: Step) -> Iterator[Line]:
    seen = source.seen
    if step.due:
        yield labelled(_("By when"), sentences.clocks_in_words(step.due))
    if step.remind:
        yield labelled(
            _("Reminder before deadline"), sentences.clocks_in_words(step.remind)
        )
    if step.late:
        yield labelled(_("Notified when late"), source.roles(step.late))
    if form := source.form_of(step):
        yield labelled(_("Form"), form)
    if step.beside:
        named = (sentences.branch_title(seen, branch) for branch in step.beside)
        yield labelled(_("At the same time"), listed(named))
    if not (step.leads or step.end or step.role):
        yield labelled(_("Then"), _("nothing more here"))
    for lead in ways_on(seen, step):
        way = sentences.shown_way(seen, lead)
        yield labelled(way.words or _("Then"), way.title or _("nothing more here"))
    if step.end:
        how = sentences.ending_in_words(step.end)
        yield plain(_("The case ends here: %(how)s.") % {"how": how})


def at_any_time(source: Source, interrupt: Mapping[str, Any]) -> list[Block]:
    on = sentences.message_in_words(str(interrupt.get("on", "")))
    keeps = outlines.a_list(interrupt.get("keeps"))
    blocks: list[Block] = [
        Heading(2, _("At any time: %(what)s") % {"what": on}),
        Paragraph(labelled(_("Then"), source.step(str(interrupt.get("next", ""))))),
    ]
    if keeps:
        kept = listed(source.step(str(keep)) for keep in keeps)
        blocks.append(Paragraph(labelled(_("Continues meanwhile"), kept)))
    return blocks
