"""The places in a pack's prose that are filled from the rest of it.

`{{ step.screen.due }}` in a chapter is the deadline that pathway.yaml gives, so that
the paper never differs from what runs. The names are listed here alone:
`list_known_names` gives those of a pack, and every printer fills exactly those. The
manual (docs/manual/pack.md) lists them for authors."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PLACE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
NAME = re.compile(r"[a-z]+(?:\.[A-Za-z0-9_-]+)+")

OF_MECHANISM = ("title", "notice", "jurisdiction", "languages", "review_on")
OF_ROLE = ("title", "does", "calls", "who")
OF_STEP = ("title", "how", "role", "due", "remind", "late", "form")
"""Of a step that a person does; of a step that waits, `due` is how long at most."""
OF_CONSENT = ("recipient", "fields", "purpose", "until")
"""In consent texts alone: what is filled for each consent."""
TABLES = (
    "steps",
    "roles",
    "clocks",
    "sharing",
    "law",
    "indicators",
    "glossary",
    "organisations",
    "duties",
    "forms",
)
"""Each is alone in its paragraph; there is also `table.decision.NAME`."""


@dataclass(frozen=True)
class ConsentPlaceholder:
    name: str
    line: int


def find_placeholders(words: str) -> Iterator[ConsentPlaceholder]:
    for place in PLACE.finditer(words):
        yield ConsentPlaceholder(place[1], words.count("\n", 0, place.start()) + 1)


def list_known_names(
    *,
    roles: Collection[str],
    organisations: Collection[str],
    partners: Collection[str],
    steps: Mapping[str, Mapping[str, Any]],
    clocks: Mapping[str, Collection[str]],
    forms: Collection[str],
    decisions: Collection[str],
    spheres: Collection[str],
    in_consent: bool = False,
) -> frozenset[str]:
    """List every name that can be filled in this pack."""
    names = {f"mechanism.{field}" for field in OF_MECHANISM}
    names |= {f"role.{role}.{field}" for role in roles for field in OF_ROLE}
    names |= {f"organisation.{organisation}.name" for organisation in organisations}
    names |= {f"partner.{partner}.title" for partner in partners}
    for id, step in steps.items():
        names |= {f"step.{id}.{field}" for field in list_step_fields(step)}
    names |= {
        f"clock.{urgency}.{clock}" for urgency, all in clocks.items() for clock in all
    }
    names |= {f"form.{form}.title" for form in forms}
    names |= {f"sharing.{sphere}" for sphere in spheres}
    names |= {f"table.{table}" for table in TABLES}
    names |= {f"decision.{decision}.title" for decision in decisions}
    names |= {f"table.decision.{decision}" for decision in decisions}
    if in_consent:
        names |= {f"consent.{field}" for field in OF_CONSENT}
    return frozenset(names)


def list_step_fields(step: Mapping[str, object]) -> list[str]:
    if "wait" in step:
        return ["due"]
    given = {"title": "do", "screening": "form"}
    # Only what the step has: a placeholder for a deadline that does not exist would
    # print an empty place.
    return [field for field in OF_STEP if step.get(given.get(field, field)) is not None]
