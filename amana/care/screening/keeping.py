"""What a page of questions keeps its answers with on a device, and who reads them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from amana.care.cases.models import Case
from amana.care.screening.rules import screen_in_team
from amana.trust.access.models import Team, User
from amana.trust.vault import drafts


def kept_on_device(
    team: Team,
    *,
    instrument: str,
    version: int,
    title: str,
    case: Case | None = None,
    alone: bool = False,
    by: User,
) -> dict[str, Any] | None:
    """Sealed to the team that the screening is for; nothing for whoever can't open it.
    `alone`: the page itself lies on the device, and no session is behind it."""
    if not screen_in_team.permits(by, team):
        return None
    meet, unlock = reverse("cases:meet"), reverse("vault:unlock")
    return {
        "about": {
            "screening": instrument,
            "version": version,
            "case": str(case.pk) if case else "",
        },
        "to": drafts.sealed_to(team, by=by),
        "whose": drafts.whose(by),
        "title": title,
        "alone": alone,
        "page": reverse("meetings:screening", args=[team.pk, instrument]),
        "meet": meet,
        "pass": reverse("meetings:pass"),
        "take": reverse("meetings:take"),
        "ready": reverse("meetings:ready"),
        "lock": reverse("vault:lock"),
        "unlock": f"{unlock}?{urlencode({'next': meet})}",
    }


def case_named(said: object) -> UUID | None:
    try:
        return UUID(str(said))
    except ValueError:
        return None
