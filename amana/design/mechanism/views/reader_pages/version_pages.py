"""A version: its first page, its steps, its roles."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from amana.design.mechanism import labels, line, sections, version_contents
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.models.versions import Mechanism, Version
from amana.design.mechanism.outline import Outline, OutlineStep
from amana.design.mechanism.pieces.piece import SPHERES
from amana.design.mechanism.rules import (
    LOADERS,
    discuss_version,
    edit_version,
    keep_version,
    see_version,
)
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, find_team_ids, has_role
from amana.ui.http import show
from amana.ui.labels import format_list

NOW = "mechanism/now.html"


VERSIONS = "mechanism/versions.html"


STEPS = "mechanism/steps.html"


STEP = "mechanism/step.html"


WHO = "mechanism/who.html"


CLOCKS = "mechanism/clocks.html"


DUTIES = "mechanism/duties.html"


SHARING = "mechanism/sharing.html"


LAW = "mechanism/law.html"


GLOSSARY = "mechanism/glossary.html"


INDICATORS = "mechanism/indicators.html"


def found(request: Request, pk: int) -> Version:
    return see_version.find(
        Version.objects.select_related("mechanism", "made_from"), request.user, pk=pk
    )


def get_step(seen: Outline, key: str) -> OutlineStep:
    if key not in seen.steps:
        raise NotAccessible(see_version, Version, {"step": key})
    return seen.steps[key]


@dataclass(frozen=True)
class SectionLink:
    label: str
    url: str
    current: bool
    count: int | None = None


WHAT_IT_SAYS = {
    "version": lazy("Overview"),
    "steps": lazy("Steps"),
    "tables": lazy("Decision tables"),
    "who": lazy("Who takes part"),
    "duties": lazy("Responsibilities"),
    "clocks": lazy("Clocks"),
    "sharing": lazy("Sharing"),
    "law": lazy("Law"),
    "texts": lazy("Texts"),
    "files": lazy("Files"),
    "indicators": lazy("Indicators"),
    "glossary": pgettext_lazy("with their meaning", "Words"),
    "paper": lazy("Documents"),
}


FOR_KEEPERS = {"foresight": lazy("Simulation")}


HOW_IT_IS_AGREED = {
    "differences": lazy("Differences"),
    "comments": lazy("Consultation"),
    "adoption": lazy("Signatures"),
}


SECTIONS = WHAT_IT_SAYS | FOR_KEEPERS | HOW_IT_IS_AGREED


def list_sections(version: Version, here: str, *, may_keep: bool) -> list[SectionLink]:
    return [
        SectionLink(str(label), build_address(name, version), name == here)
        for name, label in SECTIONS.items()
        if may_keep or name not in FOR_KEEPERS
    ]


def about(
    request: Request, version: Version, seen: Outline, here: str = "", title: str = ""
) -> dict[str, object]:
    """Build what every page of one version shows around its own content."""
    may_keep = keep_version.permits(request.user, version)
    return {
        "version": version,
        "parts": list_sections(version, here, may_keep=may_keep),
        "title": title or str(SECTIONS.get(here, "")) or str(version),
        "mechanism_title": labels.choose_words(seen.title) or version.mechanism.title,
        "may_edit": edit_version.permits(request.user, version),
        "may_keep": may_keep,
    }


@require_GET
def now(request: Request) -> HttpResponse:
    """Show what is in force, and the person's own part in it; of several mechanisms,
    the one that the address names, else the first."""
    in_force = [
        v for v in list_versions_in_force() if see_version.permits(request.user, v)
    ]
    wanted = request.GET.get("of", "")
    first = next(iter(in_force), None)
    version = next((v for v in in_force if str(v.mechanism_id) == wanted), first)
    may_load = has_role(request.user, LOADERS)
    if version is None:
        return show(request, NOW, {"version": None, "may_load": may_load})
    seen = version_contents.read_outline(version)
    mine = my_roles(request, version.mechanism)
    return show(
        request,
        NOW,
        about(request, version, seen)
        | {
            "notice": labels.choose_words(seen.notice),
            "in_force": in_force,
            "mine": [
                build_role_card(seen, role) for role in mine if role in seen.roles
            ],
            "lines": draw_lines(seen, version),
            "figures": sections.list_figures(version, request.user),
            "may_load": may_load,
        },
    )


def my_roles(request: Request, this: Mechanism) -> list[str]:
    """List the roles that my teams play."""
    parts = this.parts.filter(team__in=find_team_ids(request.user))
    return sorted(set(parts.values_list("role", flat=True)))


def build_role_card(seen: Outline, role: str) -> dict[str, object]:
    said = seen.roles[role]
    return {
        "id": role,
        "title": labels.format_role_title(seen, role),
        "does": labels.choose_words(outlines.read_text(said.get("does"))),
        "calls": labels.choose_words(outlines.read_text(said.get("calls"))),
        "steps": [labels.build_shown_step(seen, step) for step in seen.of_role(role)],
        "who": format_list(
            str(seen.organisations.get(outline, {}).get("name", outline))
            for outline in outlines.read_list(said.get("who"))
        ),
        "may_refer": said.get("may_refer") is True,
        "certificates": format_list(
            sections.find_certificate_name(str(code))
            for code in outlines.read_list(said.get("certificates"))
        ),
    }


def group_steps(seen: Outline) -> list[tuple[str, list[labels.StepText]]]:
    return [
        (
            _("Part: %(name)s") % {"name": labels.format_part_title(seen, part)}
            if part
            else "",
            [labels.build_shown_step(seen, step) for step in inside],
        )
        for part, inside in outlines.group_steps_by_part(seen)
    ]


def draw_lines(seen: Outline, version: Version) -> list[line.PathwayLine]:
    """Draw the pathway and its parts as lines, each station leading to its step."""
    return line.build_lines(
        seen, {id: build_address("step", version, id) for id in seen.steps}
    )


@require_GET
def versions(request: Request) -> HttpResponse:
    """Show every version, and how it came to be."""
    seen = see_version.among(Version.objects.for_list(), request.user)
    context = {"versions": list(seen), "may_load": has_role(request.user, LOADERS)}
    return show(request, VERSIONS, context)


@require_GET
def steps(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    return show(
        request,
        STEPS,
        about(request, this, seen, "steps")
        | {
            "lines": line.build_lines(seen, {id: f"#{id}" for id in seen.steps}),
            "groups": group_steps(seen),
            "interrupts": list_interrupts(seen),
        },
    )


def list_interrupts(seen: Outline) -> list[dict[str, object]]:
    """List what may happen at any time."""
    return [
        {
            "id": key,
            "on": labels.format_message(str(interrupt.get("on", key))),
            "to": str(interrupt.get("next", "")),
            "title": labels.format_step_title(seen, str(interrupt.get("next", ""))),
            "keeps": format_list(
                labels.format_step_title(seen, str(step))
                for step in outlines.read_list(interrupt.get("keeps"))
            ),
        }
        for key, interrupt in seen.interrupts.items()
    ]


@require_GET
def step(request: Request, pk: int, step: str) -> HttpResponse:
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    one = get_step(seen, step)
    before = [labels.build_shown_step(seen, other) for other in seen.leading_to(step)]
    one_shown = labels.build_shown_step(seen, one)
    return show(
        request,
        STEP,
        about(request, this, seen, "steps", one_shown.title)
        | {
            "step": one_shown,
            "before": before,
            "may_comment": discuss_version.permits(request.user, this),
        },
    )


@require_GET
def who(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    return show(
        request,
        WHO,
        about(request, this, seen, "who")
        | {
            "roles": [build_role_card(seen, role) for role in seen.roles],
            "partners": [
                (key, labels.format_role_title(seen, key)) for key in seen.partners
            ],
            "organisations": [
                {
                    "id": key,
                    "name": str(organisation.get("name", key)),
                    "kind": labels.KINDS_OF_ORGANISATION.get(
                        str(organisation.get("kind")), ""
                    ),
                    "sphere": SPHERES.get(str(organisation.get("sphere")), ""),
                }
                for key, organisation in seen.organisations.items()
            ],
        },
    )


def build_address(name: str, version: Version, *more: str | int) -> str:
    return reverse(f"mechanism:{name}", args=[version.pk, *more])
