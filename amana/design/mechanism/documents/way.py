"""The way of a case, step by step, in words. What only branches has no heading of its
own: it is told where it is come from, as people would say it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.outline import Outline, OutlineBranch, OutlineStep
from amana.design.pathway.plain import Plain
from amana.printing.document import (
    Block,
    Heading,
    Line,
    Paragraph,
    Points,
    build_labelled,
    build_line,
    build_paragraph,
    build_strong,
)
from amana.ui.labels import format_list


def describe_pathway(source: PrintSource) -> list[Block]:
    """Describe every step in the order of the file; then what may happen at any
    time."""
    blocks: list[Block] = []
    told = list_told_before(source.seen)
    for part, inside in outlines.group_steps_by_part(source.seen):
        blocks.append(Heading(2, format_part_title(source, part)))
        for step in inside:
            if step.id not in told:
                blocks += describe_step(source, step)
    for interrupt in source.seen.interrupts.values():
        blocks += describe_interrupt(source, interrupt)
    return blocks


def format_part_title(source: PrintSource, part: str) -> str:
    if not part:
        return _("Step by step")
    return _("Part: %(name)s") % {"name": labels.format_part_title(source.seen, part)}


def list_told_before(seen: Outline) -> set[str]:
    """List the branchings that follow a step whatever it gives, and so are told
    there."""
    steps = seen.steps
    leads = [lead for step in steps.values() for lead in step.leads]
    follows = {lead.to for lead in leads if is_unconditional(lead)}
    branched_to = {lead.to for lead in leads if not is_unconditional(lead)}
    first = {branch for step in steps.values() for branch in step.beside}
    return {
        id
        for id in (follows - branched_to - first) & steps.keys()
        if steps[id].kind == "choose"
    }


def get_ways_on(seen: Outline, step: OutlineStep) -> tuple[OutlineBranch, ...]:
    """Return the ways on from a step; if a branching follows, its ways."""
    if len(step.leads) == 1 and is_unconditional(step.leads[0]):
        then = seen.steps.get(step.leads[0].to)
        if then and then.kind == "choose":
            return then.leads
    return step.leads


def is_unconditional(lead: OutlineBranch) -> bool:
    return not (lead.when or lead.otherwise or lead.message or lead.after)


def describe_step(source: PrintSource, step: OutlineStep) -> list[Block]:
    blocks: list[Block] = [Heading(3, source.step(step.id))]
    if step.role:
        blocks.append(Paragraph(build_strong(source.role(step.role))))
    if how := source.says(step.how):
        blocks.append(build_paragraph(how))
    if lines := tuple(iterate_lines(source, step)):
        blocks.append(Points(lines))
    return blocks


def iterate_lines(source: PrintSource, step: OutlineStep) -> Iterator[Line]:
    seen = source.seen
    if step.due:
        yield build_labelled(_("By when"), labels.format_clocks(step.due))
    if step.remind:
        yield build_labelled(
            _("Reminder before deadline"), labels.format_clocks(step.remind)
        )
    if step.late:
        yield build_labelled(_("Notified when late"), source.roles(step.late))
    if form := source.form_of(step):
        yield build_labelled(_("Form"), form)
    if step.beside:
        named = (labels.format_branch_title(seen, branch) for branch in step.beside)
        yield build_labelled(_("At the same time"), format_list(named))
    if not (step.leads or step.end or step.role):
        yield build_labelled(_("Then"), _("nothing more here"))
    for lead in get_ways_on(seen, step):
        way = labels.build_way(seen, lead)
        yield build_labelled(
            way.words or _("Then"), way.title or _("nothing more here")
        )
    if step.end:
        how = labels.format_ending(step.end)
        yield build_line(_("The case ends here: %(how)s.") % {"how": how})


def describe_interrupt(source: PrintSource, interrupt: Plain) -> list[Block]:
    on = labels.format_message(str(interrupt.get("on", "")))
    keeps = outlines.read_list(interrupt.get("keeps"))
    blocks: list[Block] = [
        Heading(2, _("At any time: %(what)s") % {"what": on}),
        Paragraph(
            build_labelled(_("Then"), source.step(str(interrupt.get("next", ""))))
        ),
    ]
    if keeps:
        kept = format_list(source.step(str(keep)) for keep in keeps)
        blocks.append(Paragraph(build_labelled(_("Continues meanwhile"), kept)))
    return blocks
