"""Pages that everybody who takes part may read."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from amana.design import mechanism
from amana.design.mechanism import labels, line, sections, version_contents
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.models import Mechanism, Version
from amana.design.mechanism.outline import Outline, OutlineStep
from amana.design.mechanism.pieces import COLLECTIONS, SPHERES
from amana.design.mechanism.rules import (
    LOADERS,
    discuss_version,
    edit_version,
    keep_version,
    see_version,
)
from amana.trust.access.http import Request
from amana.trust.access.models import Sphere
from amana.trust.access.rules import NotAccessible, find_team_ids, has_role
from amana.trust.vault.compartments import CEILING, Compartment
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
    """Show what is in force, and the person's own part in it."""
    version = mechanism.find_current_version()
    may_load = has_role(request.user, LOADERS)
    if version is None or not see_version.permits(request.user, version):
        return show(request, NOW, {"version": None, "may_load": may_load})
    seen = version_contents.read_outline(version)
    mine = my_roles(request, version.mechanism)
    return show(
        request,
        NOW,
        about(request, version, seen)
        | {
            "notice": labels.choose_words(seen.notice),
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


LETTERS: dict[str, tuple[str, labels.Words]] = {
    "does": ("R", lazy("does it")),
    "answers_for": ("A", lazy("is accountable for it")),
    "is_asked": ("C", lazy("is consulted before")),
    "is_told": ("I", lazy("is informed after")),
}


@require_GET
def duties(request: Request, pk: int) -> HttpResponse:
    """Show the table of responsibilities: pieces of work by roles."""
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    said = COLLECTIONS["duties"].taken(seen.plain)
    rows = [
        {
            "id": key,
            "title": labels.choose_words(
                outlines.read_text(outlines.read_map(duty).get("title"))
            ),
            "cells": [
                {
                    "role": labels.format_role_title(seen, role),
                    "parts": list_duty_parts(outlines.read_map(duty), role),
                }
                for role in seen.roles
            ],
        }
        for key, duty in said.items()
    ]
    context = about(request, this, seen, "duties")
    context |= {
        "rows": rows,
        "roles": [labels.format_role_title(seen, role) for role in seen.roles],
        "letters": list(LETTERS.values()),
    }
    return show(request, DUTIES, context)


def list_duty_parts(duty: dict[str, Any], role: str) -> list[tuple[str, labels.Words]]:
    return [
        letter
        for name, letter in LETTERS.items()
        if role in [str(outline) for outline in outlines.read_list(duty.get(name))]
    ]


@require_GET
def clocks(request: Request, pk: int) -> HttpResponse:
    """Show the clocks of referrals, and when people are at work."""
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    mechanism_ = outlines.read_map(seen.plain.get("mechanism.yaml"))
    said = outlines.read_map(mechanism_.get("clocks"))
    rows = [
        (label, [build_clock(said, urgency, key) for urgency in labels.URGENCY])
        for key, label in labels.CLOCK.items()
    ]
    context = about(request, this, seen, "clocks")
    context |= {
        "rows": rows,
        "urgencies": [
            (label, build_address("only", this, f"clocks-{urgency}"))
            for urgency, label in labels.URGENCY.items()
        ],
        "calendar": build_calendar(outlines.read_map(mechanism_.get("calendar"))),
        "change_calendar": build_address("only", this, "calendar"),
    }
    return show(request, CLOCKS, context)


def build_clock(said: dict[str, Any], urgency: str, key: str) -> labels.ClockText:
    written = str(outlines.read_map(said.get(urgency)).get(key, ""))
    return labels.ClockText(
        labels.URGENCY[urgency], labels.format_span(written) if written else ""
    )


def build_calendar(said: dict[str, Any]) -> dict[str, object]:
    return {
        "zone": str(said.get("zone", "UTC")).replace("_", " "),
        "weekend": format_list(
            labels.WEEKDAYS.get(str(day), day)
            for day in outlines.read_list(said.get("weekend"))
        ),
        "opens": str(said.get("opens", "")),
        "closes": str(said.get("closes", "")),
        "holidays": [
            labels.format_holiday(outline)
            for outline in outlines.read_list(said.get("holidays"))
        ],
    }


@require_GET
def sharing(request: Request, pk: int) -> HttpResponse:
    """Show which parts of a case may be sent to whom, below the ceiling."""
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    said = outlines.read_map(
        outlines.read_map(seen.plain.get("mechanism.yaml")).get("sharing")
    )
    rows = [
        (
            sphere.label,
            [
                {
                    "label": compartment.label,
                    # The ceiling is shown next to what is agreed: no mechanism can go
                    # beyond it (ADR 9).
                    "may": compartment in CEILING[sphere],
                    "does": compartment.value in outlines.read_list(said.get(sphere)),
                }
                for compartment in Compartment
            ],
        )
        for sphere in Sphere
    ]
    context = about(request, this, seen, "sharing")
    context |= {
        "rows": rows,
        "compartments": [compartment.label for compartment in Compartment],
        "change": build_address("only", this, "sharing"),
    }
    return show(request, SHARING, context)


@require_GET
def law(request: Request, pk: int) -> HttpResponse:
    return listed_in(request, pk, "law", LAW)


@require_GET
def glossary(request: Request, pk: int) -> HttpResponse:
    return listed_in(request, pk, "glossary", GLOSSARY)


@require_GET
def indicators(request: Request, pk: int) -> HttpResponse:
    return listed_in(request, pk, "indicators", INDICATORS)


def listed_in(request: Request, pk: int, kind: str, template: str) -> HttpResponse:
    """Show all of one collection, in the reader's language."""
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    rows = [
        format_item(seen, key, outlines.read_map(collection))
        for key, collection in COLLECTIONS[kind].taken(seen.plain).items()
    ]
    context = about(request, this, seen, kind)
    context |= {"rows": rows, "add": build_address("add_one", this, kind)}
    return show(request, template, context)


def format_item(seen: Outline, key: str, said: dict[str, Any]) -> dict[str, Any]:
    """Format one of a collection: its texts in the reader's language, its steps by
    title.
    """
    shown: dict[str, Any] = {"id": key}
    for name, value in said.items():
        if name in ("honoured_by", "steps"):
            shown[name] = [
                (step, labels.format_step_title(seen, step))
                for step in map(str, outlines.read_list(value))
            ]
        elif isinstance(value, dict):
            shown[name] = labels.choose_words(outlines.read_text(value))
        else:
            shown[name] = value
    return shown


def build_address(name: str, version: Version, *more: str | int) -> str:
    return reverse(f"mechanism:{name}", args=[version.pk, *more])
