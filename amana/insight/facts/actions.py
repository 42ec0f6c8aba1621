"""Tell a fact. What is of no person is written at once; what is of one waits sealed."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Fact
from amana.trust.access.models import Organisation

CODED = frozenset(
    f.name for f in Fact._meta.concrete_fields if f.name not in {"id", "kind"}
)


@transaction.atomic
def tell(kind: str, **said: Any) -> UUID:
    """Write a fact in which there is no person; its id, for a later correction."""
    if KINDS[kind].of_person:
        raise ValueError(f"{kind} is of a person: it has to wait sealed")
    fact = made(kind, said)
    fact.save(force_insert=True)
    return fact.pk


def made(kind: str, said: Mapping[str, Any]) -> Fact:
    """A fact in the house's codes; the database refuses any other."""
    unknown = said.keys() - CODED
    if unknown:
        raise TypeError(f"a fact has no {', '.join(sorted(unknown))}")
    month = said.get("month") or timezone.localdate()
    return Fact(kind=kind, **{**said, "month": first_of(month)})


def first_of(day: date) -> date:
    return date(day.year, day.month, 1)


def agency(organisation: Organisation) -> str:
    """The public code of an organisation, from its name in one alphabet."""
    code = slugify(anyascii(organisation.name))[:60].strip("-")
    if not re.fullmatch(r"[a-z0-9-]*", code):
        raise ValidationError("an agency's code is letters, digits and hyphens")
    return code
