"""Two versions beside each other: what is different, in words and side by side."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from amana.design.mechanism import difference_lines, labels, version_contents
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.pack import differences as plain
from amana.design.mechanism.prose import ProseBlock
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.reader_pages import (
    about,
    build_address,
    found,
    get_step,
)
from amana.design.mechanism.views.texts import (
    build_blocks,
    build_shown_text,
    get_title,
    read_text,
)
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import show

DIFFERENCES = "mechanism/differences.html"
STEP = "mechanism/step_beside.html"
TEXT = "mechanism/text_beside.html"


@require_GET
def differences(request: Request, pk: int, other: int = 0) -> HttpResponse:
    """Compare a version with the one that it was made from, or with any other."""
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    versions = see_version.among(Version.objects.all(), request.user)
    others = versions.filter(mechanism=version.mechanism).exclude(pk=pk)
    before = others.filter(pk=other or version.made_from_id or 0).first()
    if other and before is None:
        raise NotAccessible(see_version, Version, {"pk": other})
    context = about(request, version, seen, "differences") | {
        "before": before,
        "others": [
            (
                other,
                build_address("differences_from", version, other.pk),
                other == before,
            )
            for other in others.order_by("-number")
        ],
    }
    if before is not None:
        context |= compare_versions(version, seen, before)
    return show(request, DIFFERENCES, context)


def compare_versions(
    version: Version, seen: Outline, before: Version
) -> dict[str, object]:
    """Compare two versions, unless one of them can't be read as a whole."""
    pack, faults = version_contents.read_version(version)
    old, _faults = version_contents.read_version(before)
    if pack is None or old is None:
        return {"faulty": version if faults else before}
    # A step whose code was changed is the same step, and not one removed and one added.
    renamed = version.renamed_since(before)
    found = plain.list_differences(old, pack, renamed)
    return {
        "groups": difference_lines.group_differences(
            found, version_contents.read_outline(before), seen
        )
    }


def before_of(request: Request, version: Version) -> Version | None:
    """Find the version from which it was made, if the person may read it."""
    versions = see_version.among(Version.objects.all(), request.user)
    return versions.filter(pk=version.made_from_id or 0).first()


def beside(request: Request, version: Version) -> Version:
    before = before_of(request, version)
    if before is None:
        raise NotAccessible(see_version, Version, {"pk": version.made_from_id})
    return before


@require_GET
def step(request: Request, pk: int, step: str) -> HttpResponse:
    version = found(request, pk)
    before = beside(request, version)
    seen, old = (
        version_contents.read_outline(version),
        version_contents.read_outline(before),
    )
    now = labels.build_shown_step(seen, get_step(seen, step))
    renamed = {new: was for was, new in version.renamed.items()}
    code = renamed.get(step, step)
    was = labels.build_shown_step(old, old.steps[code]) if code in old.steps else None
    context = about(request, version, seen, "steps", now.title)
    context |= {
        "columns": [
            (before, was, list_leading_steps(old, code)),
            (version, now, list_leading_steps(seen, step)),
        ],
        "then": build_address("step", version, step),
    }
    return show(request, STEP, context)


def list_leading_steps(seen: Outline, step: str) -> list[labels.StepText]:
    return [labels.build_shown_step(seen, earlier) for earlier in seen.leading_to(step)]


@dataclass(frozen=True)
class VersionColumn:
    version: Version
    blocks: list[ProseBlock]
    changed: list[ProseBlock]
    """Those that the other one does not have."""
    mark: str


@require_GET
def text(request: Request, pk: int, code: str, language: str) -> HttpResponse:
    version = found(request, pk)
    before = beside(request, version)
    seen = version_contents.read_outline(version)
    words = read_text(version, code, language)
    if words is None:
        raise NotAccessible(see_version, Version, {"code": code, "language": language})
    new = build_blocks(version, language, words)
    old = build_blocks(before, language, read_text(before, code, language) or "")
    context = about(request, version, seen, "texts", get_title(words, code))
    context |= build_shown_text(version, code, language, words) | {
        "columns": [
            VersionColumn(
                before, old, [block for block in old if block not in new], "del"
            ),
            VersionColumn(
                version, new, [block for block in new if block not in old], "ins"
            ),
        ],
        "then": build_address("text", version, code, language),
    }
    return show(request, TEXT, context)
