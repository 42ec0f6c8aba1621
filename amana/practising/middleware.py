"""Who asks: the server that passes a request on says which learner it is, and the
learner for whom they act here. The server alone reaches the socket."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from amana.academy.sandboxes.relay import ACCOUNT
from amana.given.signing_in import sign_in_as
from amana.practising.here import FOLDER
from amana.practising.practice_country import FOUNDER
from amana.sandbox.country import get_address
from amana.sandbox.not_played import NOT_PLAYED
from amana.trust.access.http import Respond
from amana.trust.access.models import User
from amana.trust.vault import middleware as vault
from amana.ui.http import answer_refusal

ACTS_FOR = "practice_acts_for"
"""In the session: the account as which the learner acts."""
OWN = "practice_own"
"""In the session: the learner's own account, whose browser it is."""
MOST_BYTES = 400 * 1024 * 1024
"""Of a practice installation on the disk; a new one has some 40 MB."""


class LearnerMiddleware:
    """Sign in the learner, as whom they act, and name it on every page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = find_account(request.headers.get(ACCOUNT, ""))
        # Else a learner whose account is not there would be asked to sign in, and
        # everyone knows the passphrase of all.
        if own is None:
            raise PermissionDenied(_("This place is not there in this installation."))
        require_room(request)
        user = find_acting(request, own)
        if not is_signed_in(request, user):
            sign_in_as(request, user, did="signed in to the practice installation")
            request.session[OWN] = own.pk
            request.session[ACTS_FOR] = user.pk
            # This request has its keys too, not only the next one.
            request.COOKIES[vault.get_cookie_name()] = request.META[vault.COOKIE]
        # Lazy, as the reader's language is known only further in.
        request.practice = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: describe_user(user)
        )
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *args: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name not in NOT_PLAYED:
            return None
        reason = _(
            "This is not part of practice: it would change what your browser keeps "
            "for your real work."
        )
        return answer_refusal(request, "ui/errors/refused.html", 409, reason)


def find_account(account: str) -> User | None:
    if account == FOUNDER:
        return None
    return User.objects.filter(email=get_address(account)).first()


def find_acting(request: HttpRequest, own: User) -> User:
    """Find as whom a learner acts: as they chose last in this browser, else as
    themselves."""
    if request.session.get(OWN) != own.pk:
        return own
    chosen = User.objects.filter(pk=request.session.get(ACTS_FOR, own.pk)).first()
    return chosen or own


def is_signed_in(request: HttpRequest, user: User) -> bool:
    """Check whether this account is signed in here, with its keys unlocked."""
    return (
        request.session.get(SESSION_KEY) == str(user.pk)
        and OWN in request.session
        and vault.SEALED in request.session
        and vault.get_cookie_name() in request.COOKIES
    )


def describe_user(user: User) -> str:
    """Describe an account by its name and its offices, for a choice and the banner."""
    held = user.memberships.active().order_by("pk")
    roles = dict.fromkeys(str(membership.get_role_display()) for membership in held)
    return f"{user.name} ({', '.join(roles)})"


def require_room(request: HttpRequest) -> None:
    """Refuse to add anything once the installation is as large as it may be."""
    if request.method in ("GET", "HEAD"):
        return
    taken = sum(path.stat().st_size for path in FOLDER.path.iterdir() if path.is_file())
    if taken > MOST_BYTES:
        raise PermissionDenied(
            _(
                "This practice installation is full (%(most)s MB). Its pages can be "
                "read and handed in. To begin again, close it and open another."
            )
            % {"most": MOST_BYTES // (1024 * 1024)}
        )
