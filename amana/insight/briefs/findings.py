"""What prevents the publication of a brief, with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.design.directory.models import Area
from amana.insight.briefs.checking import Finding, hard_to_read, look_through
from amana.insight.briefs.parts import Part, Section, Shape
from amana.insight.briefs.texts import LANGUAGES, PLACE, Text
from amana.insight.costing.models import Fund
from amana.trust.access.models import Organisation
from amana.ui import languages


@dataclass(frozen=True)
class Noted:
    section: Section
    part: Part
    language: str
    finding: Finding

    @property
    def sentence(self) -> str:
        """What is wrong, where, and the very words."""
        where = self.section.title
        if self.language:
            where = f"{where} ({languages.name(self.language)})"
        said = {"where": where, "what": self.finding.words, "words": self.words}
        if not self.words:
            return _("%(where)s: %(what)s") % said
        return _("%(where)s: %(what)s “%(words)s”") % said

    @property
    def words(self) -> str:
        return self.finding.sentence


def noted(text: Text) -> list[Noted]:
    """List all findings, in the order of the brief."""
    named = Area.objects.values_list("name_en", "name_fr", "name_ar")
    places = {name for names in named for name in names if name}
    offices = Organisation.objects.values_list("name", flat=True)
    payers = Fund.objects.values_list("title", flat=True)
    # Names that are no person's: without them each mention of a ministry or a town
    # would need a second reader.
    known = " · ".join([*offices, *payers, *places])
    found: list[Noted] = []
    for section in text.brief.sections:
        for part in section.parts:
            for language in LANGUAGES if part.is_spoken else ("",):
                found += (
                    Noted(section, part, language, finding)
                    for finding in _in_part(
                        text, section, part, language, places, known
                    )
                )
    return found


def _in_part(
    text: Text,
    section: Section,
    part: Part,
    language: str,
    places: set[str],
    known: str,
) -> Iterator[Finding]:
    raw = text.raw(part.code, language)
    if not part.is_spoken:
        yield from _chosen(text, part, raw)
        return
    for name in text.unknown(part.code, language):
        yield Finding(_("There is no figure of this name that may be shown."), name)
    # A figure's own number is protected already: it is not checked again.
    yield from look_through(
        PLACE.sub("{…}", raw),
        places=places,
        known=known,
        reachable=part.code == "contacts",
        may_be_empty=part.may_be_empty,
    )
    if section.is_plain:
        for sentence in hard_to_read(raw):
            yield Finding(_("Shorten it, so that everyone can read it."), sentence)


def _chosen(text: Text, part: Part, raw: str) -> Iterator[Finding]:
    if part.shape is Shape.FIGURE and raw not in text.figures:
        yield Finding(_("Choose a figure that may be shown."), "")
    if part.shape is Shape.DAY and not raw:
        yield Finding(_("Enter the date by which a decision is needed."), "")
    if part.shape is Shape.SCORE and not raw:
        yield Finding(_("Score every option."), "")
