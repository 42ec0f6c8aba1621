"""Links by which learners sign in: made, mailed, read, and used once."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from amana.academy.learners.models import SignInLink
from amana.trust.access.models import User
from amana.trust.vault import server_secrets
from amana.trust.vault.crypto import Unopenable

PLACE = "sign-in link"


@dataclass(frozen=True)
class LinkContent:
    """What only the mailbox and the server know of a link."""

    token: str
    address: str
    language: str
    then: str = ""
    """A path of ours, to which it leads on."""
    whose: int | None = None
    """The learner whose new address it proves; None: it signs in."""
    name: str = ""
    """Of a person on a list, as it was sent."""


def make_link(
    address: str,
    language: str,
    then: str = "",
    *,
    whose: int | None = None,
    opens_only: bool = False,
    name: str = "",
) -> SignInLink:
    """Make a link for an address; it is mailed by `tasks.mail_link`."""
    lives = SignInLink.INVITES_FOR if opens_only else SignInLink.LIVES
    token = secrets.token_urlsafe(32)
    content = LinkContent(token, address.lower(), language, then, whose, name)
    return SignInLink.objects.create(
        digest=hash_token(content.token),
        sealed=seal_content(content),
        opens_only=opens_only,
        expires_at=timezone.now() + lives,
    )


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def read_content(link: SignInLink) -> LinkContent | None:
    """Read what a link holds; None where the server’s secrets have changed since."""
    return open_content(link.sealed)


def seal_content(content: LinkContent) -> str:
    return server_secrets.seal_text(json.dumps(asdict(content)), PLACE)


def open_content(sealed: str) -> LinkContent | None:
    try:
        return LinkContent(**json.loads(server_secrets.open_text(sealed, PLACE)))
    except Unopenable:
        return None


def find_link(
    token: str, *, whose: int | None = None
) -> tuple[SignInLink, LinkContent] | None:
    """Find the link of a token that may still be used, to sign in or, with `whose`, for
    this learner's new address: one can't be passed off as the other."""
    # Found by its hash, and not compared: how long a comparison takes tells nothing.
    link = SignInLink.objects.open().filter(digest=hash_token(token)).first()
    content = read_content(link) if link else None
    return (link, content) if link and content and content.whose == whose else None


def find_account(address: str) -> User | None:
    """Find whose account has an address, which accounts keep in small letters."""
    return User.objects.filter(email=address.lower()).first()


def spend_link(link: SignInLink) -> bool:
    """Use a link up; return whether it was there to be used."""
    # Deleting the row decides between two who use one link at once.
    return bool(SignInLink.objects.open().filter(pk=link.pk).delete()[0])


def build_address(content: LinkContent) -> str:
    page = "learners:new_address" if content.whose else "learners:arrive"
    return f"{settings.ADDRESS}{reverse(page, args=[content.token])}"
