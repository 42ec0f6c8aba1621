"""What an invitation holds, sealed for the server; and its address."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass

from django.conf import settings
from django.urls import reverse

from amana.academy.cohorts.models import CohortInvitation
from amana.trust.vault import server_secrets
from amana.trust.vault.crypto import Unopenable

PLACE = "cohort invitation"


@dataclass(frozen=True)
class InvitationContent:
    """The token of a link, and the person on a list to whom it was mailed."""

    token: str
    address: str = ""
    name: str = ""
    language: str = ""


def make_token() -> str:
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def seal_content(content: InvitationContent) -> str:
    return server_secrets.seal_text(json.dumps(asdict(content)), PLACE)


def read_content(invitation: CohortInvitation) -> InvitationContent | None:
    """Read what it holds; None where the server’s secrets have changed since."""
    try:
        said = json.loads(server_secrets.open_text(invitation.sealed, PLACE))
    except Unopenable:
        return None
    return InvitationContent(**said)


def find_invitation(token: str) -> CohortInvitation | None:
    """Find the invitation of a token that gives a place now."""
    rows = CohortInvitation.objects.open().select_related("cohort__version__course")
    found = rows.defer("cohort__version__compiled").filter(digest=hash_token(token))
    return found.first()


def build_path(token: str) -> str:
    return reverse("cohorts:invited", args=[token])


def build_address(token: str) -> str:
    return f"{settings.ADDRESS}{build_path(token)}"
