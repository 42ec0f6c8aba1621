"""What is handed to a table or to who plays a person: one page for each."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.academy.exercises import labels
from amana.academy.exercises.engine.scenario import InventedPerson
from amana.academy.exercises.print_source import AT, KitSource
from amana.design.directory.codes import format_language
from amana.design.mechanism.documents.agreements import build_consent_sheet
from amana.design.mechanism.documents.cards import build_role_card
from amana.design.mechanism.documents.contacts import build_contacts
from amana.printing.document import (
    Blank,
    Block,
    Boxes,
    Heading,
    NewPage,
    Paragraph,
    Table,
    build_labelled,
    build_paragraph,
    build_row,
)
from amana.ui.labels import format_list

NOTED = 12


def build_people(source: KitSource) -> Iterator[Block]:
    """Build a card for each person, to be read by who plays them alone."""
    scenario = source.scenario
    for number, person in enumerate(scenario.people.values()):
        if number:
            yield NewPage()
        yield from build_person(source, person)
    for group in scenario.groups.values():
        yield NewPage()
        count = _("%(number)s people without a name") % {"number": group.count}
        yield Heading(1, count)
        yield build_paragraph(source.say(group.looks))


def build_person(source: KitSource, person: InventedPerson) -> Iterator[Block]:
    yield Heading(1, person.name)
    yield build_paragraph(_("For the one who plays this person alone."), "quiet")
    age = str(person.age)
    if person.says_age is not None:
        age = _("%(age)s, and states %(stated)s") % {
            "age": person.age,
            "stated": person.says_age,
        }
    yield Paragraph(build_labelled(_("Age"), age))
    languages = format_list(map(format_language, person.speaks))
    yield Paragraph(build_labelled(_("Speaks"), languages))
    if person.companions:
        names = (source.scenario.people[code].name for code in person.companions)
        yield Paragraph(build_labelled(_("With"), format_list(names)))
    yield Heading(2, _("What others see"))
    yield build_paragraph(source.say(person.looks))
    yield Heading(2, _("What you answer at first"))
    yield build_paragraph(source.say(person.says))
    if person.knows:
        yield Heading(2, _("What you disclose, once all of this is so"))
        rows = [
            build_row(labels.format_conditions(known.when), source.say(known.tells))
            for known in person.knows
        ]
        yield Table((_("When"), _("What you disclose")), tuple(rows), (2, 5))


def build_seat(source: KitSource, code: str) -> Iterator[Block]:
    """Build what a table has: its brief, its role, and a page to note what it did.
    Raises KeyError."""
    scenario, mechanism = source.scenario, source.mechanism
    seat = scenario.seats[code]
    yield Heading(1, source.say(seat.title))
    yield build_paragraph(source.say(seat.brief), "lead")
    agency = scenario.agencies[seat.agency]
    yield Paragraph(
        build_labelled(source.name_agency(agency.code), source.format_hours(agency))
    )
    if agency.places is not None:
        yield Paragraph(build_labelled(_("Places"), " ".join("☐" * agency.places)))
    word = source.say(scenario.stop_word)
    yield Paragraph(build_labelled(_("The word that stops it for everyone"), word))
    yield build_paragraph(source.say(scenario.care), "quiet")
    role = mechanism.pack.roles[seat.role]
    for block in build_role_card(mechanism, role):
        # Its title is below that of the seat.
        is_title = isinstance(block, Heading) and block.level == 1
        yield Heading(2, mechanism.says(role.title)) if is_title else block
    yield NewPage()
    yield Heading(2, _("What we did"))
    rows = tuple(build_row(AT, "", "", "") for _line in range(NOTED))
    head = (_("Time"), _("What"), _("Of whom"), _("Who else"))
    yield Table(head, rows, (2, 7, 4, 4))


def build_directory(source: KitSource) -> Iterator[Block]:
    """Build who can be called: nothing of it says what an agency has left."""
    yield from build_contacts(source.mechanism)


def build_sheets(source: KitSource) -> Iterator[Block]:
    """Build the sheets to fill in: consent, and a referral with its answer."""
    consent = build_consent_sheet(source.mechanism)
    yield Heading(1, consent.title)
    yield from consent.blocks
    yield NewPage()
    yield Heading(1, _("Referral"))
    for label, lines in (
        (_("Person (no name where none is needed)"), 1),
        (_("From, and at what time"), 1),
        (_("To"), 1),
        (_("What is needed"), 2),
        (_("What the person has agreed to share with this service, and no more"), 3),
    ):
        yield Blank(label, lines)
    yield Paragraph(build_labelled(_("The answer"), ""), "ask")
    yield Boxes((_("Accepted"), _("Declined"), _("Waiting list")), one_only=True)
    yield Blank(_("Reason, and at what time"))
    yield Paragraph(build_labelled(_("Afterwards"), ""), "ask")
    yield Boxes((_("Service completed"), _("The person was asked how it was")))
