"""The standard operating procedures: the pack's chapters in their order, then annexes
made from the file. A table that a chapter shows is not printed a second time."""

from collections.abc import Callable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from amana.design.mechanism.pack import placeholders
from amana.design.mechanism.paper import tables
from amana.design.mechanism.paper.contacts import contacts
from amana.design.mechanism.paper.document import Block, Document, Heading, NewPage
from amana.design.mechanism.paper.pathway_map import way_drawn_and_said
from amana.design.mechanism.paper.places import blocks_of
from amana.design.mechanism.paper.source import Source

type Annex = tuple[str | Promise, Callable[[Source], list[Block]], str]

ANNEXES: tuple[Annex, ...] = (
    # title, what makes it, and the table of which it is instead
    (lazy("Case pathway"), way_drawn_and_said, ""),
    (lazy("Who does what"), tables.duties, "duties"),
    (lazy("Roles"), tables.roles, "roles"),
    (lazy("Referral clocks"), tables.clocks, "clocks"),
    (lazy("What may be shared with whom"), tables.sharing, "sharing"),
    (lazy("What the law requires of us"), tables.law, "law"),
    (lazy("Forms"), tables.forms, "forms"),
    (lazy("Indicators"), tables.indicators, "indicators"),
    (pgettext_lazy("with their meaning", "Words"), tables.glossary, "glossary"),
    (lazy("Organisations"), tables.organisations, "organisations"),
    (lazy("Services to call"), contacts, ""),
)


def sop(source: Source) -> Document:
    blocks = [*chapters(source), *annexes(source)]
    title = _("Standard operating procedures")
    return source.document(title, blocks, contents=True)


def chapters(source: Source) -> Iterator[Block]:
    for chapter in source.pack.sop.get(source.language, ()):
        yield Heading(1, chapter.title, str(chapter.number))
        yield from blocks_of(source, chapter.words)


def annexes(source: Source) -> Iterator[Block]:
    shown = {
        place.name.removeprefix("table.")
        for chapter in source.pack.sop.get(source.language, ())
        for place in placeholders.found(chapter.words)
    }
    left = [annexe for annexe in ANNEXES if annexe[2] not in shown]
    filled = [(title, made(source)) for title, made, _instead in left]
    yield NewPage()
    there = ((title, blocks) for title, blocks in filled if blocks)
    for number, (title, blocks) in enumerate(there, 1):
        yield Heading(1, str(title), _("Annex %(number)s") % {"number": number})
        yield from blocks
