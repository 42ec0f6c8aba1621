"""What is printed of a version: a list, and each document on a page or as a file.

`mechanism:paper` (pk) lists; `mechanism:sop` (pk, language, format) is the standard
operating procedures, `mechanism:printed` (pk, language, kind, format) any document.
Whoever may read a version may print it. Nothing of any person is in it.
"""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.design.mechanism import sentences, wording
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.model import Pack
from amana.design.mechanism.paper import as_html, toolkit
from amana.design.mechanism.paper.catalogue import SHAPES, Paper, papers, written
from amana.design.mechanism.paper.source import edition_of
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.reading import about, address, found
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong
from amana.ui import languages
from amana.ui.http import as_file, kept_as, show

PAPER = "mechanism/paper.html"
PRINTED = "mechanism/printed.html"


@require_GET
def paper(request: Request, pk: int, language: str = "") -> HttpResponse:
    """Show everything there is to print, in one language after the other."""
    version = found(request, pk)
    seen = wording.outline_of(version)
    context = about(request, version, seen, "paper", _("Documents"))
    pack, faults = wording.read(version)
    if pack is None:
        return show(request, PAPER, context | {"faulty": len(faults)})
    language = language or best_of(pack)
    spoken(pack, version, language)
    context |= {
        "language": languages.name(language),
        "in_languages": [
            (languages.name(code), address("paper_in", version, code), code == language)
            for code in pack.languages
        ],
        "toolkit": address("toolkit", version),
        "papers": [
            {
                "kind": paper.kind,
                "title": paper.title,
                "about": paper.about,
                "url": address("printed", version, language, paper.kind, "html"),
                "files": to_keep(version, language, paper),
            }
            for paper in papers(pack).values()
        ],
    }
    return show(request, PAPER, context)


def to_keep(version: Version, language: str, one: Paper) -> list[tuple[str, str]]:
    """List its shapes other than the page here, with their addresses."""
    return [
        (
            str(SHAPES[shape].name),
            address("printed", version, language, one.kind, shape),
        )
        for shape in one.shapes
        if shape != "html"
    ]


def best_of(pack: Pack) -> str:
    mine = sentences.language()
    return mine if mine in pack.languages else pack.language


def spoken(pack: Pack, version: Version, language: str) -> None:
    if language not in pack.languages:
        raise NotAmong(see_version, Version, {"pk": version.pk, "language": language})


@require_GET
def printed(
    request: Request, pk: int, language: str, kind: str, format: str
) -> HttpResponse:
    """Show a document on a page, or send it as a file to keep."""
    version = found(request, pk)
    pack = version.pack
    spoken(pack, version, language)
    one = papers(pack).get(kind)
    if one is None or format not in one.shapes:
        raise NotAmong(see_version, Version, {"pk": version.pk, "kind": kind})
    document = written(one, pack, language, edition_of(version))
    if format == "html":
        seen = wording.outline_of(version)
        context = about(request, version, seen, "paper", str(one.title))
        context |= {
            "body": as_html.article(document),
            "files": to_keep(version, language, one),
        }
        return show(request, PRINTED, context)
    shape = SHAPES[format]
    name = named(version, f"{kind}-{language}.{format}")
    return as_file(shape.made(document, by=request.user.pk), shape.media_type, name)


@require_GET
def everything(request: Request, pk: int) -> StreamingHttpResponse:
    """Send the toolkit, piece by piece while it is being made."""
    version = found(request, pk)
    pieces = toolkit.zipped(version.pack, edition_of(version), by=request.user.pk)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    return kept_as(named(version, "toolkit.zip"), response)


def named(version: Version, name: str) -> str:
    return f"{version.mechanism.slug}-{version.number}-{name}"
