"""What a visitor reads of one service: on its page, in a message, on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from amana.design.directory import labels
from amana.design.directory.models import Area, Service
from amana.ui.labels import format_list

LONGEST, LONGEST_LINE = 1500, 300
"""Characters of a text of many lines, and of one line: a page stays small whatever was
imported."""
MOST_KINDS, MOST_LANGUAGES, MOST_AREAS = 12, 30, 30
WEB = ("https://", "http://")


@dataclass(frozen=True)
class ServiceDescription:
    """The facts of one service, in the language of the page."""

    service: Service
    conditions: list[str] = field(default_factory=list)
    coverage: list[str] = field(default_factory=list)
    """Names of the areas whose people it serves; empty: of all."""

    @property
    def kinds(self) -> list[str]:
        return [str(kind.label) for kind in self.service.kinds][:MOST_KINDS]

    @property
    def about(self) -> str:
        return shorten(self.service.description)

    @property
    def other_conditions(self) -> str:
        return shorten(self.service.conditions)

    @property
    def restrictions(self) -> list[str]:
        """All that limits whom it is for, but for what it has in its own words."""
        lines = list(self.conditions)
        if self.coverage:
            lines.append(f"{_('It serves people in:')} {format_list(self.coverage)}")
        if self.service.own_assessment:
            lines.append(_("It decides after its own assessment."))
        return lines

    @property
    def arrival(self) -> str:
        return shorten(self.service.arrival)

    @property
    def languages(self) -> str:
        return labels.format_languages(self.service.languages[:MOST_LANGUAGES])

    @property
    def ticked(self) -> dict[str, list[str]]:
        """The ways to reach it, and what it is like there."""
        return labels.list_labels(self.service)

    @property
    def cost(self) -> str:
        # What an import or a colleague left out is not known, so it is not called free.
        if not self.service.costs:
            return _("No charge is stated. Ask before you go.")
        return f"{_('There is a charge.')} {self.service.cost_note}".strip()

    @property
    def website(self) -> str:
        """An address that a browser opens as a page; else nothing."""
        # Imported rows may hold a scheme that a browser would run.
        address = self.service.website
        return address if address.startswith(WEB) else ""

    @property
    def is_old(self) -> bool:
        return self.service.is_uncertain

    @property
    def checked(self) -> str:
        return format_checked(self.service, is_old=self.is_old)


def describe_service(service: Service) -> ServiceDescription:
    """Describe it as its page does, with its conditions."""
    # Most serve people from anywhere: no query for them.
    codes = service.coverage[:MOST_AREAS]
    areas: Iterable[Area] = (
        Area.objects.filter(code__in=codes).for_choice() if codes else ()
    )
    return ServiceDescription(
        service,
        conditions=[
            shorten(line, LONGEST_LINE) for line in labels.list_conditions(service)
        ],
        coverage=[area.name for area in areas],
    )


def shorten(text: str, most: int = LONGEST) -> str:
    return Truncator(text).chars(most)


def format_checked(service: Service, *, is_old: bool) -> str:
    """Format since when what is written of it is confirmed."""
    if service.verified_at is None:
        return _("These details have not been confirmed yet. Call before you go.")
    day = date_format(timezone.localtime(service.verified_at), _("j F Y"))
    if is_old:
        return _(
            "These details have not been confirmed since %(day)s. Call before you go."
        ) % {"day": day}
    return _("These details were last confirmed on %(day)s.") % {"day": day}


def format_practice() -> str:
    """Format that nothing here is real, where that is so."""
    if not settings.INVENTED:
        return ""
    return _("For practice: all services and telephone numbers here are invented.")


# --- as a message


def write_text(described: ServiceDescription, address: str) -> str:
    """Write it as plain text, to be sent or kept; `address` is that of its page."""
    return "\n".join([*iterate_lines(described), address]) + "\n"


def iterate_lines(described: ServiceDescription) -> Iterator[str]:
    service = described.service
    yield service.called
    yield service.organisation.name
    for label, words in list_facts(described):
        if words:
            yield f"{_('%(label)s:') % {'label': label}} {words}"
    yield described.checked
    if practice := format_practice():
        yield practice


def list_facts(described: ServiceDescription) -> list[tuple[str, str]]:
    service = described.service
    area = service.area.name if service.area else ""
    hours = [*service.hours_in_words, service.hours_note]
    own_words = " ".join(described.other_conditions.split())
    return [
        (_("What it offers"), format_list(described.kinds)),
        (_("For whom"), " ".join(filter(None, (*described.restrictions, own_words)))),
        (_("Where"), format_list(filter(None, (service.address, area)))),
        (_("How to get there"), " ".join(described.arrival.split())),
        (_("How people reach it"), format_list(described.ticked["modalities"])),
        (_("Opening hours"), "; ".join(filter(None, hours))),
        (_("Telephone"), service.phone),
        (_("E-mail"), service.email),
        (_("Web page"), described.website),
        (_("Languages"), described.languages),
        (_("Cost"), described.cost),
    ]
