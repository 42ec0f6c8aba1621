"""With what a page of questions stores its answers on a device, and who reads them."""

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from amana.care.cases.models import Case
from amana.care.screening.rules import conduct_screening
from amana.trust.access.models import Team, User
from amana.trust.vault import drafts


def build_draft_settings(
    team: Team,
    *,
    instrument: str,
    version: int,
    title: str,
    case: Case | None = None,
    alone: bool = False,
    by: User,
) -> dict[str, object] | None:
    """Build the settings with which a device stores unfinished answers, sealed to the
    team that the screening is for; None for a person who could not open them. With
    `alone`, the page itself is stored on the device, and has no session."""
    # Answers that this person could never open again would be lost with the window.
    if not conduct_screening.permits(by, team):
        return None
    meet, unlock = reverse("cases:meet"), reverse("vault:unlock")
    return {
        "about": {
            "screening": instrument,
            "version": version,
            "case": str(case.pk) if case else "",
        },
        "to": drafts.get_sealing_key(team, by=by),
        "whose": drafts.compute_owner_id(by),
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


def parse_case_id(said: object) -> UUID | None:
    """Parse the id of a case; None for what is none."""
    try:
        return UUID(str(said))
    except ValueError:
        return None
