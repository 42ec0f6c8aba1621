"""What prevents the publication of a brief, with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.design.directory.models import Area
from amana.insight.briefs.brief_checks import (
    TextFinding,
    check_text,
    list_hard_sentences,
)
from amana.insight.briefs.parts import BriefPart, BriefSection, PartShape
from amana.insight.briefs.texts import LANGUAGES, PLACE, BriefText
from amana.insight.costing.models import Fund
from amana.trust.access.models import Organisation
from amana.ui import languages


@dataclass(frozen=True)
class NotedFinding:
    section: BriefSection
    part: BriefPart
    language: str
    finding: TextFinding

    @property
    def sentence(self) -> str:
        """What is wrong, where, and the very words."""
        where = self.section.title
        if self.language:
            where = f"{where} ({languages.format_language(self.language)})"
        said = {"where": where, "what": self.finding.words, "words": self.words}
        if not self.words:
            return _("%(where)s: %(what)s") % said
        return _("%(where)s: %(what)s “%(words)s”") % said

    @property
    def words(self) -> str:
        return self.finding.sentence


def list_findings(text: BriefText) -> list[NotedFinding]:
    """List all findings, in the order of the brief."""
    named = Area.objects.values_list("names", flat=True)
    places = {name for names in named for name in names.values() if name}
    offices = Organisation.objects.values_list("name", flat=True)
    payers = Fund.objects.values_list("title", flat=True)
    # Names that are no person's: without them each mention of a ministry or a town
    # would need a second reader.
    known = " · ".join([*offices, *payers, *places])
    found: list[NotedFinding] = []
    for section in text.brief.sections:
        for part in section.parts:
            for language in LANGUAGES if part.is_spoken else ("",):
                found += (
                    NotedFinding(section, part, language, finding)
                    for finding in _in_part(
                        text, section, part, language, places, known
                    )
                )
    return found


def _in_part(
    text: BriefText,
    section: BriefSection,
    part: BriefPart,
    language: str,
    places: set[str],
    known: str,
) -> Iterator[TextFinding]:
    raw = text.raw(part.code, language)
    if not part.is_spoken:
        yield from _chosen(text, part, raw)
        return
    for name in text.unknown(part.code, language):
        yield TextFinding(_("There is no figure of this name that may be shown."), name)
    # A figure's own number is protected already: it is not checked again.
    yield from check_text(
        PLACE.sub("{…}", raw),
        places=places,
        known=known,
        reachable=part.code == "contacts",
        may_be_empty=part.may_be_empty,
    )
    if section.is_plain:
        for sentence in list_hard_sentences(raw):
            yield TextFinding(_("Shorten it, so that everyone can read it."), sentence)


def _chosen(text: BriefText, part: BriefPart, raw: str) -> Iterator[TextFinding]:
    if part.shape is PartShape.FIGURE and raw not in text.figures:
        yield TextFinding(_("Choose a figure that may be shown."), "")
    if part.shape is PartShape.DAY and not raw:
        yield TextFinding(_("Enter the date by which a decision is needed."), "")
    if part.shape is PartShape.SCORE and not raw:
        yield TextFinding(_("Score every option."), "")
