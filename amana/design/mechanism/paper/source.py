"""What a document is made from: a pack, in one language, in a certain version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import panels, sentences
from amana.design.mechanism.models import State, Version, digest, fingerprint
from amana.design.mechanism.outline import Outline, Step, outline
from amana.design.mechanism.pack.model import Pack
from amana.design.mechanism.paper.document import (
    Block,
    Document,
    Line,
    Run,
    plain,
    without_gaps,
)
from amana.ui.sentences import listed

SPHERES: Mapping[str, str | Promise] = {
    "humanitarian": lazy("Humanitarian"),
    "health": lazy("Health"),
    "legal": lazy("Legal"),
    "law_enforcement": lazy("Law enforcement"),
    "border": lazy("Border and immigration"),
}


@dataclass(frozen=True)
class Edition:
    """Which wording is printed, and what it is worth; each in the reader's words."""

    number: Callable[[], str]
    status: Callable[[], str]
    sha256: str
    certificate: Callable[[str], str] = sentences.readable
    """The name of a certificate; known where its course is taught."""


def edition_of(version: Version) -> Edition:
    return Edition(
        lambda: str(version),
        lambda: status_of(version),
        version.sha256,
        panels.certificate_name,
    )


def edition_of_files(files: Mapping[str, bytes]) -> Edition:
    """Build the edition of a folder that was not adopted here."""
    named = fingerprint((path, digest(content)) for path, content in files.items())
    return Edition(lambda: _("From files"), lambda: _("Not adopted here"), named)


def status_of(version: Version) -> str:
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
class Source:
    """A pack, about to be printed; used while `language` is the active one."""

    pack: Pack
    language: str
    edition: Edition

    @cached_property
    def seen(self) -> Outline:
        return outline(self.pack.plain, self.pack.files)

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
        return sentences.role_title(self.seen, role)

    def roles(self, roles: tuple[str, ...]) -> str:
        return listed(self.role(role) for role in roles)

    def organisation(self, code: str) -> str:
        found = self.pack.organisations.get(code)
        return found.name if found else code

    def step(self, step: str) -> str:
        return sentences.title_of(self.seen, step)

    def shown(self, step: Step) -> sentences.ShownStep:
        return sentences.shown(self.seen, step)

    def form(self, name: str) -> str:
        form = self.pack.forms.get(name)
        return self.says(form.title) if form else sentences.readable(name)

    def filled_in(self, step: Step) -> str:
        """Return the form of a step, its own or its instrument's; empty if it has
        none."""
        if step.screening:
            return self.pack.instruments[step.screening].form
        return step.form

    def form_of(self, step: Step) -> str:
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
            blocks=tuple(without_gaps(blocks)),
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
            (_("Version"), plain(self.edition.number())),
            (_("Status"), plain(self.edition.status())),
        ]
        if self.pack.jurisdiction:
            said.append(
                (_("Where it applies"), plain(self.says(self.pack.jurisdiction)))
            )
        if self.pack.review_on:
            day = date_format(self.pack.review_on, _("j F Y"))
            said.append((_("To be reviewed by"), plain(day)))
        said.append((_("SHA-256 of its files"), (Run(self.edition.sha256, code=True),)))
        return said
