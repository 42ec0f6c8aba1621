"""What is printed of a version: a list, and each document on a page or as a file.

`mechanism:paper` (pk) lists; `mechanism:sop` (pk, language, format) is the standard
operating procedures, `mechanism:printed` (pk, language, kind, format) any document.
Every user who may read a version may print it. It holds no data of any person.
"""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.design.mechanism import labels, version_contents
from amana.design.mechanism.documents import toolkit
from amana.design.mechanism.documents.document_catalogue import (
    SHAPES,
    MechanismDocument,
    list_papers,
    write_paper,
)
from amana.design.mechanism.documents.source import build_edition
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.reader_pages import about, build_address, found
from amana.printing import as_html
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui import languages
from amana.ui.http import name_download, send_file, show

PAPER = "mechanism/paper.html"
PRINTED = "mechanism/printed.html"


@require_GET
def paper(request: Request, pk: int, language: str = "") -> HttpResponse:
    """Show everything there is to print, in one language after the other."""
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    context = about(request, version, seen, "paper", _("Documents"))
    pack, faults = version_contents.read_version(version)
    if pack is None:
        return show(request, PAPER, context | {"faulty": len(faults)})
    language = language or choose_language(pack)
    require_language(pack, version, language)
    context |= {
        "language": languages.format_language(language),
        "in_languages": [
            (
                languages.format_language(code),
                build_address("paper_in", version, code),
                code == language,
            )
            for code in pack.languages
        ],
        "toolkit": build_address("toolkit", version),
        "papers": [
            {
                "kind": paper.kind,
                "title": paper.title,
                "about": paper.about,
                "url": build_address("printed", version, language, paper.kind, "html"),
                "files": list_files(version, language, paper),
            }
            for paper in list_papers(pack).values()
        ],
    }
    return show(request, PAPER, context)


def list_files(
    version: Version, language: str, one: MechanismDocument
) -> list[tuple[str, str]]:
    """List its shapes other than the page here, with their addresses."""
    return [
        (
            str(SHAPES[shape].name),
            build_address("printed", version, language, one.kind, shape),
        )
        for shape in one.shapes
        if shape != "html"
    ]


def choose_language(pack: Pack) -> str:
    mine = labels.get_short_language()
    return mine if mine in pack.languages else pack.language


def require_language(pack: Pack, version: Version, language: str) -> None:
    if language not in pack.languages:
        raise NotAccessible(
            see_version, Version, {"pk": version.pk, "language": language}
        )


@require_GET
def printed(
    request: Request, pk: int, language: str, kind: str, format: str
) -> HttpResponse:
    """Show a document on a page, or send it as a file to keep."""
    version = found(request, pk)
    pack = version.pack
    require_language(pack, version, language)
    one = list_papers(pack).get(kind)
    if one is None or format not in one.shapes:
        raise NotAccessible(see_version, Version, {"pk": version.pk, "kind": kind})
    document = write_paper(one, pack, language, build_edition(version))
    if format == "html":
        seen = version_contents.read_outline(version)
        context = about(request, version, seen, "paper", str(one.title))
        context |= {
            "body": as_html.render_article(document),
            "files": list_files(version, language, one),
        }
        return show(request, PRINTED, context)
    shape = SHAPES[format]
    name = format_file_name(version, f"{kind}-{language}.{format}")
    return send_file(shape.made(document, by=request.user.pk), shape.media_type, name)


@require_GET
def everything(request: Request, pk: int) -> StreamingHttpResponse:
    """Send the toolkit, piece by piece while it is being made."""
    version = found(request, pk)
    pieces = toolkit.iterate_zip(
        version.pack, build_edition(version), by=request.user.pk
    )
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    return name_download(format_file_name(version, "toolkit.zip"), response)


def format_file_name(version: Version, name: str) -> str:
    return f"{version.mechanism.code}-{version.number}-{name}"
