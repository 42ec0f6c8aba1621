"""What there is to print of a mechanism, and in which shapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.functional import lazy as lazily_of
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from amana.design.mechanism import labels
from amana.design.mechanism.documents.agreements import (
    build_agreement,
    build_consent_sheet,
    build_raci,
    build_sharing_protocol,
)
from amana.design.mechanism.documents.cards import build_rights_card, build_role_cards
from amana.design.mechanism.documents.pathway_map import (
    TOO_LARGE_TO_DRAW,
    build_referral_map,
)
from amana.design.mechanism.documents.questions import build_form
from amana.design.mechanism.documents.sop import build_sop
from amana.design.mechanism.documents.source import PrintedEdition, PrintSource
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import choose_words
from amana.errors import Refused
from amana.printing import as_html, print_process
from amana.printing.document import Document, Picture


def extract_drawing(document: Document) -> bytes:
    """Extract its first drawing, to be hung up or placed in another text. Raises
    Refused where there is none."""
    for block in document.blocks:
        if isinstance(block, Picture):
            return str(block.drawing.svg()).encode()
    raise Refused(str(TOO_LARGE_TO_DRAW))


def render_page(document: Document) -> bytes:
    return as_html.render_file(document).encode()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class PaperFormat:
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
            return print_process.print_document(document, self.code, by=by)
        with override(document.language):
            return self.maker(document)

    def all_made(
        self, documents: Mapping[str, Document], *, by: int | None
    ) -> dict[str, bytes]:
        """Make several, by their names, in one piece of work."""
        if self.maker is None:
            return print_process.print_documents(documents, self.code, by=by)
        return {
            name: self.made(document, by=by) for name, document in documents.items()
        }


SHAPES: dict[str, PaperFormat] = {
    shape.code: shape
    for shape in (
        PaperFormat("html", lazy("Web page"), "text/html", render_page),
        PaperFormat("pdf", "PDF", "application/pdf"),
        PaperFormat("docx", "Word", WORD),
        PaperFormat("svg", "SVG", "image/svg+xml", extract_drawing),
    )
}


@dataclass(frozen=True)
class MechanismDocument:
    """One of the documents of a mechanism."""

    kind: str
    title: str | Promise
    about: str | Promise
    made: Callable[[PrintSource], Document]
    shapes: tuple[str, ...] = ("html", "pdf", "docx")


ALWAYS = (
    MechanismDocument(
        "sop",
        lazy("Standard operating procedures"),
        lazy("Every chapter, with the steps, clocks and tables of the mechanism."),
        build_sop,
    ),
    MechanismDocument(
        "map",
        lazy("Referral map"),
        lazy("The steps as a drawing and as a list."),
        build_referral_map,
        ("html", "pdf", "docx", "svg"),
    ),
    MechanismDocument(
        "role-cards",
        lazy("Role cards"),
        lazy("One page for each role: what I do, by when, whom I call."),
        build_role_cards,
    ),
    MechanismDocument(
        "responsibilities",
        lazy("Who does what"),
        lazy("The table of responsibilities (RACI)."),
        build_raci,
    ),
    MechanismDocument(
        "consent",
        lazy("Consent sheet"),
        lazy("To read aloud, with space to record what was agreed."),
        build_consent_sheet,
    ),
    MechanismDocument(
        "rights",
        lazy("Rights card"),
        lazy("In plain language, for the person."),
        build_rights_card,
    ),
    MechanismDocument(
        "information-sharing",
        lazy("Information-sharing protocol"),
        lazy("Which field may be shared with whom."),
        build_sharing_protocol,
    ),
    MechanismDocument(
        "agreement",
        lazy("Agreement between organisations (template)"),
        lazy("A memorandum of understanding, to be completed."),
        build_agreement,
    ),
)


def list_papers(pack: Pack) -> dict[str, MechanismDocument]:
    """List the papers by their kind, as addresses and files name it."""
    forms = (
        MechanismDocument(
            f"form-{name}",
            named(form.title, pack.language),
            lazy("To fill in by hand where there is no screen."),
            partial(build_form, name=name),
            # To write on in a spreadsheet, there is the form itself.
            ("html", "pdf"),
        )
        for name, form in pack.forms.items()
    )
    return {paper.kind: paper for paper in (*ALWAYS, *forms)}


def choose_title(title: Mapping[str, str], otherwise: str) -> str:
    return choose_words(title, labels.get_short_language(), otherwise)


named = lazily_of(choose_title, str)
"""A title in the reader's language, whenever it is read."""


def write_paper(
    paper: MechanismDocument, pack: Pack, language: str, edition: PrintedEdition
) -> Document:
    """Write the paper in this language, whatever the reader's own is."""
    with override(language):
        return paper.made(PrintSource(pack, language, edition))
