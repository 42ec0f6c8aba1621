"""What one person keeps at hand: a card for each role, and one with the rights of
the person who is helped."""

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism.documents.document_tables import format_compartments
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.pack.pack_model import Role
from amana.printing.document import (
    Block,
    Document,
    Heading,
    Line,
    NewPage,
    Paragraph,
    Points,
    Table,
    build_labelled,
    build_paragraph,
    build_points,
    build_row,
    build_strong,
)
from amana.ui.labels import format_list


def build_role_cards(source: PrintSource) -> Document:
    """Build a page for each role: what I do, by when, whom I call."""
    blocks: list[Block] = []
    for role in source.pack.roles.values():
        if blocks:
            blocks.append(NewPage())
        blocks += build_role_card(source, role)
    return source.document(_("Role cards"), blocks)


def build_role_card(source: PrintSource, role: Role) -> list[Block]:
    steps = source.seen.of_role(role.id)
    blocks: list[Block] = [
        Heading(1, source.says(role.title)),
        build_paragraph(source.says(role.does), "lead"),
    ]
    if steps:
        rows = [
            build_row(
                build_strong(source.step(step.id)),
                labels.format_clocks(step.due) or "–",
                source.form_of(step) or "–",
            )
            for step in steps
        ]
        head = (_("What I do"), _("By when"), _("Form"))
        blocks += [
            Heading(2, _("What I do, and by when")),
            Table(head, tuple(rows), (5, 6, 4)),
        ]
    if calls := source.says(role.calls):
        blocks += [Heading(2, _("Whom I call")), build_paragraph(calls)]
    if late := format_late_steps(source, role):
        blocks.append(
            Paragraph(build_labelled(_("I am notified when this is late"), late))
        )
    blocks.append(Heading(2, _("What I may know and pass on")))
    blocks.append(Points(tuple(list_flows(source, role))))
    return blocks


def format_late_steps(source: PrintSource, role: Role) -> str:
    """Format the steps of others that this role is told of when they are late; of most
    of them, only those that it is not told of."""
    others = [
        step for step in source.seen.by_hand() if step.due and step.role != role.id
    ]
    late = [source.step(step.id) for step in others if role.id in step.late]
    not_told = [source.step(step.id) for step in others if role.id not in step.late]
    # The shorter list of the two: a coordinator hears of almost every step, and a card
    # is one page.
    if len(late) <= len(not_told):
        return format_list(late)
    if not not_told:
        return _("every step done by others")
    steps = format_list(not_told)
    return _("every step done by others, except: %(steps)s") % {"steps": steps}


def list_flows(source: PrintSource, role: Role) -> list[Line]:
    may = source.pack.sharing.get(role.sphere, frozenset())
    lines = [
        build_labelled(_("Sent to me, if the person agrees"), format_compartments(may))
    ]
    refers = _("Yes, with the person’s consent") if role.may_refer else _("No")
    lines.append(build_labelled(_("I may refer"), refers))
    if role.certificates:
        names = format_list(map(source.edition.certificate, role.certificates))
        lines.append(build_labelled(_("I need a certificate"), names))
    return lines


def build_rights_card(source: PrintSource) -> Document:
    """Build a card in plain language, to be given or read out to a person. Rights R1 to
    R17 of the catalogue in our reference, from the UN Protocol of 2000, the Council of
    Europe's Convention of 2005 and data protection law; short words, one thought
    each."""
    blocks: list[Block] = [
        build_paragraph(_("These are your rights, whatever you tell us."), "lead"),
        Heading(1, _("You decide")),
        build_points(
            [
                _(
                    "You can answer yes, no or not yet. You can change your mind at "
                    "any time."
                ),
                _(
                    "We ask you before we share anything about you. We may share "
                    "without your consent only if a life or a child is in danger, or "
                    "if a court or the law requires it."
                ),
                _("You do not have to speak to the police to get help."),
                _("You do not have to answer questions. You can stop at any time."),
            ]
        ),
        Heading(1, _("Your right to help")),
        build_points(
            [
                _(
                    "A safe bed, food, a doctor, a lawyer: free, with or without "
                    "papers."
                ),
                _("A person who speaks your language and whom you accept."),
                _("Time to rest before you decide anything."),
                _("The same help for women, men, children and everyone else."),
            ]
        ),
        Heading(1, _("Your safety")),
        build_points(
            [
                _("We share where you are only with people who need to know."),
                _("What you tell us is locked. You can see who has opened it."),
                _("We send nothing to border or immigration officers."),
                _("You must not be punished for what others made you do."),
                _("You must not be sent back into danger."),
            ]
        ),
        Heading(1, _("If you are under 18, or not sure")),
        build_points(
            [
                _("A person who is there only for you stays by your side."),
                _("We listen to you. What is best for you comes first."),
            ]
        ),
        Heading(1, _("You can complain and claim your rights")),
        build_points(
            [
                _(
                    "You can complain about any of us. You will not lose any help "
                    "because of it."
                ),
                _("You may see what is written about you, and have it corrected."),
                _("You can ask for wages that you are owed, and for compensation."),
                _("If a decision goes against you, you can ask for a review."),
            ]
        ),
    ]
    return source.document(_("Your rights"), blocks, large=True)
