"""What was agreed: clocks, duties, sharing, law, glossary, indicators."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from amana.design.mechanism import labels, version_contents
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.pieces.collections_of_pieces import COLLECTIONS
from amana.design.mechanism.views.reader_pages.version_pages import (
    CLOCKS,
    DUTIES,
    GLOSSARY,
    INDICATORS,
    LAW,
    SHARING,
    about,
    build_address,
    found,
)
from amana.trust.access.http import Request
from amana.trust.access.models.organisations import Sphere
from amana.trust.vault.compartments import CEILING, Compartment
from amana.ui.http import show
from amana.ui.labels import format_list

LETTERS: dict[str, tuple[str, labels.Words]] = {
    "does": ("R", lazy("does it")),
    "answers_for": ("A", lazy("is accountable for it")),
    "is_asked": ("C", lazy("is consulted beforehand")),
    "is_told": ("I", lazy("is informed afterwards")),
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


def list_duty_parts(
    duty: dict[str, object], role: str
) -> list[tuple[str, labels.Words]]:
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


def build_clock(said: dict[str, object], urgency: str, key: str) -> labels.ClockText:
    written = str(outlines.read_map(said.get(urgency)).get(key, ""))
    return labels.ClockText(
        labels.URGENCY[urgency], labels.format_span(written) if written else ""
    )


def build_calendar(said: dict[str, object]) -> dict[str, object]:
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


def format_item(seen: Outline, key: str, said: dict[str, object]) -> dict[str, object]:
    """Format one of a collection: its texts in the reader's language, its steps by
    title.
    """
    shown: dict[str, object] = {"id": key}
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
