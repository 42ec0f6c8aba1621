"""What a document is made from: a pack, in one language, in a certain version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import labels, sections
from amana.design.mechanism.fingerprints import compute_digest, compute_fingerprint
from amana.design.mechanism.models import State, Version
from amana.design.mechanism.outline import Outline, OutlineStep
from amana.design.mechanism.pack.pack_model import Pack
from amana.printing.document import (
    Block,
    Document,
    Line,
    TextRun,
    build_line,
    close_level_gaps,
)
from amana.ui.labels import format_list

SPHERES: Mapping[str, str | Promise] = {
    "humanitarian": lazy("Humanitarian"),
    "health": lazy("Health"),
    "legal": lazy("Legal"),
    "law_enforcement": lazy("Law enforcement"),
    "border": lazy("Border and immigration"),
}


@dataclass(frozen=True)
class PrintedEdition:
    """Which wording is printed, and what it is worth; each in the reader's words."""

    number: Callable[[], str]
    status: Callable[[], str]
    sha256: str
    certificate: Callable[[str], str] = labels.format_code_without_words
    """The name of a certificate; known where its course is taught."""


def build_edition(version: Version) -> PrintedEdition:
    return PrintedEdition(
        lambda: str(version),
        lambda: format_status(version),
        version.sha256,
        sections.find_certificate_name,
    )


def build_file_edition(files: Mapping[str, bytes]) -> PrintedEdition:
    """Build the edition of a folder that was not adopted here."""
    named = compute_fingerprint(
        (path, compute_digest(content)) for path, content in files.items()
    )
    return PrintedEdition(lambda: _("From files"), lambda: _("Not adopted here"), named)


def format_status(version: Version) -> str:
    if version.state == State.IN_FORCE and version.in_force_at:
        day = date_format(version.in_force_at, _("j F Y"))
        return _("In force since %(day)s") % {"day": day}
    if version.state == State.ADOPTED:
        return _("Adopted, not in force yet")
    if version.state == State.SUPERSEDED:
        return _("Superseded by a later version")
    if version.state == State.CONSULTATION:
        return _("In consultation: not in use yet")
    return _("Draft: not in use yet")


@dataclass(frozen=True)
class PrintSource:
    """A pack, about to be printed; used while `language` is the active one."""

    pack: Pack
    language: str
    edition: PrintedEdition

    @property
    def seen(self) -> Outline:
        return self.pack.outline

    @property
    def mechanism(self) -> str:
        return self.says(self.pack.title)

    def says(self, text: Mapping[str, str]) -> str:
        """Return a text in this language, else in the pack's own, else in any."""
        for language in (self.language, self.pack.language):
            if text.get(language):
                return text[language]
        return next(filter(None, text.values()), "")

    def role(self, role: str) -> str:
        return labels.format_role_title(self.seen, role)

    def roles(self, roles: tuple[str, ...]) -> str:
        return format_list(self.role(role) for role in roles)

    def organisation(self, code: str) -> str:
        found = self.pack.organisations.get(code)
        return found.name if found else code

    def step(self, step: str) -> str:
        return labels.format_step_title(self.seen, step)

    def shown(self, step: OutlineStep) -> labels.StepText:
        return labels.build_shown_step(self.seen, step)

    def form(self, name: str) -> str:
        form = self.pack.forms.get(name)
        return self.says(form.title) if form else labels.format_code_without_words(name)

    def filled_in(self, step: OutlineStep) -> str:
        """Return the form of a step, its own or its instrument's; empty if it has
        none."""
        if step.screening:
            return self.pack.instruments[step.screening].form
        return step.form

    def form_of(self, step: OutlineStep) -> str:
        """Return what is filled in at a step, by its title; empty if nothing is."""
        if step.screening:
            instrument = self.pack.instruments[step.screening]
            return self.says(instrument.title)
        return self.form(step.form) if step.form else ""

    def document(
        self,
        title: str,
        blocks: list[Block],
        *,
        contents: bool = False,
        wide: bool = False,
        large: bool = False,
    ) -> Document:
        """Build these blocks into a paper of this version, with all that names the
        version."""
        edition = self.edition
        return Document(
            title=title,
            of=self.mechanism,
            language=self.language,
            blocks=tuple(close_level_gaps(blocks)),
            facts=tuple(self.facts()),
            notice=self.says(self.pack.notice),
            contents=_("Contents") if contents else "",
            # On every page: sheets are copied one by one, and a draft must not pass for
            # what is in force.
            foot=f"{edition.number()} · {edition.status()} · {edition.sha256[:12]}",
            wide=wide,
            large=large,
        )

    def facts(self) -> list[tuple[str, Line]]:
        said: list[tuple[str, Line]] = [
            (_("Version"), build_line(self.edition.number())),
            (_("Status"), build_line(self.edition.status())),
        ]
        if self.pack.jurisdiction:
            said.append(
                (_("Where it applies"), build_line(self.says(self.pack.jurisdiction)))
            )
        if self.pack.review_on:
            day = date_format(self.pack.review_on, _("j F Y"))
            said.append((_("To be reviewed by"), build_line(day)))
        said.append(
            (_("SHA-256 of its files"), (TextRun(self.edition.sha256, code=True),))
        )
        return said
