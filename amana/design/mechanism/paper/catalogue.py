"""What there is to print of a mechanism, and in which shapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.functional import lazy as lazily_of
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from amana.design.mechanism import sentences
from amana.design.mechanism.engine.pathway import said
from amana.design.mechanism.pack.model import Pack
from amana.design.mechanism.paper import as_html, printing
from amana.design.mechanism.paper.agreements import (
    agreement,
    consent_sheet,
    responsibilities,
    sharing_protocol,
)
from amana.design.mechanism.paper.cards import rights_card, role_cards
from amana.design.mechanism.paper.document import Document, Picture
from amana.design.mechanism.paper.pathway_map import TOO_LARGE_TO_DRAW, referral_map
from amana.design.mechanism.paper.questions import form_on_paper
from amana.design.mechanism.paper.sop import sop
from amana.design.mechanism.paper.source import Edition, Source
from amana.errors import Refused


def drawing_of(document: Document) -> bytes:
    """Extract its first drawing, to be hung up or placed in another text. Raises
    Refused where there is none."""
    for block in document.blocks:
        if isinstance(block, Picture):
            return str(block.drawing.svg()).encode()
    raise Refused(str(TOO_LARGE_TO_DRAW))


def page_of(document: Document) -> bytes:
    return as_html.alone(document).encode()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Shape:
    """What a document can be printed as."""

    code: str
    name: str | Promise
    media_type: str
    maker: Callable[[Document], bytes] | None = None
    """None: by the process that prints."""

    def made(self, document: Document, *, by: int | None) -> bytes:
        """Make the document in this shape; what the shape adds is in the document's
        language as well. `by` is the key of the person who prints."""
        if self.maker is None:
            return printing.printed(document, self.code, by=by)
        with override(document.language):
            return self.maker(document)

    def all_made(
        self, documents: Mapping[str, Document], *, by: int | None
    ) -> dict[str, bytes]:
        """Make several, by their names, in one piece of work."""
        if self.maker is None:
            return printing.all_printed(documents, self.code, by=by)
        return {
            name: self.made(document, by=by) for name, document in documents.items()
        }


SHAPES: dict[str, Shape] = {
    shape.code: shape
    for shape in (
        Shape("html", lazy("Web page"), "text/html", page_of),
        Shape("pdf", "PDF", "application/pdf"),
        Shape("docx", "Word", WORD),
        Shape("svg", "SVG", "image/svg+xml", drawing_of),
    )
}


@dataclass(frozen=True)
class Paper:
    """One of the documents of a mechanism."""

    kind: str
    title: str | Promise
    about: str | Promise
    made: Callable[[Source], Document]
    shapes: tuple[str, ...] = ("html", "pdf", "docx")


ALWAYS = (
    Paper(
        "sop",
        lazy("Standard operating procedures"),
        lazy("Every chapter, with the steps, clocks and tables of the mechanism."),
        sop,
    ),
    Paper(
        "map",
        lazy("Referral map"),
        lazy("The steps as a drawing and as a list."),
        referral_map,
        ("html", "pdf", "docx", "svg"),
    ),
    Paper(
        "role-cards",
        lazy("Role cards"),
        lazy("One page for each role: what I do, by when, whom I call."),
        role_cards,
    ),
    Paper(
        "responsibilities",
        lazy("Who does what"),
        lazy("The table of responsibilities (RACI)."),
        responsibilities,
    ),
    Paper(
        "consent",
        lazy("Consent sheet"),
        lazy("To read aloud, with space to record what was agreed."),
        consent_sheet,
    ),
    Paper(
        "rights",
        lazy("Rights card"),
        lazy("In plain language, for the person."),
        rights_card,
    ),
    Paper(
        "information-sharing",
        lazy("Information-sharing protocol"),
        lazy("Which field may be shared with whom."),
        sharing_protocol,
    ),
    Paper(
        "agreement",
        lazy("Agreement between organisations (template)"),
        lazy("A memorandum of understanding, to be completed."),
        agreement,
    ),
)


def papers(pack: Pack) -> dict[str, Paper]:
    """List the papers by their kind, as addresses and files name it."""
    forms = (
        Paper(
            f"form-{name}",
            named(form.title, pack.language),
            lazy("To fill in by hand where there is no screen."),
            partial(form_on_paper, name=name),
            # To write on in a spreadsheet, there is the form itself.
            ("html", "pdf"),
        )
        for name, form in pack.forms.items()
    )
    return {paper.kind: paper for paper in (*ALWAYS, *forms)}


def title_now(title: Mapping[str, str], otherwise: str) -> str:
    return said(title, sentences.language(), otherwise)


named = lazily_of(title_now, str)
"""A title in the reader's language, whenever it is read."""


def written(paper: Paper, pack: Pack, language: str, edition: Edition) -> Document:
    """Write the paper in this language, whatever the reader's own is."""
    with override(language):
        return paper.made(Source(pack, language, edition))
