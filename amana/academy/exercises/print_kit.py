"""An exercise on paper: all that those who lead, the seats and the people need where
there is no network, or no computer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.academy.exercises import print_cards, print_lead
from amana.academy.exercises.print_source import KitSource
from amana.academy.exercises.shipped_scenarios import ShippedScenario
from amana.printing.document import Block, Document, Heading, NewPage, close_level_gaps

EVERYTHING, LEAD, PEOPLE = "everything", "lead", "people"


@dataclass(frozen=True)
class KitPart:
    """A part of the kit that is printed by itself, to be handed to whom it is for."""

    code: str
    title: str


def list_parts(shipped: ShippedScenario, language: str) -> list[KitPart]:
    """List what can be printed: all of it, or what one table needs."""
    seats = shipped.scenario.seats.values()
    with override(language):
        return [
            KitPart(EVERYTHING, _("Everything")),
            KitPart(LEAD, _("For those who lead")),
            KitPart(PEOPLE, _("Person cards")),
            *(KitPart(seat.code, seat.title.get(language, "")) for seat in seats),
        ]


def build_kit(shipped: ShippedScenario, language: str, part: str) -> Document:
    """Build a part of the kit. Raises KeyError where there is no such part."""
    source = KitSource.read(shipped, language)
    with override(language):
        blocks = list(
            BUILDERS[part](source) if part in BUILDERS else build_table(source, part)
        )
        title = source.say(source.scenario.title)
        return Document(
            title=title,
            of=_("Exercise on paper"),
            language=language,
            blocks=tuple(close_level_gaps(blocks)),
            notice=source.say(source.scenario.notice),
            contents=_("Contents") if part == EVERYTHING else "",
            # On each page: one that is left behind must not be taken for real.
            foot=_("Exercise: %(exercise)s. Everyone is invented.")
            % {"exercise": title},
        )


def build_everything(source: KitSource) -> Iterator[Block]:
    yield from print_lead.build_lead(source)
    yield NewPage()
    yield from print_cards.build_people(source)
    for code in source.scenario.seats:
        yield NewPage()
        yield from print_cards.build_seat(source, code)
    yield from build_supplies(source)


def build_table(source: KitSource, code: str) -> Iterator[Block]:
    yield from print_cards.build_seat(source, code)
    yield from build_supplies(source)


def build_supplies(source: KitSource) -> Iterator[Block]:
    """Yield what every seat has: the directory, and sheets to fill in."""
    yield NewPage()
    yield Heading(1, _("Directory of services"))
    yield from print_cards.build_directory(source)
    yield NewPage()
    yield from print_cards.build_sheets(source)


BUILDERS: Mapping[str, Callable[[KitSource], Iterator[Block]]] = {
    EVERYTHING: build_everything,
    LEAD: print_lead.build_lead,
    PEOPLE: print_cards.build_people,
}
