"""Toolkits of a course: what to print, what to write on, what to load."""

from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.courses.views import find_enrolment
from amana.academy.toolkits import brief, packs
from amana.academy.toolkits.offered import list_offered
from amana.design.mechanism.documents import toolkit
from amana.design.mechanism.documents.document_catalogue import (
    SHAPES,
    MechanismDocument,
    list_papers,
    write_paper,
)
from amana.design.mechanism.models import State, Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.rules import see_version
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui import languages
from amana.ui.http import name_download, send_file, show

TOOLKITS = "toolkits/course.html"
TO_KEEP = ("pdf", "docx", "svg")


@dataclass(frozen=True)
class TrainingToolkit:
    title: str
    everything: str
    papers: list[tuple[str | Promise, str | Promise, list[tuple[str, str]]]]
    """Title, what it is, and each shape with its address."""


@require_GET
def course(request: Request, slug: str) -> HttpResponse:
    content = load_content(find_enrolment(request, slug).version)
    shipped = [
        (name, pack) for name in packs.list_names() if (pack := packs.load_pack(name))
    ]
    in_force = Version.objects.filter(state=State.IN_FORCE)
    own = see_version.among(in_force.select_related("mechanism"), request.user)
    context = {
        "course": content,
        "title": pages.format_text(content, content.title),
        "kits": [build_kit(slug, name, pack) for name, pack in shipped],
        "offered": list_offered(request.user, slug),
        "brief": [
            (str(SHAPES[shape].name), reverse("toolkits:brief", args=[slug, shape]))
            for shape in ("pdf", "docx")
        ],
        "own": [
            (str(version.mechanism), reverse("mechanism:paper", args=[version.pk]))
            for version in own.order_by("pk")
        ],
    }
    return show(request, TOOLKITS, context)


def build_kit(slug: str, name: str, pack: Pack) -> TrainingToolkit:
    language = choose_language(pack)
    shown = [paper for paper in list_papers(pack).values() if is_template(paper)]
    return TrainingToolkit(
        pack.title.get(language, "") or next(iter(pack.title.values())),
        reverse("toolkits:all", args=[slug, name]),
        [
            (
                paper.title,
                paper.about,
                [
                    (
                        str(SHAPES[shape].name),
                        reverse("toolkits:one", args=[slug, name, paper.kind, shape]),
                    )
                    for shape in paper.shapes
                    if shape in TO_KEEP
                ],
            )
            for paper in shown
        ],
    )


def is_template(paper: MechanismDocument) -> bool:
    return paper.kind in packs.KINDS or paper.kind.startswith("form-")


def choose_language(pack: Pack) -> str:
    mine = pages.get_page_language()
    return mine if mine in pack.languages else pack.language


def pack_in(request: Request, slug: str, code: str) -> Pack:
    find_enrolment(request, slug)
    pack = packs.load_pack(code)
    if pack is None:
        raise NotAccessible(learn, Enrolment, {"toolkit": code})
    return pack


@require_GET
def one(request: Request, slug: str, code: str, kind: str, format: str) -> HttpResponse:
    """Send one paper of a shipped mechanism, in the language of the page."""
    pack = pack_in(request, slug, code)
    paper = list_papers(pack).get(kind)
    if paper is None or format not in paper.shapes or format not in TO_KEEP:
        raise NotAccessible(learn, Enrolment, {"toolkit": kind})
    language = choose_language(pack)
    document = write_paper(paper, pack, language, packs.build_edition(pack))
    made = SHAPES[format].made(document, by=request.user.pk)
    return send_file(
        made, SHAPES[format].media_type, f"{code}-{kind}-{language}.{format}"
    )


@require_GET
def everything(request: Request, slug: str, code: str) -> StreamingHttpResponse:
    """Send all of it in each language, with the mechanism itself."""
    pack = pack_in(request, slug, code)
    # As a stream: papers are drawn one after the other, and the first goes out at once.
    pieces = toolkit.iterate_zip(pack, packs.build_edition(pack), by=request.user.pk)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    return name_download(f"{code}-toolkit.zip", response)


@require_GET
def policy_brief(request: Request, slug: str, format: str) -> HttpResponse:
    content = load_content(find_enrolment(request, slug).version)
    if format not in ("pdf", "docx"):
        raise NotAccessible(learn, Enrolment, {"toolkit": format})
    with languages.use_complete_language("amana/academy/toolkits") as language:
        title = pages.format_text(content, content.title)
        document = brief.build_outline(title, language)
    made = SHAPES[format].made(document, by=request.user.pk)
    return send_file(
        made, SHAPES[format].media_type, f"policy-brief-{language}.{format}"
    )
