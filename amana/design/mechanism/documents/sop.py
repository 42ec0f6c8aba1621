"""The standard operating procedures: the pack's chapters in their order, then annexes
made from the file. A table that a chapter shows is not printed a second time."""

from collections.abc import Callable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from amana.design.mechanism.documents import document_tables
from amana.design.mechanism.documents.contacts import build_contacts
from amana.design.mechanism.documents.pathway_map import build_pathway_blocks
from amana.design.mechanism.documents.placeholder_texts import build_blocks
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.pack import placeholders
from amana.printing.document import Block, Document, Heading, NewPage

type Annex = tuple[str | Promise, Callable[[PrintSource], list[Block]], str]

ANNEXES: tuple[Annex, ...] = (
    # title, what makes it, and the table of which it is instead
    (lazy("Case pathway"), build_pathway_blocks, ""),
    (lazy("Who does what"), document_tables.build_duty_table, "duties"),
    (lazy("Roles"), document_tables.build_role_table, "roles"),
    (lazy("Referral clocks"), document_tables.build_clock_table, "clocks"),
    (
        lazy("What may be shared with whom"),
        document_tables.build_sharing_table,
        "sharing",
    ),
    (lazy("What the law requires of us"), document_tables.build_law_table, "law"),
    (lazy("Forms"), document_tables.build_form_table, "forms"),
    (lazy("Indicators"), document_tables.build_indicator_table, "indicators"),
    (
        pgettext_lazy("with their meaning", "Words"),
        document_tables.build_glossary_table,
        "glossary",
    ),
    (lazy("Organisations"), document_tables.build_organisation_table, "organisations"),
    (lazy("Services to call"), build_contacts, ""),
)


def build_sop(source: PrintSource) -> Document:
    blocks = [*iterate_chapters(source), *iterate_annexes(source)]
    title = _("Standard operating procedures")
    return source.document(title, blocks, contents=True)


def iterate_chapters(source: PrintSource) -> Iterator[Block]:
    for chapter in source.pack.sop.get(source.language, ()):
        yield Heading(1, chapter.title, str(chapter.number))
        yield from build_blocks(source, chapter.words)


def iterate_annexes(source: PrintSource) -> Iterator[Block]:
    shown = {
        place.name.removeprefix("table.")
        for chapter in source.pack.sop.get(source.language, ())
        for place in placeholders.find_placeholders(chapter.words)
    }
    left = [annexe for annexe in ANNEXES if annexe[2] not in shown]
    filled = [(title, made(source)) for title, made, _instead in left]
    yield NewPage()
    there = ((title, blocks) for title, blocks in filled if blocks)
    for number, (title, blocks) in enumerate(there, 1):
        yield Heading(1, str(title), _("Annex %(number)s") % {"number": number})
        yield from blocks
