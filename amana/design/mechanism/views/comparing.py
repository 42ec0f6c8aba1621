"""Two versions beside each other: what is different, in words and side by side."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from amana.design.mechanism import differing, sentences, wording
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.pack import differences as plain
from amana.design.mechanism.prose import Block
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.reading import about, address, found, step_of
from amana.design.mechanism.views.texts import blocks_of, shown, title_of, words_of
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong
from amana.ui.http import show

DIFFERENCES = "mechanism/differences.html"
STEP = "mechanism/step_beside.html"
TEXT = "mechanism/text_beside.html"


@require_GET
def differences(request: Request, pk: int, other: int = 0) -> HttpResponse:
    """Compare a version with the one that it was made from, or with any other."""
    version = found(request, pk)
    seen = wording.outline_of(version)
    versions = see_version.among(Version.objects.all(), request.user)
    others = versions.filter(mechanism=version.mechanism).exclude(pk=pk)
    before = others.filter(pk=other or version.made_from_id or 0).first()
    if other and before is None:
        raise NotAmong(see_version, Version, {"pk": other})
    context = about(request, version, seen, "differences") | {
        "before": before,
        "others": [
            (other, address("differences_from", version, other.pk), other == before)
            for other in others.order_by("-number")
        ],
    }
    if before is not None:
        context |= told(version, seen, before)
    return show(request, DIFFERENCES, context)


def told(version: Version, seen: Outline, before: Version) -> dict[str, object]:
    """Compare two versions, unless one of them can't be read as a whole."""
    pack, faults = wording.read(version)
    old, _faults = wording.read(before)
    if pack is None or old is None:
        return {"faulty": version if faults else before}
    # A step whose code was changed is the same step, and not one removed and one added.
    renamed = version.renamed_since(before)
    found = plain.differences(old, pack, renamed)
    return {"groups": differing.in_words(found, wording.outline_of(before), seen)}


def before_of(request: Request, version: Version) -> Version | None:
    """Find the version from which it was made, if the person may read it."""
    versions = see_version.among(Version.objects.all(), request.user)
    return versions.filter(pk=version.made_from_id or 0).first()


def beside(request: Request, version: Version) -> Version:
    before = before_of(request, version)
    if before is None:
        raise NotAmong(see_version, Version, {"pk": version.made_from_id})
    return before


@require_GET
def step(request: Request, pk: int, step: str) -> HttpResponse:
    version = found(request, pk)
    before = beside(request, version)
    seen, old = wording.outline_of(version), wording.outline_of(before)
    now = sentences.shown(seen, step_of(seen, step))
    renamed = {new: was for was, new in version.renamed.items()}
    code = renamed.get(step, step)
    was = sentences.shown(old, old.steps[code]) if code in old.steps else None
    context = about(request, version, seen, "steps", now.title)
    context |= {
        "columns": [
            (before, was, leading(old, code)),
            (version, now, leading(seen, step)),
        ],
        "then": address("step", version, step),
    }
    return show(request, STEP, context)


def leading(seen: Outline, step: str) -> list[sentences.ShownStep]:
    return [sentences.shown(seen, earlier) for earlier in seen.leading_to(step)]


@dataclass(frozen=True)
class Column:
    version: Version
    blocks: list[Block]
    changed: list[Block]
    """Those that the other one does not have."""
    mark: str


@require_GET
def text(request: Request, pk: int, code: str, language: str) -> HttpResponse:
    version = found(request, pk)
    before = beside(request, version)
    seen = wording.outline_of(version)
    words = words_of(version, code, language)
    if words is None:
        raise NotAmong(see_version, Version, {"code": code, "language": language})
    new = blocks_of(version, language, words)
    old = blocks_of(before, language, words_of(before, code, language) or "")
    context = about(request, version, seen, "texts", title_of(words, code))
    context |= shown(version, code, language, words) | {
        "columns": [
            Column(before, old, [block for block in old if block not in new], "del"),
            Column(version, new, [block for block in new if block not in old], "ins"),
        ],
        "then": address("text", version, code, language),
    }
    return show(request, TEXT, context)
